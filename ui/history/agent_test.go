package history

import (
	"context"
	"database/sql"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// queue is the interface's goroutine as a test has it: what other goroutines
// ask for waits until the test runs it.
type queue struct {
	mu   sync.Mutex
	todo []func()
	news chan struct{} // there is something to do
}

func (q *queue) add(do func()) {
	q.mu.Lock()
	q.todo = append(q.todo, do)
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default: // told already
	}
}

// step runs what waits longest; it reports whether there was anything.
func (q *queue) step() bool {
	q.mu.Lock()
	if len(q.todo) == 0 {
		q.mu.Unlock()
		return false
	}
	do := q.todo[0]
	q.todo = q.todo[1:]
	q.mu.Unlock()
	do()
	return true
}

func (q *queue) drain() {
	for q.step() {
	}
}

var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.Local)

// newDesk is a desk whose clock stands still.
func newDesk(t testing.TB) *desk.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s)
}

var (
	asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	ben  = data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaCommand}
)

// newWorld is a desk at which five things happened to two customers.
func newWorld(t testing.TB) (d *desk.Desk, walter, nobody int64) {
	t.Helper()
	d = newDesk(t)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := d.Add(t.Context(), "+46701234567", "Walter Quist")
	check(err)
	n, err := d.Add(t.Context(), "+353861234567", "")
	check(err)
	_, err = d.Block(t.Context(), asha, w.ID, data.BlockRequest{Reason: "Spam", Note: "Sends the same link\nagain and again"})
	check(err)
	_, err = d.Block(t.Context(), ben, n.ID, data.BlockRequest{Until: data.MomentOf(noon.Add(49 * time.Hour))})
	check(err)
	_, err = d.Unblock(t.Context(), ben, w.ID, data.UnblockRequest{Note: "Wrote by mail: it was his son"})
	check(err)
	check(d.Rename(t.Context(), asha, w.ID, "Walter Quist junior"))
	_, err = d.Unblock(t.Context(), data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}, n.ID, data.UnblockRequest{})
	check(err)
	return d, w.ID, n.ID
}

// agent is somebody who looks at the history.
type agent struct {
	*widgets.Dialog
	t      testing.TB
	queue  *queue
	canvas fyne.Canvas
	desk   *desk.Desk
	failed []error
	undone []int64 // pairs that were to be undone
}

// look opens the history in a window.
func look(t testing.TB, d *desk.Desk, customer int64, mode string) *agent {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(mode))
	win := test.NewTempWindow(t, widgets.NewBackground(theme.Canvas))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(1000, 700))
	a := &agent{t: t, queue: &queue{news: make(chan struct{}, 1)}, canvas: win.Canvas(), desk: d}
	ctx, cancel := context.WithCancel(t.Context())
	w := async.New(ctx, a.queue.add, func(err error) { a.failed = append(a.failed, err) })
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		d.Watch(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		waittest.Receive(t, "the end of Follow", followed)
		for _, err := range a.failed {
			t.Errorf("a read failed: %v", err)
		}
	})
	a.Dialog = Show(a.canvas, d, w, customer, func(data.Record) {}, func(pair int64) { a.undone = append(a.undone, pair) })
	return a
}

// until runs what waits, one after the other, until cond holds.
func (a *agent) until(what string, cond func() bool) {
	a.t.Helper()
	late := time.After(waittest.Deadline)
	for {
		stepped := a.queue.step()
		if cond() {
			return
		}
		if stepped {
			continue
		}
		select {
		case <-a.queue.news:
		case <-late:
			a.picture("late")
			a.t.Fatalf("waited in vain until %s; on screen:\n%s", what, strings.Join(a.texts(), "\n"))
		}
	}
}

// walk returns everything of a kind that is visible in the uppermost layer.
func walk[T any](a *agent) (found []T) {
	var into func(o fyne.CanvasObject)
	into = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		if it, ok := o.(T); ok {
			found = append(found, it)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, part := range o.Objects {
				into(part)
			}
		case fyne.Widget:
			for _, part := range test.WidgetRenderer(o).Objects() {
				into(part)
			}
		}
	}
	into(a.canvas.Overlays().Top())
	return found
}

func (a *agent) texts() (texts []string) {
	for _, t := range walk[*canvas.Text](a) {
		if t.Text != "" {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// says reports whether a text can be seen, whatever lines it is broken into.
func (a *agent) says(text string) bool {
	if slices.ContainsFunc(walk[*widgets.Paragraph](a), func(p *widgets.Paragraph) bool { return strings.Contains(p.Text(), text) }) {
		return true
	}
	return slices.Contains(a.texts(), text)
}

func (a *agent) sees(text string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q can be seen", text), func() bool { return a.says(text) })
}

// rows returns what the rows in the list say, from top to bottom.
func (a *agent) rows() (texts []string) {
	rows := walk[*row](a)
	slices.SortFunc(rows, func(a, b *row) int { return int(a.Position().Y - b.Position().Y) })
	for _, r := range rows {
		texts = append(texts, r.data.text)
	}
	return texts
}

func (a *agent) shows(rows ...string) {
	a.t.Helper()
	a.until("the list shows "+strings.Join(rows, ", "), func() bool { return slices.Equal(a.rows(), rows) })
}

func (a *agent) list() *widgets.VirtualList { return walk[*widgets.VirtualList](a)[0] }

func (a *agent) press(names ...fyne.KeyName) {
	for _, name := range names {
		a.canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
}

func (a *agent) button(label string) *widgets.Button {
	a.t.Helper()
	buttons := walk[*widgets.Button](a)
	at := slices.IndexFunc(buttons, func(b *widgets.Button) bool { return b.Label() == label })
	if at < 0 {
		a.t.Fatalf("there is no button %s", label)
	}
	return buttons[at]
}

func (a *agent) choose(label, option string) {
	a.t.Helper()
	a.until(option+" can be chosen", func() bool {
		for _, s := range walk[*widgets.Select](a) {
			if slices.Contains(s.Options(), option) {
				s.SetSelected(option)
				return true
			}
		}
		return false
	})
}

// picture paints the screen where LATCHDESK_PICTURES says.
func (a *agent) picture(name string) {
	a.t.Helper()
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, a.canvas.Capture()); err != nil {
		a.t.Fatal(err)
	}
}

// raw changes the database behind the desk's back.
func raw(t testing.TB, d *desk.Desk, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", d.Path()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

// pad makes the history n events longer, of a customer with the id 1000, by SQL
// alone: the desk would take each to the disk.
func pad(t testing.TB, d *desk.Desk, n int) {
	t.Helper()
	db, err := sql.Open("sqlite", d.Path()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	exec := func(statement string, args ...any) {
		if _, err := tx.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("INSERT INTO customers (id, phone) VALUES (1000, '+46701234000')")
	exec("INSERT INTO identities (customer_id, kind, address, match_key) VALUES (1000, 'phone', '+46701234000', '+46701234000')")
	var seq int64
	prev := []byte{}
	if err := tx.QueryRow("SELECT seq, hash FROM chain").Scan(&seq, &prev); err != nil {
		t.Fatal(err)
	}
	if prev == nil {
		prev = []byte{}
	}
	for range n {
		seq++
		e := data.Event{
			Seq: seq, At: data.MomentOf(noon), RecordedAt: data.MomentOf(noon), Kind: data.RenamedEvent, Phone: "+46701234000",
			Actor: asha, Detail: data.Detail{To: fmt.Sprint(seq)}.Canonical(), Prev: prev,
		}
		prev = e.Sum()
		exec("INSERT INTO events VALUES (?, ?, ?, ?, 1000, ?, ?, ?, ?, ?, ?, ?)",
			e.Seq, e.At, e.RecordedAt, e.Kind, e.Phone, e.Actor.Kind, e.Actor.Name, e.Actor.Channel, e.Detail, e.Prev, prev)
	}
	exec("UPDATE chain SET seq = ?, count = ?, hash = ?", seq, seq, prev)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
