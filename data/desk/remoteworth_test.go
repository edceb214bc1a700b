package desk_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// The addresses of these tests.
const (
	riyaNumber = data.Phone("+919137979401")
	riyaUser   = "IN.13491208655302741918"
	numberOnly = "DoubleTick takes numbers only: it is told once one is known"
	notHeld    = "Does not hold there: a message came after"
)

// writes has somebody write a message at a moment, which comes in now.
func (w *world) writes(s data.Sender, id string, at data.Moment) (customer int64) {
	w.t.Helper()
	got, err := w.Receive(w.t.Context(), []data.Incoming{{From: s, Message: data.Message{Kind: data.TextMessage, Text: id, RemoteID: id, At: at}}})
	w.must(err)
	return got[0].CustomerID
}

// strip is what the strip says of a customer.
func (w *world) strip(customer int64) string {
	w.t.Helper()
	there, err := w.RemoteStatus(w.t.Context(), customer)
	w.must(err)
	return there.Text()
}

// An answer is no proof that a block holds; a message that was written and came in
// after it shows that it does not.
func TestRemoteStatus_SaysThatABlockDoesNotHold(t *testing.T) {
	riya := data.Sender{Phone: riyaNumber}
	w := newJoined(t)
	id := w.writes(riya, "before", w.Now())
	w.blocks(asha, id, data.BlockRequest{})
	if got := w.strip(id); got != "Waiting for DoubleTick" {
		t.Errorf("%q", got)
	}
	w.clock.add(time.Second)
	e := w.taken()
	if got := w.strip(id); got != "Told DoubleTick, not accepted yet" {
		t.Errorf("%q", got)
	}
	w.writes(riya, "between", w.Now())
	w.clock.add(time.Second)
	w.answers(e.ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	accepted := w.Now()
	if got := w.strip(id); got != "Accepted by DoubleTick" || w.entry(id).AcceptedAt != accepted {
		t.Errorf("%q, at %v", got, w.entry(id).AcceptedAt)
	}
	w.clock.add(time.Hour)
	w.writes(riya, "late", accepted.Add(-time.Second)) // written before, delivered again and again
	if got := w.strip(id); got != "Accepted by DoubleTick" {
		t.Errorf("after a message of before: %q", got)
	}
	w.writes(riya, "after", w.Now())
	if got := w.strip(id); got != notHeld {
		t.Errorf("after a message of after: %q", got)
	}
	if there, err := w.RemoteStatus(t.Context(), id); err != nil || there.Holds() || there.CameAfter != w.Now() {
		t.Errorf("%+v, %v", there, err)
	}
	// Told once more, it counts from then on.
	w.must(w.TellAgain(t.Context(), id))
	if got := w.strip(id); got != "Waiting for DoubleTick" {
		t.Errorf("told again: %q", got)
	}
	w.must(w.TellAgain(t.Context(), id)) // one is open
	w.clock.add(time.Second)
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	if got := w.strip(id); got != "Accepted by DoubleTick" {
		t.Errorf("accepted again: %q", got)
	}
}

// What was only fetched later was written before the block.
func TestRemoteStatus_FetchedMessagesOfBeforeProveNothing(t *testing.T) {
	w := newJoined(t)
	id := w.writes(data.Sender{Phone: riyaNumber}, "before", w.Now())
	w.clock.add(time.Second)
	written := w.Now()
	w.clock.add(time.Second)
	w.blocks(asha, id, data.BlockRequest{})
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	w.clock.add(time.Hour)
	_, err := w.SyncChat(t.Context(), w.account().JoinedAt, data.RemoteChat{With: data.Sender{Phone: riyaNumber}, Messages: []data.Message{
		{Direction: data.In, Kind: data.TextMessage, Text: "fetched", RemoteID: "fetched", At: written},
	}})
	w.must(err)
	if got := w.strip(id); got != "Accepted by DoubleTick" {
		t.Errorf("%q", got)
	}
}

// A message from another number of the same customer says nothing of the one that is
// blocked there; one that came without a number may be of either.
func TestRemoteStatus_ProofIsOfTheBlockedAddress(t *testing.T) {
	w := newJoined(t)
	id := w.writes(data.Sender{Phone: riyaNumber, UserID: riyaUser}, "before", w.Now())
	w.blocks(asha, id, data.BlockRequest{})
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	w.clock.add(time.Minute)
	if other := w.writes(data.Sender{Phone: "+46701234567"}, "somebody else", w.Now()); other == id {
		t.Fatal("two numbers are one customer")
	}
	if got := w.strip(id); got != "Accepted by DoubleTick" {
		t.Errorf("%q", got)
	}
	if same := w.writes(data.Sender{UserID: riyaUser}, "without a number", w.Now()); same != id {
		t.Fatalf("customer %d wrote, not %d", same, id)
	}
	if got := w.strip(id); got != notHeld {
		t.Errorf("%q", got)
	}
}

// A customer without a number is blocked here alone, and DoubleTick is told as soon as
// there is one.
func TestBlock_WithoutNumberIsToldOnceThereIsOne(t *testing.T) {
	w := newJoined(t)
	id := w.writes(data.Sender{UserID: riyaUser, Name: "Riya"}, "1", w.Now())
	w.blocks(asha, id, data.BlockRequest{})
	if got := w.strip(id); got != numberOnly || len(w.due()) > 0 {
		t.Errorf("%q, %d are due", got, len(w.due()))
	}
	if e := w.entry(id); e.CanRetry() || e.State != data.EntryRejected {
		t.Errorf("%+v", e)
	}
	w.clock.add(time.Minute)
	w.writes(data.Sender{UserID: riyaUser}, "2", w.Now())
	if got := w.strip(id); got != numberOnly {
		t.Errorf("still without a number: %q", got)
	}
	w.writes(data.Sender{UserID: riyaUser, Phone: riyaNumber}, "3", w.Now())
	if got := w.strip(id); got != "Waiting for DoubleTick" {
		t.Errorf("with a number: %q", got)
	}
	e := w.taken()
	if e.Phone != riyaNumber || e.Op != data.OpBlock {
		t.Errorf("%+v", e)
	}
	w.answers(e.ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	if counts, err := w.OutboxCounts(t.Context()); err != nil || counts.Refused != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
	w.writes(data.Sender{UserID: riyaUser, Phone: riyaNumber}, "4", w.Now())
	if due := w.due(); len(due) > 0 {
		t.Errorf("it is told twice: %+v", due)
	}
}

// What the agent decided stands, and an unblock tells nothing that was never told.
func TestBlock_WithoutNumberIsNotToldAgainstTheAgent(t *testing.T) {
	for name, decide := range map[string]func(w *world, id int64){
		"kept here": func(w *world, id int64) { w.must(w.KeepLocal(w.t.Context(), w.entry(id).ID)) },
		"unblocked": func(w *world, id int64) {
			_, err := w.Unblock(w.t.Context(), asha, id, data.UnblockRequest{})
			w.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newJoined(t)
			id := w.writes(data.Sender{UserID: riyaUser}, "1", w.Now())
			w.blocks(asha, id, data.BlockRequest{})
			decide(w, id)
			w.writes(data.Sender{UserID: riyaUser, Phone: riyaNumber}, "2", w.Now())
			if due := w.due(); len(due) > 0 {
				t.Errorf("%+v", due)
			}
		})
	}
}

// A number that DoubleTick's form does not take is never sent, however it came to be
// tried.
func TestBlock_OfANumberTheFormDoesNotTakeIsRejectedHere(t *testing.T) {
	const long = "DoubleTick takes 9 to 14 digits, and this number has 15"
	w := newJoined(t)
	id := w.writes(data.Sender{Phone: "+123456789012345"}, "1", w.Now())
	w.blocks(asha, id, data.BlockRequest{})
	if got := w.strip(id); got != long || len(w.due()) > 0 {
		t.Errorf("%q, %d are due", got, len(w.due()))
	}
	// One that waits, as older versions wrote it or as it was tried again.
	w.must(w.Retry(t.Context(), w.entry(id).ID))
	due := w.due()
	if len(due) != 1 {
		t.Fatalf("%d are due", len(due))
	}
	if e, send, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, due[0].ID); err != nil || send {
		t.Errorf("%+v is to be sent (%v)", e, err)
	}
	if got := w.strip(id); got != long || len(w.due()) > 0 {
		t.Errorf("%q, %d are due", got, len(w.due()))
	}
	if n, err := w.ResendAll(t.Context(), nil); err != nil || n != 0 {
		t.Errorf("all again: %d, %v", n, err)
	}
}

// A text to somebody without a number is said not to have gone.
func TestSend_WithoutNumberIsRejectedHere(t *testing.T) {
	w := newJoined(t)
	id := w.writes(data.Sender{UserID: riyaUser}, "1", w.Now())
	m, err := w.Send(t.Context(), asha, id, "Hello")
	if err != nil {
		return // it is refused before it is written
	}
	for _, e := range w.due() {
		if _, send, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, e.ID); err != nil || send {
			t.Errorf("it is to be sent (%v)", err)
		}
	}
	if m, err = w.Message(t.Context(), m.ID); err != nil || m.Status != data.Failed || m.Failure != "DoubleTick writes to numbers only" {
		t.Errorf("%+v, %v", m, err)
	}
}

// What DoubleTick cannot be asked for is not counted as refused by it.
func TestOutboxCounts_LeavesOutWhatWasNeverAsked(t *testing.T) {
	w := newJoined(t)
	counts := func(want data.OutboxCounts) {
		t.Helper()
		if got, err := w.OutboxCounts(t.Context()); err != nil || got != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	nobody := w.writes(data.Sender{UserID: riyaUser}, "a", w.Now())
	w.blocks(asha, nobody, data.BlockRequest{})
	counts(data.OutboxCounts{})
	w.unblocks(asha, nobody)
	counts(data.OutboxCounts{})
	w.blocks(asha, w.writes(data.Sender{Phone: riyaNumber}, "b", w.Now()), data.BlockRequest{})
	counts(data.OutboxCounts{Waiting: 1})
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404})
	counts(data.OutboxCounts{Refused: 1})
}
