package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// below returns what can be written into the window, and not into what lies over it.
func (a *agent) below() [3]string {
	return [3]string{a.chat.Composer().Text, a.chatList.Search.Text, a.blockedView.Search.Text}
}

// writesOnTop types a letter, and reports whether it went below the open dialog or menu.
func (a *agent) writesOnTop() (stray bool) {
	open, before := !a.hasKeyboard(), a.below()
	a.write("ж")
	stray = open && a.below() != before
	a.queue.drain() // which may close what was open
	return stray
}

// settles runs what is queued and lays out again.
func (a *agent) settles() {
	a.queue.drain()
	a.frame()
}

// While a dialog or menu is open every letter is its own, wherever it was clicked.
func TestKeyboard_BelongsToTheTopLayer(t *testing.T) {
	folder := t.TempDir()
	list := filepath.Join(folder, "list.csv")
	if err := os.WriteFile(list, []byte("name,phone\nPromo King,+447700900111\nWalter,nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	chat := exportedChat(t, "WhatsApp Chat with Walter.txt", walterExport...)
	t.Chdir(folder) // an export goes where it says
	for name, open := range map[string]func(a *agent){
		"Block Customer":  func(a *agent) { a.press("Ctrl+B"); a.asks("Block Customer") },
		"Rename customer": func(a *agent) { a.press("F2"); a.asks("Rename customer") },
		"Export chat":     func(a *agent) { a.press("Ctrl+E"); a.asks("Export chat") },
		"Export chat, the file": func(a *agent) {
			a.press("Ctrl+E")
			a.asks("Export chat")
			a.click("Export…")
			a.sees("Up")
		},
		"Settings":        func(a *agent) { a.press("Ctrl+,"); a.asks("Settings") },
		"History":         func(a *agent) { a.press("Ctrl+H"); a.asks("History") },
		"the shortcuts":   func(a *agent) { a.press("F1"); a.until("a sheet", func() bool { return !a.hasKeyboard() }) },
		"the chat's menu": func(a *agent) { a.press("Ctrl+M"); a.opensMenu() },
		"the desk's menu": func(a *agent) { a.click("Menu"); a.opensMenu() },
		"Tags":            func(a *agent) { a.press("Ctrl+M"); a.opensMenu(); a.click("Tags…"); a.asks("Tags of Walter Quist") },
		"Clear chat":      func(a *agent) { a.press("Ctrl+M"); a.opensMenu(); a.click("Clear chat…"); a.asks("Clear chat") },
		"Block many": func(a *agent) {
			a.press("Ctrl+A", "Ctrl+B")
			a.until("a dialog", func() bool { return !a.hasKeyboard() })
		},
		"Unblock Customer": func(a *agent) {
			a.blockAs(a.Desk, asha, walter)
			a.sees("Blocked by Asha Rao today at 14:05 · for good")
			a.press("Ctrl+B")
			a.asks("Unblock Customer")
		},
		"Change block": func(a *agent) {
			a.blockAs(a.Desk, asha, walter)
			a.click("Change…")
			a.asks("Change block")
		},
		"Block a number": func(a *agent) { a.blockDialogs.OpenAdd(); a.asks("Block a number") },
		"About":          func(a *agent) { a.click("Menu"); a.opensMenu(); a.click("About Latchdesk"); a.asks("Latchdesk 9.9.9") },
		"the demo":       func(a *agent) { a.demo.confirmReset(); a.asks("Start the demo over") },
		"First start":    func(a *agent) { a.askFirstStart(false); a.asks("Welcome to Latchdesk") },
		"Join an account": func(a *agent) {
			a.accountDialogs.Open()
			a.asks("DoubleTick account")
		},
		"Leave an account": func(a *agent) {
			if err := a.Desk.Join(t.Context(), data.Account{Base: baseURL, Number: ourNumber}); err != nil {
				t.Fatal(err)
			}
			a.accountDialogs.Open()
			a.asks("DoubleTick account")
			a.click("Leave…")
			a.asks("Leave DoubleTick")
		},
		"Import messages": func(a *agent) { a.messageImport.open(); a.asks("Import messages") },
		"Import a list":   func(a *agent) { a.importExport.previewList(list); a.asks("Import blocked customers") },
		"Columns of a list": func(a *agent) {
			a.importExport.previewList(list)
			a.asks("Import blocked customers")
			a.click("Choose columns…")
			a.asks("Choose columns")
		},
		"Import a chat":       func(a *agent) { a.chatImport.read(a.customer(walter).ID, chat); a.asks("Import chat") },
		"Export blocked list": func(a *agent) { a.importExport.exportList(); a.asks("Export blocked customers") },
		"Blocked, a menu": func(a *agent) {
			a.press("Ctrl+Shift+B")
			a.until("the view", a.blockedView.Shown)
			a.press("Ctrl+,")
			a.asks("Settings")
		},
	} {
		t.Run(name, func(t *testing.T) {
			change := []options{keptBy(&keeper{}), func(o *Options) {
				o.ResetDemo = func(context.Context) error { return nil }
				o.ImportMessages = func(context.Context, string) (string, error) { return "Nothing was taken.", nil }
			}}
			a := writing(t, change...)
			size := a.screen.Size()
			open(a)
			for y := float32(11); y < size.Height; y += 113 {
				for x := float32(13); x < size.Width; x += 211 {
					for _, button := range []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonSecondary} {
						a.clickAt(fyne.NewPos(x, y), button)
						a.settles()
						if a.writesOnTop() {
							a.picture("stray")
							t.Fatalf("after a click at %v, %v a letter went below: %q", x, y, a.below())
						}
						if !a.hasKeyboard() {
							continue
						}
						a = writing(t, change...)
						open(a)
					}
				}
			}
		})
	}
}

// Whatever is clicked and pressed, no letter goes below an open dialog or menu. One
// window goes through all cases of ten clicks and keys each, until it is closed.
func TestKeyboard_RandomHands(t *testing.T) {
	keys := []string{
		"Tab", "Shift+Tab", "Escape", "Return", "Space", "Up", "Down", "BackSpace", "F1", "F2", "Ctrl+A", "Ctrl+B", "Ctrl+E", "Ctrl+F",
		"Ctrl+H", "Ctrl+J", "Ctrl+M", "Ctrl+Z", "Ctrl+,", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+Shift+B",
	}
	t.Chdir(t.TempDir()) // an export goes where it says
	a := writing(t)
	rapid.Check(t, func(rt *rapid.T) {
		for range 10 {
			if a.window.closed {
				a.leave()
				a = writing(t)
			}
			size := a.screen.Size()
			switch act := rapid.IntRange(0, 3).Draw(rt, "act"); act {
			case 0:
				a.press(rapid.SampledFrom(keys).Draw(rt, "key"))
			default:
				at := fyne.NewPos(rapid.Float32Range(0, size.Width-1).Draw(rt, "x"), rapid.Float32Range(0, size.Height-1).Draw(rt, "y"))
				button := desktop.MouseButtonPrimary
				if act == 3 {
					button = desktop.MouseButtonSecondary
				}
				a.clickAt(at, button)
			}
			a.settles()
			if a.writesOnTop() {
				rt.Fatalf("a letter went below: %q", a.below())
			}
		}
	})
}

// A click on the empty ground of a dialog leaves the keyboard where it was.
func TestKeyboard_StaysInTheEntry(t *testing.T) {
	for name, button := range map[string]desktop.MouseButton{"left": desktop.MouseButtonPrimary, "right": desktop.MouseButtonSecondary} {
		t.Run(name, func(t *testing.T) {
			a := writing(t)
			a.press("Ctrl+M")
			a.opensMenu()
			a.click("Tags…")
			a.asks("Tags of Walter Quist")
			a.clickAt(fyne.NewPos(5, 5), button)
			a.write("vip")
			a.press("Return")
			a.free()
			if got := a.customer(walter).Tags; !slices.Equal(got, []string{"vip"}) {
				t.Errorf("the tags are %q", got)
			}
		})
	}
}

// What the window focuses while a dialog is open has the keyboard once it is closed.
func TestFocus_WaitsForTheDialog(t *testing.T) {
	a := writing(t)
	a.press("Ctrl+B")
	a.asks("Block Customer")
	before := a.screen.Focused()
	widgets.Focus(a.screen, a.chatList.Search)
	if got := a.screen.Focused(); got != before || a.chatList.Search.Focused() {
		t.Errorf("the keyboard is with %T", got)
	}
	a.press("Escape")
	a.free()
	if got := a.screen.Focused(); got != a.chatList.Search {
		t.Errorf("the keyboard is with %T", got)
	}
	a.write("me")
	if got := a.below(); got != [3]string{"", "me", ""} {
		t.Errorf("%q", got)
	}
}

// Arrows move through the blocked view after a dialog over it was left.
func TestKeyboard_ArrowsAfterADialogOverTheBlockedView(t *testing.T) {
	a := onView(t, newBlockedWorld(t))
	a.stands("Walter Quist", "Meera Iyer", unknown)
	a.press("Down")
	first := a.blockedView.Selected()
	a.press("Ctrl+,")
	a.asks("Settings")
	a.clickAt(fyne.NewPos(5, 5), desktop.MouseButtonPrimary)
	a.press("Escape")
	a.free()
	a.press("Down", "Down")
	if got := a.blockedView.Selected(); got == first {
		t.Errorf("the mark stays on %d; the keyboard is with %T", got, a.screen.Focused())
	}
}

// After the chat's menu was opened by its button and left, what is typed goes to the
// composer again.
func TestKeyboard_ReturnsAfterTheChatMenu(t *testing.T) {
	a := writing(t)
	before := a.below()
	a.click("Chat menu")
	a.opensMenu()
	a.press("Escape")
	a.free()
	a.write("me")
	a.settles()
	before[0] += "me"
	if got := a.below(); got != before {
		t.Errorf("%q, want %q; the keyboard is with %T", got, before, a.screen.Focused())
	}
}

// A link in a message that was followed leaves the keyboard to the composer, also one that
// is gone by that. Where the strip stands, Enter once too often does not reach Unblock.
func TestKeyboard_ReturnsAfterALink(t *testing.T) {
	const link = "https://shop.example/order"
	a := linkWorld(t, link)
	receive(t, a.Desk, data.Incoming{From: data.Sender{Phone: walter}, Message: data.Message{
		Kind: data.TextMessage, Text: "Helo", At: a.Desk.Now(), RemoteID: "to edit", WhatsAppID: "wamid.edit",
	}}, data.Incoming{From: data.Sender{Phone: walter}, Message: data.Message{
		Kind: data.EditMessage, Text: "Hello", At: a.Desk.Now(), RemoteID: "the edit", ReplyTo: "wamid.edit",
	}})
	a.sees("Edited: show what it said before")
	follow := func(dx float32) { // each time elsewhere, since two clicks at one place select a word
		a.clickAt(a.textInChat(link).middle().AddXY(dx, 0), desktop.MouseButtonPrimary)
		a.asks("Open link")
	}
	for name, do := range map[string]func(){
		"to the world": func() { follow(-30); a.press("Escape"); a.free() },
		"opened":       func() { follow(0); a.press("Return"); a.free() },
		"to the words": func() { a.click("Edited: show what it said before") },
	} {
		do()
		a.settles()
		if !a.onComposer() {
			t.Errorf("%s: the keyboard is with %T", name, a.screen.Focused())
		}
	}
	a.blockAs(a.Desk, ben, walter)
	a.sees("Blocked by Ben today at 14:05 · for good")
	follow(30)
	a.press("Return")
	a.free()
	a.press("Return")
	a.settles()
	if !a.hasKeyboard() {
		t.Errorf("Enter opened %q", a.texts())
	}
	a.press("Escape")
	if a.screen.Focused() != a.chatList.List {
		t.Errorf("Escape led to %T", a.screen.Focused())
	}
}

// Where nothing has the keyboard, as after the start, the arrows go through the list.
func TestKeyboard_ArrowsGoThroughTheList(t *testing.T) {
	a := sit(t, newWorld(t))
	if a.screen.Focused() != nil {
		t.Fatalf("the keyboard is with %T", a.screen.Focused())
	}
	a.press("Down", "Return")
	a.until("a chat is open", func() bool { return a.chat.Customer() != 0 })
}
