package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// hands is a clock that stands until it is moved.
type hands struct{ moment data.Moment }

func (h *hands) now() time.Time { return h.moment.Time() }

func openDesk(t *testing.T, path string, h *hands) *desk.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), path, h.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s)
}

func reset(t *testing.T, d *desk.Desk, size Size) {
	t.Helper()
	if err := Reset(t.Context(), d, size, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
}

// inDemo returns a desk in the world as it ships, at its beginning.
func inDemo(t *testing.T) (*desk.Desk, *hands) {
	t.Helper()
	h := &hands{beginning}
	d := openDesk(t, filepath.Join(t.TempDir(), "latchdesk.db"), h)
	reset(t, d, Size{})
	return d, h
}

// contents are all rows of all tables but the changes, as text.
func contents(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string][]string{}
	for _, table := range []string{"customers", "tags", "chats", "messages", "events", "chain", "drafts", "agents", "settings"} {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			var row []string
			for i, column := range columns {
				row = append(row, fmt.Sprintf("%s=%v", column, values[i]))
			}
			all[table] = append(all[table], strings.Join(row, " "))
		}
		must(t, errors.Join(rows.Err(), rows.Close()))
		slices.Sort(all[table])
	}
	return all
}

func sameContents(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for table := range want {
		if slices.Equal(got[table], want[table]) {
			continue
		}
		t.Errorf("%s: %d rows, want %d", table, len(got[table]), len(want[table]))
		for i := range min(len(got[table]), len(want[table])) {
			if got[table][i] != want[table][i] {
				t.Errorf("the first that differs:\n got %s\nwant %s", got[table][i], want[table][i])
				break
			}
		}
	}
}

func TestResetWritesTheWorld(t *testing.T) {
	d, _ := inDemo(t)
	w, ctx := load(t), t.Context()
	var want data.Counts
	events := 0
	for i, c := range w.Customers {
		s := c.SeedChat(beginning)
		id := int64(i + 1)
		want.All++
		if s.Chat.Unread > 0 {
			want.Unread++
		}
		if s.Chat.Customer.Status(beginning) == data.Blocked {
			want.Blocked++
		}
		events += len(s.Events)
		checkChat(t, d, id, s)
		checkTimeline(t, d, id, s)
		if draft, err := d.Draft(ctx, id); err != nil || draft != s.Draft {
			t.Errorf("%s: the draft is %q, %v", c.Situation, draft, err)
		}
	}
	if got, err := d.Counts(ctx); err != nil || got != want || got.All != 44 || got.Unread != 5 || got.Blocked != 9 {
		t.Errorf("%+v, %v; the content has %+v", got, err, want)
	}
	if proved, err := d.Check(ctx); err != nil || proved != int64(events) {
		t.Errorf("%d of %d events proved: %v", proved, events, err)
	}
	keys, err := d.ChatKeys(ctx, data.ChatQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range keys {
		if k.ID != int64(i+1) {
			t.Fatalf("the chat at place %d is %d", i+1, k.ID)
		}
	}
	if found, err := d.ChatKeys(ctx, data.ChatQuery{Search: "walter qu"}); err != nil || len(found) != 1 || found[0].ID != 1 {
		t.Errorf("a search finds %v, %v", found, err)
	}
}

// checkChat compares the chat's row and the customer with the story.
func checkChat(t *testing.T, d *desk.Desk, id int64, s data.SeedChat) {
	t.Helper()
	c, err := d.FindCustomer(t.Context(), data.Address(s.Chat.Customer.Phone))
	if err != nil {
		t.Fatal(err)
	}
	want := s.Chat
	want.Customer.ID, want.Customer.Version = id, 1
	if len(want.Customer.Tags) == 0 {
		want.Customer.Tags = c.Tags[:0]
	}
	if !reflect.DeepEqual(c, want.Customer) {
		t.Errorf("%s is\n     %+v\nwant %+v", c.Phone, c, want.Customer)
	}
	chats, err := d.Chats(t.Context(), []int64{id})
	if err != nil || len(chats) != 1 {
		t.Fatalf("%d chats: %v", len(chats), err)
	}
	want.Customer.Tags = nil // a row of the list has none
	if !reflect.DeepEqual(chats[0], want) {
		t.Errorf("the row of %s is\n     %+v\nwant %+v", c.Phone, chats[0], want)
	}
}

// checkTimeline compares what the chat shows with the story, and the chat's row
// with the newest that it shows.
func checkTimeline(t *testing.T, d *desk.Desk, id int64, s data.SeedChat) {
	t.Helper()
	page, err := d.Timeline(t.Context(), id, data.Span{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var shown, held, wantShown, wantHeld []data.Message
	var events []data.Event
	for _, item := range page.Items {
		if item.Event != nil {
			events = append(events, *item.Event)
			continue
		}
		shown = append(shown, *item.Message)
	}
	if held, err = d.Held(t.Context(), id, 1000); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Messages {
		m.CustomerID = id
		switch m.Hold {
		case data.IsHeld:
			wantHeld = append(wantHeld, m)
		case data.NotHeld, data.Released:
			wantShown = append(wantShown, m)
		}
	}
	for _, m := range slices.Concat(shown, held) {
		if m.ID == 0 {
			t.Errorf("%s: a message without an id", m.Text)
		}
	}
	withoutIDs := func(messages []data.Message) []data.Message {
		for i := range messages {
			messages[i].ID = 0
		}
		return messages
	}
	if !slices.Equal(withoutIDs(shown), wantShown) || !slices.Equal(withoutIDs(held), wantHeld) {
		t.Errorf("customer %d: %d shown and %d held, want %d and %d", id, len(shown), len(held), len(wantShown), len(wantHeld))
	}
	if len(events) != len(s.Events) {
		t.Fatalf("customer %d: %d events, want %d", id, len(events), len(s.Events))
	}
	for i, e := range events {
		want := s.Events[i]
		want.Seq, want.CustomerID, want.Prev, want.Hash = e.Seq, id, e.Prev, e.Hash
		if !reflect.DeepEqual(e, want) {
			t.Errorf("customer %d: event %+v, want %+v", id, e, want)
		}
	}
	newest := page.Items[len(page.Items)-1]
	text := ""
	if newest.Event != nil {
		text = newest.Event.Text()
	} else {
		text = newest.Message.Preview()
	}
	if s.Chat.ShownAt != newest.Key.At || s.Chat.Preview != text {
		t.Errorf("customer %d: the row shows %q at %s, the chat %q at %s", id, s.Chat.Preview, s.Chat.ShownAt, text, newest.Key.At)
	}
}

// A reset undoes whatever was done, and gives the same ids and contents.
func TestResetTwice(t *testing.T) {
	d, h := inDemo(t)
	ctx, asha := t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	first := contents(t, d.Path())
	act := func() {
		_, err := d.Send(ctx, asha, 1, "Hello")
		errs := []error{err}
		_, err = d.Block(ctx, asha, 2, data.BlockRequest{Reason: "spam"})
		errs = append(errs, err)
		_, err = d.Receive(ctx, []data.Incoming{{From: data.Sender{Phone: "+46701234599", Name: "New"}, Message: data.Message{Kind: data.TextMessage, Text: "hi"}}})
		errs = append(errs, err, d.Rename(ctx, asha, 3, "Another"), d.SetTags(ctx, 4, []string{"new"}), d.SaveDraft(ctx, 5, "half"), errorOf(d.Clear(ctx, asha, 6)))
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	act()
	reset(t, d, Size{})
	sameContents(t, contents(t, d.Path()), first)

	reset(t, d, Size{Chats: 60, Messages: 400})
	act()
	reset(t, d, Size{})
	sameContents(t, contents(t, d.Path()), first)

	h.moment = beginning.Add(1000 * time.Hour)
	reset(t, d, Size{})
	for i, c := range load(t).Customers {
		s := c.SeedChat(h.moment)
		checkChat(t, d, int64(i+1), s)
		checkTimeline(t, d, int64(i+1), s)
	}
}

func TestResetSizes(t *testing.T) {
	w := load(t)
	own := 0
	for _, c := range w.Customers {
		own += len(c.SeedChat(beginning).Messages)
	}
	people := len(w.Customers)
	tests := []struct {
		size, want Size
		own        int // how many of the story's customers are in it
	}{
		{Size{}, Size{people, own}, people},
		{Size{Chats: 3}, Size{3, 30}, 0},
		{Size{Messages: 5}, Size{1, 5}, 0},
		{Size{Messages: 2000}, Size{200, 2000}, people},
		{Size{people, own}, Size{people, own}, 0},
		{Size{people + 1, own}, Size{people + 1, own}, people},
		{Size{200, own - 1}, Size{200, own - 1}, 0},
		{Size{200, 5000}, Size{200, 5000}, people},
	}
	d := openDesk(t, filepath.Join(t.TempDir(), "latchdesk.db"), &hands{beginning})
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%+v", tt.size), func(t *testing.T) {
			last := -1
			err := Reset(t.Context(), d, tt.size, func(done, total int) {
				if done < last || total != tt.want.Messages {
					t.Fatalf("%d after %d, of %d", done, last, total)
				}
				last = done
			})
			if err != nil || last != tt.want.Messages {
				t.Fatalf("%d messages were told: %v", last, err)
			}
			f, err := d.Stats(t.Context())
			if err != nil || f.Customers != int64(tt.want.Chats) || f.Chats != f.Customers || f.Messages != int64(tt.want.Messages) {
				t.Errorf("%+v, %v", f, err)
			}
			found := 0
			for _, c := range w.Customers {
				if _, err := d.FindCustomer(t.Context(), data.Address(c.Phone)); err == nil {
					found++
				}
			}
			if found != tt.own {
				t.Errorf("%d of the story's customers", found)
			}
			if _, err := d.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestResetOnlyOfADemo(t *testing.T) {
	tests := []struct {
		name string
		use  func(*testing.T, *desk.Desk)
		want error
	}{
		{"fresh", func(*testing.T, *desk.Desk) {}, nil},
		{"a customer", func(t *testing.T, d *desk.Desk) { must(t, second(d.Add(t.Context(), "+46701234567", "Real"))) }, data.ErrNoDemo},
		{"settings alone", func(t *testing.T, d *desk.Desk) { must(t, d.SaveSettings(t.Context(), data.Settings{Agent: "Real"})) }, data.ErrNoDemo},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := openDesk(t, filepath.Join(t.TempDir(), "latchdesk.db"), &hands{beginning})
			tt.use(t, d)
			before := contents(t, d.Path())
			last, _ := d.LastChange(t.Context())
			err := Reset(t.Context(), d, Size{}, func(int, int) {})
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			settings, _ := d.Settings(t.Context())
			if settings.Demo != (tt.want == nil) {
				t.Errorf("a demo: %v", settings.Demo)
			}
			if tt.want == nil {
				return
			}
			sameContents(t, contents(t, d.Path()), before)
			if now, _ := d.LastChange(t.Context()); now != last {
				t.Error("a change was told")
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestResetKeepsWhatTheAgentChose(t *testing.T) {
	d, _ := inDemo(t)
	chosen := data.Settings{Agent: "Trainee", Country: "SE", Theme: "dark", Width: 900, Height: 700, Split: 300}
	must(t, d.SaveSettings(t.Context(), chosen))
	reset(t, d, Size{})
	chosen.Demo = true
	if got, err := d.Settings(t.Context()); err != nil || got != chosen {
		t.Errorf("%+v, %v", got, err)
	}
	want := slices.Sorted(slices.Values(append(load(t).Agents, "Trainee")))
	if got, err := d.Agents(t.Context()); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestResetCancelledLeavesTheOldWorld(t *testing.T) {
	d, _ := inDemo(t)
	before := contents(t, d.Path())
	for _, at := range []int{0, 5_000, 19_999} {
		ctx, cancel := context.WithCancel(t.Context())
		err := Reset(ctx, d, Size{Chats: 500, Messages: 20_000}, func(done, total int) {
			if done >= at {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at %d: %v", at, err)
		}
		sameContents(t, contents(t, d.Path()), before)
	}
	if _, err := d.Check(t.Context()); err != nil {
		t.Error(err)
	}
	reset(t, d, Size{})
	sameContents(t, contents(t, d.Path()), before)
}

// What lies on the disk in the middle of a reset is what a kill would leave.
func TestResetKilledLeavesTheOldWorld(t *testing.T) {
	d, h := inDemo(t)
	before := contents(t, d.Path())
	left := filepath.Join(t.TempDir(), "latchdesk.db")
	copied := false
	err := Reset(t.Context(), d, Size{Chats: 500, Messages: 20_000}, func(done, total int) {
		if done < 15_000 || copied {
			return
		}
		copied = true
		for _, end := range []string{"", "-wal"} {
			bytes, err := os.ReadFile(d.Path() + end)
			must(t, err)
			must(t, os.WriteFile(left+end, bytes, 0o600))
		}
	})
	must(t, err)
	if info, err := os.Stat(left + "-wal"); err != nil || info.Size() < 1<<20 {
		t.Fatalf("nothing of the new world was on the disk: %v, %v", info, err)
	}
	old := openDesk(t, left, h)
	if _, err := old.Check(t.Context()); err != nil {
		t.Error(err)
	}
	sameContents(t, contents(t, left), before)
}

// follow runs the desk's Watch until the test ends, and gives what it tells
// from now on.
func follow(t *testing.T, d *desk.Desk) <-chan data.Change {
	t.Helper()
	told := make(chan data.Change, 1000)
	must(t, d.Subscribe(t.Context(), func(changes []data.Change) {
		for _, c := range changes {
			select {
			case told <- c:
			default:
			}
		}
	}))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Watch(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := waittest.Receive(t, "the end of Watch", ended); err != nil {
			t.Error(err)
		}
	})
	return told
}

// Whoever has the same file open is told, and reads the new world.
func TestOthersSeeTheNewWorld(t *testing.T) {
	d, h := inDemo(t)
	ctx, other := t.Context(), openDesk(t, d.Path(), h)
	told := follow(t, other)
	must(t, second(d.Add(ctx, "+46701234599", "Not of this world")))
	reset(t, d, Size{Chats: 50, Messages: 500})
	guard := time.After(waittest.Deadline)
	for seen := map[data.ChangeKind]bool{}; !seen[data.WorldChanged]; {
		select {
		case c := <-told:
			seen[c.Kind] = true
		case <-guard:
			t.Fatalf("only %v was told", slices.Collect(maps.Keys(seen)))
		}
	}
	if f, err := other.Stats(ctx); err != nil || f.Chats != 50 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := other.FindCustomer(ctx, "+46701234599"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("who was added is still there: %v", err)
	}
	if page, err := other.Timeline(ctx, 1, data.Span{Limit: 10}); err != nil || len(page.Items) == 0 {
		t.Errorf("%d items: %v", len(page.Items), err)
	}
}

// errorOf returns the error of an act whose event does not matter here.
func errorOf(_ data.Event, err error) error { return err }
