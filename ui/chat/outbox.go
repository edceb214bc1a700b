package chat

import (
	"context"
	"maps"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
)

// timelinePage is a page of the timeline with the outbox entries of its messages.
type timelinePage struct {
	data.Page
	entries map[int64]data.OutboxEntry
}

// loadPage reads a page, and the outbox entries of those of its messages that failed:
// few, and mostly none.
func (p *Pane) loadPage(ctx context.Context, customer int64, span data.Span) (s timelinePage, err error) {
	if s.Page, err = p.desk.Timeline(ctx, customer, span); err != nil {
		return s, err
	}
	var ids []int64
	for _, item := range s.Items {
		if m := item.Message; m != nil && m.Status == data.Failed {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) > 0 {
		s.entries, err = p.desk.EntriesByMessage(ctx, ids)
	}
	return s, err
}

// keepEntries adds the entries of another page.
func (p *Pane) keepEntries(more map[int64]data.OutboxEntry) {
	if p.entries == nil {
		p.entries = map[int64]data.OutboxEntry{}
	}
	maps.Copy(p.entries, more)
}

// markRetryable sets the retryEntry of elements whose message can be sent again.
func (p *Pane) markRetryable(elements []element) []element {
	for i, e := range elements {
		if e.kind != bubbleElement || e.item.Message.Status != data.Failed {
			continue
		}
		if entry, ok := p.entries[e.item.Message.ID]; ok && entry.CanRetry() {
			elements[i].retryEntry = entry.ID
		}
	}
	return elements
}

// showSyncStatus shows whether DoubleTick knows the customer's status: in the strip, or
// above the composer.
func (p *Pane) showSyncStatus(blocked bool, now data.Moment) {
	status := syncStatusOf(p.remoteStatus, blocked, now)
	inStrip, above := status, syncStatus{}
	if !blocked {
		inStrip, above = syncStatus{}, status
	}
	focused := p.hasFocusedLink(p.strip.syncLine) || p.hasFocusedLink(p.syncNotice.line)
	toggled := p.strip.syncLine.show(inStrip)
	p.strip.Refresh()
	if p.syncNotice.show(above) || toggled {
		p.body.Refresh()
	} else {
		p.fitFooter()
	}
	if focused && !p.hasFocusedLink(p.strip.syncLine) && !p.hasFocusedLink(p.syncNotice.line) {
		p.focusFooter()
	}
}

// hasFocusedLink reports whether a visible link of the line has the focus.
func (p *Pane) hasFocusedLink(l *syncLine) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	if c == nil || !l.Visible() {
		return false
	}
	for _, link := range l.links() {
		if link.Visible() && c.Focused() == link {
			return true
		}
	}
	return false
}

// retrySync sends the newest entry again that DoubleTick rejected or has not answered,
// and tells of a block once more that does not hold there.
func (p *Pane) retrySync() {
	if p.remoteStatus.Holds() {
		p.withLastEntry(p.desk.Retry)
		return
	}
	customer := p.customer.ID
	p.runner.Enqueue(func(ctx context.Context) error { return p.desk.TellAgain(ctx, customer) }, func(err error) {
		if err != nil {
			p.OnError(err)
		}
	})
}

// keepLocal drops the newest entry: what DoubleTick knows stays as it is.
func (p *Pane) keepLocal() { p.withLastEntry(p.desk.KeepLocal) }

func (p *Pane) withLastEntry(do func(context.Context, int64) error) {
	if p.remoteStatus.Last == nil {
		return
	}
	p.onEntry(p.remoteStatus.Last.ID, do)
}

func (p *Pane) onEntry(entry int64, do func(context.Context, int64) error) {
	p.runner.Enqueue(func(ctx context.Context) error { return do(ctx, entry) }, func(err error) {
		if err != nil {
			p.OnError(err)
		}
	})
}

// retryMessage sends a failed message again.
func (p *Pane) retryMessage(entry int64) {
	p.leaveLink()
	p.onEntry(entry, p.desk.Retry)
}
