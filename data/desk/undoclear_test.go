package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// What a clearing took out of sight comes back with its undo, unread as it was, and
// neither what came in meanwhile nor what is held is touched.
func TestUndoClear(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Long ago").CustomerID
	w.must(errorOf(w.Clear(t.Context(), bo, id)))
	w.clock.add(time.Hour)
	w.takes(riya, "Hello")
	w.takes(riya, "Are you there?")
	w.blocks(asha, id, data.BlockRequest{})
	w.takes(riya, "Held")
	cleared, err := w.Clear(t.Context(), asha, id)
	w.must(err)
	w.clock.add(time.Second)
	w.unblocks(bo, id)
	before := w.lastChange()

	w.must(w.UndoClear(t.Context(), asha, cleared.Seq))

	if got := w.shows(id); got != "Chat cleared by Bo | Hello | Are you there? | Held | Customer blocked by Asha | Chat cleared by Asha | Customer unblocked by Bo | Chat restored by Asha" {
		t.Errorf("%s", got)
	}
	if chat := w.chat(id); chat.Unread != 3 || chat.Preview != "Chat restored by Asha" {
		t.Errorf("%+v", chat)
	}
	w.tells(before, id, data.MessageChanged)
	last := w.events(id)[len(w.events(id))-1]
	if d := last.Rest(); last.Kind != data.UndoneEvent || d.Of != cleared.Seq || d.Messages != 2 || d.From != string(data.ClearedEvent) {
		t.Errorf("%+v", last)
	}
	if err := w.UndoClear(t.Context(), asha, cleared.Seq); !errors.Is(err, data.ErrChanged) {
		t.Errorf("a second undo: %v", err)
	}
	w.sound(last.Seq)
}

func TestUndoClear_RefusesWhatChanged(t *testing.T) {
	for name, between := range map[string]func(w *world, id int64){
		"cleared again": func(w *world, id int64) {
			w.takes(riya, "And again")
			w.must(errorOf(w.Clear(t.Context(), bo, id)))
		},
		"an unblock undone, which let go of what was cleared": func(w *world, id int64) {
			events := w.events(id)
			unblocked := events[len(events)-2]
			_, err := w.Undo(t.Context(), bo, data.Undo{
				CustomerID: id, Version: w.customer(id).Version, Event: unblocked.Seq, Kind: unblocked.Kind, Before: &data.Block{By: asha, At: start},
			})
			w.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.takes(riya, "Hello").CustomerID
			w.blocks(asha, id, data.BlockRequest{})
			w.takes(riya, "Held")
			w.unblocks(asha, id)
			cleared, err := w.Clear(t.Context(), asha, id)
			w.must(err)
			w.clock.add(time.Second)
			between(w, id)
			before := w.shows(id)
			if err := w.UndoClear(t.Context(), asha, cleared.Seq); !errors.Is(err, data.ErrChanged) {
				t.Errorf("%v", err)
			}
			if got := w.shows(id); got != before {
				t.Errorf("%s", got)
			}
		})
	}
	w := newWorld(t)
	blocked := w.blocks(asha, w.takes(riya, "Hello").CustomerID, data.BlockRequest{})
	for _, event := range []int64{blocked.Undo.Event, 99} {
		if err := w.UndoClear(t.Context(), asha, event); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("event %d: %v", event, err)
		}
	}
}
