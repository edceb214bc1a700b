package desk_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// follower gathers what a desk tells.
type follower struct {
	t    *testing.T
	stop func() error
	news chan []data.Change
}

// subscribe gathers what is told from now on.
func subscribe(t *testing.T, d *desk.Desk) *follower {
	t.Helper()
	f := &follower{t: t, news: make(chan []data.Change, 1000)}
	if err := d.Subscribe(t.Context(), func(changes []data.Change) { f.news <- slices.Clone(changes) }); err != nil {
		t.Fatal(err)
	}
	return f
}

// watch runs the desk's Watch until stop, which returns its error, or the end of
// the test.
func watch(t *testing.T, d *desk.Desk) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Watch(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(waittest.Deadline):
			return errors.New("Watch does not end")
		}
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

// follow gathers what is told from now on, while Watch runs.
func follow(t *testing.T, d *desk.Desk) *follower {
	t.Helper()
	f := subscribe(t, d)
	f.stop = watch(t, d)
	return f
}

// next waits for the next news.
func (f *follower) next() []data.Change {
	f.t.Helper()
	select {
	case changes := <-f.news:
		return changes
	case <-time.After(waittest.Deadline):
		f.t.Fatal("waited in vain for a change to be told")
	}
	return nil
}

// until gathers what is told up to the change that is the newest now.
func (f *follower) until(seq int64) []data.Change {
	f.t.Helper()
	var all []data.Change
	for len(all) == 0 || all[len(all)-1].Seq < seq {
		all = append(all, f.next()...)
	}
	return all
}

// All who subscribe are told of every change once, in order, whoever made it:
// this desk, or another on the same file.
func TestWatch_TellsEveryChangeOnceInOrder(t *testing.T) {
	w := newWorld(t)
	other := w.another()
	mine, theirs := follow(t, w.Desk), follow(t, other)
	from := w.lastChange() + 1
	var all sync.WaitGroup
	errs := make([]error, 2)
	for i, d := range []*desk.Desk{w.Desk, other} {
		all.Go(func() {
			for n := range 30 {
				phone := []data.Phone{riya, ada}[i]
				_, err := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: phone}, Message: message(string(phone)+string(rune('a'+n)), start)}})
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	all.Wait()
	w.must(errors.Join(errs...))
	want := w.since(from - 1)
	if len(want) != 60 {
		t.Fatalf("%d changes", len(want))
	}
	for name, f := range map[string]*follower{"this": mine, "the other": theirs} {
		if got := f.until(w.lastChange()); !slices.Equal(got, want) {
			t.Errorf("%s is told %v, want %v", name, got, want)
		}
	}
	w.must(errors.Join(mine.stop(), theirs.stop()))
}

// What is told was committed before: who asks then sees it.
func TestWatch_TellsAfterTheCommit(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	other := w.another()
	f := follow(t, w.Desk)
	for range 10 {
		if _, err := other.Block(t.Context(), asha, id, data.BlockRequest{}); err != nil {
			t.Fatal(err)
		}
		if got := f.next(); len(got) != 1 || got[0].Kind != data.CustomerChanged || got[0].CustomerID != id || w.customer(id).Block == nil {
			t.Fatalf("%+v, %+v", got, w.customer(id))
		}
		w.unblocks(asha, id)
		if got := f.next(); len(got) != 1 || w.customer(id).Block != nil {
			t.Fatalf("%+v, %+v", got, w.customer(id))
		}
	}
}

// What failed is not told, and more than one read's worth is told whole.
func TestWatch_TellsManyChangesAtOnce(t *testing.T) {
	w := newWorld(t)
	f := follow(t, w.Desk)
	from := w.lastChange()
	var batch []data.Incoming
	for i := range 2500 {
		batch = append(batch, data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{At: start + data.Moment(i), Kind: data.TextMessage}})
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.Receive(stopped, batch); err == nil {
		t.Fatal("no error")
	}
	_, err := w.Receive(t.Context(), batch)
	w.must(err)
	got := f.until(w.lastChange())
	if len(got) != len(batch) || got[0].Seq != from+1 {
		t.Errorf("%d changes are told from %d on, want %d from %d", len(got), got[0].Seq, len(batch), from+1)
	}
}

// The end of its context ends a subscription at once.
func TestSubscribe_EndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	calls := 0
	ctx, cancel := context.WithCancel(t.Context())
	w.must(w.Subscribe(ctx, func([]data.Change) { calls++ }))
	f := follow(t, w.Desk)
	w.must(w.RequestActivate(t.Context()))
	f.next() // is told after those who subscribed before it
	if calls == 0 {
		t.Error("it was never told")
	}
	before := calls
	cancel()
	cancel() // twice is once
	w.must(w.RequestActivate(t.Context()))
	if got := f.next(); len(got) != 1 || got[0].Kind != data.ActivateRequested || got[0].CustomerID != 0 {
		t.Errorf("%+v", got)
	}
	w.must(f.stop())
	if calls != before {
		t.Errorf("it was told %d times more", calls-before)
	}
	if err := w.Subscribe(ctx, func([]data.Change) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a subscription that ended before it began: %v", err)
	}
}

// Whoever watches hears of the end of its store.
func TestWatch_EndsWithItsStore(t *testing.T) {
	w := newWorld(t)
	s, err := store.Open(t.Context(), w.path, w.clock.now)
	w.must(err)
	w.must(s.Close())
	ended := make(chan error, 1)
	go func() { ended <- desk.New(s).Watch(t.Context()) }()
	select {
	case err := <-ended:
		if !errors.Is(err, data.ErrClosed) {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(waittest.Deadline):
		t.Error("it does not end")
	}
}

// What is committed between a subscription and the start of Watch, by this
// process or another, is told when Watch starts, and what was before is not.
func TestWatch_TellsWhatWasCommittedBeforeItStarted(t *testing.T) {
	w := newWorld(t)
	other := w.another()
	id := w.takes(riya, "Hello").CustomerID
	early := subscribe(t, w.Desk)
	from := w.lastChange()
	_, err := other.Block(t.Context(), bo, id, data.BlockRequest{})
	w.must(err)
	late := subscribe(t, w.Desk)
	w.unblocks(asha, id)
	want := w.since(from)
	if len(want) < 2 {
		t.Fatalf("%d changes", len(want))
	}
	watch(t, w.Desk)
	if got := early.until(w.lastChange()); !slices.Equal(got, want) {
		t.Errorf("told is %v, want %v", got, want)
	}
	if got := late.until(w.lastChange()); !slices.Equal(got, want[1:]) {
		t.Errorf("who subscribed later is told %v, want %v", got, want[1:])
	}
}

// Watch can be stopped and started again without a loss, and tells nothing twice.
func TestWatch_GoesOnWhereItStopped(t *testing.T) {
	w := newWorld(t)
	from := w.lastChange()
	f := subscribe(t, w.Desk)
	var got []data.Change
	for range 5 {
		stop := watch(t, w.Desk)
		w.must(w.RequestActivate(t.Context()))
		got = append(got, f.until(w.lastChange())...)
		w.must(stop())
		w.must(w.RequestActivate(t.Context()))
	}
	watch(t, w.Desk)
	got = append(got, f.until(w.lastChange())...)
	if want := w.since(from); !slices.Equal(got, want) || len(want) != 10 {
		t.Errorf("told is %v, want %v", got, want)
	}
}

// Whoever subscribes while others write is told of every change after the ones
// that its own first read can see.
func TestSubscribe_MissesNothingWhileOthersWrite(t *testing.T) {
	w := newWorld(t)
	other := w.another()
	watch(t, w.Desk)
	const writes = 200
	written := make(chan error, 1)
	go func() {
		var err error
		for range writes {
			err = errors.Join(err, other.RequestActivate(t.Context()))
		}
		written <- err
	}()
	var all []*follower
	var seen []int64
	for range 50 {
		all = append(all, subscribe(t, w.Desk))
		seen = append(seen, w.lastChange()) // its first read
	}
	select {
	case err := <-written:
		w.must(err)
	case <-time.After(waittest.Deadline):
		t.Fatal("waited in vain for the writes to be done")
	}
	w.must(w.RequestActivate(t.Context())) // so that there is something to wait for
	for i, f := range all {
		got := f.until(w.lastChange())
		if got[0].Seq > seen[i]+1 {
			t.Errorf("what came after %d was read is told from %d on", seen[i], got[0].Seq)
		}
		for n, c := range got {
			if c.Seq != got[0].Seq+int64(n) {
				t.Fatalf("%d is told in place of %d", c.Seq, got[0].Seq+int64(n))
			}
		}
	}
}

// Where changes were pruned before they could be told, everything may be
// different.
func TestWatch_TellsOfPrunedChanges(t *testing.T) {
	w := newWorld(t)
	f := subscribe(t, w.Desk)
	from := w.lastChange()
	for range 4 {
		w.must(w.RequestActivate(t.Context()))
	}
	w.prunes(from + 2)
	want := append([]data.Change{{Seq: from + 2, Kind: data.WorldChanged}}, w.since(from)...)
	watch(t, w.Desk)
	if got := f.until(w.lastChange()); !slices.Equal(got, want) || len(want) != 3 {
		t.Errorf("told is %v, want %v", got, want)
	}
}

// prunes forgets changes, as happens where there are very many.
func (w *world) prunes(upTo int64) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.path)
	w.must(err)
	defer db.Close()
	_, err = db.ExecContext(w.t.Context(), "DELETE FROM changes WHERE seq <= ?", upTo)
	w.must(err)
}
