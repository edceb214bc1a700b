package desk_test

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Whoever is blocked is none of the unread, and is again after the unblock.
func TestCounts_TheBlockedAreNotUnread(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	for _, marked := range []bool{false, true} {
		if marked {
			for _, read := range []bool{true, false} {
				w.must(w.SetRead(t.Context(), id, read))
			}
		}
		if w.counts().Unread != 1 || !slices.Equal(w.lists(data.UnreadChats), []int64{id}) {
			t.Errorf("marked %t: counted are %+v, listed %v", marked, w.counts(), w.lists(data.UnreadChats))
		}
		w.blocks(asha, id, data.BlockRequest{Reason: "Spam"})
		if w.counts().Unread != 0 || len(w.lists(data.UnreadChats)) != 0 {
			t.Errorf("marked %t, blocked: counted are %+v, listed %v", marked, w.counts(), w.lists(data.UnreadChats))
		}
		w.unblocks(asha, id)
		if w.counts().Unread != 1 {
			t.Errorf("marked %t, unblocked: counted are %+v", marked, w.counts())
		}
	}
}

// The list of the blocked is as long as its number, and as the number of the blocked
// view, with one who never wrote, too; nobody else without a chat is on a list.
func TestCounts_BlockedAreTheSameEverywhere(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam"})
	out, err := w.BlockAddress(t.Context(), asha, "+46701234567", data.BlockRequest{Reason: "Spam"})
	w.must(err)
	silent := out.Customer.ID
	view, err := w.BlockedCounts(t.Context())
	w.must(err)
	if view.Now != 2 || w.counts() != (data.Counts{All: 1, Blocked: 2}) || !slices.Equal(w.lists(data.BlockedChats), []int64{id, silent}) {
		t.Errorf("the view counts %+v, the lists %+v; listed are %v", view, w.counts(), w.lists(data.BlockedChats))
	}
	if chat := w.chat(silent); chat.Customer.ID != silent || chat.LastAt != 0 || chat.Preview != "" {
		t.Errorf("the row is %+v", chat)
	}
	w.unblocks(asha, silent)
	chats, err := w.Chats(t.Context(), []int64{silent})
	if err != nil || len(chats) != 0 || w.counts() != (data.Counts{All: 1, Blocked: 1}) {
		t.Errorf("after the unblock: %+v, %v; counted are %+v", chats, err, w.counts())
	}
}
