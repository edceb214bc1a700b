package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*Button)(nil)
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Focusable     = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Mouseable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
	_ desktop.Keyable    = (*Button)(nil)
)

// Style says what a button is for, and so how much it stands out.
type Style int

// The styles of a button. Danger is for blocking only, DangerOutline for what takes
// something away otherwise, Confirm for sending and unblocking.
const (
	Primary Style = iota
	Danger
	Confirm
	Outline
	DangerOutline
	Ghost
)

// buttonColors are the roles that a style is painted in; an empty role is not
// painted.
type buttonColors struct{ fill, border, text fyne.ThemeColorName }

var buttonStyles = map[Style]buttonColors{
	Primary: {fill: theme.Accent, text: theme.OnAccent},
	Danger:  {fill: theme.DangerButton, text: theme.OnDanger},
	Confirm: {fill: theme.Accent, text: theme.OnAccent},
	Outline: {border: theme.Accent, text: theme.Accent},
	Ghost:   {text: theme.Muted},

	DangerOutline: {border: theme.Danger, text: theme.Danger},
}

// Button is a button with a text, an icon or both. Enter and Space press it while
// it has the focus.
type Button struct {
	widget.DisableableWidget

	// OnTapped is called when the button is pressed.
	OnTapped func()
	// OnKey is called with every key first and reports whether it handled it.
	OnKey func(*fyne.KeyEvent) bool
	// OnFocus is called when the focus is gained or lost.
	OnFocus func(bool)

	text  string
	label string // for a button with an icon only
	style Style
	icon  fyne.Resource

	hovered, pressed, focused bool
}

// NewButton returns a button with a text.
func NewButton(text string, style Style, tapped func()) *Button {
	b := &Button{OnTapped: tapped, text: text, label: text, style: style}
	b.ExtendBaseWidget(b)
	return b
}

// NewIconButton returns a square button with an icon only; label says in words what
// it does.
func NewIconButton(icon fyne.Resource, label string, tapped func()) *Button {
	b := &Button{OnTapped: tapped, label: label, style: Ghost, icon: icon}
	b.ExtendBaseWidget(b)
	return b
}

// Label returns what the button does, in words.
func (b *Button) Label() string { return b.label }

// Focused reports whether the button has the focus.
func (b *Button) Focused() bool { return b.focused }

// Style returns the style of the button.
func (b *Button) Style() Style { return b.style }

// SetText changes the text.
func (b *Button) SetText(text string) {
	if text == b.text {
		return
	}
	b.text, b.label = text, text
	b.Refresh()
}

// SetIcon puts an icon before the text; nil removes it.
func (b *Button) SetIcon(icon fyne.Resource) {
	b.icon = icon
	b.Refresh()
}

// Tapped presses the button.
func (b *Button) Tapped(*fyne.PointEvent) {
	if b.Disabled() {
		return
	}
	requestFocus(b)
	b.activate()
}

func (b *Button) activate() {
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey presses the button with Enter or Space and passes other keys on.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	if b.OnKey != nil && b.OnKey(key) {
		return
	}
	if isEnter(key) || key.Name == fyne.KeySpace {
		b.activate()
		return
	}
	forwardKey(b, key)
}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (b *Button) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (b *Button) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune passes a letter on to the window.
func (b *Button) TypedRune(r rune) { forwardRune(b, r) }

// FocusGained shows the focus ring.
func (b *Button) FocusGained() { b.setFocused(true) }

// FocusLost hides the focus ring.
func (b *Button) FocusLost() { b.setFocused(false) }

func (b *Button) setFocused(has bool) {
	b.focused = has
	b.Refresh()
	if b.OnFocus != nil {
		b.OnFocus(has)
	}
}

// MouseIn tints the button.
func (b *Button) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut removes the tint.
func (b *Button) MouseOut() {
	b.hovered, b.pressed = false, false
	b.Refresh()
}

// MouseDown tints the button more.
func (b *Button) MouseDown(*desktop.MouseEvent) {
	b.pressed = true
	b.Refresh()
}

// MouseUp restores the tint of a button under the pointer.
func (b *Button) MouseUp(*desktop.MouseEvent) {
	b.pressed = false
	b.Refresh()
}

// Cursor returns the pointing hand, or the default cursor if the button is disabled.
func (b *Button) Cursor() desktop.Cursor {
	if b.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		button:     b,
		ring:       newFocusRing(),
		background: canvas.NewRectangle(color.Transparent),
		tint:       canvas.NewRectangle(color.Transparent),
		icon:       canvas.NewImageFromResource(nil),
		text:       canvas.NewText("", color.Transparent),
	}
	r.background.CornerRadius = theme.Radius
	r.tint.CornerRadius = theme.Radius
	r.icon.FillMode = canvas.ImageFillContain
	r.text.TextSize = theme.Body
	r.text.TextStyle.Bold = true
	r.RendererObjects = RendererObjects{r.ring, r.background, r.tint, r.icon, r.text}
	r.paint()
	return r
}

type buttonRenderer struct {
	RendererObjects
	button           *Button
	ring             *canvas.Rectangle
	background, tint *canvas.Rectangle
	icon             *canvas.Image
	text             *canvas.Text
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.background.Resize(size)
	r.tint.Resize(size)
	layoutFocusRing(r.ring, size, r.button.style != Ghost)

	text, icon, gap := r.text.MinSize(), r.iconSide(), float32(0)
	if r.button.text == "" {
		text = fyne.Size{}
	} else if icon > 0 {
		gap = 8
	}
	x := (size.Width - text.Width - gap - icon) / 2
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
	r.text.Resize(text)
	r.text.Move(fyne.NewPos(x+icon+gap, (size.Height-text.Height)/2))
}

func (r *buttonRenderer) iconSide() float32 {
	switch {
	case r.button.icon == nil:
		return 0
	case r.button.text == "":
		return theme.IconSize
	}
	return 16
}

func (r *buttonRenderer) MinSize() fyne.Size {
	if r.button.text == "" {
		return fyne.NewSquareSize(controlHeight)
	}
	width := r.text.MinSize().Width + 40
	if r.button.icon != nil {
		width += r.iconSide() + 8
	}
	return fyne.NewSize(max(width, 72), controlHeight)
}

func (r *buttonRenderer) Refresh() {
	r.paint()
	r.Layout(r.button.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

func (r *buttonRenderer) paint() {
	b := r.button
	p := buttonStyles[b.style]
	if b.Disabled() {
		p = buttonColors{text: theme.Muted}
		if b.style != Ghost {
			p.fill = theme.Separator
		}
	} else if b.style == Ghost && (b.hovered || b.focused) {
		p.text = theme.Text
	}
	r.background.FillColor = colorOf(p.fill)
	r.background.StrokeColor = colorOf(p.border)
	r.background.StrokeWidth = 0
	if p.border != "" {
		r.background.StrokeWidth = 1
	}
	r.text.Color = theme.Color(p.text)
	r.text.Text = b.text
	r.icon.Resource = b.icon
	SetVisible(r.icon, b.icon != nil)
	switch {
	case b.Disabled():
		r.tint.FillColor = color.Transparent
	case b.pressed:
		r.tint.FillColor = theme.Color(theme.Pressed)
	case b.hovered:
		r.tint.FillColor = theme.Color(theme.Hover)
	default:
		r.tint.FillColor = color.Transparent
	}
	paintFocusRing(r.ring, b.focused)
}

func colorOf(role fyne.ThemeColorName) color.Color {
	if role == "" {
		return color.Transparent
	}
	return theme.Color(role)
}
