package ui

import (
	"context"

	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// demoControl opens the demo, or starts it over in the demo's own window.
type demoControl struct {
	dialogs *dialogs.Presenter
	inDemo  bool                        // this window shows the demo
	start   func() error                // Options.OpenDemo
	reset   func(context.Context) error // Options.ResetDemo
}

func (c *demoControl) open() {
	if c.inDemo {
		c.confirmReset()
		return
	}
	if err := c.start(); err != nil {
		c.dialogs.NotifyError(err)
	}
}

func (c *demoControl) newBanner() *widgets.Banner {
	b := widgets.NewBanner(widgets.DemoBanner)
	b.Set("Demo: every customer here is invented, and nothing leaves this computer.", "Start over", c.confirmReset)
	return b
}

func (c *demoControl) confirmReset() {
	c.dialogs.Ask("Start the demo over",
		dialogs.Paragraph("The demo goes back to its starting point. Everything you did in it will be lost."),
		"Start over", widgets.DangerOutline, func(d *widgets.Dialog) { c.dialogs.Run(d, c.reset) })
}
