package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// What stands above the last that was seen is read, and nothing below it.
func TestSetReadTo_ReadsNothingBelow(t *testing.T) {
	w := newWorld(t)
	var id int64
	for i := range 6 {
		id = w.takes(riya, fmt.Sprint("Message ", i)).CustomerID
		if i == 2 {
			w.blocks(asha, id, data.BlockRequest{})
			w.takes(riya, "held")
			w.unblocks(asha, id)
			_, err := w.Send(t.Context(), asha, id, "an answer")
			w.must(err)
		}
		w.clock.add(time.Minute)
	}
	page, err := w.Timeline(t.Context(), id, data.Span{Limit: 100})
	w.must(err)
	key := map[string]data.ItemKey{}
	for i, text := range texts(page) {
		key[text] = page.Items[i].Key
	}
	for _, step := range []struct {
		to     string
		unread int
		first  string
	}{
		{"", 7, "Message 0"},
		{"Message 0", 6, "Message 1"},
		{"Message 1", 5, "Message 2"},
		{"Message 0", 5, "Message 2"}, // what was read stays read
		{"Customer unblocked by Asha", 3, "Message 3"},
		{"an answer", 3, "Message 3"},
		{"Message 4", 1, "Message 5"},
		{"Message 5", 0, ""},
		{"Message 3", 0, ""},
	} {
		before, told := w.chat(id).Unread, w.lastChange()
		w.must(w.SetReadTo(t.Context(), id, key[step.to]))
		got, err := w.UnreadMessages(t.Context(), id)
		w.must(err)
		if got.Count != step.unread || w.chat(id).Unread != step.unread || (got.First == nil) != (step.first == "") {
			t.Errorf("read to %q: %+v, want %d", step.to, got, step.unread)
		}
		if got.First != nil && *got.First != key[step.first] {
			t.Errorf("read to %q, the first unread is %v, want %q", step.to, *got.First, step.first)
		}
		if before != step.unread {
			w.tells(told, id, data.ReadChanged)
		} else {
			w.tells(told, id)
		}
	}
	w.must(w.SetRead(t.Context(), id, false))
	w.must(w.SetReadTo(t.Context(), id, key["Message 0"])) // whoever looks at it has seen the mark
	if got, err := w.UnreadMessages(t.Context(), id); got != (data.Unread{}) || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// What is out of sight is none of the unread.
func TestUnreadMessages_OfWhatIsInSight(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	if got, err := w.UnreadMessages(t.Context(), id+1); got != (data.Unread{}) || err != nil {
		t.Errorf("of nobody %+v, %v", got, err)
	}
	first := w.messages(id)[0]
	_, err := w.Clear(t.Context(), asha, id)
	w.must(err)
	if got, err := w.UnreadMessages(t.Context(), id); got != (data.Unread{}) || err != nil {
		t.Errorf("cleared: %+v, %v", got, err)
	}
	w.takes(riya, "Hello?")
	w.takes(riya, "Anybody?")
	got, err := w.UnreadMessages(t.Context(), id)
	if err != nil || got.Count != 2 || got.First == nil || *got.First != (data.ItemKey{At: w.messages(id)[0].At, ID: w.messages(id)[0].ID}) || got.First.ID == first.ID {
		t.Errorf("%+v, %v", got, err)
	}
}
