package data_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// history makes the events of a customer, one a step, at the moments 10, 20 ….
func history(steps ...data.Event) []data.Event {
	for i := range steps {
		steps[i].Seq = int64(i + 1)
		if steps[i].At == 0 {
			steps[i].At = data.Moment(10 * (i + 1))
		}
	}
	return steps
}

func did(kind data.EventKind, detail data.Detail) data.Event {
	return data.Event{Kind: kind, Detail: detail.Canonical()}
}

func TestHoldAt(t *testing.T) {
	blocked := did(data.BlockedEvent, data.Detail{})
	unblocked := did(data.UnblockedEvent, data.Detail{})
	discarded := did(data.UnblockedEvent, data.Detail{Discarded: 2})
	ended := did(data.BlockEndedEvent, data.Detail{})
	undo := func(of int64, kind data.EventKind) data.Event {
		return did(data.UndoneEvent, data.Detail{Of: of, From: string(kind)})
	}
	at10 := func(e data.Event) data.Event { e.At = 10; return e }
	for name, c := range map[string]struct {
		events []data.Event
		at     data.Moment
		state  data.HoldState
		by     int64
	}{
		"nobody":                     {nil, 5, data.NotHeld, 0},
		"before the block":           {history(blocked), 9, data.NotHeld, 0},
		"with the block":             {history(blocked), 10, data.IsHeld, 0},
		"all within one millisecond": {history(at10(blocked), at10(unblocked), at10(blocked)), 10, data.IsHeld, 0},
		"while blocked":              {history(blocked), 15, data.IsHeld, 0},
		"a change of the block":      {history(blocked, did(data.ExtendedEvent, data.Detail{Until: 99})), 25, data.IsHeld, 0},
		"unblocked since":            {history(blocked, unblocked), 15, data.Released, 2},
		"discarded since":            {history(blocked, discarded), 15, data.Discarded, 2},
		"ended since":                {history(blocked, ended), 15, data.Released, 2},
		"after the unblock":          {history(blocked, unblocked), 20, data.NotHeld, 0},
		"after the end":              {history(blocked, ended), 25, data.NotHeld, 0},
		"blocked again":              {history(blocked, unblocked, blocked), 15, data.Released, 2},
		"active then, blocked since": {history(blocked, unblocked, blocked), 25, data.NotHeld, 0},
		"the block undone since":     {history(blocked, undo(1, data.BlockedEvent)), 15, data.Released, 2},
		"the block undone before":    {history(blocked, undo(1, data.BlockedEvent)), 25, data.NotHeld, 0},
		"the unblock undone since":   {history(blocked, unblocked, undo(2, data.UnblockedEvent)), 15, data.IsHeld, 0},
		"the unblock undone before":  {history(blocked, unblocked, undo(2, data.UnblockedEvent)), 35, data.IsHeld, 0},
		"between unblock and undo":   {history(blocked, unblocked, undo(2, data.UnblockedEvent)), 25, data.NotHeld, 0},
		"discarded after an undo":    {history(blocked, unblocked, undo(2, data.UnblockedEvent), discarded), 15, data.Discarded, 4},
		"a change undone":            {history(blocked, did(data.NoteEvent, data.Detail{}), undo(2, data.NoteEvent)), 35, data.IsHeld, 0},
		"a dropped delivery":         {history(blocked, did(data.DeliveryDroppedEvent, data.Detail{})), 25, data.IsHeld, 0},
		"an end written down late":   {history(blocked, data.Event{Kind: data.BlockEndedEvent, At: 12, Detail: "{}"}, blocked), 15, data.NotHeld, 0},
	} {
		if state, by := data.HoldAt(c.events, c.at); state != c.state || by != c.by {
			t.Errorf("%s: %d by %d, want %d by %d", name, state, by, c.state, c.by)
		}
	}
}

// Whatever was blocked, unblocked and undone, a message has the state that it would
// have if it had been held by the desk and moved with all others.
func TestHoldAt_MovesAsTheDeskMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []data.Event
		blocked := false
		at := data.Moment(rapid.IntRange(0, 130).Draw(t, "at"))
		state, by, arrived := data.NotHeld, int64(0), false
		arrive := func(now data.Moment) {
			if !arrived && now > at {
				arrived = true
				if blocked {
					state = data.IsHeld
				}
			}
		}
		add := func(e data.Event) int64 {
			e.Seq, e.At = int64(len(events)+1), data.Moment(10*(len(events)+1))
			arrive(e.At)
			events = append(events, e)
			return e.Seq
		}
		move := func(seq int64, to data.HoldState) {
			if state == data.IsHeld {
				state, by = to, seq
			}
		}
		end := func(e data.Event) int64 {
			seq := add(e)
			blocked = false
			return seq
		}
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			switch {
			case !blocked:
				add(did(data.BlockedEvent, data.Detail{}))
				blocked = true
			default:
				switch rapid.SampledFrom([]string{"unblock", "discard", "end", "undo", "unblock and undo"}).Draw(t, "step") {
				case "unblock":
					move(end(did(data.UnblockedEvent, data.Detail{Held: 1})), data.Released)
				case "discard":
					move(end(did(data.UnblockedEvent, data.Detail{Discarded: 1})), data.Discarded)
				case "end":
					move(end(did(data.BlockEndedEvent, data.Detail{})), data.Released)
				case "undo":
					move(end(did(data.UndoneEvent, data.Detail{From: "blocked", Of: 1})), data.Released)
				case "unblock and undo":
					seq := end(did(data.UnblockedEvent, data.Detail{}))
					move(seq, data.Released)
					add(did(data.UndoneEvent, data.Detail{From: "unblocked", Of: seq}))
					blocked = true
					if by == seq {
						state, by = data.IsHeld, 0
					}
				}
			}
		}
		arrive(1 << 40)
		if got, gotBy := data.HoldAt(events, at); got != state || gotBy != by {
			t.Fatalf("%d by %d, want %d by %d, of %s", got, gotBy, state, by, fmt.Sprint(events))
		}
	})
}

func TestSetAsideTotal_IsFull(t *testing.T) {
	for _, c := range []struct {
		rows, bytes int64
		full        bool
	}{
		{0, 0, false},
		{data.MaxSetAsideRows - 1, data.MaxSetAsideBytes - data.MaxSetAsideRaw, false},
		{data.MaxSetAsideRows, 0, true},
		{1, data.MaxSetAsideBytes - data.MaxSetAsideRaw + 1, true},
	} {
		if got := (data.SetAsideTotal{Rows: c.rows, Bytes: c.bytes}).IsFull(); got != c.full {
			t.Errorf("%d rows of %d bytes: %v", c.rows, c.bytes, got)
		}
	}
}
