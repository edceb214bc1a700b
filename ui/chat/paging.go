package chat

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
)

const (
	pageSize = 50
	maxItems = 150 // of the timeline; beyond, the far end is dropped
)

// stretch is a part of the timeline, and what of it is to be in sight.
type stretch struct {
	span data.Span
	to   place
}

// Reload reads the chat anew. What is in sight stays there, unless the agent is on the way
// to another place.
func (p *Pane) Reload() {
	switch {
	case p.jump != nil:
		p.load(*p.jump)
	case !p.timeline.following && len(p.items) > 0: // what is read further up stays loaded
		from := p.items[0].Key
		from.ID-- // the span is open, and the first is to be in it
		p.load(stretch{data.Span{After: &from, Limit: maxItems}, inSight})
	default:
		p.load(stretch{data.Span{Limit: max(pageSize, len(p.items))}, inSight})
	}
}

// jumpTo shows a stretch that may not be loaded.
func (p *Pane) jumpTo(s stretch) {
	p.jump = &s
	p.load(s)
}

// load reads the chat anew with a stretch of its timeline.
func (p *Pane) load(s stretch) {
	if !p.loaded || p.isOpening() {
		return
	}
	id, older := p.customer.ID, p.hasOlder
	async.Load(p.slot, func(ctx context.Context) (loadedChat, error) {
		return p.loadChat(ctx, id, func(data.Unread) data.Span { return s.span })
	}, func(o loadedChat) {
		p.jump = nil
		if s.span.After != nil {
			o.page.Older = older
		}
		to := s.to
		if hasLine := p.noteUnread(o.unread); hasLine && !p.Active() && p.timeline.following {
			to = atLine(*p.firstNew) // nobody has seen what would leave the pane
		}
		p.showChat(o, to)
		p.markSeen()
	})
}

func (p *Pane) loadOlder() {
	if !p.hasOlder || p.slot.Busy() || len(p.items) == 0 {
		return
	}
	id, before := p.customer.ID, p.items[0].Key
	async.Load(p.slot, func(ctx context.Context) (timelinePage, error) {
		return p.loadPage(ctx, id, data.Span{Before: &before, Limit: pageSize})
	}, func(page timelinePage) {
		p.keepEntries(page.entries)
		p.items, p.hasOlder = append(page.Items, p.items...), page.Older
		if len(p.items) > maxItems {
			p.items, p.hasNewer = p.items[:maxItems], true
		}
		p.showItems(inSight)
	})
}

func (p *Pane) loadNewer() {
	if !p.hasNewer || p.slot.Busy() || len(p.items) == 0 {
		return
	}
	id, after := p.customer.ID, p.items[len(p.items)-1].Key
	async.Load(p.slot, func(ctx context.Context) (timelinePage, error) {
		return p.loadPage(ctx, id, data.Span{After: &after, Limit: pageSize})
	}, func(page timelinePage) {
		p.keepEntries(page.entries)
		p.items, p.hasNewer = append(p.items, page.Items...), page.Newer
		if len(p.items) > maxItems {
			p.items, p.hasOlder = p.items[len(p.items)-maxItems:], true
		}
		p.showItems(inSight)
	})
}

// scrollToEnd scrolls to the newest message.
func (p *Pane) scrollToEnd() {
	if p.hasNewer {
		p.jumpTo(stretch{data.Span{Limit: pageSize}, newest})
		return
	}
	p.showItems(newest)
	p.markSeen()
}

// scrollDown scrolls to the line above what is new if that is further down, and else to
// the newest message. The keyboard, which the button has taken, goes back to the footer.
func (p *Pane) scrollDown() {
	p.focusFooter()
	if p.firstNew != nil && p.timeline.isBelow(*p.firstNew) {
		p.jumpTo(stretch{data.Span{Around: p.firstNew, Limit: pageSize}, atLine(*p.firstNew)})
		return
	}
	p.scrollToEnd()
}
