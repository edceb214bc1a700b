package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Avatar)(nil)

// Avatar is a circle with a person's initials, or with the sign of a group.
type Avatar struct {
	widget.BaseWidget

	diameter float32
	initials string
	seed     string
	grey     bool
	group    bool

	circle *canvas.Circle
	text   *canvas.Text
	sign   *canvas.Image
}

// NewAvatar returns an empty avatar with the given diameter.
func NewAvatar(size float32) *Avatar {
	a := &Avatar{diameter: size, grey: true}
	a.circle = canvas.NewCircle(theme.Color(theme.AvatarGrey))
	a.text = canvas.NewText("", theme.Color(theme.OnAvatar))
	a.text.TextStyle.Bold = true
	a.sign = canvas.NewImageFromResource(theme.Icon("people", theme.OnAvatar))
	a.sign.FillMode = canvas.ImageFillContain
	a.sign.Hide()
	a.ExtendBaseWidget(a)
	return a
}

// Set shows initials on the colour of seed, or on grey.
func (a *Avatar) Set(initials, seed string, grey bool) { a.set(initials, seed, grey, false) }

// SetGroup shows the sign of a group on the colour of seed, or on grey.
func (a *Avatar) SetGroup(seed string, grey bool) { a.set("", seed, grey, true) }

func (a *Avatar) set(initials, seed string, grey, group bool) {
	if initials == a.initials && seed == a.seed && grey == a.grey && group == a.group {
		return
	}
	moved := initials != a.initials
	a.initials, a.seed, a.grey, a.group = initials, seed, grey, group
	if moved {
		a.layout()
	}
	a.Refresh()
}

func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	a.layout()
	return &avatarRenderer{RendererObjects{a.circle, a.text, a.sign}, a}
}

func (a *Avatar) backgroundColor() color.Color {
	if a.grey {
		return theme.Color(theme.AvatarGrey)
	}
	return theme.AvatarColor(a.seed)
}

// layout centres the initials, in a smaller size if they are wide.
func (a *Avatar) layout() {
	a.text.Text = a.initials
	a.text.TextSize = a.diameter * 0.35
	room := a.diameter * 0.8
	size := a.text.MinSize()
	for range 4 { // hinting keeps the width from shrinking in proportion
		if size.Width <= room {
			break
		}
		a.text.TextSize *= room / size.Width
		size = a.text.MinSize()
	}
	a.text.Resize(size)
	a.text.Move(fyne.NewPos((a.diameter-size.Width)/2, (a.diameter-size.Height)/2))
	side := a.diameter * 0.55
	a.sign.Resize(fyne.NewSquareSize(side))
	a.sign.Move(fyne.NewPos((a.diameter-side)/2, (a.diameter-side)/2))
}

type avatarRenderer struct {
	RendererObjects
	avatar *Avatar
}

func (r *avatarRenderer) Layout(fyne.Size) {
	r.avatar.circle.Resize(r.MinSize())
	r.avatar.layout()
}

func (r *avatarRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(r.avatar.diameter) }

func (r *avatarRenderer) Refresh() {
	r.avatar.circle.FillColor = r.avatar.backgroundColor()
	r.avatar.text.Color = theme.Color(theme.OnAvatar)
	SetVisible(r.avatar.sign, r.avatar.group)
	r.avatar.circle.Refresh()
	r.avatar.sign.Refresh()
	r.avatar.text.Refresh()
}
