// Package pairview asks whether two customers are the same person: it compares them
// line by line, in the place of the chat, and takes the answer.
package pairview

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/native"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Pane shows one pair after the other. It belongs to the interface's goroutine.
type Pane struct {
	// Root is what the window shows, hidden until Open.
	Root *fyne.Container
	// Actor returns who decides.
	Actor func() data.Actor
	// OnOpenChat is called when the agent wants to read the chat of a customer.
	OnOpenChat func(customer int64)
	// OnDecided is called with what was decided and the pair.
	OnDecided func(text string, pair int64, state data.PairState)
	// OnLeave is called when the agent decides later.
	OnLeave func()
	// OnError is called when a pair could not be decided.
	OnError func(error)

	desk   *desk.Desk
	runner *async.Runner
	slot   *async.Slot
	shown  comparison
	stale  bool        // something changed while the pair was being read
	busy   bool        // an answer is being written
	came   data.Moment // when the pair in sight took the place of another one by itself; zero where the agent asked for it

	bar  *bar
	page *page
	keys *keys
}

// New returns the pane, hidden. It reads nothing until Open.
func New(d *desk.Desk, r *async.Runner) *Pane {
	p := &Pane{desk: d, runner: r, slot: r.NewSlot()}
	p.page = newPage(
		func(side int) { p.OnOpenChat(p.shown.sides[side].customer.ID) },
		p.join, p.keepApart,
		func() { p.OnLeave() },
	)
	p.page.apart.check.OnChanged = func(bool) { p.show(p.shown) }
	p.keys = newKeys(p.HandleKey)
	p.bar = &bar{
		background: widgets.NewBackground(theme.Background),
		separator:  widgets.NewBackground(theme.Separator),
		icon:       newCard(theme.CautionBackground, theme.CautionBackground, 0, 18),
		image:      canvas.NewImageFromResource(theme.Icon("people", theme.Caution)),
		title:      widgets.NewEllipsisLabel(theme.Text, theme.Heading),
		count:      widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		previous:   widgets.NewIconButton(theme.Icon("left", theme.Muted), "Previous pair", func() { p.turn(-1) }),
		next:       widgets.NewIconButton(theme.Icon("right", theme.Muted), "Next pair", func() { p.turn(1) }),
	}
	b := p.bar
	b.title.SetText("Same person?")
	b.title.SetStyle(fyne.TextStyle{Bold: true})
	b.root = container.New(barLayout{b}, b.background, b.separator, b.icon, b.image, b.title, b.count, b.previous, b.next)
	p.Root = container.New(paneLayout{p}, widgets.NewBackground(theme.Canvas), b.root, p.keys, p.page.scroll)
	p.Root.Hide()
	return p
}

type paneLayout struct{ pane *Pane }

func (l paneLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, headHeight+120) }

func (l paneLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p := l.pane
	objects[0].Resize(size)
	p.bar.root.Resize(fyne.NewSize(size.Width, headHeight))
	rest := fyne.NewSize(size.Width, max(0, size.Height-headHeight))
	p.page.fit(rest.Width)
	for _, o := range []fyne.CanvasObject{p.keys, p.page.scroll} {
		o.Resize(rest)
		o.Move(fyne.NewPos(0, headHeight))
	}
	p.page.scroll.Refresh()
}

// Shown reports whether the pane is shown.
func (p *Pane) Shown() bool { return p.Root.Visible() }

// Open reads the pair that has waited longest for a decision, or the first of a
// customer where that is not 0, and then calls done, which shows the pane.
func (p *Pane) Open(customer int64, done func()) { p.load(place{customer: customer}, true, done) }

// Close hides the pane.
func (p *Pane) Close() {
	p.slot.Cancel()
	p.Root.Hide()
}

// FocusTarget returns what has the keyboard while none of the buttons has: an answer is
// a key of its own.
func (p *Pane) FocusTarget() fyne.Focusable { return p.keys }

// Changed reads the pair anew if it is shown and customers changed.
func (p *Pane) Changed(customers []int64) {
	switch {
	case !p.Shown() || len(customers) == 0:
	case p.slot.Busy():
		p.stale = true
	default:
		p.reload()
	}
}

// RefreshTimes updates what is said relative to now.
func (p *Pane) RefreshTimes() {
	if p.Shown() {
		p.show(p.shown)
	}
}

func (p *Pane) reload() {
	p.load(place{pair: p.shown.pair.ID, index: p.shown.index}, false, nil)
}

// turn shows the pair by so many places further on, from the last to the first.
func (p *Pane) turn(by int) {
	n := min(p.shown.total, maxPairs)
	if n > 1 && !p.busy {
		p.load(place{index: (p.shown.index + by + n) % n}, true, nil)
	}
}

func (p *Pane) load(at place, top bool, done func()) {
	p.stale = false
	async.Load(p.slot, func(ctx context.Context) (comparison, error) {
		return read(ctx, p.desk, at)
	}, func(c comparison) {
		if c.pair.ID != p.shown.pair.ID {
			p.came = 0
			if at.pair != 0 { // another was asked for, and is decided
				p.came = p.desk.Now()
			}
			p.page.apart.check.Checked = false
			p.page.apart.check.Refresh()
			top = true
		}
		p.show(c)
		if top {
			p.page.scroll.ScrollToTop()
		}
		if done != nil {
			done()
		}
		if p.stale {
			p.reload()
		}
	})
}

func (p *Pane) show(c comparison) {
	p.shown = c
	p.bar.set(c)
	p.page.set(c, p.desk.Now())
	p.Root.Refresh()
}

func (p *Pane) join() {
	by, pair := p.Actor(), p.shown.pair.ID
	p.decide("Joined: "+p.shown.names(), data.PairJoined, func(ctx context.Context) error { return p.desk.JoinPair(ctx, by, pair) })
}

func (p *Pane) keepApart() {
	by, pair := p.Actor(), p.shown.pair.ID
	discard := p.page.apart.check.Visible() && p.page.apart.check.Checked
	p.decide("Kept apart: "+p.shown.names(), data.PairApart, func(ctx context.Context) error { return p.desk.KeepApart(ctx, by, pair, discard) })
}

// settles is how long a pair that took another's place by itself takes no answer: a second
// click or key was meant for the one before.
const settles = 700 * time.Millisecond

// decide writes an answer and shows the next pair. The keyboard leaves the button, so
// that a second press answers nothing.
func (p *Pane) decide(text string, state data.PairState, act func(context.Context) error) {
	pair := p.shown.pair.ID
	if p.busy || pair == 0 || p.came != 0 && p.desk.Now() < p.came.Add(settles) {
		return
	}
	p.busy = true
	p.keys.Tapped(nil)
	p.runner.Enqueue(act, func(err error) {
		p.busy = false
		switch {
		case errors.Is(err, data.ErrChanged):
			p.OnError(data.UserError("Someone else decided this pair meanwhile."))
		case err != nil:
			p.OnError(err)
		default:
			p.OnDecided(text, pair, state)
		}
		if p.Shown() {
			p.reload()
		}
	})
}

// HandleKey does what a key does in the pane, and reports whether that is something.
func (p *Pane) HandleKey(key *fyne.KeyEvent) bool {
	switch native.KeyName(key) {
	case fyne.KeyJ:
		p.join()
	case fyne.KeyK:
		p.keepApart()
	case fyne.KeyEscape:
		p.OnLeave()
	case fyne.KeyLeft:
		p.turn(-1)
	case fyne.KeyRight:
		p.turn(1)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		step := map[fyne.KeyName]float32{fyne.KeyUp: -40, fyne.KeyDown: 40, fyne.KeyPageUp: -p.page.scroll.Size().Height + 40, fyne.KeyPageDown: p.page.scroll.Size().Height - 40}[key.Name]
		p.page.scroll.ScrollToOffset(p.page.scroll.Offset.AddXY(0, step))
	default:
		return false
	}
	return true
}

// Answers reports whether a key is one that decides a pair.
func Answers(key *fyne.KeyEvent) bool {
	name := native.KeyName(key)
	return name == fyne.KeyJ || name == fyne.KeyK
}
