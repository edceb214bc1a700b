package chat

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// send does what was typed: a command, or a message. What begins with a slash and is no
// command is not sent.
func (p *Pane) send(text string) {
	if word, near, mistyped := data.MistypedCommand(text); mistyped {
		p.mistyped.show(word, near)
		p.body.Refresh()
		p.focusFooter() // the Send button has taken the focus where it was clicked
		return
	}
	id := p.customer.ID
	if p.OnCommand(text, func() { p.dropCommand(id, text) }) {
		p.focusFooter()
		return
	}
	p.sendText(data.TypedText(text))
}

// dropCommand removes a command that has done what it is for. Until then it stays in the
// composer, so that it is still there where its dialog is left.
func (p *Pane) dropCommand(customer int64, text string) {
	switch {
	case p.customer.ID != customer:
		p.saveDraft(customer, "")
	case p.composer.entry.Text == text:
		p.composer.entry.SetText("")
		p.SaveDraft()
	}
}

// useCommand puts a command in the place of the mistyped one.
func (p *Pane) useCommand(command string) {
	text := strings.TrimLeft(p.composer.entry.Text, " \t\n")
	rest := strings.TrimPrefix(text, strings.Fields(text + " /")[0])
	p.composer.entry.ReplaceText(command + rest)
	p.hideMistyped()
	p.focusFooter()
}

// hideMistyped takes the notice of a mistyped command away.
func (p *Pane) hideMistyped() {
	if p.mistyped.hide() {
		p.body.Refresh()
	}
}

// sendText sends a message, whatever it begins with.
func (p *Pane) sendText(text string) {
	typed := p.composer.entry.Text
	id, by := p.customer.ID, p.Actor()
	p.stopDraftTimer()
	p.composer.entry.SetText("")
	p.stopDraftTimer()
	p.timeline.following = !p.hasNewer
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.Root); c != nil {
		widgets.Focus(c, p.composer.entry) // which the Send button has taken
	}
	saved := p.trackDraft(id, "")
	p.runner.Enqueue(func(ctx context.Context) error {
		_, err := p.desk.Send(ctx, by, id, text)
		return err
	}, func(err error) {
		saved()
		if err == nil {
			if p.hasNewer && p.customer.ID == id {
				p.scrollToEnd()
			}
			return
		}
		p.restoreText(id, typed)
		p.OnError(err)
	})
}

// restoreText puts a text that could not be sent back, before what was typed since.
func (p *Pane) restoreText(customer int64, text string) {
	if p.customer.ID == customer {
		p.composer.entry.ReplaceText(strings.TrimSpace(text + "\n" + p.composer.entry.Text))
		return
	}
	p.saveDraft(customer, text)
}
