package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// When the disk is full nothing is half-written, and what was there can still
// be read; when there is room again, the desk goes on.
func TestDiskFull(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 3)
	allow(t, s, rawText(t, s.Writer(t), "PRAGMA page_count"))
	before := dump(t, s.Path)
	big := strings.Repeat("x", 100_000)
	for name, act := range map[string]func(tx *store.Tx) error{
		"a message": func(tx *store.Tx) error {
			c := c
			_, _, err := tx.AddMessage(&c, incoming(big, start))
			return err
		},
		"a block and its event": func(tx *store.Tx) error {
			c := c
			if err := tx.SetBlock(&c, &data.Block{At: start, Reason: "Spam"}); err != nil {
				return err
			}
			_, err := tx.Append(data.Event{CustomerID: c.ID, Detail: data.Detail{Note: big}.Canonical()})
			return err
		},
		"a draft": func(tx *store.Tx) error {
			if err := tx.AddAgent("nobody"); err != nil {
				return err
			}
			return tx.SaveDraft(c.ID, big)
		},
	} {
		err := s.Write(t.Context(), act)
		if !errors.Is(err, data.ErrFull) || !strings.Contains(err.Error(), s.Path) {
			t.Errorf("%s: %v", name, err)
		}
		if after := dump(t, s.Path); after != before {
			t.Fatalf("%s: something was written", name)
		}
	}
	if page, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 10}); err != nil || len(page.Items) != 4 {
		t.Errorf("%d things to read, %v", len(page.Items), err)
	}
	allow(t, s, "1000000")
	write(t, s, func(tx *store.Tx) error {
		c := c
		_, _, err := tx.AddMessage(&c, incoming(big, start))
		return err
	})
	if n, err := s.VerifyEvents(t.Context()); n != 3 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

// Where the file cannot be written, or another program holds it for longer than
// one waits, that is what is told, and nothing is written.
func TestCannotBeWritten(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	before := dump(t, s.Path)
	act := func(tx *store.Tx) error {
		c := c
		return tx.SetBlock(&c, &data.Block{At: start})
	}
	rawExec(t, s.Writer(t), "PRAGMA query_only = 1")
	if err := s.Write(t.Context(), act); !errors.Is(err, data.ErrReadOnly) {
		t.Errorf("a file that cannot be written: %v", err)
	}
	rawExec(t, s.Writer(t), "PRAGMA query_only = 0", "PRAGMA busy_timeout = 20")
	holder := rawOpen(t, s.Path)
	rawExec(t, holder, "BEGIN IMMEDIATE")
	if err := s.Write(t.Context(), act); !errors.Is(err, data.ErrBusy) {
		t.Errorf("a file that another holds: %v", err)
	}
	if page, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 10}); err != nil || len(page.Items) != 1 {
		t.Errorf("meanwhile %d things can be read, %v", len(page.Items), err)
	}
	rawExec(t, holder, "ROLLBACK")
	if after := dump(t, s.Path); after != before {
		t.Error("something was written")
	}
	write(t, s, act)
}

// allow lets the database have no more than so many pages.
func allow(t *testing.T, s *store.Store, pages string) {
	t.Helper()
	if got := rawText(t, s.Writer(t), "PRAGMA max_page_count = "+pages); got != pages {
		t.Fatalf("%s pages are allowed, not %s", got, pages)
	}
}
