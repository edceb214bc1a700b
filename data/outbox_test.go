package data_test

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// What the strip says of each state is exact.
func TestRemoteStatus_Text(t *testing.T) {
	last := func(e data.OutboxEntry) data.RemoteStatus { return data.RemoteStatus{Joined: true, Last: &e} }
	for name, c := range map[string]struct {
		there data.RemoteStatus
		want  string
	}{
		"no account":              {data.RemoteStatus{}, ""},
		"no account any more":     {data.RemoteStatus{Last: &data.OutboxEntry{State: data.EntryDone}}, ""},
		"nothing told":            {data.RemoteStatus{Joined: true}, ""},
		"waiting":                 {last(data.OutboxEntry{State: data.EntryWaiting}), "Waiting for DoubleTick"},
		"waiting after a failure": {last(data.OutboxEntry{State: data.EntryWaiting, HTTPStatus: 500, LastMessage: "It failed"}), "Waiting for DoubleTick"},
		"told":                    {last(data.OutboxEntry{State: data.EntryInFlight, OutcomeUnknown: true}), "Told DoubleTick, not accepted yet"},
		"waiting for a key":       {last(data.OutboxEntry{State: data.EntryWaiting, HTTPStatus: 401}), "DoubleTick does not accept the key"},
		"refused for now":         {last(data.OutboxEntry{State: data.EntryWaiting, HTTPStatus: 403}), "Waiting for DoubleTick"},
		"accepted":                {last(data.OutboxEntry{State: data.EntryDone, HTTPStatus: 201}), "Accepted by DoubleTick"},
		"refused":                 {last(data.OutboxEntry{State: data.EntryRejected, HTTPStatus: 404, LastMessage: "Invalid Customer"}), "Invalid Customer"},
		"refused without a word":  {last(data.OutboxEntry{State: data.EntryRejected, HTTPStatus: 400}), "DoubleTick refused it"},
		"kept":                    {last(data.OutboxEntry{State: data.EntryLocalOnly, LastMessage: "Invalid Customer"}), "Kept here only"},
		"accepted in vain":        {data.RemoteStatus{Joined: true, Last: &data.OutboxEntry{State: data.EntryDone, Op: data.OpBlock}, CameAfter: 1}, "Does not hold there: a message came after"},
		"folded":                  {last(data.OutboxEntry{State: data.EntrySuperseded}), ""},
	} {
		if got := c.there.Text(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOutboxEntry_CanRetryAndKeepLocal(t *testing.T) {
	for _, c := range []struct {
		e           data.OutboxEntry
		retry, keep bool
	}{
		{data.OutboxEntry{State: data.EntryWaiting}, false, true},
		{data.OutboxEntry{State: data.EntryInFlight}, false, true},
		{data.OutboxEntry{State: data.EntryDone}, false, false},
		{data.OutboxEntry{State: data.EntryRejected, HTTPStatus: 404}, true, true},
		{data.OutboxEntry{State: data.EntryRejected, HTTPStatus: 422}, false, true},
		{data.OutboxEntry{State: data.EntryRejected}, true, true},
		{data.OutboxEntry{State: data.EntryLocalOnly}, false, false},
		{data.OutboxEntry{State: data.EntrySuperseded}, false, false},
	} {
		if c.e.CanRetry() != c.retry || c.e.CanKeepLocal() != c.keep {
			t.Errorf("%+v: retry %v, keep %v", c.e, c.e.CanRetry(), c.e.CanKeepLocal())
		}
	}
}

// A block and an unblock cancel out only where DoubleTick surely heard of
// neither, and where it knows already what it would be told.
func TestPlanEntry(t *testing.T) {
	const joined = data.Moment(1000)
	e := func(id int64, act data.Op, state data.EntryState) data.OutboxEntry {
		return data.OutboxEntry{ID: id, Op: act, State: state, CreatedAt: joined + data.Moment(id)}
	}
	lost := func(e data.OutboxEntry) data.OutboxEntry { e.OutcomeUnknown = true; return e }
	old := func(e data.OutboxEntry) data.OutboxEntry { e.CreatedAt = joined - 1; return e }
	now := func(e data.OutboxEntry) data.OutboxEntry { e.CreatedAt = joined; return e }
	const b, u = data.OpBlock, data.OpUnblock
	for name, c := range map[string]struct {
		act    data.Op
		before []data.OutboxEntry // newest first
		part   bool               // there are older ones that are not given
		want   data.EntryPlan
	}{
		"the first":                             {b, nil, false, data.EntryPlan{Enqueue: true}},
		"after what is done":                    {u, []data.OutboxEntry{e(1, b, data.EntryDone)}, false, data.EntryPlan{Enqueue: true}},
		"block and unblock cancel out":          {u, []data.OutboxEntry{e(1, b, data.EntryWaiting)}, false, data.EntryPlan{Supersede: 1}},
		"and again, after what is done":         {b, []data.OutboxEntry{e(2, u, data.EntryWaiting), e(1, b, data.EntryDone)}, false, data.EntryPlan{Supersede: 2}},
		"what may have arrived stays":           {u, []data.OutboxEntry{e(1, b, data.EntryInFlight)}, false, data.EntryPlan{Enqueue: true}},
		"what was lost stays":                   {u, []data.OutboxEntry{lost(e(1, b, data.EntryInFlight))}, false, data.EntryPlan{Enqueue: true}},
		"behind what may have arrived":          {b, []data.OutboxEntry{e(2, u, data.EntryWaiting), e(1, b, data.EntryInFlight)}, false, data.EntryPlan{Supersede: 2}},
		"what was refused is as if never asked": {u, []data.OutboxEntry{e(1, b, data.EntryRejected)}, false, data.EntryPlan{Supersede: 1}},
		"what was refused after it was lost":    {u, []data.OutboxEntry{lost(e(1, b, data.EntryRejected))}, false, data.EntryPlan{Enqueue: true}},
		"what is kept here only":                {u, []data.OutboxEntry{e(1, b, data.EntryLocalOnly)}, false, data.EntryPlan{Supersede: 1}},
		"told of a block once more, then not":   {u, []data.OutboxEntry{e(2, b, data.EntryWaiting), e(1, b, data.EntryDone)}, false, data.EntryPlan{Supersede: 2, Enqueue: true}},
		"an unblock of who was never told":      {b, []data.OutboxEntry{e(1, u, data.EntryWaiting)}, false, data.EntryPlan{Supersede: 1, Enqueue: true}},
		"over what was folded":                  {u, []data.OutboxEntry{e(2, u, data.EntrySuperseded), e(1, b, data.EntryDone)}, false, data.EntryPlan{Enqueue: true}},
		"the same is open":                      {b, []data.OutboxEntry{e(1, b, data.EntryWaiting)}, false, data.EntryPlan{}},
		"the same was refused":                  {b, []data.OutboxEntry{e(1, b, data.EntryRejected)}, false, data.EntryPlan{Enqueue: true}},
		"of another account":                    {u, []data.OutboxEntry{old(e(1, b, data.EntryLocalOnly))}, false, data.EntryPlan{Enqueue: true}},
		"behind another account's":              {u, []data.OutboxEntry{e(2, b, data.EntryWaiting), old(e(1, u, data.EntryDone))}, false, data.EntryPlan{Supersede: 2, Enqueue: true}},
		"as the desk joined":                    {u, []data.OutboxEntry{now(e(1, b, data.EntryWaiting))}, false, data.EntryPlan{Supersede: 1}},
		"behind what was as the desk joined":    {b, []data.OutboxEntry{e(2, u, data.EntryWaiting), now(e(1, b, data.EntryDone))}, false, data.EntryPlan{Supersede: 2}},
		"what was before is not known":          {u, []data.OutboxEntry{e(9, b, data.EntryWaiting), e(8, u, data.EntryRejected)}, true, data.EntryPlan{Supersede: 9, Enqueue: true}},
	} {
		if got := data.PlanEntry(c.act, c.before, joined, !c.part); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
