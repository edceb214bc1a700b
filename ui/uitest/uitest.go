// Package uitest drives a part of the window in tests, as an agent at the
// keyboard and the mouse does, on a real desk in a temporary folder.
package uitest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// patience is how long Until waits before it fails the test.
const patience = 30 * time.Second

// Asha sits at the window, Ben works beside her from the command line.
var (
	Asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	Ben  = data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaCommand}
)

// Agent is somebody at a window.
type Agent struct {
	T      testing.TB
	Desk   *desk.Desk
	Runner *async.Runner
	Window fyne.Window
	Canvas fyne.Canvas
	// Failed are the errors that nothing but the window could show.
	Failed []error

	path string

	mu   sync.Mutex
	now  time.Time
	todo []func()
}

// Open opens the database at path, which is closed by its Closer.
type Open func(ctx context.Context, path string, now func() time.Time) (*desk.Desk, io.Closer, error)

// Sit opens an empty desk and an empty window on it. The clock stands at 14:05
// on 9 March 2026 until Forward moves it.
func Sit(t testing.TB, open Open) *Agent {
	t.Helper()
	a := &Agent{T: t, path: filepath.Join(t.TempDir(), "latchdesk.db"), now: time.Date(2026, 3, 9, 14, 5, 0, 0, time.Local)}
	d, closer, err := open(t.Context(), a.path, a.clock)
	a.Must(err)
	t.Cleanup(func() { closer.Close() })
	a.Desk = d
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Light))
	a.Window = test.NewTempWindow(t, widgets.NewBackground(theme.Canvas))
	a.Window.SetPadded(false)
	a.Window.Resize(fyne.NewSize(1240, 800))
	a.Canvas = a.Window.Canvas()
	ctx, cancel := context.WithCancel(t.Context())
	a.Runner = async.New(ctx, a.add, func(err error) { a.Failed = append(a.Failed, err) })
	t.Cleanup(func() {
		a.Runner.Wait()
		cancel()
	})
	return a
}

func (a *Agent) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// Forward moves the desk's clock.
func (a *Agent) Forward(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

func (a *Agent) add(do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.todo = append(a.todo, do)
}

// step runs what waits longest for the interface's goroutine, which is the
// test's; it reports whether there was anything.
func (a *Agent) step() bool {
	a.mu.Lock()
	if len(a.todo) == 0 {
		a.mu.Unlock()
		return false
	}
	do := a.todo[0]
	a.todo = a.todo[1:]
	a.mu.Unlock()
	do()
	return true
}

// Must fails the test if err is not nil.
func (a *Agent) Must(err error) {
	a.T.Helper()
	if err != nil {
		a.T.Fatal(err)
	}
}

// Until runs what waits for the interface's goroutine until cond holds.
func (a *Agent) Until(what string, cond func() bool) {
	a.T.Helper()
	for late := time.Now().Add(patience); ; {
		stepped := a.step()
		if cond() {
			return
		}
		if stepped {
			continue
		}
		time.Sleep(time.Millisecond)
		if time.Now().After(late) {
			a.T.Fatalf("waited in vain until %s; on screen:\n%s", what, strings.Join(a.Texts(), "\n"))
		}
	}
}

// Acted waits until every act queued so far is done.
func (a *Agent) Acted() {
	a.T.Helper()
	done := false
	a.Runner.Enqueue(func(context.Context) error { return nil }, func(error) { done = true })
	a.Until("the acts are done", func() bool { return done })
}

// Shown is an object on the screen, with those it is part of, outermost first.
type Shown struct {
	Object fyne.CanvasObject
	Above  []fyne.CanvasObject
}

// Look returns all that is visible in the uppermost layer.
func (a *Agent) Look() []Shown {
	if top := a.Canvas.Overlays().Top(); top != nil {
		return Inside(top)
	}
	return Inside(a.Canvas.Content())
}

// Inside returns all that is visible of an object.
func Inside(root fyne.CanvasObject) (found []Shown) {
	var into func(o fyne.CanvasObject, above []fyne.CanvasObject)
	into = func(o fyne.CanvasObject, above []fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		found = append(found, Shown{o, above})
		var parts []fyne.CanvasObject
		switch o := o.(type) {
		case *fyne.Container:
			parts = o.Objects
		case fyne.Widget:
			parts = test.WidgetRenderer(o).Objects()
		}
		above = append(slices.Clone(above), o)
		for _, part := range parts {
			into(part, above)
		}
	}
	into(root, nil)
	return found
}

// All returns the visible objects of one type in the uppermost layer.
func All[T any](a *Agent) (found []T) {
	for _, s := range a.Look() {
		if o, ok := s.Object.(T); ok {
			found = append(found, o)
		}
	}
	return found
}

func within[T any](s Shown) bool {
	return slices.ContainsFunc(s.Above, func(o fyne.CanvasObject) bool { _, ok := o.(T); return ok })
}

// Texts returns the texts in the uppermost layer, each paragraph as one.
func (a *Agent) Texts() []string { return textsOf(a.Look()) }

func textsOf(list []Shown) (texts []string) {
	for _, s := range list {
		switch o := s.Object.(type) {
		case *widgets.Paragraph:
			texts = append(texts, o.Text())
		case *canvas.Text:
			if o.Text != "" && !within[*widgets.Paragraph](s) {
				texts = append(texts, o.Text)
			}
		}
	}
	return texts
}

// Sees waits until each of the texts is visible.
func (a *Agent) Sees(texts ...string) {
	a.T.Helper()
	for _, text := range texts {
		a.Until(fmt.Sprintf("%q can be seen", text), func() bool { return slices.Contains(a.Texts(), text) })
	}
}

// Asks waits until a dialog with this title is open.
func (a *Agent) Asks(title string) {
	a.T.Helper()
	a.Until("the dialog "+title, func() bool {
		texts := a.Texts()
		return a.Canvas.Overlays().Top() != nil && len(texts) > 0 && texts[0] == title
	})
}

// Free waits until no layer lies over the window.
func (a *Agent) Free() {
	a.T.Helper()
	a.Until("no dialog or menu is open", func() bool { return a.Canvas.Overlays().Top() == nil })
}

// Button returns the button with a label in the uppermost layer.
func (a *Agent) Button(label string) *widgets.Button {
	a.T.Helper()
	for _, b := range All[*widgets.Button](a) {
		if b.Label() == label {
			return b
		}
	}
	a.T.Fatalf("there is no button %s; on screen:\n%s", label, strings.Join(a.Texts(), "\n"))
	return nil
}

// Buttons returns the labels of the buttons in the uppermost layer.
func (a *Agent) Buttons() (labels []string) {
	for _, b := range All[*widgets.Button](a) {
		labels = append(labels, b.Label())
	}
	return labels
}

// Focused returns the object that has the focus, nil if none has.
func (a *Agent) Focused() fyne.CanvasObject {
	o, _ := a.Canvas.Focused().(fyne.CanvasObject)
	return o
}

// Click clicks what shows a text.
func (a *Agent) Click(text string) {
	a.T.Helper()
	a.Sees(text)
	for _, s := range a.Look() {
		if t, ok := s.Object.(*canvas.Text); !ok || t.Text != text {
			continue
		}
		for _, o := range slices.Backward(s.Above) {
			if t, ok := o.(fyne.Tappable); ok {
				test.Tap(t)
				return
			}
		}
	}
	a.T.Fatalf("%q cannot be pressed", text)
}

// Choose selects an option of the select that has it.
func (a *Agent) Choose(option string) {
	a.T.Helper()
	a.Until(option+" can be chosen", func() bool {
		for _, s := range All[*widgets.Select](a) {
			if slices.Contains(s.Options(), option) {
				s.SetSelected(option)
				return true
			}
		}
		return false
	})
}

// Entry returns the entry with a placeholder in the uppermost layer.
func (a *Agent) Entry(placeholder string) *widgets.Entry {
	a.T.Helper()
	for _, e := range All[*widgets.Entry](a) {
		if e.PlaceHolder == placeholder {
			return e
		}
	}
	a.T.Fatalf("there is no entry %s; on screen:\n%s", placeholder, strings.Join(a.Texts(), "\n"))
	return nil
}

// Fill replaces the text of the entry with a placeholder.
func (a *Agent) Fill(placeholder, text string) {
	a.T.Helper()
	e := a.Entry(placeholder)
	a.Canvas.Focus(e)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	a.press(fyne.KeyDelete)
	for _, r := range text {
		e.TypedRune(r)
	}
}

// Press presses keys one after the other on what has the focus.
func (a *Agent) Press(keys ...fyne.KeyName) {
	a.T.Helper()
	for _, key := range keys {
		if key == fyne.KeyTab {
			a.Canvas.FocusNext()
			continue
		}
		a.press(key)
	}
}

func (a *Agent) press(name fyne.KeyName) {
	key := &fyne.KeyEvent{Name: name}
	focused := a.Canvas.Focused()
	if k, ok := focused.(desktop.Keyable); ok {
		k.KeyDown(key)
		defer k.KeyUp(key)
	}
	if focused != nil {
		focused.TypedKey(key)
	} else if typed := a.Canvas.OnTypedKey(); typed != nil {
		typed(key)
	}
}

// Add adds a customer who has not written yet.
func (a *Agent) Add(phone data.Phone, name string) int64 {
	a.T.Helper()
	c, err := a.Desk.Add(a.T.Context(), data.Address(phone), name)
	a.Must(err)
	return c.ID
}

// Receive has a customer write and returns the customer's ID.
func (a *Agent) Receive(phone data.Phone, name string, texts ...string) (id int64) {
	a.T.Helper()
	for _, text := range texts {
		got, err := a.Desk.Receive(a.T.Context(), []data.Incoming{{From: data.Sender{Phone: phone, Name: name}, Message: data.Message{
			Kind: data.TextMessage, Text: text, At: a.Desk.Now(),
		}}})
		a.Must(err)
		id = got[0].CustomerID
	}
	return id
}

// Block blocks a customer at the desk.
func (a *Agent) Block(by data.Actor, id int64, ask data.BlockRequest) {
	a.T.Helper()
	_, err := a.Desk.Block(a.T.Context(), by, id, ask)
	a.Must(err)
}

// Unblock unblocks a customer at the desk.
func (a *Agent) Unblock(by data.Actor, id int64) {
	a.T.Helper()
	_, err := a.Desk.Unblock(a.T.Context(), by, id, data.UnblockRequest{})
	a.Must(err)
}

// Customer reads a customer from the database.
func (a *Agent) Customer(id int64) data.Customer {
	a.T.Helper()
	c, err := a.Desk.Customer(a.T.Context(), id)
	a.Must(err)
	return c
}

// Events returns the kinds of all events of a customer in order, separated by spaces.
func (a *Agent) Events(id int64) string {
	a.T.Helper()
	events, err := a.Desk.Events(a.T.Context(), id)
	a.Must(err)
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// Lock has another program hold the database, so that whoever writes waits
// until it is freed, which is at the end of the test at the latest.
func (a *Agent) Lock() (free func()) {
	a.T.Helper()
	db, err := sql.Open("sqlite", a.path+"?_pragma=busy_timeout(5000)")
	a.Must(err)
	_, err = db.Exec("PRAGMA locking_mode = normal; BEGIN IMMEDIATE")
	a.Must(err)
	free = sync.OnceFunc(func() { db.Close() })
	a.T.Cleanup(free)
	return free
}

// Break renames a table until mend is called.
func (a *Agent) Break(table string) (mend func()) {
	a.T.Helper()
	rename := func(from, to string) {
		a.T.Helper()
		db, err := sql.Open("sqlite", a.path+"?_pragma=busy_timeout(5000)")
		a.Must(err)
		defer db.Close()
		_, err = db.Exec("ALTER TABLE " + from + " RENAME TO " + to)
		a.Must(err)
	}
	rename(table, "gone")
	return func() { rename("gone", table) }
}
