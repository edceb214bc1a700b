package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A tab turns to its list by mouse and keys, and says how much is in it.
func TestTab_ShowsCount(t *testing.T) {
	turned := 0
	tab := NewTab("Blocked", func() { turned++ })
	w := window(t, tab)
	left := 0
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { left++ })

	test.Tap(tab)
	press(tab, fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape)
	if turned != 3 || left != 1 {
		t.Errorf("turned %d times, and %d keys went on", turned, left)
	}
	if tab.text.Text != "Blocked" {
		t.Errorf("it says %q before anything was counted", tab.text.Text)
	}
	tab.SetCount(1234567)
	if want := "Blocked 1\u202f234\u202f567"; tab.text.Text != want {
		t.Errorf("it says %q", tab.text.Text)
	}
}
