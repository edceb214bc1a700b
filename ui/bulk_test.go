package ui

import (
	"database/sql"
	"fmt"
	"path"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const tomTitle = "+353 86 123 4567"

// clickWith presses what shows a text with the left button while keys are held.
func (a *agent) clickWith(mod fyne.KeyModifier, text string) {
	a.t.Helper()
	at := a.spot(text).middle()
	o, where := a.at(at, func(o fyne.CanvasObject) bool { _, ok := o.(desktop.Mouseable); return ok })
	if o == nil {
		a.t.Fatalf("nothing hears the mouse on %q", text)
	}
	point := fyne.PointEvent{Position: where, AbsolutePosition: at}
	event := &desktop.MouseEvent{PointEvent: point, Button: desktop.MouseButtonPrimary, Modifier: mod}
	o.(desktop.Mouseable).MouseDown(event)
	a.screen.Unfocus()
	o.(desktop.Mouseable).MouseUp(event)
	o.(fyne.Tappable).Tapped(&point)
}

// tick presses the box before a text.
func (a *agent) tick(text string) {
	a.t.Helper()
	at := a.spot(text)
	a.clickAt(at.at.AddXY(-12, at.size.Height/2), desktop.MouseButtonPrimary)
}

// hasChosen waits until exactly these are selected, by what can be seen: the
// check in the avatar's place, and the count in the place of the tabs.
func (a *agent) hasChosen(count string, names ...string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%s: %q", count, names), func() bool {
		var checked []string
		for _, name := range a.names() {
			if a.isChecked(name) {
				checked = append(checked, name)
			}
		}
		texts := a.texts()
		return slices.Equal(checked, names) && slices.Contains(texts, count) == (len(names) > 0) &&
			slices.Contains(texts, "Clear") == (len(names) > 0) && (a.tabCount("Unread") == "") == (len(names) > 0)
	})
}

func (a *agent) isChecked(name string) bool {
	check, avatar := false, false
	for _, s := range a.rowParts(name) {
		check = check || iconOf(s) == theme.Icon("check", theme.OnAccent)
		if _, ok := s.object.(*widgets.Avatar); ok {
			avatar = true
		}
	}
	if check == avatar {
		a.t.Errorf("%s has an avatar: %v, and a check: %v", name, avatar, check)
	}
	return check
}

const (
	ctrlKey  = fyne.KeyModifierControl
	shiftKey = fyne.KeyModifierShift
)

func TestSelection_ByMouse(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends", "2")
		a.clickWith(ctrlKey, "Walter Quist")
		a.hasChosen("1 selected", "Walter Quist")
		a.clickWith(ctrlKey, tomTitle)
		a.hasChosen("2 selected", "Walter Quist", tomTitle)
		if a.chat.Customer() != 0 {
			t.Error("a chat was opened")
		}
		a.picture("selected-" + path.Base(t.Name()))
		a.clickWith(ctrlKey, "Walter Quist")
		a.hasChosen("1 selected", tomTitle)
		a.clickWith(shiftKey, "Meera Iyer") // from the one that was clicked last
		a.hasChosen("2 selected", "Walter Quist", "Meera Iyer")
		a.clickWith(shiftKey|ctrlKey, tomTitle)
		a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
		a.press("Escape")
		a.hasChosen("")
		a.clickWith(ctrlKey, tomTitle)
		a.click("Clear")
		a.hasChosen("")
		a.clickWith(ctrlKey, tomTitle)
		a.click("Walter Quist")
		a.hasChosen("")
		a.until("the chat is open", func() bool { return a.chat.Customer() == a.customer(walter).ID })
		a.clickWith(shiftKey, "Meera Iyer") // from the open one
		a.hasChosen("2 selected", "Walter Quist", "Meera Iyer")
		a.press("Escape")
		a.hasChosen("")
	})
}

func TestSelection_ByKeyboard(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("Type a message to send")
	a.screen.Focus(a.chatList.List)
	a.press("Shift+Down")
	a.hasChosen("2 selected", "Walter Quist", "Meera Iyer")
	a.press("Shift+End")
	a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
	a.press("Shift+Up", "Shift+Up")
	a.hasChosen("1 selected", "Walter Quist")
	a.press("Ctrl+A")
	a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
	a.press("Down")
	a.hasChosen("")
	a.until("the next chat is open", func() bool { return a.chat.Customer() == a.customer(meera).ID })

	a.screen.Focus(a.chatList.Search)
	a.write("e") // Walter and Meera
	a.until("the others are gone", func() bool { return len(a.names()) == 2 })
	a.screen.Focus(a.chatList.List)
	a.press("Ctrl+A")
	a.hasChosen("All 2 that match", "Walter Quist", "Meera Iyer")
	a.screen.Focus(a.chatList.Search)
	a.write("e") // what is looked for next is not what was selected
	a.hasChosen("")
	a.press("Ctrl+A", "Escape")
	a.screen.Focus(a.chatList.List)
	a.press("Ctrl+A", "Ctrl+1")
	a.hasChosen("")
}

// What is on the list no more is selected no more.
func TestSelection_HoldsVisibleChatsOnly(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("Ctrl+2")
	a.until("all are unread", func() bool { return len(a.names()) == 3 })
	a.press("Ctrl+A")
	a.hasChosen("All 3 that match", "Walter Quist", "Meera Iyer", tomTitle)
	if err := a.colleague().SetRead(t.Context(), a.customer(meera).ID, true); err != nil {
		t.Fatal(err)
	}
	a.hasChosen("All 2 that match", "Walter Quist", tomTitle)
}

func TestBulk_BlocksAndUndoes(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.blockAs(a.Desk, ben, tom)
		a.counts("3", "2", "1")
		a.press("Ctrl+A")
		a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
		a.press("Ctrl+B")
		a.asks("Block 3 customers")
		a.picture("block-many-" + path.Base(t.Name()))
		for _, text := range []string{
			"Walter Quist, Meera Iyer and " + tomTitle, "1 of those selected is already blocked. A later end or a different reason or note counts, an earlier end does not.",
			"A first-ever message: Meera Iyer", "Leave this one out", "Block 3",
		} {
			a.sees(text)
		}
		a.click("No reason")
		a.click("Spam")
		a.press("Enter")
		a.sees("2 customers blocked, the block of 1 changed")
		a.free()
		a.hasChosen("")
		a.counts("3", "0", "3")
		if b := a.customer(tom).Block; b.Reason != "Spam" || b.By != ben {
			t.Errorf("who was already blocked has %+v", b)
		}
		for _, phone := range []data.Phone{walter, meera} {
			if b := a.customer(phone).Block; b == nil || b.Reason != "Spam" || b.By != asha {
				t.Errorf("%s has %+v", phone, b)
			}
		}
		a.press("Ctrl+Z")
		a.counts("3", "2", "1")
		a.loses("2 customers blocked, the block of 1 changed")
		a.until("the block of who was already blocked is as before", func() bool {
			b := a.customer(tom).Block
			return b != nil && b.Reason == "" && b.By == ben
		})
		a.free()
		for _, phone := range []data.Phone{walter, meera} {
			if got := a.events(phone); !slices.Equal(got, []data.EventKind{data.BlockedEvent, data.UndoneEvent}) {
				t.Errorf("%s: %q", phone, got)
			}
		}
		if n, err := a.Desk.VerifyEvents(t.Context()); n != 7 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

func TestBulk_Unblocks(t *testing.T) {
	a := sit(t, newWorld(t))
	for _, phone := range []data.Phone{walter, meera, tom} {
		a.blockAs(a.Desk, ben, phone)
		receive(t, a.Desk, a.place.incoming(phone, "", "held", 0))
	}
	a.counts("3", "0", "3")
	a.press("Ctrl+A", "Ctrl+B") // all are blocked: there is only this to do
	a.asks("Unblock 3 customers")
	a.sees("3 held messages appear in their chats, each at its own time.")
	a.picture("unblock-many")
	a.click("Held messages: Show in chat")
	a.click("Discard")
	a.press("Enter")
	a.sees("3 customers unblocked")
	a.counts("3", "3", "0")
	a.click("Undo")
	a.counts("3", "0", "3")
	if c := a.customer(meera); c.Held != 1 || c.Block == nil || c.Block.By != ben {
		t.Errorf("%+v", c)
	}
}

func TestBulk_NothingToDo(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("Ctrl+A")
	a.click("Unblock…")
	a.asks("Unblock 3 customers")
	a.sees("These customers are all not blocked. Nothing was changed.")
	a.press("Enter")
	a.free()
	a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
}

func TestBulk_Menu(t *testing.T) {
	a := sit(t, newWorld(t))
	a.clickWith(ctrlKey, "Walter Quist")
	a.rightClick("Walter Quist") // one alone has its own menu
	a.opensMenu()
	a.sees("Rename…")
	a.press("Escape")
	a.clickWith(ctrlKey, tomTitle)
	a.rightClick(tomTitle)
	a.opensMenu()
	if got := a.menuLabels(); !slices.Equal(got, []string{"Clear the selection", "Unblock 2…", "Block 2…"}) {
		t.Errorf("the menu is %q", got)
	}
	a.click("Block 2…")
	a.asks("Block 2 customers")
	a.press("Escape")
	a.free()
	a.rightClick("Meera Iyer")
	a.opensMenu()
	a.sees("Rename…")
}

// One who was selected alone is asked about as always.
func TestBulk_OneSelectedAsksAsForOne(t *testing.T) {
	a := sit(t, newWorld(t))
	a.clickWith(ctrlKey, "Walter Quist")
	a.click("Block…")
	a.asks("Block Customer")
	a.press("Enter")
	a.sees("Customer blocked")
	a.press("Ctrl+B")
	a.asks("Unblock Customer")
}

// More than ten at once ask for a second, deliberate confirmation.
func TestBulk_TooManyMustBeAcknowledged(t *testing.T) {
	a := sit(t, crowd(t, 12, 1))
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 12 customers")
	a.press("Enter")
	a.sees("This blocks many customers. Tick the box first.")
	a.tick("I have read this and want to block")
	a.click("Block 12")
	a.sees("12 customers blocked")
}

// Where it takes long, the window says how far it is, goes on living, and can
// stop it; what was done stays, and the rest stays selected.
func TestBulk_CanBeStopped(t *testing.T) {
	a := sit(t, crowd(t, 700, 0))
	if err := a.Desk.SetDisabledRules(t.Context(), []string{"first-message", "many-blocks"}); err != nil {
		t.Fatal(err)
	}
	free := a.locked()
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 700 customers")
	a.press("Enter")
	a.asks("Blocking 700 customers")
	a.sees("0 of 700")
	a.picture("blocking")
	a.click("Stop")
	free()
	a.asks("Stopped")
	counts, err := a.Desk.Counts(t.Context())
	if err != nil || counts.Blocked == 0 || counts.Blocked == 700 {
		t.Fatalf("%+v, %v", counts, err)
	}
	a.sees(fmt.Sprintf("%d customers: blocked", counts.Blocked))
	a.sees(fmt.Sprintf("%d customers: not reached", 700-counts.Blocked))
	a.picture("stopped")
	a.press("Enter")
	a.sees(fmt.Sprintf("%d customers blocked", counts.Blocked))
	a.sees(fmt.Sprintf("%d selected", 700-counts.Blocked))
	a.press("Ctrl+B")
	a.asks(fmt.Sprintf("Block %d customers", 700-counts.Blocked))
	a.press("Enter")
	a.sees(fmt.Sprintf("%d customers blocked", 700-counts.Blocked))
	if n, err := a.Desk.VerifyEvents(t.Context()); n != 700 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

// locked has another program hold the database, so that whoever writes waits.
func (a *agent) locked() (free func()) {
	a.t.Helper()
	db, err := sql.Open("sqlite", a.place.path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA locking_mode = normal; BEGIN IMMEDIATE"); err != nil {
		a.t.Fatal(err)
	}
	return func() {
		if err := db.Close(); err != nil {
			a.t.Error(err)
		}
	}
}

// Whom somebody changed meanwhile is left as is, and named.
func TestBulk_UndoSkipsChangedCustomers(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 3 customers")
	a.press("Enter")
	a.sees("3 customers blocked")
	a.unblockAs(a.colleague(), ben, walter)
	a.press("Ctrl+Z")
	a.asks("Not all were undone")
	a.sees("2 customers: taken back")
	a.sees("1 customer: left as they were")
	a.sees("Walter Quist: someone changed this customer meanwhile")
	a.picture("refused")
	a.press("Escape")
	a.free()
	if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.BlockedEvent, data.UnblockedEvent}) {
		t.Errorf("%q", got)
	}
}

// A failure is said with what was done before it, and nothing is half done.
func TestBulk_ShowsFailure(t *testing.T) {
	a := sit(t, newWorld(t))
	mend := a.broken("events")
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 3 customers")
	a.press("Enter")
	a.asks("Not all were blocked")
	a.sees("3 customers: not reached")
	a.press("Enter")
	a.free()
	a.hasChosen("All 3 selected", "Walter Quist", "Meera Iyer", tomTitle)
	mend()
	a.press("Ctrl+B")
	a.asks("Block 3 customers")
	a.press("Enter")
	a.sees("3 customers blocked")
	a.counts("3", "0", "3")
}

// Who closes the window while many are being blocked is not kept waiting for
// all of them; what was done stays.
func TestBulk_StopsWhenWindowCloses(t *testing.T) {
	a := sit(t, crowd(t, 700, 0))
	if err := a.Desk.SetDisabledRules(t.Context(), []string{"first-message", "many-blocks"}); err != nil {
		t.Fatal(err)
	}
	free := a.locked()
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 700 customers")
	a.press("Enter")
	a.asks("Blocking 700 customers")
	a.close()
	free()
	a.until("the window is closed", func() bool { return a.window.closed })
	counts, err := a.Desk.Counts(t.Context())
	if err != nil || counts.Blocked == 700 {
		t.Errorf("%+v, %v", counts, err)
	}
	if n, err := a.Desk.VerifyEvents(t.Context()); n != int64(counts.Blocked) || err != nil {
		t.Errorf("%d events of %d blocks, %v", n, counts.Blocked, err)
	}
}

// What was selected is blocked by Enter; whoever is left out is named and stays selected.
func TestBulk_LeavesOutOnlyWhoIsMeantTo(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("Ctrl+A", "Ctrl+B")
	a.asks("Block 3 customers")
	a.tick("Leave this one out")
	a.asks("Block 2 customers")
	a.sees("Left out, and still selected afterwards: Meera Iyer")
	a.picture("left-out")
	a.press("Enter")
	a.sees("2 customers blocked, 1 left out and still selected")
	a.free()
	a.hasChosen("1 selected", "Meera Iyer")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	if a.customer(meera).Block != nil {
		t.Error("who was left out is blocked")
	}
}
