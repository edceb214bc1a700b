package data_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func TestBlock_Reblock(t *testing.T) {
	timed := data.Block{At: 1, Reason: "Spam", Note: "calls at night", Until: 100, Review: 50}
	endless := data.Block{At: 1, Reason: "Spam", Note: "calls at night"}
	for name, c := range map[string]struct {
		block  data.Block
		ask    data.BlockRequest
		want   data.AmendRequest
		result data.BlockResult
	}{
		"the same":                          {timed, data.BlockRequest{Reason: "Spam", Note: "calls at night", Until: 100, Review: 50}, data.AmendRequest{}, data.BlockSame},
		"the end alone":                     {timed, data.BlockRequest{Until: 100}, data.AmendRequest{}, data.BlockSame},
		"nothing, of an endless block":      {endless, data.BlockRequest{}, data.AmendRequest{}, data.BlockSame},
		"a later end":                       {timed, data.BlockRequest{Until: 101}, data.AmendRequest{Until: new(data.Moment(101))}, data.BlockChanged},
		"no end":                            {timed, data.BlockRequest{}, data.AmendRequest{Until: new(data.Moment(0))}, data.BlockChanged},
		"an earlier end":                    {timed, data.BlockRequest{Until: 99}, data.AmendRequest{}, data.BlockKept},
		"an end, of an endless block":       {endless, data.BlockRequest{Until: 100}, data.AmendRequest{}, data.BlockKept},
		"an earlier end and another reason": {timed, data.BlockRequest{Until: 99, Reason: "Abuse"}, data.AmendRequest{}, data.BlockKept},
		"another reason":                    {timed, data.BlockRequest{Until: 100, Reason: "Abuse"}, data.AmendRequest{Reason: new("Abuse")}, data.BlockChanged},
		"another note":                      {endless, data.BlockRequest{Note: "calls"}, data.AmendRequest{Note: new("calls")}, data.BlockChanged},
		"another review":                    {timed, data.BlockRequest{Until: 100, Review: 60}, data.AmendRequest{Review: new(data.Moment(60))}, data.BlockChanged},
		"all at once": {
			timed, data.BlockRequest{Until: 200, Reason: "Abuse", Note: "calls", Review: 60},
			data.AmendRequest{Until: new(data.Moment(200)), Reason: new("Abuse"), Note: new("calls"), Review: new(data.Moment(60))}, data.BlockChanged,
		},
	} {
		got, result := c.block.Reblock(c.ask)
		if result != c.result || !sameChange(got, c.want) {
			t.Errorf("%s: %s with %+v, want %s with %+v", name, result, got, c.result, c.want)
		}
	}
}

func sameChange(a, b data.AmendRequest) bool {
	return samePointer(a.Reason, b.Reason) && samePointer(a.Note, b.Note) && samePointer(a.Until, b.Until) && samePointer(a.Review, b.Review) && a.Asked == b.Asked
}

func samePointer[T comparable](a, b *T) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// Whatever is asked for, the end is never brought forward, and the same request again
// finds nothing to do.
func TestBlock_ReblockIsNeverWeaker(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.SampledFrom([]data.Moment{0, 1, 2, 3})
		word := rapid.SampledFrom([]string{"", "a", "b"})
		block := data.Block{Until: moment.Draw(t, "until"), Review: moment.Draw(t, "review"), Reason: word.Draw(t, "reason"), Note: word.Draw(t, "note")}
		ask := data.BlockRequest{Until: moment.Draw(t, "ask until"), Review: moment.Draw(t, "ask review"), Reason: word.Draw(t, "ask reason"), Note: word.Draw(t, "ask note")}
		change, result := block.Reblock(ask)
		if (result == data.BlockChanged) == sameChange(change, data.AmendRequest{}) {
			t.Fatalf("%s with %+v", result, change)
		}
		after := block
		if change.Until != nil {
			after.Until = *change.Until
		}
		if change.Review != nil {
			after.Review = *change.Review
		}
		if change.Reason != nil {
			after.Reason = *change.Reason
		}
		if change.Note != nil {
			after.Note = *change.Note
		}
		if data.LaterEnd(block.Until, after.Until) {
			t.Fatalf("%v ends before %v", after.Until, block.Until)
		}
		if _, again := after.Reblock(ask); again == data.BlockChanged {
			t.Fatalf("the same request once more changes %+v again", after)
		}
	})
}
