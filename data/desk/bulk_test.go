package desk_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
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

// crowd has so many customers write once each, and gives their ids.
func (w *world) crowd(n int) []int64 {
	w.t.Helper()
	var in []data.Incoming
	for i := range n {
		in = append(in, data.Incoming{From: data.Sender{Phone: data.Phone(fmt.Sprintf("+4670%07d", i))}, Message: data.Message{
			Kind: data.TextMessage, At: w.Now(), Text: "Hello", RemoteID: fmt.Sprint("crowd ", i),
		}})
	}
	got, err := w.Receive(w.t.Context(), in)
	w.must(err)
	var ids []int64
	for _, r := range got {
		ids = append(ids, r.CustomerID)
	}
	return ids
}

func (w *world) blocksMany(ids []int64, ask data.BlockRequest) desk.BulkResult {
	w.t.Helper()
	m, err := w.BlockMany(w.t.Context(), asha, ids, ask, nil)
	w.must(err)
	return m
}

// fates are those of each, one letter each.
func fates(m desk.BulkResult) string {
	var text strings.Builder
	for _, r := range m.Results {
		text.WriteByte(map[desk.ItemStatus]byte{desk.ItemNotReached: '-', desk.ItemDone: 'd', desk.ItemUnchanged: 'a', desk.ItemRefused: 's', desk.ItemChanged: 'c', desk.ItemKept: 'k'}[r.Status])
	}
	return text.String()
}

// everything is all that acts on customers leave behind.
func (w *world) everything(ids []int64) string {
	w.t.Helper()
	var text strings.Builder
	for _, id := range ids {
		chat := w.chat(id)
		block := chat.Customer.Block
		chat.Customer.Block = nil
		fmt.Fprintf(&text, "%+v %+v\n%s held: %s\n", chat, block, w.shows(id), w.holds(id))
		for _, e := range w.events(id) {
			fmt.Fprintf(&text, "%x %s\n", e.Hash, strings.ReplaceAll(e.Canonical(), "\n", " "))
		}
	}
	return text.String()
}

// What is done to many is to the letter what is done to one after the other:
// blocks that were there, that have ended, held messages, undo.
func TestManyAreAsOneAfterTheOther(t *testing.T) {
	tell := func(many bool) string {
		w := newWorld(t)
		ids := w.crowd(7)
		w.blocks(bo, ids[0], data.BlockRequest{Reason: "Scam"})
		w.blocks(bo, ids[1], data.BlockRequest{Until: w.Now().Add(time.Minute)})
		w.takes("+46700000000", "held")
		w.takes("+46700000001", "held until the end")
		w.clock.add(time.Hour)
		ask := data.BlockRequest{Reason: "spam", Note: "line\nline", Until: w.Now().Add(24 * time.Hour), Review: w.Now().Add(time.Hour)}
		var undos []data.Undo
		var all string
		note := func(m desk.BulkResult, err error) {
			w.must(err)
			undos = m.Undos()
			all += w.everything(ids)
			w.clock.add(time.Second)
		}
		oneByOne := func(do func(id int64) (data.Outcome, error)) {
			var m desk.BulkResult
			for _, id := range ids {
				out, err := do(id)
				w.must(err)
				if out.Changed {
					m.Results = append(m.Results, desk.ItemResult{Status: desk.ItemDone, Undo: out.Undo})
				}
			}
			note(m, nil)
		}
		undo := func() {
			w.takes("+46700000004", "held again")
			if many {
				note(w.UndoMany(t.Context(), bo, undos, nil))
				return
			}
			for _, u := range undos {
				_, err := w.Undo(t.Context(), bo, u)
				w.must(err)
			}
			note(desk.BulkResult{}, nil)
		}
		for _, discard := range []bool{false, true} {
			lift := data.UnblockRequest{Note: "sorry", Discard: discard}
			if many {
				note(w.BlockMany(t.Context(), asha, ids, ask, nil))
				undo()
				note(w.BlockMany(t.Context(), asha, ids, ask, nil))
				note(w.UnblockMany(t.Context(), asha, ids, lift, nil))
			} else {
				oneByOne(func(id int64) (data.Outcome, error) { return w.Block(t.Context(), asha, id, ask) })
				undo()
				oneByOne(func(id int64) (data.Outcome, error) { return w.Block(t.Context(), asha, id, ask) })
				oneByOne(func(id int64) (data.Outcome, error) { return w.Unblock(t.Context(), asha, id, lift) })
			}
			undo()
		}
		if _, err := w.Check(t.Context()); err != nil {
			t.Error(err)
		}
		return all
	}
	if one, many := tell(false), tell(true); one != many {
		t.Errorf("one after the other:\n%s\nmany at once:\n%s", one, many)
	}
}

func TestEachOfManyHasAResult(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(4)
	w.blocks(bo, ids[1], data.BlockRequest{Reason: "Spam"})
	told, seen := w.lastChange(), desk.Progress{}
	asked := []int64{ids[0], ids[1], 99, ids[2], ids[0]}

	m, err := w.BlockMany(t.Context(), asha, asked, data.BlockRequest{Reason: "SPAM"}, func(p desk.Progress) { seen = p })
	w.must(err)

	if got := fates(m); got != "dasda" {
		t.Errorf("the fates are %s", got)
	}
	if want := (desk.Progress{All: 5, Done: 2, Already: 2, Refused: 1}); m.Progress != want || seen != want || m.Reached() != 5 {
		t.Errorf("%+v, told was %+v", m.Progress, seen)
	}
	for i, r := range m.Results {
		if r.CustomerID != asked[i] {
			t.Errorf("result %d is of customer %d", i, r.CustomerID)
		}
		if refused := errors.Is(r.Err, data.ErrNotFound); refused != (r.CustomerID == 99) {
			t.Errorf("customer %d: %v", r.CustomerID, r.Err)
		}
	}
	if len(m.Undos()) != 2 || m.Undos()[1].CustomerID != ids[2] {
		t.Errorf("%+v", m.Undos())
	}
	if got := w.customer(ids[0]).Block; got == nil || got.Reason != "Spam" {
		t.Errorf("the block is %+v", got)
	}
	var changed []int64
	for _, c := range w.since(told) {
		if c.Kind == data.CustomerChanged {
			changed = append(changed, c.CustomerID)
		}
	}
	if !slices.Equal(changed, []int64{ids[0], ids[2]}) {
		t.Errorf("changes are told of %v", changed)
	}
	w.sound(3)
	if m := w.blocksMany(nil, data.BlockRequest{}); m.All != 0 {
		t.Errorf("of nobody, %+v", m)
	}
}

func TestManyAreRefusedTogether(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(2)
	for name, ask := range map[string]data.BlockRequest{
		"an unknown reason": {Reason: "boredom"},
		"a long note":       {Note: strings.Repeat("x", data.MaxNote+1)},
		"an end long ago":   {Until: w.Now() - 1},
		"a review long ago": {Review: w.Now() - 1},
	} {
		if m, err := w.BlockMany(t.Context(), asha, ids, ask, nil); !errors.Is(err, data.ErrInvalid) || m.Reached() != 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	if _, err := w.UnblockMany(t.Context(), asha, ids, data.UnblockRequest{Note: strings.Repeat("x", data.MaxNote+1)}, nil); !errors.Is(err, data.ErrInvalid) {
		t.Error(err)
	}
	w.sound(0)
}

// Where the end that was chosen comes while many are being blocked, the rest is
// not blocked for no time at all.
func TestManyUntilItIsOver(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(600)
	m, err := w.BlockMany(t.Context(), asha, ids, data.BlockRequest{Until: w.Now().Add(time.Minute)}, func(desk.Progress) { w.clock.add(time.Hour) })
	if !errors.Is(err, data.ErrInvalid) || m.Reached() == 0 || m.Reached() == len(ids) {
		t.Errorf("%+v, %v", m.Progress, err)
	}
	w.sound(int64(m.Done))
}

func TestManyAreStopped(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(600)
	ctx, stop := context.WithCancel(t.Context())
	m, err := w.BlockMany(ctx, asha, ids, data.BlockRequest{}, func(desk.Progress) { stop() })
	if !errors.Is(err, context.Canceled) || m.Done == 0 || m.Done == len(ids) || m.Reached() != m.Done || m.All != len(ids) {
		t.Fatalf("%+v, %v", m.Progress, err)
	}
	if want := strings.Repeat("d", m.Done) + strings.Repeat("-", len(ids)-m.Done); fates(m) != want {
		t.Errorf("the fates are %s", fates(m))
	}
	if want := fmt.Sprintf("block 600 customers, of which %d were reached: context canceled", m.Done); err.Error() != want {
		t.Errorf("the error is %q", err)
	}
	w.sound(int64(m.Done))

	again := w.blocksMany(ids, data.BlockRequest{})
	if want := (desk.Progress{All: 600, Done: 600 - m.Done, Already: m.Done}); again.Progress != want {
		t.Errorf("the second run: %+v, want %+v", again.Progress, want)
	}
	w.sound(600)

	for _, id := range ids[:3] {
		if got := w.kinds(id); got != "blocked" {
			t.Errorf("customer %d has the events %s", id, got)
		}
	}
}

// A failure in the middle leaves what was done before, and says how many that
// are; a piece is written whole or not at all.
func TestManyFailInTheMiddle(t *testing.T) {
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(was)
	w := newWorld(t)
	ids := w.crowd(600)
	var failing bool
	m, err := w.BlockMany(t.Context(), asha, ids, data.BlockRequest{}, func(desk.Progress) {
		if !failing {
			failing = true
			w.sql("CREATE TRIGGER no_more BEFORE UPDATE OF blocked_at ON customers BEGIN SELECT RAISE(ABORT, 'no more'); END")
		}
	})
	if err == nil || m.Done == 0 || m.Done == len(ids) {
		t.Fatalf("%+v, %v", m.Progress, err)
	}
	w.sql("DROP TRIGGER no_more")
	w.sound(int64(m.Done))
	if got := w.counts().Blocked; got != m.Done {
		t.Errorf("%d are blocked, told is %d", got, m.Done)
	}
	for cause, want := range map[error]string{
		data.ErrFull:     "The disk is full. Free some space and try again. ",
		data.ErrBusy:     "Another program is holding the database. Try again in a moment. ",
		context.Canceled: "It was stopped. ",
	} {
		want += "What was done before stays, and the same once more does the rest."
		if got := desk.ExplainBulk(fmt.Errorf("block: %w", cause)); got != want {
			t.Errorf("%v is said as %q", cause, got)
		}
	}
}

// sql has another program do something to the database.
func (w *world) sql(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.path+"?_pragma=busy_timeout(5000)")
	w.must(err)
	defer db.Close()
	_, err = db.ExecContext(w.t.Context(), statement)
	w.must(err)
}

func TestManyAreTakenBack(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(5)
	w.blocks(bo, ids[0], data.BlockRequest{Reason: "Spam", Note: "before"})
	w.takes("+46700000000", "held")
	before := w.everything(ids[:1])
	m := w.blocksMany(ids, data.BlockRequest{Reason: "Spam"})
	w.unblocks(bo, ids[2])
	w.must(w.Rename(t.Context(), bo, ids[3], "Ada"))
	w.clock.add(time.Second)

	undone, err := w.UndoMany(t.Context(), asha, m.Undos(), nil)
	w.must(err)

	if got := fates(undone); got != "dssd" {
		t.Errorf("the fates are %s", got)
	}
	for _, r := range undone.Results {
		if r.Status == desk.ItemRefused && !errors.Is(r.Err, data.ErrChanged) {
			t.Errorf("customer %d: %v", r.CustomerID, r.Err)
		}
	}
	if got := w.everything(ids[:1]); got != before {
		t.Errorf("who was blocked before is now\n%s", got)
	}
	for i, want := range []string{"blocked", "blocked undone", "blocked unblocked", "blocked renamed", "blocked undone"} {
		if got := w.kinds(ids[i]); got != want {
			t.Errorf("customer %d has the events %s, want %s", i, got, want)
		}
	}
	again, err := w.UndoMany(t.Context(), asha, m.Undos(), nil)
	w.must(err)
	if again.Refused != 4 {
		t.Errorf("the second time: %+v", again.Progress)
	}
	w.sound(9)
}

// Each of many that were unblocked gets back the very block it had, and what
// came in meanwhile is held again.
func TestManyUnblocksAreTakenBack(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(3)
	for i, id := range ids {
		w.blocks(bo, id, data.BlockRequest{Note: fmt.Sprint("block ", i), Until: w.Now().Add(time.Duration(i+1) * time.Hour)})
		w.takes(data.Phone(fmt.Sprintf("+4670%07d", i)), "held")
	}
	var before []data.Customer
	for _, id := range ids {
		before = append(before, w.customer(id))
	}
	m, err := w.UnblockMany(t.Context(), asha, ids, data.UnblockRequest{}, nil)
	w.must(err)
	undone, err := w.UndoMany(t.Context(), asha, m.Undos(), nil)
	w.must(err)
	if undone.Done != 3 {
		t.Errorf("%+v", undone)
	}
	for i, id := range ids {
		want := before[i]
		want.Version += 2
		if got := w.customer(id); !reflect.DeepEqual(got, want) || w.holds(id) != "held" {
			t.Errorf("it is %+v, was %+v; held is %q", got, want, w.holds(id))
		}
	}
	w.sound(9)
}

// Nobody waits behind many: an act of this program and one of another are done
// between two pieces.
func TestOthersGoOnBesideMany(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(700)
	other := w.another()
	others := make(chan string, 2)
	begun := false
	m, err := w.BlockMany(t.Context(), asha, ids[:len(ids)-2], data.BlockRequest{}, func(p desk.Progress) {
		if begun {
			return
		}
		begun = true
		for i, d := range []*desk.Desk{w.Desk, other} {
			go func() {
				_, err := d.Block(t.Context(), bo, ids[len(ids)-1-i], data.BlockRequest{})
				others <- fmt.Sprint(err)
			}()
		}
		for range 2 {
			if got := waittest.Receive(t, "an act beside many", others); got != "<nil>" {
				t.Error(got)
			}
		}
		if p.Reached() == p.All {
			t.Error("the others were done after all")
		}
	})
	w.must(err)
	if m.Done != len(ids)-2 {
		t.Errorf("%+v", m.Progress)
	}
	w.sound(int64(len(ids)))
}

const killedCrowd = 1200

// TestBulkWorker is no test but what TestManyKilled kills: it blocks everybody
// and says after each piece how many are done.
func TestBulkWorker(t *testing.T) {
	path := os.Getenv("LATCHDESK_TEST_BULK")
	if path == "" {
		return
	}
	s, err := store.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, killedCrowd)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	_, err = desk.New(s).BlockMany(t.Context(), bo, ids, data.BlockRequest{Reason: "Spam"}, func(p desk.Progress) { fmt.Println("done", p.Reached()) })
	fmt.Println("end", err)
}

// Killed at any moment, many are done or not, each whole; what was told is
// kept, and a second run does the rest and nothing twice.
func TestManyKilled(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(killedCrowd)
	for kill := range 4 {
		said := w.killed(kill + 1)
		blocked := w.counts().Blocked
		if blocked < said {
			t.Errorf("%d are blocked, told were %d", blocked, said)
		}
		w.sound(int64(blocked))
		if kill == 0 && (blocked == 0 || blocked == len(ids)) {
			t.Errorf("%d of %d are blocked", blocked, len(ids))
		}
	}
	m := w.blocksMany(ids, data.BlockRequest{Reason: "Spam"})
	if m.Done+m.Already != len(ids) {
		t.Errorf("%+v", m.Progress)
	}
	w.sound(int64(len(ids)))
	for i := 0; i < len(ids); i += 50 {
		id := ids[i]
		if chat := w.chat(id); w.kinds(id) != "blocked" || !strings.HasPrefix(chat.Preview, "Customer blocked by ") {
			t.Fatalf("customer %d: %s, %+v", id, w.kinds(id), chat)
		}
	}
}

// killed has another process block everybody, kills it a moment after it has
// done so many pieces, and gives how many customers it said were reached.
func (w *world) killed(pieces int) (said int) {
	w.t.Helper()
	self, err := os.Executable()
	w.must(err)
	ctx := waittest.Context(w.t)
	cmd := exec.CommandContext(ctx, self, "-test.run=^TestBulkWorker$")
	cmd.Env = append(os.Environ(), "LATCHDESK_TEST_BULK="+w.path)
	out, err := cmd.StdoutPipe()
	w.must(err)
	w.must(cmd.Start())
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "done %d", &said); err != nil {
			continue
		}
		if n++; n == pieces {
			time.AfterFunc(time.Duration(pieces)*3*time.Millisecond, func() { cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it tells of the kill
	w.must(ctx.Err())
	return said
}

func TestSelected(t *testing.T) {
	w := newWorld(t)
	ids := w.crowd(4)
	w.blocks(asha, ids[1], data.BlockRequest{})
	w.blocks(asha, ids[2], data.BlockRequest{Until: w.Now().Add(time.Minute)})
	w.takes("+46700000001", "held")
	w.takes("+46700000001", "held, too")
	asked := []int64{ids[3], 99, ids[2], ids[1], ids[0]}
	for _, want := range []data.Selection{
		{Active: []int64{ids[3], ids[0]}, Blocked: []int64{ids[2], ids[1]}, Held: 2},
		{Active: []int64{ids[3], ids[2], ids[0]}, Blocked: []int64{ids[1]}, Held: 2}, // nobody wrote down that it ended
	} {
		got, err := w.Selected(t.Context(), asked)
		w.must(err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		w.clock.add(time.Hour)
	}
}
