package chat

import (
	"context"
	"maps"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
)

// timelinePage is a page of the timeline with the entries of its messages.
type timelinePage struct {
	data.Page
	entries map[int64]data.OutboxEntry
}

// loadPage reads a page, and the entries of those of its messages that are
// on their way or failed: few, and mostly none.
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

// keepEntries remembers the entries of a page that was put to the others.
func (p *Pane) keepEntries(more map[int64]data.OutboxEntry) {
	if p.entries == nil {
		p.entries = map[int64]data.OutboxEntry{}
	}
	maps.Copy(p.entries, more)
}

// markRetryable notes at the elements which messages can be sent again.
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

// showSyncStatus says how far DoubleTick is told of the customer's status: in the
// strip, or above the composer.
func (p *Pane) showSyncStatus(blocked bool, now data.Moment) {
	said := syncStatusOf(p.remoteStatus, blocked, now)
	inStrip, above := said, syncStatus{}
	if !blocked {
		inStrip, above = syncStatus{}, said
	}
	focused := p.hasFocusedLink(p.strip.syncLine) || p.hasFocusedLink(p.syncNotice.line)
	turned := p.strip.syncLine.show(inStrip)
	p.strip.Refresh()
	if p.syncNotice.show(above) || turned {
		p.body.Refresh()
	}
	if focused && !p.hasFocusedLink(p.strip.syncLine) && !p.hasFocusedLink(p.syncNotice.line) {
		p.focusFooter()
	}
}

// hasFocusedLink reports whether a link of the line that can be seen has the keyboard.
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

// retrySync has DoubleTick asked again what it refused, or is waited for.
func (p *Pane) retrySync() { p.withLastEntry(p.desk.Retry) }

// keepLocal leaves DoubleTick as it is.
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

// retryMessage sends a failed message again. Its link goes with the failure,
// so the keyboard goes where one writes on.
func (p *Pane) retryMessage(entry int64) {
	p.focusFooter()
	p.onEntry(entry, p.desk.Retry)
}
