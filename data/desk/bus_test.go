package desk_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// follower gathers what a desk tells.
type follower struct {
	t    *testing.T
	d    *desk.Desk
	stop func() error
	news chan []data.Change
}

// follow follows the desk from now on: it summons until the first summons is
// told, so that Follow is known to run.
func follow(t *testing.T, d *desk.Desk) *follower {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &follower{t: t, d: d, news: make(chan []data.Change, 1000)}
	unsubscribe := d.Subscribe(func(changes []data.Change) { f.news <- slices.Clone(changes) })
	ended := make(chan error, 1)
	go func() { ended <- d.Follow(ctx) }()
	var once sync.Once
	f.stop = func() (err error) {
		once.Do(func() {
			cancel()
			select {
			case err = <-ended:
			case <-time.After(patience):
				err = errors.New("Follow does not end")
			}
			unsubscribe()
		})
		return err
	}
	t.Cleanup(func() { _ = f.stop() })
	var last int64
	for awake := false; !awake; {
		if err := d.Summon(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case changes := <-f.news:
			last, awake = changes[len(changes)-1].Seq, true
		case <-time.After(20 * time.Millisecond):
		case err := <-ended:
			t.Fatalf("Follow ended: %v", err)
		}
	}
	newest, err := d.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for last < newest {
		changes := f.next()
		last = changes[len(changes)-1].Seq
	}
	return f
}

// next waits for the next news.
func (f *follower) next() []data.Change {
	f.t.Helper()
	select {
	case changes := <-f.news:
		return changes
	case <-time.After(patience):
		f.t.Fatal("nothing is told")
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

// All who follow are told of every change once, in order, whoever made it:
// this desk, or another on the same file.
func TestFollow(t *testing.T) {
	w := newWorld(t)
	other := w.another()
	mine, theirs := follow(t, w.Desk), follow(t, other)
	from := w.lastChange() + 1
	mine.until(from - 1) // the other's summons
	var all sync.WaitGroup
	errs := make([]error, 2)
	for i, d := range []*desk.Desk{w.Desk, other} {
		all.Go(func() {
			for n := range 30 {
				phone := []data.Phone{riya, ada}[i]
				_, err := d.Receive(t.Context(), []data.Incoming{{Phone: phone, Message: message(string(phone)+string(rune('a'+n)), start)}})
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
func TestToldAfterTheCommit(t *testing.T) {
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
func TestManyChangesAtOnce(t *testing.T) {
	w := newWorld(t)
	f := follow(t, w.Desk)
	from := w.lastChange()
	var batch []data.Incoming
	for i := range 2500 {
		batch = append(batch, data.Incoming{Phone: riya, Message: data.Message{At: start + data.Moment(i), Kind: data.TextMessage}})
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

func TestUnsubscribe(t *testing.T) {
	w := newWorld(t)
	calls := 0
	cancel := w.Subscribe(func([]data.Change) { calls++ })
	f := follow(t, w.Desk)
	if calls == 0 {
		t.Error("it was never told")
	}
	before := calls
	cancel()
	cancel() // twice is once
	w.must(w.Summon(t.Context()))
	if got := f.next(); len(got) != 1 || got[0].Kind != data.Summoned || got[0].CustomerID != 0 {
		t.Errorf("%+v", got)
	}
	w.must(f.stop())
	if calls != before {
		t.Errorf("it was told %d times more", calls-before)
	}
}

// Whoever follows hears of the end of its store.
func TestFollowAClosedStore(t *testing.T) {
	w := newWorld(t)
	s, err := store.Open(t.Context(), w.path, w.clock.now)
	w.must(err)
	w.must(s.Close())
	ended := make(chan error, 1)
	go func() { ended <- desk.New(s).Follow(t.Context()) }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it follows nothing")
		}
	case <-time.After(patience):
		t.Error("it does not end")
	}
}
