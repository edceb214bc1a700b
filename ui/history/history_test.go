package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func bothModes(t *testing.T, do func(t *testing.T, mode string)) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		t.Run(mode, func(t *testing.T) { do(t, mode) })
	}
}

// all is the history of newWorld, newest first.
var all = []string{
	"Customer unblocked", "Renamed from Walter Quist to Walter Quist junior by Asha Rao", "Customer unblocked by Ben",
	"Customer blocked by Ben", "Customer blocked by Asha Rao",
}

func TestShow_TheWholeDesk(t *testing.T) {
	bothModes(t, func(t *testing.T, mode string) {
		d, _, _ := newWorld(t)
		a := look(t, d, 0, mode)
		a.shows(all...)
		for _, text := range []string{
			"History", "14:05", "Walter Quist junior", "+46 70 123 45 67", "+353 86 123 4567",
			"Spam · for good · Sends the same link again and again", "until 11 Mar 2026 15:05", "Wrote by mail: it was his son",
			"in the window", "by command", "through the API",
		} {
			if !a.says(text) {
				t.Errorf("%q is not to be seen", text)
			}
		}
		if a.says("This customer only") {
			t.Error("there is no customer to narrow it down to")
		}
		if a.canvas.Focused() != fyne.Focusable(a.list()) {
			t.Errorf("the keyboard is on %T", a.canvas.Focused())
		}
		a.picture("history-" + mode)
		a.press(fyne.KeyEscape)
		if a.Visible() {
			t.Error("Escape does not leave")
		}
	})
}

func TestShow_OneCustomer(t *testing.T) {
	bothModes(t, func(t *testing.T, mode string) {
		d, walter, _ := newWorld(t)
		a := look(t, d, walter, mode)
		a.shows(all[1], all[2], all[4])
		a.picture("customer-" + mode)
		only := walk[*widgets.Check](a)[0]
		test.Tap(only)
		a.shows(all...)
		test.Tap(only)
		a.shows(all[1], all[2], all[4])
	})
}

func TestFilter_Narrows(t *testing.T) {
	d, walter, _ := newWorld(t)
	a := look(t, d, 0, theme.Light)
	a.choose("Who", "Ben")
	a.shows(all[2], all[3])
	a.choose("What", "Blocked")
	a.shows(all[3])
	a.choose("Who", "Everybody")
	a.shows(all[3], all[4])
	a.choose("What", "Everything")
	a.shows(all...)
	for i, want := range []string{"Everybody Asha Rao Ben", "Everything Blocked Renamed Unblocked"} {
		if got := strings.Join(walk[*widgets.Select](a)[i].Options(), " "); got != want {
			t.Errorf("%q can be chosen, want %q", got, want)
		}
	}
	a.Cancel()

	a = look(t, d, walter, theme.Light)
	a.choose("Who", "Ben")
	a.shows(all[2])
	a.choose("What", "Blocked")
	a.sees("No events match.")
	if len(a.rows()) > 0 {
		t.Errorf("%q", a.rows())
	}
	a.picture("none")
}

func TestShow_NothingHappenedYet(t *testing.T) {
	a := look(t, newDesk(t), 0, theme.Light)
	a.sees("Nothing has happened yet.")
	test.Tap(a.button("Verify"))
	a.sees("There are no events yet.")
}

// What happens while one looks stands at the top at once; who looks at what is
// older is left in peace.
func TestList_NewEvents(t *testing.T) {
	d, walter, _ := newWorld(t)
	pad(t, d, 300)
	a := look(t, d, 0, theme.Light)
	a.until("the newest is there", func() bool { return slices.Contains(a.rows(), "Named 305 by Asha Rao") })
	if _, err := d.Block(t.Context(), ben, walter, data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	a.until("the new one is on top", func() bool { return len(a.rows()) > 0 && a.rows()[0] == "Customer blocked by Ben" })

	a.press(fyne.KeyPageDown)
	a.until("all is read", func() bool { return !slices.Contains(a.rows(), "") })
	before := a.rows()
	if _, err := d.Unblock(t.Context(), ben, walter, data.UnblockRequest{}); err != nil {
		t.Fatal(err)
	}
	notified := make(chan struct{}, 8)
	if err := d.Subscribe(t.Context(), func([]data.Change) { notified <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	if err := d.Rename(t.Context(), ben, walter, "Walt"); err != nil {
		t.Fatal(err)
	}
	waittest.Receive(t, "news of the new name", notified)
	a.queue.drain()
	if !slices.Equal(a.rows(), before) {
		t.Errorf("%q is shown, want %q", a.rows(), before)
	}
	a.press(fyne.KeyHome)
	a.until("the newest is on top", func() bool {
		return len(a.rows()) > 1 && strings.HasPrefix(a.rows()[0], "Renamed from") && a.rows()[1] == "Customer unblocked by Ben"
	})
}

// However long the history is, only what is in sight exists and is read.
func TestList_OfVeryMany(t *testing.T) {
	const many = 3000
	d, _, _ := newWorld(t)
	pad(t, d, many)
	for name, customer := range map[string]int64{"the whole desk": 0, "one customer": 1000} {
		t.Run(name, func(t *testing.T) {
			a := look(t, d, customer, theme.Light)
			named := func(seq int) func() bool {
				return func() bool { return slices.Contains(a.rows(), fmt.Sprintf("Named %d by Asha Rao", seq)) }
			}
			a.until("the newest is there", named(many+5))
			a.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
			if a.list().Offset() != RowHeight {
				t.Errorf("it is scrolled to %v", a.list().Offset())
			}
			oldest := named(6)
			a.until("the oldest is there", func() bool {
				a.press(fyne.KeyEnd)
				return oldest()
			})
			if n := len(walk[*row](a)); n > 20 {
				t.Errorf("%d rows exist", n)
			}
			a.press(fyne.KeyHome)
			a.until("the newest is there again", named(many+5))
			a.list().ScrollTo(many / 2 * RowHeight)
			a.until("the middle is there", named(many+5-many/2))
		})
	}
}

// What was removed is seen, too.
func TestList_MissingEvent(t *testing.T) {
	bothModes(t, func(t *testing.T, mode string) {
		d, _, _ := newWorld(t)
		pad(t, d, 500)
		raw(t, d, "DROP TRIGGER events_never_go", "DELETE FROM events WHERE seq = 2")
		a := look(t, d, 0, mode)
		a.until("the oldest is there", func() bool {
			a.press(fyne.KeyEnd)
			return slices.Contains(a.rows(), all[4])
		})
		if !slices.Contains(a.rows(), "Event 2 is missing") {
			t.Errorf("%q", a.rows())
		}
		test.Tap(a.button("Verify"))
		a.sees("The history failed verification: event 2 is missing: event 3 stands in its place.")
		a.button("Verify")
		a.picture("missing-" + mode)
	})
}

func TestVerifier_Sound(t *testing.T) {
	bothModes(t, func(t *testing.T, mode string) {
		d, _, _ := newWorld(t)
		a := look(t, d, 0, mode)
		a.sees(verifyHint)
		test.Tap(a.button("Verify"))
		page, err := d.EventsPage(t.Context(), data.EventQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		a.sees(fmt.Sprintf("5 events verified. Checksum:\n%x", page[0].Hash))
		a.picture("sound-" + mode)
		test.Tap(a.button("Copy"))
		if got := fyne.CurrentApp().Clipboard().Content(); got != fmt.Sprintf("%x", page[0].Hash) {
			t.Errorf("%q is copied", got)
		}
		if a.button("Verify").Disabled() {
			t.Error("it cannot be done again")
		}
	})
}

func TestVerifier_Stop(t *testing.T) {
	d, _, _ := newWorld(t)
	pad(t, d, 10_000)
	a := look(t, d, 0, theme.Light)
	test.Tap(a.button("Verify"))
	a.sees("Verifying: 10000 of 10005 events")
	a.picture("verifying")
	test.Tap(a.button("Stop"))
	a.sees("Stopped before the end.")
	a.queue.drain()
	if !a.says("Stopped before the end.") {
		t.Errorf("%q", a.texts())
	}
	test.Tap(a.button("Verify"))
	a.sees("10005 events verified.")

	test.Tap(a.button("Verify"))
	a.Cancel() // and nothing goes on for nobody
	a.until("it ended", func() bool { return !a.Visible() })
}

// In the smallest window everything is there, if not all of it in sight.
func TestShow_SmallWindow(t *testing.T) {
	d, walter, _ := newWorld(t)
	a := look(t, d, walter, theme.Light)
	a.shows(all[1], all[2], all[4])
	a.canvas.(software.WindowlessCanvas).Resize(fyne.NewSize(560, 420))
	a.queue.drain()
	a.picture("small")
	if _, end := a.list().VisibleRange(); end == 0 {
		t.Error("no row is in sight")
	}
}
