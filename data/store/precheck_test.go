package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

func TestNewestMessages(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	add := func(m data.Message) {
		write(t, s, func(tx *store.Tx) error {
			_, _, err := tx.AddMessage(&c, m)
			return err
		})
	}
	add(data.Message{Direction: data.Out, Kind: data.TextMessage, At: start.Add(time.Second), Text: "ours", RemoteID: "ours", Author: "Asha", Status: data.Read})
	add(data.Message{Direction: data.In, Kind: data.TextMessage, At: start.Add(time.Minute), Text: "held", RemoteID: "held", Hold: data.IsHeld})
	add(incoming(strings.Repeat("ä", 20_000), start.Add(2*time.Second)))
	add(incoming(strings.Repeat("x", data.MaxTextBytes), start.Add(3*time.Second)))
	messages, older, err := s.NewestMessages(t.Context(), c.ID, 4)
	if err != nil || older || len(messages) != 4 {
		t.Fatalf("%d messages, %v, %v", len(messages), older, err)
	}
	for i, want := range []struct {
		direction data.Direction
		at        data.Moment
		text      string
		author    string
		tick      data.MessageStatus
	}{
		{data.In, start, "first of +46701234567", "", data.StatusNone},
		{data.Out, start.Add(time.Second), "", "Asha", data.Read},
		{data.In, start.Add(2 * time.Second), strings.Repeat("ä", 16_384), "", data.StatusNone},
		{data.In, start.Add(3 * time.Second), "", "", data.StatusNone},
	} {
		m := messages[i]
		if m.ID == 0 || m.CustomerID != c.ID || m.Direction != want.direction || m.At != want.at || m.Text != want.text || m.Author != want.author || m.Status != want.tick {
			t.Errorf("%d: %v %v %.30q %q %v", i, m.Direction, m.At, m.Text, m.Author, m.Status)
		}
	}
	if messages, older, err := s.NewestMessages(t.Context(), c.ID, 3); err != nil || !older || len(messages) != 3 || messages[0].Author != "Asha" {
		t.Errorf("%d messages, %v, %v", len(messages), older, err)
	}
}

func TestNewestEvents(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 5)
	all, err := s.Events(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(all)
	for i := range all {
		all[i].Prev, all[i].Hash = nil, nil
	}
	for limit, want := range map[int]bool{3: true, 4: true, 5: false, 6: false} {
		events, earlier, err := s.NewestEvents(t.Context(), c.ID, limit)
		if err != nil || earlier != want || fmt.Sprint(events) != fmt.Sprint(all[:min(limit, 5)]) {
			t.Errorf("%d: %v, %v, %v", limit, events, earlier, err)
		}
	}
}

// A block counts by whom and when it was written down, and whichever customer
// it is of.
func TestBlocksBy(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	event := func(kind data.EventKind, actor data.ActorKind, name string, recorded data.Moment) {
		write(t, s, func(tx *store.Tx) error {
			_, err := tx.Append(data.Event{
				At: start, RecordedAt: recorded, Kind: kind, CustomerID: c.ID, Phone: c.Phone,
				Actor: data.Actor{Kind: actor, Name: name, Channel: data.ViaWindow}, Detail: "{}",
			})
			return err
		})
	}
	event(data.BlockedEvent, data.AgentActor, "Asha", start)
	event(data.BlockedEvent, data.AgentActor, "Asha", start-1)
	event(data.BlockedEvent, data.AgentActor, "Mei", start)
	event(data.BlockedEvent, data.APIActor, "Asha", start)
	event(data.UnblockedEvent, data.AgentActor, "Asha", start)
	event(data.BlockedEvent, data.AgentActor, "Asha", start.Add(time.Hour))
	if n, err := s.BlocksBy(t.Context(), "Asha", start); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What is asked before a block is found by an index, or among the newest.
func TestALookReadsLittle(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for want, read := range map[string]func() error{
		"messages USING INDEX messages_shown (customer_id=?)": func() error { _, _, err := s.NewestMessages(t.Context(), c.ID, 50); return err },
		"events USING INDEX events_timeline (customer_id=?)":  func() error { _, _, err := s.NewestEvents(t.Context(), c.ID, 50); return err },
		"events USING INTEGER PRIMARY KEY (rowid>?)":          func() error { _, err := s.BlocksBy(t.Context(), "Asha", start); return err },
		"settings USING PRIMARY KEY (key=?)":                  func() error { _, err := s.DisabledRules(t.Context()); return err },
	} {
		var plan []string
		for _, statement := range s.Spy(t, func() {
			if err := read(); err != nil {
				t.Fatal(err)
			}
		}) {
			plan = append(plan, explain(t, s, statement)...)
		}
		if steps := strings.Join(plan, "\n"); !strings.Contains(steps, want) || strings.Contains(steps, "SCAN") || strings.Contains(steps, "TEMP B-TREE") {
			t.Errorf("not %q, but\n%s", want, steps)
		}
	}
}
