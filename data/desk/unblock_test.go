package desk_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func TestUnblock(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam"})
	before, told := w.customer(id), w.lastChange()
	w.clock.add(time.Minute)

	out, err := w.Unblock(t.Context(), bo, id, data.UnblockRequest{Version: before.Version, Note: "a mistake"})
	w.must(err)

	want := before
	want.Version++
	want.Block = nil
	if got := w.customer(id); !out.Changed || !reflect.DeepEqual(out.Customer, want) || !reflect.DeepEqual(got, want) {
		t.Errorf("the outcome is %+v, kept is %+v, want %+v", out, got, want)
	}
	if got := w.kinds(id); got != "blocked unblocked" {
		t.Fatalf("there are the events %s", got)
	}
	e := w.events(id)[1]
	if e.At != w.Now() || e.RecordedAt != w.Now() || e.Phone != riya || e.Actor != bo || e.Rest() != (data.Detail{Note: "a mistake"}) {
		t.Errorf("%+v", e)
	}
	if chat := w.chat(id); chat.Preview != "Customer unblocked by Bo" || chat.ShownAt != w.Now() || chat.LastAt != start || chat.Unread != 1 {
		t.Errorf("the row is %+v", chat)
	}
	w.tells(told, id, data.CustomerChanged)
	w.sound(2)
}
