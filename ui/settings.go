package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// themeChoices are the words for the theme's modes.
var themeChoices = []struct{ word, mode string }{
	{"Like the system", theme.System},
	{"Light", theme.Light},
	{"Dark", theme.Dark},
}

// openSettings shows the settings, with all who have worked here.
func (w *Window) openSettings() {
	dialogs.Load(w.dialogs, w.Desk.Agents, w.showSettingsDialog)
}

func (w *Window) showSettingsDialog(agents []string) {
	name := widgets.NewEntry()
	name.SetText(w.settings.Agent)
	if !slices.Contains(agents, w.settings.Agent) {
		agents = append(agents, w.settings.Agent)
	}
	others := widgets.NewSelect("Switch to", agents, name.SetText)
	country := widgets.NewEntry()
	country.SetText(w.settings.Country)
	country.SetPlaceHolder("two letters, like SE or IN")
	var words []string
	for _, l := range themeChoices {
		words = append(words, l.word)
	}
	look := widgets.NewSelect("", words, nil)
	look.SetSelected(words[slices.IndexFunc(themeChoices, func(l struct{ word, mode string }) bool { return l.mode == themeModeOf(w.settings.Theme) })])
	notify := widgets.NewCheck("Tell me of new messages when the window is not in front", nil)
	notify.SetChecked(w.settings.Notify)
	if len(agents) < 2 {
		others.Hide()
	}
	body := newForm(
		newCaption("Your name, as events and customers' histories show it"), name, others,
		newCaption("Country of numbers without +"), country,
		newCaption("Look"), look,
		notify,
	)
	var d *widgets.Dialog
	body.Add(newLinkRow(widgets.NewLink("Reasons and guard rails of blocking…", func() {
		d.Close()
		w.openRules()
	})))
	body.Add(newLinkRow(widgets.NewLink("DoubleTick account…", func() {
		d.Close()
		w.openAccount()
	})))
	if w.Server != nil {
		body.Add(newLinkRow(widgets.NewLink("HTTP server…", func() {
			d.Close()
			w.openServer()
		})))
	}
	d = widgets.NewDialog(w.win.Canvas(), "Settings", body, widgets.WithFocus(name),
		widgets.WithConfirm("Save", widgets.Primary, func() {
			s := w.settings
			s.Agent, s.Country, s.Notify = name.Text, strings.TrimSpace(country.Text), notify.Checked
			s.Theme = themeChoices[slices.Index(words, look.Selected())].mode
			d.SetBusy(true)
			w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.SaveSettings(ctx, s) }, func(err error) {
				d.SetBusy(false)
				if err != nil {
					d.SetError(desk.Explain(err))
					return
				}
				d.Close()
				fyne.CurrentApp().Settings().SetTheme(theme.New(s.Theme))
				w.settings = s
			})
		}))
	d.Show()
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func themeModeOf(mode string) string {
	if mode == theme.Light || mode == theme.Dark {
		return mode
	}
	return theme.System
}
