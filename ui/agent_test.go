package ui

import (
	"context"
	"fmt"
	"image/png"
	"log/slog"
	"math"
	"net/url"
	"os"
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
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// TestMain keeps the log of reads that were not waited for out of the output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// queue is the interface's goroutine as a test has it: what other goroutines
// ask for waits until the test runs it.
type queue struct {
	mu   sync.Mutex
	todo []func()
	news chan struct{}
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

func (q *queue) add(do func()) {
	q.mu.Lock()
	q.todo = append(q.todo, do)
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default:
	}
}

func (q *queue) drain() {
	for {
		q.mu.Lock()
		if len(q.todo) == 0 {
			q.mu.Unlock()
			return
		}
		do := q.todo[0]
		q.todo = q.todo[1:]
		q.mu.Unlock()
		do()
	}
}

// clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// program is the test's app with a canvas that hears shortcuts and keys as the
// real one does, and that remembers what left the program.
type program struct {
	fyne.App
	driver  *driver
	notices []string
	links   []string
	refuse  error
}

func (p *program) Driver() fyne.Driver { return p.driver }

func (p *program) SendNotification(n *fyne.Notification) {
	p.notices = append(p.notices, n.Title+": "+n.Content)
}

func (p *program) OpenURL(link *url.URL) error {
	p.links = append(p.links, link.String())
	return p.refuse
}

type driver struct {
	fyne.Driver
	canvas *screen
	queue  *queue
}

func (d *driver) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return d.canvas }

func (d *driver) DoFromGoroutine(do func(), _ bool) { d.queue.add(do) }

type screen struct {
	fyne.Canvas
	shortcuts fyne.ShortcutHandler
	down, up  func(*fyne.KeyEvent)
}

func (c *screen) AddShortcut(s fyne.Shortcut, do func(fyne.Shortcut)) { c.shortcuts.AddShortcut(s, do) }

func (c *screen) RemoveShortcut(s fyne.Shortcut) { c.shortcuts.RemoveShortcut(s) }

func (c *screen) TypedShortcut(s fyne.Shortcut)        { c.shortcuts.TypedShortcut(s) }
func (c *screen) OnKeyDown() func(*fyne.KeyEvent)      { return c.down }
func (c *screen) SetOnKeyDown(do func(*fyne.KeyEvent)) { c.down = do }
func (c *screen) OnKeyUp() func(*fyne.KeyEvent)        { return c.up }
func (c *screen) SetOnKeyUp(do func(*fyne.KeyEvent))   { c.up = do }

type window struct {
	fyne.Window
	canvas *screen
	raised int
	closed bool
}

func (w *window) Canvas() fyne.Canvas { return w.canvas }
func (w *window) RequestFocus()       { w.raised++ }
func (w *window) Close()              { w.closed = true }

// place is a profile that outlives the windows on it.
type place struct {
	path  string
	clock *clock
}

func newPlace(t testing.TB) place {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, home)
	}
	return place{
		path:  filepath.Join(t.TempDir(), "latchdesk.db"),
		clock: &clock{now: time.Date(2026, 3, 9, 14, 5, 0, 0, time.Local)},
	}
}

// desk opens the profile as a process of its own would.
func (p place) desk(t testing.TB) (*desk.Desk, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), p.path, p.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s), s
}

var (
	asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	ben  = data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaCommand}
)

const (
	walter data.Phone = "+46701234567"
	meera  data.Phone = "+919137979401"
	tom    data.Phone = "+353861234567"
)

// agent is somebody at a window: hands to press with, and eyes.
type agent struct {
	*Window
	t       testing.TB
	place   place
	program *program
	window  *window
	screen  *screen
	queue   *queue
	store   *store.Store
	watches func() // has the window watch for changes
	leave   func()
	needs   map[fyne.CanvasObject]fyne.Size // how much room each thing needed in the last frame
}

// options changes what a window is opened with.
type options func(*Options)

func inMode(mode string) options { return func(o *Options) { o.Settings.Theme = mode } }

// sit opens a window on a profile and waits until it shows the chats and keeps
// true to the profile.
func sit(t testing.TB, p place, change ...options) *agent {
	t.Helper()
	a := enter(t, p, change...)
	a.watches()
	return a
}

// enter opens a window on a profile and waits until it shows the chats. What
// changes is not shown until the window watches.
func enter(t testing.TB, p place, change ...options) *agent {
	t.Helper()
	d, s := p.desk(t)
	settings, err := d.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Agent == "" {
		settings.Agent = asha.Name
	}
	if settings.Theme == theme.System {
		settings.Theme = theme.Light
	}
	o := Options{Desk: d, Settings: settings, Version: "9.9.9", Person: "Asha Rao"}
	for _, c := range change {
		c(&o)
	}
	app := test.NewTempApp(t)
	a := &agent{t: t, place: p, queue: newQueue(), store: s, needs: map[fyne.CanvasObject]fyne.Size{}}
	inner := app.NewWindow("Latchdesk")
	a.screen = &screen{Canvas: inner.Canvas()}
	a.window = &window{Window: inner, canvas: a.screen}
	a.program = &program{App: app, driver: &driver{Driver: app.Driver(), canvas: a.screen, queue: a.queue}}
	fyne.SetCurrentApp(a.program)
	app.Settings().SetTheme(theme.New(o.Settings.Theme))
	ctx, cancel := context.WithCancel(t.Context())
	if a.Window, err = New(ctx, a.window, o, a.queue.add); err != nil {
		t.Fatal(err)
	}
	watched := make(chan struct{})
	a.watches = sync.OnceFunc(func() {
		go func() {
			defer close(watched)
			a.watch(ctx)
		}()
	})
	a.leave = sync.OnceFunc(func() {
		waittest.Return(t, "all acts and reads", a.runner.Wait)
		cancel()
		a.watches() // if it never did, it ends at once
		waittest.Receive(t, "the end of Watch", watched)
		waittest.Return(t, "the last acts and reads", a.runner.Wait)
		s.Close()
	})
	t.Cleanup(a.leave)
	a.until("the chats are there", func() bool {
		return a.welcome.Visible() || a.tabCount("All") != ""
	})
	return a
}

// until runs what is queued until cond holds.
func (a *agent) until(what string, cond func() bool) {
	a.t.Helper()
	late := time.After(waittest.Deadline)
	for {
		a.queue.drain()
		a.frame()
		if cond() {
			return
		}
		select {
		case <-a.queue.news:
		case <-late:
			a.picture("late")
			a.t.Fatalf("waited in vain until %s; on screen:\n%s", what, strings.Join(a.texts(), "\n"))
		}
	}
}

// frame lays out again what needs more or less room than before, as the desktop
// driver does before it paints.
func (a *agent) frame() {
	needs := map[fyne.CanvasObject]fyne.Size{}
	var settle func(o fyne.CanvasObject) (changed bool)
	settle = func(o fyne.CanvasObject) bool {
		if o == nil || !o.Visible() {
			return false
		}
		again := false
		switch o := o.(type) {
		case *fyne.Container:
			for _, part := range o.Objects {
				again = settle(part) || again
			}
			if again && o.Layout != nil {
				o.Layout.Layout(o.Objects, o.Size())
			}
		case fyne.Widget:
			r := test.WidgetRenderer(o)
			for _, part := range r.Objects() {
				again = settle(part) || again
			}
			if again {
				r.Layout(o.Size())
			}
		}
		needs[o] = o.MinSize()
		return needs[o] != a.needs[o]
	}
	settle(a.screen.Content())
	for _, layer := range a.screen.Overlays().List() {
		settle(layer)
	}
	a.needs = needs
}

// acted waits until every act asked for so far is done and answered.
func (a *agent) acted() {
	a.t.Helper()
	done := false
	a.runner.Enqueue(func(context.Context) error { return nil }, func(error) { done = true })
	a.until("the acts are done", func() bool { return done })
}

// sees waits until a text can be seen, whole.
func (a *agent) sees(text string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q can be seen", text), func() bool { return slices.Contains(a.texts(), text) })
}

// loses waits until a text cannot be seen any more.
func (a *agent) loses(text string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q is gone", text), func() bool { return !slices.Contains(a.texts(), text) })
}

// shown is something on the screen, and where.
type shown struct {
	object fyne.CanvasObject
	at     fyne.Position
	size   fyne.Size
	above  []fyne.CanvasObject // what it is part of, outermost first
}

func (s shown) middle() fyne.Position { return s.at.AddXY(s.size.Width/2, s.size.Height/2) }

// look returns everything that is visible in the layers of the screen, from the
// bottom to the top.
func (a *agent) look() []shown {
	list := lookInto(a.screen.Content())
	for _, layer := range a.screen.Overlays().List() {
		list = append(list, lookInto(layer)...)
	}
	return list
}

// top is look for the uppermost layer alone.
func (a *agent) top() []shown {
	if layer := a.screen.Overlays().Top(); layer != nil {
		return lookInto(layer)
	}
	return lookInto(a.screen.Content())
}

func lookInto(root fyne.CanvasObject) []shown {
	var list []shown
	var walk func(o fyne.CanvasObject, at fyne.Position, from, to fyne.Position, above []fyne.CanvasObject)
	walk = func(o fyne.CanvasObject, at, from, to fyne.Position, above []fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		end := at.Add(o.Size())
		if inside := min(end.X, to.X) > max(at.X, from.X) && min(end.Y, to.Y) > max(at.Y, from.Y); inside {
			list = append(list, shown{o, at, o.Size(), above})
		}
		above = append(above[:len(above):len(above)], o)
		var parts []fyne.CanvasObject
		switch o := o.(type) {
		case *fyne.Container:
			parts = o.Objects
		case fyne.Widget:
			parts = test.WidgetRenderer(o).Objects()
		}
		if _, clips := o.(fyne.Scrollable); clips {
			from = fyne.NewPos(max(from.X, at.X), max(from.Y, at.Y))
			to = fyne.NewPos(min(to.X, end.X), min(to.Y, end.Y))
		}
		for _, part := range parts {
			walk(part, at, from, to, above)
		}
	}
	walk(root, fyne.Position{}, fyne.Position{}, fyne.NewPos(math.MaxInt32, math.MaxInt32), nil)
	return list
}

func textsOf(list []shown) []string {
	var texts []string
	for _, s := range list {
		switch o := s.object.(type) {
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

func within[T fyne.CanvasObject](s shown) bool {
	return slices.ContainsFunc(s.above, func(o fyne.CanvasObject) bool { _, ok := o.(T); return ok })
}

// texts are all texts on the screen.
func (a *agent) texts() []string { return textsOf(a.look()) }

// spot waits for what shows a text in the uppermost layer.
func (a *agent) spot(text string) (found shown) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q is on top", text), func() bool {
		all := a.top()
		at := slices.IndexFunc(all, func(s shown) bool {
			switch o := s.object.(type) {
			case *canvas.Text:
				return o.Text == text
			case *widgets.Button:
				return o.Label() == text
			}
			return false
		})
		if at >= 0 {
			found = all[at]
		}
		return at >= 0
	})
	return found
}

// buttons are those of the uppermost layer, from left to right.
func (a *agent) buttons() []*widgets.Button {
	var found []shown
	for _, s := range a.top() {
		if _, ok := s.object.(*widgets.Button); ok {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b shown) int { return int(a.at.X - b.at.X) })
	var list []*widgets.Button
	for _, s := range found {
		list = append(list, s.object.(*widgets.Button))
	}
	return list
}

// rowParts returns what the row of the chat list is made of that names a customer.
func (a *agent) rowParts(name string) []shown {
	for _, s := range a.look() {
		if t, ok := s.object.(*canvas.Text); ok && t.Text == name && within[*widgets.VirtualList](s) {
			for i, o := range s.above {
				if _, ok := o.(*widgets.VirtualList); ok {
					return lookInto(s.above[i+3]) // below Rows: the scroll, the sheet, the row
				}
			}
		}
	}
	return nil
}

func (a *agent) rowOf(name string) ([]string, bool) {
	parts := a.rowParts(name)
	return textsOf(parts), len(parts) > 0
}

// iconOf returns the drawing that something shows, nil where it shows none.
func iconOf(s shown) fyne.Resource {
	if i, ok := s.object.(*canvas.Image); ok {
		return i.Resource
	}
	return nil
}

// names names the customers in sight in the chat list, from top to bottom.
func (a *agent) names() []string {
	type line struct {
		name string
		y    float32
	}
	var rows []line
	for _, s := range a.look() {
		t, ok := s.object.(*canvas.Text)
		if ok && within[*widgets.VirtualList](s) && t.TextSize == theme.Body && !within[*widgets.Avatar](s) {
			rows = append(rows, line{t.Text, s.at.Y})
		}
	}
	slices.SortFunc(rows, func(a, b line) int { return int(a.y - b.y) })
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
	}
	return names
}

// tabCount returns the number that stands beside a list's name.
func (a *agent) tabCount(name string) string {
	for _, text := range textsOf(lookInto(a.screen.Content())) {
		if count, ok := strings.CutPrefix(text, name+" "); ok {
			return count
		}
	}
	return ""
}

// dialog returns the title, the other texts and the buttons of the layer on top.
func (a *agent) dialog() (title string, texts []string, buttons []*widgets.Button) {
	if a.screen.Overlays().Top() == nil {
		return "", nil, nil
	}
	all := textsOf(a.top())
	if len(all) == 0 {
		return "", nil, nil
	}
	return all[0], all[1:], a.buttons()
}

// asks waits until a dialog of this title is open.
func (a *agent) asks(title string) {
	a.t.Helper()
	a.until("the dialog "+title, func() bool { got, _, _ := a.dialog(); return got == title })
}

// clear waits until no layer lies over the window.
func (a *agent) free() {
	a.t.Helper()
	a.until("no dialog or menu is open", func() bool { return a.screen.Overlays().Top() == nil })
}

// menu returns the labels of the menu that is open.
func (a *agent) menuLabels() []string {
	var labels []string
	for _, s := range a.top() {
		if t, ok := s.object.(*canvas.Text); ok && t.TextSize == theme.Body {
			labels = append(labels, t.Text)
		}
	}
	return labels
}

// opensMenu waits until a menu is open.
func (a *agent) opensMenu() []string {
	a.t.Helper()
	a.until("a menu is open", func() bool { return a.screen.Overlays().Top() != nil })
	return a.menuLabels()
}

// at returns the uppermost object under a place that the pointer can do
// something to, as the driver looks for it.
func (a *agent) at(pos fyne.Position, fits func(fyne.CanvasObject) bool) (fyne.CanvasObject, fyne.Position) {
	var found fyne.CanvasObject
	var where fyne.Position
	for _, s := range a.top() {
		end := s.at.Add(s.size)
		if pos.X < s.at.X || pos.Y < s.at.Y || pos.X >= end.X || pos.Y >= end.Y || !fits(s.object) {
			continue
		}
		if clipped(s, pos) {
			continue
		}
		found, where = s.object, pos.Subtract(s.at)
	}
	return found, where
}

// clipped reports whether a scroll that s is in cuts it off at pos.
func clipped(s shown, pos fyne.Position) bool {
	for _, o := range s.above {
		if _, scrolls := o.(fyne.Scrollable); !scrolls {
			continue
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		end := at.Add(o.Size())
		if pos.X < at.X || pos.Y < at.Y || pos.X >= end.X || pos.Y >= end.Y {
			return true
		}
	}
	return false
}

// clickAt presses and releases a button of the mouse as the desktop driver does.
func (a *agent) clickAt(pos fyne.Position, button desktop.MouseButton) {
	a.t.Helper()
	o, where := a.at(pos, func(o fyne.CanvasObject) bool {
		switch o.(type) {
		case fyne.Tappable, fyne.SecondaryTappable, fyne.DoubleTappable, fyne.Focusable, desktop.Mouseable:
			return true
		}
		return false
	})
	point := fyne.PointEvent{Position: where, AbsolutePosition: pos}
	mouse := &desktop.MouseEvent{PointEvent: point, Button: button}
	unfocus := func() {
		focused := a.screen.Focused()
		if wid, ok := o.(fyne.Focusable); ok && wid == focused || focused == nil {
			return
		}
		if under, _ := a.at(pos, func(o fyne.CanvasObject) bool { return o == focused.(fyne.CanvasObject) }); under == nil {
			a.screen.Unfocus()
		}
	}
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseDown(mouse)
	}
	unfocus()
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseUp(mouse)
	}
	unfocus()
	switch o := o.(type) {
	case fyne.SecondaryTappable:
		if button == desktop.MouseButtonSecondary {
			o.TappedSecondary(&point)
			return
		}
	}
	if t, ok := o.(fyne.Tappable); ok && button == desktop.MouseButtonPrimary {
		t.Tapped(&point)
	}
}

// click presses what shows a text with the left button, secondary with the right.
func (a *agent) click(text string) {
	a.t.Helper()
	a.clickAt(a.spot(text).middle(), desktop.MouseButtonPrimary)
}

func (a *agent) rightClick(text string) {
	a.t.Helper()
	a.clickAt(a.spot(text).middle(), desktop.MouseButtonSecondary)
}

// keyNames are those that Fyne calls otherwise than people do.
var keyNames = map[string]fyne.KeyName{"Enter": fyne.KeyEnter, "PageUp": fyne.KeyPageUp, "PageDown": fyne.KeyPageDown}

// press presses keys one after the other, each written as in "Ctrl+Shift+B".
func (a *agent) press(keys ...string) {
	a.t.Helper()
	for _, key := range keys {
		a.hold(key, 1)
	}
}

// hold presses a key and lets it repeat, so that it is typed n times.
func (a *agent) hold(key string, n int) {
	words := strings.Split(key, "+")
	name, ok := keyNames[words[len(words)-1]]
	if !ok {
		name = fyne.KeyName(words[len(words)-1])
	}
	var mod fyne.KeyModifier
	for _, word := range words[:len(words)-1] {
		mod |= map[string]fyne.KeyModifier{"Ctrl": fyne.KeyModifierControl, "Shift": fyne.KeyModifierShift, "Alt": fyne.KeyModifierAlt}[word]
	}
	if mod&fyne.KeyModifierShift != 0 {
		a.keyDown(desktop.KeyShiftLeft)
		defer func() { a.keyUp(desktop.KeyShiftLeft) }()
	}
	a.keyDown(name)
	for range n {
		a.typed(name, mod)
	}
	a.keyUp(name)
}

func (a *agent) keyDown(name fyne.KeyName) {
	event := &fyne.KeyEvent{Name: name}
	if focused := a.screen.Focused(); focused != nil {
		if k, ok := focused.(desktop.Keyable); ok {
			k.KeyDown(event)
		}
	} else if a.screen.down != nil {
		a.screen.down(event)
	}
}

func (a *agent) keyUp(name fyne.KeyName) {
	event := &fyne.KeyEvent{Name: name}
	if focused := a.screen.Focused(); focused != nil {
		if k, ok := focused.(desktop.Keyable); ok {
			k.KeyUp(event)
		}
	} else if a.screen.up != nil {
		a.screen.up(event)
	}
}

// typed is what the driver does with a key that is down: Tab, a shortcut, or
// a key for whoever has the keyboard.
func (a *agent) typed(name fyne.KeyName, mod fyne.KeyModifier) {
	focused := a.screen.Focused()
	if name == fyne.KeyTab && mod&^fyne.KeyModifierShift == 0 {
		if tabs, ok := focused.(fyne.Tabbable); !ok || !tabs.AcceptsTab() {
			if mod != 0 {
				a.screen.FocusPrevious()
			} else {
				a.screen.FocusNext()
			}
			return
		}
	}
	if shortcut := shortcutOf(name, mod); shortcut != nil {
		if s, ok := focused.(fyne.Shortcutable); ok {
			s.TypedShortcut(shortcut)
		} else {
			a.screen.TypedShortcut(shortcut)
		}
		return
	}
	event := &fyne.KeyEvent{Name: name}
	if focused != nil {
		focused.TypedKey(event)
	} else if typed := a.screen.OnTypedKey(); typed != nil {
		typed(event)
	}
}

func shortcutOf(name fyne.KeyName, mod fyne.KeyModifier) fyne.Shortcut {
	if mod == fyne.KeyModifierControl {
		switch name {
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		case fyne.KeyC:
			return &fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyV:
			return &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyX:
			return &fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		}
	}
	if mod == 0 || mod == fyne.KeyModifierShift {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: name, Modifier: mod}
}

// write types letters where the keyboard is.
func (a *agent) write(text string) {
	for _, r := range text {
		if r == ' ' {
			a.typed(fyne.KeySpace, 0)
		}
		if focused := a.screen.Focused(); focused != nil {
			focused.TypedRune(r)
		} else if typed := a.screen.OnTypedRune(); typed != nil {
			typed(r)
		}
	}
}

// focused says what has the keyboard.
func (a *agent) onComposer() bool { return a.screen.Focused() == a.chat.Composer() }

// coloursOf tells of everything that is painted what it is and in which colours.
func coloursOf(list []shown) []string {
	var all []string
	for _, s := range list {
		what := ""
		switch o := s.object.(type) {
		case *canvas.Text:
			what = fmt.Sprint(o.Text, o.Color)
		case *canvas.Rectangle:
			what = fmt.Sprint(o.FillColor, o.StrokeColor, o.Shadow.Color)
		case *canvas.Circle:
			what = fmt.Sprint(o.FillColor, o.StrokeColor)
		case *canvas.Image:
			if o.Resource != nil {
				what = o.Resource.Name()
			}
		default:
			continue
		}
		owner := s.above[len(s.above)-1]
		all = append(all, fmt.Sprintf("%T in %T at %v: %s", s.object, owner, s.at, what))
	}
	return all
}

// picture writes what the window shows to a file in LATCHDESK_PICTURES, for
// somebody to look at.
func (a *agent) picture(name string) {
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer f.Close()
	a.frame()
	if err := png.Encode(f, a.screen.Capture()); err != nil {
		a.t.Fatal(err)
	}
}

var serial int

// incoming is a message from somebody, written so long ago.
func (p place) incoming(phone data.Phone, name, text string, ago time.Duration) data.Incoming {
	serial++
	return data.Incoming{From: data.Sender{Phone: phone, Name: name}, Message: data.Message{
		Kind: data.TextMessage, Text: text, At: data.MomentOf(p.clock.Now()).Add(-ago), RemoteID: fmt.Sprintf("r%d", serial),
	}}
}

func receive(t testing.TB, d *desk.Desk, messages ...data.Incoming) {
	t.Helper()
	if _, err := d.Receive(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

// customer reads a customer from the database.
func (a *agent) customer(phone data.Phone) data.Customer {
	a.t.Helper()
	c, err := a.Desk.FindCustomer(a.t.Context(), data.Address(phone))
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// events are the kinds of all events of a customer.
func (a *agent) events(phone data.Phone) []data.EventKind {
	a.t.Helper()
	events, err := a.Desk.Events(a.t.Context(), a.customer(phone).ID)
	if err != nil {
		a.t.Fatal(err)
	}
	var kinds []data.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}
