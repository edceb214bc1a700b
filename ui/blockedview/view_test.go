package blockedview_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func TestShow_FillsTheList(t *testing.T) {
	a := sitAtThree(t)
	if a.pane.Shown() {
		t.Fatal("it is shown before it is opened")
	}
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	a.Sees("Blocked customers", "Blocked 3", "Past blocks 0", "1 to review")
	a.rowSays(walterName, "+46 70 123 45 67", "Spam · Every day", "by Asha Rao · 14:04", "For good", "1 held", "Unblock")
	a.rowSays(meeraName, "No reason", "by Ben · 14:03", "Until 22:03", "8 hours left")
	a.rowSays(nobodyName, "Scam", "Review due")
	a.pane.Hide()
	if a.pane.Shown() {
		t.Error("it is shown after it was hidden")
	}
}

func TestShow_Nobody(t *testing.T) {
	a := sit(t)
	a.show()
	a.Sees("Nobody is blocked", "Block a customer from the chat with Ctrl+B, or add a number here.", "Blocked 0")
	a.Press(fyne.KeyDown, fyne.KeyReturn, fyne.KeyDelete, desktop.KeyMenu)
	if a.pane.Selected() != 0 || len(a.opened)+len(a.unblocked)+len(a.menus) != 0 {
		t.Errorf("something was done to nobody: %v %v %v", a.opened, a.unblocked, a.menus)
	}
	a.Click("Add a number…")
	if a.added != 1 {
		t.Errorf("a number is added %d times", a.added)
	}
	test.Tap(a.Button("Back to the chats"))
	if a.left != 1 {
		t.Errorf("it is left %d times", a.left)
	}
}

// A read that takes longer than a moment is said to be under way, and a quick
// one is not.
func TestShow_SaysThatItReadsAfterAWhile(t *testing.T) {
	a := sitAtThree(t)
	a.gate.Lock()
	open := sync.OnceFunc(a.gate.Unlock)
	defer open()
	began := time.Now()
	a.show()
	a.Until("it says that it reads", func() bool { return slices.Contains(a.Texts(), "Reading…") })
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("it is said after %v", took)
	}
	open()
	a.stands(walterName, meeraName, nobodyName)
	if slices.Contains(a.Texts(), "Reading…") {
		t.Error("it still reads")
	}
}

func TestSearch_Narrows(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	a.search("meera")
	a.stands(meeraName)
	a.search("999 99")
	a.stands(nobodyName)
	a.search("zzz")
	a.Sees("No blocked customer matches")
	a.Click("Show all")
	a.stands(walterName, meeraName, nobodyName)
	if a.pane.Search.Text != "" {
		t.Errorf("searched is %q", a.pane.Search.Text)
	}
}

// From the search field Enter and Down go into the list; Escape takes the search
// away, and then goes back into the list.
func TestSearch_Keys(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown} {
		a := sitAtThree(t)
		a.show()
		a.stands(walterName, meeraName, nobodyName)
		a.search("meera")
		a.stands(meeraName)
		a.Press(key)
		if a.Canvas.Focused() != a.pane.FocusTarget() {
			t.Errorf("%s: the keyboard is on %T", key, a.Canvas.Focused())
		}
		a.marked(a.meera)
		a.Canvas.Focus(a.pane.Search)
		a.Press(fyne.KeyEscape)
		a.stands(walterName, meeraName, nobodyName)
		if a.pane.Search.Text != "" || len(a.opened) != 0 {
			t.Errorf("%s: searched is %q, opened is %v", key, a.pane.Search.Text, a.opened)
		}
		a.Press(fyne.KeyEscape)
		if a.Canvas.Focused() != a.pane.FocusTarget() {
			t.Errorf("%s: the second Escape led to %T", key, a.Canvas.Focused())
		}
	}
}

func TestFilters_NarrowAndSort(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	choose := func(from, to string) {
		t.Helper()
		for _, s := range uitest.All[*widgets.Select](a.Agent) {
			if s.Selected() == from {
				s.SetSelected(to)
				return
			}
		}
		t.Fatalf("nothing stands at %s", from)
	}
	for _, step := range []struct {
		from, to string
		want     []string
	}{
		{"All reasons", "Spam", []string{walterName}},
		{"Spam", "No reason", []string{meeraName}},
		{"No reason", "All reasons", []string{walterName, meeraName, nobodyName}},
		{"All agents", "Ben", []string{meeraName}},
		{"Ben", "All agents", []string{walterName, meeraName, nobodyName}},
		{"Any end", "For good", []string{walterName, nobodyName}},
		{"For good", "Within a day", []string{meeraName}},
		{"Within a day", "Within a week", []string{meeraName}},
		{"Within a week", "Review due", []string{nobodyName}},
		{"Review due", "Any end", []string{walterName, meeraName, nobodyName}},
		{"Newest first", "By name", []string{meeraName, walterName, nobodyName}},
		{"By name", "Ends soonest", []string{meeraName, walterName, nobodyName}},
		{"Ends soonest", "Most held", []string{walterName, meeraName, nobodyName}},
		{"Most held", "Newest first", []string{walterName, meeraName, nobodyName}},
	} {
		choose(step.from, step.to)
		a.stands(step.want...)
	}
	choose("All reasons", "Spam")
	choose("All agents", "Ben")
	a.Sees("No blocked customer matches")
	a.Click("Show all")
	a.stands(walterName, meeraName, nobodyName)
}

func TestShowDue(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	a.Click("1 to review")
	a.stands(nobodyName)
	_, err := a.Desk.Amend(t.Context(), uitest.Asha, a.nobody, data.AmendRequest{Review: new(a.Desk.Now().Add(time.Hour))})
	a.Must(err)
	a.pane.Changed()
	a.Sees("Nothing to review", "Every block was reviewed recently, or has a review date.")
	a.Click("Show all")
	a.stands(walterName, meeraName, nobodyName)
	a.rowSays(nobodyName, "review 15:05")
	a.Click("Past blocks 0")
	a.Sees("No block has ended yet")
	a.pane.ShowDue()
	a.Sees("Nothing to review")
}

func TestKeys_MoveAndAct(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	if a.pane.Selected() != 0 {
		t.Errorf("customer %d is marked before any key", a.pane.Selected())
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int64
	}{
		{fyne.KeyDown, a.walter},
		{fyne.KeyUp, a.walter},
		{fyne.KeyDown, a.meera},
		{fyne.KeyDown, a.nobody},
		{fyne.KeyDown, a.nobody},
		{fyne.KeyHome, a.walter},
		{fyne.KeyEnd, a.nobody},
		{fyne.KeyPageUp, a.walter},
		{fyne.KeyPageDown, a.nobody},
		{fyne.KeyUp, a.meera},
	} {
		a.Press(step.key)
		if got := a.pane.Selected(); got != step.want {
			t.Errorf("after %s customer %d is marked, want %d", step.key, got, step.want)
		}
	}
	a.Press(fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDelete, fyne.KeyU, desktop.KeyMenu)
	a.Press(fyne.KeyEnd, fyne.KeyReturn, desktop.KeyMenu) // there is no chat to open
	if want := []int64{a.meera, a.meera}; !slices.Equal(a.opened, want) || !slices.Equal(a.unblocked, want) {
		t.Errorf("opened is %v, unblocked is %v, want %v", a.opened, a.unblocked, want)
	}
	if want := []string{fmt.Sprint(a.meera, true), fmt.Sprint(a.nobody, false)}; !slices.Equal(a.menus, want) {
		t.Errorf("menus are opened of %q, want %q", a.menus, want)
	}
	a.pane.UnblockSelected()
	a.pane.MenuSelected()
	if len(a.unblocked) != 3 || a.unblocked[2] != a.nobody || len(a.menus) != 3 {
		t.Errorf("unblocked is %v, menus %q", a.unblocked, a.menus)
	}
}

func TestMouse_OpensAndUnblocks(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	a.Click(meeraName)
	if !slices.Equal(a.opened, []int64{a.meera}) || a.pane.Selected() != a.meera {
		t.Errorf("opened is %v, marked is %d", a.opened, a.pane.Selected())
	}
	a.Click(nobodyName)
	if len(a.opened) != 1 || a.pane.Selected() != a.nobody {
		t.Errorf("opened is %v, marked is %d", a.opened, a.pane.Selected())
	}
	for _, row := range a.Look() {
		text, ok := row.Object.(*canvas.Text)
		if !ok || text.Text != meeraName {
			continue
		}
		for _, o := range row.Above {
			if s, ok := o.(fyne.SecondaryTappable); ok {
				s.TappedSecondary(&fyne.PointEvent{})
			}
		}
	}
	if want := []string{fmt.Sprint(a.meera, true)}; !slices.Equal(a.menus, want) {
		t.Errorf("menus are opened of %q, want %q", a.menus, want)
	}
	a.search("walter")
	a.stands(walterName)
	a.Click("Unblock")
	if !slices.Equal(a.unblocked, []int64{a.walter}) || a.pane.Selected() != a.walter {
		t.Errorf("unblocked is %v, marked is %d", a.unblocked, a.pane.Selected())
	}
}

// The mark and the place stay while others come and go; who is not blocked any
// more is gone.
func TestChanged_KeepsTheMark(t *testing.T) {
	a := sitAtThree(t)
	a.show()
	a.stands(walterName, meeraName, nobodyName)
	a.Press(fyne.KeyEnd)
	a.Unblock(uitest.Ben, a.walter)
	a.pane.Changed()
	a.stands(meeraName, nobodyName)
	a.Sees("Blocked 2", "Past blocks 1")
	a.marked(a.nobody)
	a.Unblock(uitest.Ben, a.nobody)
	a.pane.Changed()
	a.stands(meeraName)
	if got := a.pane.Selected(); got == a.nobody {
		t.Error("who is gone is marked")
	}
	a.pane.Hide()
	a.Unblock(uitest.Ben, a.meera)
	a.pane.Changed() // out of sight it reads nothing
	a.show()
	a.Sees("Nobody is blocked")
}

func TestPast_ShowsWhatIsOver(t *testing.T) {
	a := sitAtThree(t)
	a.Forward(time.Minute)
	a.Unblock(uitest.Ben, a.walter)
	a.Forward(9 * time.Hour)
	if _, err := a.Desk.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.show()
	a.stands(nobodyName)
	a.Click("Past blocks 2")
	a.stands(meeraName, walterName)
	a.rowSays(walterName, "Spam", "Blocked by Asha Rao · 14:04", "Unblocked by Ben", "14:06 · after 2 minutes")
	a.rowSays(meeraName, "No reason", "Blocked by Ben · 14:03", "Ended by itself", "22:03 · after 8 hours")
	if slices.Contains(a.Texts(), "Unblock") || len(uitest.All[*widgets.Select](a.Agent)) != 0 {
		t.Error("a past block can be unblocked or filtered")
	}
	a.Canvas.Focus(a.pane.FocusTarget())
	a.Press(fyne.KeyDown, fyne.KeyDelete, fyne.KeyReturn)
	if len(a.unblocked) != 0 || !slices.Equal(a.opened, []int64{a.meera}) {
		t.Errorf("unblocked is %v, opened is %v", a.unblocked, a.opened)
	}
	a.search("meera")
	a.stands(meeraName)
	a.search("zzz")
	a.Sees("No past blocks match “zzz”")
	a.Click("Show all")
	a.stands(meeraName, walterName)
	a.Click("Blocked 1")
	a.stands(nobodyName)
}

func TestShow_Failure(t *testing.T) {
	a := sitAtThree(t)
	mend := a.Break("customers")
	a.show()
	a.Sees("The list could not be read", "Nothing was changed.")
	if len(a.failures) != 1 || len(a.names()) != 0 {
		t.Errorf("told is %v; in sight are %q", a.failures, a.names())
	}
	mend()
	a.Click("Try again")
	a.stands(walterName, meeraName, nobodyName)
}

// However many there are, only those in sight exist.
func TestList_OfVeryMany(t *testing.T) {
	const many = 1500
	a := sit(t)
	a.Must(a.Desk.SetDisabledRules(t.Context(), []string{"many-blocks"}))
	var ids []int64
	for i := range many {
		ids = append(ids, a.Add(data.Phone(fmt.Sprintf("+4670%07d", i)), fmt.Sprintf("Crowd %04d", i)))
	}
	done, err := a.Desk.BlockMany(t.Context(), uitest.Ben, ids, data.BlockRequest{}, nil)
	a.Must(err)
	if done.Done != many {
		t.Fatalf("%+v", done.Progress)
	}
	a.show()
	a.Sees("Blocked " + widgets.FormatCount(many))
	shows := func(name string) {
		t.Helper()
		a.Until(name+" is in sight", func() bool { return slices.Contains(a.names(), name) })
		if n := len(a.names()); n > 30 {
			t.Errorf("%d rows exist", n)
		}
	}
	for _, s := range uitest.All[*widgets.Select](a.Agent) {
		s.SetSelected("By name")
	}
	shows("Crowd 0000")
	a.Press(fyne.KeyEnd)
	shows("Crowd 1499")
	a.marked(ids[many-1])
	a.Press(fyne.KeyPageUp)
	a.Until("the mark is a page higher", func() bool { id := a.pane.Selected(); return id != 0 && id < ids[many-1] && id > ids[many-30] })
	a.Press(fyne.KeyHome)
	shows("Crowd 0000")
	a.marked(ids[0])
	a.search("crowd 1234")
	a.stands("Crowd 1234")
}
