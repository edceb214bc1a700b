package ui

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// The history opens with Ctrl+H and from the program's menu: of whoever's chat
// is open, and of all where none is.
func TestHistory_Opens(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		p := newWorld(t)
		a := sit(t, p, mode)
		colleague := a.colleague()
		for _, phone := range []data.Phone{walter, meera} {
			a.blockAs(colleague, ben, phone)
		}
		a.counts("3", "1", "2")

		a.press("Ctrl+H")
		a.asks("History")
		a.sees("Customer blocked by Ben")
		a.loses("This customer only")
		a.press("Escape")
		a.free()

		a.click("Walter Quist")
		a.sees("Blocked by Ben today at 14:05 · for good")
		a.click("Menu")
		a.opensMenu()
		a.click("History…")
		a.asks("History")
		a.sees("This customer only")
		a.sees("by command")
		a.picture("history-" + a.settings.Theme)
		a.press("Escape")
		a.free()
	})
}
