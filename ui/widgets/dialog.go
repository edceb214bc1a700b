package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget       = (*dialogView)(nil)
	_ fyne.Tappable     = (*dialogView)(nil)
	_ desktop.Mouseable = (*dialogView)(nil)
)

const (
	dialogWidth   float32 = 460
	dialogPad     float32 = 24
	dialogMargin  float32 = 16 // kept free around the card in a small window
	focusRingRoom float32 = 4  // lets focus rings reach over the edge of the body
)

// Dialog asks something over the window. Escape leaves it; Enter confirms it
// from anywhere but an entry of many lines, a link, and another button.
type Dialog struct {
	overlay
	heldEnter heldEnter

	width        float32
	title        *Paragraph
	body         fyne.CanvasObject
	errorText    *Paragraph
	cancel       *Button
	confirm      *Button
	initialFocus fyne.Focusable
	view         *dialogView

	onConfirm  func()
	onCancel   func()
	confirming bool // confirmed, and the owner has not answered yet
	busy       bool
}

// DialogOption configures a new dialog.
type DialogOption func(*Dialog)

// WithConfirm adds the button that confirms the dialog, which calls do. The dialog
// stays until its owner calls Close, or SetError to let it be confirmed again. It has
// the focus first, but not where it takes something away: then that is on Cancel.
func WithConfirm(text string, style Style, do func()) DialogOption {
	return func(d *Dialog) {
		d.confirm = NewButton(text, style, d.Confirm)
		d.onConfirm = do
	}
}

// WithCancel changes the text of the button that leaves the dialog, and sets what
// is called once it has been left, which may be nil. An empty text removes the
// button.
func WithCancel(text string, onCancel func()) DialogOption {
	return func(d *Dialog) {
		d.cancel.SetText(text)
		d.onCancel = onCancel
	}
}

// WithFocus focuses w first, and not the confirming button.
func WithFocus(w fyne.Focusable) DialogOption {
	return func(d *Dialog) { d.initialFocus = w }
}

// WithWidth sets the width of the card.
func WithWidth(width float32) DialogOption {
	return func(d *Dialog) { d.width = width }
}

// NewDialog returns a dialog over a canvas that is not shown yet.
func NewDialog(c fyne.Canvas, title string, body fyne.CanvasObject, options ...DialogOption) *Dialog {
	d := &Dialog{
		overlay:   overlay{canvas: c},
		width:     dialogWidth,
		title:     NewParagraph(title, theme.Text, theme.Title),
		body:      body,
		errorText: NewParagraph("", theme.Danger, theme.Body),
	}
	d.title.SetStyle(fyne.TextStyle{Bold: true})
	d.cancel = NewButton("Cancel", Ghost, d.Cancel)
	for _, choose := range options {
		choose(d)
	}
	d.view = newDialogView(d)
	return d
}

// NewNotice returns a dialog with a message; Enter and Escape both close it.
func NewNotice(c fyne.Canvas, title, text, button string) *Dialog {
	var d *Dialog
	d = NewDialog(c, title, NewParagraph(text, theme.Text, theme.Body),
		WithCancel("", nil), WithConfirm(button, Primary, func() { d.Close() }))
	return d
}

// Show lays the dialog over the window and takes the focus.
func (d *Dialog) Show() {
	if d.open {
		return
	}
	d.heldEnter = watchHeldEnter()
	d.show(d.canvas, d.view, d.handleKey, d.handleRune)
	switch {
	case d.initialFocus != nil:
	case d.confirm != nil && d.confirm.style != DangerOutline:
		d.initialFocus = d.confirm
	default:
		d.initialFocus = d.cancel
	}
	d.canvas.Focus(d.initialFocus)
}

// Close removes the dialog and restores the focus.
func (d *Dialog) Close() {
	if d.open {
		d.hide()
	}
}

// Visible reports whether the dialog is on screen.
func (d *Dialog) Visible() bool { return d.open }

// Confirm does what the confirming button does: once, until the owner answers.
func (d *Dialog) Confirm() {
	if !d.open || d.confirm == nil || d.confirming || d.busy || d.heldEnter.active() {
		return
	}
	d.SetError("")
	d.confirming = true
	if d.onConfirm != nil {
		d.onConfirm()
	}
}

// Cancel leaves the dialog as its button and Escape do.
func (d *Dialog) Cancel() {
	if !d.open {
		return
	}
	d.Close()
	if d.onCancel != nil {
		d.onCancel()
	}
}

// SetBusy disables the confirming button while the dialog is being worked on.
func (d *Dialog) SetBusy(busy bool) {
	if busy == d.busy {
		return
	}
	d.busy = busy
	d.confirming = false
	if d.confirm == nil {
		return
	}
	if busy {
		d.confirm.Disable()
		return
	}
	d.confirm.Enable()
}

// SetError shows what went wrong and lets the dialog be confirmed again; an empty
// text removes the line.
func (d *Dialog) SetError(text string) {
	d.confirming = false
	d.errorText.SetText(text)
	d.view.Refresh()
	if text != "" {
		d.view.scrollToError()
	}
}

// ErrorText returns the text that SetError shows.
func (d *Dialog) ErrorText() string { return d.errorText.Text() }

// SetTitle changes the title.
func (d *Dialog) SetTitle(title string) {
	d.title.SetText(title)
	d.view.Refresh()
}

// Title returns the title.
func (d *Dialog) Title() string { return d.title.Text() }

// Body returns the body that NewDialog was called with.
func (d *Dialog) Body() fyne.CanvasObject { return d.body }

// Refresh lays the dialog out again, after its body changed its height.
func (d *Dialog) Refresh() { d.view.Refresh() }

// ConfirmButton returns the button that confirms, nil if there is none.
func (d *Dialog) ConfirmButton() *Button { return d.confirm }

// CancelButton returns the button that leaves, which is not shown if its text is
// empty.
func (d *Dialog) CancelButton() *Button { return d.cancel }

// handleKey handles keys that nothing in the dialog had a use for.
func (d *Dialog) handleKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape:
		d.Cancel()
	case isEnter(key) && d.confirm != nil:
		d.Confirm()
	case isEnter(key):
		d.Cancel()
	}
}

// handleRune types a letter where the keyboard was before a click on nothing that
// takes it.
func (d *Dialog) handleRune(r rune) {
	d.view.restoreFocus()
	if f := d.canvas.Focused(); f != nil {
		f.TypedRune(r)
	}
}

// dialogView is a shade over the window, with the card on it.
type dialogView struct {
	widget.BaseWidget

	dialog  *Dialog
	scroll  *Scroll
	focused fyne.Focusable // had the keyboard when the ground was clicked
}

func newDialogView(d *Dialog) *dialogView {
	v := &dialogView{dialog: d}
	v.ExtendBaseWidget(v)
	return v
}

// scrollToError scrolls to the error, which stands last.
func (v *dialogView) scrollToError() {
	if v.scroll != nil {
		v.scroll.ScrollToBottom()
	}
}

// MouseDown notes who has the keyboard, which the driver takes away after a click on
// the ground.
func (v *dialogView) MouseDown(*desktop.MouseEvent) {
	if f := v.dialog.canvas.Focused(); f != nil {
		v.focused = f
	}
}

// MouseUp does nothing; it is part of desktop.Mouseable.
func (v *dialogView) MouseUp(*desktop.MouseEvent) {}

// Tapped keeps taps from the window below, and the keyboard where it was.
func (v *dialogView) Tapped(*fyne.PointEvent) { v.restoreFocus() }

// TappedSecondary is Tapped for the right button.
func (v *dialogView) TappedSecondary(*fyne.PointEvent) { v.restoreFocus() }

// restoreFocus returns the keyboard to who had it last in the dialog, as far as that is
// known, and otherwise to who had it first.
func (v *dialogView) restoreFocus() {
	c := v.dialog.canvas
	if !v.dialog.open || c.Overlays().Top() != v || c.Focused() != nil {
		return
	}
	if v.focused == nil {
		v.focused = v.dialog.initialFocus
	}
	c.Focus(v.focused)
}

func (v *dialogView) dismiss() { v.dialog.Close() }

func (v *dialogView) focusAfter(f fyne.Focusable) { v.dialog.nextFocus = f }

func (v *dialogView) CreateRenderer() fyne.WidgetRenderer {
	d := v.dialog
	r := &dialogRenderer{
		dialog: d,
		shade:  canvas.NewRectangle(theme.Color(theme.Backdrop)),
		card:   newCardBackground(),
	}
	sign := canvas.NewImageFromResource(theme.Icon("failed", theme.Danger))
	sign.FillMode = canvas.ImageFillContain
	r.inner = container.New(dialogBody{}, d.body, sign, d.errorText)
	r.scroll = NewVScroll(r.inner)
	v.scroll = r.scroll
	r.RendererObjects = RendererObjects{r.shade, r.card, d.title, r.scroll}
	if d.cancel.text != "" {
		r.buttons = append(r.buttons, d.cancel)
	}
	if d.confirm != nil {
		r.buttons = append(r.buttons, d.confirm)
	}
	for _, b := range r.buttons {
		r.RendererObjects = append(r.RendererObjects, b)
	}
	return r
}

type dialogRenderer struct {
	RendererObjects
	dialog  *Dialog
	shade   *canvas.Rectangle
	card    *canvas.Rectangle
	scroll  *Scroll
	inner   *fyne.Container
	buttons []*Button
}

func (r *dialogRenderer) Layout(window fyne.Size) {
	d := r.dialog
	r.shade.Resize(window)
	width := max(min(d.width, window.Width-2*dialogMargin), 0)
	text := max(width-2*dialogPad, 0)

	title := heightForWidth(d.title, text)
	rest := dialogPad + title + 16 - focusRingRoom + 24 - focusRingRoom + controlHeight + dialogPad
	body := heightForWidth(r.inner, text+2*focusRingRoom)
	body = max(min(body, window.Height-2*dialogMargin-rest), 0)

	height := rest + body
	x, y := floor((window.Width-width)/2), max(floor((window.Height-height)/2), 0)
	r.card.Resize(fyne.NewSize(width, height))
	r.card.Move(fyne.NewPos(x, y))

	x += dialogPad
	y += dialogPad
	d.title.Resize(fyne.NewSize(text, title))
	d.title.Move(fyne.NewPos(x, y))
	y += title + 16 - focusRingRoom
	r.scroll.Resize(fyne.NewSize(text+2*focusRingRoom, body))
	r.scroll.Move(fyne.NewPos(x-focusRingRoom, y))
	y += body - focusRingRoom + 24
	right := x + text
	for i := len(r.buttons) - 1; i >= 0; i-- {
		size := r.buttons[i].MinSize()
		right -= size.Width
		r.buttons[i].Resize(size)
		r.buttons[i].Move(fyne.NewPos(right, y))
		right -= 8
	}
}

func (r *dialogRenderer) MinSize() fyne.Size { return fyne.NewSize(0, 0) }

func (r *dialogRenderer) Refresh() {
	r.shade.FillColor = theme.Color(theme.Backdrop)
	paintCardBackground(r.card)
	r.Layout(r.dialog.view.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// dialogBody puts the error below the body, so that both are scrolled in a small
// window.
type dialogBody struct{}

func (dialogBody) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	body, sign, problem := objects[0], objects[1], objects[2].(*Paragraph)
	width := size.Width - 2*focusRingRoom
	height := heightForWidth(body, width)
	body.Move(fyne.NewPos(focusRingRoom, focusRingRoom))
	wrong := problem.Text() != ""
	SetVisible(sign, wrong)
	SetVisible(problem, wrong)
	if !wrong {
		return
	}
	y := focusRingRoom + height + 16
	sign.Resize(fyne.NewSquareSize(16))
	sign.Move(fyne.NewPos(focusRingRoom, y+2))
	problem.Resize(fyne.NewSize(width-24, heightForWidth(problem, width-24)))
	problem.Move(fyne.NewPos(focusRingRoom+24, y))
}

func (dialogBody) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	if objects[2].(*Paragraph).Text() != "" {
		size.Height += 16 + objects[2].MinSize().Height
	}
	return size.AddWidthHeight(2*focusRingRoom, 2*focusRingRoom)
}

// heightForWidth returns the minimum height of o at a width. A text that wraps knows
// it only once it has the width, and a box of such texts only after them.
func heightForWidth(o fyne.CanvasObject, width float32) float32 {
	height := o.MinSize().Height
	for range 3 {
		o.Resize(fyne.NewSize(width, height))
		next := o.MinSize().Height
		if next == height {
			break
		}
		height = next
	}
	return height
}
