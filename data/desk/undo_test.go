package desk_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// What was cleared after an unblock stays cleared when the unblock is undone: it
// is not held again, and nothing stumbles over it when the block ends.
func TestUndo_LeavesClearedMessagesCleared(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{Until: w.Now().Add(time.Hour)})
	w.takes(riya, "Hello")
	out := w.unblocks(asha, id)
	w.must(errorOf(w.Clear(t.Context(), asha, id)))
	_, err := w.Undo(t.Context(), asha, out.Undo)
	w.must(err)
	if c := w.chat(id); c.Customer.Held != 0 || w.holds(id) != "" {
		t.Errorf("%+v, held %q", c, w.holds(id))
	}
	w.clock.add(time.Hour)
	w.takes(riya, "Again")
	if c := w.chat(id); c.Unread != 1 || c.Preview != "Again" {
		t.Errorf("%+v", c)
	}
}

func TestUndo_OfChangeRestoresBlockWhole(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Note: "first words", Review: w.Now().Add(time.Hour)})
	_, err := w.Amend(t.Context(), asha, id, data.AmendRequest{Asked: true})
	w.must(err)
	w.takes(riya, "held meanwhile")
	before := w.customer(id)
	w.clock.add(time.Minute)
	out, err := w.Amend(t.Context(), bo, id, data.AmendRequest{
		Until: new(w.Now().Add(time.Hour)), Review: new(data.Moment(0)), Note: new(""), Asked: true,
	})
	w.must(err)

	undone, err := w.Undo(t.Context(), asha, out.Undo)
	w.must(err)

	after := w.customer(id)
	if !undone.Changed || !reflect.DeepEqual(after.Block, before.Block) || after.Held != 1 || w.holds(id) != "held meanwhile" {
		t.Errorf("kept is %+v with %+v, want %+v", after, after.Block, before.Block)
	}
	if got, want := w.kinds(id), "blocked unblock_asked shortened review_set note_set unblock_asked undone"; got != want {
		t.Fatalf("the events are %s, want %s", got, want)
	}
	events := w.events(id)
	if e := events[6]; e.Rest() != (data.Detail{Of: events[2].Seq, From: "shortened"}) || e.Text() != "Block change undone by Asha" {
		t.Errorf("%+v says %q", e, e.Text())
	}
	if past, err := w.PastIDs(t.Context(), ""); err != nil || len(past) != 0 {
		t.Errorf("the block counts as past: %v, %v", past, err)
	}
	w.sound(7)
	if _, err := w.Undo(t.Context(), asha, out.Undo); !errors.Is(err, data.ErrChanged) {
		t.Errorf("the second time: %v", err)
	}
}

// A change that let the block end meanwhile is not taken back: the block is
// over, and whoever was held is seen.
func TestUndo_OfChangeAfterTheEndChangesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	out, err := w.Amend(t.Context(), bo, id, data.AmendRequest{Until: new(w.Now().Add(time.Minute))})
	w.must(err)
	w.clock.add(time.Minute)
	undone, err := w.Undo(t.Context(), asha, out.Undo)
	if err != nil || undone.Changed || undone.Customer.Block != nil {
		t.Errorf("%+v, %v", undone, err)
	}
	if got := w.kinds(id); got != "blocked shortened block_ended" {
		t.Errorf("the events are %s", got)
	}
}
