package settings

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// themeChoices are the theme's modes with their labels.
var themeChoices = []struct{ label, mode string }{
	{"Same as the system", theme.System},
	{"Light", theme.Light},
	{"Dark", theme.Dark},
}

// Open opens the dialog about the agent's settings.
func (c *Controller) Open() {
	dialogs.Load(c.dialogs, c.desk.Agents, c.show)
}

// show opens the dialog; agents are the names of all who have worked here.
func (c *Controller) show(agents []string) {
	name := widgets.NewEntry()
	name.SetText(c.settings.Agent)
	if !slices.Contains(agents, c.settings.Agent) {
		agents = append(agents, c.settings.Agent)
	}
	others := widgets.NewSelect("Switch to", agents, name.SetText)
	others.Hidden = len(agents) < 2
	country := widgets.NewEntry()
	country.SetText(c.settings.Country)
	country.SetPlaceHolder("two letters, like SE or IN")
	var themeLabels []string
	for _, choice := range themeChoices {
		themeLabels = append(themeLabels, choice.label)
	}
	themes := widgets.NewSelect("", themeLabels, nil)
	themes.SetSelected(themeLabel(c.settings.Theme))
	notify := widgets.NewCheck("Notify me of new messages in the background", nil)
	notify.SetChecked(c.settings.Notify)
	link := func(label string, open func()) fyne.CanvasObject {
		return dialogs.LinkRow(widgets.NewLink(label, open)) // over this dialog, which keeps what was typed
	}
	body := dialogs.Form(
		dialogs.Caption("Your name, as shown in chats and in the history"), name, others,
		dialogs.Caption("Country of numbers without +"), country,
		dialogs.Caption("Appearance"), themes,
		notify,
		link("Blocking reasons and safeguards…", c.OpenRules),
		link("DoubleTick account…", c.OpenAccount),
	)
	if c.server != nil {
		body.Add(link("HTTP server…", c.OpenServer))
	}
	c.dialogs.Ask("Settings", body, "Save", widgets.Primary, func(d *widgets.Dialog) {
		s := *c.settings
		s.Agent, s.Country, s.Notify = name.Text, strings.TrimSpace(country.Text), notify.Checked
		s.Theme = themeChoices[slices.Index(themeLabels, themes.Selected())].mode
		c.dialogs.Run(d, func(ctx context.Context) error { return c.desk.SaveSettings(ctx, s) }, func() {
			fyne.CurrentApp().Settings().SetTheme(theme.New(s.Theme))
			*c.settings = s
		})
	}, widgets.WithFocus(name))
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// themeLabel returns the label of a mode; one that is not known follows the system.
func themeLabel(mode string) string {
	for _, choice := range themeChoices {
		if choice.mode == mode {
			return choice.label
		}
	}
	return themeChoices[0].label
}
