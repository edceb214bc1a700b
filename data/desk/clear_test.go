package desk_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// What was cleared after an unblock stays cleared when the unblock is undone: it
// is not held again, and nothing stumbles over it when the block ends.
func TestUndoAfterAClear(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{Until: w.Now().Add(time.Hour)})
	w.takes(riya, "Hello")
	out := w.unblocks(asha, id)
	w.must(w.Clear(t.Context(), asha, id))
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
