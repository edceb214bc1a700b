package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// Two programs that read before they write, all at once, wait for each other:
// none is turned away, and none overwrites what the other wrote.
func TestWritersWait(t *testing.T) {
	path := newPath(t)
	stores := [2]*store.Store{openAt(t, path), openAt(t, path)}
	c := addCustomer(t, stores[0], "+46701234567", "")
	const acts = 100
	errs := make([]error, acts)
	var all sync.WaitGroup
	for i := range acts {
		all.Go(func() {
			errs[i] = stores[i%2].Write(t.Context(), func(tx *store.Tx) error {
				now, err := tx.Customer(c.ID)
				if err != nil {
					return err
				}
				return tx.SetName(&now, now.Name+"x")
			})
		})
		all.Go(func() {
			if _, err := stores[i%2].Timeline(t.Context(), c.ID, data.Span{Limit: 5}); err != nil {
				t.Error(err)
			}
		})
	}
	waittest.Return(t, "all acts", all.Wait)
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	for _, s := range stores {
		now, err := s.Customer(t.Context(), c.ID)
		if err != nil || len(now.Name) != acts || now.Version != c.Version+acts {
			t.Errorf("%d acts are seen, version %d, %v", len(now.Name), now.Version, err)
		}
	}
}

// Who wrote first wins: what was read before is not written over it.
func TestVersionsAreChecked(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	old := c
	write(t, s, func(tx *store.Tx) error { return tx.SetName(&c, "Faster") })
	for name, act := range map[string]func(tx *store.Tx, c *data.Customer) error{
		"a name":  func(tx *store.Tx, c *data.Customer) error { return tx.SetName(c, "Slower") },
		"a block": func(tx *store.Tx, c *data.Customer) error { return tx.SetBlock(c, &data.Block{At: start}) },
		"tags":    func(tx *store.Tx, c *data.Customer) error { return tx.SetTags(c, []string{"slow"}) },
	} {
		late := old
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return act(tx, &late) }); !errors.Is(err, data.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	now, err := s.Customer(t.Context(), c.ID)
	if err != nil || now.Name != "Faster" || now.Version != 2 || now.Block != nil || len(now.Tags) != 0 {
		t.Errorf("%+v, %v", now, err)
	}
}

// What fails, or is given up, in the middle never happened.
func TestWriteIsWholeOrNotAtAll(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	before := dump(t, s.Path)
	mine := errors.New("mine")
	act := func(tx *store.Tx) error {
		c := c
		if err := tx.SetBlock(&c, &data.Block{At: start}); err != nil {
			return err
		}
		if _, err := tx.Append(data.Event{CustomerID: c.ID, Detail: "{}"}); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return errors.Join(act(tx), mine) }); !errors.Is(err, mine) {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if err := s.Write(ctx, func(tx *store.Tx) error { defer stop(); return act(tx) }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Write(t.Context(), func(tx *store.Tx) error { _ = act(tx); panic("a bug") })
	}()
	if after := dump(t, s.Path); after != before {
		t.Errorf("something was written:\n%s\n%s", before, after)
	}
	write(t, s, act) // the writer is free again
}

// A crash right after a write loses nothing that was confirmed: what is in the
// files at that moment is the whole database.
func TestConfirmedIsOnTheDisk(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for i := range 20 {
		appendEvents(t, s, c, 1)
		crashed := filepath.Join(t.TempDir(), "latchdesk.db")
		for _, end := range []string{"", "-wal"} {
			copyTo(t, s.Path+end, crashed+end)
		}
		if n, err := openAt(t, crashed).VerifyEvents(t.Context()); n != int64(i+1) || err != nil {
			t.Fatalf("%d of %d events, %v", n, i+1, err)
		}
	}
}

// A change is given once, in order, and none before it was committed.
func TestChanges(t *testing.T) {
	path := newPath(t)
	s, other := openAt(t, path), openAt(t, path)
	if last, err := s.LastChange(t.Context()); last != 0 || err != nil {
		t.Errorf("%d, %v", last, err)
	}
	for i := range 10 {
		write(t, []*store.Store{s, other}[i%2], func(tx *store.Tx) error {
			if err := tx.Changed(data.CustomerChanged, int64(i)); err != nil {
				return err
			}
			if last, err := s.LastChange(t.Context()); last != int64(i) || err != nil {
				return fmt.Errorf("%d is told before it happened: %w", last, err)
			}
			return nil
		})
	}
	var got []data.Change
	for seq := int64(0); ; {
		changes, err := other.ChangesAfter(t.Context(), seq, 3)
		if err != nil || len(changes) > 3 {
			t.Fatalf("%v, %v", changes, err)
		}
		if len(changes) == 0 {
			break
		}
		got = append(got, changes...)
		seq = changes[len(changes)-1].Seq
	}
	if len(got) != 10 {
		t.Errorf("%d changes", len(got))
	}
	for i, c := range got {
		if want := (data.Change{Seq: int64(i + 1), Kind: data.CustomerChanged, CustomerID: int64(i)}); c != want {
			t.Errorf("%+v, want %+v", c, want)
		}
	}
}

// The oldest changes are forgotten, and their numbers never come again.
func TestPruneChanges(t *testing.T) {
	s := openNew(t)
	write(t, s, (*store.Tx).PruneChanges) // of nothing
	rawExec(t, rawOpen(t, s.Path), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100500)
		INSERT INTO changes (kind, customer_id) SELECT 'customer', i FROM n`)
	write(t, s, (*store.Tx).PruneChanges)
	first, err := s.ChangesAfter(t.Context(), 0, 1)
	if err != nil || len(first) != 1 || first[0].Seq != 501 {
		t.Errorf("the first that is kept is %+v, %v", first, err)
	}
	if last, err := s.LastChange(t.Context()); last != 100500 || err != nil {
		t.Errorf("the last is %d, %v", last, err)
	}
	rawExec(t, rawOpen(t, s.Path), "DELETE FROM changes")
	write(t, s, func(tx *store.Tx) error { return tx.Changed(data.WorldChanged, 0) })
	if last, err := s.LastChange(t.Context()); last != 100501 || err != nil {
		t.Errorf("the next is %d, %v", last, err)
	}
}
