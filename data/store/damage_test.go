package store_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// grown is a database of many pages, closed.
func grown(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	s := openAt(t, path)
	c := addCustomer(t, s, "+46701234567", "Riya")
	write(t, s, func(tx *store.Tx) error {
		for i := range 900 {
			m := incoming(string(rune('a'+i%26))+" page of text, as customers write them when they are at it", start+data.Moment(i))
			m.RemoteID = ""
			if _, _, err := tx.AddMessage(&c, m); err != nil {
				return err
			}
		}
		return nil
	})
	appendEvents(t, s, c, 100)
	closeStore(t, s)
	return path
}

// A database that is cut or overwritten never passes the check.
func TestCheckFindsDamage(t *testing.T) {
	whole := read(t, grown(t))
	const page = 4096
	if len(whole) < 20*page || len(whole)%page != 0 {
		t.Fatalf("%d bytes", len(whole))
	}
	damage := map[string]func([]byte) []byte{
		"cut in half":         func(b []byte) []byte { return b[:len(b)/2] },
		"cut by a page":       func(b []byte) []byte { return b[:len(b)-page] },
		"cut within a page":   func(b []byte) []byte { return b[:len(b)-page/2] },
		"the header overrun":  func(b []byte) []byte { return overwrite(b, 0, page) },
		"a page of noise":     func(b []byte) []byte { return overwrite(b, len(b)/2/page*page, page) },
		"the last page zeros": func(b []byte) []byte { clear(b[len(b)-page:]); return b },
		"a byte of structure": func(b []byte) []byte { b[10*page] ^= 0xFF; return b },
	}
	for name, hurt := range damage {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, hurt(append([]byte(nil), whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			err := store.Check(t.Context(), path)
			if !errors.Is(err, data.ErrDamaged) && !errors.Is(err, data.ErrNotDatabase) {
				t.Fatalf("%v", err)
			}
			if _, err := store.Restore(t.Context(), path, newPath(t), frozen()); err == nil {
				t.Error("it can be restored")
			}
		})
	}
}

// Whatever is read of a damaged database, it is told as damage and nothing
// panics.
func TestReadingDamage(t *testing.T) {
	whole := read(t, grown(t))
	const page = 4096
	told := 0
	for at := page; at < len(whole); at += page {
		path := newPath(t)
		if err := os.WriteFile(path, overwrite(append([]byte(nil), whole...), at, page), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), path, frozen)
		if err == nil {
			_, keys := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: "riya"})
			_, timeline := s.Timeline(t.Context(), 1, data.Span{Limit: 1000})
			_, events := s.VerifyEvents(t.Context())
			writing := s.Write(t.Context(), func(tx *store.Tx) error {
				c, err := tx.Customer(1)
				if err != nil {
					return err
				}
				_, _, err = tx.AddMessage(&c, incoming("new", start))
				return err
			})
			err = errors.Join(keys, timeline, events, writing)
			closeStore(t, s)
		}
		if err == nil {
			continue // in a page that none of these reads
		}
		told++
		if store.Cause(err) != data.ErrDamaged && !errors.Is(err, data.ErrDamaged) && !errors.Is(err, data.ErrNotFound) {
			t.Errorf("page %d: %v", at/page, err)
		}
	}
	if told < len(whole)/page/2 {
		t.Errorf("only %d pages were missed", told)
	}
}

func TestCheckOfOtherFiles(t *testing.T) {
	path := newPath(t)
	if err := store.Check(t.Context(), path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the check made a file")
	}
	db := rawOpen(t, path)
	rawExec(t, db, "CREATE TABLE moz_places (id INTEGER)")
	db.Close()
	if err := store.Check(t.Context(), path); !errors.Is(err, data.ErrNotDatabase) {
		t.Errorf("another program's: %v", err)
	}
	if err := store.Check(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder passes")
	}
	s := openNew(t)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("a new one: %v", err)
	}
}

// overwrite puts noise, the same every time, over n bytes.
func overwrite(b []byte, at, n int) []byte {
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		b[at+i] = byte(noise.Uint32())
	}
	return b
}
