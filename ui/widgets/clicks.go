package widgets

import (
	"time"

	"fyne.io/fyne/v2"
)

// clicks counts presses that come quickly at one place. Fyne's double tap
// would hold back every single one.
type clicks struct {
	last  time.Time
	where fyne.Position
	count int
}

// press tells how many presses this one makes.
func (c *clicks) press(at fyne.Position) int {
	now := time.Now()
	near := at.Subtract(c.where)
	quick := now.Sub(c.last) < fyne.CurrentApp().Driver().DoubleTapDelay()
	if !quick || near.X*near.X+near.Y*near.Y > 16 {
		c.count = 0
	}
	c.last, c.where = now, at
	c.count++
	return c.count
}
