package desk_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// list is a list of so many customers.
func list(n int) iter.Seq[desk.ImportRow] {
	return func(yield func(desk.ImportRow) bool) {
		for i := range n {
			if !yield(desk.ImportRow{Line: i + 2, Phone: data.Phone(fmt.Sprintf("+4670%07d", i)), By: "Ann", At: start - 1, Reason: "Spam"}) {
				return
			}
		}
	}
}

func (w *world) imports(rows ...desk.ImportRow) (desk.ImportResult, string) {
	w.t.Helper()
	var refused []string
	n, err := w.Import(w.t.Context(), desk.ImportRequest{By: "Bo", Rows: slices.Values(rows), Refused: func(row desk.ImportRow, err error) {
		refused = append(refused, fmt.Sprintf("%d: %v", row.Line, err))
	}})
	w.must(err)
	return n, strings.Join(refused, "\n")
}

// The block is as the list tells it; the event is one of now, says who brought
// the list in, and carries what the list says.
func TestImportKeepsWhoAndWhen(t *testing.T) {
	w := newWorld(t)
	until := w.Now().Add(time.Hour)
	n, refused := w.imports(
		desk.ImportRow{Phone: riya, Name: " Riya\n", By: "Ann", At: start - 1_234_567, Reason: "sPAM", Note: "a\r\nb", Until: until},
		desk.ImportRow{Phone: ada},
		desk.ImportRow{Phone: "+46701234567", At: start - 5},
	)
	if want := (desk.ImportResult{Blocked: 3, NewCustomers: 3}); n != want || refused != "" {
		t.Fatalf("%+v, %s", n, refused)
	}
	for phone, want := range map[data.Phone]struct {
		name  string
		block data.Block
		rest  data.Detail
	}{
		riya: {
			"Riya",
			data.Block{By: data.Actor{Name: "Ann"}, At: start - 1_234_567, Reason: "Spam", Note: "a\nb", Until: until},
			data.Detail{ImportedAt: int64(start - 1_234_567), ImportedBy: "Ann", Reason: "Spam", Note: "a\nb", Until: int64(until)},
		},
		// What does not say who or when is blocked by who brings it in, and now.
		ada:            {"", data.Block{By: data.Actor{Name: "Bo"}, At: start}, data.Detail{}},
		"+46701234567": {"", data.Block{By: data.Actor{Name: "Bo"}, At: start - 5}, data.Detail{ImportedAt: int64(start - 5)}},
	} {
		c, err := w.FindCustomer(t.Context(), data.Address(phone))
		w.must(err)
		want.block.By.Kind, want.block.By.Channel = data.ImportActor, data.ViaImport
		if c.Name != want.name || *c.Block != want.block {
			t.Errorf("%s is %+v, blocked %+v, want %+v", phone, c, *c.Block, want.block)
		}
		e := w.events(c.ID)[0]
		if by := (data.Actor{Kind: data.ImportActor, Name: "Bo", Channel: data.ViaImport}); e.Kind != data.BlockedEvent || e.Actor != by || e.At != start || e.RecordedAt != start || e.Rest() != want.rest {
			t.Errorf("%s has the event %+v", phone, e)
		}
	}
	if w.counts().All != 0 {
		t.Error("a list makes no chats")
	}
	w.sound(3)
}

// Who is known here is met as every other act meets them: an end that has come
// is written down first, the chat shows the block, and a name is only given
// where there is none.
func TestImportMeetsTheKnown(t *testing.T) {
	w := newWorld(t)
	known, named, ended, blocked := w.takes(riya, "hello").CustomerID, w.takes(ada, "hello").CustomerID, w.takes("+46701234567", "hello").CustomerID, w.takes("+46701234568", "hello").CustomerID
	w.must(w.Rename(t.Context(), asha, named, "Ada"))
	w.blocks(asha, ended, data.BlockRequest{Until: w.Now().Add(time.Minute)})
	w.takes("+46701234567", "held")
	w.blocks(asha, blocked, data.BlockRequest{Note: "stays"})
	w.clock.add(time.Hour)
	told := w.lastChange()

	n, refused := w.imports(
		desk.ImportRow{Phone: riya, Name: "Riya"}, desk.ImportRow{Phone: ada, Name: "Somebody else"}, desk.ImportRow{Phone: "+46701234567"},
		desk.ImportRow{Phone: "+46701234568", Note: "other"}, desk.ImportRow{Phone: riya, Note: "again"}, desk.ImportRow{Phone: "+46701234569"},
	)

	if want := (desk.ImportResult{Blocked: 4, NewCustomers: 1, Changed: 1, Duplicates: 1}); n != want || n.Rows() != 6 || refused != "" {
		t.Errorf("%+v, %s", n, refused)
	}
	if got := w.customer(known).Name + w.customer(named).Name; got != "RiyaAda" {
		t.Errorf("the names are %s", got)
	}
	if got := w.kinds(ended); got != "blocked block_ended blocked" {
		t.Errorf("the events are %s", got)
	}
	if got := w.shows(ended); !strings.Contains(got, "held") {
		t.Errorf("what was held until the end is not shown: %s", got)
	}
	if b := w.customer(blocked).Block; b.Note != "other" || b.By != asha || b.At != start {
		t.Errorf("who was already blocked is so as %+v now", b)
	}
	if e := w.events(blocked)[1]; e.Kind != data.NoteEvent || e.Actor.Name != "Bo" || e.Actor.Channel != data.ViaImport || e.Rest() != (data.Detail{Note: "other"}) {
		t.Errorf("the change of a block in force is %+v", e)
	}
	if got := w.chat(known).Preview; got != "Customer blocked by Bo" {
		t.Errorf("the chat shows %q", got)
	}
	var changed []int64
	for _, c := range w.since(told) {
		changed = append(changed, c.CustomerID)
	}
	if want := []int64{known, named, ended, ended, blocked, blocked + 1}; !slices.Equal(changed, want) {
		t.Errorf("changes of %v are told, want %v", changed, want)
	}
	w.sound(9)
}

func TestImportRefuses(t *testing.T) {
	w := newWorld(t)
	now := w.Now()
	n, refused := w.imports(
		desk.ImportRow{Line: 3, Phone: riya, Note: strings.Repeat("é", data.MaxNote+1)},
		desk.ImportRow{Line: 4, Phone: riya, Until: now},
		desk.ImportRow{Line: 5, Phone: riya, At: now - 1, Until: now - 2},
		desk.ImportRow{Line: 6, Phone: riya, At: now + 1},
		desk.ImportRow{Line: 7, Phone: riya, At: -1},
		desk.ImportRow{Line: 8, Phone: riya, Until: now.Add(101 * 365 * 24 * time.Hour)},
		desk.ImportRow{Line: 9, Phone: riya, Note: strings.Repeat("é", data.MaxNote)}, // the bad ones do not make it a duplicate
	)
	if want := (desk.ImportResult{Blocked: 1, NewCustomers: 1, Refused: 6}); n != want {
		t.Errorf("%+v", n)
	}
	for i, want := range []string{"note is longer", "in the past", "ends before it begins", "in the future", "before 1970", "more than a hundred years"} {
		if line := strings.Split(refused, "\n")[i]; !strings.HasPrefix(line, fmt.Sprint(i+3, ": ")) || !strings.Contains(line, want) {
			t.Errorf("%q does not say %q", line, want)
		}
	}
	w.sound(1)
}

// A dry run counts what the import then does, and changes nothing.
func TestImportDryRun(t *testing.T) {
	w := newWorld(t)
	w.blocks(asha, w.takes("+46700000003", "hello").CustomerID, data.BlockRequest{Reason: "Spam"})
	w.blocks(asha, w.takes("+46700000005", "hello").CustomerID, data.BlockRequest{Until: w.Now().Add(time.Hour)})
	w.takes("+46700000004", "hello")
	told := w.lastChange()
	rows := func(yield func(desk.ImportRow) bool) {
		for row := range list(500) {
			if !yield(row) || row.Line%100 == 0 && (!yield(row) || !yield(desk.ImportRow{Phone: riya, At: -1})) {
				return
			}
		}
	}
	dry, err := w.Import(t.Context(), desk.ImportRequest{Rows: rows, DryRun: true})
	w.must(err)
	if want := (desk.ImportResult{Blocked: 498, NewCustomers: 497, Changed: 1, Already: 1, Duplicates: 5, Refused: 5}); dry != want {
		t.Errorf("%+v", dry)
	}
	if w.lastChange() != told {
		t.Error("something was changed")
	}
	w.sound(2)
	done, err := w.Import(t.Context(), desk.ImportRequest{Rows: rows})
	w.must(err)
	if done != dry {
		t.Errorf("done is %+v, foretold was %+v", done, dry)
	}
	w.sound(502)
}

const longList = 4000

// Stopped, it says what is in; a second run brings the rest and nothing twice.
func TestImportStopped(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	n, err := w.Import(ctx, desk.ImportRequest{Rows: list(longList), OnProgress: func(desk.ImportResult) { stop() }})
	if !errors.Is(err, context.Canceled) || n.Blocked == 0 || n.Blocked == longList {
		t.Fatalf("%+v, %v", n, err)
	}
	w.sound(int64(n.Blocked))
	again, err := w.Import(t.Context(), desk.ImportRequest{Rows: list(longList)})
	w.must(err)
	if again.Already != n.Blocked || again.Blocked != longList-n.Blocked {
		t.Errorf("the second run: %+v after %+v", again, n)
	}
	w.sound(longList)
}

// A failure in the middle leaves what was written before, and says how many
// that are.
func TestImportFailsInTheMiddle(t *testing.T) {
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(was)
	w := newWorld(t)
	w.sql("CREATE TRIGGER no_more BEFORE INSERT ON customers WHEN NEW.id > 3000 BEGIN SELECT RAISE(ABORT, 'no more'); END")
	n, err := w.Import(t.Context(), desk.ImportRequest{Rows: list(longList)})
	if err == nil || n.Blocked == 0 || n.Blocked > 3000 {
		t.Fatalf("%+v, %v", n, err)
	}
	w.sql("DROP TRIGGER no_more")
	w.sound(int64(n.Blocked))
	again, err := w.Import(t.Context(), desk.ImportRequest{Rows: list(longList)})
	w.must(err)
	if again.Already != n.Blocked || again.Blocked != longList-n.Blocked {
		t.Errorf("the second run: %+v after %+v", again, n)
	}
	w.sound(longList)
}

// Another program's act is done while a list comes in, not after it.
func TestOthersGoOnBesideImport(t *testing.T) {
	w := newWorld(t)
	other := w.another()
	id := w.takes(riya, "hello").CustomerID
	begun := make(chan bool)
	done := make(chan error, 1)
	var begin sync.Once
	go func() {
		select {
		case <-begun:
		case <-t.Context().Done():
		}
		_, err := other.Block(t.Context(), bo, id, data.BlockRequest{})
		done <- err
	}()
	after := 0
	n, err := w.Import(t.Context(), desk.ImportRequest{Rows: list(10 * longList), OnProgress: func(desk.ImportResult) {
		begin.Do(func() { close(begun) })
		if len(done) > 0 {
			after++
		}
	}})
	w.must(err)
	w.must(waittest.Receive(t, "the act beside the list", done))
	if after < 2 { // one is told when all is in
		t.Errorf("it waited for the whole list")
	}
	w.sound(int64(n.Blocked) + 1)
}

// TestImportWorker is no test but what TestImportKilled kills: it brings a list
// in and says after each piece how many are blocked.
func TestImportWorker(t *testing.T) {
	path := os.Getenv("LATCHDESK_TEST_IMPORT")
	if path == "" {
		return
	}
	s, err := store.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = desk.New(s).Import(t.Context(), desk.ImportRequest{Rows: list(longList), OnProgress: func(n desk.ImportResult) { fmt.Println("blocked", n.Blocked+n.Already) }})
	fmt.Println("end", err)
}

// Killed at any moment, the chain is whole, what was told is in, and a second
// run brings the rest.
func TestImportKilled(t *testing.T) {
	w := newWorld(t)
	w.clock.set(data.MomentOf(time.Now()))
	for kill := range 3 {
		ctx := waittest.Context(t)
		worker := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestImportWorker$")
		worker.Env = append(os.Environ(), "LATCHDESK_TEST_IMPORT="+w.path)
		out, err := worker.StdoutPipe()
		w.must(err)
		w.must(worker.Start())
		told, seen := 0, 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, err := fmt.Sscanf(lines.Text(), "blocked %d", &told); err == nil {
				if seen++; seen > kill {
					w.must(worker.Process.Kill())
				}
			}
		}
		_ = worker.Wait() // it tells of the kill
		w.must(ctx.Err())
		n, err := w.Check(t.Context())
		w.must(err)
		if n < int64(told) || told == 0 {
			t.Errorf("%d were told, %d are there", told, n)
		}
	}
	before, err := w.Check(t.Context())
	w.must(err)
	n, err := w.Import(t.Context(), desk.ImportRequest{Rows: list(longList)})
	w.must(err)
	if int64(n.Already) != before || n.Blocked+n.Already != longList {
		t.Errorf("%+v after %d", n, before)
	}
	w.sound(longList)
}

// The spellings of one line are one customer within a list, too: the first that stands
// there is the one blocked, once, and a dry run says the same.
func TestImport_SpellingsOfOneLine(t *testing.T) {
	w := newWorld(t)
	_, err := w.Add(t.Context(), "+5511987654321", "Known")
	w.must(err)
	rows := []desk.ImportRow{
		{Line: 2, Phone: "+5215512345678"}, {Line: 3, Phone: "+525512345678"}, // one line in Mexico
		{Line: 4, Phone: "+551187654321"}, {Line: 5, Phone: "+5511987654321"}, // one in Brazil, known here
		{Line: 6, Phone: "+22507123456"}, {Line: 7, Phone: "+2250707123456"}, // one in Ivory Coast
		{Line: 8, Phone: "+2250507123456"}, // which this is not
	}
	want := desk.ImportResult{Blocked: 4, NewCustomers: 3, Duplicates: 3}
	dry, err := w.Import(t.Context(), desk.ImportRequest{Rows: slices.Values(rows), DryRun: true})
	if w.must(err); dry != want {
		t.Errorf("a dry run says %+v", dry)
	}
	if n, refused := w.imports(rows...); n != want || refused != "" {
		t.Errorf("%+v, %s", n, refused)
	}
	for _, row := range rows {
		c, err := w.FindCustomer(t.Context(), data.Address(row.Phone))
		if w.must(err); c.Status(w.Now()) != data.Blocked {
			t.Errorf("%s is %v", row.Phone, c.Status(w.Now()))
		}
		events, err := w.Events(t.Context(), c.ID)
		if w.must(err); len(events) != 1 {
			t.Errorf("%s has %d events", row.Phone, len(events))
		}
	}
}
