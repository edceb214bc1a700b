package ui

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func TestProgramMenu_CountsBlocksToReview(t *testing.T) {
	a := sit(t, newBlockedWorld(t))
	a.click("Menu")
	if got := a.opensMenu(); got[0] != "Blocked customers · 1 to review" {
		t.Errorf("it begins with %q", got[0])
	}
	a.click("Blocked customers · 1 to review")
	a.sees("Past blocks 0")
}

func TestRules_SavesReviewPeriods(t *testing.T) {
	a := sit(t, newBlockedWorld(t))
	a.press("Ctrl+,")
	a.asks("Settings")
	a.click("Blocking reasons and safeguards…")
	a.asks("Blocking reasons and safeguards")
	for _, typed := range []string{"soon", "120"} {
		a.screen.Focus(a.entryOf("90", "soon"))
		a.press("Ctrl+A")
		a.write(typed)
		a.press("Enter")
		if typed == "soon" {
			a.sees(`"soon" is not a number of days from 0 to 3650`)
		}
	}
	a.asks("Settings") // which it was opened from
	a.press("Escape")
	a.free()
	if p, err := a.Desk.ReviewPeriods(t.Context()); err != nil || p != (data.ReviewPeriods{Days: 30, Old: 120}) {
		t.Errorf("%+v, %v", p, err)
	}
	a.click("Menu")
	if got := a.opensMenu(); got[0] != "Blocked customers" {
		t.Errorf("a block of a hundred days is due after a hundred and twenty: %q", got[0])
	}
}

// entryOf returns the entry of the uppermost layer that holds one of these texts.
func (a *agent) entryOf(texts ...string) *widgets.Entry {
	a.t.Helper()
	for _, s := range a.top() {
		if e, ok := s.object.(*widgets.Entry); ok && slices.Contains(texts, e.Text) {
			return e
		}
	}
	a.t.Fatalf("no entry holds %q", texts)
	return nil
}
