package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// from delivers a message of a sender and returns what became of it.
func (w *world) from(s data.Sender, text string) data.Received {
	w.t.Helper()
	w.count++
	return w.takesAs(data.Incoming{From: s, Message: data.Message{
		Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count), Author: s.Name,
	}})
}

// addresses are those of a customer, the one that is written to first.
func (w *world) addresses(customer int64) string {
	w.t.Helper()
	var all []string
	for _, i := range w.identities(customer) {
		all = append(all, string(i.Address))
	}
	return strings.Join(all, " ")
}

// Two spellings of one line are one customer, who is answered at the one that wrote
// last, and a block holds for both.
func TestReceive_SpellingsOfOneLine(t *testing.T) {
	for _, c := range []struct{ country, one, other string }{
		{"Mexico", "+525512345678", "+5215512345678"},
		{"Argentina", "+541123456789", "+5491123456789"},
		{"Brazil", "+553188887777", "+5531988887777"},
		{"Ivory Coast", "+22507123456", "+2250707123456"},
		{"Benin", "+22997123456", "+2290197123456"},
	} {
		t.Run(c.country, func(t *testing.T) {
			w := newWorld(t)
			id := w.from(data.Sender{Phone: data.Phone(c.one)}, "one").CustomerID
			w.clock.add(time.Hour)
			got := w.from(data.Sender{Phone: data.Phone(c.other)}, "other")
			if got.CustomerID != id || got.NewCustomer {
				t.Fatalf("%+v, want customer %d", got, id)
			}
			if chat := w.chat(id); chat.Preview != "other" || chat.Unread != 2 {
				t.Errorf("the row of the chat is %+v", chat)
			}
			if all, want := w.addresses(id), c.other+" "+c.one; all != want {
				t.Errorf("the addresses are %s, want %s", all, want)
			}
			for _, typed := range []string{c.one, c.other} {
				if found, err := w.FindCustomer(t.Context(), data.Address(typed)); err != nil || found.ID != id {
					t.Errorf("%s finds %+v, %v", typed, found, err)
				}
			}
			w.blocks(asha, id, data.BlockRequest{})
			for _, phone := range []string{c.one, c.other} {
				if got := w.from(data.Sender{Phone: data.Phone(phone)}, "held"); got.CustomerID != id || !got.Held {
					t.Errorf("%s while blocked: %+v", phone, got)
				}
			}
			w.provesEvents(c.other)
		})
	}
}

// Whoever WhatsApp knows is a customer, whatever the numbering plan says.
func TestReceive_ImpossibleNumber(t *testing.T) {
	w := newWorld(t)
	for _, phone := range []data.Phone{"+12345", "+5215512345678", "+99999999999999999999"} {
		got := w.from(data.Sender{Phone: phone}, "hello")
		if c := w.customer(got.CustomerID); c.Phone != phone || c.Address != data.Address(phone) {
			t.Errorf("%s is %+v", phone, c)
		}
	}
}

// A customer without a number is known by the user id to the letter, called by the
// user name, and found by both.
func TestReceive_WithoutANumber(t *testing.T) {
	w := newWorld(t)
	sana := data.Sender{UserID: "IN.13491208655302741918", Username: "sana.k"}
	id := w.from(sana, "hello").CustomerID
	c := w.customer(id)
	if c.Phone != "" || c.Address != "IN.13491208655302741918" || c.Title() != "@sana.k" {
		t.Errorf("%+v is called %q", c, c.Title())
	}
	if got := w.from(data.Sender{UserID: "in.13491208655302741918"}, "hello"); got.CustomerID == id {
		t.Error("a user id in another case is the same customer")
	}
	for _, search := range []string{"sana", "@sana.k", "IN.1349", "13491208"} {
		keys, err := w.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: search})
		if err != nil || !slices.ContainsFunc(keys, func(k data.ChatKey) bool { return k.ID == id }) {
			t.Errorf("%q does not find the customer", search)
		}
	}
	w.blocks(asha, id, data.BlockRequest{})
	if got := w.from(sana, "held"); !got.Held {
		t.Errorf("%+v", got)
	}
	w.provesEvents("IN.13491208655302741918")
}

// A delivery with a number and a user id makes one customer of both, whichever was
// known before; a number is what is written to.
func TestReceive_NumberAndUserID(t *testing.T) {
	number, user := data.Sender{Phone: riya}, data.Sender{UserID: "IN.1"}
	both := data.Sender{Phone: riya, UserID: "IN.1"}
	for name, order := range map[string][]data.Sender{
		"the number first":  {number, both, user, number},
		"the user id first": {user, both, number, user},
		"both at once":      {both, user, number, both},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.from(order[0], "0").CustomerID
			for n, s := range order[1:] {
				if got := w.from(s, fmt.Sprint(n+1)); got.CustomerID != id || got.NewCustomer {
					t.Fatalf("message %d: %+v, want customer %d", n+1, got, id)
				}
			}
			if all := w.addresses(id); all != string(riya)+" IN.1" {
				t.Errorf("the addresses are %s", all)
			}
			if c := w.customer(id); c.Phone != riya {
				t.Errorf("%+v", c)
			}
			if _, err := w.VerifyEvents(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Where several customers have an address by its match key, whoever typed it is
// told, and nobody is guessed.
func TestFindCustomer_Several(t *testing.T) {
	w := newWorld(t)
	w.from(data.Sender{Phone: "+553188887777"}, "one")
	if _, err := w.Add(t.Context(), "+5531988887777", ""); err != nil {
		t.Fatal(err) // the key finds the one there is
	}
	if f, err := w.Stats(t.Context()); err != nil || f.Customers != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	matches := []data.Match{
		{Customer: data.Customer{ID: 1, Address: "+553188887777"}, Identity: data.NewIdentity("+553188887777")},
		{Customer: data.Customer{ID: 2, Address: "+5531988887777"}, Identity: data.NewIdentity("+5531988887777")},
	}
	for _, m := range matches {
		if got, err := data.FindMatch(m.Customer.Address, matches); err != nil || got.Customer.ID != m.Customer.ID {
			t.Errorf("%s to the letter: %+v, %v", m.Customer.Address, got, err)
		}
	}
	_, err := data.FindMatch("+55 31", matches)
	var several *data.SeveralError
	if !errors.As(err, &several) || !errors.Is(err, data.ErrSeveral) || len(several.Customers) != 2 {
		t.Errorf("%v", err)
	}
}

// A new number or user id belongs to the customer who had the old one.
func TestChangeIdentity(t *testing.T) {
	w := newWorld(t)
	id := w.from(data.Sender{Phone: riya, UserID: "IN.1"}, "hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	w.must(w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{Phone: riya}, To: data.Sender{Phone: "+46701234567"}}))
	w.must(w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{UserID: "IN.1"}, To: data.Sender{UserID: "SE.2"}}))
	for _, s := range []data.Sender{{Phone: "+46701234567"}, {UserID: "SE.2"}, {Phone: riya}} {
		if got := w.from(s, "held"); got.CustomerID != id || !got.Held {
			t.Errorf("%+v: %+v", s, got)
		}
	}
	w.provesEvents("+46701234567")
	err := w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{Phone: ada}, To: data.Sender{Phone: "+46701234568"}})
	if !errors.Is(err, data.ErrNotFound) {
		t.Errorf("nobody's number: %v", err)
	}
	if err := w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{Phone: ada}}); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("no new number: %v", err)
	}
}

// A new number that is another customer's shows that the two may be the same person.
// Who takes an old number again is written to there.
func TestChangeIdentity_GoesBack(t *testing.T) {
	w := newWorld(t)
	id := w.from(data.Sender{Phone: riya}, "hello").CustomerID
	for range 2 { // news that comes twice is no news
		for _, change := range []data.IdentityChange{
			{From: data.Sender{Phone: riya}, To: data.Sender{Phone: ada}}, {From: data.Sender{Phone: ada}, To: data.Sender{Phone: riya}}, {From: data.Sender{Phone: ada}, To: data.Sender{Phone: riya}},
		} {
			w.must(w.ChangeIdentity(t.Context(), change))
			if c := w.customer(id); c.Address != data.Address(change.To.Phone) {
				t.Errorf("after %+v it is written to %s", change, c.Address)
			}
		}
	}
	if got := w.kinds(id); got != "identity_added identity_added identity_added identity_added" {
		t.Errorf("the events are %s", got)
	}
}

func TestChangeIdentity_ToAnothersNumber(t *testing.T) {
	w := newWorld(t)
	first, second := w.from(data.Sender{Phone: riya}, "I").CustomerID, w.from(data.Sender{Phone: ada}, "I, too").CustomerID
	w.blocks(asha, first, data.BlockRequest{})
	w.must(w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{Phone: riya}, To: data.Sender{Phone: ada}}))
	if p := w.pair(); p.First != first || p.Second != second || p.Reason != data.SameSender {
		t.Errorf("%+v", p)
	}
	if got := w.from(data.Sender{Phone: ada}, "held"); !got.Held || got.CustomerID != second {
		t.Errorf("%+v", got)
	}
	w.whole()
}

// What a blocked customer writes in a group is held by that block, and comes into the
// group with the unblock.
func TestReceive_BlockedMemberOfAGroup(t *testing.T) {
	w := newWorld(t)
	id := w.from(data.Sender{Phone: riya}, "hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	member, other := data.Sender{Group: "120363041", GroupName: "Buyers", Phone: riya, Name: "Riya"}, data.Sender{Group: "120363041", Phone: ada, Name: "Ada"}
	held, seen := w.from(member, "held"), w.from(other, "seen")
	if !held.Held || seen.Held || held.CustomerID != seen.CustomerID || held.CustomerID == id {
		t.Fatalf("%+v, %+v", held, seen)
	}
	group := w.customer(held.CustomerID)
	if !group.IsGroup() || group.Title() != "Buyers" || group.Held != 0 || w.customer(id).Held != 1 {
		t.Errorf("the group is %+v, the member %+v", group, w.customer(id))
	}
	if got := w.shows(group.ID); got != "seen" {
		t.Errorf("the group shows %q", got)
	}
	if kept, err := w.Held(t.Context(), id, 10); err != nil || len(kept) != 1 || kept[0].Text != "held" || kept[0].Author != "Riya" {
		t.Errorf("held is %+v, %v", kept, err)
	}
	out, err := w.Unblock(t.Context(), asha, id, data.UnblockRequest{})
	w.must(err)
	if got := w.shows(group.ID); got != "held | seen" {
		t.Errorf("after the unblock the group shows %q", got)
	}
	if chat := w.chat(group.ID); chat.Unread != 2 {
		t.Errorf("%+v", chat)
	}
	_, err = w.Undo(t.Context(), asha, out.Undo)
	w.must(err)
	if got, c := w.shows(group.ID), w.customer(id); got != "seen" || c.Held != 1 || w.chat(group.ID).Unread != 1 {
		t.Errorf("after the undo the group shows %q, held %d, unread %d", got, c.Held, w.chat(group.ID).Unread)
	}
	w.blocks(asha, group.ID, data.BlockRequest{})
	_, err = w.Unblock(t.Context(), asha, id, data.UnblockRequest{})
	w.must(err)
	if g, c := w.customer(group.ID), w.customer(id); g.Held != 1 || c.Held != 0 {
		t.Errorf("in a blocked group: held there %d, here %d", g.Held, c.Held)
	}
}

// provesEvents fails unless all events are sound and the newest has the address.
func (w *world) provesEvents(address string) {
	w.t.Helper()
	if _, err := w.VerifyEvents(w.t.Context()); err != nil {
		w.t.Error(err)
	}
	page, err := w.EventsPage(w.t.Context(), data.EventQuery{Limit: 1})
	w.must(err)
	if len(page) != 1 || string(page[0].Event.Phone) != address {
		w.t.Errorf("the newest event is %+v, want one of %s", page, address)
	}
}
