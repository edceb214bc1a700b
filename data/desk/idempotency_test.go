package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

var program = data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}

// A request that comes again does nothing, whatever happened between; after a
// day it is a new one.
func TestBlockedOnce(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	ask := data.BlockRequest{Idempotency: data.IdempotencyKey{Key: "k", RequestHash: "block"}}
	if out := w.blocks(program, id, ask); !out.Changed {
		t.Fatal("the first request changed nothing")
	}
	w.unblocks(asha, id)
	if out := w.blocks(program, id, ask); out.Changed || w.customer(id).Block != nil {
		t.Error("the second request blocked again")
	}
	if _, err := w.Block(t.Context(), program, id, data.BlockRequest{Idempotency: data.IdempotencyKey{Key: "k", RequestHash: "other"}}); !errors.Is(err, data.ErrReused) {
		t.Errorf("the key of another request gives %v", err)
	}
	if _, err := w.Unblock(t.Context(), program, id, data.UnblockRequest{Idempotency: data.IdempotencyKey{Key: "k", RequestHash: "unblock"}}); !errors.Is(err, data.ErrReused) {
		t.Errorf("the key of another act gives %v", err)
	}
	w.clock.add(24 * time.Hour)
	if out := w.blocks(program, id, ask); !out.Changed {
		t.Error("after a day the key is still remembered")
	}
	if got := w.kinds(id); got != "blocked unblocked blocked" {
		t.Errorf("the events are %s", got)
	}
}

// A request that found nothing to change is remembered, too.
func TestNothingToChangeIsRemembered(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	ask := data.BlockRequest{Idempotency: data.IdempotencyKey{Key: "k"}}
	w.blocks(program, id, ask)
	w.unblocks(asha, id)
	if out := w.blocks(program, id, ask); out.Changed {
		t.Error("the repeated request blocked")
	}
}

// What failed is not remembered: it did nothing.
func TestFailureIsNotRemembered(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	ask := data.BlockRequest{Reason: "Weather", Idempotency: data.IdempotencyKey{Key: "k"}}
	if _, err := w.Block(t.Context(), program, id, ask); !errors.Is(err, data.ErrInvalid) {
		t.Fatal(err)
	}
	ask.Reason = "Spam"
	if out := w.blocks(program, id, ask); !out.Changed {
		t.Error("a request that failed was remembered")
	}
}

func TestSentOnce(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	const uuid = "6a2f41a3-c54c-4b8e-9f0d-0a1b2c3d4e5f"
	for name, ask := range map[string]data.SendRequest{
		"by its id":   {Text: "Good day", ID: uuid},
		"by its mark": {Text: "Good day", Idempotency: data.IdempotencyKey{Key: "k", RequestHash: "a"}},
	} {
		first, err := w.SendIdempotent(t.Context(), program, id, ask)
		w.must(err)
		w.blocks(asha, id, data.BlockRequest{})
		again, err := w.SendIdempotent(t.Context(), program, id, ask)
		if err != nil || again.ID != first.ID || again.RemoteID != first.RemoteID || again.Status != first.Status {
			t.Errorf("%s: %+v, then %+v, %v", name, first, again, err)
		}
		w.unblocks(asha, id)
	}
	if got := len(w.messages(id)); got != 3 {
		t.Errorf("%d messages are there", got)
	}
	other := w.takes(ada, "Hello").CustomerID
	for name, c := range map[string]struct {
		customer int64
		ask      data.SendRequest
	}{
		"other words":    {id, data.SendRequest{Text: "Bad day", ID: uuid}},
		"other customer": {other, data.SendRequest{Text: "Good day", ID: uuid}},
		"their message":  {id, data.SendRequest{Text: "Hello", ID: "remote 1"}},
		"other request":  {id, data.SendRequest{Text: "Good day", Idempotency: data.IdempotencyKey{Key: "k", RequestHash: "b"}}},
	} {
		if _, err := w.SendIdempotent(t.Context(), program, c.customer, c.ask); !errors.Is(err, data.ErrReused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeptAnswer(t *testing.T) {
	w := newWorld(t)
	mark := data.IdempotencyKey{Key: "k", RequestHash: "a"}
	if _, done, err := w.FindResponse(t.Context(), mark); done || err != nil {
		t.Errorf("%v, %v before anything was asked", done, err)
	}
	w.must(w.SaveResponse(t.Context(), mark, "[1,2]"))
	w.must(w.SaveResponse(t.Context(), mark, "[3]"))
	if answer, done, err := w.another().FindResponse(t.Context(), mark); answer != "[1,2]" || !done || err != nil {
		t.Errorf("%q, %v, %v", answer, done, err)
	}
}
