package history

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/audit"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// proof is the bar under the list: a button that proves the history, and what
// came of it.
type proof struct {
	bar *fyne.Container

	desk    *desk.Desk
	runner  *async.Runner
	slot    *async.Slot
	said    *widgets.Paragraph
	sound   *widgets.Banner
	wrong   *widgets.Banner
	button  *widgets.Button
	running int // which walk this is; what an older one says is not heard
}

const hint = "Every event carries the hash of the one before it. To verify is to follow them all."

func newProof(d *desk.Desk, w *async.Runner) *proof {
	p := &proof{desk: d, runner: w, slot: w.NewSlot()}
	p.said = widgets.NewParagraph(hint, theme.Muted, theme.Caption)
	p.sound, p.wrong = widgets.NewBanner(widgets.InfoBanner), widgets.NewBanner(widgets.DangerBanner)
	p.sound.Hide()
	p.wrong.Hide()
	p.button = widgets.NewButton("Verify", widgets.Outline, p.press)
	p.bar = container.New(bar{}, p.button, p.said, p.sound, p.wrong)
	return p
}

func (p *proof) press() {
	if p.slot.Busy() {
		p.stop()
		p.say("Stopped. Nothing was found out.")
		return
	}
	p.start()
}

// found is what came of a walk along the chain.
type found struct {
	head data.Head
	err  error
}

func (p *proof) start() {
	p.running++
	turn := p.running
	tell := func(done, total int64) {
		p.runner.RunOnUI(func() {
			if turn == p.running {
				p.say(fmt.Sprintf("Verifying: %d of %d events", done, total))
			}
		})
	}
	p.say("Verifying…")
	p.button.SetText("Stop")
	async.Load(p.slot, func(ctx context.Context) (f found, err error) {
		f.head, f.err = audit.Verify(ctx, p.desk, nil, tell)
		return f, ctx.Err()
	}, p.show)
}

// stop ends what is running; also when the dialog goes.
func (p *proof) stop() {
	p.running++
	p.slot.Cancel()
	p.button.SetText("Verify")
}

func (p *proof) show(f found) {
	p.stop()
	flaw := (*data.Flaw)(nil)
	switch {
	case errors.As(f.err, &flaw):
		p.wrong.Set("The history is not sound: "+flaw.Text+".", "", nil)
		p.turnTo(p.wrong)
	case f.err != nil:
		p.wrong.Set(desk.Explain(f.err), "", nil)
		p.turnTo(p.wrong)
	case f.head.Count == 0:
		p.say("There are no events yet.")
	default:
		head := fmt.Sprintf("%x", f.head.Hash)
		p.sound.Set(fmt.Sprintf("%s, sound. The head, to note elsewhere:\n%s", events(f.head.Count), head), "Copy", func() {
			fyne.CurrentApp().Clipboard().SetContent(head)
		})
		p.turnTo(p.sound)
	}
}

func events(n int64) string {
	if n == 1 {
		return "1 event"
	}
	return fmt.Sprintf("%d events", n)
}

func (p *proof) say(text string) {
	p.said.SetText(text)
	p.turnTo(p.said)
}

// turnTo shows one of what can stand beside the button.
func (p *proof) turnTo(shown fyne.CanvasObject) {
	for _, o := range p.bar.Objects[1:] {
		o.Hide()
	}
	shown.Show()
	p.bar.Refresh()
}

// bar has a button at its end and one of several things beside it. It keeps
// room for three lines, so that nothing jumps whatever is said.
type bar struct{}

func (bar) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width+240, 60)
}

func (bar) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	button := objects[0].MinSize()
	objects[0].Resize(button)
	objects[0].Move(fyne.NewPos(size.Width-button.Width, (size.Height-button.Height)/2))
	room := max(0, size.Width-button.Width-16)
	for _, o := range objects[1:] {
		if _, paragraph := o.(*widgets.Paragraph); !paragraph {
			o.Resize(fyne.NewSize(room, size.Height))
			continue
		}
		o.Resize(fyne.NewSize(room, size.Height)) // its lines are broken for this width
		o.Move(fyne.NewPos(0, max(0, (size.Height-o.MinSize().Height)/2)))
	}
}
