package pairview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/native"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget     = (*keys)(nil)
	_ fyne.Tappable   = (*keys)(nil)
	_ fyne.Focusable  = (*keys)(nil)
	_ desktop.Keyable = (*keys)(nil)
)

// keys lies behind what is compared and has the keyboard while none of the buttons has.
type keys struct {
	widget.BaseWidget

	handle  func(*fyne.KeyEvent) bool
	pressed fyne.KeyName // and not acted on yet: what repeats acts once
	focused bool
	ring    *canvas.Rectangle
}

func newKeys(handle func(*fyne.KeyEvent) bool) *keys {
	k := &keys{handle: handle, ring: canvas.NewRectangle(theme.Color(theme.Transparent))}
	k.ring.StrokeWidth = 2
	k.ring.Hide()
	k.ExtendBaseWidget(k)
	return k
}

// Tapped takes the keyboard.
func (k *keys) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(k); c != nil {
		widgets.Focus(c, k)
	}
}

// KeyDown notes that a key is pressed, and not repeated.
func (k *keys) KeyDown(key *fyne.KeyEvent) { k.pressed = native.KeyName(key) }

// KeyUp does nothing; it is part of desktop.Keyable.
func (k *keys) KeyUp(*fyne.KeyEvent) {}

// TypedKey acts on a key, once for each press where that decides something, and passes
// the others on to the window.
func (k *keys) TypedKey(key *fyne.KeyEvent) {
	if Answers(key) && k.pressed != native.KeyName(key) {
		return
	}
	k.pressed = ""
	if k.handle(key) {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(k); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(key)
	}
}

// TypedRune does nothing; it is part of fyne.Focusable.
func (k *keys) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (k *keys) FocusGained() { k.setFocused(true) }

// FocusLost hides the focus ring.
func (k *keys) FocusLost() { k.setFocused(false) }

func (k *keys) setFocused(focused bool) {
	k.focused, k.pressed = focused, ""
	k.Refresh()
}

func (k *keys) CreateRenderer() fyne.WidgetRenderer {
	return &keysRenderer{widgets.RendererObjects{k.ring}, k}
}

type keysRenderer struct {
	widgets.RendererObjects
	keys *keys
}

func (r *keysRenderer) Layout(size fyne.Size) {
	r.keys.ring.Resize(size.SubtractWidthHeight(4, 4))
	r.keys.ring.Move(fyne.NewPos(2, 2))
}

func (r *keysRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *keysRenderer) Refresh() {
	r.keys.ring.StrokeColor = theme.Color(theme.Focus)
	widgets.SetVisible(r.keys.ring, r.keys.focused)
	r.keys.ring.Refresh()
}
