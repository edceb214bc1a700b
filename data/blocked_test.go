package data_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func TestBlockedQuery_NarrowByAllButItsOrder(t *testing.T) {
	for _, q := range []data.BlockedQuery{{}, {Order: data.MostHeld}} {
		if q.Narrow() {
			t.Errorf("%+v leaves somebody out", q)
		}
	}
	for _, q := range []data.BlockedQuery{{Search: "a"}, {Reason: "Spam"}, {NoReason: true}, {Agent: "Asha"}, {End: data.ReviewDue, Order: data.ByName}} {
		if !q.Narrow() {
			t.Errorf("%+v leaves nobody out", q)
		}
	}
}

func TestEventQuery_NarrowByCustomerAgentAndKind(t *testing.T) {
	if (data.EventQuery{Before: 9, Limit: 5}).Narrow() {
		t.Error("a page leaves events out")
	}
	for _, q := range []data.EventQuery{{Customer: 1}, {Agent: "Asha"}, {Kind: data.BlockedEvent}} {
		if !q.Narrow() {
			t.Errorf("%+v leaves nothing out", q)
		}
	}
}

func TestBlock_Due(t *testing.T) {
	const now = data.Moment(1_784_547_587_000)
	periods := data.ReviewPeriods{Old: 90}
	old := now.Add(-90 * 24 * time.Hour)
	if got := periods.Before(now); got != old {
		t.Errorf("old before %v, want %v", got, old)
	}
	for name, c := range map[string]struct {
		block   data.Block
		periods data.ReviewPeriods
		want    bool
	}{
		"a review ahead":            {data.Block{At: 1, Review: now + 1}, periods, false},
		"a review now":              {data.Block{At: 1, Review: now}, periods, true},
		"a review past":             {data.Block{At: 1, Review: now - 1}, periods, true},
		"old":                       {data.Block{At: old}, periods, true},
		"not yet old":               {data.Block{At: old + 1}, periods, false},
		"old, where none is":        {data.Block{At: 1}, data.ReviewPeriods{}, false},
		"old by a day":              {data.Block{At: now.Add(-24 * time.Hour)}, data.ReviewPeriods{Old: 1}, true},
		"a past review without old": {data.Block{At: 1, Review: 2}, data.ReviewPeriods{}, true},
	} {
		if got := c.block.Due(now, c.periods); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := (data.ReviewPeriods{Old: -1}).Before(now); got != 0 {
		t.Errorf("less than no days: %v", got)
	}
}
