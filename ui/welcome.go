package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newNoChat stands in the chat's place while no chat is open.
func (w *Window) newNoChat() fyne.CanvasObject {
	text := widgets.NewEllipsisLabel(theme.Muted, theme.Body)
	text.SetText("Choose a chat to read and answer")
	text.SetAlign(fyne.TextAlignCenter)
	return container.NewBorder(layout.NewSpacer(), nil, nil, nil, text)
}

// newWelcome stands in the window's middle while the profile is empty.
func (w *Window) newWelcome() fyne.CanvasObject {
	picture := canvas.NewImageFromResource(appIcon())
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSquareSize(72))
	title := widgets.NewEllipsisLabel(theme.Text, theme.Title)
	title.SetText("No messages yet")
	title.SetStyle(fyne.TextStyle{Bold: true})
	title.SetAlign(fyne.TextAlignCenter)
	demo := widgets.NewButton("Open the demo", widgets.Primary, w.openDemo)
	bring := widgets.NewButton("Bring in messages", widgets.Outline, w.showImportMessagesDialog)
	settings := widgets.NewButton("Settings", widgets.Ghost, w.openSettings)
	body := container.New(layout.NewCustomPaddedVBoxLayout(16),
		picture,
		title,
		newCenteredText("Look around in a world of invented customers, or bring in the messages you have.", 360),
		container.NewHBox(layout.NewSpacer(), demo, bring, settings, layout.NewSpacer()),
	)
	return container.NewStack(widgets.NewBackground(theme.Background), container.NewCenter(body))
}

func newCenteredText(text string, width float32) fyne.CanvasObject {
	return container.NewCenter(container.New(layout.NewGridWrapLayout(fyne.NewSize(width, 44)), widgets.NewParagraph(text, theme.Muted, theme.Body)))
}

func (w *Window) newDemoBanner() *widgets.Banner {
	b := widgets.NewBanner(widgets.DemoBanner)
	b.Set("Demo: every customer here is invented, and nothing leaves this computer.", "Start over", w.confirmResetDemo)
	return b
}

func (w *Window) confirmResetDemo() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Start the Demo Over",
		newParagraph("The demo's world goes back to its beginning. What you did in it is gone."),
		widgets.WithConfirm("Start over", widgets.Primary, func() { w.runDialog(d, w.ResetDemo) }))
	d.Show()
}

// openDemo opens the demo beside this window, or says that this is it.
func (w *Window) openDemo() {
	if w.settings.Demo {
		w.confirmResetDemo()
		return
	}
	if err := w.OpenDemo(); err != nil {
		w.showError(err)
	}
}

// showImportMessagesDialog says how messages come in, and takes them from a file.
func (w *Window) showImportMessagesDialog() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Bring In Messages",
		newForm(
			newParagraph("Latchdesk reads messages as DoubleTick delivers them (MESSAGE_RECEIVED): one JSON object, an array of them, or one on each line."),
			widgets.NewBullet("From a file: choose it here. What is here already is not taken twice."),
			widgets.NewBullet("From a script: latchdesk receive FILE, or - for what is piped in."),
		),
		widgets.WithConfirm("Choose a file", widgets.Primary, func() {
			d.Close()
			w.chooseMessagesFile()
		}))
	d.Show()
}

func (w *Window) chooseMessagesFile() {
	choose := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			w.showError(err)
			return
		}
		if file == nil {
			return
		}
		path := file.URI().Path()
		file.Close()
		w.importMessages(path)
	}, w.win)
	choose.Show() // before Resize, which needs what Show makes
	choose.Resize(fyne.NewSize(720, 520))
}

func (w *Window) importMessages(path string) {
	var said string
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		said, err = w.ImportMessages(ctx, path)
		return err
	}, func(err error) {
		if err != nil {
			said = desk.Explain(err)
		}
		widgets.NewNotice(w.win.Canvas(), "Bring In Messages", said, "OK").Show()
	})
}
