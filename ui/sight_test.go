package ui

import (
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// shown is something on the screen, and where.
type shown struct {
	object fyne.CanvasObject
	at     fyne.Position
	size   fyne.Size
	above  []fyne.CanvasObject // what it is part of, outermost first
}

func (s shown) middle() fyne.Position { return s.at.AddXY(s.size.Width/2, s.size.Height/2) }

// look returns everything that is visible in the layers of the screen, from the
// bottom to the top.
func (a *agent) look() []shown {
	list := lookInto(a.screen.Content())
	for _, layer := range a.screen.Overlays().List() {
		list = append(list, lookInto(layer)...)
	}
	return list
}

// top is look for the uppermost layer alone.
func (a *agent) top() []shown {
	if layer := a.screen.Overlays().Top(); layer != nil {
		return lookInto(layer)
	}
	return lookInto(a.screen.Content())
}

func lookInto(root fyne.CanvasObject) []shown {
	var list []shown
	var walk func(o fyne.CanvasObject, at fyne.Position, from, to fyne.Position, above []fyne.CanvasObject)
	walk = func(o fyne.CanvasObject, at, from, to fyne.Position, above []fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		end := at.Add(o.Size())
		if inside := min(end.X, to.X) > max(at.X, from.X) && min(end.Y, to.Y) > max(at.Y, from.Y); inside {
			list = append(list, shown{o, at, o.Size(), above})
		}
		above = append(above[:len(above):len(above)], o)
		var parts []fyne.CanvasObject
		switch o := o.(type) {
		case *fyne.Container:
			parts = o.Objects
		case fyne.Widget:
			parts = test.WidgetRenderer(o).Objects()
		}
		if _, clips := o.(fyne.Scrollable); clips {
			from = fyne.NewPos(max(from.X, at.X), max(from.Y, at.Y))
			to = fyne.NewPos(min(to.X, end.X), min(to.Y, end.Y))
		}
		for _, part := range parts {
			walk(part, at, from, to, above)
		}
	}
	walk(root, fyne.Position{}, fyne.Position{}, fyne.NewPos(math.MaxInt32, math.MaxInt32), nil)
	return list
}

func textsOf(list []shown) []string {
	var texts []string
	for _, s := range list {
		switch o := s.object.(type) {
		case *widgets.Paragraph:
			texts = append(texts, o.Text())
		case *canvas.Text:
			if o.Text != "" && !within[*widgets.Paragraph](s) {
				texts = append(texts, o.Text)
			}
		}
	}
	return texts
}

func within[T fyne.CanvasObject](s shown) bool {
	return slices.ContainsFunc(s.above, func(o fyne.CanvasObject) bool { _, ok := o.(T); return ok })
}

// texts are all texts on the screen.
func (a *agent) texts() []string { return textsOf(a.look()) }

// spot waits for what shows a text in the uppermost layer.
func (a *agent) spot(text string) (found shown) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q is on top", text), func() bool {
		all := a.top()
		at := slices.IndexFunc(all, func(s shown) bool {
			switch o := s.object.(type) {
			case *canvas.Text:
				return o.Text == text
			case *widgets.Button:
				return o.Label() == text
			}
			return false
		})
		if at >= 0 {
			found = all[at]
		}
		return at >= 0
	})
	return found
}

// buttons are those of the uppermost layer, from left to right.
func (a *agent) buttons() []*widgets.Button {
	var found []shown
	for _, s := range a.top() {
		if _, ok := s.object.(*widgets.Button); ok {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b shown) int { return int(a.at.X - b.at.X) })
	var list []*widgets.Button
	for _, s := range found {
		list = append(list, s.object.(*widgets.Button))
	}
	return list
}

// rowParts returns what the row of the chat list is made of that names a customer.
func (a *agent) rowParts(name string) []shown {
	for _, s := range a.look() {
		if t, ok := s.object.(*canvas.Text); ok && t.Text == name && within[*widgets.VirtualList](s) {
			for i, o := range s.above {
				if _, ok := o.(*widgets.VirtualList); ok {
					return lookInto(s.above[i+3]) // below Rows: the scroll, the sheet, the row
				}
			}
		}
	}
	return nil
}

func (a *agent) rowOf(name string) ([]string, bool) {
	parts := a.rowParts(name)
	return textsOf(parts), len(parts) > 0
}

// iconOf returns the drawing that something shows, nil where it shows none.
func iconOf(s shown) fyne.Resource {
	if i, ok := s.object.(*canvas.Image); ok {
		return i.Resource
	}
	return nil
}

// names names the customers in sight in the chat list, from top to bottom.
func (a *agent) names() []string {
	type line struct {
		name string
		y    float32
	}
	var rows []line
	for _, s := range a.look() {
		t, ok := s.object.(*canvas.Text)
		if ok && within[*widgets.VirtualList](s) && t.TextSize == theme.Body && !within[*widgets.Avatar](s) {
			rows = append(rows, line{t.Text, s.at.Y})
		}
	}
	slices.SortFunc(rows, func(a, b line) int { return int(a.y - b.y) })
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
	}
	return names
}

// tabCount returns the number that stands beside a list's name.
func (a *agent) tabCount(name string) string {
	for _, text := range textsOf(lookInto(a.screen.Content())) {
		if count, ok := strings.CutPrefix(text, name+" "); ok {
			return count
		}
	}
	return ""
}

// dialog returns the title, the other texts and the buttons of the layer on top.
func (a *agent) dialog() (title string, texts []string, buttons []*widgets.Button) {
	if a.screen.Overlays().Top() == nil {
		return "", nil, nil
	}
	all := textsOf(a.top())
	if len(all) == 0 {
		return "", nil, nil
	}
	return all[0], all[1:], a.buttons()
}

// asks waits until a dialog of this title is open.
func (a *agent) asks(title string) {
	a.t.Helper()
	a.until("the dialog "+title, func() bool { got, _, _ := a.dialog(); return got == title })
}

// clear waits until no layer lies over the window.
func (a *agent) free() {
	a.t.Helper()
	a.until("no dialog or menu is open", func() bool { return a.screen.Overlays().Top() == nil })
}

// menu returns the labels of the menu that is open.
func (a *agent) menuLabels() []string {
	var labels []string
	for _, s := range a.top() {
		if t, ok := s.object.(*canvas.Text); ok && t.TextSize == theme.Body {
			labels = append(labels, t.Text)
		}
	}
	return labels
}

// opensMenu waits until a menu is open.
func (a *agent) opensMenu() []string {
	a.t.Helper()
	a.until("a menu is open", func() bool { return a.screen.Overlays().Top() != nil })
	return a.menuLabels()
}

// coloursOf tells of everything that is painted what it is and in which colours.
func coloursOf(list []shown) []string {
	var all []string
	for _, s := range list {
		what := ""
		switch o := s.object.(type) {
		case *canvas.Text:
			what = fmt.Sprint(o.Text, o.Color)
		case *canvas.Rectangle:
			what = fmt.Sprint(o.FillColor, o.StrokeColor, o.Shadow.Color)
		case *canvas.Circle:
			what = fmt.Sprint(o.FillColor, o.StrokeColor)
		case *canvas.Image:
			if o.Resource != nil {
				what = o.Resource.Name()
			}
		default:
			continue
		}
		owner := s.above[len(s.above)-1]
		all = append(all, fmt.Sprintf("%T in %T at %v: %s", s.object, owner, s.at, what))
	}
	return all
}

// picture writes what the window shows to a file in LATCHDESK_PICTURES, for
// somebody to look at.
func (a *agent) picture(name string) {
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer f.Close()
	a.frame()
	if err := png.Encode(f, a.screen.Capture()); err != nil {
		a.t.Fatal(err)
	}
}
