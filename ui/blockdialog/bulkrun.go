package blockdialog

import (
	"context"
	"errors"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// progressDelay is how long an act may take before its progress is shown.
const progressDelay = 200 * time.Millisecond

// bulkAction is an act on many customers.
type bulkAction struct {
	want  data.Status // the status they are to have; empty for an undo
	count int
	run   func(ctx context.Context, onProgress func(desk.Progress)) (desk.BulkResult, error)
}

// UndoMany undoes an act on many customers.
func (c *Controller) UndoMany(undos []data.Undo) {
	by := c.actor()
	c.runBulk(nil, bulkAction{count: len(undos), run: func(ctx context.Context, onProgress func(desk.Progress)) (desk.BulkResult, error) {
		return c.desk.UndoMany(ctx, by, undos, onProgress)
	}})
}

// Stop stops the act on many customers that is running, if any. What it has done
// so far stays done.
func (c *Controller) Stop() {
	if c.stopBulk != nil {
		c.stopBulk()
	}
}

// runBulk runs an action. The dialog d that asked for it, which may be nil, stays
// until the action is done or its progress is shown in its place.
func (c *Controller) runBulk(d *widgets.Dialog, action bulkAction) {
	if c.stopBulk != nil {
		return
	}
	if d != nil {
		d.SetBusy(true)
	}
	progress := newProgressDialog(c.dialogs.Canvas, action, c.Stop)
	cancelDelay := c.dialogs.Runner.After(progressDelay, func() {
		if d != nil {
			d.Close()
		}
		progress.dialog.Show()
	})
	var result desk.BulkResult
	var rejected []string
	c.stopBulk = c.dialogs.Runner.Go(func(ctx context.Context) (err error) {
		result, err = action.run(ctx, async.Throttle(c.dialogs.Runner, progress.update))
		rejected = c.describeRejected(result)
		return err
	}, func(err error) {
		c.stopBulk = nil
		cancelDelay()
		progress.dialog.Close()
		if d != nil {
			d.SetBusy(false)
			if err != nil && result.All == 0 && d.Visible() {
				dialogs.ShowError(d, err)
				return
			}
			d.Close()
		}
		c.showResult(action, result, rejected, err)
	})
}

// maxRejectedNamed is how many of the customers who were left as they were are named.
const maxRejectedNamed = 50

// describeRejected names who was left as they were and says why.
func (c *Controller) describeRejected(result desk.BulkResult) []string {
	var lines []string
	for _, r := range result.Results {
		if r.Status != desk.ItemRefused || len(lines) == maxRejectedNamed {
			continue
		}
		text := "A customer"
		if names, err := c.customerNames(c.dialogs.Runner.Context(), []int64{r.CustomerID}); err == nil {
			text = names[0]
		}
		if errors.Is(r.Err, data.ErrChanged) {
			text += ": someone changed this customer meanwhile"
		}
		lines = append(lines, text)
	}
	return lines
}
