package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	columnsWidth float32 = 720 // of the dialog
	cellWidth    float32 = 140
	cellHeight   float32 = 24
	scrollBar    float32 = 8 // below the cells

	noColumn = "None"
)

// chooseColumns asks which columns of a list have the phone numbers and the names, with
// its first rows in sight. Once they are chosen, the preview that it was opened from is
// closed, unless that is nil.
func (ie *importExport) chooseColumns(l list, preview *widgets.Dialog) {
	head := newHeadTable(l.head.Columns, l.head.Rows)
	titles := slices.Clone(l.head.Columns)
	recognised := ""
	if len(l.head.Phones) > 1 {
		recognised = strings.Join(l.titles(l.head.Phones), ", ")
		titles = append([]string{recognised}, titles...)
	}
	mark := func(title string) {
		columns := l.head.Phones
		if title != recognised {
			columns = []int{slices.Index(l.head.Columns, title)}
		}
		head.mark(columns)
	}
	phone := widgets.NewSelect("Phone numbers", titles, mark)
	name := widgets.NewSelect("Names", append([]string{noColumn}, l.head.Columns...), nil)
	name.SetSelected(noColumn)
	if names := l.titles(l.head.Names); len(names) > 0 {
		name.SetSelected(names[0])
	}
	switch chosen := l.titles(append(slices.Clone(l.phones), l.head.Guess)); {
	case recognised != "" && l.columns == nil:
		phone.SetSelected(recognised)
	case len(chosen) > 0:
		phone.SetSelected(chosen[0])
	}
	ie.dialogs.Ask("Choose columns",
		dialogs.Form(
			dialogs.Bold(l.name()),
			dialogs.Caption("Which column has the phone numbers?"), phone, name,
			dialogs.Caption("The first rows"), head.scroll,
		),
		"Continue", widgets.Primary, func(d *widgets.Dialog) {
			if phone.Selected() == "" {
				d.SetError("Choose the column that has the phone numbers.")
				return
			}
			d.Close()
			if preview != nil {
				preview.Close()
			}
			l.columns = nil
			if phone.Selected() != recognised {
				column := slices.Index(l.head.Columns, phone.Selected())
				l.phones, l.columns = []int{column}, l.head.Mapping(column, slices.Index(l.head.Columns, name.Selected()))
			}
			ie.preview(l)
		}, widgets.WithWidth(columnsWidth), widgets.WithFocus(phone))
	mark(phone.Selected()) // once more, now that there is something to scroll
}

// headTable shows the first rows of a list under the titles of its columns.
type headTable struct {
	scroll *widgets.Scroll
	titles []*widgets.EllipsisLabel
}

func newHeadTable(titles []string, rows [][]string) *headTable {
	t := &headTable{}
	cells := container.New(cellLayout{columns: len(titles)})
	for _, title := range titles {
		label := newCell(title, theme.Muted)
		label.SetStyle(fyne.TextStyle{Bold: true})
		t.titles = append(t.titles, label)
		cells.Add(label)
	}
	for _, row := range rows {
		for _, text := range row {
			cells.Add(newCell(text, theme.Text))
		}
	}
	t.scroll = widgets.NewHScroll(cells)
	return t
}

func newCell(text string, role fyne.ThemeColorName) *widgets.EllipsisLabel {
	label := widgets.NewEllipsisLabel(role, 13)
	label.SetText(text)
	return label
}

// mark shows which columns are chosen, and brings the first of them into sight.
func (t *headTable) mark(columns []int) {
	for i, title := range t.titles {
		if slices.Contains(columns, i) {
			title.SetColor(theme.Accent)
		} else {
			title.SetColor(theme.Muted)
		}
	}
	const before = 2 // columns that stay in sight before it
	if len(columns) > 0 {
		t.scroll.ScrollToOffset(fyne.NewPos(float32(max(0, columns[0]-before))*cellWidth, 0))
	}
}

// cellLayout is a table whose cells are equally large.
type cellLayout struct{ columns int }

func (l cellLayout) MinSize(cells []fyne.CanvasObject) fyne.Size {
	rows := (len(cells) + l.columns - 1) / max(l.columns, 1)
	return fyne.NewSize(float32(l.columns)*cellWidth, float32(rows)*cellHeight+scrollBar)
}

func (l cellLayout) Layout(cells []fyne.CanvasObject, _ fyne.Size) {
	for i, cell := range cells {
		cell.Move(fyne.NewPos(float32(i%l.columns)*cellWidth, float32(i/l.columns)*cellHeight))
		cell.Resize(fyne.NewSize(cellWidth-12, cellHeight))
	}
}
