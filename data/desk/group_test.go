package desk_test

import (
	"fmt"
	"slices"
	"strings"
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

// What was held in groups since a join goes to whose address wrote it.
func TestSplit_PartsWhatIsHeldInGroups(t *testing.T) {
	w := newWorld(t)
	newer, older := w.twoSpellings()
	pair := w.pair().ID
	w.blocks(asha, newer, data.BlockRequest{})
	w.says(data.Sender{Group: buyers, Phone: mexicoOld}, "old before")
	w.must(w.JoinPair(t.Context(), asha, pair))
	w.clock.add(time.Second)
	for _, by := range []data.Phone{mexicoOld, mexicoNew} {
		if got := w.says(data.Sender{Group: buyers, Phone: by}, "since by "+string(by)); !got.Held {
			t.Errorf("by %s: %+v", by, got)
		}
	}
	joined := w.pairs(pair).First
	if c := w.customer(joined); c.Held != 3 {
		t.Fatalf("%+v", c)
	}
	w.must(w.SplitPair(t.Context(), asha, pair))
	for id, want := range map[int64]string{older: "old before | since by " + string(mexicoOld), newer: "since by " + string(mexicoNew)} {
		if got, c := w.holds(id), w.customer(id); got != want || c.Held != strings.Count(want, " | ")+1 {
			t.Errorf("%d: %q is held (%d counted), want %q", id, got, c.Held, want)
		}
	}
	w.whole()
}

func (w *world) pairs(id int64) data.Pair {
	w.t.Helper()
	p, err := w.Pair(w.t.Context(), id)
	w.must(err)
	return p
}

// The list says who wrote what it shows of a group.
func TestReceive_NamesTheAuthorInTheList(t *testing.T) {
	w := newWorld(t)
	family := data.Sender{Group: buyers, GroupName: "Family", Phone: riya, Name: "Bo"}
	in := data.Incoming{From: family, Message: message("hello", w.Now())}
	in.Message.Author = "Bo"
	got := w.takesAs(in)
	if c := w.chat(got.CustomerID); c.Preview != "Bo: hello" {
		t.Errorf("the list shows %q", c.Preview)
	}
	if m := w.messages(got.CustomerID)[0]; m.Author != "Bo" || m.AuthorAddress != data.Address(riya) {
		t.Errorf("%+v", m)
	}
	if c := w.customer(got.CustomerID); c.Title() != "Family" {
		t.Errorf("%+v", c)
	}
}
