package setaside

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/listview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	dialogWidth  float32 = 720
	dialogChrome float32 = 260 // what the dialog needs beside the list, above and below
)

// explanation says what the list holds.
const explanation = "These could not be understood when they came in. Each is kept as it came in, and every update of Latchdesk tries them again."

// fullText says what it means that there is no room.
const fullText = "There is no room for more. DoubleTick is asked to deliver again later whatever is not understood. Retry or drop some of these."

// list is what is set aside, the newest first.
type list struct {
	rows     *listview.List[int64, rowData]
	onResize func() // the body has another height

	desk   *desk.Desk
	status *widgets.Paragraph // in the place of the rows, where there are none
	full   *widgets.Paragraph
}

func newList(d *desk.Desk, w *async.Runner, open func(int64)) *list {
	l := &list{desk: d, onResize: func() {}}
	l.rows = listview.New(w, rowHeight, func() *row { return newRow(open) }, func(r *row, id int64, v rowData) {
		r.show(v, id == l.rows.Selected(), id == l.rows.Selected() && l.rows.Focused())
	})
	l.rows.Load = l.loadRows
	l.rows.OnKey = func(key *fyne.KeyEvent) bool {
		if key.Name != fyne.KeyReturn && key.Name != fyne.KeyEnter || l.rows.Selected() == 0 {
			return false
		}
		open(l.rows.Selected())
		return true
	}
	l.status = widgets.NewParagraph("", theme.Muted, theme.Body)
	l.full = widgets.NewParagraph(fullText, theme.Danger, theme.Body)
	l.full.Hide()
	return l
}

// body returns what the dialog shows, as high as the window has room for.
func (l *list) body(c fyne.Canvas) fyne.CanvasObject {
	rows := container.New(heightLayout{c}, container.NewStack(widgets.NewBackground(theme.Background), l.rows.Widget, container.New(layout.NewCustomPaddedLayout(16, 0, 12, 12), l.status)))
	return dialogs.Form(dialogs.Paragraph(explanation), l.full, rows)
}

// heightLayout stretches its one object to the height that the window has room for.
type heightLayout struct{ canvas fyne.Canvas }

func (h heightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, max(2*rowHeight, min(h.canvas.Size().Height-dialogChrome, 7*rowHeight)))
}

func (h heightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// reload reads anew what there is.
func (l *list) reload() {
	l.rows.MarkAllStale()
	listview.LoadOrder(l.rows, l.desk.SetAsideIDs, func(ids []int64) {
		l.rows.SetOrder(listview.Keys(ids))
		text := ""
		if len(ids) == 0 {
			text = "Nothing is set aside."
		}
		l.status.SetText(text)
	})
}

func (l *list) loadRows(ctx context.Context, ids []int64) (map[int64]rowData, error) {
	all, err := l.desk.SetAsideRows(ctx, ids)
	rows, now := make(map[int64]rowData, len(all)), l.desk.Now()
	for _, d := range all {
		rows[d.ID] = rowDataOf(d, now)
	}
	return rows, err
}

func (l *list) setFull(full bool) {
	if full != l.full.Visible() {
		widgets.SetVisible(l.full, full)
		l.onResize()
	}
}

// rowData is what the row of a delivery shows.
type rowData struct {
	id           int64
	reason, from string
	time, count  string
}

func rowDataOf(d data.SetAside, now data.Moment) rowData {
	v := rowData{id: d.ID, reason: capitalised(d.Reason), from: formatSize(d.Size), time: formatTime(d.At, now)}
	if d.From != "" {
		v.from = d.From.Pretty() + " · " + v.from
	}
	if d.Count > 1 {
		v.count = fmt.Sprintf("came %d times", d.Count)
	}
	return v
}

// capitalised returns a reason as a sentence of its own.
func capitalised(reason string) string {
	if reason == "" || reason[0] < 'a' || reason[0] > 'z' {
		return reason
	}
	return string(reason[0]-'a'+'A') + reason[1:]
}

// formatTime formats a moment with its time, and its date unless that is today.
func formatTime(m, now data.Moment) string {
	if m.SameDay(now) {
		return m.TimeOfDay()
	}
	return m.Time().Format("2 Jan 2006") + " " + m.TimeOfDay()
}

func formatSize(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return data.Count(bytes, "byte")
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(bytes)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
