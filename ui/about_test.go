package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/assets"
)

// What is linked in is named under About, and all of it can be read there.
func TestAbout_ShowsLicences(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Menu")
	a.opensMenu()
	a.click("About Latchdesk")
	a.asks("Latchdesk 9.9.9")
	a.click("Licences")
	a.asks("Licences")
	a.says("Latchdesk stands on the work of others.")
	a.picture("licences")
	a.press("End")
	last := strings.TrimSpace(assets.ThirdPartyLicenses)
	a.says(strings.TrimSpace(last[strings.LastIndexByte(last, '\n')+1:]))
	a.press("Escape")
	a.asks("Latchdesk 9.9.9")
	a.press("Escape")
	a.free()
}

func TestWrapColumns_BreaksBetweenWords(t *testing.T) {
	got := wrapColumns("one\n\n  the quick brown fox jumps over\tthe dog\r\nabcdefghijklmnopqrstuvwxyz\n", 20)
	want := []string{"one", "", "  the quick brown", "fox jumps over", "the dog", "abcdefghijklmnopqrst", "uvwxyz"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// However it is scrolled, it shows no more than there is.
func TestLicenceText_Scrolls(t *testing.T) {
	sit(t, newWorld(t))
	p := newLicenceText(strings.Repeat("line\n", 1000))
	p.root.Resize(fyne.NewSize(600, licenceHeight))
	for _, c := range []struct {
		key        fyne.KeyName
		first, end int
	}{
		{fyne.KeyUp, 0, 26}, {fyne.KeyDown, 1, 27}, {fyne.KeyPageDown, 26, 52}, {fyne.KeyPageUp, 1, 27}, {fyne.KeyHome, 0, 26},
	} {
		p.handleKey(&fyne.KeyEvent{Name: c.key})
		if first, end := p.list.VisibleRange(); first != c.first || end-c.end > 1 {
			t.Errorf("%s: %d to %d", c.key, first, end)
		}
	}
	p.handleKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if _, end := p.list.VisibleRange(); end != 1000 {
		t.Errorf("the end is %d", end)
	}
	if p.handleKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) {
		t.Error("Enter is for the dialog")
	}
}
