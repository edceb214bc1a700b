package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Check is Fyne's check that lets Enter and Escape through to a dialog.
type Check struct {
	widget.Check
}

// NewCheck makes a check that says label.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{}
	c.Text = label
	c.OnChanged = changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey passes the keys on that a check has no use for; Space comes as a
// letter.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace {
		forwardKey(c, key)
	}
}

// KeyDown is here to tell a press of Enter from its repeats.
func (c *Check) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp is here for the same.
func (c *Check) KeyUp(key *fyne.KeyEvent) { enterUp(key) }
