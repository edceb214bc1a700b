package blockdialog

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func (c *Controller) blockSpec(loaded dialogData, typed data.Typed) dialogSpec {
	by, id := c.actor(), loaded.customer.ID
	options := newBlockOptions(loaded.reasons, typed)
	warnings := newRiskWarnings(loaded.facts.Warnings())
	effects := []string{
		"New messages are held: not shown, and without a sound.",
		"Nothing can be sent to this customer from this desk.",
		"The chat and its history stay. You can unblock at any time.",
	}
	if loaded.cannotTell != "" {
		effects = append(effects, "The block holds at this desk only. "+loaded.cannotTell+".")
	}
	spec := dialogSpec{
		want:        data.Blocked,
		title:       "Block Customer",
		prompt:      "Are you sure you want to block this customer?",
		button:      "Block",
		style:       widgets.Danger,
		effects:     effects,
		impact:      loaded.facts.Impact(),
		warnings:    warnings,
		options:     options.box,
		alreadyDone: "This customer is already blocked. Nothing was changed.",
		action: func() (action, error) {
			if err := warnings.check(); err != nil {
				return nil, err
			}
			request, err := options.request(c.desk.Now())
			if err != nil {
				return nil, err
			}
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				request.Version = version
				return c.desk.Block(ctx, by, id, request)
			}, nil
		},
	}
	if _, spec.problem = options.request(c.desk.Now()); spec.problem != nil {
		spec.focus = options.expiry.custom
	}
	return spec
}

func (c *Controller) unblockSpec(loaded dialogData, typed data.Typed) dialogSpec {
	by, id := c.actor(), loaded.customer.ID
	options := newUnblockOptions(loaded.customer.Held, typed)
	return dialogSpec{
		want:   data.Active,
		title:  "Unblock Customer",
		prompt: "Are you sure you want to unblock this customer?",
		button: "Unblock",
		style:  widgets.Confirm,
		effects: []string{
			"New messages appear again, with sound and unread marks.",
			"You can write to this customer again.",
			heldEffectText(loaded.customer.Held),
		},
		options:     options.box,
		alreadyDone: "This customer is no longer blocked. Nothing was changed.",
		action: func() (action, error) {
			request := options.request()
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				request.Version = version
				return c.desk.Unblock(ctx, by, id, request)
			}, nil
		},
	}
}

func heldEffectText(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message appears in the chat, at its own time."
	}
	return fmt.Sprintf("%d held messages appear in the chat, at their own times.", held)
}
