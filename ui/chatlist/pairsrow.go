package chatlist

import (
	"context"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget        = (*pairsRow)(nil)
	_ fyne.Tappable      = (*pairsRow)(nil)
	_ fyne.Focusable     = (*pairsRow)(nil)
	_ desktop.Hoverable  = (*pairsRow)(nil)
	_ desktop.Cursorable = (*pairsRow)(nil)
)

// pairsRow stands over the chats as long as customers may be the same person and nobody
// has decided that.
type pairsRow struct {
	widget.BaseWidget
	widgets.RowGround

	onTapped func()

	openBar *canvas.Rectangle
	disc    *canvas.Circle
	icon    *canvas.Image
	title   *widgets.EllipsisLabel
	names   *widgets.EllipsisLabel
	badge   *widgets.Badge
	line    *canvas.Rectangle
}

func newPairsRow(tapped func()) *pairsRow {
	r := &pairsRow{
		RowGround: widgets.NewRowGround(theme.Sidebar),
		onTapped:  tapped,
		openBar:   canvas.NewRectangle(color.Transparent),
		disc:      canvas.NewCircle(color.Transparent),
		icon:      canvas.NewImageFromResource(theme.Icon("people", theme.Caution)),
		title:     widgets.NewEllipsisLabel(theme.Text, theme.Body),
		names:     widgets.NewEllipsisLabel(theme.Muted, 13),
		badge:     widgets.NewBadge(),
		line:      canvas.NewRectangle(color.Transparent),
	}
	r.title.SetText("Same person?")
	r.title.SetStyle(fyne.TextStyle{Bold: true})
	r.ExtendBaseWidget(r)
	r.Hide()
	return r
}

// pairs are what the row shows: how many pairs nobody has decided, and who the first is.
type pairs struct {
	count int
	names string
}

func loadPairs(ctx context.Context, d *desk.Desk) (p pairs, err error) {
	if p.count, err = d.CountPairs(ctx); err != nil || p.count == 0 {
		return p, err
	}
	first, err := d.Pairs(ctx, 1)
	if err != nil || len(first) == 0 {
		return p, err
	}
	customers, err := d.CustomersByID(ctx, []int64{first[0].First, first[0].Second})
	p.names = data.OneLine(customers[first[0].First].Title(), 60) + " and " + data.OneLine(customers[first[0].Second].Title(), 60)
	return p, err
}

// show shows how many pairs there are, and reports whether the row appeared or vanished.
func (r *pairsRow) show(p pairs) (toggled bool) {
	r.names.SetText(p.names)
	r.badge.Set(p.count)
	toggled = r.Visible() != (p.count > 0)
	widgets.SetVisible(r, p.count > 0)
	r.Refresh()
	return toggled
}

func (r *pairsRow) setOpen(open bool) {
	r.Selected = open
	r.Refresh()
}

// Tapped opens the first of the pairs.
func (r *pairsRow) Tapped(*fyne.PointEvent) { r.onTapped() }

// TypedKey opens it with Enter or Space and passes other keys on.
func (r *pairsRow) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.onTapped()
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(key)
	}
}

// TypedRune does nothing; it is part of fyne.Focusable.
func (r *pairsRow) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (r *pairsRow) FocusGained() {
	r.Focused = true
	r.Refresh()
}

// FocusLost hides the focus ring.
func (r *pairsRow) FocusLost() {
	r.Focused = false
	r.Refresh()
}

// Cursor returns the pointing hand.
func (r *pairsRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *pairsRow) CreateRenderer() fyne.WidgetRenderer {
	renderer := &pairsRowRenderer{widgets.RendererObjects{
		r.Background, r.openBar, r.disc, r.icon, r.title, r.names, r.badge, r.line, r.Ring,
	}, r}
	renderer.paint()
	return renderer
}

type pairsRowRenderer struct {
	widgets.RendererObjects
	row *pairsRow
}

// Layout places the parts as those of a chat's row.
func (r *pairsRowRenderer) Layout(size fyne.Size) {
	w := r.row
	w.LayoutGround(size)
	w.openBar.Resize(fyne.NewSize(3, size.Height))
	w.disc.Resize(fyne.NewSquareSize(40))
	w.disc.Move(fyne.NewPos(rowPad, (size.Height-40)/2))
	w.icon.Resize(fyne.NewSquareSize(20))
	w.icon.Move(w.disc.Position().AddXY(10, 10))
	badge := w.badge.MinSize()
	w.badge.Resize(badge)
	w.badge.Move(fyne.NewPos(size.Width-rowPad-badge.Width, (size.Height-badge.Height)/2))
	room := max(0, size.Width-rowPad-badge.Width-lineGap-textX)
	w.title.Resize(fyne.NewSize(room, w.title.NaturalSize().Height))
	w.title.Move(fyne.NewPos(textX, line1-1))
	w.names.Resize(fyne.NewSize(room, w.names.NaturalSize().Height))
	w.names.Move(fyne.NewPos(textX, line2-1))
	w.line.Resize(fyne.NewSize(size.Width, 1))
	w.line.Move(fyne.NewPos(0, size.Height-1))
}

func (r *pairsRowRenderer) MinSize() fyne.Size { return fyne.NewSize(160, RowHeight) }

func (r *pairsRowRenderer) paint() {
	w := r.row
	w.PaintGround()
	w.openBar.FillColor, w.openBar.Hidden = theme.Color(theme.Accent), !w.Selected
	w.disc.FillColor = theme.Color(theme.CautionBackground)
	w.line.FillColor = theme.Color(theme.Separator)
}

func (r *pairsRowRenderer) Refresh() {
	r.paint()
	r.Layout(r.row.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
