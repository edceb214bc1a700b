package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget        = (*split)(nil)
	_ fyne.Widget        = (*splitHandle)(nil)
	_ fyne.Draggable     = (*splitHandle)(nil)
	_ desktop.Cursorable = (*splitHandle)(nil)
)

const (
	minSidebarWidth  float32 = 260 // of the chat list
	minChatWidth     float32 = 380
	splitHandleWidth float32 = 8
	separatorWidth   float32 = 1
)

// split puts the chat list beside the chat. Unlike Fyne's it keeps the width of the
// list when the window grows.
type split struct {
	widget.BaseWidget

	onMoved     func(width float32)
	left, right fyne.CanvasObject
	width       float32
	separator   *widgets.Background
	handle      *splitHandle
}

func newSplit(left, right fyne.CanvasObject, width float32) *split {
	s := &split{left: left, right: right, width: max(width, minSidebarWidth), separator: widgets.NewBackground(theme.Separator)}
	s.handle = &splitHandle{split: s}
	s.handle.ExtendBaseWidget(s.handle)
	s.ExtendBaseWidget(s)
	return s
}

// clampWidth returns the width of the list in a window of the given width.
func (s *split) clampWidth(window float32) float32 {
	return max(minSidebarWidth, min(s.width, window-minChatWidth))
}

func (s *split) CreateRenderer() fyne.WidgetRenderer {
	return &splitRenderer{widgets.RendererObjects{s.left, s.right, s.separator, s.handle}, s}
}

type splitRenderer struct {
	widgets.RendererObjects
	split *split
}

func (r *splitRenderer) Layout(size fyne.Size) {
	s := r.split
	width := s.clampWidth(size.Width)
	s.left.Resize(fyne.NewSize(width, size.Height))
	s.right.Resize(fyne.NewSize(max(0, size.Width-width-separatorWidth), size.Height))
	s.right.Move(fyne.NewPos(width+separatorWidth, 0))
	s.separator.Resize(fyne.NewSize(separatorWidth, size.Height))
	s.separator.Move(fyne.NewPos(width, 0))
	s.handle.Resize(fyne.NewSize(splitHandleWidth, size.Height))
	s.handle.Move(fyne.NewPos(width-splitHandleWidth/2, 0))
}

func (r *splitRenderer) MinSize() fyne.Size {
	return fyne.NewSize(minSidebarWidth+minChatWidth, max(r.split.left.MinSize().Height, r.split.right.MinSize().Height))
}

func (r *splitRenderer) Refresh() {
	r.Layout(r.split.Size())
	r.split.separator.Refresh()
}

// splitHandle is the area between the two that can be dragged.
type splitHandle struct {
	widget.BaseWidget
	split *split
}

// Dragged moves the line.
func (g *splitHandle) Dragged(e *fyne.DragEvent) {
	g.split.width = g.split.clampWidth(g.split.Size().Width) + e.Dragged.DX
	g.split.Refresh()
}

// DragEnd calls onMoved.
func (g *splitHandle) DragEnd() {
	g.split.width = g.split.clampWidth(g.split.Size().Width)
	g.split.onMoved(g.split.width)
}

// Cursor returns the cursor for resizing horizontally.
func (g *splitHandle) Cursor() desktop.Cursor { return desktop.HResizeCursor }

func (g *splitHandle) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(layout.NewSpacer())
}

// frameLayout puts the banners above the rest of the window, without the padding that
// Fyne's border layout leaves between them.
type frameLayout struct{}

func (frameLayout) MinSize(parts []fyne.CanvasObject) fyne.Size {
	top, rest := parts[0].MinSize(), parts[1].MinSize()
	return fyne.NewSize(max(top.Width, rest.Width), top.Height+rest.Height)
}

func (frameLayout) Layout(parts []fyne.CanvasObject, size fyne.Size) {
	top := parts[0].MinSize().Height
	parts[0].Resize(fyne.NewSize(size.Width, top))
	parts[1].Resize(fyne.NewSize(size.Width, size.Height-top))
	parts[1].Move(fyne.NewPos(0, top))
}
