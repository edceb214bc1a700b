package desk_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// All that changes is one act: one version, one moment, an event for each.
func TestAmend_ChangesAllAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Note: "first words"})
	before, told := w.customer(id), w.lastChange()
	w.clock.add(time.Minute)
	until, review := w.Now().Add(48*time.Hour), w.Now().Add(24*time.Hour)

	out, err := w.Amend(t.Context(), bo, id, data.AmendRequest{
		Version: before.Version, Until: &until, Review: &review, Note: new(" other\x00 words"), Asked: true,
	})
	w.must(err)

	want := *before.Block
	want.Until, want.Review, want.Note, want.UnblockRequestedAt = until, review, " other words", w.Now()
	if got := w.customer(id); !out.Changed || got.Version != before.Version+1 || *got.Block != want || !reflect.DeepEqual(out.Customer, got) {
		t.Errorf("kept is %+v with %+v, want %+v; the outcome is %+v", got, got.Block, want, out)
	}
	if got, want := w.kinds(id), "blocked shortened review_set note_set unblock_asked"; got != want {
		t.Fatalf("the events are %s, want %s", got, want)
	}
	for i, want := range []data.Detail{{Until: int64(until)}, {Review: int64(review)}, {Note: " other words"}, {}} {
		if e := w.events(id)[i+1]; e.Rest() != want || e.At != w.Now() || e.Actor != bo {
			t.Errorf("%+v, want %+v", e, want)
		}
	}
	w.tells(told, id, data.CustomerChanged)
	w.sound(5)
}

func TestAmend_LeavesTheRest(t *testing.T) {
	w := newWorld(t)
	whole := data.BlockRequest{Reason: "Spam", Note: "first words", Until: w.Now().Add(48 * time.Hour), Review: w.Now().Add(24 * time.Hour)}
	later := w.Now().Add(72 * time.Hour)
	for name, c := range map[string]struct {
		ask    data.AmendRequest
		change func(b *data.Block)
		kinds  string
	}{
		"nothing":       {data.AmendRequest{}, func(*data.Block) {}, "blocked"},
		"what it is":    {data.AmendRequest{Until: new(whole.Until), Review: new(whole.Review), Note: new(whole.Note)}, func(*data.Block) {}, "blocked"},
		"end":           {data.AmendRequest{Until: &later}, func(b *data.Block) { b.Until = later }, "blocked extended"},
		"no end":        {data.AmendRequest{Until: new(data.Moment(0))}, func(b *data.Block) { b.Until = 0 }, "blocked extended"},
		"review":        {data.AmendRequest{Review: &later}, func(b *data.Block) { b.Review = later }, "blocked review_set"},
		"no review":     {data.AmendRequest{Review: new(data.Moment(0))}, func(b *data.Block) { b.Review = 0 }, "blocked review_set"},
		"note":          {data.AmendRequest{Note: new("other words")}, func(b *data.Block) { b.Note = "other words" }, "blocked note_set"},
		"no note":       {data.AmendRequest{Note: new("")}, func(b *data.Block) { b.Note = "" }, "blocked note_set"},
		"request":       {data.AmendRequest{Asked: true}, func(b *data.Block) { b.UnblockRequestedAt = w.Now() }, "blocked unblock_asked"},
		"end with note": {data.AmendRequest{Until: &later, Note: new("x")}, func(b *data.Block) { b.Until, b.Note = later, "x" }, "blocked extended note_set"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.takes(riya, "Hello").CustomerID
			w.blocks(asha, id, whole)
			before := w.customer(id)
			want := *before.Block
			c.change(&want)

			out, err := w.Amend(t.Context(), bo, id, c.ask)
			w.must(err)

			if got := w.customer(id); *got.Block != want || out.Changed != (want != *before.Block) {
				t.Errorf("kept is %+v, want %+v; changed %v", got.Block, want, out.Changed)
			}
			if got := w.kinds(id); got != c.kinds {
				t.Errorf("the events are %s, want %s", got, c.kinds)
			}
		})
	}
}

// What is refused is refused whole, and whatever else was asked with it.
func TestAmend_RefusedChangesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Note: "first words"})
	before, told := w.customer(id), w.lastChange()
	later, past := w.Now().Add(time.Hour), w.Now()
	for _, c := range []struct {
		ask  data.AmendRequest
		want error
		says string
	}{
		{data.AmendRequest{Until: &later, Asked: true, Note: new(strings.Repeat("å", data.MaxNote+1))}, data.ErrInvalid, "the note is longer than 500 characters"},
		{data.AmendRequest{Until: &past, Note: new("x")}, data.ErrInvalid, "its end is in the past"},
		{data.AmendRequest{Review: &past, Note: new("x")}, data.ErrInvalid, "its review is in the past"},
		{data.AmendRequest{Version: before.Version - 1, Until: &later, Note: new("x"), Asked: true}, data.ErrChanged, ""},
	} {
		out, err := w.Amend(t.Context(), bo, id, c.ask)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || out.Changed {
			t.Errorf("%+v: %+v, %v", c.ask, out, err)
		}
	}
	if got := w.customer(id); !reflect.DeepEqual(got, before) {
		t.Errorf("kept is %+v, want %+v", got, before)
	}
	if got := w.kinds(id); got != "blocked" {
		t.Errorf("the events are %s", got)
	}
	if got := w.since(told); len(got) != 0 {
		t.Errorf("it is told: %+v", got)
	}
}

func TestAmend_NoteAtItsLimit(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	note := strings.Repeat("å", data.MaxNote)
	if _, err := w.Amend(t.Context(), bo, id, data.AmendRequest{Note: &note}); err != nil || w.customer(id).Block.Note != note {
		t.Errorf("%v, kept is %+v", err, w.customer(id).Block)
	}
}

func TestAmend_OfWhoIsActiveChangesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	out, err := w.Amend(t.Context(), bo, id, data.AmendRequest{Asked: true, Note: new("x")})
	if err != nil || out.Changed || out.Customer.Block != nil || w.kinds(id) != "" {
		t.Errorf("%+v, %v; the events are %s", out, err, w.kinds(id))
	}
}
