// Package chat is the right pane of the window: one customer's header,
// timeline, and composer, or the blocked strip in the composer's place.
package chat

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	pageSize = 50
	maxItems = 150 // of the timeline; beyond, the far end is let go
)

// Pane is the chat. It belongs to the interface's goroutine.
type Pane struct {
	// Root is what the window shows.
	Root fyne.CanvasObject
	// OnMenu is called when the agent asks for the chat's menu.
	OnMenu func(customer int64, at fyne.Position)
	// OnUnblock is called when the agent presses the strip's button.
	OnUnblock func(data.Customer)
	// OnShowHeld is called when the agent wants to see what is held.
	OnShowHeld func(data.Customer)
	// OnChangeBlock is called when the agent wants to change the block.
	OnChangeBlock func(data.Customer)
	// OnCommand is asked of what is about to be sent; it reports whether that was a
	// command.
	OnCommand func(text string) bool
	// OnKey gets the keys the composer does not use.
	OnKey func(*fyne.KeyEvent) bool
	// OnOpenLink is called when the agent follows a link in a message.
	OnOpenLink func(*url.URL)
	// OnError is called when a message could not be sent.
	OnError func(error)
	// Active reports whether the agent is looking at the window.
	Active func() bool
	// Actor is who works here.
	Actor func() data.Actor

	desk         *desk.Desk
	runner       *async.Runner
	customer     data.Customer
	loaded       bool // a chat is open and read
	items        []data.Item
	hasOlder     bool
	hasNewer     bool
	remoteStatus data.RemoteStatus          // what DoubleTick knows of the customer's status
	entries      map[int64]data.OutboxEntry // of the messages that wait or failed
	firstNew     *data.ItemKey
	hasUnread    bool  // something came in that the agent has not scrolled to
	wasTyping    bool  // the strip came while the agent wrote: what is typed on is not meant for its button
	openingID    int64 // the customer whose chat is to be shown next
	stale        bool  // and who was changed since it began to be read

	slot          *async.Slot
	draftTimer    *time.Timer
	draftDirty    bool                   // the draft is newer than the database's
	pendingDrafts map[int64]pendingDraft // drafts on their way into the database

	header     *header
	timeline   *timeline
	composer   *composer
	strip      *blockedStrip
	syncNotice *syncNotice
	body       *fyne.Container
}

// pendingDraft is a draft that is being kept; a read may not see it yet.
type pendingDraft struct {
	text   string
	writes int // that are to be done
}

// New makes the pane without a chat.
func New(d *desk.Desk, w *async.Runner) *Pane {
	p := &Pane{desk: d, runner: w, slot: w.NewSlot(), pendingDrafts: map[int64]pendingDraft{}}
	p.header = newHeader(func() { p.OnMenu(p.customer.ID, p.MenuPosition()) })
	p.timeline = newTimeline(
		func(link *url.URL) { p.OnOpenLink(link) },
		func(text string) { fyne.CurrentApp().Clipboard().SetContent(text) },
	)
	p.timeline.onOlder, p.timeline.onNewer, p.timeline.onEnd = p.loadOlder, p.loadNewer, p.scrollToEnd
	p.timeline.onReachEnd, p.timeline.onRetry = p.markSeen, p.retryMessage
	p.timeline.onMenu = func(at fyne.Position) { p.OnMenu(p.customer.ID, at) }
	p.timeline.onRune = p.TypeInto
	p.composer = newComposer()
	p.composer.onSend, p.composer.onChanged = p.send, p.draftChanged
	p.composer.onKey = func(key *fyne.KeyEvent) bool { return p.handleKey(key) }
	p.strip = newBlockedStrip(
		func() { p.OnShowHeld(p.customer) },
		func() { p.OnChangeBlock(p.customer) },
		p.retrySync, p.keepLocal,
		func() { p.OnUnblock(p.customer) },
	)
	p.strip.Hide()
	p.syncNotice = newSyncNotice(p.retrySync, p.keepLocal)
	// A dialog gives the keyboard back to what had it, which may be gone by then.
	p.composer.entry.OnFocus = func(has bool) {
		if has && !p.CanWrite() {
			p.focusFooter()
		}
	}
	p.strip.unblock.OnKey = func(key *fyne.KeyEvent) bool {
		return p.wasTyping && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter || key.Name == fyne.KeySpace)
	}
	p.strip.unblock.OnFocus = func(has bool) {
		if !has {
			p.wasTyping = false
		}
		if has && p.CanWrite() {
			p.focusFooter()
		}
	}
	footer := container.New(layout.NewCustomPaddedVBoxLayout(0), p.syncNotice, container.NewStack(p.composer, p.strip))
	// In the order of reading, which is the order of Tab.
	p.body = container.New(layout.NewBorderLayout(p.header, footer, nil, nil), p.header, p.timeline, footer)
	p.composer.onResize = func() { p.body.Refresh() }
	p.Root = p.body
	return p
}

// TypeInto returns the composer the keyboard and a letter typed elsewhere.
func (p *Pane) TypeInto(r rune) {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	if c == nil || !p.loaded || !p.CanWrite() {
		return
	}
	c.Focus(p.composer.entry)
	p.composer.entry.TypedRune(r)
}

// Customer is whose chat is open, zero where there is none.
func (p *Pane) Customer() int64 { return p.customer.ID }

// MenuPosition is where the chat's menu hangs from its button.
func (p *Pane) MenuPosition() fyne.Position { return widgets.Below(p.header.more) }

// Composer is the entry in which a reply is written.
func (p *Pane) Composer() *widgets.Entry { return p.composer.entry }

// CanWrite reports whether the composer is there, and not the strip.
func (p *Pane) CanWrite() bool { return p.composer.Visible() }

// UnblockButton is the strip's button.
func (p *Pane) UnblockButton() *widgets.Button { return p.strip.unblock }

// loadedChat is all that is read to open a chat.
type loadedChat struct {
	customer     data.Customer
	draft        string
	unread       int
	marked       bool
	page         timelinePage
	remoteStatus data.RemoteStatus
}

func (p *Pane) loadChat(ctx context.Context, customer int64, span data.Span) (o loadedChat, err error) {
	if o.customer, err = p.desk.Customer(ctx, customer); err != nil {
		return o, err
	}
	if o.unread, o.marked, err = p.desk.Unread(ctx, customer); err != nil {
		return o, err
	}
	if o.draft, err = p.desk.Draft(ctx, customer); err != nil {
		return o, err
	}
	if o.remoteStatus, err = p.desk.RemoteStatus(ctx, customer); err != nil {
		return o, err
	}
	o.page, err = p.loadPage(ctx, customer, span)
	return o, err
}

// Open shows a customer's chat; done is called when it is there.
func (p *Pane) Open(customer int64, done func()) {
	p.SaveDraft()
	p.openingID, p.stale = customer, false
	p.dropSavedDrafts()
	async.Load(p.slot, func(ctx context.Context) (loadedChat, error) {
		return p.loadChat(ctx, customer, data.Span{Limit: pageSize})
	}, func(o loadedChat) {
		p.SaveDraft() // typed while the other chat was being read
		p.openingID = 0
		p.customer, p.loaded, p.remoteStatus = data.Customer{ID: customer}, true, data.RemoteStatus{}
		p.firstNew = firstUnread(o.page.Items, o.unread)
		if k, ok := p.pendingDrafts[customer]; ok {
			o.draft = k.text
		}
		p.composer.entry.ReplaceText(o.draft)
		p.draftDirty = false
		p.items, p.hasOlder, p.hasNewer = o.page.Items, o.page.Older, o.page.Newer
		p.remoteStatus, p.entries = o.remoteStatus, o.page.entries
		p.showCustomer(o.customer)
		p.showItems(true)
		p.hasUnread = false
		p.markRead(o.unread > 0 || o.marked)
		if done != nil {
			done()
		}
		if p.stale {
			p.Reload()
		}
	})
}

// Close shows no chat.
func (p *Pane) Close() {
	p.SaveDraft()
	p.slot.Cancel()
	p.openingID = 0
	p.customer, p.loaded = data.Customer{}, false
}

// Changed reads the chat anew, if it is among the customers.
func (p *Pane) Changed(customers []int64) {
	switch {
	case p.isOpening():
		p.stale = p.stale || slices.Contains(customers, p.openingID)
	case slices.Contains(customers, p.customer.ID):
		p.Reload()
	}
}

// isOpening reports whether another chat is on its way; until it is there, no
// read of the one before may take its place.
func (p *Pane) isOpening() bool { return p.openingID != 0 && p.slot.Busy() }

// Reload reads what is shown anew, keeping the place.
func (p *Pane) Reload() {
	if !p.loaded || p.isOpening() {
		return
	}
	id := p.customer.ID
	span := data.Span{Limit: max(pageSize, len(p.items))}
	if !p.timeline.following && len(p.items) > 0 { // what is read further up stays loaded
		from := p.items[0].Key
		from.ID-- // the span is open, and the first is to be in it
		span = data.Span{After: &from, Limit: maxItems}
	}
	older := p.hasOlder
	async.Load(p.slot, func(ctx context.Context) (loadedChat, error) {
		return p.loadChat(ctx, id, span)
	}, func(o loadedChat) {
		p.items, p.hasOlder, p.hasNewer = o.page.Items, o.page.Older, o.page.Newer
		p.remoteStatus, p.entries = o.remoteStatus, o.page.entries
		if span.After != nil {
			p.hasOlder = older
		}
		if !p.Active() && o.unread > 0 {
			p.firstNew = firstUnread(p.items, o.unread)
		}
		p.showCustomer(o.customer)
		p.showItems(false)
		p.hasUnread = o.unread > 0
		p.markSeen()
	})
}

// markSeen notes that the agent sees the newest message, where that is so.
func (p *Pane) markSeen() { p.markRead(p.hasUnread && p.timeline.following) }

// showCustomer shows name, status, and composer or strip, as they are.
func (p *Pane) showCustomer(c data.Customer) {
	p.customer = c
	now := p.desk.Now()
	p.header.show(c, now)
	blocked := c.Status(now) == data.Blocked
	if blocked {
		p.strip.show(c, now)
	}
	p.showSyncStatus(blocked, now)
	if blocked == p.strip.Visible() {
		return
	}
	focused := p.composer.entry.Focused() || p.strip.unblock.Focused()
	p.wasTyping = blocked && p.composer.entry.Focused() && c.Block.By != p.Actor()
	if blocked {
		p.composer.Hide()
		p.strip.Show()
	} else {
		p.strip.Hide()
		p.composer.Show()
	}
	p.body.Refresh()
	if focused {
		p.focusFooter()
	}
}

// focusFooter returns the keyboard to what stands in the footer now.
func (p *Pane) focusFooter() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	switch {
	case c == nil:
	case p.CanWrite():
		c.Focus(p.composer.entry)
	default:
		c.Focus(p.strip.unblock)
	}
}

func (p *Pane) showItems(toEnd bool) {
	p.timeline.setElements(p.markRetryable(elementsOf(p.items, p.desk.Now(), p.firstNew)), p.hasNewer, toEnd, p.Actor().Name)
	p.timeline.loadMoreIfNear() // what was asked for during a read was not heard
}

// RefreshTimes shows times that are said relative to now anew.
func (p *Pane) RefreshTimes() {
	if p.loaded {
		p.showCustomer(p.customer)
		p.showItems(false)
	}
}

func (p *Pane) markRead(news bool) {
	if !news || !p.Active() {
		return
	}
	id := p.customer.ID
	p.runner.Enqueue(func(ctx context.Context) error { return p.desk.SetRead(ctx, id, true) }, nil)
}

// WindowActivated is called when the agent looks at the window again.
func (p *Pane) WindowActivated() {
	if p.loaded && p.timeline.following {
		p.Reload()
	}
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
		p.showItems(false)
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
		p.showItems(false)
	})
}

// scrollToEnd goes back to the newest message.
func (p *Pane) scrollToEnd() {
	if p.hasNewer {
		p.timeline.following = true
		p.Reload()
		return
	}
	p.showItems(true)
	p.markSeen()
}

// handleKey lets the composer scroll the chat, and gives the rest to the window.
func (p *Pane) handleKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyPageUp:
		p.timeline.scrollPage(-1)
		return true
	case fyne.KeyPageDown:
		p.timeline.scrollPage(1)
		return true
	}
	return p.OnKey(key)
}

func (p *Pane) send(text string) {
	if p.OnCommand(text) {
		p.composer.entry.SetText("")
		return
	}
	id, by := p.customer.ID, p.Actor()
	p.stopDraftTimer()
	p.composer.entry.SetText("")
	p.stopDraftTimer()
	p.timeline.following = !p.hasNewer
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.Root); c != nil {
		c.Focus(p.composer.entry) // a pressed button has the keyboard
	}
	kept := p.trackDraft(id, "")
	p.runner.Enqueue(func(ctx context.Context) error {
		_, err := p.desk.Send(ctx, by, id, text)
		return err
	}, func(err error) {
		kept()
		if err == nil {
			if p.hasNewer && p.customer.ID == id {
				p.scrollToEnd()
			}
			return
		}
		p.restoreText(id, text)
		p.OnError(err)
	})
}

// restoreText puts what could not be sent before what was typed since.
func (p *Pane) restoreText(customer int64, text string) {
	if p.customer.ID == customer {
		p.composer.entry.ReplaceText(strings.TrimSpace(text + "\n" + p.composer.entry.Text))
		return
	}
	p.saveDraft(customer, text)
}

// draftDelay is how long the agent pauses before the draft is kept.
const draftDelay = 400 * time.Millisecond

func (p *Pane) draftChanged() {
	if !p.loaded {
		return
	}
	p.draftDirty = true
	if p.draftTimer != nil {
		p.draftTimer.Stop()
	}
	p.draftTimer = time.AfterFunc(draftDelay, func() { p.runner.RunOnUI(p.SaveDraft) })
}

func (p *Pane) stopDraftTimer() {
	p.draftDirty = false
	if p.draftTimer != nil {
		p.draftTimer.Stop()
	}
}

// SaveDraft keeps what is half written, at once.
func (p *Pane) SaveDraft() {
	if !p.draftDirty || !p.loaded {
		return
	}
	p.stopDraftTimer()
	p.saveDraft(p.customer.ID, p.composer.entry.Text)
}

func (p *Pane) saveDraft(customer int64, text string) {
	kept := p.trackDraft(customer, text)
	p.runner.Enqueue(func(ctx context.Context) error {
		defer p.runner.RunOnUI(kept)
		return p.desk.SaveDraft(ctx, customer, text)
	}, nil)
}

// trackDraft remembers a draft until a read that began after the act that keeps it.
func (p *Pane) trackDraft(customer int64, text string) (kept func()) {
	p.pendingDrafts[customer] = pendingDraft{text, p.pendingDrafts[customer].writes + 1}
	return func() {
		k := p.pendingDrafts[customer]
		k.writes--
		p.pendingDrafts[customer] = k
	}
}

// dropSavedDrafts forgets the drafts that a read which begins now will find.
func (p *Pane) dropSavedDrafts() {
	for customer, k := range p.pendingDrafts {
		if k.writes == 0 {
			delete(p.pendingDrafts, customer)
		}
	}
}
