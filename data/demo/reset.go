package demo

import (
	"context"
	"iter"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Size is how large a world is to be. Zeros mean the world as it ships; where
// only one is given, the other follows from it.
type Size struct{ Chats, Messages int }

// messagesPerChat is how many messages a chat has where only chats were asked for.
const messagesPerChat = 10

// Reset puts the world back to its beginning, which is now, in the place of all
// that is kept. Progress is told in messages; the last of them when all are
// safe. What is no demo gives data.ErrNoDemo.
func Reset(ctx context.Context, d *desk.Desk, size Size, progress func(done, total int)) error {
	w, err := Load()
	if err != nil {
		return err
	}
	people, total := w.population(size)
	now := d.Now()
	stories := func(yield func(data.SeedChat) bool) {
		for c := range people {
			if !yield(c.SeedChat(now)) {
				return
			}
		}
	}
	err = d.ReplaceAll(ctx, w.Agents, stories, func(messages int) { progress(min(messages, total-1), total) })
	if err == nil {
		progress(total, total)
	}
	return err
}

// population returns who is in a world of this size and how many messages they have:
// the story's own customers wherever there is room for them, and a crowd.
func (w World) population(size Size) (people iter.Seq[Customer], messages int) {
	own := slices.Values(w.Customers)
	ownMessages := 0
	for c := range own {
		ownMessages += len(c.SeedChat(0).Messages)
	}
	if size == (Size{}) {
		return own, ownMessages
	}
	if size.Chats == 0 {
		size.Chats = max(1, size.Messages/messagesPerChat)
	}
	if size.Messages == 0 {
		size.Messages = size.Chats * messagesPerChat
	}
	if size.Chats <= len(w.Customers) || size.Messages < ownMessages {
		return w.Generate(size.Chats, size.Messages), size.Messages
	}
	crowd := w.Generate(size.Chats-len(w.Customers), size.Messages-ownMessages)
	return func(yield func(Customer) bool) {
		for c := range own {
			if !yield(c) {
				return
			}
		}
		crowd(yield)
	}, size.Messages
}
