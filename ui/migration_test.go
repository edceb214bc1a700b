package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// migrating is the window of an update, as somebody sees it.
type migrating struct {
	*migrationView
	t       *testing.T
	stopped int
}

func showMigration(t *testing.T, p data.MigrationProgress) *migrating {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	m := &migrating{t: t}
	m.migrationView = newMigrationView(test.NewTempWindow(t, widgets.NewBackground(theme.Background)), func() { m.stopped++ })
	m.show(p)
	return m
}

// sees checks what stands in the window, in this order.
func (m *migrating) sees(want ...string) {
	m.t.Helper()
	var texts []string
	for _, s := range uitest.Inside(m.win.Content()) {
		switch o := s.Object.(type) {
		case *widgets.Paragraph:
			texts = append(texts, o.Text())
		case *widgets.EllipsisLabel:
			texts = append(texts, o.Text())
		case *widgets.Button:
			texts = append(texts, "["+o.Label()+"]")
		}
	}
	for _, w := range want {
		if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, w) }) {
			m.t.Errorf("%q is not in %q", w, texts)
		}
	}
	if len(texts) != len(want) {
		m.t.Errorf("the window shows %q, want %q", texts, want)
	}
}

func (m *migrating) press(key fyne.KeyName) {
	m.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: key})
}

func TestMigrationView_ShowsHowFarItIs(t *testing.T) {
	m := showMigration(t, data.MigrationProgress{Stage: data.MigrationCopies, Fraction: 0.1})
	m.sees("Updating the desk…", "First, a copy is made.", "10 %", "[Stop]")
	m.show(data.MigrationProgress{Stage: data.MigrationWrites, Fraction: 0.559})
	m.sees("Updating the desk…", "A copy was made.", "55 %", "[Stop]")
	if got := m.bar.Fraction(); got != 0.559 {
		t.Errorf("the bar is filled by %v", got)
	}
	m.show(data.MigrationProgress{Stage: data.MigrationWaits})
	m.sees("Updating the desk…", "Another Latchdesk is updating this desk.", "0 %", "[Stop]")
}

// The window does not close half-way: it says what becomes of the update, which goes
// on until it is told to stop.
func TestMigrationView_AsksBeforeItStops(t *testing.T) {
	m := showMigration(t, data.MigrationProgress{Stage: data.MigrationWrites, Fraction: 0.4})
	for name, leave := range map[string]func(){
		"the window is closed": func() { m.ask() },
		"Escape":               func() { m.press(fyne.KeyEscape) },
		"Stop":                 func() { test.Tap(m.stopIt) },
	} {
		leave()
		m.sees("Stop the update?", "what was done so far is undone and the desk stays as it was", "40 %", "[Stop]", "[Continue]")
		if m.stopped > 0 {
			t.Fatalf("%s stopped it", name)
		}
		test.Tap(m.goOn)
		if end := m.stopIt.Position().X + m.stopIt.Size().Width; end != m.buttons.Size().Width {
			t.Errorf("alone, the button ends at %v of %v", end, m.buttons.Size().Width)
		}
		m.sees("Updating the desk…", "A copy was made.", "40 %", "[Stop]")
	}
	m.ask()
	m.show(data.MigrationProgress{Stage: data.MigrationWrites, Fraction: 0.6})
	m.sees("Stop the update?", "It is still running.", "60 %", "[Stop]", "[Continue]")
	m.press(fyne.KeyEscape)
	m.sees("Updating the desk…", "A copy was made.", "60 %", "[Stop]")
	m.ask()
	test.Tap(m.stopIt)
	m.sees("Stopping…", "What was done so far is undone.")
	m.ask()
	m.press(fyne.KeyEscape)
	m.sees("Stopping…", "What was done so far is undone.")
	if m.stopped != 1 {
		t.Errorf("it was stopped %d times", m.stopped)
	}
}

// The window of an update is shown while nothing is known yet of the database, which
// may take as long as it likes: here it never opens.
func TestShowMigration_ShowsTheWindowFirst(t *testing.T) {
	t.Cleanup(func() { test.NewApp() })
	closed := make(chan struct{})
	var seen []string
	err := (&Program{}).ShowMigration(t.Context(), Migration{
		Progress: func() data.MigrationProgress {
			return data.MigrationProgress{Stage: data.MigrationCopies, Fraction: 0.1}
		},
		Begin: func() {},
		Stop: func() { // the loop of the windows ends at once in a test
			for _, win := range fyne.CurrentApp().Driver().AllWindows() {
				for _, s := range uitest.Inside(win.Content()) {
					if p, ok := s.Object.(*widgets.Paragraph); ok {
						seen = append(seen, p.Text())
					}
				}
			}
			close(closed)
		},
	}, func() error {
		<-closed
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(seen, "Updating the desk…") {
		t.Errorf("the windows show %q", seen)
	}
}
