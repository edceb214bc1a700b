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

// By which address or user name the customer writes meanwhile is nobody's decision: the
// act is undone, and a dialog that was open confirms.
func TestUndo_IsNotStoppedByAnotherAddress(t *testing.T) {
	user := data.Sender{UserID: "IN.13491208655302741918"}
	for what, tell := range map[string]func(w *world){
		"another main address": func(w *world) {
			w.takesAs(data.Incoming{From: data.Sender{Phone: riya, UserID: user.UserID}, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "a", RemoteID: "r2"}})
		},
		"a change of the number": func(w *world) {
			w.must(w.ChangeIdentity(w.t.Context(), data.IdentityChange{From: user, To: data.Sender{Phone: riya, UserID: user.UserID}}))
		},
		"a user name": func(w *world) {
			w.takesAs(data.Incoming{From: data.Sender{UserID: user.UserID, Username: "riya_d"}, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "a", RemoteID: "r2"}})
		},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			id := w.takesAs(data.Incoming{From: user, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "Hello", RemoteID: "r1"}}).CustomerID
			out := w.blocks(asha, id, data.BlockRequest{})
			before := w.customer(id)
			tell(w)
			after := w.customer(id)
			if after.Address == before.Address && after.Username == before.Username {
				t.Fatal("nothing was told")
			}
			undone, err := w.Undo(t.Context(), asha, out.Undo)
			if err != nil || !undone.Changed || w.customer(id).Block != nil {
				t.Errorf("undone: %v, %v", undone.Changed, err)
			}
			seen := w.customer(id).Version
			if _, err := w.Block(t.Context(), asha, id, data.BlockRequest{Version: seen}); err != nil {
				t.Errorf("blocked as it was seen: %v", err)
			}
			w.must(w.Rename(t.Context(), bo, id, "Somebody else"))
			if _, err := w.Unblock(t.Context(), asha, id, data.UnblockRequest{Version: seen + 1}); !errors.Is(err, data.ErrChanged) {
				t.Errorf("after an agent's act: %v", err)
			}
		})
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
