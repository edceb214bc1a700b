package blockdialog

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// action does something to a customer, if its version is still the one given.
type action func(ctx context.Context, version int64) (data.Outcome, error)

// dialogSpec describes a dialog about one customer.
type dialogSpec struct {
	want        data.Status
	title       string
	prompt      string
	button      string
	style       widgets.Style
	effects     []string
	impact      []string
	warnings    *riskWarnings          // nil where nothing speaks against it
	options     fyne.CanvasObject      // what else can be chosen
	problem     error                  // what is wrong with the options already; nil for nothing
	focus       fyne.Focusable         // what has the focus where nothing speaks against it; nil for the button
	action      func() (action, error) // reads the options; an error is shown in the dialog
	alreadyDone string                 // what a notice says where somebody else did it first
	answered    func()                 // called once it was not left; may be nil
}

func (s dialogSpec) answer() {
	if s.answered != nil {
		s.answered()
	}
}

const errChangedMeanwhile data.UserError = "Someone changed this customer meanwhile. Look again, then confirm once more."

func (c *Controller) notifyAlreadyDone(spec dialogSpec) {
	spec.answer()
	c.dialogs.Notify(spec.title, "Someone else was faster. "+spec.alreadyDone)
}

// show asks, and acts on the customer as it was when the dialog opened. If it has
// been changed since, the next confirmation acts on the new version.
func (c *Controller) show(customer data.Customer, spec dialogSpec) {
	version := customer.Version
	var options []widgets.DialogOption
	switch {
	case spec.warnings != nil:
		options = append(options, widgets.WithFocus(spec.warnings.acknowledged))
	case spec.focus != nil:
		options = append(options, widgets.WithFocus(spec.focus))
	}
	asked := c.dialogs.Ask(spec.title, newDialogBody(customer, spec), spec.button, spec.style, func(d *widgets.Dialog) {
		act, err := spec.action()
		if err != nil {
			dialogs.ShowError(d, err)
			return
		}
		var out data.Outcome
		var alreadyDone bool
		c.dialogs.Run(d, func(ctx context.Context) (err error) {
			if out, err = act(ctx, version); !errors.Is(err, data.ErrChanged) {
				return err
			}
			version = out.Customer.Version
			if alreadyDone = out.Customer.Status(c.desk.Now()) == spec.want; alreadyDone {
				return nil
			}
			return errChangedMeanwhile
		}, func() {
			if alreadyDone {
				c.notifyAlreadyDone(spec)
				return
			}
			spec.answer()
			c.OnDone(out)
		})
	}, options...)
	if spec.problem != nil {
		dialogs.ShowError(asked, spec.problem)
	}
}

// newDialogBody names the customer under the question, then says what the act will
// do, and offers what can be chosen with it.
func newDialogBody(customer data.Customer, spec dialogSpec) fyne.CanvasObject {
	avatar := widgets.NewAvatar(36)
	if customer.IsGroup() {
		avatar.SetGroup(string(customer.Address), false)
	} else {
		avatar.Set(customer.Initials(), string(customer.Address), false)
	}
	name := widgets.NewEllipsisLabel(theme.Text, theme.Body)
	name.SetStyle(fyne.TextStyle{Bold: true})
	name.SetText(customer.Title())
	phone := widgets.NewEllipsisLabel(theme.Muted, theme.Caption)
	phone.SetText(customer.Contact())
	header := container.NewBorder(nil, nil, container.NewCenter(avatar), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), container.New(layout.NewCustomPaddedVBoxLayout(0), name, phone)))
	body := container.New(layout.NewCustomPaddedVBoxLayout(12),
		dialogs.Paragraph(spec.prompt), header, newBulletList(spec.effects))
	if spec.warnings != nil {
		body.Add(spec.warnings.box)
	}
	body.Add(spec.options)
	if len(spec.impact) > 0 {
		body.Add(widgets.NewParagraph(strings.Join(spec.impact, "\n"), theme.Muted, 13))
	}
	return body
}

// newBulletList lists all texts that are not empty.
func newBulletList(texts []string) *fyne.Container {
	list := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, text := range texts {
		if text != "" {
			list.Add(widgets.NewBullet(text))
		}
	}
	return list
}
