package chatlist

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
)

// What ends a selection ends one, too, that still waits for the list to be read.
func TestClearSelection_EndsWhatWaits(t *testing.T) {
	for name, end := range map[string]func(b *bench){
		"another look at the list": func(b *bench) { test.Tap(b.tabs[data.AllChats]) },
		"another list":             func(b *bench) { test.Tap(b.tabs[data.UnreadChats]) },
		"another search":           func(b *bench) { b.Search.SetText("a") },
		"Escape":                   func(b *bench) { b.handleListKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
	} {
		for selects, ask := range map[string]func(b *bench){
			"all":     func(b *bench) { b.SelectAll() },
			"a range": func(b *bench) { b.handleTap(b.id("ada"), fyne.KeyModifierShift) },
			"by keys": func(b *bench) { b.extendSelection(1) },
		} {
			b := open(t, "Ada", "Bea", "Cleo")
			b.done()
			b.Open(b.id("cleo"))
			b.reload(false)
			ask(b)
			if len(b.Selected()) != 0 {
				t.Fatalf("%s is selected before the list is read", selects)
			}
			end(b)
			b.done()
			if got := b.Selected(); len(got) != 0 {
				t.Errorf("%s, then %s: %d are selected", selects, name, len(got))
			}
			b.reload(false)
			ask(b)
			b.done()
			if got := b.Selected(); len(got) == 0 {
				t.Errorf("%s selects nothing", selects)
			}
		}
	}
}
