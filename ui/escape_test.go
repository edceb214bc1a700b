package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

// standing tells what lies over the window, from the bottom to the top, which pane is shown,
// what is searched for and selected, and who has the keyboard.
func (a *agent) standing() string {
	var layers []string
	for _, layer := range a.screen.Overlays().List() {
		layers = append(layers, textsOf(lookInto(layer))[0])
	}
	pane := "chat"
	switch {
	case slices.Contains(a.texts(), "Send as text"):
		pane = "mistyped command"
	case a.blockedView.Shown():
		pane = "blocked customers"
	case a.pairs.Shown():
		pane = "pairs"
	}
	return fmt.Sprintf("%q over %s, searching %q and %q, %d selected%s", layers, pane,
		a.chatList.Search.Text, a.blockedView.Search.Text, len(a.chatList.Selected()), a.keyboard())
}

// keyboard names who has the keyboard, if no dialog or menu has it.
func (a *agent) keyboard() string {
	if !a.hasKeyboard() {
		return ""
	}
	switch f := a.screen.Focused().(type) {
	case *widgets.Button, *widgets.StatusBar: // which was clicked, and passes on what is typed
		return ""
	default:
		for name, known := range map[string]any{
			"the composer": a.chat.Composer(), "the search": a.chatList.Search, "the list": a.chatList.List,
			"the view's search": a.blockedView.Search, "the view": a.blockedView.FocusTarget(), "the pairs": a.pairs.FocusTarget(),
		} {
			if f == known {
				return ", keyboard on " + name
			}
		}
		return fmt.Sprintf(", keyboard on %T", f)
	}
}

// Wherever one has gone by steps, Escape goes back by the same: one at a time, none left
// out, and to the composer at last, where it does nothing.
func TestEscape_GoesOneStepBack(t *testing.T) {
	folder := t.TempDir()
	list := filepath.Join(folder, "list.csv")
	if err := os.WriteFile(list, []byte("name,phone\nPromo King,+447700900111\nWalter,nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "there.csv"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	exported := exportedChat(t, "WhatsApp Chat with Walter.txt", walterExport...)
	t.Chdir(folder) // an export goes where it says

	type step = func(a *agent)
	key := func(names ...string) step { return func(a *agent) { a.press(names...) } }
	asks := func(key, title string) step { return func(a *agent) { a.press(key); a.asks(title) } }
	click := func(label, title string) step { return func(a *agent) { a.click(label); a.asks(title) } }
	menu := func(key string) step { return func(a *agent) { a.press(key); a.opensMenu() } }
	choose := func(label string) step { // opens what there is to choose from
		return func(a *agent) {
			before := len(a.screen.Overlays().List())
			a.click(label)
			a.until("the choices of "+label, func() bool { return len(a.screen.Overlays().List()) > before })
		}
	}
	write := func(text string) step { return func(a *agent) { a.write(text) } }
	blocked := step(func(a *agent) { a.press("Ctrl+Shift+B"); a.stands("Meera Iyer") })
	pairs := step(func(a *agent) { a.press("Ctrl+J"); a.comparing("1 pair to decide") })
	inList := step(func(a *agent) { a.chatList.Focus() })
	all := step(func(a *agent) {
		a.press("Ctrl+A")
		a.until("all are selected", func() bool { return len(a.chatList.Selected()) > 2 })
	})
	settings := asks("Ctrl+,", "Settings")

	for name, steps := range map[string][]step{
		"search":    {key("Ctrl+F"), write("wal")},
		"list":      {inList},
		"selection": {inList, all},
		"many":      {inList, all, asks("Ctrl+B", "Block 3 customers")},
		"mistyped command": {func(a *agent) {
			a.write("/blok")
			a.press("Return")
			a.sees("/blok is not a command, so nothing was sent.")
		}},

		"blocked":                     {blocked},
		"blocked, search":             {blocked, key("Ctrl+F"), write("wal")},
		"blocked, menu":               {blocked, func(a *agent) { a.press("Down", "Ctrl+M"); a.opensMenu() }},
		"blocked, unblock":            {blocked, func(a *agent) { a.press("Down", "Delete"); a.asks("Unblock Customer") }},
		"blocked, history":            {blocked, asks("Ctrl+H", "History")},
		"blocked, settings":           {blocked, settings},
		"blocked, shortcuts":          {blocked, asks("F1", "Shortcuts")},
		"blocked, a number":           {blocked, func(a *agent) { a.blockDialogs.OpenAdd(); a.asks("Block a number") }},
		"blocked, over pairs":         {pairs, blocked},
		"pairs":                       {pairs},
		"pairs, search":               {pairs, key("Ctrl+F"), write("wal")},
		"pairs, list":                 {pairs, inList},
		"pairs, selection":            {pairs, inList, all},
		"pairs, settings":             {pairs, settings},
		"history":                     {asks("Ctrl+H", "History")},
		"history, who":                {asks("Ctrl+H", "History"), choose("Who: Everybody")},
		"block":                       {asks("Ctrl+B", "Block Customer")},
		"block, reason":               {asks("Ctrl+B", "Block Customer"), choose("No reason")},
		"rename":                      {asks("F2", "Rename customer")},
		"tags":                        {asks("Ctrl+T", "Tags of Walter Quist")},
		"clear":                       {menu("Ctrl+M")},
		"settings":                    {settings},
		"settings, look":              {settings, choose("Light")},
		"settings, rules":             {settings, click("Blocking reasons and safeguards…", "Blocking reasons and safeguards")},
		"settings, account":           {settings, click("DoubleTick account…", "DoubleTick account")},
		"export":                      {asks("Ctrl+E", "Export chat")},
		"export, file":                {asks("Ctrl+E", "Export chat"), click("Export…", "Export chat")},
		"import of messages":          {func(a *agent) { a.messageImport.open(); a.asks("Import messages") }},
		"import of a list":            {func(a *agent) { a.importExport.previewList(list); a.asks("Import blocked customers") }},
		"import of a list, columns":   {func(a *agent) { a.importExport.previewList(list); a.asks("Import blocked customers") }, click("Choose columns…", "Choose columns")},
		"import of a chat":            {func(a *agent) { a.chatImport.read(a.customer(walter).ID, exported); a.asks("Import chat") }},
		"about, licences":             {func(a *agent) { a.click("Menu"); a.opensMenu(); a.click("About Latchdesk"); a.asks("Latchdesk 9.9.9") }, click("Licences", "Licences")},
		"set aside":                   {click("1 set aside", "Deliveries set aside")},
		"set aside, delivery":         {click("1 set aside", "Deliveries set aside"), click("It is odd", "Delivery 1")},
		"set aside, delivery to drop": {click("1 set aside", "Deliveries set aside"), click("It is odd", "Delivery 1"), click("Drop…", "Drop delivery")},
	} {
		t.Run(name, func(t *testing.T) {
			a := writing(t, keptBy(&keeper{}), func(o *Options) {
				o.ImportMessages = func(context.Context, string) (string, error) { return "Nothing was taken.", nil }
			})
			a.setsAside("", "it is odd", "{}")
			a.sees("1 set aside")
			if strings.Contains(name, "pairs") {
				a.pairOfStrangers()
				a.sees("Same person?")
			}
			if strings.HasPrefix(name, "blocked") {
				a.blockAs(a.Desk, asha, meera)
				a.sees("Customer blocked by Asha Rao")
			}
			a.screen.Focus(a.chat.Composer())
			way := []string{a.standing()}
			for _, do := range steps {
				do(a)
				a.acted()
				way = append(way, a.standing())
			}
			for i := len(way) - 1; i >= 0; i-- {
				back := way[max(0, i-1)]
				a.press("Escape")
				a.acted()
				if got := a.standing(); got != back && !(i == 1 && got+", keyboard on the composer" == back) {
					a.picture("escape")
					t.Fatalf("Escape led from\n%s\nto\n%s\nand not to\n%s", way[i], got, back)
				}
			}
		})
	}
}
