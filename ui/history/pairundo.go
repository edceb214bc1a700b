package history

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// decided are the events that decide a pair, and what they make it.
var decided = map[data.EventKind]data.PairState{
	data.JoinedEvent:    data.PairJoined,
	data.KeptApartEvent: data.PairApart,
}

// readUndoable returns the pairs that events decided and that are decided so still, by
// the numbers of the events.
func readUndoable(ctx context.Context, d *desk.Desk, records []data.Record) (map[int64]int64, error) {
	undoable, known := map[int64]int64{}, map[int64][]data.Pair{}
	for _, r := range records {
		state, ok := decided[r.Kind]
		if !ok {
			continue
		}
		pairs, read := known[r.CustomerID]
		if !read {
			var err error
			if pairs, err = d.PairsOf(ctx, r.CustomerID); err != nil {
				return nil, err
			}
			known[r.CustomerID] = pairs
		}
		for _, p := range pairs {
			if p.State == state && p.DecidedAt == r.RecordedAt {
				undoable[r.Seq] = p.ID
			}
		}
	}
	return undoable, nil
}
