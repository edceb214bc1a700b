package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// What happens seldom to customers of several addresses, each found by reading.

const mexicoNew, mexicoOld = data.Phone("+525512345678"), data.Phone("+5215512345678")

// twoSpellings returns two customers who have a spelling each of one line, and are a
// pair because of it.
func (w *world) twoSpellings() (newer, older int64) {
	w.t.Helper()
	older = w.takes(mexicoOld, "old").CustomerID
	newer = w.says(data.Sender{UserID: "MX.1"}, "new").CustomerID
	w.must(w.ChangeIdentity(w.t.Context(), data.IdentityChange{From: data.Sender{UserID: "MX.1"}, To: data.Sender{Phone: mexicoNew}}))
	w.clock.add(2 * time.Hour)
	w.says(data.Sender{Phone: mexicoNew}, "again")
	return newer, older
}

// In a group a member is who has the number to the letter: once two spellings are
// kept apart, the block of one is not the other's.
func TestReceive_MemberOfAGroupKeptApart(t *testing.T) {
	w := newWorld(t)
	newer, older := w.twoSpellings()
	w.blocks(asha, older, data.BlockRequest{})
	before := w.says(data.Sender{Group: "120363041", Phone: mexicoOld}, "by the blocked one")
	if !before.Held || w.holds(older) != "by the blocked one" {
		t.Errorf("%+v, held of the blocked one is %q", before, w.holds(older))
	}
	w.must(w.KeepApart(t.Context(), asha, w.pair().ID, false))
	if w.customer(older).Block == nil || w.customer(newer).Block != nil {
		t.Fatal("the block is the other's")
	}
	if got := w.says(data.Sender{Group: "120363041", Phone: mexicoNew}, "by the other"); got.Held {
		t.Errorf("%+v", got)
	}
	if got := w.says(data.Sender{Group: "120363041", Phone: mexicoOld}, "by the blocked one, too"); !got.Held {
		t.Errorf("%+v", got)
	}
	if got := w.shows(before.CustomerID); got != "by the other" {
		t.Errorf("the group shows %q", got)
	}
	w.whole()
}

func TestImportChat_BlockElsewhereOfACustomerWithoutANumber(t *testing.T) {
	w := newWorld(t)
	id := w.says(data.Sender{UserID: userID}, "hi").CustomerID
	_, err := w.ImportChat(t.Context(), asha, desk.ChatImportRequest{
		Customer: id, File: "chat.txt",
		Messages: []data.Message{{Direction: data.In, At: start.Add(-time.Hour), Kind: data.TextMessage, Text: "old"}},
		Blocks:   []desk.BlockElsewhere{{At: start.Add(-time.Minute), Kind: data.BlockedElsewhereEvent}},
	})
	w.must(err)
	w.whole()
}

// What was cleared before a join does not come back with the same file.
func TestImportChat_ClearedBeforeAJoin(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	req := desk.ChatImportRequest{Customer: user, File: "chat.txt", Messages: []data.Message{{Direction: data.In, At: start.Add(-time.Hour), Kind: data.TextMessage, Text: "cleared"}}}
	_, err := w.ImportChat(t.Context(), asha, req)
	w.must(err)
	w.must(errorOf(w.Clear(t.Context(), asha, user)))
	w.says(both, "of both")
	w.must(w.JoinPair(t.Context(), asha, w.pair().ID))
	req.Customer = number
	_, err = w.ImportChat(t.Context(), asha, req)
	w.must(err)
	for _, m := range w.messages(number) {
		if m.Text == "cleared" {
			t.Error("what was cleared is back")
		}
	}
}

// A fetched chat of the past does not change which spelling is answered.
func TestSyncChat_LeavesTheAddress(t *testing.T) {
	w := newJoined(t)
	id := w.takes(mexicoOld, "first").CustomerID
	w.takes(mexicoNew, "second")
	w.clock.add(3 * time.Hour)
	w.takes(mexicoOld, "third")
	at := start.Add(-time.Hour)
	w.pulls(data.RemoteChat{With: data.Sender{Phone: mexicoNew}, Key: "k", LastAt: at, Messages: []data.Message{past("p", "past", at)}})
	if c := w.customer(id); c.Phone != mexicoOld {
		t.Errorf("%s is answered", c.Address)
	}
}

// A blocked customer with a new number is blocked there, too.
func TestChangeIdentity_TellsTheNewNumber(t *testing.T) {
	w := newJoined(t)
	id := w.takes(riya, "hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultOK})
	w.clock.add(time.Minute)
	w.must(w.ChangeIdentity(t.Context(), data.IdentityChange{From: data.Sender{Phone: riya}, To: data.Sender{Phone: ada}}))
	if e := w.taken(); e.Op != data.OpBlock || e.Phone != ada {
		t.Errorf("told is %+v", e)
	}
	w.takes(ada, "held")
	if n := len(w.due()); n > 1 {
		t.Errorf("%d entries are due", n)
	}
}

// An undo ends the block that it undoes, and no other that holds for the same person.
func TestUndo_BlockBesideAnother(t *testing.T) {
	w := newWorld(t)
	number, _ := meet(w)
	w.says(both, "of both")
	out := w.blocks(asha, number, data.BlockRequest{})
	other := w.takes(ada, "other").CustomerID
	w.blocks(bo, other, data.BlockRequest{Note: "own"})
	w.takesAs(data.Incoming{From: data.Sender{UserID: userID}, Message: data.Message{Kind: data.TextMessage, Text: "other", RemoteID: "remote 4"}})
	if n, err := w.CountPairs(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d pairs, %v", n, err)
	}
	if _, err := w.Undo(t.Context(), asha, out.Undo); !errors.Is(err, data.ErrChanged) {
		t.Errorf("undone: %v", err)
	}
	if w.customer(other).Block == nil {
		t.Error("the other block has ended")
	}
}
