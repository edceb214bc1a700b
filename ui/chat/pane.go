// Package chat is the right pane of the window: one customer's header,
// timeline, and composer, or the blocked strip in the composer's place.
package chat

import (
	"context"
	"net/url"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Pane shows one chat. It belongs to the interface's goroutine.
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
	// OnDecidePair is called when the agent wants to decide whether the customer is the
	// same person as another.
	OnDecidePair func(data.Customer)
	// OnCommand is called with a text before it is sent, and reports whether it was
	// a command. It has done called once the command has done what it is for.
	OnCommand func(text string, done func()) bool
	// OnKey is called with keys that the composer does not use.
	OnKey func(*fyne.KeyEvent) bool
	// OnOpenLink is called when the agent follows a link in a message.
	OnOpenLink func(*url.URL)
	// OnError is called when a message could not be sent.
	OnError func(error)
	// Active reports whether the agent is looking at the window.
	Active func() bool
	// Actor returns who works at the window.
	Actor func() data.Actor

	desk         *desk.Desk
	runner       *async.Runner
	customer     data.Customer
	ids          []data.Identity // of the customer
	samePerson   string          // who may be the same person, empty if nobody is
	loaded       bool            // a chat is open and read
	items        []data.Item
	hasOlder     bool
	hasNewer     bool
	remoteStatus data.RemoteStatus          // what DoubleTick knows of the customer's status
	entries      map[int64]data.OutboxEntry // of the messages that wait or failed
	unread       data.Unread
	firstNew     *data.ItemKey   // what the line stands above; nil for no line
	readTo       data.ItemKey    // how far it is being marked as read; zero while it is not
	seenSince    data.ItemKey    // how far it was seen meanwhile
	jump         *stretch        // what the agent is on the way to; nil for nothing
	left         map[int64]place // where other chats were left
	wasTyping    bool            // the strip appeared while the agent was typing: keys are not meant for its button
	openingID    int64           // the customer whose chat is to be shown next
	stale        bool            // somebody was changed since its read began

	slot          *async.Slot
	draftTimer    *time.Timer
	draftDirty    bool                   // the draft is newer than the database's
	pendingDrafts map[int64]pendingDraft // drafts on their way into the database

	header     *header
	timeline   *timeline
	composer   *composer
	strip      *blockedStrip
	syncNotice *syncNotice
	mistyped   *commandNotice
	body       *fyne.Container
}

// pendingDraft is a draft that is being saved; a read may not see it yet.
type pendingDraft struct {
	text   string
	writes int // not done yet
}

// New returns a pane without a chat.
func New(d *desk.Desk, r *async.Runner) *Pane {
	p := &Pane{desk: d, runner: r, slot: r.NewSlot(), pendingDrafts: map[int64]pendingDraft{}, left: map[int64]place{}}
	p.header = newHeader(func() { p.OnMenu(p.customer.ID, p.MenuPosition()) })
	p.timeline = newTimeline(
		func(link *url.URL) {
			p.OnOpenLink(link)
			p.leaveLink()
		},
		func(text string) { fyne.CurrentApp().Clipboard().SetContent(text) },
	)
	p.timeline.onOlder, p.timeline.onNewer, p.timeline.onEnd, p.timeline.onDown = p.loadOlder, p.loadNewer, p.scrollToEnd, p.scrollDown
	p.timeline.onSight, p.timeline.onRetry = p.markSeen, p.retryMessage
	p.timeline.onDone = p.leaveLink
	p.timeline.onMenu = func(at fyne.Position) { p.OnMenu(p.customer.ID, at) }
	p.timeline.onRune = p.TypeInto
	p.composer = newComposer()
	p.composer.onSend, p.composer.onChanged = p.send, p.draftChanged
	p.composer.onKey = func(key *fyne.KeyEvent) bool { return p.handleKey(key) }
	p.strip = newBlockedStrip(
		func() { p.OnShowHeld(p.customer) },
		func() { p.OnChangeBlock(p.customer) },
		func() { p.OnDecidePair(p.customer) },
		p.retrySync, p.keepLocal,
		func() { p.OnUnblock(p.customer) },
	)
	p.strip.Hide()
	p.syncNotice = newSyncNotice(p.retrySync, p.keepLocal)
	p.mistyped = newCommandNotice(p.useCommand, func() { p.sendText(p.composer.entry.Text) })
	// A dialog restores the focus to what had it, which may be hidden by then.
	p.composer.entry.OnFocus = func(gained bool) {
		if gained && !p.CanWrite() {
			p.focusFooter()
		}
	}
	p.strip.unblock.OnKey = func(key *fyne.KeyEvent) bool {
		switch key.Name {
		case fyne.KeyUp:
			return p.strip.scrollBy(-1)
		case fyne.KeyDown:
			return p.strip.scrollBy(1)
		}
		return p.wasTyping && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter || key.Name == fyne.KeySpace)
	}
	p.strip.unblock.OnFocus = func(gained bool) {
		if !gained {
			p.wasTyping = false
		}
		if gained && p.CanWrite() {
			p.focusFooter()
		}
	}
	// In reading order, which is the order of Tab.
	p.body = container.New(paneLayout{p}, p.header, p.timeline, p.syncNotice, p.mistyped.root, p.composer, p.strip)
	p.composer.onResize = func() { p.body.Refresh() }
	p.Root = container.NewStack(p.body, container.NewWithoutLayout(p.header.details))
	return p
}

// SetSimulated says that the customers are a demo's, who take by themselves what is sent
// to them. It is called before a chat is opened.
func (p *Pane) SetSimulated() { p.timeline.simulated = true }

// TypeInto focuses the composer and types a letter into it.
func (p *Pane) TypeInto(r rune) {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	if c == nil || !p.loaded || !p.CanWrite() {
		return
	}
	widgets.Focus(c, p.composer.entry)
	p.composer.entry.TypedRune(r)
}

// Customer returns the customer whose chat is open, 0 if none is.
func (p *Pane) Customer() int64 { return p.customer.ID }

// MenuPosition returns where the chat's menu opens: below its button.
func (p *Pane) MenuPosition() fyne.Position { return widgets.Below(p.header.more) }

// Composer returns the entry in which a reply is written.
func (p *Pane) Composer() *widgets.Entry { return p.composer.entry }

// CanWrite reports whether the composer is shown, and not the strip.
func (p *Pane) CanWrite() bool { return p.composer.Visible() }

// UnblockButton returns the button of the strip.
func (p *Pane) UnblockButton() *widgets.Button { return p.strip.unblock }

// loadedChat is all that is read to open a chat.
type loadedChat struct {
	customer     data.Customer
	ids          []data.Identity
	samePerson   string
	draft        string
	unread       data.Unread
	page         timelinePage
	remoteStatus data.RemoteStatus
}

// loadChat reads a customer's chat, and of its timeline what span says, which may depend
// on what is unread.
func (p *Pane) loadChat(ctx context.Context, customer int64, span func(data.Unread) data.Span) (o loadedChat, err error) {
	if o.customer, err = p.desk.Customer(ctx, customer); err != nil {
		return o, err
	}
	if o.ids, err = p.desk.Identities(ctx, customer); err != nil {
		return o, err
	}
	others, err := p.desk.PairedWith(ctx, []data.Customer{o.customer})
	if err != nil {
		return o, err
	}
	if other, ok := others[o.customer.ID]; ok {
		o.samePerson = other.Title()
	}
	if o.unread, err = p.desk.UnreadMessages(ctx, customer); err != nil {
		return o, err
	}
	if o.draft, err = p.desk.Draft(ctx, customer); err != nil {
		return o, err
	}
	if o.remoteStatus, err = p.desk.RemoteStatus(ctx, customer); err != nil {
		return o, err
	}
	o.page, err = p.loadPage(ctx, customer, span(o.unread))
	return o, err
}

// Open reads and shows a customer's chat, and then calls done unless it is nil. It shows
// what is unread from its beginning, or else what was in sight when the chat was left.
func (p *Pane) Open(customer int64, done func()) {
	p.SaveDraft()
	p.keepPlace()
	left := p.left[customer]
	p.openingID, p.stale, p.jump = customer, false, nil
	p.dropSavedDrafts()
	async.Load(p.slot, func(ctx context.Context) (loadedChat, error) {
		return p.loadChat(ctx, customer, func(u data.Unread) data.Span { return openingSpan(u, left) })
	}, func(o loadedChat) {
		p.SaveDraft() // typed while the other chat was being read
		p.keepPlace() // scrolled to meanwhile
		p.openingID = 0
		p.customer, p.loaded, p.remoteStatus = data.Customer{ID: customer}, true, data.RemoteStatus{}
		p.unread, p.firstNew, p.readTo, p.seenSince = o.unread, o.unread.First, data.ItemKey{}, data.ItemKey{}
		if k, ok := p.pendingDrafts[customer]; ok {
			o.draft = k.text
		}
		p.composer.entry.ReplaceText(o.draft)
		p.hideMistyped()
		p.draftDirty = false
		to := openingPlace(o.unread, left)
		p.showChat(o, to)
		if to.end {
			p.timeline.showNewestFromTop()
		}
		p.unmark()
		p.markSeen()
		if done != nil {
			done()
		}
		if p.stale {
			p.Reload()
		}
	})
}

// showChat shows a chat that was read, with a place of it in sight.
func (p *Pane) showChat(o loadedChat, to place) {
	p.items, p.hasOlder, p.hasNewer = o.page.Items, o.page.Older, o.page.Newer
	p.remoteStatus, p.entries = o.remoteStatus, o.page.entries
	p.ids, p.samePerson = o.ids, o.samePerson
	p.showCustomer(o.customer)
	p.showItems(to)
}

// Close closes the chat.
func (p *Pane) Close() {
	p.SaveDraft()
	p.keepPlace()
	p.slot.Cancel()
	p.openingID, p.jump = 0, nil
	p.customer, p.loaded = data.Customer{}, false
}

// Changed reads the chat anew if its customer is among those who changed, or who may be
// the same person: the strip names both.
func (p *Pane) Changed(customers []int64) {
	switch {
	case p.isOpening():
		p.stale = true // who may be the same person is not known yet
	case slices.Contains(customers, p.customer.ID),
		p.customer.PairedWith != 0 && slices.Contains(customers, p.customer.PairedWith):
		p.Reload()
	}
}

// isOpening reports whether another chat is being read. Until it is shown, the one
// before must not be read into its slot.
func (p *Pane) isOpening() bool { return p.openingID != 0 && p.slot.Busy() }

// showCustomer shows a customer in the header, and the composer or the strip.
func (p *Pane) showCustomer(c data.Customer) {
	p.customer = c
	now := p.desk.Now()
	p.header.show(c, p.ids, now)
	blocked := c.Status(now) == data.Blocked
	if blocked {
		p.strip.show(c, p.samePerson, now)
	}
	p.showSyncStatus(blocked, now)
	if blocked == p.strip.Visible() {
		return
	}
	focused := p.composer.entry.Focused() || p.strip.unblock.Focused()
	p.wasTyping = blocked && p.composer.entry.Focused() && c.Block.By != p.Actor()
	if blocked {
		p.hideMistyped()
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

// focusFooter focuses the composer, or the button of the strip.
func (p *Pane) focusFooter() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	switch {
	case c == nil:
	case p.CanWrite():
		widgets.Focus(c, p.composer.entry)
	default:
		widgets.Focus(c, p.strip.unblock)
	}
}

func (p *Pane) showItems(to place) {
	p.timeline.down.setCount(p.unread.Count)
	p.timeline.setElements(p.markRetryable(elementsOf(p.items, p.desk.Now(), p.firstNew)), p.hasNewer, to, p.Actor().Name)
	p.timeline.loadMoreIfNear() // requests made during a read were ignored
}

// RefreshTimes updates what is said relative to now.
func (p *Pane) RefreshTimes() {
	if p.loaded {
		p.showCustomer(p.customer)
		p.showItems(inSight)
	}
}

// handleKey scrolls the chat from the composer, takes the notice above it away on Escape,
// and passes other keys to the window.
func (p *Pane) handleKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyEscape:
		if p.mistyped.root.Visible() {
			p.hideMistyped()
			return true
		}
	case fyne.KeyPageUp:
		p.timeline.scrollPage(-1)
		return true
	case fyne.KeyPageDown:
		p.timeline.scrollPage(1)
		return true
	}
	return p.OnKey(key)
}
