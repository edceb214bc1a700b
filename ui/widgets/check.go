package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Check is Fyne's check, but passes Enter and Escape on to a dialog.
type Check struct {
	widget.Check
}

// NewCheck returns a check with a label.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{}
	c.Text = label
	c.OnChanged = changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey passes keys on that a check has no use for. Space comes to TypedRune.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	if key.Name != fyne.KeySpace {
		forwardKey(c, key)
	}
}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (c *Check) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (c *Check) KeyUp(key *fyne.KeyEvent) { enterUp(key) }
