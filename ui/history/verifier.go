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

// verifier is the bar under the list: a button that verifies the history, and the
// result.
type verifier struct {
	bar *fyne.Container

	desk        *desk.Desk
	runner      *async.Runner
	slot        *async.Slot
	status      *widgets.Paragraph
	okBanner    *widgets.Banner
	errorBanner *widgets.Banner
	button      *widgets.Button
	generation  int // of the run; the progress of an older one is ignored
}

const verifyHint = "Every event carries the hash of the one before it. Verifying checks the whole chain."

func newVerifier(d *desk.Desk, w *async.Runner) *verifier {
	v := &verifier{desk: d, runner: w, slot: w.NewSlot()}
	v.status = widgets.NewParagraph(verifyHint, theme.Muted, theme.Caption)
	v.okBanner, v.errorBanner = widgets.NewBanner(widgets.InfoBanner), widgets.NewBanner(widgets.DangerBanner)
	v.okBanner.Hide()
	v.errorBanner.Hide()
	v.button = widgets.NewButton("Verify", widgets.Outline, v.toggle)
	v.bar = container.New(verifierLayout{}, v.button, v.status, v.okBanner, v.errorBanner)
	return v
}

func (v *verifier) toggle() {
	if v.slot.Busy() {
		v.stop()
		v.setStatus("Stopped before the end.")
		return
	}
	v.start()
}

// verifyResult is the result of a walk along the chain.
type verifyResult struct {
	head data.Head
	err  error
}

func (v *verifier) start() {
	v.generation++
	generation := v.generation
	onProgress := func(done, total int64) {
		v.runner.RunOnUI(func() {
			if generation == v.generation {
				v.setStatus(fmt.Sprintf("Verifying: %d of %d events", done, total))
			}
		})
	}
	v.setStatus("Verifying…")
	v.button.SetText("Stop")
	async.Load(v.slot, func(ctx context.Context) (f verifyResult, err error) {
		f.head, f.err = audit.Verify(ctx, v.desk, nil, onProgress)
		return f, ctx.Err()
	}, v.showResult)
}

// stop cancels the run, if there is one.
func (v *verifier) stop() {
	v.generation++
	v.slot.Cancel()
	v.button.SetText("Verify")
}

func (v *verifier) showResult(f verifyResult) {
	v.stop()
	flaw := (*data.Flaw)(nil)
	switch {
	case errors.As(f.err, &flaw):
		v.errorBanner.Set("The history failed verification: "+flaw.Text+".", "", nil)
		v.showOnly(v.errorBanner)
	case f.err != nil:
		v.errorBanner.Set(desk.Explain(f.err), "", nil)
		v.showOnly(v.errorBanner)
	case f.head.Count == 0:
		v.setStatus("There are no events yet.")
	default:
		head := fmt.Sprintf("%x", f.head.Hash)
		v.okBanner.Set(fmt.Sprintf("%s verified. Checksum:\n%s", data.Count(f.head.Count, "event"), head), "Copy", func() {
			fyne.CurrentApp().Clipboard().SetContent(head)
		})
		v.showOnly(v.okBanner)
	}
}

func (v *verifier) setStatus(text string) {
	v.status.SetText(text)
	v.showOnly(v.status)
}

// showOnly shows one of the objects that can stand beside the button.
func (v *verifier) showOnly(object fyne.CanvasObject) {
	for _, o := range v.bar.Objects[1:] {
		o.Hide()
	}
	object.Show()
	v.bar.Refresh()
}

// verifierLayout has a button at the right and one of several objects beside it. It
// keeps room for three lines, so that nothing jumps whatever is said.
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
