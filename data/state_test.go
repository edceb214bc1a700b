package data_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// numbered numbers the events, each at a moment of its own.
func numbered(events ...data.Event) []data.Event {
	for i := range events {
		events[i].Seq = int64(10 + i)
		events[i].At = data.Moment(1000 * (i + 1))
	}
	return events
}

func happened(kind data.EventKind, d data.Detail) data.Event {
	return data.Event{Kind: kind, Detail: d.Canonical(), Actor: data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}}
}

func TestStateOf(t *testing.T) {
	block := happened(data.BlockedEvent, data.Detail{Reason: "spam", Note: "n", Until: 9000, Review: 8000})
	made := data.Block{By: block.Actor, At: 1000, Reason: "spam", Note: "n", Until: 9000, Review: 8000}
	with := func(set func(*data.Block)) *data.Block {
		b := made
		set(&b)
		return &b
	}
	listed := happened(data.BlockedEvent, data.Detail{ImportedAt: 77, ImportedBy: "Bo"})
	listed.Actor = data.Actor{Kind: data.ImportActor, Name: "Asha", Channel: data.ViaImport}
	for name, c := range map[string]struct {
		events []data.Event
		want   *data.Block
	}{
		"nothing":        {nil, nil},
		"a block":        {numbered(block), &made},
		"a list's block": {numbered(listed), &data.Block{By: data.Actor{Kind: data.ImportActor, Name: "Bo", Channel: data.ViaImport}, At: 77}},
		"unblocked":      {numbered(block, happened(data.UnblockedEvent, data.Detail{})), nil},
		"ended":          {numbered(block, happened(data.BlockEndedEvent, data.Detail{})), nil},
		"a block undone": {numbered(block, happened(data.UndoneEvent, data.Detail{Of: 10, From: "blocked"})), nil},
		"an unblock undone": {numbered(block, happened(data.UnblockedEvent, data.Detail{}),
			happened(data.UndoneEvent, data.Detail{Of: 11, From: "unblocked"})), &made},
		"extended":   {numbered(block, happened(data.ExtendedEvent, data.Detail{})), with(func(b *data.Block) { b.Until = 0 })},
		"shortened":  {numbered(block, happened(data.ShortenedEvent, data.Detail{Until: 5000})), with(func(b *data.Block) { b.Until = 5000 })},
		"a note":     {numbered(block, happened(data.NoteEvent, data.Detail{Note: "m"})), with(func(b *data.Block) { b.Note = "m" })},
		"a reason":   {numbered(block, happened(data.ReasonEvent, data.Detail{})), with(func(b *data.Block) { b.Reason = "" })},
		"a review":   {numbered(block, happened(data.ReviewEvent, data.Detail{Review: 7})), with(func(b *data.Block) { b.Review = 7 })},
		"a request":  {numbered(block, happened(data.UnblockRequestedEvent, data.Detail{})), with(func(b *data.Block) { b.UnblockRequestedAt = 2000 })},
		"two undone": {numbered(block, happened(data.NoteEvent, data.Detail{Note: "m"}), happened(data.ReasonEvent, data.Detail{}), happened(data.UndoneEvent, data.Detail{Of: 11, From: "note_set"})), &made},
		"a redo":     {numbered(block, happened(data.UndoneEvent, data.Detail{Of: 10, From: "blocked"}), happened(data.UndoneEvent, data.Detail{Of: 11, From: "unblocked"})), &made},
		"other words": {numbered(block, happened(data.RenamedEvent, data.Detail{To: "x"}),
			happened(data.ChatImportedEvent, data.Detail{}), happened(data.UndoneEvent, data.Detail{Of: 12, From: "chat_imported"})), &made},
		"a clear undone": {numbered(block, happened(data.ClearedEvent, data.Detail{}), happened(data.UnblockedEvent, data.Detail{}), happened(data.UndoneEvent, data.Detail{Of: 11, From: "cleared"})), nil},
	} {
		got := data.StateOf(c.events)
		if d := got.Difference(c.want); d != "" || got.Shared || (got.Block == nil) != (c.want == nil) {
			t.Errorf("%s: %+v: %s", name, got, d)
		}
	}
}

// What differs is told so that nobody has to look it up.
func TestState_DifferenceSaysWhatBothSay(t *testing.T) {
	at := data.MomentOf(time.Date(2026, 11, 20, 15, 4, 5, 6e6, time.Local))
	block := data.Block{By: data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}, At: at, Reason: "Spam", Note: "n", Until: at, Review: at}
	with := func(set func(*data.Block)) *data.Block {
		b := block
		set(&b)
		return &b
	}
	blocked, active := data.State{Block: &block}, data.State{}
	for name, c := range map[string]struct {
		history data.State
		row     *data.Block
		want    string
	}{
		"the same":        {blocked, with(func(*data.Block) {}), ""},
		"no block":        {active, nil, ""},
		"blocked there":   {blocked, nil, "the history says blocked by Asha (agent, by window), the customer's row says not blocked"},
		"blocked here":    {active, &block, "the history says not blocked, the customer's row says blocked by Asha (agent, by window)"},
		"by whom":         {blocked, with(func(b *data.Block) { b.By = data.Actor{Kind: data.APIActor, Channel: data.ViaAPI} }), "the history says blocked by Asha (agent, by window), the customer's row says the api by api"},
		"since when":      {blocked, with(func(b *data.Block) { b.At = 0 }), "the history says blocked on 20 Nov 2026 15:04:05.006, the customer's row says no day"},
		"why":             {blocked, with(func(b *data.Block) { b.Reason = "" }), "the history says the reason is Spam, the customer's row says none"},
		"the note":        {blocked, with(func(b *data.Block) { b.Note = "m" }), "the note of the block is not the one in the history"},
		"the review":      {blocked, with(func(b *data.Block) { b.Review = 0 }), "the history says the review is due on 20 Nov 2026 15:04:05.006, the customer's row says no day"},
		"a request":       {blocked, with(func(b *data.Block) { b.UnblockRequestedAt = at }), "the history says the customer asked to be unblocked on no day, the customer's row says 20 Nov 2026 15:04:05.006"},
		"whose":           {blocked, with(func(b *data.Block) { b.Borrowed = 7 }), "the customer's row says that the block is another customer's, the history does not"},
		"the end":         {blocked, with(func(b *data.Block) { b.Until++; b.At = 0 }), "the history says blocked until 20 Nov 2026 15:04, the customer's row says until 20 Nov 2026 15:04"},
		"a pair's detail": {data.State{Block: &block, Shared: true}, with(func(b *data.Block) { b.At, b.Reason = 0, "" }), ""},
		"a pair's block":  {data.State{Block: &block, Shared: true}, nil, "the history says blocked by Asha (agent, by window), the customer's row says not blocked"},
	} {
		if got := c.history.Difference(c.row); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
