package blockdialog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func (a *agent) block() *data.Block { return a.Customer(a.walter).Block }

// changes opens the dialog that changes Walter's block.
func (a *agent) changes() {
	a.T.Helper()
	a.dialogs.OpenChange(a.Customer(a.walter))
	a.Asks("Change block")
}

// doneOnce waits until the dialog is gone, and says that one act was done.
func (a *agent) doneOnce() data.Outcome {
	a.T.Helper()
	a.Free()
	if len(a.done) != 1 {
		a.T.Fatalf("%d acts were done: %+v", len(a.done), a.done)
	}
	return a.done[0]
}

func TestOpen_BlocksWhoIsActive(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	a.says("Are you sure you want to block this customer?", "Walter Quist", "+46 70 123 45 67",
		"New messages are held: not shown, and without a sound.",
		"Nothing can be sent to this customer from this desk.",
		"The chat and its history stay. You can unblock at any time.",
		"No reason", "For good")
	if got := a.Buttons(); !slices.Equal(got, []string{"Cancel", "Block"}) {
		t.Errorf("the buttons are %q", got)
	}
	if b := a.Button("Block"); b.Style() != widgets.Danger || a.Focused() != fyne.CanvasObject(b) {
		t.Errorf("the button has the style %v; the keyboard is on %T", b.Style(), a.Focused())
	}
	a.Press(fyne.KeyReturn)
	out := a.doneOnce()
	if !out.Changed || out.Undo.Event == 0 || out.Undo.Before != nil {
		t.Errorf("%+v", out)
	}
	if got, want := *a.block(), (data.Block{By: uitest.Asha, At: a.Desk.Now()}); got != want {
		t.Errorf("the desk has %+v, want %+v", got, want)
	}
}

func TestOpen_EscapeLeaves(t *testing.T) {
	a := sit(t)
	for _, status := range []string{"Block Customer", "Unblock Customer"} {
		a.dialogs.Open(a.walter)
		a.Asks(status)
		a.Press(fyne.KeyEscape)
		a.Free()
		a.dialogs.Open(a.walter)
		a.Asks(status)
		a.Click("Cancel")
		a.Free()
		if a.block() == nil {
			a.Block(uitest.Ben, a.walter, data.BlockRequest{})
		}
	}
	a.Acted()
	if got := a.Events(a.walter); got != "blocked" || len(a.done) != 0 {
		t.Errorf("the events are %s; done is %+v", got, a.done)
	}
}

func TestOpen_BlocksWithReasonExpiryAndNote(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	a.Choose("Spam")
	a.Choose("7 days")
	a.Fill(notePlace, "Every day")
	a.Press(fyne.KeyEnter)
	a.doneOnce()
	want := data.Block{By: uitest.Asha, At: a.Desk.Now(), Reason: "Spam", Note: "Every day", Until: a.Desk.Now().Add(7 * 24 * time.Hour)}
	if got := *a.block(); got != want {
		t.Errorf("the desk has %+v, want %+v", got, want)
	}
}

// A date that is wrong is said, and can be mended in the same dialog.
func TestOpen_RejectsInvalidExpiry(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	a.Choose("Until a date…")
	if e := a.Entry(datePlace); a.Focused() != fyne.CanvasObject(e) {
		t.Errorf("the keyboard is on %T", a.Focused())
	}
	a.Fill(datePlace, "soon")
	a.Press(fyne.KeyReturn)
	a.Until("the error is said", func() bool {
		return slices.ContainsFunc(a.Texts(), func(s string) bool { return strings.HasPrefix(s, `"soon" is neither a span of time`) })
	})
	a.Acted()
	if a.block() != nil {
		t.Fatalf("blocked all the same: %+v", a.block())
	}
	a.Fill(datePlace, "3d")
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if b := a.block(); b == nil || b.Until != b.At.Add(72*time.Hour) {
		t.Errorf("the desk has %+v", b)
	}
}

func TestOpen_RejectsLongNote(t *testing.T) {
	a := sit(t)
	for _, title := range []string{"Block Customer", "Unblock Customer"} {
		before := a.Events(a.walter)
		a.dialogs.Open(a.walter)
		a.Asks(title)
		a.Entry(notePlace).SetText(strings.Repeat("x", data.MaxNote+1))
		a.Press(fyne.KeyReturn)
		a.Until("the error is said", func() bool {
			return slices.ContainsFunc(a.Texts(), func(s string) bool { return strings.Contains(s, "the note is longer than 500 characters") })
		})
		if got := a.Events(a.walter); got != before {
			t.Errorf("%s: the events are %s", title, got)
		}
		a.Press(fyne.KeyEscape)
		a.Free()
		a.Block(uitest.Ben, a.walter, data.BlockRequest{})
	}
}

func TestOpen_WarningsMustBeAcknowledged(t *testing.T) {
	a := sit(t)
	a.Must(a.Desk.SetTags(t.Context(), a.walter, []string{"VIP"}))
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	a.says("This customer is tagged VIP. Speak to whoever looks after them before you block.")
	tick := uitest.All[*widgets.Check](a.Agent)[0]
	if tick.Text != sure || tick.Checked || a.Focused() != fyne.CanvasObject(tick) {
		t.Errorf("the box %q is ticked %v; the keyboard is on %T", tick.Text, tick.Checked, a.Focused())
	}
	a.Press(fyne.KeyReturn)
	a.Sees("This block may be a mistake. Tick the box first.")
	a.Acted()
	if a.block() != nil {
		t.Fatalf("blocked all the same: %+v", a.block())
	}
	a.Click(sure)
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if a.block() == nil {
		t.Error("the customer is not blocked")
	}
}

func TestOpen_UnblocksWhoIsBlocked(t *testing.T) {
	for _, discard := range []bool{false, true} {
		a := sit(t)
		a.Block(uitest.Ben, a.walter, data.BlockRequest{})
		a.Receive(walter, "", "held one", "held two")
		a.dialogs.Open(a.walter)
		a.Asks("Unblock Customer")
		a.says("Are you sure you want to unblock this customer?", "Walter Quist", "+46 70 123 45 67",
			"New messages appear again, with sound and unread marks.",
			"You can write to this customer again.",
			"2 held messages appear in the chat, at their own times.",
			"Held messages: Show in chat")
		if got := a.Buttons(); !slices.Equal(got, []string{"Cancel", "Unblock"}) {
			t.Errorf("the buttons are %q", got)
		}
		if b := a.Button("Unblock"); b.Style() != widgets.Confirm || a.Focused() != fyne.CanvasObject(b) {
			t.Errorf("the button has the style %v; the keyboard is on %T", b.Style(), a.Focused())
		}
		want := data.Detail{Note: "A mistake", Held: 2}
		if discard {
			a.Choose("Discard")
			want.Held, want.Discarded = 0, 2
		}
		a.Fill(notePlace, "A mistake")
		a.Press(fyne.KeyReturn)
		if out := a.doneOnce(); !out.Changed || out.Undo.Before == nil {
			t.Errorf("%+v", out)
		}
		events, err := a.Desk.Events(t.Context(), a.walter)
		a.Must(err)
		if e := events[len(events)-1]; e.Kind != data.UnblockedEvent || e.Rest() != want || e.Actor != uitest.Asha {
			t.Errorf("%+v, want %+v", e, want)
		}
	}
}

// While an act is under way the dialog cannot be confirmed once more.
func TestOpen_IsBusyUntilDone(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	free := a.Lock()
	button := a.Button("Block")
	a.Press(fyne.KeyReturn, fyne.KeyReturn)
	if !button.Disabled() {
		t.Error("the button can still be pressed")
	}
	a.Asks("Block Customer")
	free()
	a.doneOnce()
	if got := a.Events(a.walter); got != "blocked" {
		t.Errorf("the events are %s", got)
	}
}

func TestOpen_FailureCanBeTriedAgain(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	before := len(a.Texts())
	mend := a.Break("chain")
	a.Press(fyne.KeyReturn)
	a.Until("the failure is said", func() bool { return len(a.Texts()) == before+1 })
	if len(a.done) != 0 || a.block() != nil || a.Button("Block").Disabled() {
		t.Errorf("done is %+v, the desk has %+v", a.done, a.block())
	}
	mend()
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if a.block() == nil {
		t.Error("the customer is not blocked")
	}
}

func TestOpen_ReportsVersionConflict(t *testing.T) {
	a := sit(t)
	a.dialogs.Open(a.walter)
	a.Asks("Block Customer")
	a.Must(a.Desk.Rename(t.Context(), uitest.Ben, a.walter, "Walt"))
	a.Press(fyne.KeyReturn)
	a.Sees(conflict)
	if a.block() != nil || len(a.done) != 0 {
		t.Errorf("the desk has %+v; done is %+v", a.block(), a.done)
	}
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if a.block() == nil {
		t.Error("the customer is not blocked")
	}
}

func TestOpen_SomeoneWasFaster(t *testing.T) {
	a := sit(t)
	for _, c := range []struct {
		title, says string
		faster      func()
	}{
		{"Block Customer", "Someone else was faster. This customer is already blocked. Nothing was changed.", func() { a.Block(uitest.Ben, a.walter, data.BlockRequest{}) }},
		{"Unblock Customer", "Someone else was faster. This customer is no longer blocked. Nothing was changed.", func() { a.Unblock(uitest.Ben, a.walter) }},
	} {
		a.dialogs.Open(a.walter)
		a.Asks(c.title)
		c.faster()
		a.Press(fyne.KeyReturn)
		a.Sees(c.says)
		a.Press(fyne.KeyReturn)
		a.Free()
	}
	if got := a.Events(a.walter); got != "blocked unblocked" || len(a.done) != 0 {
		t.Errorf("the events are %s; done is %+v", got, a.done)
	}
}

// What was asked for is never turned round.
func TestOpenFor_FillsInAndNeverInverts(t *testing.T) {
	a := sit(t)
	a.dialogs.OpenTyped(a.walter, data.Typed{Want: data.Blocked, Reason: "Spam", Until: "3d", Note: "all day"}, nil)
	a.Asks("Block Customer")
	a.says("Spam", "Until a date…", "3d", "all day")
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	want := data.Block{By: uitest.Asha, At: a.Desk.Now(), Reason: "Spam", Note: "all day", Until: a.Desk.Now().Add(72 * time.Hour)}
	if got := *a.block(); got != want {
		t.Errorf("the desk has %+v, want %+v", got, want)
	}
	a.dialogs.OpenFor(a.walter, data.Blocked)
	a.Asks("Block Customer")
	a.Sees("Someone else was faster. This customer is already blocked. Nothing was changed.")
	a.Press(fyne.KeyEscape)
	a.Free()
	a.dialogs.OpenTyped(a.walter, data.Typed{Want: data.Active, Note: "a mistake"}, nil)
	a.Asks("Unblock Customer")
	a.says("a mistake")
}

func TestOpenChange_ShowsTheBlock(t *testing.T) {
	a := sit(t)
	a.Block(uitest.Ben, a.walter, data.BlockRequest{Note: "Every day", Until: a.Desk.Now().Add(3 * time.Hour), Review: a.Desk.Now().Add(10 * 24 * time.Hour)})
	a.changes()
	a.says("How long does this block last, and when is it reviewed?", "Walter Quist", "+46 70 123 45 67",
		"Blocked by Ben "+a.Desk.Now().Relative(a.Desk.Now())+".", "No reason was given.",
		"It ends on "+a.Desk.Now().Add(3*time.Hour).Time().Format("2 Jan 2006 15:04")+", in 3 hours.", "No reason",
		"Leave the end as it is", "The customer asked to be unblocked", "2026-03-19", "Every day")
	if got := a.Buttons(); !slices.Equal(got, []string{"Cancel", "Save"}) || a.Button("Save").Style() != widgets.Primary {
		t.Errorf("the buttons are %q", got)
	}
	if a.Focused() != fyne.CanvasObject(a.Button("Save")) {
		t.Errorf("the keyboard is on %T", a.Focused())
	}
	a.Press(fyne.KeyEscape)
	a.Free()
	a.Acted()
	if got := a.Events(a.walter); got != "blocked" || len(a.done) != 0 {
		t.Errorf("the events are %s; done is %+v", got, a.done)
	}
}

// The reason can be changed; a word from another desk stays if it is left.
func TestOpenChange_ChangesTheReason(t *testing.T) {
	a := sit(t)
	_, err := a.Desk.Import(t.Context(), desk.ImportRequest{By: "Ben", Rows: slices.Values([]desk.ImportRow{{Phone: walter, Reason: "Chargeback"}})})
	a.Must(err)
	a.changes()
	a.says("Reason: Chargeback.", "Chargeback", "It is for good.")
	a.Fill(notePlace, "twice")
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if b := a.block(); b.Reason != "Chargeback" || b.Note != "twice" {
		t.Errorf("the desk has %+v", b)
	}
	a.done = nil
	a.changes()
	a.Choose("Scam")
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	if got := a.Events(a.walter); a.block().Reason != "Scam" || got != "blocked note_set reason_set" {
		t.Errorf("the desk has %+v; the events are %s", a.block(), got)
	}
}

func TestOpenChange_SavesAllAtOnce(t *testing.T) {
	a := sit(t)
	a.Block(uitest.Ben, a.walter, data.BlockRequest{Reason: "Spam"})
	before := *a.block()
	a.changes()
	a.Choose("1 day")
	a.Fill(reviewPlace, "2h")
	a.Click("The customer asked to be unblocked")
	a.Fill(notePlace, "By phone")
	a.Press(fyne.KeyReturn)
	if out := a.doneOnce(); !out.Changed || out.Undo.Before == nil || *out.Undo.Before != before {
		t.Errorf("%+v", out)
	}
	now := a.Desk.Now()
	want := data.Block{By: uitest.Ben, At: now, Reason: "Spam", Note: "By phone", Until: now.Add(24 * time.Hour), Review: now.Add(2 * time.Hour), UnblockRequestedAt: now}
	if got := *a.block(); got != want {
		t.Errorf("the desk has %+v, want %+v", got, want)
	}
	_, err := a.Desk.Undo(t.Context(), uitest.Asha, a.done[0].Undo)
	a.Must(err)
	if got := *a.block(); got != before {
		t.Errorf("after the undo the desk has %+v, want %+v", got, before)
	}
}

func TestOpenAdd_BlocksUnknownNumber(t *testing.T) {
	a := sit(t)
	a.dialogs.OpenAdd()
	a.Asks("Block a number")
	a.says("Messages from this number are held from the first one on.")
	if got := a.Buttons(); !slices.Equal(got, []string{"Cancel", "Block"}) || a.Button("Block").Style() != widgets.Danger {
		t.Errorf("the buttons are %q", got)
	}
	if a.Focused() != fyne.CanvasObject(a.Entry(numberPlace)) {
		t.Errorf("the keyboard is on %T", a.Focused())
	}
	a.Fill(numberPlace, "no number")
	before := len(a.Texts())
	a.Press(fyne.KeyReturn)
	a.Until("the error is said", func() bool { return len(a.Texts()) == before+1 })
	a.Fill(numberPlace, "+46 70 999 99 99")
	a.Fill("Name (optional)", "Nils")
	a.Choose("Scam")
	a.Choose("8 hours")
	a.Fill(notePlace, "From a list")
	a.Press(fyne.KeyReturn)
	out := a.doneOnce()
	c, err := a.Desk.FindCustomer(t.Context(), "+46709999999")
	a.Must(err)
	want := data.Block{By: uitest.Asha, At: a.Desk.Now(), Reason: "Scam", Note: "From a list", Until: a.Desk.Now().Add(8 * time.Hour)}
	if c.Name != "Nils" || c.Block == nil || *c.Block != want || out.Customer.ID != c.ID {
		t.Errorf("the desk has %+v with %+v, want %+v", c, c.Block, want)
	}
}

// Of whom the desk knows, the usual dialog tells before anything is done.
func TestOpenAdd_KnownNumber(t *testing.T) {
	a := sit(t)
	a.dialogs.OpenAdd()
	a.Asks("Block a number")
	a.Fill(numberPlace, string(walter))
	a.Choose("Spam")
	a.Fill(notePlace, "Every day")
	a.Press(fyne.KeyReturn)
	a.Asks("Block Customer")
	a.says("Walter Quist", "Spam", "Every day")
	if a.block() != nil {
		t.Fatalf("blocked before it was confirmed: %+v", a.block())
	}
	a.Press(fyne.KeyEscape) // goes back to what was typed
	a.Asks("Block a number")
	if got := []string{a.Entry(numberPlace).Text, a.Entry(notePlace).Text}; !slices.Equal(got, []string{string(walter), "Every day"}) {
		t.Errorf("of what was typed there is %q", got)
	}
	a.Press(fyne.KeyReturn)
	a.Asks("Block Customer")
	a.Press(fyne.KeyReturn)
	a.doneOnce()
	a.Free()

	a.dialogs.OpenAdd()
	a.Asks("Block a number")
	a.Fill(numberPlace, string(walter))
	a.Press(fyne.KeyReturn)
	a.Sees("Walter Quist is already blocked by Asha Rao, today at 14:05. Nothing was changed.")
	if got := a.Events(a.walter); got != "blocked" {
		t.Errorf("the events are %s", got)
	}
}

func TestOpenHeld_ShowsMessages(t *testing.T) {
	a := sit(t)
	a.Block(uitest.Ben, a.walter, data.BlockRequest{})
	a.Receive(walter, "", "you will regret this", strings.Repeat("x", 2000))
	before := a.Customer(a.walter)
	a.dialogs.OpenHeld(before)
	a.Asks("Held messages")
	a.says("They stay held until the customer is unblocked.", "you will regret this", strings.Repeat("x", 1000)+"…")
	if got := a.Buttons(); !slices.Equal(got, []string{"Close"}) {
		t.Errorf("the buttons are %q", got)
	}
	a.Press(fyne.KeyReturn)
	a.Free()
	if after := a.Customer(a.walter); after.Version != before.Version || after.Held != 2 {
		t.Errorf("looking changed the customer: %+v", after)
	}
}

// Of a customer whom DoubleTick cannot be told of the dialog says so before the block,
// and only where there is an account.
func TestDialog_SaysThatDoubleTickCannotBeTold(t *testing.T) {
	const alone = "The block holds at this desk only. DoubleTick takes numbers only: it is told once one is known."
	for _, joined := range []bool{false, true} {
		a := sit(t)
		if joined {
			a.Must(a.Desk.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}))
		}
		c, err := a.Desk.Add(t.Context(), "IN.13491208655302741918", "Riya Das")
		a.Must(err)
		for _, who := range []struct {
			id    int64
			alone bool
		}{{a.walter, false}, {c.ID, joined}} {
			a.dialogs.Open(who.id)
			a.Asks("Block Customer")
			if got := slices.Contains(a.Texts(), alone); got != who.alone {
				t.Errorf("joined %v, customer %d: %v\n%s", joined, who.id, got, strings.Join(a.Texts(), "\n"))
			}
			a.Press(fyne.KeyEscape)
			a.Free()
		}
	}
}
