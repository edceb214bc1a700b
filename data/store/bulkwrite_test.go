package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// What is written of many in one transaction is chained as if it were written
// one by one, and goes as a whole where it fails.
func TestMany(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 2)
	last, err := s.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	act := func(n int, end error) error {
		return s.Write(t.Context(), func(tx *store.Tx) error {
			err := tx.BulkWrite(func() error {
				for range n {
					e, err := tx.Append(data.Event{CustomerID: c.ID, Phone: c.Phone})
					if err != nil {
						return err
					}
					if err := tx.Changed(data.CustomerChanged, e.Seq); err != nil {
						return err
					}
				}
				return end
			})
			if err != nil {
				return err
			}
			_, err = tx.Append(data.Event{CustomerID: c.ID, Phone: c.Phone}) // after many, one is one again
			return err
		})
	}
	if err := act(25, nil); err != nil {
		t.Fatal(err)
	}
	if err := act(25, wrong); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if err := act(0, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != 29 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
	changes, err := s.ChangesAfter(t.Context(), last, 100)
	if err != nil || len(changes) != 25 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	for i, change := range changes {
		if change.Kind != data.CustomerChanged || change.CustomerID != int64(i+3) {
			t.Errorf("change %d is %+v", i, change)
		}
	}
}

// A disk that gets full while many are blocked leaves some blocked, each whole,
// and says how many; with room again the same once more does the rest.
func TestDiskFullInTheMiddleOfMany(t *testing.T) {
	s := openNew(t)
	d := desk.New(s)
	var ids []int64
	write(t, s, func(tx *store.Tx) error {
		for i := range 1000 {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprintf("+4670%07d", i))), "")
			if err != nil {
				return err
			}
			ids = append(ids, c.ID)
		}
		return nil
	})
	by := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	full := false
	m, err := d.BlockMany(t.Context(), by, ids, data.BlockRequest{Note: "Same advert in many chats"}, func(desk.Progress) {
		if !full {
			full = true
			allow(t, s, rawText(t, s.Writer(t), "PRAGMA page_count"))
		}
	})
	if !errors.Is(err, data.ErrFull) || m.Done == 0 || m.Reached() == len(ids) {
		t.Fatalf("%+v, %v", m.Progress, err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != int64(m.Done) || err != nil {
		t.Errorf("%d events of %d blocks, %v", n, m.Done, err)
	}
	allow(t, s, "1000000")
	again, err := d.BlockMany(t.Context(), by, ids, data.BlockRequest{}, nil)
	if err != nil || again.Already != m.Done || again.Done != len(ids)-m.Done {
		t.Errorf("%+v after %+v, %v", again.Progress, m.Progress, err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != int64(len(ids)) || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}
