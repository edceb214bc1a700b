package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newNoChat returns what stands in the chat's place while no chat is open.
func newNoChat() fyne.CanvasObject {
	text := widgets.NewEllipsisLabel(theme.Muted, theme.Body)
	text.SetText("Choose a chat to read and answer")
	text.SetAlign(fyne.TextAlignCenter)
	return container.NewBorder(layout.NewSpacer(), nil, nil, nil, text)
}

// newWelcome returns what stands in the window's middle while the profile is empty.
func newWelcome(openDemo, importMessages, openSettings func()) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(appIcon())
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(72))
	title := widgets.NewEllipsisLabel(theme.Text, theme.Title)
	title.SetText("No messages yet")
	title.SetStyle(fyne.TextStyle{Bold: true})
	title.SetAlign(fyne.TextAlignCenter)
	body := container.New(layout.NewCustomPaddedVBoxLayout(16),
		icon,
		title,
		newCenteredText("Look around in a world of invented customers, or import the messages you have.", 360),
		container.NewHBox(layout.NewSpacer(),
			widgets.NewButton("Open the demo", widgets.Primary, openDemo),
			widgets.NewButton("Import messages", widgets.Outline, importMessages),
			widgets.NewButton("Settings", widgets.Ghost, openSettings),
			layout.NewSpacer()),
	)
	return container.NewStack(widgets.NewBackground(theme.Background), container.NewCenter(body))
}

func newCenteredText(text string, width float32) fyne.CanvasObject {
	return container.NewCenter(container.New(layout.NewGridWrapLayout(fyne.NewSize(width, 44)), widgets.NewParagraph(text, theme.Muted, theme.Body)))
}
