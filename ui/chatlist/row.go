package chatlist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// RowHeight is the height of a chat in the list.
const RowHeight float32 = 64

// rowData is what the row of a chat shows. Texts are formatted once, when the chat
// is read.
type rowData struct {
	id       int64
	initials string
	seed     string
	group    bool
	name     string
	preview  string
	time     string
	badge    int
	blocked  bool
}

func rowDataOf(c data.Chat, now data.Moment) rowData {
	v := rowData{
		id:       c.Customer.ID,
		initials: c.Customer.Initials(),
		group:    c.Customer.IsGroup(),
		seed:     string(c.Customer.Address),
		name:     c.Customer.Title(),
		preview:  c.Preview,
		badge:    c.Unread,
		blocked:  c.Customer.Status(now) == data.Blocked,
	}
	if contact := c.Customer.Contact(); c.SharesName && contact != "" {
		v.preview = contact + " · " + v.preview
	}
	if c.ShownAt != 0 {
		v.time = c.ShownAt.Short(now)
	}
	if c.Marked && c.Unread == 0 {
		v.badge = -1
	}
	if v.blocked {
		v.badge = 0 // nobody waits for an answer
	}
	return v
}

// rowState is how a row stands out among the others.
type rowState struct {
	open        bool // its chat is on the right
	highlighted bool // it has the background of what is selected
	selected    bool // it is one of those selected together
	focused     bool // the keyboard is here
}

var (
	_ fyne.Widget            = (*row)(nil)
	_ fyne.Tappable          = (*row)(nil)
	_ fyne.SecondaryTappable = (*row)(nil)
	_ desktop.Mouseable      = (*row)(nil)
	_ desktop.Hoverable      = (*row)(nil)
)

// row is one chat in the list. Rows are reused for other chats, so show sets
// everything.
type row struct {
	widget.BaseWidget
	widgets.RowGround

	onTap  func(id int64, mod fyne.KeyModifier)
	onMenu func(id int64, at fyne.Position)

	data     rowData
	state    rowState
	modifier fyne.KeyModifier // that was held when the mouse went down

	openBar     *canvas.Rectangle
	avatar      *widgets.Avatar
	disc        *canvas.Circle // with a check on it, in the avatar's place
	check       *canvas.Image
	name        *widgets.EllipsisLabel
	time        *widgets.EllipsisLabel
	preview     *widgets.EllipsisLabel
	badge       *widgets.Badge
	blockedIcon *canvas.Image
}

func newRow(onTap func(int64, fyne.KeyModifier), onMenu func(int64, fyne.Position)) *row {
	r := &row{
		RowGround:   widgets.NewRowGround(theme.Sidebar),
		onTap:       onTap,
		onMenu:      onMenu,
		openBar:     canvas.NewRectangle(theme.Color(theme.Accent)),
		avatar:      widgets.NewAvatar(40),
		disc:        canvas.NewCircle(theme.Color(theme.Accent)),
		check:       canvas.NewImageFromResource(theme.Icon("check", theme.OnAccent)),
		name:        widgets.NewEllipsisLabel(theme.Text, theme.Body),
		time:        widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		preview:     widgets.NewEllipsisLabel(theme.Muted, 13),
		badge:       widgets.NewBadge(),
		blockedIcon: canvas.NewImageFromResource(theme.Icon("block", theme.Danger)),
	}
	r.time.SetAlign(fyne.TextAlignTrailing)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) show(v rowData, as rowState) {
	moved := v.time != r.data.time || v.badge != r.data.badge || v.blocked != r.data.blocked
	painted := as != r.state
	r.data, r.state = v, as
	if v.group {
		r.avatar.SetGroup(v.seed, v.blocked)
	} else {
		r.avatar.Set(v.initials, v.seed, v.blocked)
	}
	r.name.SetText(v.name)
	r.name.SetStyle(fyne.TextStyle{Bold: v.badge != 0})
	r.name.SetColor(nameRole(v))
	r.time.SetText(v.time)
	r.preview.SetText(v.preview)
	r.badge.Set(v.badge)
	widgets.SetVisible(r.blockedIcon, v.blocked)
	if moved {
		r.layout(r.Size())
	}
	if painted {
		r.paint()
	}
}

func nameRole(v rowData) fyne.ThemeColorName {
	if v.blocked {
		return theme.Muted
	}
	return theme.Text
}

func (r *row) paint() {
	r.Selected, r.Focused = r.state.highlighted, r.state.focused
	r.PaintGround()
	r.openBar.FillColor = theme.Color(theme.Accent)
	r.openBar.Hidden = !r.state.open
	r.disc.FillColor = theme.Color(theme.Accent)
	r.disc.Hidden, r.check.Hidden = !r.state.selected, !r.state.selected
	r.avatar.Hidden = r.state.selected
	r.openBar.Refresh()
	r.disc.Refresh()
	r.check.Refresh()
}

// MouseDown remembers the modifier keys, which the event of a tap lacks.
func (r *row) MouseDown(e *desktop.MouseEvent) { r.modifier = e.Modifier }

func (r *row) MouseUp(*desktop.MouseEvent) {}

// Tapped opens the chat, or selects it among others.
func (r *row) Tapped(*fyne.PointEvent) { r.onTap(r.data.id, r.modifier) }

// TappedSecondary opens the chat's menu.
func (r *row) TappedSecondary(e *fyne.PointEvent) { r.onMenu(r.data.id, e.AbsolutePosition) }

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	r.blockedIcon.Hidden = !r.data.blocked
	r.paint()
	return &rowRenderer{row: r, RendererObjects: widgets.RendererObjects{
		r.Background, r.openBar, r.avatar, r.disc, r.check, r.name, r.time, r.preview, r.badge, r.blockedIcon, r.Ring,
	}}
}

const (
	rowPad  float32 = 12
	textX   float32 = rowPad + 40 + rowPad
	line1   float32 = 14
	line2   float32 = 34
	lineGap float32 = 8
)

// layout places the parts of the row for a size.
func (r *row) layout(size fyne.Size) {
	right := size.Width - rowPad
	r.LayoutGround(size)
	r.openBar.Resize(fyne.NewSize(3, size.Height))
	r.avatar.Resize(fyne.NewSquareSize(40))
	r.avatar.Move(fyne.NewPos(rowPad, (size.Height-40)/2))
	r.disc.Resize(r.avatar.Size())
	r.disc.Move(r.avatar.Position())
	r.check.Resize(fyne.NewSquareSize(24))
	r.check.Move(r.avatar.Position().AddXY(8, 8))

	time := r.time.NaturalSize()
	r.time.Resize(time)
	r.time.Move(fyne.NewPos(right-time.Width, line1+1))
	name := r.name.NaturalSize()
	r.name.Resize(fyne.NewSize(max(0, right-time.Width-lineGap-textX), name.Height))
	r.name.Move(fyne.NewPos(textX, line1-1))

	end := right
	if r.data.blocked {
		r.blockedIcon.Resize(fyne.NewSquareSize(16))
		r.blockedIcon.Move(fyne.NewPos(end-16, line2))
		end -= 16 + lineGap
	}
	if r.data.badge != 0 {
		badge := r.badge.MinSize()
		r.badge.Resize(badge)
		r.badge.Move(fyne.NewPos(end-badge.Width, line2+8-badge.Height/2))
		end -= badge.Width + lineGap
	}
	preview := r.preview.NaturalSize()
	r.preview.Resize(fyne.NewSize(max(0, end-textX), preview.Height))
	r.preview.Move(fyne.NewPos(textX, line2-1))
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) { r.row.layout(size) }
func (r *rowRenderer) MinSize() fyne.Size    { return fyne.NewSize(160, RowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.paint()
	for _, o := range r.RendererObjects[2:] {
		o.Refresh()
	}
	r.row.layout(r.row.Size())
}
