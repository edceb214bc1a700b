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

// verifier is the bar under the list: a button that proves the history, and what
// came of it.
type verifier struct {
	bar *fyne.Container

	desk        *desk.Desk
	runner      *async.Runner
	slot        *async.Slot
	status      *widgets.Paragraph
	okBanner    *widgets.Banner
	errorBanner *widgets.Banner
	button      *widgets.Button
	generation  int // which walk this is; what an older one says is not heard
}

const verifyHint = "Every event carries the hash of the one before it. To verify is to follow them all."

func newVerifier(d *desk.Desk, w *async.Runner) *verifier {
	p := &verifier{desk: d, runner: w, slot: w.NewSlot()}
	p.status = widgets.NewParagraph(verifyHint, theme.Muted, theme.Caption)
	p.okBanner, p.errorBanner = widgets.NewBanner(widgets.InfoBanner), widgets.NewBanner(widgets.DangerBanner)
	p.okBanner.Hide()
	p.errorBanner.Hide()
	p.button = widgets.NewButton("Verify", widgets.Outline, p.toggle)
	p.bar = container.New(verifierLayout{}, p.button, p.status, p.okBanner, p.errorBanner)
	return p
}

func (p *verifier) toggle() {
	if p.slot.Busy() {
		p.stop()
		p.setStatus("Stopped. Nothing was found out.")
		return
	}
	p.start()
}

// verifyResult is what came of a walk along the chain.
type verifyResult struct {
	head data.Head
	err  error
}

func (p *verifier) start() {
	p.generation++
	turn := p.generation
	tell := func(done, total int64) {
		p.runner.RunOnUI(func() {
			if turn == p.generation {
				p.setStatus(fmt.Sprintf("Verifying: %d of %d events", done, total))
			}
		})
	}
	p.setStatus("Verifying…")
	p.button.SetText("Stop")
	async.Load(p.slot, func(ctx context.Context) (f verifyResult, err error) {
		f.head, f.err = audit.Verify(ctx, p.desk, nil, tell)
		return f, ctx.Err()
	}, p.showResult)
}

// stop ends what is running; also when the dialog goes.
func (p *verifier) stop() {
	p.generation++
	p.slot.Cancel()
	p.button.SetText("Verify")
}

func (p *verifier) showResult(f verifyResult) {
	p.stop()
	flaw := (*data.Flaw)(nil)
	switch {
	case errors.As(f.err, &flaw):
		p.errorBanner.Set("The history is not sound: "+flaw.Text+".", "", nil)
		p.showOnly(p.errorBanner)
	case f.err != nil:
		p.errorBanner.Set(desk.Explain(f.err), "", nil)
		p.showOnly(p.errorBanner)
	case f.head.Count == 0:
		p.setStatus("There are no events yet.")
	default:
		head := fmt.Sprintf("%x", f.head.Hash)
		p.okBanner.Set(fmt.Sprintf("%s, sound. The head, to note elsewhere:\n%s", data.Count(f.head.Count, "event"), head), "Copy", func() {
			fyne.CurrentApp().Clipboard().SetContent(head)
		})
		p.showOnly(p.okBanner)
	}
}

func (p *verifier) setStatus(text string) {
	p.status.SetText(text)
	p.showOnly(p.status)
}

// showOnly shows one of what can stand beside the button.
func (p *verifier) showOnly(shown fyne.CanvasObject) {
	for _, o := range p.bar.Objects[1:] {
		o.Hide()
	}
	shown.Show()
	p.bar.Refresh()
}

// verifierLayout has a button at its end and one of several things beside it. It keeps
// room for three lines, so that nothing jumps whatever is said.
type verifierLayout struct{}

func (verifierLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width+240, 60)
}

func (verifierLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
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
