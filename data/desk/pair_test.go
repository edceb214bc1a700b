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

const userID = "SE.2210904416730058"

// says has a sender write a message now.
func (w *world) says(from data.Sender, text string) data.Received {
	w.t.Helper()
	w.count++
	return w.takesAs(data.Incoming{From: from, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count)}})
}

// pair returns the only pair that nobody has decided.
func (w *world) pair() data.Pair {
	w.t.Helper()
	pairs, err := w.Pairs(w.t.Context(), 10)
	w.must(err)
	if len(pairs) != 1 {
		w.t.Fatalf("%d pairs are to be decided: %+v", len(pairs), pairs)
	}
	return pairs[0]
}

// whole fails unless the chain of events is whole.
func (w *world) whole() {
	w.t.Helper()
	if _, err := w.Check(w.t.Context()); err != nil {
		w.t.Error(err)
	}
}

// meet has Riya's number and a user id come as two customers, and then as one sender.
func meet(w *world) (number, user int64) {
	number = w.takes(riya, "from the number").CustomerID
	user = w.says(data.Sender{UserID: userID, Username: "riya"}, "from the user id").CustomerID
	return number, user
}

var both = data.Sender{Phone: riya, UserID: userID}

func TestPair_BlockHoldsForBoth(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.blocks(asha, number, data.BlockRequest{Note: "rude", Until: start.Add(48 * time.Hour)})
	got := w.says(both, "from both")
	if !got.Held || got.CustomerID != user {
		t.Errorf("%+v", got)
	}
	p := w.pair()
	if p.First != number || p.Second != user || p.Reason != data.SameSender {
		t.Errorf("%+v", p)
	}
	for _, id := range []int64{number, user} {
		c := w.customer(id)
		if c.Status(w.Now()) != data.Blocked || c.Block.Until != start.Add(48*time.Hour) || c.PairedWith != p.Other(id) {
			t.Errorf("%+v with %+v", c, c.Block)
		}
		if _, err := w.Send(t.Context(), asha, id, "Hello"); !errors.Is(err, data.ErrBlocked) {
			t.Errorf("sent to %d: %v", id, err)
		}
		if !w.says(data.Sender{Phone: riya}, "again").Held || !w.says(data.Sender{UserID: userID}, "again").Held {
			t.Error("not held")
		}
	}
	if b := w.customer(user).Block; b.Borrowed != number || b.Note != "rude" {
		t.Errorf("%+v", b)
	}
	if got := w.kinds(user); got != "pair_begun blocked" {
		t.Error(got)
	}
	if got := w.counts(); got.Blocked != 2 {
		t.Errorf("%+v", got)
	}
	if !w.unblocks(asha, user).Changed {
		t.Error("nothing is unblocked")
	}
	for _, id := range []int64{number, user} {
		if c := w.customer(id); c.Block != nil || c.Held != 0 || c.PairedWith == 0 {
			t.Errorf("%+v", c)
		}
	}
	if !w.blocks(bo, user, data.BlockRequest{}).Changed || w.customer(number).Block.Borrowed != user {
		t.Errorf("%+v", w.customer(number).Block)
	}
	w.whole()
}

func TestPair_BlockEndsForBoth(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.blocks(asha, number, data.BlockRequest{Until: start.Add(time.Hour)})
	w.says(both, "held")
	until := start.Add(2 * time.Hour)
	if _, err := w.Amend(t.Context(), bo, user, data.AmendRequest{Until: &until}); err != nil {
		t.Fatal(err)
	}
	if got := w.customer(number).Block.Until; got != until {
		t.Errorf("the end is %v", got)
	}
	w.clock.add(2 * time.Hour)
	if n, err := w.Expire(t.Context()); n == 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if w.customer(number).Block != nil || w.customer(user).Block != nil {
		t.Error("still blocked")
	}
	if got := w.holds(user); got != "" || !strings.Contains(w.shows(user), "held") {
		t.Errorf("held is %q", got)
	}
	if got := w.kinds(number); got != "blocked pair_begun extended block_ended" {
		t.Error(got)
	}
	w.whole()
}

func TestPair_UndoIsOfBoth(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.says(both, "shown")
	block := w.blocks(asha, number, data.BlockRequest{})
	w.says(both, "held")
	unblock := w.unblocks(asha, number)
	if w.holds(user) != "" {
		t.Error("held")
	}
	if out, err := w.Undo(t.Context(), asha, unblock.Undo); err != nil || !out.Changed {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := w.holds(user); got != "held" || w.customer(user).Block == nil || w.customer(user).Block.Borrowed != number {
		t.Errorf("held is %q", got)
	}
	if out, err := w.Undo(t.Context(), asha, block.Undo); !errors.Is(err, data.ErrChanged) || out.Changed {
		t.Errorf("%+v, %v", out, err)
	}
	w.unblocks(asha, user)
	again := w.blocks(asha, user, data.BlockRequest{})
	if _, err := w.Undo(t.Context(), asha, again.Undo); err != nil {
		t.Fatal(err)
	}
	if w.customer(number).Block != nil || w.customer(user).Block != nil {
		t.Error("still blocked")
	}
	w.whole()
}

func TestKeepApart_GivesBackWhatIsHeld(t *testing.T) {
	for _, discard := range []bool{false, true} {
		w := newWorld(t)
		number, user := meet(w)
		w.blocks(asha, number, data.BlockRequest{})
		w.says(both, "held")
		p := w.pair()
		w.must(w.KeepApart(t.Context(), asha, p.ID, discard))
		if w.customer(number).Block == nil || w.customer(user).Block != nil || w.customer(number).PairedWith != 0 || w.customer(user).PairedWith != 0 {
			t.Errorf("%+v, %+v", w.customer(number), w.customer(user))
		}
		if got := strings.Contains(w.shows(user), "held"); got == discard {
			t.Errorf("discarded %v, but %q", discard, w.shows(user))
		}
		if err := w.KeepApart(t.Context(), asha, p.ID, false); !errors.Is(err, data.ErrChanged) {
			t.Errorf("twice: %v", err)
		}
		// It is remembered.
		if got := w.says(both, "more"); got.Held || got.CustomerID != user {
			t.Errorf("%+v", got)
		}
		if n, err := w.CountPairs(t.Context()); n != 0 || err != nil {
			t.Errorf("%d are asked, %v", n, err)
		}
		// Undone, it is as before, and what came meanwhile stays.
		w.must(w.AskAgain(t.Context(), asha, p.ID))
		if got := w.holds(user); got != "held" || w.customer(user).Block.Borrowed != number || w.customer(user).Held != 1 {
			t.Errorf("held is %q of %+v", got, w.customer(user))
		}
		if got := w.pair(); got.ID != p.ID {
			t.Errorf("%+v", got)
		}
		w.whole()
	}
}

func TestReceive_OneMessageOfTwoIsAPair(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.blocks(asha, user, data.BlockRequest{})
	got := w.takesAs(data.Incoming{From: data.Sender{UserID: userID}, Message: data.Message{Kind: data.TextMessage, Text: "from the number", RemoteID: "remote 1"}})
	if !got.Duplicate || got.CustomerID != number {
		t.Errorf("%+v", got)
	}
	if p := w.pair(); p.Reason != data.SameMessage || w.customer(number).Block == nil {
		t.Errorf("%+v", p)
	}
	w.whole()
}

// A number that comes with another user id was handed on: it is another's until
// somebody says otherwise, and a block holds until then.
func TestReceive_NumberHandedOn(t *testing.T) {
	w := newWorld(t)
	first := w.says(data.Sender{Phone: riya, UserID: "IN.1", Portfolio: "p"}, "I").CustomerID
	w.blocks(asha, first, data.BlockRequest{})
	got := w.says(data.Sender{Phone: riya, UserID: "IN.2", Portfolio: "p"}, "You")
	if !got.NewCustomer || !got.Held || got.CustomerID == first {
		t.Fatalf("%+v", got)
	}
	if p := w.pair(); p.Reason != data.NumberMoved {
		t.Errorf("%+v", p)
	}
	addresses := func(id int64) (all []string) {
		for _, i := range w.identities(id) {
			all = append(all, string(i.Address))
		}
		slices.Sort(all)
		return all
	}
	if got := addresses(first); !slices.Equal(got, []string{"IN.1"}) {
		t.Errorf("the first has %v", got)
	}
	if got := addresses(got.CustomerID); !slices.Equal(got, []string{string(riya), "IN.2"}) {
		t.Errorf("the second has %v", got)
	}
	w.whole()

	// Of two portfolios it is one person.
	other := w.says(data.Sender{Phone: ada, UserID: "GB.1", Portfolio: "p"}, "I").CustomerID
	if got := w.says(data.Sender{Phone: ada, UserID: "GB.2", Portfolio: "q"}, "I"); got.CustomerID != other {
		t.Errorf("%+v", got)
	}
}

func TestJoinPair_IsOneCustomer(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.must(w.SetTags(t.Context(), number, []string{"a"}))
	w.must(w.SetTags(t.Context(), user, []string{"b"}))
	w.must(w.SaveDraft(t.Context(), user, "half"))
	w.blocks(asha, user, data.BlockRequest{Note: "rude"})
	w.says(both, "held")
	w.must(w.JoinPair(t.Context(), asha, w.pair().ID))

	c := w.customer(user)
	if c.ID != number || c.Address != data.Address(riya) || c.Username != "riya" || !slices.Equal(c.Tags, []string{"a", "b"}) || c.Held != 1 || c.PairedWith != 0 {
		t.Errorf("%+v", c)
	}
	if c.Block == nil || c.Block.Note != "rude" || c.Block.Borrowed != 0 {
		t.Errorf("%+v", c.Block)
	}
	if got := w.lists(data.AllChats); !slices.Equal(got, []int64{number}) {
		t.Errorf("listed are %v", got)
	}
	if got := w.counts(); got != (data.Counts{All: 1, Blocked: 1}) {
		t.Errorf("%+v", got)
	}
	if got := w.chat(number); got.Unread != 2 {
		t.Errorf("%+v", got)
	}
	for _, id := range []int64{number, user} {
		if got := w.shows(id); !strings.Contains(got, "from the number") || !strings.Contains(got, "from the user id") || !strings.Contains(got, "Customer blocked by Asha") {
			t.Errorf("%d shows %q", id, got)
		}
	}
	if got := w.says(data.Sender{UserID: userID}, "held too"); got.CustomerID != number || !got.Held {
		t.Errorf("%+v", got)
	}
	if text, err := w.Draft(t.Context(), number); text != "half" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	w.must(w.SaveDraft(t.Context(), user, "by the old id"))
	if text, err := w.Draft(t.Context(), number); text != "by the old id" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for _, a := range []data.Address{data.Address(riya), userID} {
		if c, err := w.FindCustomer(t.Context(), a); err != nil || c.ID != number {
			t.Errorf("%s is %+v, %v", a, c, err)
		}
	}
	if !w.unblocks(asha, user).Changed || w.holds(number) != "" {
		t.Error("not unblocked by the old id")
	}
	w.whole()
}

func TestSplitPair_GivesBackWhatWasJoined(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.must(w.SetTags(t.Context(), number, []string{"a", "both"}))
	w.must(w.SetTags(t.Context(), user, []string{"b", "both"}))
	w.says(both, "from both")
	p := w.pair()
	before := map[int64]string{number: said(w, number), user: said(w, user)}
	w.must(w.JoinPair(t.Context(), asha, p.ID))
	if err := w.JoinPair(t.Context(), asha, p.ID); !errors.Is(err, data.ErrChanged) {
		t.Errorf("twice: %v", err)
	}
	w.says(data.Sender{UserID: userID}, "since, from the user id")
	w.must(w.SetTags(t.Context(), number, []string{"a", "b", "both", "since"}))
	w.blocks(asha, number, data.BlockRequest{Note: "since"})
	w.says(data.Sender{UserID: userID}, "held")
	w.must(w.SplitPair(t.Context(), asha, p.ID))

	if got := said(w, number); got != before[number] {
		t.Errorf("the number says %q, before %q", got, before[number])
	}
	if got := said(w, user); got != before[user]+" | since, from the user id" {
		t.Errorf("the user id says %q, before %q", got, before[user])
	}
	if got := w.holds(user); got != "held" || w.customer(user).Held != 1 || w.customer(number).Held != 0 {
		t.Errorf("held is %q", got)
	}
	if a, b := w.customer(number), w.customer(user); !slices.Equal(a.Tags, []string{"a", "both", "since"}) || !slices.Equal(b.Tags, []string{"b", "both", "since"}) {
		t.Errorf("tags are %v and %v", a.Tags, b.Tags)
	}
	for _, id := range []int64{number, user} {
		if c := w.customer(id); c.ID != id || c.Block == nil || c.Block.Note != "since" || c.Block.Borrowed != 0 {
			t.Errorf("%+v with %+v", c, c.Block)
		}
	}
	if a, b := w.chat(number), w.chat(user); a.Unread != 1 || b.Unread != 3 {
		t.Errorf("unread are %d and %d", a.Unread, b.Unread)
	}
	// It is asked again, and kept apart both stay blocked.
	w.must(w.KeepApart(t.Context(), asha, w.pair().ID, false))
	if w.customer(number).Block == nil || w.customer(user).Block == nil {
		t.Error("a block made since does not hold for both")
	}
	w.whole()
}

// said returns the texts of a customer's messages.
func said(w *world, id int64) string {
	var texts []string
	for _, m := range w.messages(id) {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, " | ")
}

func TestJoinPair_StricterBlockCounts(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.blocks(asha, number, data.BlockRequest{Note: "a day", Until: start.Add(24 * time.Hour)})
	w.blocks(bo, user, data.BlockRequest{Note: "for good"})
	w.says(both, "held")
	if a, b := w.customer(number).Block, w.customer(user).Block; a.Until != 0 || b.Until != 0 || a.Note != "a day" || b.Note != "for good" {
		t.Errorf("%+v, %+v", a, b)
	}
	p := w.pair()
	w.must(w.JoinPair(t.Context(), asha, p.ID))
	if b := w.customer(number).Block; b.Note != "for good" || b.By.Name != "Bo" || b.Until != 0 {
		t.Errorf("%+v", b)
	}
	events := w.events(number)
	joined := events[len(events)-1]
	if d := joined.Rest(); joined.Kind != data.JoinedEvent || d.Note != "a day" {
		t.Errorf("%s with %+v", joined.Kind, d)
	}
	w.must(w.SplitPair(t.Context(), asha, p.ID))
	if a, b := w.customer(number).Block, w.customer(user).Block; a.Note != "a day" || b.Note != "for good" || a.Borrowed != 0 || b.Borrowed != 0 {
		t.Errorf("%+v, %+v", a, b)
	}
	w.whole()
}
