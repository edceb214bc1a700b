package blockedview_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/ui/blockedview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	walter data.Phone = "+46701234567"
	meera  data.Phone = "+919137979401"
	nobody data.Phone = "+46709999999"

	walterName = "Walter Quist"
	meeraName  = "Meera Iyer"
	nobodyName = "+46 70 999 99 99"
)

// TestMain keeps the log of reads that were not waited for out of the output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	m.Run()
}

// agent is somebody who looks at the view of the blocked.
type agent struct {
	*uitest.Agent
	pane *blockedview.Pane
	gate *gate

	walter, meera, nobody int64

	opened, unblocked []int64
	menus             []string
	added, left       int
	failures          []error
}

// gate holds back whoever reads of a desk while it is shut, by holding its clock.
type gate struct{ sync.RWMutex }

func (g *gate) clock(now func() time.Time) func() time.Time {
	return func() time.Time {
		g.RLock()
		defer g.RUnlock()
		return now()
	}
}

// sit opens a window with the view, not yet shown, on a desk with nobody.
func sit(t *testing.T) *agent {
	t.Helper()
	a := &agent{gate: &gate{}}
	a.Agent = uitest.Sit(t, func(ctx context.Context, path string, now func() time.Time) (*desk.Desk, io.Closer, error) {
		s, err := store.Open(ctx, path, a.gate.clock(now))
		if err != nil {
			return nil, nil, err
		}
		return desk.New(s), s, nil
	})
	a.pane = blockedview.New(a.Desk, a.Runner)
	a.pane.OnOpen = func(id int64) { a.opened = append(a.opened, id) }
	a.pane.OnUnblock = func(id int64) { a.unblocked = append(a.unblocked, id) }
	a.pane.OnMenu = func(id int64, chat bool, _ fyne.Position) { a.menus = append(a.menus, fmt.Sprint(id, chat)) }
	a.pane.OnAdd = func() { a.added++ }
	a.pane.OnClose = func() { a.left++ }
	a.pane.OnError = func(err error) { a.failures = append(a.failures, err) }
	a.Window.SetContent(a.pane.Root)
	t.Cleanup(func() {
		for _, err := range a.Failed {
			t.Errorf("the window was told of %v", err)
		}
	})
	return a
}

// sitAtThree is sit where Walter is blocked for spam with a message held, Meera
// for eight hours by Ben, and a number that never wrote since long.
func sitAtThree(t *testing.T) *agent {
	t.Helper()
	a := sit(t)
	a.walter = a.Receive(walter, walterName, "Hello", "Hello?")
	a.meera = a.Receive(meera, meeraName, "Namaste")
	a.nobody = a.Add(nobody, "")
	a.Forward(-100 * 24 * time.Hour)
	a.Block(uitest.Asha, a.nobody, data.BlockRequest{Reason: "Scam"})
	a.Forward(100*24*time.Hour - 2*time.Minute)
	a.Block(uitest.Ben, a.meera, data.BlockRequest{Until: a.Desk.Now().Add(8 * time.Hour)})
	a.Forward(time.Minute)
	a.Block(uitest.Asha, a.walter, data.BlockRequest{Reason: "Spam", Note: "Every day"})
	a.Forward(time.Minute)
	a.Receive(walter, "", "FREE!")
	return a
}

// show opens the view with the keyboard in the list.
func (a *agent) show() {
	a.T.Helper()
	a.pane.Show()
	a.Canvas.Focus(a.pane.FocusTarget())
}

// rows are the texts of the rows in sight, from top to bottom, the name first.
func (a *agent) rows() [][]string {
	type line struct {
		texts []string
		y     float32
	}
	var lines []line
	for _, rows := range uitest.All[*widgets.VirtualList](a.Agent) {
		for _, s := range uitest.Inside(rows) {
			name, ok := s.Object.(*canvas.Text)
			if !ok || !name.TextStyle.Bold || name.TextSize != theme.Body || name.Text == "" || within[*widgets.Avatar](s) {
				continue
			}
			row := s.Above[3] // below Rows, the scroll and the sheet
			l := line{texts: []string{name.Text}, y: row.Position().Y}
			for _, part := range uitest.Inside(row) {
				if t, ok := part.Object.(*canvas.Text); ok && t.Text != "" && t != name {
					l.texts = append(l.texts, t.Text)
				}
			}
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return int(a.y - b.y) })
	var all [][]string
	for _, l := range lines {
		all = append(all, l.texts)
	}
	return all
}

func within[T any](s uitest.Shown) bool {
	return slices.ContainsFunc(s.Above, func(o fyne.CanvasObject) bool { _, ok := o.(T); return ok })
}

func (a *agent) names() (names []string) {
	for _, row := range a.rows() {
		names = append(names, row[0])
	}
	return names
}

// stands waits until the view shows these customers, from top to bottom.
func (a *agent) stands(want ...string) {
	a.T.Helper()
	a.Until("the view shows "+strings.Join(want, ", "), func() bool { return slices.Equal(a.names(), want) })
}

// rowSays waits until a customer's row says all of this.
func (a *agent) rowSays(name string, texts ...string) {
	a.T.Helper()
	a.Until(name+" says "+strings.Join(texts, ", "), func() bool {
		for _, row := range a.rows() {
			if row[0] == name {
				return !slices.ContainsFunc(texts, func(text string) bool { return !slices.Contains(row, text) })
			}
		}
		return false
	})
}

// marked waits until the keyboard is on a customer.
func (a *agent) marked(id int64) {
	a.T.Helper()
	a.Until(fmt.Sprintf("customer %d is marked", id), func() bool { return a.pane.Selected() == id })
}

func (a *agent) search(text string) {
	a.T.Helper()
	a.Canvas.Focus(a.pane.Search)
	a.pane.Search.TypedShortcut(&fyne.ShortcutSelectAll{})
	a.Press(fyne.KeyDelete)
	for _, r := range text {
		a.pane.Search.TypedRune(r)
	}
}
