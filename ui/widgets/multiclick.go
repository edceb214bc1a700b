package widgets

import (
	"time"

	"fyne.io/fyne/v2"
)

// multiClick counts presses in quick succession at one place. Fyne's DoubleTapped
// would delay every single one.
type multiClick struct {
	last     time.Time
	position fyne.Position
	count    int
}

// register returns how many presses there are with this one.
func (c *multiClick) register(at fyne.Position) int {
	now := time.Now()
	near := at.Subtract(c.position)
	quick := now.Sub(c.last) < fyne.CurrentApp().Driver().DoubleTapDelay()
	if !quick || near.X*near.X+near.Y*near.Y > 16 {
		c.count = 0
	}
	c.last, c.position = now, at
	c.count++
	return c.count
}
