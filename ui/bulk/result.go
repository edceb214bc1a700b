package bulk

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// showResult shows what became of all, where that is not just what was asked for.
func (a *BulkController) showResult(d bulkAction, m desk.BulkResult, refused []string, err error) {
	done := func() {
		if d.want != "" {
			a.OnDone(d.want, m, err == nil)
		}
	}
	if err == nil && m.Refused == 0 {
		done()
		return
	}
	body := container.New(layout.NewCustomPaddedVBoxLayout(12))
	if err != nil {
		body.Add(widgets.NewParagraph(desk.ExplainBulk(err), theme.Text, theme.Body))
	}
	counts := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, line := range resultLines(d.want, m) {
		counts.Add(widgets.NewBullet(line))
	}
	body.Add(counts)
	if len(refused) > 0 {
		names := container.New(layout.NewCustomPaddedVBoxLayout(4))
		for _, line := range refused {
			names.Add(widgets.NewParagraph(line, theme.Text, 13))
		}
		if more := m.Refused - len(refused); more > 0 {
			names.Add(widgets.NewParagraph("and "+widgets.FormatCount(more)+" more", theme.Muted, 13))
		}
		body.Add(names)
	}
	var dialog *widgets.Dialog
	dialog = widgets.NewDialog(a.Canvas, resultTitle(d.want, err), body,
		widgets.WithCancel("", done), // as Escape does
		widgets.WithConfirm("Close", widgets.Primary, func() { dialog.Cancel() }))
	dialog.Show()
}

func resultTitle(want data.Status, err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "Stopped"
	case want == data.Blocked:
		return "Not All Were Blocked"
	case want == data.Active:
		return "Not All Were Unblocked"
	}
	return "Not All Was Taken Back"
}

// resultLines count what became of the customers.
func resultLines(want data.Status, m desk.BulkResult) []string {
	did, already := "taken back", ""
	switch want {
	case data.Blocked:
		did, already = "blocked", "blocked already"
	case data.Active:
		did, already = "unblocked", "not blocked"
	}
	var all []string
	add := func(n int, what string) {
		if n > 0 {
			all = append(all, pluralize(n, "customer")+": "+what)
		}
	}
	add(m.Done, did)
	add(m.Already, already)
	add(m.Refused, "left as they were")
	add(m.All-m.Reached(), "not reached")
	return all
}
