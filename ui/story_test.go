package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newWorld is a profile with three customers: Walter, who wrote last and
// twice, Meera, and a number without a name.
func newWorld(t testing.TB) place {
	t.Helper()
	p := newPlace(t)
	d, s := p.desk(t)
	receive(t, d,
		p.incoming(tom, "", "Is anybody there?", 26*time.Hour),
		p.incoming(meera, "Meera Iyer", "Where is my parcel?", 12*time.Minute),
		p.incoming(walter, "Walter Quist", "FREE phone for everyone! http://free-phone.example/claim", 4*time.Minute),
		p.incoming(walter, "Walter Quist", "Forward this to 10 friends", 2*time.Minute),
	)
	settings, err := d.Settings(t.Context())
	settings.Agent = asha.Name
	if err := errors.Join(err, d.SaveSettings(t.Context(), settings)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	return p
}

// bothModes runs a test in the light and in the dark.
func bothModes(t *testing.T, do func(t *testing.T, mode options)) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		t.Run(mode, func(t *testing.T) { do(t, inMode(mode)) })
	}
}

// hasRow waits until the list shows a customer with these texts beside the
// initials.
func (a *agent) hasRow(name string, texts ...string) {
	a.t.Helper()
	a.until("the row of "+name+" says "+strings.Join(texts, ", "), func() bool {
		row, _ := a.rowOf(name)
		at := slices.Index(row, name) // behind the initials, which a group has none of
		return at >= 0 && at <= 1 && slices.Equal(row[at:], append([]string{name}, texts...))
	})
}

func (a *agent) counts(all, unread, blocked string) {
	a.t.Helper()
	a.until("the lists count "+all+", "+unread+", "+blocked, func() bool {
		return a.tabCount("All") == all && a.tabCount("Unread") == unread && a.tabCount("Blocked") == blocked
	})
}

const (
	blockQuestion   = "Are you sure you want to block this customer?"
	unblockQuestion = "Are you sure you want to unblock this customer?"
)

var (
	blockDialog = []string{
		blockQuestion, "Walter Quist", "+46 70 123 45 67", "WQ",
		"New messages are held: not shown, and without a sound.",
		"Nothing can be sent to this customer from this desk.",
		"The chat and its history stay. You can unblock at any time.",
		"No reason", "For good", "Note for your colleagues (optional)",
	}
	activeMenu  = []string{"Mark as unread", "Rename…", "Tags…", "Export chat…", "Import chat…", "Clear chat…", "Block"}
	blockedMenu = []string{"Mark as unread", "Rename…", "Tags…", "Export chat…", "Import chat…", "Clear chat…", "Unblock"}
)

// asksTo waits for the dialog and finds it word for word.
func (a *agent) asksTo(title, button string, style widgets.Style, words []string) {
	a.t.Helper()
	a.asks(title)
	_, texts, buttons := a.dialog()
	if want := append(slices.Clone(words), "Cancel", button); !slices.Equal(texts, want) {
		a.t.Errorf("%s says\n%q, want\n%q", title, texts, want)
	}
	if len(buttons) != 2 || buttons[0].Label() != "Cancel" || buttons[0].Style() != widgets.Ghost ||
		buttons[1].Label() != button || buttons[1].Style() != style {
		a.t.Errorf("%s has %d buttons, the last is not a %s of style %d", title, len(buttons), button, style)
	}
	if a.screen.Focused() != buttons[1] {
		a.t.Errorf("%s: the keyboard is on %T", title, a.screen.Focused())
	}
}

// isBlocked waits until everything says that Walter is blocked, and by whom.
func (a *agent) isBlocked(by string, held string) {
	a.t.Helper()
	a.sees("Blocked")
	a.sees("Blocked by " + by + " today at 14:05 · for good")
	a.sees(held + " New messages are held, and nothing can be sent.")
	a.sees("Customer blocked by " + by)
	a.hasRow("Walter Quist", "14:05", "Customer blocked by "+by)
	if a.chat.CanWrite() {
		a.t.Error("the composer is there beside the strip")
	}
	if !a.hasMark("Walter Quist") {
		a.t.Error("the row has no mark of a block")
	}
}

// hasMark reports whether the row of a customer shows the mark of a block.
func (a *agent) hasMark(name string) bool {
	for _, s := range a.rowParts(name) {
		if icon := iconOf(s); icon == theme.Icon("block", theme.Danger) {
			return true
		}
	}
	return false
}

func TestBlock_ByMouse(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.counts("3", "3", "0")
		a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends", "2")
		a.hasRow("Meera Iyer", "13:53", "Where is my parcel?", "1")
		a.hasRow("+353 86 123 4567", "Yesterday", "Is anybody there?", "1")
		if got := strings.Join(a.names(), ", "); got != "Walter Quist, Meera Iyer, +353 86 123 4567" {
			t.Errorf("the list stands as %s", got)
		}
		if a.hasMark("Walter Quist") {
			t.Error("an active customer has the mark of a block")
		}

		a.click("Walter Quist")
		a.sees("New messages")
		a.sees("Type a message to send")
		a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends")
		a.counts("3", "2", "0")

		a.click("Chat menu")
		if got := a.opensMenu(); !slices.Equal(got, activeMenu) {
			t.Errorf("the menu holds %q", got)
		}
		a.click("Block")
		a.asksTo("Block Customer", "Block", widgets.Danger, blockDialog)
		a.click("Cancel")
		a.free()
		a.acted()
		if got := a.events(walter); len(got) != 0 {
			t.Fatalf("after Cancel there are the events %v", got)
		}

		a.click("Chat menu")
		a.opensMenu()
		a.click("Block")
		a.asks("Block Customer")
		a.click("Block")
		a.free()
		a.isBlocked("Asha Rao", "No messages held.")
		a.counts("3", "2", "1")
		a.picture(a.settings.Theme + "-blocked")

		a.place.clock.forward(time.Minute)
		receive(t, a.Desk, a.place.incoming(walter, "Walter Quist", "Answer me!", 0), a.place.incoming(walter, "Walter Quist", "I know where you work", 0))
		a.sees("2 messages held. New messages are held, and nothing can be sent.")
		a.hasRow("Walter Quist", "14:05", "Customer blocked by Asha Rao")
		if slices.Contains(a.texts(), "Answer me!") {
			t.Error("a held message is on the screen")
		}

		a.click("Chat menu")
		if got := a.opensMenu(); !slices.Equal(got, blockedMenu) {
			t.Errorf("the menu holds %q", got)
		}
		a.click("Unblock")
		a.asks("Unblock Customer")
		a.press("Escape")
		a.free()
		a.click("Unblock") // the strip's
		a.asksTo("Unblock Customer", "Unblock", widgets.Confirm, []string{
			unblockQuestion, "Walter Quist", "+46 70 123 45 67", "WQ",
			"New messages appear again, with sound and unread marks.",
			"You can write to this customer again.",
			"2 held messages appear in the chat, at their own times.",
			"Held messages: Show in chat", "Note for your colleagues (optional)",
		})
		a.picture(a.settings.Theme + "-unblock")
		a.place.clock.forward(time.Minute)
		a.click("Unblock")
		a.free()
		a.sees("Customer unblocked by Asha Rao")
		a.sees("Answer me!")
		a.sees("Received while blocked")
		a.sees("Type a message to send")
		a.loses("Blocked")
		a.hasRow("Walter Quist", "14:07", "Customer unblocked by Asha Rao")
		a.counts("3", "2", "0")
		if a.hasMark("Walter Quist") {
			t.Error("the row still has the mark of a block")
		}
		if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.BlockedEvent, data.UnblockedEvent}) {
			t.Errorf("the events are %v", got)
		}
		a.picture(a.settings.Theme + "-unblocked")
	})
}

func TestBlock_ByKeyboard(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.press("Ctrl+F")
		a.write("walter")
		a.until("the search is done", func() bool { return len(a.names()) == 1 })
		a.press("Return")
		a.sees("New messages")
		a.until("the composer is ready", a.onComposer)

		a.press("Ctrl+M")
		a.opensMenu()
		a.press("End", "Return")
		a.asksTo("Block Customer", "Block", widgets.Danger, blockDialog)
		a.press("Escape")
		a.free()
		a.acted()
		if got := a.events(walter); len(got) != 0 || !a.onComposer() {
			t.Fatalf("after Escape there are the events %v, and the keyboard is on %T", got, a.screen.Focused())
		}

		a.press("Menu")
		a.opensMenu()
		a.write("b")
		a.press("Return")
		a.asks("Block Customer")
		a.press("Return")
		a.free()
		a.isBlocked("Asha Rao", "No messages held.")
		a.until("the strip's button has the keyboard", func() bool { return a.screen.Focused() == a.chat.UnblockButton() })

		a.press("Return")
		a.asks("Unblock Customer")
		a.press("Escape")
		a.free()
		if a.screen.Focused() != a.chat.UnblockButton() {
			t.Errorf("after Escape the keyboard is on %T", a.screen.Focused())
		}
		a.press("Return")
		a.asks("Unblock Customer")
		a.press("Return")
		a.free()
		a.sees("Customer unblocked by Asha Rao")
		a.until("the composer has the keyboard again", a.onComposer)
		if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.BlockedEvent, data.UnblockedEvent}) {
			t.Errorf("the events are %v", got)
		}
		a.write("Hello Walter")
		a.press("Return")
		a.hasRow("Walter Quist", "14:05", "You: Hello Walter")
	})
}

func TestChatMenu_OpensByRightClick(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Meera Iyer")
	a.sees("New messages")
	a.rightClick("Walter Quist")
	if got, want := a.opensMenu(), append([]string{"Mark as read"}, activeMenu[1:]...); !slices.Equal(got, want) {
		t.Errorf("the menu of an unread chat holds %q, want %q", got, want)
	}
	a.click("Mark as read")
	a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends")
	a.rightClick("Walter Quist")
	if got := a.opensMenu(); !slices.Equal(got, activeMenu) {
		t.Errorf("the menu of a read chat holds %q", got)
	}
	a.click("Block")
	a.asksTo("Block Customer", "Block", widgets.Danger, blockDialog)
	a.press("Return")
	a.free()
	a.hasRow("Walter Quist", "14:05", "Customer blocked by Asha Rao")
	a.rightClick("Walter Quist")
	if got := a.opensMenu(); !slices.Equal(got, blockedMenu) {
		t.Errorf("the menu of a blocked customer holds %q", got)
	}
	a.press("Escape")
	a.free()
	if !slices.Contains(a.texts(), "Type a message to send") || a.chat.Customer() != a.customer(meera).ID {
		t.Error("the right click has opened the chat")
	}
	if got := a.events(meera); len(got) != 0 {
		t.Errorf("the wrong customer has the events %v", got)
	}
}

func TestBlock_EveryWayOpensTheSameDialog(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("New messages")
	for _, step := range []struct {
		way   string
		open  func()
		title string
	}{
		{"Ctrl+B", func() { a.press("Ctrl+B") }, "Block Customer"},
		{"the menu", func() { a.press("Ctrl+M"); a.opensMenu(); a.click("Block") }, "Block Customer"},
		{"the list's menu", func() { a.rightClick("Forward this to 10 friends"); a.opensMenu(); a.click("Block") }, "Block Customer"},
	} {
		step.open()
		a.asks(step.title)
		a.press("Escape")
		a.free()
	}
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Enter") // of the number pad
	a.isBlocked("Asha Rao", "No messages held.")
	a.press("Ctrl+B")
	a.asks("Unblock Customer")
	a.press("Return")
	a.sees("Customer unblocked by Asha Rao")
	a.acted()
	if got := a.events(walter); len(got) != 2 {
		t.Errorf("the events are %v", got)
	}
}

func TestBlock_SurvivesRestart(t *testing.T) {
	p := newWorld(t)
	a := sit(t, p)
	a.click("Walter Quist")
	a.sees("New messages")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Return")
	a.isBlocked("Asha Rao", "No messages held.")
	a.leave()

	p.clock.forward(24 * time.Hour)
	b := sit(t, p)
	b.counts("3", "2", "1")
	b.hasRow("Walter Quist", "Yesterday", "Customer blocked by Asha Rao")
	b.click("Walter Quist")
	b.sees("Blocked by Asha Rao yesterday at 14:05 · for good")
	b.click("Unblock")
	b.asks("Unblock Customer")
	b.press("Return")
	b.sees("Customer unblocked by Asha Rao")
}
