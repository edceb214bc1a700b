package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Whichever statement of an act fails, the act says so and nothing of it is
// there: no status without its event, no event without its status, and neither
// without what DoubleTick is to be told of it.
func TestActsAreWholeOrNotAtAll(t *testing.T) {
	asha := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	const riya = data.Phone("+919137979401")
	faulty := errors.New("the disk is on fire")
	for name, c := range map[string]struct {
		blocked, due bool // before the act: blocked with a message held; for an hour that is over
		act          func(d *desk.Desk, id int64) error
	}{
		"Block": {false, false, func(d *desk.Desk, id int64) error {
			_, err := d.Block(t.Context(), asha, id, data.BlockRequest{Reason: "Spam", Until: start.Add(9 * time.Hour)})
			return err
		}},
		"Unblock": {true, false, func(d *desk.Desk, id int64) error {
			_, err := d.Unblock(t.Context(), asha, id, data.UnblockRequest{})
			return err
		}},
		"Unblock and discard": {true, false, func(d *desk.Desk, id int64) error {
			_, err := d.Unblock(t.Context(), asha, id, data.UnblockRequest{Discard: true})
			return err
		}},
		"Block whose block is over": {true, true, func(d *desk.Desk, id int64) error {
			_, err := d.Block(t.Context(), asha, id, data.BlockRequest{})
			return err
		}},
		"Expire": {true, true, func(d *desk.Desk, _ int64) error { _, err := d.Expire(t.Context()); return err }},
		"Send":   {true, true, func(d *desk.Desk, id int64) error { _, err := d.Send(t.Context(), asha, id, "Hello"); return err }},
		"Receive": {true, true, func(d *desk.Desk, _ int64) error {
			_, err := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: riya, Name: "Riya"}, Message: incoming("new", start)}, {From: data.Sender{Phone: "+46701234567"}, Message: incoming("new, too", start)}})
			return err
		}},
		"Receive what is held": {true, false, func(d *desk.Desk, _ int64) error {
			_, err := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: riya}, Message: incoming("new", start)}})
			return err
		}},
		"Leave":        {true, false, func(d *desk.Desk, _ int64) error { return d.Leave(t.Context()) }},
		"SendAllAgain": {true, true, func(d *desk.Desk, _ int64) error { _, err := d.ResendAll(t.Context(), nil); return err }},
		"ClaimEntry": {true, false, func(d *desk.Desk, _ int64) error {
			a, err := d.Account(t.Context())
			if err == nil {
				_, _, err = d.ClaimEntry(t.Context(), a.JoinedAt, 1)
			}
			return err
		}},
		"Rename":       {true, true, func(d *desk.Desk, id int64) error { return d.Rename(t.Context(), asha, id, "Riya") }},
		"SetTags":      {true, true, func(d *desk.Desk, id int64) error { return d.SetTags(t.Context(), id, []string{"vip", "new"}) }},
		"Clear":        {true, true, func(d *desk.Desk, id int64) error { return errorOf(d.Clear(t.Context(), asha, id)) }},
		"SetRead":      {false, false, func(d *desk.Desk, id int64) error { return d.SetRead(t.Context(), id, true) }},
		"SaveDraft":    {false, false, func(d *desk.Desk, id int64) error { return d.SaveDraft(t.Context(), id, "Dear") }},
		"Add":          {false, false, func(d *desk.Desk, _ int64) error { _, err := d.Add(t.Context(), "+46701234567", "Ada"); return err }},
		"SaveSettings": {false, false, func(d *desk.Desk, _ int64) error { return d.SaveSettings(t.Context(), data.Settings{Agent: "Bo"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			now := start
			s := openWith(t, newPath(t), func() time.Time { return now.Time() })
			d := desk.New(s)
			got, err := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: riya}, Message: incoming("first", start)}})
			if err != nil {
				t.Fatal(err)
			}
			id := got[0].CustomerID
			if err := d.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}); err != nil {
				t.Fatal(err)
			}
			if c.blocked {
				_, err := d.Block(t.Context(), asha, id, data.BlockRequest{Until: start.Add(time.Hour)})
				_, second := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: riya}, Message: incoming("held", start)}})
				if err := errors.Join(err, second); err != nil {
					t.Fatal(err)
				}
			}
			if c.due {
				now = start.Add(time.Hour)
			}
			before := dump(t, s.Path)
			events, err := s.VerifyEvents(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for n := 1; ; n++ {
				var err error
				asked := s.FailAt(t, n, faulty, func() { err = c.act(d, id) })
				if asked < n { // it was done without reaching the fault
					if err != nil {
						t.Fatal(err)
					}
					if n < 3 {
						t.Errorf("it is only %d statements", n)
					}
					break
				}
				if !errors.Is(err, faulty) {
					t.Errorf("statement %d failed: %v", n, err)
				}
				if after := dump(t, s.Path); after != before {
					t.Fatalf("statement %d failed, and there is\n%s\ninstead of\n%s", n, after, before)
				}
			}
			if dump(t, s.Path) == before {
				t.Error("in the end nothing was done")
			}
			if n, err := s.VerifyEvents(t.Context()); err != nil || n < events {
				t.Errorf("%d events, %v", n, err)
			}
		})
	}
}

// errorOf returns the error of an act whose event does not matter here.
func errorOf(_ data.Event, err error) error { return err }
