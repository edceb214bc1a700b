package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Whatever is done to a customer, the chat stays where its newest message put it, and
// its row shows what was done, and when.
func TestChatKeys_NoEventMovesAChat(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.clock.add(time.Minute)
	other := w.takes(ada, "Hello").CustomerID
	var last data.Undo
	var cleared data.Event
	for _, step := range []struct {
		preview string
		do      func() error
	}{
		{"Customer blocked by Asha", func() error { last = w.blocks(asha, id, data.BlockRequest{}).Undo; return nil }},
		{"Block undone by Bo", func() error { return errorOf(w.Undo(t.Context(), bo, last)) }},
		{"Customer blocked by Asha", func() error { w.blocks(asha, id, data.BlockRequest{Note: "Spam"}); return nil }},
		{"Block note removed by Bo", func() error { return errorOf(w.Amend(t.Context(), bo, id, data.AmendRequest{Note: new("")})) }},
		{"Customer unblocked by Bo", func() error { last = w.unblocks(bo, id).Undo; return nil }},
		{"Unblock undone by Asha", func() error { return errorOf(w.Undo(t.Context(), asha, last)) }},
		{"Customer unblocked by Bo", func() error { w.unblocks(bo, id); return nil }},
		{"Named Riya by Asha", func() error { return w.Rename(t.Context(), asha, id, "Riya") }},
		{"Chat cleared by Asha", func() (err error) { cleared, err = w.Clear(t.Context(), asha, id); return err }},
		{"Chat restored by Bo", func() error { return w.UndoClear(t.Context(), bo, cleared.Seq) }},
	} {
		w.clock.add(time.Minute)
		w.must(step.do())
		if chat := w.chat(id); chat.Preview != step.preview || chat.ShownAt != w.Now() || chat.LastAt != start {
			t.Errorf("after %q the row shows %q of %s and stands at %s", step.preview, chat.Preview, chat.ShownAt, chat.LastAt)
		}
		if got := w.lists(data.AllChats); !slices.Equal(got, []int64{other, id}) {
			t.Errorf("after %q the list is %v", step.preview, got)
		}
	}
	if w.must(w.SetTags(t.Context(), id, []string{"vip"})); w.chat(id).LastAt != start {
		t.Errorf("with a tag it stands at %s", w.chat(id).LastAt)
	}
	if w.takes(riya, "Still there?"); !slices.Equal(w.lists(data.AllChats), []int64{id, other}) {
		t.Error("a message does not move the chat")
	}
}

// What was held puts the chat where it was written once it is released, and an undo puts
// it back to where it was.
func TestChatKeys_ReleasedMessagesMoveAChat(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(errorOf(w.Clear(t.Context(), asha, id))) // what was there keeps its place
	w.clock.add(time.Minute)
	other := w.takes(ada, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	w.clock.add(time.Minute)
	w.takes(riya, "Held")
	held := w.Now()
	w.clock.add(time.Minute)
	if got := w.lists(data.AllChats); !slices.Equal(got, []int64{other, id}) {
		t.Errorf("while it is held the list is %v", got)
	}
	out := w.unblocks(bo, id)
	if chat := w.chat(id); chat.LastAt != held || !slices.Equal(w.lists(data.AllChats), []int64{id, other}) {
		t.Errorf("released it stands at %s", chat.LastAt)
	}
	w.must(errorOf(w.Undo(t.Context(), bo, out.Undo)))
	if chat := w.chat(id); chat.LastAt != start || !slices.Equal(w.lists(data.AllChats), []int64{other, id}) {
		t.Errorf("held again it stands at %s", chat.LastAt)
	}
}

// Two who are joined stand where the newest message of both puts them, and each where it
// stood once they are split again, also who was cleared before.
func TestSplitPair_PutsBothBack(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.must(errorOf(w.Clear(t.Context(), asha, user)))
	w.clock.add(time.Minute)
	w.says(both, "from both")
	p := w.pair()
	before := []data.Moment{w.chat(number).LastAt, w.chat(user).LastAt}
	w.clock.add(time.Minute)
	w.must(w.JoinPair(t.Context(), asha, p.ID))
	if got := w.chat(number).LastAt; got != max(before[0], before[1]) {
		t.Errorf("joined they stand at %s, not at the later of %v", got, before)
	}
	w.clock.add(time.Minute)
	w.must(w.SplitPair(t.Context(), asha, p.ID))
	if got := []data.Moment{w.chat(number).LastAt, w.chat(user).LastAt}; !slices.Equal(got, before) || got[0] == got[1] {
		t.Errorf("split they stand at %v, before at %v", got, before)
	}
}
