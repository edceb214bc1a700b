package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// commandNotice says above the composer that what was typed is no command and was not
// sent. It offers the commands that may have been meant, and to send it as a text.
type commandNotice struct {
	root    *fyne.Container
	text    *widgets.Paragraph
	buttons *fyne.Container

	onCommand func(command string)
	onSend    func()
}

func newCommandNotice(onCommand func(command string), onSend func()) *commandNotice {
	n := &commandNotice{
		text:    widgets.NewParagraph("", theme.Text, 13),
		buttons: container.New(layout.NewCustomPaddedHBoxLayout(8)),

		onCommand: onCommand, onSend: onSend,
	}
	line := container.NewBorder(nil, nil, nil, container.NewCenter(n.buttons), n.text)
	n.root = container.NewStack(widgets.NewBackground(theme.CautionBackground), container.New(layout.NewCustomPaddedLayout(8, 8, 16, 16), line))
	n.root.Hide()
	return n
}

// show says that word is no command, and offers those near it.
func (n *commandNotice) show(word string, near []string) {
	text := data.OneLine(word, 40) + " is not a command, so nothing was sent."
	if len(near) == 0 {
		text += " Commands are /block and /unblock."
	}
	n.text.SetText(text)
	n.buttons.RemoveAll()
	for _, command := range near {
		n.buttons.Add(widgets.NewButton(command, widgets.Outline, func() { n.onCommand(command) }))
	}
	n.buttons.Add(widgets.NewButton("Send as text", widgets.Outline, n.onSend))
	n.root.Show()
}

// fit returns how high the notice is in a width.
func (n *commandNotice) fit(width float32) float32 {
	n.root.Resize(fyne.NewSize(width, n.root.MinSize().Height)) // its text wraps to the width
	return n.root.MinSize().Height
}

// hide takes the notice away, and reports whether it was there.
func (n *commandNotice) hide() bool {
	shown := n.root.Visible()
	n.root.Hide()
	return shown
}
