package blockdialog

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// showResult calls OnBulkDone, after showing what became of the customers unless all
// went as asked for. An undo is not reported.
func (c *Controller) showResult(action bulkAction, result desk.BulkResult, rejected []string, err error) {
	done := func() {
		if action.want != "" {
			c.OnBulkDone(action.want, result, err == nil)
		}
	}
	if err == nil && result.Refused == 0 {
		done()
		return
	}
	body := container.New(layout.NewCustomPaddedVBoxLayout(12))
	if err != nil {
		body.Add(dialogs.Paragraph(desk.ExplainBulk(err)))
	}
	body.Add(newBulletList(resultLines(action.want, result)))
	if len(rejected) > 0 {
		names := container.New(layout.NewCustomPaddedVBoxLayout(4))
		for _, text := range rejected {
			names.Add(widgets.NewParagraph(text, theme.Text, 13))
		}
		if more := result.Refused - len(rejected); more > 0 {
			names.Add(widgets.NewParagraph("and "+widgets.FormatCount(more)+" more", theme.Muted, 13))
		}
		body.Add(names)
	}
	c.dialogs.Show(resultTitle(action.want, err), body, widgets.WithCancel("", done))
}

func resultTitle(want data.Status, err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "Stopped"
	case want == data.Blocked:
		return "Not all were blocked"
	case want == data.Active:
		return "Not all were unblocked"
	}
	return "Not all were undone"
}

// resultLines counts the customers by what became of them.
func resultLines(want data.Status, result desk.BulkResult) []string {
	did, already := "taken back", ""
	switch want {
	case data.Blocked:
		did, already = "blocked", "blocked already"
	case data.Active:
		did, already = "unblocked", "not blocked"
	}
	var lines []string
	add := func(n int, outcome string) {
		if n > 0 {
			lines = append(lines, pluralize(n, "customer")+": "+outcome)
		}
	}
	add(result.Done, did)
	add(result.Changed, "already blocked, now with a different end, reason or note")
	add(result.Already, already)
	add(result.Kept, "blocked already, for longer")
	add(result.Refused, "left as they were")
	add(result.All-result.Reached(), "not reached")
	return lines
}
