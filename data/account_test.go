package data_test

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// What the strip says of each state is exact.
func TestThereText(t *testing.T) {
	last := func(e data.Errand) data.There { return data.There{Joined: true, Last: &e} }
	for name, c := range map[string]struct {
		there data.There
		want  string
	}{
		"no account":              {data.There{}, ""},
		"no account any more":     {data.There{Last: &data.Errand{State: data.ErrandDone}}, ""},
		"nothing told":            {data.There{Joined: true}, ""},
		"waiting":                 {last(data.Errand{State: data.ErrandWaiting}), "Waiting for DoubleTick"},
		"waiting after a failure": {last(data.Errand{State: data.ErrandWaiting, Code: 500, Answer: "It failed"}), "Waiting for DoubleTick"},
		"asked":                   {last(data.Errand{State: data.ErrandAsked, Lost: true}), "Waiting for DoubleTick"},
		"waiting for a key":       {last(data.Errand{State: data.ErrandWaiting, Code: 401}), "DoubleTick does not take the key"},
		"key forbidden":           {last(data.Errand{State: data.ErrandAsked, Code: 403}), "DoubleTick does not take the key"},
		"done":                    {last(data.Errand{State: data.ErrandDone, Code: 201}), "Done there"},
		"refused":                 {last(data.Errand{State: data.ErrandRefused, Code: 404, Answer: "Invalid Customer"}), "Invalid Customer"},
		"refused without a word":  {last(data.Errand{State: data.ErrandRefused, Code: 400}), "DoubleTick refused it"},
		"kept":                    {last(data.Errand{State: data.ErrandKept, Answer: "Invalid Customer"}), "Kept here only"},
		"folded":                  {last(data.Errand{State: data.ErrandFolded}), ""},
	} {
		if got := c.there.Text(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatCanBeDecidedOfAnErrand(t *testing.T) {
	for _, c := range []struct {
		e           data.Errand
		retry, keep bool
	}{
		{data.Errand{State: data.ErrandWaiting}, false, true},
		{data.Errand{State: data.ErrandAsked}, false, true},
		{data.Errand{State: data.ErrandDone}, false, false},
		{data.Errand{State: data.ErrandRefused, Code: 404}, true, true},
		{data.Errand{State: data.ErrandRefused, Code: 422}, false, true},
		{data.Errand{State: data.ErrandRefused}, true, true},
		{data.Errand{State: data.ErrandKept}, false, false},
		{data.Errand{State: data.ErrandFolded}, false, false},
	} {
		if c.e.CanRetry() != c.retry || c.e.CanKeep() != c.keep {
			t.Errorf("%+v: retry %v, keep %v", c.e, c.e.CanRetry(), c.e.CanKeep())
		}
	}
}

// A block and an unblock cancel out only where DoubleTick surely heard of
// neither, and where it knows already what it would be told.
func TestTell(t *testing.T) {
	const joined = data.Moment(1000)
	e := func(id int64, act data.ErrandAct, state data.ErrandState) data.Errand {
		return data.Errand{ID: id, Act: act, State: state, At: joined + data.Moment(id)}
	}
	lost := func(e data.Errand) data.Errand { e.Lost = true; return e }
	old := func(e data.Errand) data.Errand { e.At = joined - 1; return e }
	const b, u = data.TellBlock, data.TellUnblock
	for name, c := range map[string]struct {
		act    data.ErrandAct
		before []data.Errand // newest first
		part   bool          // there are older ones that are not given
		want   data.Telling
	}{
		"the first":                             {b, nil, false, data.Telling{Write: true}},
		"after what is done":                    {u, []data.Errand{e(1, b, data.ErrandDone)}, false, data.Telling{Write: true}},
		"block and unblock cancel out":          {u, []data.Errand{e(1, b, data.ErrandWaiting)}, false, data.Telling{Fold: 1}},
		"and again, after what is done":         {b, []data.Errand{e(2, u, data.ErrandWaiting), e(1, b, data.ErrandDone)}, false, data.Telling{Fold: 2}},
		"what may have arrived stays":           {u, []data.Errand{e(1, b, data.ErrandAsked)}, false, data.Telling{Write: true}},
		"what was lost stays":                   {u, []data.Errand{lost(e(1, b, data.ErrandAsked))}, false, data.Telling{Write: true}},
		"behind what may have arrived":          {b, []data.Errand{e(2, u, data.ErrandWaiting), e(1, b, data.ErrandAsked)}, false, data.Telling{Fold: 2}},
		"what was refused is as if never asked": {u, []data.Errand{e(1, b, data.ErrandRefused)}, false, data.Telling{Fold: 1}},
		"what was refused after it was lost":    {u, []data.Errand{lost(e(1, b, data.ErrandRefused))}, false, data.Telling{Write: true}},
		"what is kept here only":                {u, []data.Errand{e(1, b, data.ErrandKept)}, false, data.Telling{Fold: 1}},
		"told of a block once more, then not":   {u, []data.Errand{e(2, b, data.ErrandWaiting), e(1, b, data.ErrandDone)}, false, data.Telling{Fold: 2, Write: true}},
		"an unblock of who was never told":      {b, []data.Errand{e(1, u, data.ErrandWaiting)}, false, data.Telling{Fold: 1, Write: true}},
		"over what was folded":                  {u, []data.Errand{e(2, u, data.ErrandFolded), e(1, b, data.ErrandDone)}, false, data.Telling{Write: true}},
		"the same is open":                      {b, []data.Errand{e(1, b, data.ErrandWaiting)}, false, data.Telling{}},
		"the same was refused":                  {b, []data.Errand{e(1, b, data.ErrandRefused)}, false, data.Telling{Write: true}},
		"of another account":                    {u, []data.Errand{old(e(1, b, data.ErrandKept))}, false, data.Telling{Write: true}},
		"behind another account's":              {u, []data.Errand{e(2, b, data.ErrandWaiting), old(e(1, u, data.ErrandDone))}, false, data.Telling{Fold: 2, Write: true}},
		"what was before is not known":          {u, []data.Errand{e(9, b, data.ErrandWaiting), e(8, u, data.ErrandRefused)}, true, data.Telling{Fold: 9, Write: true}},
	} {
		if got := data.Tell(c.act, c.before, joined, !c.part); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
