package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

var account = data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}

// newJoined is a desk that is joined to an account since a second.
func newJoined(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.must(w.Join(t.Context(), account))
	w.clock.add(time.Second)
	return w
}

func (w *world) adds(phone data.Phone) int64 {
	w.t.Helper()
	c, err := w.Add(w.t.Context(), data.Address(phone), "")
	w.must(err)
	return c.ID
}

// told are all entries of a customer that were not folded, in their order.
func (w *world) told(customer int64) string {
	w.t.Helper()
	there, err := w.RemoteStatus(w.t.Context(), customer)
	w.must(err)
	list, err := w.EntriesOf(w.t.Context(), customer)
	w.must(err)
	var words []string
	for _, e := range list {
		words = append(words, fmt.Sprint(e.Op, " ", e.State))
	}
	if there.Last != nil && !slices.ContainsFunc(list, func(e data.OutboxEntry) bool { return e == *there.Last }) {
		w.t.Errorf("%+v is not among %+v", there.Last, list)
	}
	return strings.Join(words, ", ")
}

func (w *world) due() []data.OutboxEntry {
	w.t.Helper()
	due, err := w.DueEntries(w.t.Context(), w.Now(), 100)
	w.must(err)
	return due
}

// takes the only entry that is due.
func (w *world) taken() data.OutboxEntry {
	w.t.Helper()
	due := w.due()
	if len(due) != 1 {
		w.t.Fatalf("%d entries are due", len(due))
	}
	e, ok, err := w.ClaimEntry(w.t.Context(), w.account().JoinedAt, due[0].ID)
	w.must(err)
	if !ok || e.State != data.EntryInFlight {
		w.t.Fatalf("%+v is not taken", e)
	}
	return e
}

func (w *world) answers(id int64, a data.OpResult) {
	w.t.Helper()
	w.must(w.RecordResult(w.t.Context(), id, a))
}

func (w *world) entry(customer int64) data.OutboxEntry {
	w.t.Helper()
	there, err := w.RemoteStatus(w.t.Context(), customer)
	w.must(err)
	if there.Last == nil {
		w.t.Fatal("there is no entry")
	}
	return *there.Last
}

// Every way to block and to unblock tells DoubleTick, in the same commit; what
// changes no status tells nobody, and a desk without an account never does.
func TestEveryChangeOfStatusIsTold(t *testing.T) {
	ways := map[string]func(w *world, id int64){
		"block": func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}) },
		"again": func(w *world, id int64) {
			w.blocks(asha, id, data.BlockRequest{})
			w.blocks(bo, id, data.BlockRequest{})
		},
		"amend": func(w *world, id int64) {
			w.blocks(asha, id, data.BlockRequest{})
			_, err := w.Amend(w.t.Context(), asha, id, data.AmendRequest{Until: new(w.Now().Add(time.Hour))})
			w.must(err)
			_, err = w.Amend(w.t.Context(), asha, id, data.AmendRequest{Asked: true, Note: new("please")})
			w.must(err)
			out, err := w.Amend(w.t.Context(), asha, id, data.AmendRequest{Until: new(data.Moment(0))})
			w.must(err)
			_, err = w.Undo(w.t.Context(), asha, out.Undo)
			w.must(err)
		},
		"many": func(w *world, id int64) {
			_, err := w.BlockMany(w.t.Context(), asha, []int64{id, id}, data.BlockRequest{}, nil)
			w.must(err)
		},
		"import": func(w *world, _ int64) {
			_, err := w.Import(w.t.Context(), desk.ImportRequest{By: "Asha", Rows: slices.Values([]desk.ImportRow{{Phone: riya}, {Phone: ada}})})
			w.must(err)
			c, err := w.FindCustomer(w.t.Context(), data.Address(ada))
			w.must(err)
			if _, err := w.RemoteStatus(w.t.Context(), c.ID); err != nil {
				w.t.Error(err)
			}
		},
		"undo of an unblock": func(w *world, id int64) {
			w.blocks(asha, id, data.BlockRequest{})
			w.tellsAll()
			out := w.unblocks(asha, id)
			w.tellsAll()
			_, err := w.Undo(w.t.Context(), asha, out.Undo)
			w.must(err)
		},
	}
	for name, act := range ways {
		t.Run(name, func(t *testing.T) {
			w := newJoined(t)
			id := w.adds(riya)
			act(w, id)
			if got := w.told(id); got != "block waiting" {
				t.Errorf("told is %q", got)
			}
			if e := w.entry(id); e.Phone != riya || e.EventSeq == 0 || e.CreatedAt != w.Now() || e.NextAttemptAt != w.Now() {
				t.Errorf("%+v", e)
			}
			alone := newWorld(t)
			id = alone.adds(riya)
			act(alone, id)
			if got := alone.told(id); got != "" {
				t.Errorf("without an account, told is %q", got)
			}
		})
	}
	back := map[string]func(w *world, id int64, block data.Outcome){
		"unblock": func(w *world, id int64, _ data.Outcome) { w.unblocks(asha, id) },
		"discard": func(w *world, id int64, _ data.Outcome) {
			_, err := w.Unblock(w.t.Context(), asha, id, data.UnblockRequest{Discard: true})
			w.must(err)
		},
		"the end": func(w *world, _ int64, _ data.Outcome) {
			w.clock.add(time.Hour)
			_, err := w.Expire(w.t.Context())
			w.must(err)
		},
		"the end, met by a message": func(w *world, _ int64, _ data.Outcome) { w.clock.add(time.Hour); w.takes(riya, "Hello") },
		"undo": func(w *world, _ int64, block data.Outcome) {
			_, err := w.Undo(w.t.Context(), asha, block.Undo)
			w.must(err)
		},
		"many": func(w *world, id int64, _ data.Outcome) {
			_, err := w.UnblockMany(w.t.Context(), asha, []int64{id}, data.UnblockRequest{}, nil)
			w.must(err)
		},
	}
	for name, act := range back {
		t.Run(name+" after a block that is done there", func(t *testing.T) {
			w := newJoined(t)
			id := w.adds(riya)
			out := w.blocks(asha, id, data.BlockRequest{Until: w.Now().Add(time.Hour)})
			w.tellsAll()
			if got := w.told(id); got != "block done" {
				t.Errorf("told is %q", got)
			}
			act(w, id, out)
			if got := w.told(id); got != "unblock waiting" {
				t.Errorf("told is %q", got)
			}
		})
		t.Run(name+" after a block that waits", func(t *testing.T) {
			w := newJoined(t)
			id := w.adds(riya)
			out := w.blocks(asha, id, data.BlockRequest{Until: w.Now().Add(time.Hour)})
			act(w, id, out)
			if got := w.told(id); got != "" || len(w.due()) != 0 {
				t.Errorf("told is %q", got)
			}
		})
	}
}

// tellsAll has all that is due answered as done.
func (w *world) tellsAll() {
	w.t.Helper()
	for due := w.due(); len(due) > 0; due = w.due() {
		for _, e := range due {
			if _, ok, err := w.ClaimEntry(w.t.Context(), w.account().JoinedAt, e.ID); !ok || err != nil {
				w.t.Fatalf("%+v is not taken: %v", e, err)
			}
			w.answers(e.ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
		}
	}
}

// What may have arrived is never taken back: what follows stands behind it, and
// is not taken before it.
func TestEntriesOfACustomerAreInOrder(t *testing.T) {
	w := newJoined(t)
	id, other := w.adds(riya), w.adds(ada)
	w.blocks(asha, id, data.BlockRequest{})
	first := w.taken()
	w.unblocks(asha, id)
	text, err := w.Send(t.Context(), asha, id, "Hello")
	w.must(err)
	w.blocks(asha, other, data.BlockRequest{})
	if due := w.due(); len(due) != 2 || due[0].ID != first.ID || due[1].CustomerID != other {
		t.Fatalf("due are %+v", due)
	}
	list, err := w.EntriesOf(t.Context(), id)
	w.must(err)
	if len(list) != 3 || list[2].MessageID != text.ID || list[2].Op != data.OpSendText {
		t.Fatalf("%+v", list)
	}
	for _, e := range list[1:] {
		if _, ok, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, e.ID); ok || err != nil {
			t.Errorf("%+v is taken before what stands before it: %v", e, err)
		}
	}
	later := w.Now().Add(time.Minute)
	w.answers(first.ID, data.OpResult{Kind: data.ResultUnknown, Message: "Nothing came", NextAttemptAt: later})
	if due := w.due(); len(due) != 1 || due[0].CustomerID != other {
		t.Errorf("due are %+v", due)
	}
	w.tellsAll()
	if next, err := w.NextEntryDue(t.Context()); next != later || err != nil {
		t.Errorf("the next is due at %v, want %v; %v", next, later, err)
	}
	w.clock.set(later)
	if e := w.taken(); e.ID != first.ID || !e.OutcomeUnknown || e.Attempts != 2 {
		t.Errorf("%+v", e)
	}
	w.answers(first.ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	w.tellsAll()
	if got := w.told(id); got != "unblock done" {
		t.Errorf("told is %q", got)
	}
	if next, err := w.NextEntryDue(t.Context()); next != 0 || err != nil {
		t.Errorf("%v, %v", next, err)
	}
	if n, err := w.OutboxCounts(t.Context()); n != (data.OutboxCounts{}) || err != nil {
		t.Errorf("%+v, %v", n, err)
	}
}

// What comes of an outbox entry, by what was answered.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answers []data.OpResult
		want    data.OutboxEntry // state, lost, code, answer
		text    data.Message
	}{
		"done":                          {[]data.OpResult{{Kind: data.ResultOK, HTTPStatus: 201}}, data.OutboxEntry{State: data.EntryDone, HTTPStatus: 201}, data.Message{Status: data.Sent}},
		"read already":                  {[]data.OpResult{{Kind: data.ResultOK, HTTPStatus: 200, Status: data.Read}}, data.OutboxEntry{State: data.EntryDone, HTTPStatus: 200}, data.Message{Status: data.Read}},
		"no":                            {[]data.OpResult{{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"}}, data.OutboxEntry{State: data.EntryRejected, HTTPStatus: 404, LastMessage: "Invalid Customer"}, data.Message{Status: data.Failed, Failure: "Invalid Customer"}},
		"later":                         {[]data.OpResult{{Kind: data.ResultRetryLater, HTTPStatus: 429, Message: "Too many"}}, data.OutboxEntry{State: data.EntryWaiting, HTTPStatus: 429, LastMessage: "Too many"}, data.Message{Status: data.Waiting}},
		"never there":                   {[]data.OpResult{{Kind: data.ResultNotSent, Message: "No way"}}, data.OutboxEntry{State: data.EntryWaiting, LastMessage: "No way"}, data.Message{Status: data.Waiting}},
		"lost":                          {[]data.OpResult{{Kind: data.ResultUnknown, Message: "Nothing came"}}, data.OutboxEntry{State: data.EntryInFlight, OutcomeUnknown: true, LastMessage: "Nothing came"}, data.Message{Status: data.Waiting}},
		"lost, then never there":        {[]data.OpResult{{Kind: data.ResultUnknown}, {Kind: data.ResultNotSent}}, data.OutboxEntry{State: data.EntryInFlight, OutcomeUnknown: true}, data.Message{Status: data.Waiting}},
		"lost, then later":              {[]data.OpResult{{Kind: data.ResultUnknown}, {Kind: data.ResultRetryLater, HTTPStatus: 429}}, data.OutboxEntry{State: data.EntryInFlight, OutcomeUnknown: true, HTTPStatus: 429}, data.Message{Status: data.Waiting}},
		"lost, then found not there":    {[]data.OpResult{{Kind: data.ResultUnknown}, {Kind: data.ResultNotSent, NotKnownThere: true}}, data.OutboxEntry{State: data.EntryWaiting}, data.Message{Status: data.Waiting}},
		"lost, then done":               {[]data.OpResult{{Kind: data.ResultUnknown}, {Kind: data.ResultOK, HTTPStatus: 200}}, data.OutboxEntry{State: data.EntryDone, OutcomeUnknown: true, HTTPStatus: 200}, data.Message{Status: data.Sent}},
		"done, and then something else": {[]data.OpResult{{Kind: data.ResultOK, HTTPStatus: 201}, {Kind: data.ResultRejected, HTTPStatus: 404}}, data.OutboxEntry{State: data.EntryDone, HTTPStatus: 201}, data.Message{Status: data.Sent}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newJoined(t)
			blocked, id := w.adds(ada), w.takes(riya, "Hello").CustomerID
			w.blocks(asha, blocked, data.BlockRequest{})
			m, err := w.Send(t.Context(), asha, id, "Hello")
			w.must(err)
			if m.Status != data.Waiting || m.Business != string(account.Number) {
				t.Errorf("%+v", m)
			}
			for _, e := range w.due() {
				for _, a := range c.answers {
					_, _, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, e.ID)
					w.must(err)
					w.answers(e.ID, a)
				}
				entries, err := w.EntriesOf(t.Context(), e.CustomerID)
				w.must(err)
				if e.Op == data.OpSendText {
					byMessage, err := w.EntriesByMessage(t.Context(), []int64{m.ID, 4711})
					w.must(err)
					entries = []data.OutboxEntry{byMessage[m.ID]}
				}
				if len(entries) != 1 {
					t.Fatalf("%+v", entries)
				}
				got := entries[0]
				if got.State != c.want.State || got.OutcomeUnknown != c.want.OutcomeUnknown || got.HTTPStatus != c.want.HTTPStatus || got.LastMessage != c.want.LastMessage {
					t.Errorf("%s: %+v, want %+v", e.Op, got, c.want)
				}
			}
			if got := w.messages(id)[1]; got.Status != c.text.Status || got.Failure != c.text.Failure {
				t.Errorf("the text has the tick %d, %q; want %d, %q", got.Status, got.Failure, c.text.Status, c.text.Failure)
			}
		})
	}
}

// A text that waits when its customer is blocked is never sent; one that may
// have arrived is still asked for, and sent again only if it may be.
func TestATextWaitsForABlock(t *testing.T) {
	w := newJoined(t)
	id := w.takes(riya, "Hello").CustomerID
	_, err := w.Send(t.Context(), asha, id, "one")
	w.must(err)
	_, err = w.Send(t.Context(), asha, id, "two")
	w.must(err)
	first := w.taken()
	w.answers(first.ID, data.OpResult{Kind: data.ResultUnknown})
	w.blocks(asha, id, data.BlockRequest{})
	if e := w.taken(); e.ID != first.ID || !e.OutcomeUnknown {
		t.Errorf("%+v", e)
	}
	w.answers(first.ID, data.OpResult{Kind: data.ResultNotSent, NotKnownThere: true})
	for range 2 {
		if _, ok, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, w.due()[0].ID); ok || err != nil {
			t.Errorf("taken: %v, %v", ok, err)
		}
	}
	for _, m := range w.messages(id)[1:] {
		if m.Status != data.Failed || m.Failure != "The customer is blocked" {
			t.Errorf("%+v", m)
		}
	}
	if got := w.told(id); got != "text refused, text refused, block waiting" {
		t.Errorf("told is %q", got)
	}
	w.tellsAll()
	w.unblocks(asha, id)
	w.tellsAll()
	w.must(w.Retry(t.Context(), first.ID))
	if m := w.messages(id)[1]; m.Status != data.Waiting || m.Failure != "" {
		t.Errorf("%+v", m)
	}
	w.tellsAll()
	if m := w.messages(id)[1]; m.Status != data.Sent {
		t.Errorf("%+v", m)
	}
}

// The agent decides on what was refused, and on what waits.
func TestRetryAndKeepHere(t *testing.T) {
	w := newJoined(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{})
	e := w.taken()
	w.answers(e.ID, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"})
	if n, err := w.OutboxCounts(t.Context()); n != (data.OutboxCounts{Refused: 1}) || err != nil {
		t.Errorf("%+v, %v", n, err)
	}
	told := w.lastChange()
	w.must(w.Retry(t.Context(), e.ID))
	w.tells(told, id, data.AccountChanged)
	if got := w.entry(id); got.State != data.EntryWaiting || got.Attempts != 0 || got.LastMessage != "" {
		t.Errorf("%+v", got)
	}
	w.must(w.KeepLocal(t.Context(), e.ID))
	if got := w.told(id); got != "block kept" || len(w.due()) != 0 {
		t.Errorf("told is %q", got)
	}
	told = w.lastChange()
	w.must(w.KeepLocal(t.Context(), e.ID)) // there is nothing left to decide
	w.must(w.Retry(t.Context(), e.ID))
	w.tells(told, id)

	w.unblocks(asha, id) // of a block that DoubleTick never heard of
	if got := w.told(id); got != "" {
		t.Errorf("told is %q", got)
	}
	w.blocks(asha, id, data.BlockRequest{})
	refused := w.taken()
	w.answers(refused.ID, data.OpResult{Kind: data.ResultUnknown})
	w.taken()
	w.answers(refused.ID, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 400})
	w.unblocks(asha, id)
	if err := w.Retry(t.Context(), refused.ID); !errors.Is(err, data.ErrChanged) {
		t.Errorf("a block is told after its unblock: %v", err)
	}
	if err := w.Retry(t.Context(), 4711); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("%v", err)
	}

	asked := w.taken()
	w.must(w.KeepLocal(t.Context(), asked.ID)) // while it is on its way
	w.answers(asked.ID, data.OpResult{Kind: data.ResultUnknown})
	if got := w.entry(id); got.State != data.EntryLocalOnly {
		t.Errorf("%+v", got)
	}
	w.answers(asked.ID, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
	if got := w.entry(id); got.State != data.EntryDone {
		t.Errorf("%+v", got)
	}
}

// What waits because nothing answered is asked at once when something does.
func TestHurry(t *testing.T) {
	w := newJoined(t)
	for i, a := range []data.OpResult{{Kind: data.ResultNotSent}, {Kind: data.ResultUnknown}, {Kind: data.ResultUnknown, HTTPStatus: 500}, {Kind: data.ResultRetryLater, HTTPStatus: 401}} {
		id := w.adds(data.Phone(fmt.Sprint("+4670123456", i)))
		w.blocks(asha, id, data.BlockRequest{})
		a.NextAttemptAt = w.Now().Add(time.Hour)
		w.answers(w.taken().ID, a)
	}
	w.must(w.RetryUnreachable(t.Context()))
	if due := w.due(); len(due) != 2 || due[0].HTTPStatus != 0 || due[1].HTTPStatus != 0 {
		t.Errorf("due are %+v", due)
	}
	w.must(w.KeyRenewed(t.Context()))
	if due := w.due(); len(due) != 3 {
		t.Errorf("due are %+v", due)
	}
}
