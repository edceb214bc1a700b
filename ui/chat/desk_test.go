package chat

import (
	"context"
	"fmt"
	"image/png"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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
)

// TestMain keeps the log of reads that were not waited for out of the output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// noon is when the tests of this package happen.
var noon = data.MomentOf(time.Date(2026, 3, 9, 12, 0, 0, 0, time.Local))

const phone data.Phone = "+46701234567"

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}

// bench is a pane over a desk of its own, on a window.
type bench struct {
	*Pane
	t      testing.TB
	desk   *desk.Desk
	runner *async.Runner
	window fyne.Window
	id     int64        // of the one customer
	ahead  atomic.Int64 // nanoseconds by which it is later than noon
	failed []error

	mu   sync.Mutex
	todo []func()
	news chan struct{}
}

// open shows the chat of one customer, who wrote the texts a minute apart, the
// last at noon. They were read.
func open(t testing.TB, texts ...string) *bench {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	b := &bench{t: t, news: make(chan struct{}, 1)}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), func() time.Time { return noon.Time().Add(time.Duration(b.ahead.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	b.desk = desk.New(s)
	t.Cleanup(func() {
		waittest.Return(t, "all acts and reads", b.runner.Wait)
		s.Close()
	})
	for i, text := range texts {
		b.receive(text, noon.Add(time.Duration(i+1-len(texts))*time.Minute))
	}
	c, err := b.desk.FindCustomer(t.Context(), data.Address(phone))
	if err != nil {
		t.Fatal(err)
	}
	b.id = c.ID
	if err := b.desk.SetRead(t.Context(), b.id, true); err != nil {
		t.Fatal(err)
	}
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	b.runner = async.New(t.Context(), b.later, func(err error) { t.Errorf("failed: %v", err) })
	b.Pane = New(b.desk, b.runner)
	b.OnMenu = func(int64, fyne.Position) {}
	b.OnUnblock, b.OnShowHeld, b.OnChangeBlock = func(data.Customer) {}, func(data.Customer) {}, func(data.Customer) {}
	b.OnCommand = func(string, func()) bool { return false }
	b.OnKey = func(*fyne.KeyEvent) bool { return false }
	b.OnOpenLink = func(*url.URL) {}
	b.OnError = func(err error) { b.failed = append(b.failed, err) }
	b.Active = func() bool { return true }
	b.Actor = func() data.Actor { return asha }
	if tb, ok := t.(*testing.T); ok {
		b.window = test.NewTempWindow(tb, b.Root)
	} else {
		b.window = test.NewWindow(b.Root)
	}
	b.window.SetPadded(false)
	b.window.Resize(fyne.NewSize(900, 700))
	b.openChat()
	return b
}

func (b *bench) openChat() {
	b.t.Helper()
	shown := false
	b.Open(b.id, func() { shown = true })
	b.until("the chat is open", func() bool { return shown })
	b.done()
}

var serial int

func (b *bench) receive(text string, at data.Moment) {
	b.t.Helper()
	b.receiveFrom(data.Sender{Phone: phone, Name: "Walter Quist"}, text, at)
}

// receiveNumbered takes messages with the numbers from first to before end, all at once,
// a second apart.
func (b *bench) receiveNumbered(first, end int) {
	b.t.Helper()
	var batch []data.Incoming
	for n := first; n < end; n++ {
		serial++
		batch = append(batch, data.Incoming{From: data.Sender{Phone: phone}, Message: data.Message{
			Kind: data.TextMessage, Text: fmt.Sprint("Message ", n), At: noon.Add(time.Duration(n) * time.Second), RemoteID: fmt.Sprint("r", serial),
		}})
	}
	if _, err := b.desk.Receive(b.t.Context(), batch); err != nil {
		b.t.Fatal(err)
	}
}

// receiveFrom takes a message from a sender, who is its author in a group, and returns
// the customer.
func (b *bench) receiveFrom(from data.Sender, text string, at data.Moment) int64 {
	b.t.Helper()
	serial++
	got, err := b.desk.Receive(b.t.Context(), []data.Incoming{{From: from, Message: data.Message{
		Kind: data.TextMessage, Text: text, At: at, RemoteID: fmt.Sprint("r", serial), Author: from.Name,
	}}})
	if err != nil {
		b.t.Fatal(err)
	}
	return got[0].CustomerID
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

// waiting takes what waits for the test's goroutine, as soon as there is some.
func (b *bench) waiting() (todo []func()) {
	for {
		b.mu.Lock()
		todo, b.todo = b.todo, nil
		b.mu.Unlock()
		if len(todo) > 0 {
			return todo
		}
		waittest.Receive(b.t, "something to do", b.news)
	}
}

// done waits until nothing is being read or written.
func (b *bench) done() {
	b.t.Helper()
	for settled := false; !settled; settled = !b.slot.Busy() && b.readTo == (data.ItemKey{}) {
		b.until("all is read", func() bool { return !b.slot.Busy() })
		acted := false
		b.runner.Enqueue(func(context.Context) error { return nil }, func(error) { acted = true })
		b.until("all is done", func() bool { return acted })
	}
}

// changed has the pane read anew, as news of its customer do.
func (b *bench) changed() {
	b.t.Helper()
	b.Changed([]int64{b.id})
	b.done()
}

// picture writes what the window shows to a file in LATCHDESK_PICTURES.
func (b *bench) picture(name string) {
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, "chat-"+name+".png"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, b.window.Canvas().Capture()); err != nil {
		b.t.Fatal(err)
	}
}

// numbered are n texts that tell themselves apart.
func numbered(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("Message %d", i)
	}
	return texts
}
