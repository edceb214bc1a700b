package blockedview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// RowHeight is the height of a block in the lists.
const RowHeight float32 = 60

// rowActions are what can be done to a row with the mouse.
type rowActions struct {
	open    func(rowData)
	unblock func(rowData)
	menu    func(rowData, fyne.Position)
}

var (
	_ fyne.Widget            = (*row)(nil)
	_ fyne.Tappable          = (*row)(nil)
	_ fyne.SecondaryTappable = (*row)(nil)
	_ desktop.Hoverable      = (*row)(nil)
	_ desktop.Cursorable     = (*row)(nil)
)

// row is one block. Rows are reused for other blocks, so show sets everything.
type row struct {
	widget.BaseWidget
	widgets.RowGround

	actions rowActions

	data   rowData
	narrow bool // how many are held stands under the end

	line         *canvas.Rectangle
	selectionBar *canvas.Rectangle
	avatar       *widgets.Avatar
	name         *widgets.EllipsisLabel
	phone        *widgets.EllipsisLabel
	why          *widgets.EllipsisLabel
	who          *widgets.EllipsisLabel
	end          *widgets.EllipsisLabel
	endDetail    *widgets.EllipsisLabel
	held         *widgets.EllipsisLabel
	unblock      *rowButton
}

const smallText float32 = 13

func newRow(do rowActions) *row {
	r := &row{
		RowGround:    widgets.NewRowGround(theme.Background),
		actions:      do,
		line:         canvas.NewRectangle(theme.Color(theme.Separator)),
		selectionBar: canvas.NewRectangle(theme.Color(theme.Accent)),
		avatar:       widgets.NewAvatar(36),
		name:         widgets.NewEllipsisLabel(theme.Text, theme.Body),
		phone:        widgets.NewEllipsisLabel(theme.Muted, smallText),
		why:          widgets.NewEllipsisLabel(theme.Text, theme.Body),
		who:          widgets.NewEllipsisLabel(theme.Muted, smallText),
		end:          widgets.NewEllipsisLabel(theme.Text, theme.Body),
		endDetail:    widgets.NewEllipsisLabel(theme.Muted, smallText),
		held:         widgets.NewEllipsisLabel(theme.Muted, smallText),
	}
	r.unblock = newRowButton("Unblock", func() { r.actions.unblock(r.data) })
	r.name.SetStyle(fyne.TextStyle{Bold: true})
	r.held.SetAlign(fyne.TextAlignTrailing)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) show(v rowData, selected, focused bool) {
	painted := selected != r.Selected || focused != r.Focused
	before := r.visibleParts()
	r.data, r.Selected, r.Focused = v, selected, focused
	if v.group {
		r.avatar.SetGroup(v.seed, !v.past)
	} else {
		r.avatar.Set(v.initials, v.seed, !v.past)
	}
	r.name.SetText(v.name)
	r.phone.SetText(v.phone)
	r.why.SetText(v.why)
	r.who.SetText(v.who)
	r.end.SetText(v.end)
	r.endDetail.SetColor(v.detailRole)
	r.placeHeld()
	loaded := v.id != 0 && v.name != ""
	widgets.SetVisible(r.avatar, loaded)
	widgets.SetVisible(r.unblock, loaded && !v.past)
	if r.visibleParts() != before {
		r.layout(r.Size())
	}
	if painted {
		r.paint()
	}
}

// visibleParts returns what decides where the parts stand.
func (r *row) visibleParts() [3]bool {
	return [3]bool{r.data.past, r.phone.Text() == "", r.endDetail.Text() == ""}
}

// placeHeld shows how many are held where there is room for it.
func (r *row) placeHeld() {
	detail, held := r.data.endDetail, r.data.held
	if r.narrow && held != "" {
		if detail != "" {
			held += " · "
		}
		detail, held = held+detail, ""
	}
	r.endDetail.SetText(detail)
	r.held.SetText(held)
}

func (r *row) paint() {
	r.PaintGround()
	r.line.FillColor = theme.Color(theme.Separator)
	r.selectionBar.FillColor = theme.Color(theme.Accent)
	r.selectionBar.Hidden = !r.Selected
	for _, o := range []fyne.CanvasObject{r.line, r.selectionBar} {
		o.Refresh()
	}
}

func (r *row) Tapped(*fyne.PointEvent) { r.actions.open(r.data) }

func (r *row) TappedSecondary(e *fyne.PointEvent) { r.actions.menu(r.data, e.AbsolutePosition) }

// Cursor returns the hand where there is a chat to open.
func (r *row) Cursor() desktop.Cursor {
	if r.data.chat {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &rowRenderer{row: r, RendererObjects: widgets.RendererObjects{
		r.Background, r.line, r.selectionBar, r.avatar, r.name, r.phone, r.why, r.who, r.end, r.endDetail, r.held, r.unblock, r.Ring,
	}}
}

const (
	rowPad    float32 = 16
	textX     float32 = rowPad + 36 + 12
	gap       float32 = 16
	heldWidth float32 = 72
	wideWidth float32 = 900 // at which how many are held has a column
)

// layout places the parts of the row for a size: who, why, until when, and how
// many are held.
func (r *row) layout(size fyne.Size) {
	if narrow := size.Width < wideWidth; narrow != r.narrow {
		r.narrow = narrow
		r.placeHeld()
	}
	r.LayoutGround(size)
	r.line.Resize(fyne.NewSize(max(0, size.Width-textX), 1))
	r.line.Move(fyne.NewPos(textX, size.Height-1))
	r.selectionBar.Resize(fyne.NewSize(3, size.Height))
	r.avatar.Resize(fyne.NewSquareSize(36))
	r.avatar.Move(fyne.NewPos(rowPad, (size.Height-36)/2))

	right := size.Width - rowPad
	if !r.data.past {
		r.unblock.Resize(fyne.NewSize(rowButtonWidth, rowButtonHeight))
		r.unblock.Move(fyne.NewPos(right-rowButtonWidth, (size.Height-rowButtonHeight)/2))
		right -= rowButtonWidth + gap
		if !r.narrow {
			r.held.Resize(fyne.NewSize(heldWidth, 20))
			r.held.Move(fyne.NewPos(right-heldWidth, (size.Height-20)/2))
			right -= heldWidth + gap
		}
	}
	end := r.endWidth()
	r.layoutPair(right-end, end, r.end, r.endDetail)
	room := max(0, right-end-gap-textX)
	name := float32(int(room * 0.42))
	r.layoutPair(textX, max(0, name-gap), r.name, r.phone)
	r.layoutPair(textX+name, room-name, r.why, r.who)
}

func (r *row) endWidth() float32 {
	switch {
	case r.narrow && r.data.past:
		return 200
	case r.narrow:
		return 160
	case r.data.past:
		return 280
	}
	return 220
}

// layoutPair puts two lines above each other, or the first in the middle where the
// second is empty.
func (r *row) layoutPair(x, width float32, first, second *widgets.EllipsisLabel) {
	size := fyne.NewSize(width, 20)
	first.Resize(size)
	second.Resize(size)
	y := (RowHeight - 20) / 2
	if second.Text() != "" {
		y -= 10
	}
	first.Move(fyne.NewPos(x, y))
	second.Move(fyne.NewPos(x, y+20))
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) { r.row.layout(size) }
func (r *rowRenderer) MinSize() fyne.Size    { return fyne.NewSize(320, RowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.paint()
	for _, o := range r.RendererObjects[3:] {
		o.Refresh()
	}
	r.row.layout(r.row.Size())
}
