package chatexport

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, on every machine

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

const (
	meera = data.Phone("+919137979401")
	shop  = "Northwind Lamps"
)

var (
	asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaCommand}
	now  = time.Date(2026, 7, 21, 12, 0, 0, 0, time.UTC)
)

// world is a desk with one customer.
type world struct {
	*desk.Desk
	t        testing.TB
	customer int64
	phone    data.Phone
}

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return (&world{Desk: desk.New(s), t: t}).with(meera)
}

// with returns the desk with another customer.
func (w *world) with(phone data.Phone) *world {
	w.t.Helper()
	c, err := w.Add(context.Background(), data.Address(phone), "Meera")
	w.must(err)
	return &world{w.Desk, w.t, c.ID, phone}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) options() Options {
	return Options{Customer: w.customer, By: asha, Business: shop, Zone: time.UTC, File: "chat.txt"}
}

// imports a chat, after it has said what it would do.
func (w *world) imports(text string, change ...func(*Options)) Summary {
	w.t.Helper()
	chat, err := Parse(text, nil)
	w.must(err)
	o := w.options()
	for _, c := range change {
		c(&o)
	}
	o.DryRun = true
	would, err := Import(context.Background(), w.Desk, chat, o)
	w.must(err)
	o.DryRun = false
	did, err := Import(context.Background(), w.Desk, chat, o)
	w.must(err)
	if would.DryRun = false; would.Import != 0 {
		w.t.Fatalf("the dry run made event %d", would.Import)
	}
	would.Import = did.Import
	if !reflect.DeepEqual(would, did) {
		w.t.Fatalf("it would do %+v, and did %+v", would, did)
	}
	if did.Messages != did.New+did.Already || did.Messages != did.FromCustomer+did.FromBusiness+did.Notices {
		w.t.Fatalf("the numbers do not add up: %+v", did)
	}
	return did
}

// itemText is what the timeline shows of an item.
func itemText(item data.Item) string {
	at := item.Key.At.Time().UTC().Format("15:04:05")
	if item.Event != nil {
		return at + " " + item.Event.Text()
	}
	return fmt.Sprintf("%s %s %s %s%s", at, item.Message.Direction, item.Message.Kind, item.Message.File, item.Message.Text)
}

func (w *world) timeline() []string {
	w.t.Helper()
	page, err := w.Timeline(context.Background(), w.customer, data.Span{Limit: 10_000})
	w.must(err)
	var lines []string
	for _, item := range page.Items {
		lines = append(lines, itemText(item))
	}
	return lines
}

func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const exported = `20/07/2026, 11:37 - Messages and calls are end-to-end encrypted.
20/07/2026, 11:38 - Meera: Where is my parcel?
20/07/2026, 11:39 - Northwind Lamps: On its way.
20/07/2026, 11:39 - Meera: ok
20/07/2026, 11:39 - Meera: ok
20/07/2026, 11:40 - Meera: IMG-20260720-WA0001.jpg (file attached)
this is how it came
20/07/2026, 11:41 - You blocked this contact. Tap to unblock.
20/07/2026, 11:42 - You unblocked this contact.
20/07/2026, 11:43 - Missed voice call
`

// The chat comes in as read, by its own times, and stands for one event; the same
// file once more changes nothing.
func TestImport_BringsIn(t *testing.T) {
	w := newWorld(t)
	last, err := w.LastMessageID(t.Context())
	w.must(err)
	got := w.imports(exported)
	if got.New != 6 || got.FromCustomer != 4 || got.FromBusiness != 1 || got.Notices != 1 || got.Blocks != 2 || got.NewBlocks != 2 || got.Media != 1 || got.Missing != 1 || got.Import == 0 {
		t.Errorf("%+v", got)
	}
	if got.First.Time().UTC().Format(time.DateTime) != "2026-07-20 11:37:00" || got.Last.Time().UTC().Format(time.DateTime) != "2026-07-20 11:43:00" || got.Zone != "UTC (UTC+00:00)" {
		t.Errorf("%+v", got)
	}
	want := []string{
		"11:38:00 in text Where is my parcel?",
		"11:39:00 out text On its way.",
		"11:39:00 in text ok",
		"11:39:00 in text ok",
		"11:40:00 in image IMG-20260720-WA0001.jpgthis is how it came",
		"11:41:00 Blocked on WhatsApp",
		"11:42:00 Unblocked on WhatsApp",
		"11:43:00 note text Missed voice call",
		"12:00:00 Chat imported by Asha",
	}
	same(t, "the timeline", w.timeline(), want)
	if n, marked, err := w.Unread(t.Context(), w.customer); n != 0 || marked || err != nil {
		t.Errorf("%d unread, %v, %v", n, marked, err)
	}
	if n, _, err := w.NewIncoming(t.Context(), last); len(n) != 0 || err != nil {
		t.Errorf("%d are notified of, %v", n, err)
	}
	if c, err := w.Customer(t.Context(), w.customer); err != nil || c.Status(w.Now()) != data.Active || c.Held != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if rows, err := w.Chats(t.Context(), []int64{w.customer}); err != nil || len(rows) != 1 || rows[0].Preview != "Chat imported by Asha" || rows[0].ShownAt != w.Now() {
		t.Errorf("the list shows %+v, %v", rows, err)
	}
	if past, err := w.PastIDs(t.Context(), ""); err != nil || len(past) != 0 {
		t.Errorf("past blocks: %v, %v", past, err)
	}

	again := w.imports(exported)
	if again.New != 0 || again.Already != 6 || again.NewBlocks != 0 || again.Import != 0 {
		t.Errorf("the second time: %+v", again)
	}
	same(t, "the timeline after the second time", w.timeline(), want)
	longer := w.imports(exported + "20/07/2026, 11:44 - Meera: ok\n20/07/2026, 11:39 - Meera: ok\n")
	if longer.New != 2 || longer.Already != 6 || longer.Import == 0 {
		t.Errorf("a longer export: %+v", longer)
	}
	if n, err := w.Check(t.Context()); n != 4 || err != nil {
		t.Errorf("%d events are proved, %v", n, err)
	}
}

// What is here by other ways is not brought in twice, whatever became of it.
func TestImport_KnowsWhatIsHere(t *testing.T) {
	w := newWorld(t)
	at := data.MomentOf(time.Date(2026, 7, 20, 11, 39, 30, 0, time.UTC))
	for i, text := range []string{"ok", "\u200Ewide  \u202Fspaces"} {
		_, err := w.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: meera}, Message: data.Message{
			Kind: data.TextMessage, At: at, Text: text, RemoteID: fmt.Sprint(i),
		}}})
		w.must(err)
	}
	w.must(errorOf(w.Clear(t.Context(), asha, w.customer)))
	got := w.imports("20/07/2026, 11:39 - Meera: wide spaces\n20/07/2026, 11:39 - Meera: ok\n20/07/2026, 11:39 - Meera: ok\n20/07/2026, 11:40 - Meera: ok\n", func(o *Options) { o.Business = "" })
	if got.Already != 2 || got.New != 2 {
		t.Errorf("%+v", got)
	}
}

// A message of the customer from within the block in force is held, and only that.
func TestImport_HoldsByMessageTime(t *testing.T) {
	w := newWorld(t)
	block := desk.ImportRow{Phone: meera, At: data.MomentOf(time.Date(2026, 7, 20, 11, 39, 0, 0, time.UTC))}
	_, err := w.Desk.Import(t.Context(), desk.ImportRequest{By: "Asha", Rows: slices.Values([]desk.ImportRow{block})})
	w.must(err)
	got := w.imports(exported)
	if got.Held != 3 || got.New != 6 {
		t.Errorf("%+v", got)
	}
	if c, err := w.Customer(t.Context(), w.customer); err != nil || c.Held != 3 || c.Status(w.Now()) != data.Blocked {
		t.Errorf("%+v, %v", c, err)
	}
	same(t, "the timeline", w.timeline(), []string{
		"11:38:00 in text Where is my parcel?",
		"11:39:00 out text On its way.",
		"11:41:00 Blocked on WhatsApp",
		"11:42:00 Unblocked on WhatsApp",
		"11:43:00 note text Missed voice call",
		"12:00:00 Customer blocked by Asha",
		"12:00:00 Chat imported by Asha",
	})
	out, err := w.UndoChatImport(t.Context(), asha, got.Import)
	if err != nil || out.Messages != 6 || out.Customer.Held != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	if c, err := w.Customer(t.Context(), w.customer); err != nil || c.Held != 0 || c.Status(w.Now()) != data.Blocked {
		t.Errorf("%+v, %v", c, err)
	}
}

// An undo takes out what came in, once, and the same file brings it in again.
func TestImport_Undo(t *testing.T) {
	w := newWorld(t)
	place := func() data.Moment {
		rows, err := w.Chats(t.Context(), []int64{w.customer})
		w.must(err)
		return rows[0].LastAt
	}
	got := w.imports(exported)
	if want := data.MomentOf(time.Date(2026, 7, 20, 11, 43, 0, 0, time.UTC)); place() != want {
		t.Errorf("the chat stands at %s, and its newest message at %s", place(), want)
	}
	for _, first := range []bool{true, false} {
		out, err := w.UndoChatImport(t.Context(), asha, got.Import)
		if err != nil || out.Changed != first || first && out.Messages != 6 {
			t.Errorf("%+v, %v", out, err)
		}
	}
	same(t, "the timeline", w.timeline(), []string{"12:00:00 Chat imported by Asha", "12:00:00 Import of a chat undone by Asha"})
	if place() != 0 {
		t.Errorf("the chat stands at %s without a message", place())
	}
	if again := w.imports(exported); again.New != 6 || again.NewBlocks != 2 || again.Import == got.Import {
		t.Errorf("%+v", again)
	}
	if _, err := w.UndoChatImport(t.Context(), asha, 4711); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("an import that never was: %v", err)
	}
	if n, err := w.Check(t.Context()); n != 7 || err != nil {
		t.Errorf("%d events are proved, %v", n, err)
	}
}

// What was released and discarded by an unblock goes as well, and no undo of the
// unblock revives it.
func TestImport_UndoAfterUnblock(t *testing.T) {
	for _, discard := range []bool{false, true} {
		w := newWorld(t)
		block := desk.ImportRow{Phone: meera, At: data.MomentOf(time.Date(2026, 7, 20, 11, 0, 0, 0, time.UTC))}
		_, err := w.Desk.Import(t.Context(), desk.ImportRequest{By: "Asha", Rows: slices.Values([]desk.ImportRow{block})})
		w.must(err)
		got := w.imports(exported)
		unblocked, err := w.Unblock(t.Context(), asha, w.customer, data.UnblockRequest{Discard: discard})
		w.must(err)
		if _, err := w.UndoChatImport(t.Context(), asha, got.Import); err != nil {
			t.Fatal(err)
		}
		if n, _, err := w.Unread(t.Context(), w.customer); n != 0 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
		_, err = w.Desk.Undo(t.Context(), asha, unblocked.Undo)
		w.must(err)
		c, err := w.Customer(t.Context(), w.customer)
		w.must(err)
		if held, err := w.Held(t.Context(), w.customer, 100); c.Held != 0 || len(held) != 0 || err != nil {
			t.Errorf("discarded %v: held are %d, %v, %v", discard, c.Held, held, err)
		}
		if again := w.imports(exported); again.New != 6 || again.Held != 4 {
			t.Errorf("discarded %v: the second time %+v", discard, again)
		}
	}
}

func TestImport_Refuses(t *testing.T) {
	w := newWorld(t)
	const two = "20/07/2026, 11:39 - Meera: a\n20/07/2026, 11:39 - Ben: b\n"
	for _, c := range []struct{ text, business, want string }{
		{two + "20/07/2026, 11:39 - Carl: c\n", "Ben", "This is the chat of a group: Meera, Ben, Carl wrote in it."},
		{two, "Dora", "Dora wrote nothing in this chat. Who did: Meera, Ben."},
		{two, "", "Meera and Ben wrote in this chat. Say which of the two is the business."},
		{"20/07/2036, 11:39 - Meera: a\n", "", "All messages in this chat are dated in the future."},
		{"20/07/2026, 11:39 - Missed voice call\n", "Ben", "Nobody wrote in this chat, so Ben did not."},
	} {
		chat, err := Parse(c.text, nil)
		w.must(err)
		o := w.options()
		o.Business = c.business
		_, err = Import(t.Context(), w.Desk, chat, o)
		if userErr := data.UserError(""); !errors.As(err, &userErr) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v", err)
		}
	}
	same(t, "the timeline", w.timeline(), nil)
	for _, business := range []string{"ben", " Ben\u200E ", "BÉN"} {
		if got := w.imports(two, func(o *Options) { o.Business = business }); got.FromBusiness != 1 || got.FromCustomer != 1 {
			t.Errorf("%q: %+v", business, got)
		}
	}
	if got := w.imports("20/07/2026, 11:50 - Meera: a\n", func(o *Options) { o.Business = "" }); got.FromCustomer != 1 {
		t.Errorf("%+v", got)
	}
}

// The zone says when it was; the hour that comes twice in autumn comes in its order.
func TestImport_Zone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	got := w.imports("26/10/2025, 02:30 - Meera: a\n26/10/2025, 02:50 - Meera: b\n26/10/2025, 02:10 - Meera: c\n26/10/2025, 03:10 - Meera: d\n",
		func(o *Options) { o.Zone, o.Business = zone, "" })
	if got.Zone != "Europe/Stockholm (UTC+01:00)" {
		t.Errorf("%+v", got)
	}
	same(t, "the timeline", w.timeline(), []string{
		"00:30:00 in text a", "00:50:00 in text b", "01:10:00 in text c", "02:10:00 in text d", "12:00:00 Chat imported by Asha",
	})
}

// What lies in the future stands beside what came before, the same every time.
func TestImport_Future(t *testing.T) {
	w := newWorld(t)
	const text = "20/07/2030, 11:39 - Meera: a\n20/07/2026, 11:39 - Meera: b\n20/07/2031, 11:39 - Meera: c\n"
	one := func(o *Options) { o.Business = "" }
	if got := w.imports(text, one); got.New != 3 || got.NotUnderstood != 2 || got.FirstUnread[1].String() != "line 3: it is in the future: c" {
		t.Errorf("%+v", got)
	}
	if got := w.imports(text, one); got.New != 0 {
		t.Errorf("the second time: %+v", got)
	}
	same(t, "the timeline", w.timeline(), []string{
		"11:39:00 in text a", "11:39:00 in text b", "11:39:00 in text c", "12:00:00 Chat imported by Asha",
	})
}

// Stopped between two chunks, what came in stays, and the same file brings the rest.
func TestImport_Stopped(t *testing.T) {
	var text strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&text, "%02d/06/2026, %02d:%02d - Meera: message %d\n", i/1440+1, i/60%24, i%60, i)
	}
	chat, err := Parse(text.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	o := w.options()
	o.Business, o.OnProgress = "", func(int, int) { stop() }
	got, err := Import(ctx, w.Desk, chat, o)
	if !errors.Is(err, context.Canceled) || got.New == 0 || got.New == 3000 || got.Import == 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	rest := w.imports(text.String(), func(o *Options) { o.Business = "" })
	if rest.New != 3000-got.New || rest.Already != got.New {
		t.Errorf("first %+v, then %+v", got, rest)
	}
}

// drawLines draws the lines of an export: few texts and few minutes, so that many are
// alike. Its first date proves the order.
func drawLines(t *rapid.T) []string {
	lines := []string{"20/07/2026, 11:00 - Northwind Lamps: first"}
	minute := 0
	for range rapid.IntRange(0, 40).Draw(t, "lines") {
		minute = min(59, max(0, minute+rapid.IntRange(-1, 2).Draw(t, "step")))
		body := rapid.SampledFrom([]string{
			"Meera: ok", "Meera: ok", "Northwind Lamps: ok", "Meera: yes\nand more", "Meera: <Media omitted>", "Missed voice call",
			"You blocked this contact.", "You unblocked this contact.", "Northwind Lamps: <This message was edited>",
		}).Draw(t, "body")
		lines = append(lines, fmt.Sprintf("20/07/2026, 11:%02d - %s", minute, body))
	}
	return lines
}

// Importing any beginning of a file, and then the whole of it, is importing the
// whole; undone, all is as it was.
func TestImport_PrefixAndUndo(t *testing.T) {
	home, customers := newWorld(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		customers += 2
		lines := drawLines(rt)
		cut := rapid.IntRange(1, len(lines)).Draw(rt, "cut")
		a, b := home.with(data.Phone(fmt.Sprintf("+4670%07d", customers))), home.with(data.Phone(fmt.Sprintf("+4670%07d", customers+1)))
		blocked := rapid.Bool().Draw(rt, "blocked")
		for _, w := range []*world{a, b} {
			_, err := w.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: w.phone}, Message: data.Message{
				Kind: data.TextMessage, At: data.MomentOf(time.Date(2026, 7, 20, 11, 1, 30, 0, time.UTC)), Text: "ok", RemoteID: string(w.phone),
			}}})
			w.must(err)
			if blocked {
				_, err := w.Desk.Import(t.Context(), desk.ImportRequest{By: "Asha", Rows: slices.Values([]desk.ImportRow{
					{Phone: w.phone, At: data.MomentOf(time.Date(2026, 7, 20, 11, 5, 0, 0, time.UTC))},
				})})
				w.must(err)
			}
		}
		before, beforeHeld := a.state()
		part := a.imports(strings.Join(lines[:cut], "\n"))
		rest := a.imports(strings.Join(lines, "\n"))
		whole := b.imports(strings.Join(lines, "\n"))
		if part.New+rest.New != whole.New || part.NewBlocks+rest.NewBlocks != whole.NewBlocks {
			rt.Fatalf("in parts %+v and %+v, at once %+v", part, rest, whole)
		}
		gotShown, gotHeld := a.state()
		wantShown, wantHeld := b.state()
		slices.Sort(gotShown) // in one minute, what came first stands first
		slices.Sort(wantShown)
		slices.Sort(gotHeld)
		slices.Sort(wantHeld)
		if !slices.Equal(gotShown, wantShown) || !slices.Equal(gotHeld, wantHeld) {
			rt.Fatalf("in parts\n%q\n%q\nat once\n%q\n%q", gotShown, gotHeld, wantShown, wantHeld)
		}
		for _, event := range []int64{rest.Import, part.Import} {
			if event == 0 {
				continue
			}
			if _, err := a.UndoChatImport(t.Context(), asha, event); err != nil {
				rt.Fatal(err)
			}
		}
		if after, held := a.state(); !slices.Equal(after, before) || !slices.Equal(held, beforeHeld) {
			rt.Fatalf("after the undo\n%q\n%q\nbefore\n%q\n%q", after, held, before, beforeHeld)
		}
	})
}

// state is what the chat shows and holds, without the events of the imports.
func (w *world) state() (shown, held []string) {
	for _, l := range w.timeline() {
		if !strings.Contains(l, "Chat imported") && !strings.Contains(l, "Import of a chat") {
			shown = append(shown, l)
		}
	}
	messages, err := w.Held(context.Background(), w.customer, 1000)
	w.must(err)
	for _, m := range messages {
		held = append(held, itemText(data.Item{Key: data.ItemKey{At: m.At}, Message: &m}))
	}
	c, err := w.Customer(context.Background(), w.customer)
	w.must(err)
	n, marked, err := w.Unread(context.Background(), w.customer)
	w.must(err)
	return append(shown, fmt.Sprint(c.Status(w.Now()), c.Held, n, marked)), held
}

// errorOf returns the error of an act whose event does not matter here.
func errorOf(_ data.Event, err error) error { return err }
