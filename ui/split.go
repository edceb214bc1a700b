package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	leastSide float32 = 260 // of the chat list
	leastChat float32 = 440
	gripWidth float32 = 8
	lineWidth float32 = 1
)

// split puts the chat list beside the chat. Unlike Fyne's, it keeps the list's
// width when the window grows.
type split struct {
	widget.BaseWidget

	onMoved     func(width float32)
	left, right fyne.CanvasObject
	width       float32
	line        *widgets.Background
	grip        *grip
}

func newSplit(left, right fyne.CanvasObject, width float32) *split {
	s := &split{left: left, right: right, width: max(width, leastSide), line: widgets.NewBackground(theme.Separator)}
	s.grip = &grip{split: s}
	s.grip.ExtendBaseWidget(s.grip)
	s.ExtendBaseWidget(s)
	return s
}

// bounded is the list's width in a window so wide.
func (s *split) bounded(window float32) float32 {
	return max(leastSide, min(s.width, window-leastChat))
}

// CreateRenderer is used by Fyne alone.
func (s *split) CreateRenderer() fyne.WidgetRenderer {
	return &splitRenderer{s, []fyne.CanvasObject{s.left, s.right, s.line, s.grip}}
}

type splitRenderer struct {
	split   *split
	objects []fyne.CanvasObject
}

func (r *splitRenderer) Layout(size fyne.Size) {
	s := r.split
	width := s.bounded(size.Width)
	s.left.Resize(fyne.NewSize(width, size.Height))
	s.right.Resize(fyne.NewSize(max(0, size.Width-width-lineWidth), size.Height))
	s.right.Move(fyne.NewPos(width+lineWidth, 0))
	s.line.Resize(fyne.NewSize(lineWidth, size.Height))
	s.line.Move(fyne.NewPos(width, 0))
	s.grip.Resize(fyne.NewSize(gripWidth, size.Height))
	s.grip.Move(fyne.NewPos(width-gripWidth/2, 0))
}

func (r *splitRenderer) MinSize() fyne.Size {
	return fyne.NewSize(leastSide+leastChat, max(r.split.left.MinSize().Height, r.split.right.MinSize().Height))
}

func (r *splitRenderer) Refresh() {
	r.Layout(r.split.Size())
	r.split.line.Refresh()
}

func (r *splitRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *splitRenderer) Destroy()                     {}

// grip is what the mouse takes hold of between the two.
type grip struct {
	widget.BaseWidget
	split *split
}

// Dragged moves the line.
func (g *grip) Dragged(e *fyne.DragEvent) {
	g.split.width = g.split.bounded(g.split.Size().Width) + e.Dragged.DX
	g.split.Refresh()
}

// DragEnd tells the new width.
func (g *grip) DragEnd() {
	g.split.width = g.split.bounded(g.split.Size().Width)
	g.split.onMoved(g.split.width)
}

// Cursor says that the line can be moved.
func (g *grip) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// CreateRenderer is used by Fyne alone.
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(layout.NewSpacer())
}

// frame puts the banners above the rest of the window, without the seam that
// Fyne would leave, also where there is no banner.
type frame struct{}

func (frame) MinSize(parts []fyne.CanvasObject) fyne.Size {
	top, rest := parts[0].MinSize(), parts[1].MinSize()
	return fyne.NewSize(max(top.Width, rest.Width), top.Height+rest.Height)
}

func (frame) Layout(parts []fyne.CanvasObject, size fyne.Size) {
	top := parts[0].MinSize().Height
	parts[0].Resize(fyne.NewSize(size.Width, top))
	parts[1].Resize(fyne.NewSize(size.Width, size.Height-top))
	parts[1].Move(fyne.NewPos(0, top))
}
