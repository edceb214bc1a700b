package desk_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// A block that is asked for again with a later end, another reason or note counts, has an
// event for each, and is undone whole.
func TestBlock_AgainAndStricter(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	soon := w.Now().Add(time.Hour)
	first := w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Note: "calls", Until: soon, Review: w.Now().Add(time.Minute)})
	if first.Result != data.NewlyBlocked {
		t.Errorf("the first block is %q", first.Result)
	}
	before := w.customer(id)
	w.clock.add(time.Second)

	out := w.blocks(bo, id, data.BlockRequest{Reason: "abuse"})

	after := w.customer(id)
	want := *before.Block
	want.Reason, want.Until = "Abuse", 0
	if out.Result != data.BlockChanged || !out.Changed || !reflect.DeepEqual(*after.Block, want) {
		t.Errorf("%+v, now %+v, want %+v", out, *after.Block, want)
	}
	if got := w.kinds(id); got != "blocked reason_set extended" {
		t.Errorf("the events are %s", got)
	}
	if e := w.events(id)[1]; e.Actor != bo || e.Rest() != (data.Detail{Reason: "Abuse"}) || e.Text() != "Block reason set to Abuse by Bo" {
		t.Errorf("%+v says %q", e, e.Text())
	}
	_, err := w.Undo(t.Context(), bo, out.Undo)
	w.must(err)
	if got := w.customer(id).Block; !reflect.DeepEqual(got, before.Block) {
		t.Errorf("after the undo it is %+v, want %+v", got, before.Block)
	}
	w.clock.set(soon)
	if got := w.customer(id).Status(w.Now()); got != data.Active {
		t.Errorf("at the first end the customer is %s", got)
	}
	w.sound(4)
}

func TestBlock_AgainAndWeakerIsKept(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Until: w.Now().Add(time.Hour)})
	before, told := w.customer(id), w.lastChange()
	for _, ask := range []data.BlockRequest{
		{Until: w.Now().Add(time.Minute)},
		{Until: w.Now().Add(time.Minute), Reason: "Abuse", Note: "other words"},
	} {
		if out := w.blocks(bo, id, ask); out.Changed || out.Result != data.BlockKept || !reflect.DeepEqual(out.Customer, before) {
			t.Errorf("%+v: %+v", ask, out)
		}
	}
	if out := w.blocks(bo, id, data.BlockRequest{Until: before.Block.Until, Reason: "spam"}); out.Changed || out.Result != data.BlockSame {
		t.Errorf("the same: %+v", out)
	}
	if _, err := w.Block(t.Context(), bo, id, data.BlockRequest{Reason: "no such word"}); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("a reason that is none: %v", err)
	}
	w.tells(told, id)
	w.sound(1)
}

// What a request came to is what the same request is told again.
func TestBlock_AgainWithKeyHasItsResult(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	ask := func(key string, until data.Moment) data.BlockResult {
		return w.blocks(asha, id, data.BlockRequest{Until: until, Idempotency: data.IdempotencyKey{Key: key, RequestHash: key}}).Result
	}
	soon := w.Now().Add(time.Hour)
	for _, c := range []struct {
		key   string
		until data.Moment
		want  data.BlockResult
	}{
		{"a", soon, data.NewlyBlocked}, {"same", soon, data.BlockSame}, {"kept", soon - 1, data.BlockKept}, {"changed", soon + 1, data.BlockChanged},
		{"changed", soon + 1, data.BlockChanged}, {"kept", soon - 1, data.BlockKept}, {"same", soon, data.BlockSame}, {"a", soon, data.NewlyBlocked},
	} {
		if got := ask(c.key, c.until); got != c.want {
			t.Errorf("%s is %q, want %q", c.key, got, c.want)
		}
	}
	w.sound(2)
}

// Of a pair nobody has decided, both have what changed.
func TestBlock_AgainOfPairHoldsForBoth(t *testing.T) {
	w := newWorld(t)
	first, second := meet(w)
	w.says(both, "from both")
	w.pair()
	w.blocks(asha, first, data.BlockRequest{Until: w.Now().Add(time.Hour)})
	out := w.blocks(bo, second, data.BlockRequest{Reason: "Scam"})
	for _, id := range []int64{first, second} {
		if b := w.customer(id).Block; b == nil || b.Reason != "Scam" || b.Until != 0 {
			t.Errorf("%d has %+v", id, b)
		}
	}
	_, err := w.Undo(t.Context(), bo, out.Undo)
	w.must(err)
	for _, id := range []int64{first, second} {
		if b := w.customer(id).Block; b == nil || b.Reason != "" || b.Until != w.Now().Add(time.Hour) {
			t.Errorf("after the undo %d has %+v", id, b)
		}
	}
}

func TestBlockMany_Again(t *testing.T) {
	w := newWorld(t)
	hour, day := w.Now().Add(time.Hour), w.Now().Add(24*time.Hour)
	phones := []data.Phone{"+46700000001", "+46700000002", "+46700000003", "+46700000004"}
	var ids []int64
	for _, p := range phones {
		ids = append(ids, w.takes(p, "Hello").CustomerID)
	}
	w.blocks(asha, ids[1], data.BlockRequest{Until: hour})
	w.blocks(asha, ids[2], data.BlockRequest{Until: day})
	w.blocks(asha, ids[3], data.BlockRequest{})
	before := map[int64]*data.Block{}
	for _, id := range ids {
		before[id] = w.customer(id).Block
	}

	m, err := w.BlockMany(t.Context(), bo, ids, data.BlockRequest{Until: day}, nil)
	w.must(err)

	if want := (desk.Progress{All: 4, Done: 1, Changed: 1, Already: 1, Kept: 1}); m.Progress != want || m.Reached() != 4 {
		t.Errorf("%+v, want %+v", m.Progress, want)
	}
	for i, want := range []desk.ItemStatus{desk.ItemDone, desk.ItemChanged, desk.ItemUnchanged, desk.ItemKept} {
		if got := m.Results[i].Status; got != want {
			t.Errorf("customer %d has the result %d, want %d", i, got, want)
		}
	}
	undone, err := w.UndoMany(t.Context(), bo, m.Undos(), nil)
	w.must(err)
	if undone.Done != 2 {
		t.Errorf("undone: %+v", undone.Progress)
	}
	for _, id := range ids {
		if got := w.customer(id).Block; !reflect.DeepEqual(got, before[id]) {
			t.Errorf("customer %d has %+v, want %+v", id, got, before[id])
		}
	}
}

func TestImport_OfWhoIsBlockedIsAChangeOrIsKept(t *testing.T) {
	w := newWorld(t)
	hour, day := w.Now().Add(time.Hour), w.Now().Add(24*time.Hour)
	stricter, same, kept := w.takes("+46700000001", "Hello").CustomerID, w.takes("+46700000002", "Hello").CustomerID, w.takes("+46700000003", "Hello").CustomerID
	for _, id := range []int64{stricter, same, kept} {
		w.blocks(asha, id, data.BlockRequest{Until: hour, Reason: "Spam", Note: "mine"})
	}
	rows := []desk.ImportRow{
		{Phone: "+46700000001", Until: day, By: "Ann", At: start - 1},
		{Phone: "+46700000002", Until: hour},
		{Phone: "+46700000003", Until: hour - 1, Note: "theirs"},
	}
	n, refused := w.imports(rows...)
	if want := (desk.ImportResult{Changed: 1, Already: 1, Kept: 1}); n != want || n.Rows() != 3 || refused != "" {
		t.Errorf("%+v, %s", n, refused)
	}
	if b := w.customer(stricter).Block; b.Until != day || b.Note != "mine" || b.By != asha {
		t.Errorf("the stricter one is %+v", b)
	}
	if e := w.events(stricter)[1]; e.Kind != data.ExtendedEvent || e.Actor.Name != "Bo" || e.Rest() != (data.Detail{Until: int64(day), ImportedAt: int64(start - 1), ImportedBy: "Ann"}) {
		t.Errorf("its event is %+v", e)
	}
	for _, id := range []int64{same, kept} {
		if b := w.customer(id).Block; b.Until != hour || b.Note != "mine" {
			t.Errorf("%d is %+v", id, b)
		}
	}
	n, _ = w.imports(rows...)
	if want := (desk.ImportResult{Already: 2, Kept: 1}); n != want {
		t.Errorf("once more: %+v", n)
	}
	w.sound(4)
}

// Another desk's reason is no cause to leave a block out.
func TestImport_KeepsAnotherDesksReason(t *testing.T) {
	w := newWorld(t)
	n, refused := w.imports(desk.ImportRow{Phone: riya, Reason: " Chargeback\n fraud "}, desk.ImportRow{Phone: ada, Reason: "SPAM"})
	if n.Blocked != 2 || refused != "" {
		t.Fatalf("%+v, %s", n, refused)
	}
	for phone, want := range map[data.Phone]string{riya: "Chargeback fraud", ada: "Spam"} {
		c, err := w.FindCustomer(t.Context(), data.Address(phone))
		w.must(err)
		if c.Block.Reason != want {
			t.Errorf("%s is blocked for %q, want %q", phone, c.Block.Reason, want)
		}
	}
	c, err := w.FindCustomer(t.Context(), data.Address(riya))
	w.must(err)
	if _, err := w.Amend(t.Context(), asha, c.ID, data.AmendRequest{Reason: new("Chargeback fraud"), Note: new("keeps it")}); err != nil {
		t.Errorf("a change that leaves the word: %v", err)
	}
	if _, err := w.Amend(t.Context(), asha, c.ID, data.AmendRequest{Reason: new("Chargeback")}); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("a change to a word that is none of the desk's: %v", err)
	}
	if _, err := w.Amend(t.Context(), asha, c.ID, data.AmendRequest{Reason: new("abuse")}); err != nil || w.customer(c.ID).Block.Reason != "Abuse" {
		t.Errorf("a change to one that is: %v", err)
	}
}
