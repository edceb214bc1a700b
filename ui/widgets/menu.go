package widgets

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget            = (*menuView)(nil)
	_ fyne.Tappable          = (*menuView)(nil)
	_ fyne.SecondaryTappable = (*menuView)(nil)
	_ fyne.Widget            = (*menuRows)(nil)
	_ fyne.Tappable          = (*menuRows)(nil)
	_ fyne.Focusable         = (*menuRows)(nil)
	_ fyne.Tabbable          = (*menuRows)(nil)
	_ desktop.Hoverable      = (*menuRows)(nil)
	_ desktop.Keyable        = (*menuRows)(nil)
)

// MenuItem is one row of a menu.
type MenuItem struct {
	Label     string
	Shortcut  string // shown only
	Icon      fyne.Resource
	Danger    bool
	Disabled  bool
	Separator bool // a line; all other fields are ignored
	Action    func()
}

const (
	menuRow       float32 = 32
	menuSeparator float32 = 9
	menuEdge      float32 = 4 // above the first row, and beside the highlight
	menuMargin    float32 = 8 // kept free to the edge of the window
	menuMin       float32 = 176
)

// Menu is a menu over the window.
type Menu struct {
	overlay
	heldEnter heldEnter

	items []MenuItem
	at    fyne.Position
	width float32 // at least
	view  *menuView
	rows  *menuRows
}

// ShowMenu opens a menu with its top left corner at a position, moved so that all of
// it is inside the window.
func ShowMenu(c fyne.Canvas, items []MenuItem, at fyne.Position) *Menu {
	return showMenu(c, items, at, menuMin)
}

func showMenu(c fyne.Canvas, items []MenuItem, at fyne.Position, width float32) *Menu {
	m := &Menu{items: items, at: at, width: width, heldEnter: watchHeldEnter()}
	m.rows = newMenuRows(m)
	m.view = newMenuView(m)
	m.show(c, m.view, m.rows.TypedKey, m.rows.TypedRune)
	c.Focus(m.rows)
	return m
}

// Below returns the position of a menu that hangs from o.
func Below(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(0, o.Size().Height+4)
}

// Items returns the rows the menu was opened with.
func (m *Menu) Items() []MenuItem { return m.items }

// Visible reports whether the menu is on screen.
func (m *Menu) Visible() bool { return m.open }

// Highlighted returns the index of the row that Enter chooses, or -1.
func (m *Menu) Highlighted() int { return m.rows.highlighted }

// Close removes the menu and restores the focus.
func (m *Menu) Close() {
	if m.open {
		m.hide()
	}
}

// Choose closes the menu and runs the action of row i. It does nothing if there is
// no such row or it is disabled.
func (m *Menu) Choose(i int) {
	if !m.open || !m.enabled(i) {
		return
	}
	m.Close()
	if do := m.items[i].Action; do != nil {
		do()
	}
}

func (m *Menu) enabled(i int) bool {
	return i >= 0 && i < len(m.items) && !m.items[i].Disabled && !m.items[i].Separator
}

// menuView is the layer over the window that the menu stands on.
type menuView struct {
	widget.BaseWidget

	menu *Menu
}

func newMenuView(m *Menu) *menuView {
	v := &menuView{menu: m}
	v.ExtendBaseWidget(v)
	return v
}

// Tapped beside the menu closes it.
func (v *menuView) Tapped(*fyne.PointEvent) { v.menu.Close() }

// TappedSecondary beside the menu closes it.
func (v *menuView) TappedSecondary(*fyne.PointEvent) { v.menu.Close() }

func (v *menuView) dismiss() { v.menu.Close() }

func (v *menuView) focusAfter(f fyne.Focusable) { v.menu.nextFocus = f }

func (v *menuView) CreateRenderer() fyne.WidgetRenderer {
	r := &menuRenderer{menu: v.menu, card: newCardBackground(), scroll: NewVScroll(v.menu.rows)}
	r.RendererObjects = RendererObjects{r.card, r.scroll}
	return r
}

type menuRenderer struct {
	RendererObjects
	menu   *Menu
	card   *canvas.Rectangle
	scroll *Scroll
}

func (r *menuRenderer) Layout(window fyne.Size) {
	size := r.menu.rows.MinSize()
	size.Width = min(size.Width, max(window.Width-2*menuMargin, 0))
	size.Height = min(size.Height, max(window.Height-2*menuMargin, 0))
	at := fyne.NewPos(
		max(min(r.menu.at.X, window.Width-menuMargin-size.Width), menuMargin),
		max(min(r.menu.at.Y, window.Height-menuMargin-size.Height), menuMargin),
	)
	r.card.Resize(size)
	r.card.Move(at)
	r.scroll.Resize(size)
	r.scroll.Move(at)
	r.menu.rows.scrollIntoView = func(top, bottom float32) {
		switch {
		case top < r.scroll.Offset.Y:
			r.scroll.ScrollToOffset(fyne.NewPos(0, top))
		case bottom > r.scroll.Offset.Y+size.Height:
			r.scroll.ScrollToOffset(fyne.NewPos(0, bottom-size.Height))
		}
	}
}

func (r *menuRenderer) MinSize() fyne.Size { return fyne.NewSize(0, 0) }

func (r *menuRenderer) Refresh() {
	paintCardBackground(r.card)
	r.Layout(r.menu.view.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// menuRows is one widget for all rows, so that one thing has the focus.
type menuRows struct {
	widget.BaseWidget

	menu           *Menu
	highlighted    int
	scrollIntoView func(top, bottom float32)
}

func newMenuRows(m *Menu) *menuRows {
	r := &menuRows{menu: m, highlighted: -1}
	r.ExtendBaseWidget(r)
	r.moveHighlight(1)
	return r
}

// moveHighlight moves the highlight to the next row that can be chosen, and from the
// last to the first.
func (r *menuRows) moveHighlight(by int) {
	n := len(r.menu.items)
	at := r.highlighted
	if at < 0 && by < 0 {
		at = n
	}
	for range n {
		at = (at + by + n) % n
		if r.menu.enabled(at) {
			r.highlight(at)
			return
		}
	}
}

func (r *menuRows) highlight(i int) {
	if i == r.highlighted {
		return
	}
	r.highlighted = i
	r.Refresh()
	if r.scrollIntoView != nil && i >= 0 {
		top := r.rowTop(i)
		r.scrollIntoView(top-menuEdge, top+menuRow+menuEdge)
	}
}

func (r *menuRows) rowHeight(i int) float32 {
	if r.menu.items[i].Separator {
		return menuSeparator
	}
	return menuRow
}

func (r *menuRows) rowTop(i int) float32 {
	y := menuEdge
	for j := range i {
		y += r.rowHeight(j)
	}
	return y
}

// rowAt returns the row at a height, -1 if there is none that can be chosen.
func (r *menuRows) rowAt(y float32) int {
	for i := range r.menu.items {
		top := r.rowTop(i)
		if y >= top && y < top+r.rowHeight(i) && r.menu.enabled(i) {
			return i
		}
	}
	return -1
}

// Tapped chooses the row under the pointer.
func (r *menuRows) Tapped(e *fyne.PointEvent) { r.menu.Choose(r.rowAt(e.Position.Y)) }

// MouseIn highlights the row under the pointer.
func (r *menuRows) MouseIn(e *desktop.MouseEvent) { r.MouseMoved(e) }

// MouseMoved highlights the row under the pointer.
func (r *menuRows) MouseMoved(e *desktop.MouseEvent) {
	if i := r.rowAt(e.Position.Y); i >= 0 {
		r.highlight(i)
	}
}

// MouseOut leaves the highlight: the keyboard moves on from there.
func (r *menuRows) MouseOut() {}

// FocusGained does nothing; it is part of fyne.Focusable.
func (r *menuRows) FocusGained() {}

// FocusLost does nothing; it is part of fyne.Focusable.
func (r *menuRows) FocusLost() {}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (r *menuRows) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (r *menuRows) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// AcceptsTab returns true, so that Tab does not leave an open menu.
func (r *menuRows) AcceptsTab() bool { return true }

// TypedKey moves the highlight, chooses a row or closes the menu.
func (r *menuRows) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		r.moveHighlight(-1)
	case fyne.KeyDown:
		r.moveHighlight(1)
	case fyne.KeyHome:
		r.highlighted = -1
		r.moveHighlight(1)
	case fyne.KeyEnd:
		r.highlighted = -1
		r.moveHighlight(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !r.menu.heldEnter.active() {
			r.menu.Choose(r.highlighted)
		}
	case fyne.KeySpace:
		r.menu.Choose(r.highlighted)
	case fyne.KeyEscape, fyne.KeyTab:
		r.menu.Close()
	}
}

// TypedRune highlights the next row that begins with the letter. The row whose
// shortcut is Ctrl and the letter comes first.
func (r *menuRows) TypedRune(letter rune) {
	n := len(r.menu.items)
	begins := func(at int) bool {
		first, _ := utf8.DecodeRuneInString(r.menu.items[at].Label)
		return r.menu.enabled(at) && strings.EqualFold(string(first), string(letter))
	}
	if r.highlighted < 0 || !begins(r.highlighted) {
		for at, item := range r.menu.items {
			if begins(at) && strings.EqualFold(item.Shortcut, "Ctrl+"+string(letter)) {
				r.highlight(at)
				return
			}
		}
	}
	for i := range n {
		if at := (r.highlighted + 1 + i + n) % n; begins(at) {
			r.highlight(at)
			return
		}
	}
}

func (r *menuRows) CreateRenderer() fyne.WidgetRenderer {
	d := &menuRowsRenderer{rows: r, highlight: canvas.NewRectangle(theme.Color(theme.Pressed))}
	d.highlight.CornerRadius = theme.Radius - menuEdge
	d.RendererObjects = RendererObjects{d.highlight}
	for _, item := range r.menu.items {
		row := newMenuRow(item)
		d.drawn = append(d.drawn, row)
		d.RendererObjects = append(d.RendererObjects, row.line, row.icon, row.label, row.shortcut)
	}
	return d
}

// menuRowParts are the objects that a row is drawn with.
type menuRowParts struct {
	item     MenuItem
	line     *canvas.Rectangle
	icon     *canvas.Image
	label    *EllipsisLabel
	shortcut *EllipsisLabel
}

func newMenuRow(item MenuItem) menuRowParts {
	role := theme.Text
	if item.Danger {
		role = theme.Danger
	}
	if item.Disabled {
		role = theme.Muted
	}
	row := menuRowParts{
		item:     item,
		line:     canvas.NewRectangle(theme.Color(theme.Separator)),
		icon:     canvas.NewImageFromResource(item.Icon),
		label:    NewEllipsisLabel(role, theme.Body),
		shortcut: NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	row.icon.FillMode = canvas.ImageFillContain
	if item.Disabled {
		row.icon.Translucency = 0.5
	}
	row.label.SetText(item.Label)
	row.shortcut.SetText(item.Shortcut)
	row.shortcut.SetAlign(fyne.TextAlignTrailing)
	SetVisible(row.line, item.Separator)
	SetVisible(row.icon, item.Icon != nil)
	SetVisible(row.label, !item.Separator)
	SetVisible(row.shortcut, item.Shortcut != "")
	return row
}

type menuRowsRenderer struct {
	RendererObjects
	rows      *menuRows
	highlight *canvas.Rectangle
	drawn     []menuRowParts
}

// indent returns where labels begin: in one column, after the icons if there are any.
func (d *menuRowsRenderer) indent() float32 {
	for _, row := range d.drawn {
		if row.item.Icon != nil {
			return 12 + 16 + 12
		}
	}
	return 12
}

func (d *menuRowsRenderer) Layout(size fyne.Size) {
	indent := d.indent()
	for i, row := range d.drawn {
		y := d.rows.rowTop(i)
		row.line.Resize(fyne.NewSize(size.Width, 1))
		row.line.Move(fyne.NewPos(0, y+4))
		row.icon.Resize(fyne.NewSquareSize(16))
		row.icon.Move(fyne.NewPos(12, y+8))
		shortcut := ceil(row.shortcut.NaturalSize().Width)
		row.label.Resize(fyne.NewSize(max(size.Width-indent-shortcut-24, 0), menuRow))
		row.label.Move(fyne.NewPos(indent, y))
		row.shortcut.Resize(fyne.NewSize(shortcut, menuRow))
		row.shortcut.Move(fyne.NewPos(size.Width-12-shortcut, y))
	}
	d.layoutHighlight(size)
}

func (d *menuRowsRenderer) layoutHighlight(size fyne.Size) {
	SetVisible(d.highlight, d.rows.highlighted >= 0)
	if d.rows.highlighted >= 0 {
		d.highlight.Resize(fyne.NewSize(size.Width-2*menuEdge, menuRow))
		d.highlight.Move(fyne.NewPos(menuEdge, d.rows.rowTop(d.rows.highlighted)))
	}
}

func (d *menuRowsRenderer) MinSize() fyne.Size {
	width := d.rows.menu.width
	for _, row := range d.drawn {
		needs := d.indent() + ceil(row.label.NaturalSize().Width) + 12
		if row.item.Shortcut != "" {
			needs += 24 + ceil(row.shortcut.NaturalSize().Width)
		}
		width = max(width, needs)
	}
	return fyne.NewSize(width, d.rows.rowTop(len(d.drawn))+menuEdge)
}

func (d *menuRowsRenderer) Refresh() {
	d.highlight.FillColor = theme.Color(theme.Pressed)
	d.layoutHighlight(d.rows.Size())
	for _, row := range d.drawn {
		row.line.FillColor = theme.Color(theme.Separator)
	}
	for _, o := range d.RendererObjects {
		o.Refresh()
	}
}
