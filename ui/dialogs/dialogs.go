// Package dialogs is the kit that the window's dialogs are made of. A Presenter
// shows questions and notices over one window and runs what they ask for.
package dialogs

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Presenter shows dialogs over one window. It belongs to the interface's goroutine.
type Presenter struct {
	Canvas fyne.Canvas
	Runner *async.Runner

	slot *async.Slot
}

// New returns a Presenter for the window that draws on c.
func New(c fyne.Canvas, r *async.Runner) *Presenter {
	return &Presenter{Canvas: c, Runner: r, slot: r.NewSlot()}
}

// Load reads what a dialog or a menu shows and then calls show. A second Load
// abandons the first, so that one dialog opens however often one is asked for.
func Load[T any](p *Presenter, read func(context.Context) (T, error), show func(T)) {
	async.Load(p.slot, read, show)
}

// Ask shows a dialog whose button calls confirm. The dialog stays until confirm
// closes it, or hands it to Run.
func (p *Presenter) Ask(title string, body fyne.CanvasObject, button string, style widgets.Style, confirm func(*widgets.Dialog), options ...widgets.DialogOption) *widgets.Dialog {
	var d *widgets.Dialog
	options = append(options, widgets.WithConfirm(button, style, func() { confirm(d) }))
	d = widgets.NewDialog(p.Canvas, title, body, options...)
	d.Show()
	return d
}

// Show shows a dialog that asks nothing and has only a button to close it.
func (p *Presenter) Show(title string, body fyne.CanvasObject, options ...widgets.DialogOption) {
	p.Ask(title, body, "Close", widgets.Primary, (*widgets.Dialog).Cancel, append([]widgets.DialogOption{widgets.WithCancel("", nil)}, options...)...)
}

// Notify shows a sentence that the agent acknowledges.
func (p *Presenter) Notify(title, text string) {
	widgets.NewNotice(p.Canvas, title, text, "OK").Show()
}

// NotifyError shows an error that no open dialog is about.
func (p *Presenter) NotifyError(err error) {
	p.Notify("Something went wrong", desk.Explain(err))
}

// ShowError shows err in d, which can then be confirmed again.
func ShowError(d *widgets.Dialog, err error) { d.SetError(desk.Explain(err)) }

// Run queues the act that d asked about. When it has succeeded, d is closed and
// then is called; otherwise d shows the error and can be confirmed again.
func (p *Presenter) Run(d *widgets.Dialog, act func(context.Context) error, then ...func()) {
	d.SetBusy(true)
	p.Runner.Enqueue(act, func(err error) { finish(d, err, then) })
}

// RunConcurrently is Run for an act that may take so long that no other act
// should wait for it.
func (p *Presenter) RunConcurrently(d *widgets.Dialog, act func(context.Context) error, then ...func()) {
	d.SetBusy(true)
	p.Runner.Go(act, func(err error) { finish(d, err, then) })
}

func finish(d *widgets.Dialog, err error, then []func()) {
	d.SetBusy(false)
	if err != nil {
		ShowError(d, err)
		return
	}
	d.Close()
	for _, do := range then {
		do()
	}
}

// Progress is a dialog that shows how far something is and lets it be stopped.
type Progress struct {
	// Context ends when the agent stops the work, or the window closes.
	Context context.Context
	// Report shows a text. It may be called from any goroutine and as often as
	// there is news: not every text is shown.
	Report func(text string)

	dialog *widgets.Dialog
	cancel context.CancelFunc
}

// ShowProgress shows a dialog with a text that Report replaces.
func (p *Presenter) ShowProgress(title, text string) *Progress {
	label := widgets.NewEllipsisLabel(theme.Muted, 13)
	label.SetText(text)
	ctx, cancel := context.WithCancel(p.Runner.Context())
	progress := &Progress{
		Context: ctx,
		Report:  async.Throttle(p.Runner, label.SetText),
		dialog:  widgets.NewDialog(p.Canvas, title, Form(label), widgets.WithCancel("Stop", cancel)),
		cancel:  cancel,
	}
	progress.dialog.Show()
	return progress
}

// Close closes the dialog and ends its context.
func (p *Progress) Close() {
	p.dialog.Close()
	p.cancel()
}
