package blockdialog

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	errNobodyLeft          data.UserError = "There is nobody left to block."
	errManyNotAcknowledged data.UserError = "This blocks many customers. Tick the box first."
)

func (c *Controller) showBlockMany(loaded bulkDialogData) {
	by := c.actor()
	options := newBlockOptions(loaded.reasons, data.Typed{})
	all := loaded.affected(data.Blocked)
	ids := all
	var d *widgets.Dialog
	var questions []fyne.CanvasObject
	prompt, nameList := newBulkPrompt(data.Blocked, loaded.names, len(ids))
	if n := len(loaded.warned); n > 0 {
		leftOut := widgets.NewParagraph("Left out, and still selected afterwards: "+joinNames(loaded.warnedNames, n), theme.Muted, 13)
		leftOut.Hide()
		leaveOut := widgets.NewCheck("Leave "+theseText(n)+" out", func(checked bool) {
			names := loaded.names
			if ids = all; checked {
				ids, names = loaded.unwarned, loaded.unwarnedNames
			}
			widgets.SetVisible(leftOut, checked)
			prompt.SetText(bulkPromptText(data.Blocked, len(ids)))
			nameList.SetText(joinNames(names, len(ids)))
			d.ConfirmButton().SetText(bulkButtonText(data.Blocked, len(ids)))
			d.SetTitle(bulkTitle(data.Blocked, len(ids)))
		})
		questions = append(questions, leaveOut, leftOut)
	}
	warnings := loaded.warnings
	var acknowledged *widgets.Check
	var dialogOptions []widgets.DialogOption
	if loaded.tooMany {
		warnings = append(warnings, "This makes more than 10 blocks in 10 minutes. Make sure that you mean all of them.")
		acknowledged = widgets.NewCheck(acknowledgeText, nil)
		questions = append(questions, acknowledged)
		dialogOptions = append(dialogOptions, widgets.WithFocus(acknowledged))
	}
	body := newBulkBody(prompt, nameList,
		"New messages are held: not shown, and without a sound.",
		"Nothing can be sent to them from this desk.",
		"The chats and their history stay. You can unblock at any time.",
		unchangedText(len(loaded.Blocked), "is already blocked. A later end or a different reason or note counts, an earlier end does not.", "are already blocked. A later end or a different reason or note counts for them, an earlier end does not."),
	)
	if len(warnings) > 0 {
		body.Add(newCautionBox(warnings, questions...))
	}
	body.Add(options.box)
	d = c.dialogs.Ask(bulkTitle(data.Blocked, len(ids)), body, bulkButtonText(data.Blocked, len(ids)), widgets.Danger, func(d *widgets.Dialog) {
		request, err := options.request(c.desk.Now())
		switch {
		case len(ids) == 0:
			err = errNobodyLeft
		case acknowledged != nil && !acknowledged.Checked:
			err = errManyNotAcknowledged
		}
		if err != nil {
			dialogs.ShowError(d, err)
			return
		}
		chosen := ids
		c.runBulk(d, bulkAction{want: data.Blocked, count: len(chosen), run: func(ctx context.Context, onProgress func(desk.Progress)) (desk.BulkResult, error) {
			return c.desk.BlockMany(ctx, by, chosen, request, onProgress)
		}})
	}, dialogOptions...)
}

func (c *Controller) showUnblockMany(loaded bulkDialogData) {
	by, ids := c.actor(), loaded.Blocked
	options := newUnblockOptions(loaded.Held, data.Typed{})
	prompt, nameList := newBulkPrompt(data.Active, loaded.names, len(ids))
	body := newBulkBody(prompt, nameList,
		"New messages appear again, with sound and unread marks.",
		"You can write to them again.",
		bulkHeldEffectText(loaded.Held),
		unchangedText(len(loaded.Active), "is not blocked and stays so.", "are not blocked and stay so."),
	)
	body.Add(options.box)
	c.dialogs.Ask(bulkTitle(data.Active, len(ids)), body, bulkButtonText(data.Active, len(ids)), widgets.Confirm, func(d *widgets.Dialog) {
		request := options.request()
		c.runBulk(d, bulkAction{want: data.Active, count: len(ids), run: func(ctx context.Context, onProgress func(desk.Progress)) (desk.BulkResult, error) {
			return c.desk.UnblockMany(ctx, by, ids, request, onProgress)
		}})
	})
}

// newBulkPrompt returns the question, and the names of the first customers.
func newBulkPrompt(want data.Status, names []string, count int) (prompt, nameList *widgets.Paragraph) {
	return dialogs.Paragraph(bulkPromptText(want, count)), dialogs.Bold(joinNames(names, count))
}

// newBulkBody names the customers under the question, then says what the act will do.
func newBulkBody(prompt, nameList fyne.CanvasObject, effects ...string) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(12), prompt, nameList, newBulletList(effects))
}
