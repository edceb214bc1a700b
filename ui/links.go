package ui

import (
	"fmt"
	"net/url"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// confirmOpenLink shows where a link really leads before it is opened.
func confirmOpenLink(p *dialogs.Presenter, link *url.URL) {
	target := link.String()
	if link.Host != "" {
		target = link.Hostname()
	}
	p.Ask("Open link",
		dialogs.Form(dialogs.Paragraph("This opens outside Latchdesk:"), dialogs.Bold(target), dialogs.Caption(data.OneLine(link.String(), 300))),
		"Open", widgets.Primary, func(d *widgets.Dialog) {
			d.Close()
			if err := fyne.CurrentApp().OpenURL(link); err != nil {
				p.NotifyError(fmt.Errorf("the link could not be opened: %w", err))
			}
		})
}
