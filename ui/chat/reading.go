package chat

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
)

// lineOffset is how far below the upper edge the line above what is new stands. The day
// has room above it.
const lineOffset float32 = 64

// atLine returns the place of the line above the first new message.
func atLine(firstNew data.ItemKey) place {
	return place{key: elementKey{unreadElement, firstNew}, offset: lineOffset}
}

// openingSpan returns the stretch of a chat that is read when it is opened.
func openingSpan(unread data.Unread, left place) data.Span {
	switch to := openingPlace(unread, left); {
	case to.end:
		return data.Span{Limit: pageSize}
	default:
		return data.Span{Around: &to.key.item, Limit: pageSize}
	}
}

// openingPlace returns what is in sight when a chat is opened: the first unread message,
// else where the agent left the chat, else the newest.
func openingPlace(unread data.Unread, left place) place {
	switch {
	case unread.First != nil:
		return atLine(*unread.First)
	case left != inSight:
		return left
	}
	return newest
}

// keepPlace notes where the agent leaves the chat. Its end is where a chat opens anyway.
func (p *Pane) keepPlace() {
	switch {
	case !p.loaded:
	case p.timeline.following:
		delete(p.left, p.customer.ID)
	default:
		p.left[p.customer.ID] = p.timeline.place()
	}
}

// noteUnread notes what is unread in the open chat, and reports whether there is a line
// above it. The line is drawn where messages came while all was read, and nobody looked
// at the place where they appear; it stays as long as the chat is open.
func (p *Pane) noteUnread(u data.Unread) bool {
	before := p.unread
	p.unread = u
	if u.First != nil && (before.Count == 0 || p.firstNew == nil) && !(p.Active() && p.timeline.following) {
		p.firstNew = u.First
	}
	return u.First != nil && p.firstNew != nil
}

// markSeen marks the chat as read down to the last message that is in sight.
func (p *Pane) markSeen() {
	if !p.loaded || p.unread.Count == 0 || !p.Active() {
		return
	}
	seen, ok := p.timeline.lastSeen()
	if first := p.unread.First; ok && (first == nil || !seen.Less(*first)) {
		p.markReadTo(seen)
	}
}

// unmark takes away the mark that the agent has set on a chat to open it again.
func (p *Pane) unmark() {
	if p.unread.Marked && p.Active() {
		p.markReadTo(data.ItemKey{ID: 1}) // above all messages
	}
}

// markReadTo marks the chat as read down to a place. While one place is being written,
// only the last of those that follow is remembered.
func (p *Pane) markReadTo(last data.ItemKey) {
	if p.readTo != (data.ItemKey{}) {
		if p.seenSince.Less(last) {
			p.seenSince = last
		}
		return
	}
	p.readTo, p.seenSince = last, data.ItemKey{}
	id := p.customer.ID
	p.runner.Enqueue(func(ctx context.Context) error { return p.desk.SetReadTo(ctx, id, last) }, func(err error) {
		if p.customer.ID != id {
			return
		}
		next := p.seenSince
		p.readTo, p.seenSince = data.ItemKey{}, data.ItemKey{}
		switch {
		case err != nil:
			p.OnError(err)
		case last.Less(next):
			p.markReadTo(next)
		}
	})
}

// WindowActivated marks as read what came in while the agent looked elsewhere.
func (p *Pane) WindowActivated() { p.markSeen() }
