package history

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// newPair has two customers turn out to be one sender, and returns the pair and one of
// the customers.
func newPair(t *testing.T, d *desk.Desk) (pair data.Pair) {
	t.Helper()
	const user, number = "SE.2210904416730058", "+46701234567"
	for i, from := range []data.Sender{{Phone: number, Name: "Walter"}, {UserID: user, Username: "wq"}, {Phone: number, UserID: user}} {
		if _, err := d.Receive(t.Context(), []data.Incoming{{From: from, Message: data.Message{
			Kind: data.TextMessage, Text: "hello", At: data.MomentOf(noon), RemoteID: string(rune('a' + i)),
		}}}); err != nil {
			t.Fatal(err)
		}
	}
	pairs, err := d.Pairs(t.Context(), 2)
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	return pairs[0]
}

// undoLinks returns what the rows say that offer to be undone.
func (a *agent) undoLinks() (texts []string) {
	for _, r := range walk[*row](a) {
		if r.undo.Visible() {
			texts = append(texts, r.data.text)
		}
	}
	slices.Sort(texts)
	return texts
}

// A row of a pair that was joined or kept apart offers to undo that as long as it is so,
// in the history of the desk and of either customer.
func TestPairUndo_OffersWhatIsDecidedStill(t *testing.T) {
	for what, c := range map[string]struct {
		decide, undo func(d *desk.Desk, pair int64) error
		want         []string
	}{
		"join": {
			func(d *desk.Desk, pair int64) error { return d.JoinPair(t.Context(), asha, pair) },
			func(d *desk.Desk, pair int64) error { return d.SplitPair(t.Context(), ben, pair) },
			[]string{"Joined with +46 70 123 45 67 by Asha Rao", "Joined with SE.2210904416730058 by Asha Rao"},
		},
		"keep apart": {
			func(d *desk.Desk, pair int64) error { return d.KeepApart(t.Context(), asha, pair, false) },
			func(d *desk.Desk, pair int64) error { return d.AskAgain(t.Context(), ben, pair) },
			[]string{"Kept apart from +46 70 123 45 67 by Asha Rao", "Kept apart from SE.2210904416730058 by Asha Rao"},
		},
	} {
		d := newDesk(t)
		pair := newPair(t, d)
		if err := c.decide(d, pair.ID); err != nil {
			t.Fatal(err)
		}
		for _, customer := range []int64{0, pair.First} {
			a := look(t, d, customer, theme.Light)
			a.until(what+" can be undone", func() bool { return len(a.undoLinks()) > 0 })
			if got := a.undoLinks(); customer == 0 && !slices.Equal(got, c.want) {
				t.Errorf("%s: %q can be undone, want %q", what, got, c.want)
			}
			for _, r := range walk[*row](a) {
				if r.undo.Visible() {
					if end := r.undo.Position().AddXY(r.undo.Size().Width, r.undo.Size().Height); end.Y > RowHeight || end.X > r.name.Position().X {
						t.Errorf("%s: the link ends at %v", what, end)
					}
					test.Tap(r.undo)
				}
			}
			if len(a.undone) == 0 || a.undone[0] != pair.ID {
				t.Errorf("%s: %v were to be undone, want %d", what, a.undone, pair.ID)
			}
			a.picture("history-undo")
			a.Close()
		}
		a := look(t, d, 0, theme.Dark)
		a.until(what+" can be undone", func() bool { return len(a.undoLinks()) == 2 })
		if err := c.undo(d, pair.ID); err != nil {
			t.Fatal(err)
		}
		a.until("the undo of "+what+" is offered no more", func() bool { return len(a.undoLinks()) == 0 })
	}
}
