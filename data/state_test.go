package data_test

import (
	"testing"

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
