package chatlist

import (
	"context"
	"fmt"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// TestMain keeps the log of reads that were not waited for out of the output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// noon is when the tests of this package happen.
var noon = data.MomentOf(time.Date(2026, 3, 9, 12, 0, 0, 0, time.Local))

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}

// bench is a list over a desk of its own, on a window.
type bench struct {
	*Pane
	t      testing.TB
	runner *async.Runner
	window fyne.Window
	counts data.Counts
	opened []int64 // with the arrows
	picked []int64 // with the mouse or Enter
	menus  []int64
	look   func() // has a look after everything that is done

	mu   sync.Mutex
	todo []func()
	news chan struct{}
}

func phoneOf(i int) data.Phone { return data.Phone(fmt.Sprintf("+4670%07d", 1000000+i)) }

// open shows a list of customers called so, each of whom wrote a minute before
// the next; the last is on top.
func open(t testing.TB, names ...string) *bench {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), noon.Time)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, news: make(chan struct{}, 1)}
	d := desk.New(s)
	var messages []data.Incoming
	for i, name := range names {
		messages = append(messages, data.Incoming{From: data.Sender{Phone: phoneOf(i), Name: name}, Message: data.Message{
			Kind: data.TextMessage, Text: "From " + name, At: noon.Add(time.Duration(i-len(names)) * time.Minute), RemoteID: name,
		}})
	}
	for batch := range slices.Chunk(messages, 5000) {
		if _, err := d.Receive(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	b.runner = async.New(t.Context(), b.later, func(err error) { t.Errorf("failed: %v", err) })
	t.Cleanup(func() {
		waittest.Return(t, "all acts and reads", b.runner.Wait)
		s.Close()
	})
	b.Pane = New(d, b.runner, widgets.NewButton("Menu", widgets.Ghost, nil), widgets.NewStatusBar(nil))
	b.OnOpen = func(id int64) {
		b.opened = append(b.opened, id)
		b.Open(id)
	}
	b.OnActivate = func(id int64) {
		b.picked = append(b.picked, id)
		b.Open(id)
	}
	b.OnMenu = func(id int64, _ fyne.Position) { b.menus = append(b.menus, id) }
	b.OnBulk = func(data.Status) {}
	b.OnCounts = func(c data.Counts) { b.counts = c }
	b.window = test.NewWindow(b.Root)
	t.Cleanup(b.window.Close)
	b.window.SetPadded(false)
	b.window.Resize(fyne.NewSize(360, 740))
	b.done()
	return b
}

func (b *bench) later(do func()) {
	b.mu.Lock()
	b.todo = append(b.todo, do)
	b.mu.Unlock()
	select {
	case b.news <- struct{}{}:
	default:
	}
}

func (b *bench) until(what string, cond func() bool) {
	b.t.Helper()
	late := time.After(waittest.Deadline)
	for {
		b.mu.Lock()
		todo := b.todo
		b.todo = nil
		b.mu.Unlock()
		for _, do := range todo {
			do()
			if b.look != nil {
				b.look()
			}
		}
		if cond() {
			return
		}
		if len(todo) > 0 {
			continue
		}
		select {
		case <-b.news:
		case <-late:
			b.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// done waits until nothing is being read or written.
func (b *bench) done() {
	b.t.Helper()
	acted := false
	b.runner.Enqueue(func(context.Context) error { return nil }, func(error) { acted = true })
	b.until("all is done", func() bool {
		return acted && b.loaded && !b.rows.Loading() && !b.Pane.countsSlot.Busy()
	})
}

func (b *bench) id(name string) int64 {
	b.t.Helper()
	keys, err := b.desk.ChatKeys(b.t.Context(), data.ChatQuery{List: data.AllChats, Search: name})
	if err != nil || len(keys) != 1 {
		b.t.Fatalf("%q is %d customers, %v", name, len(keys), err)
	}
	return keys[0].ID
}

var later time.Duration

func (b *bench) receive(phone data.Phone, name, text string) {
	b.t.Helper()
	later += time.Second
	if _, err := b.desk.Receive(b.t.Context(), []data.Incoming{{From: data.Sender{Phone: phone, Name: name}, Message: data.Message{
		Kind: data.TextMessage, Text: text, At: noon.Add(later), RemoteID: fmt.Sprint(later),
	}}}); err != nil {
		b.t.Fatal(err)
	}
}

// seen are the rows in sight, from the top: what each shows and where it is.
func (b *bench) seen() (rows []*row) {
	scroll := b.List.Offset()
	for _, o := range test.WidgetRenderer(b.List).Objects()[0].(*widgets.Scroll).Content.(*fyne.Container).Objects {
		r, ok := o.(*row)
		if ok && r.Visible() && r.Position().Y+RowHeight > scroll && r.Position().Y < scroll+b.List.Size().Height {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *row) int { return int(a.Position().Y - b.Position().Y) })
	return rows
}

func (b *bench) names() string {
	var names []string
	for _, r := range b.seen() {
		names = append(names, r.name.Text())
	}
	return strings.Join(names, " ")
}

func (b *bench) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		if focused := b.window.Canvas().Focused(); focused != nil {
			focused.TypedKey(&fyne.KeyEvent{Name: key})
		}
	}
}

// picture writes what the window shows to a file in LATCHDESK_PICTURES.
func (b *bench) picture(name string) {
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, "list-"+name+".png"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, b.window.Canvas().Capture()); err != nil {
		b.t.Fatal(err)
	}
}

func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("Customer%d", i)
	}
	return names
}
