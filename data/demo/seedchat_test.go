package demo

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
)

func TestTheSameMomentTellsTheSameStory(t *testing.T) {
	first, second := load(t), load(t)
	if !reflect.DeepEqual(first, second) {
		t.Fatal("two loads differ")
	}
	later := beginning.Add(1000 * time.Hour)
	for i, c := range first.Customers {
		one, two := c.SeedChat(beginning), second.Customers[i].SeedChat(beginning)
		if !reflect.DeepEqual(one, two) {
			t.Errorf("%s is told in two ways", c.Situation)
		}
		moved := c.SeedChat(later)
		for j, m := range moved.Messages {
			if m.At-one.Messages[j].At != later-beginning || m.RemoteID != one.Messages[j].RemoteID {
				t.Errorf("%s: message %d did not move with the moment", c.Situation, j)
			}
		}
	}
}

func TestStoriesAreInOrderAndPast(t *testing.T) {
	ids := map[string]bool{}
	for _, c := range load(t).Customers {
		s := c.SeedChat(beginning)
		var last data.Moment
		for _, m := range s.Messages {
			if m.At <= last || m.At >= beginning {
				t.Errorf("%s: a message at %s after one at %s", c.Situation, m.At, last)
			}
			last = m.At
			if id, err := uuid.Parse(m.RemoteID); err != nil || id.Version() != 4 || ids[m.RemoteID] {
				t.Errorf("%s: %q is no UUID v4, or there twice", c.Situation, m.RemoteID)
			}
			ids[m.RemoteID] = true
		}
		last = 0
		for _, e := range s.Events {
			if e.At <= last || e.At >= beginning {
				t.Errorf("%s: an event at %s after one at %s", c.Situation, e.At, last)
			}
			last = e.At
		}
		if s.Chat.LastAt == 0 || s.Chat.LastAt > s.Chat.ShownAt || s.Chat.ShownAt >= beginning || s.Chat.Preview == "" {
			t.Errorf("%s: the chat's row is %q at %s, its place is at %s", c.Situation, s.Chat.Preview, s.Chat.ShownAt, s.Chat.LastAt)
		}
	}
}

func TestHeldMessagesMoveNothing(t *testing.T) {
	c := in(t, load(t), "wrote-on-while-blocked")
	s := c.SeedChat(beginning)
	if s.Chat.Preview != "Customer blocked by Mei Tanaka" || s.Chat.ShownAt != s.Chat.Customer.Block.At || s.Chat.Unread != 0 {
		t.Errorf("the row shows %q at %s, %d unread", s.Chat.Preview, s.Chat.ShownAt, s.Chat.Unread)
	}
}

func TestBlockedTwiceTellsItsHistory(t *testing.T) {
	s := in(t, load(t), "blocked-twice").SeedChat(beginning)
	want := []string{"Customer blocked by Samuel Okoro", "Customer unblocked by Asha Rao", "Customer blocked by Asha Rao"}
	if len(s.Events) != len(want) {
		t.Fatalf("%d events", len(s.Events))
	}
	for i, e := range s.Events {
		if e.Text() != want[i] {
			t.Errorf("event %d: %s", i, e.Text())
		}
	}
	if held := s.Events[1].Rest().Held; held != 2 {
		t.Errorf("the unblock gave %d messages back, want 2: one of three was discarded", held)
	}
	holds := map[data.HoldState]int{}
	for _, m := range s.Messages {
		holds[m.Hold]++
	}
	if holds[data.Released] != 2 || holds[data.Discarded] != 1 || holds[data.IsHeld] != 1 {
		t.Errorf("holds: %v", holds)
	}
}

func TestWhoActed(t *testing.T) {
	w := load(t)
	tests := []struct {
		situation string
		actor     data.Actor
		text      string
	}{
		{"opted-out", data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}, "Customer blocked"},
		{"blocked-by-import", data.Actor{Kind: data.ImportActor, Channel: data.ViaImport}, "Customer blocked"},
		{"promo-spam", data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}, "Customer blocked by Asha Rao"},
		{"closed", data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}, "Conversation marked done by Asha Rao"},
	}
	for _, tt := range tests {
		events := in(t, w, tt.situation).SeedChat(beginning).Events
		if e := events[len(events)-1]; e.Actor != tt.actor || e.Text() != tt.text {
			t.Errorf("%s: %+v, %q", tt.situation, e.Actor, e.Text())
		}
	}
}

func TestAnAnswerNamesItsMessage(t *testing.T) {
	s := in(t, load(t), "every-kind-of-media").SeedChat(beginning)
	known := map[string]bool{}
	answers := 0
	for _, m := range s.Messages {
		known[m.WhatsAppID] = true
		if m.ReplyTo == "" {
			continue
		}
		answers++
		if !known[m.ReplyTo] {
			t.Errorf("%q answers what is not above it", m.Text)
		}
	}
	if answers != 2 {
		t.Errorf("%d answers", answers)
	}
}

func TestIDsAreTheSameForEver(t *testing.T) {
	if got, want := remoteID("+46701740621", 0), "967b91e5-d96c-4be1-8fb7-c3002c028039"; got != want {
		t.Errorf("%s, want %s: another reset would show every message as new", got, want)
	}
}
