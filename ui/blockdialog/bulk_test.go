package blockdialog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// crowd adds n customers who have not written.
func (a *agent) crowd(n int) []int64 {
	a.T.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = a.Add(data.Phone(fmt.Sprintf("+4670%07d", i)), fmt.Sprintf("Crowd %d", i))
	}
	return ids
}

// trio are three customers, of whom the third is blocked with a message held.
func (a *agent) trio() []int64 {
	a.T.Helper()
	ids := a.crowd(2)
	third := a.Receive("+46701234567", "Walter Quist", "Hello", "Hello?")
	a.Block(uitest.Ben, third, data.BlockRequest{})
	a.Receive("+46701234567", "", "held")
	return append(ids, third)
}

func (a *agent) buttons(want ...string) {
	a.T.Helper()
	if got := a.Buttons(); !slices.Equal(got, want) {
		a.T.Errorf("the buttons are %q, want %q", got, want)
	}
}

// finished waits until the window was told once, and the dialog is gone.
func (a *agent) finished() bulkResult {
	a.T.Helper()
	a.Until("the window is told", func() bool { return len(a.results) == 1 })
	a.Free()
	return a.results[0]
}

func (a *agent) blocked(ids ...int64) (n int) {
	for _, id := range ids {
		if a.Customer(id).Block != nil {
			n++
		}
	}
	return n
}

func TestOpenMany_BlocksMany(t *testing.T) {
	a := enter(t)
	ids := a.trio()
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 3 customers")
	a.says("Are you sure you want to block these customers?", "Crowd 0, Crowd 1 and Walter Quist",
		"New messages are held: not shown, and without a sound.",
		"Nothing can be sent to them from this desk.",
		"The chats and their history stay. You can unblock at any time.",
		"1 of those selected is already blocked. A later end or a different reason or note counts, an earlier end does not.")
	a.buttons("Cancel", "Block 3")
	if b := a.Button("Block 3"); b.Style() != widgets.Danger || a.Focused() != fyne.CanvasObject(b) {
		t.Errorf("the button has the style %v; the keyboard is on %T", b.Style(), a.Focused())
	}
	a.Choose("Spam")
	a.Choose("7 days")
	a.Fill(notePlace, "All of one ring")
	a.Press(fyne.KeyReturn)
	got := a.finished()
	if got.want != data.Blocked || !got.whole || got.result.Done != 2 || got.result.Kept != 1 || got.result.Reached() != 3 || len(got.result.Undos()) != 2 {
		t.Errorf("%+v", got)
	}
	want := data.Block{By: uitest.Asha, At: a.Desk.Now(), Reason: "Spam", Note: "All of one ring", Until: a.Desk.Now().Add(7 * 24 * time.Hour)}
	for _, id := range ids[:2] {
		if c := a.Customer(id); c.Block == nil || *c.Block != want {
			t.Errorf("%s has %+v, want %+v", c.Name, c.Block, want)
		}
	}
	if c := a.Customer(ids[2]); c.Block == nil || *c.Block != (data.Block{By: uitest.Ben, At: a.Desk.Now()}) {
		t.Errorf("who was already blocked has %+v", c.Block)
	}
}

func TestOpenMany_NamesTheFirst(t *testing.T) {
	a := enter(t)
	a.dialogs.OpenMany(a.crowd(8), data.Blocked)
	a.Asks("Block 8 customers")
	a.says("Crowd 0, Crowd 1, Crowd 2 and 5 more")
}

func TestOpenMany_EscapeLeaves(t *testing.T) {
	a := enter(t)
	ids := a.trio()
	for want, title := range map[data.Status]string{data.Blocked: "Block 3 customers", data.Active: "Unblock 1 customer"} {
		a.dialogs.OpenMany(ids, want)
		a.Asks(title)
		a.Press(fyne.KeyEscape)
		a.Free()
		a.dialogs.OpenMany(ids, want)
		a.Asks(title)
		a.Click("Cancel")
		a.Free()
	}
	a.Runner.Wait()
	if len(a.results) != 0 || a.blocked(ids...) != 1 {
		t.Errorf("the results are %+v, %d are blocked", a.results, a.blocked(ids...))
	}
}

func TestOpenMany_UnblocksMany(t *testing.T) {
	for _, discard := range []bool{false, true} {
		a := enter(t)
		ids := a.trio()
		a.Block(uitest.Ben, ids[0], data.BlockRequest{})
		a.dialogs.OpenMany(ids, data.Active)
		a.Asks("Unblock 2 customers")
		a.says("Are you sure you want to unblock these customers?",
			"New messages appear again, with sound and unread marks.",
			"You can write to them again.",
			"1 held message appears in its chat, at its own time.",
			"1 of those selected is not blocked and stays so.")
		a.buttons("Cancel", "Unblock 2")
		if b := a.Button("Unblock 2"); b.Style() != widgets.Confirm || a.Focused() != fyne.CanvasObject(b) {
			t.Errorf("the button has the style %v; the keyboard is on %T", b.Style(), a.Focused())
		}
		want := data.Detail{Note: "A mistake", Held: 1}
		if discard {
			a.Choose("Discard")
			want.Held, want.Discarded = 0, 1
		}
		a.Fill(notePlace, "A mistake")
		a.Press(fyne.KeyReturn)
		if got := a.finished(); got.want != data.Active || !got.whole || got.result.Done != 2 {
			t.Errorf("%+v", got)
		}
		events, err := a.Desk.Events(t.Context(), ids[2])
		a.Must(err)
		if e := events[len(events)-1]; e.Kind != data.UnblockedEvent || e.Rest() != want {
			t.Errorf("%+v, want %+v", e, want)
		}
		if n := a.blocked(ids...); n != 0 {
			t.Errorf("%d are still blocked", n)
		}
	}
}

// Without a wish those who are active are blocked, and all are unblocked where
// none is.
func TestOpenMany_ChoosesStatus(t *testing.T) {
	a := enter(t)
	ids := a.trio()
	a.dialogs.OpenMany(ids, "")
	a.Asks("Block 3 customers")
	a.Press(fyne.KeyEscape)
	a.Free()
	a.Block(uitest.Ben, ids[0], data.BlockRequest{})
	a.Block(uitest.Ben, ids[1], data.BlockRequest{})
	a.dialogs.OpenMany(ids, "")
	a.Asks("Unblock 3 customers")
}

func TestOpenMany_NothingToDo(t *testing.T) {
	a := enter(t)
	ids := a.trio()
	for _, c := range []struct {
		ids         []int64
		want        data.Status
		title, says string
	}{
		{ids[:2], data.Active, "Unblock 2 customers", "These customers are all not blocked. Nothing was changed."},
		{ids[:1], data.Active, "Unblock 1 customer", "This customer is not blocked. Nothing was changed."},
	} {
		a.dialogs.OpenMany(c.ids, c.want)
		a.Asks(c.title)
		a.says(c.says)
		a.buttons("OK")
		a.Press(fyne.KeyReturn)
		a.Free()
	}
	a.dialogs.OpenMany(nil, data.Blocked)
	a.Acted()
	a.Free()
	if len(a.results) != 0 {
		t.Errorf("the results are %+v", a.results)
	}
}

// All who are already blocked can be blocked more strictly.
func TestOpenMany_ChangesBlocks(t *testing.T) {
	a := enter(t)
	ids := a.crowd(2)
	for _, id := range ids {
		a.Block(uitest.Ben, id, data.BlockRequest{Until: a.Desk.Now().Add(time.Hour)})
	}
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 2 customers")
	a.says("2 of those selected are already blocked. A later end or a different reason or note counts for them, an earlier end does not.")
	a.Press(fyne.KeyReturn)
	if got := a.finished(); got.result.Changed != 2 || len(got.result.Undos()) != 2 {
		t.Errorf("%+v", got)
	}
	for _, id := range ids {
		if b := a.Customer(id).Block; b.Until != 0 {
			t.Errorf("the block is %+v", b)
		}
	}
}

// Those against whose block something speaks are told of, and left out only if that is
// chosen.
func TestOpenMany_LeavesOutWarned(t *testing.T) {
	for _, meant := range []bool{false, true} {
		a := enter(t)
		ids := a.crowd(3)
		a.Must(a.Desk.SetTags(t.Context(), ids[1], []string{"VIP"}))
		a.dialogs.OpenMany(ids, data.Blocked)
		a.Asks("Block 3 customers")
		a.says("Customers tagged VIP: Crowd 1", "Crowd 0, Crowd 1 and Crowd 2")
		a.buttons("Cancel", "Block 3")
		want := 3
		if !meant {
			want = 2
			a.Click("Leave this one out")
			a.Asks("Block 2 customers")
			a.says("Crowd 0 and Crowd 2", "Left out, and still selected afterwards: Crowd 1")
			a.buttons("Cancel", "Block 2")
		}
		a.Press(fyne.KeyReturn)
		if got := a.finished(); got.result.Done != want || !got.whole {
			t.Errorf("%+v", got)
		}
		if blocked := a.Customer(ids[1]).Block != nil; blocked != meant || a.blocked(ids...) != want {
			t.Errorf("meant %v: the one in doubt is blocked: %v, in all %d", meant, blocked, a.blocked(ids...))
		}
	}
}

func TestOpenMany_NobodyLeft(t *testing.T) {
	a := enter(t)
	ids := a.crowd(2)
	for _, id := range ids {
		a.Must(a.Desk.SetTags(t.Context(), id, []string{"VIP"}))
	}
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 2 customers")
	a.Click("Leave these 2 out")
	a.Asks("Block 0 customers")
	a.says("Nobody", "Leave these 2 out")
	a.Press(fyne.KeyReturn)
	a.Sees("There is nobody left to block.")
	a.Click("Leave these 2 out")
	a.Asks("Block 2 customers")
	a.Press(fyne.KeyReturn)
	if got := a.finished(); got.result.Done != 2 {
		t.Errorf("%+v", got)
	}
}

func TestOpenMany_TooManyMustBeAcknowledged(t *testing.T) {
	a := enter(t)
	ids := a.crowd(12)
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 12 customers")
	a.says("This makes more than 10 blocks in 10 minutes. Make sure that you mean all of them.")
	if tick := uitest.All[*widgets.Check](a.Agent)[0]; tick.Text != sure || tick.Checked || a.Focused() != fyne.CanvasObject(tick) {
		t.Errorf("the box %q is ticked %v; the keyboard is on %T", tick.Text, tick.Checked, a.Focused())
	}
	a.Press(fyne.KeyReturn)
	a.Sees("This blocks many customers. Tick the box first.")
	a.Runner.Wait()
	if n := a.blocked(ids...); n != 0 {
		t.Fatalf("%d are blocked all the same", n)
	}
	a.Click(sure)
	a.Press(fyne.KeyReturn)
	if got := a.finished(); got.result.Done != 12 {
		t.Errorf("%+v", got)
	}
}

// What is wrong is said in the dialog, and can be mended there.
func TestOpenMany_RejectsInvalidOptions(t *testing.T) {
	a := enter(t)
	ids := a.crowd(2)
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 2 customers")
	a.Entry(notePlace).SetText(strings.Repeat("x", data.MaxNote+1))
	a.Press(fyne.KeyReturn)
	a.Until("the error is said", func() bool {
		return slices.ContainsFunc(a.Texts(), func(s string) bool { return strings.Contains(s, "the note is longer than 500 characters") })
	})
	if n := a.blocked(ids...); n != 0 || a.Button("Block 2").Disabled() {
		t.Errorf("%d are blocked, the button is dead: %v", n, a.Button("Block 2").Disabled())
	}
	a.Choose("Until a date…")
	a.Fill("2026-12-24, 2026-12-24 18:00, 3d or 2w", "soon")
	a.Press(fyne.KeyReturn)
	a.Until("the other error is said", func() bool {
		return slices.ContainsFunc(a.Texts(), func(s string) bool { return strings.HasPrefix(s, `"soon" is neither a span of time`) })
	})
	a.Choose("1 hour")
	a.Fill(notePlace, "shorter")
	a.Press(fyne.KeyReturn)
	if got := a.finished(); got.result.Done != 2 {
		t.Errorf("%+v", got)
	}
}

// Where it takes long the dialog says how far it is, and can be stopped: what
// was done stays, and the rest is counted.
func TestOpenMany_ProgressCanBeStopped(t *testing.T) {
	const many = 700
	a := enter(t)
	a.Must(a.Desk.SetDisabledRules(t.Context(), []string{"many-blocks"}))
	ids := a.crowd(many)
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 700 customers")
	free := a.Lock()
	button := a.Button("Block 700")
	a.Press(fyne.KeyReturn)
	if !button.Disabled() {
		t.Error("the dialog can be confirmed once more")
	}
	a.Asks("Blocking 700 customers")
	a.says("0 of 700")
	a.buttons("Stop")
	a.dialogs.OpenMany(ids, data.Blocked) // which does nothing while that is done
	a.Asks("Blocking 700 customers")
	a.Press(fyne.KeyEscape)
	free()
	a.Asks("Stopped")
	n := a.blocked(ids...)
	if n == 0 || n == many {
		t.Fatalf("%d are blocked", n)
	}
	a.says(fmt.Sprintf("%d customers: blocked", n), fmt.Sprintf("%d customers: not reached", many-n),
		"It was stopped. What was done before stays, and the same once more does the rest.")
	a.buttons("Close")
	if len(a.results) != 0 {
		t.Error("the window is told before the agent has seen it")
	}
	a.Press(fyne.KeyReturn)
	if got := a.finished(); got.whole || got.result.Done != n || got.result.All != many {
		t.Errorf("%+v of %+v, whole %v", got.result.Progress, n, got.whole)
	}
	a.results = nil
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks(fmt.Sprintf("Block %d customers", many))
	a.Press(fyne.KeyReturn)
	if got := a.finished(); !got.whole || got.result.Done != many-n {
		t.Errorf("%+v, whole %v", got.result.Progress, got.whole)
	}
}

func TestOpenMany_Failure(t *testing.T) {
	a := enter(t)
	ids := a.crowd(2)
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 2 customers")
	mend := a.Break("chain")
	a.Press(fyne.KeyReturn)
	a.Asks("Not all were blocked")
	a.says("2 customers: not reached")
	a.Press(fyne.KeyEscape)
	if got := a.finished(); got.whole || got.result.Done != 0 {
		t.Errorf("%+v", got)
	}
	mend()
	if n := a.blocked(ids...); n != 0 {
		t.Errorf("%d are blocked", n)
	}
}

func TestUndoMany_UndoesAll(t *testing.T) {
	a := enter(t)
	ids := a.trio()
	before := *a.Customer(ids[2]).Block
	a.Block(uitest.Ben, ids[0], data.BlockRequest{Reason: "Spam"})
	a.dialogs.OpenMany(ids, data.Active)
	a.Asks("Unblock 2 customers")
	a.Press(fyne.KeyReturn)
	got := a.finished()
	a.dialogs.UndoMany(got.result.Undos())
	a.Until("both are blocked again", func() bool { return a.blocked(ids...) == 2 })
	a.Runner.Wait()
	a.Acted()
	if c := a.Customer(ids[2]); *c.Block != before || c.Held != 1 {
		t.Errorf("the desk has %+v with %+v, want %+v", c, c.Block, before)
	}
	if a.Free(); len(a.results) != 1 {
		t.Errorf("the window is told of the undo: %+v", a.results)
	}
}

// Whom somebody changed meanwhile is left as is, and named.
func TestUndoMany_NamesChangedCustomers(t *testing.T) {
	a := enter(t)
	ids := a.crowd(2)
	a.dialogs.OpenMany(ids, data.Blocked)
	a.Asks("Block 2 customers")
	a.Press(fyne.KeyReturn)
	got := a.finished()
	a.Unblock(uitest.Ben, ids[1])
	a.dialogs.UndoMany(got.result.Undos())
	a.Asks("Not all were undone")
	a.says("1 customer: taken back", "1 customer: left as they were", "Crowd 1: someone changed this customer meanwhile")
	a.Press(fyne.KeyReturn)
	a.Free()
	if events := a.Events(ids[0]) + ", " + a.Events(ids[1]); events != "blocked undone, blocked unblocked" {
		t.Errorf("the events are %s", events)
	}
}
