package demo

import (
	"context"
	"iter"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Size is how large a world is to be. The zero value means the world as it ships;
// if only one field is zero, it follows from the other.
type Size struct{ Chats, Messages int }

// messagesPerChat is the average if only one of chats and messages is given.
const messagesPerChat = 10

// Reset replaces all that the desk holds by a world that begins now. Progress is
// reported in messages; total is reached when all of them are committed. It returns
// data.ErrNoDemo, and changes nothing, if the desk is somebody's.
func Reset(ctx context.Context, d *desk.Desk, size Size, onProgress func(done, total int)) error {
	w, err := Load()
	if err != nil {
		return err
	}
	customers, total := w.population(size)
	now := d.Now()
	chats := func(yield func(data.SeedChat) bool) {
		for c := range customers {
			if !yield(c.SeedChat(now)) {
				return
			}
		}
	}
	err = d.ReplaceAll(ctx, w.Agents, chats, func(messages int) { onProgress(min(messages, total-1), total) })
	if err == nil {
		onProgress(total, total)
	}
	return err
}

// population returns the customers of a world of this size and how many messages
// they have: the world's own customers if there is room for them, and generated
// ones.
func (w World) population(size Size) (customers iter.Seq[Customer], messages int) {
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
	generated := w.Generate(size.Chats-len(w.Customers), size.Messages-ownMessages)
	return func(yield func(Customer) bool) {
		for c := range own {
			if !yield(c) {
				return
			}
		}
		generated(yield)
	}, size.Messages
}
