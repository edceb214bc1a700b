package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const buyers = "120363041"

// fetched is a message of a group as it is fetched from the account.
func fetched(id string, author data.Address, at data.Moment) data.Message {
	return data.Message{Direction: data.In, Kind: data.TextMessage, RemoteID: id, Text: id, At: at, Author: "Riya", AuthorAddress: author}
}

func (w *world) fetchesGroup(messages ...data.Message) data.SyncResult {
	w.t.Helper()
	a, err := w.Account(w.t.Context())
	w.must(err)
	got, err := w.SyncChat(w.t.Context(), a.JoinedAt, data.RemoteChat{With: data.Sender{Group: buyers, GroupName: "Buyers"}, Messages: messages})
	w.must(err)
	return got
}

// A message that is fetched from a group is held by the rule that holds a delivered
// one: if a customer who has the author's address is blocked.
func TestSyncChat_HoldsForAMember(t *testing.T) {
	w := newJoined(t)
	member := w.takes(riya, "Hello").CustomerID
	w.clock.add(time.Minute)
	w.blocks(asha, member, data.BlockRequest{})
	w.clock.add(time.Minute)
	told := w.lastChange()
	got := w.fetchesGroup(
		fetched("by the member", data.Address(riya), w.Now()),
		fetched("by another", data.Address(ada), w.Now()),
		fetched("by a name only", "", w.Now()), // which may be anybody's
	)
	group := got.CustomerID
	if got := w.shows(group); got != "by another | by a name only" {
		t.Errorf("the group shows %q", got)
	}
	if got := w.holds(member); got != "by the member" {
		t.Errorf("%q is held", got)
	}
	changes, err := w.ChangesAfter(t.Context(), told, 100)
	w.must(err)
	if !slices.ContainsFunc(changes, func(c data.Change) bool { return c.Kind == data.MessageChanged && c.CustomerID == member }) {
		t.Errorf("the member's strip is told nothing: %+v", changes)
	}
	if c := w.chat(group); c.Unread != 2 || c.Customer.Held != 0 {
		t.Errorf("%+v", c)
	}
	again := w.fetchesGroup(fetched("by the member", data.Address(riya), w.Now()))
	if got := w.holds(member); again.NewMessages != 0 || got != "by the member" {
		t.Errorf("%+v, %q is held", again, got)
	}
	w.unblocks(asha, member)
	if got := w.shows(group); got != "by the member | by another | by a name only" {
		t.Errorf("after the unblock the group shows %q", got)
	}
	if m := w.messages(group)[0]; m.AuthorAddress != data.Address(riya) || m.Author != "Riya" {
		t.Errorf("%+v", m)
	}
}

// What was written before the desk joined is held if it was written during the
// member's block in force.
func TestSyncChat_HoldsThePastForAMember(t *testing.T) {
	w := newWorld(t)
	member := w.takes(riya, "Hello").CustomerID
	w.clock.add(time.Hour)
	w.blocks(asha, member, data.BlockRequest{})
	blocked := w.Now()
	w.clock.add(time.Hour)
	w.must(w.Join(t.Context(), account))
	group := w.fetchesGroup(
		fetched("before the block", data.Address(riya), blocked-1),
		fetched("during the block", data.Address(riya), blocked+1),
		fetched("by another", data.Address(ada), blocked+1),
	).CustomerID
	if got := w.shows(group); got != "before the block | by another" {
		t.Errorf("the group shows %q", got)
	}
	if got, c := w.holds(member), w.chat(group); got != "during the block" || c.Unread != 0 {
		t.Errorf("%q is held, %+v", got, c)
	}
}

// Delivered and fetched, an author of a group is known by every spelling of a number.
func TestGroup_HoldsForEverySpelling(t *testing.T) {
	for i, by := range []data.Address{data.Address(mexicoOld), data.Address(mexicoNew)} {
		w := newJoined(t)
		member := w.takes(mexicoNew, "Hello").CustomerID
		w.blocks(asha, member, data.BlockRequest{})
		w.clock.add(time.Minute)
		if got := w.takesAs(data.Incoming{From: data.Sender{Group: buyers, Phone: by.Phone()}, Message: message(fmt.Sprint("delivered ", i), w.Now())}); !got.Held {
			t.Errorf("delivered by %s: %+v", by, got)
		}
		w.fetchesGroup(fetched(fmt.Sprint("fetched ", i), by, w.Now()))
		held, err := w.Held(t.Context(), member, 10)
		w.must(err)
		if len(held) != 2 || held[0].AuthorAddress != by || held[1].AuthorAddress != by {
			t.Errorf("by %s: %+v", by, held)
		}
	}
}
