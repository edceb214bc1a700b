package ui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// field returns the n-th entry of the dialog on top.
func (a *agent) field(n int) *widgets.Entry {
	a.t.Helper()
	var fields []*widgets.Entry
	for _, s := range a.top() {
		if e, ok := s.object.(*widgets.Entry); ok {
			fields = append(fields, e)
		}
	}
	if n >= len(fields) {
		a.t.Fatalf("there are %d entries", len(fields))
	}
	return fields[n]
}

// fill types over what the n-th entry of the dialog holds.
func (a *agent) fill(n int, text string) {
	a.t.Helper()
	a.screen.Focus(a.field(n))
	a.press("Ctrl+A", "Delete")
	a.write(text)
}

// says waits until the dialog on top says something that begins so.
func (a *agent) says(begin string) {
	a.t.Helper()
	a.until("it says "+begin, func() bool {
		return slices.ContainsFunc(textsOf(a.top()), func(text string) bool { return strings.HasPrefix(text, begin) })
	})
}

func TestCustomerDialogs_Rename(t *testing.T) {
	a := writing(t)
	a.press("F2")
	a.asks("Rename customer")
	if a.screen.Focused() != a.field(0) || a.field(0).Text != "Walter Quist" || a.field(0).SelectedText() != "Walter Quist" {
		t.Errorf("it starts on %T with %q marked", a.screen.Focused(), a.field(0).SelectedText())
	}
	a.write("Walter Q. ")
	a.press("Escape")
	a.free()
	a.acted()
	if got := a.customer(walter).Name; got != "Walter Quist" {
		t.Fatalf("Escape left the name %q", got)
	}
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Rename…")
	a.asks("Rename customer")
	a.write("  Wal ")
	a.press("Return")
	a.free()
	a.sees("Renamed from Walter Quist to Wal by Asha Rao")
	a.hasRow("Wal", "14:05", "Renamed from Walter Quist to Wal by Asha…")
	if got := a.customer(walter).Name; got != "Wal" {
		t.Errorf("the name is %q", got)
	}
	if !a.onComposer() {
		t.Errorf("the keyboard is on %T", a.screen.Focused())
	}
	a.press("F2")
	a.asks("Rename customer")
	a.press("Delete", "Return")
	a.free()
	a.hasRow("+46 70 123 45 67", "14:05", "Name Wal removed by Asha Rao")
	if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.RenamedEvent, data.RenamedEvent}) {
		t.Errorf("the events are %v", got)
	}
}

func TestCustomerDialogs_ShowErrorInDialog(t *testing.T) {
	a := writing(t)
	mend := a.broken("events")
	a.press("F2")
	a.asks("Rename customer")
	a.write("Wally")
	a.press("Return")
	a.until("it says why", func() bool { return strings.Contains(strings.Join(textsOf(a.top()), "\n"), "the disk is on fire") })
	if a.field(0).Text != "Wally" {
		t.Errorf("what was typed is gone: %q", a.field(0).Text)
	}
	mend()
	a.press("Return")
	a.free()
	a.sees("Wally")
}

func TestCustomerDialogs_EditTags(t *testing.T) {
	a := writing(t)
	a.press("Ctrl+T")
	a.asks("Tags of Walter Quist")
	a.write("wholesale, VIP,, vip , VIP")
	a.press("Return")
	a.free()
	a.sees("+46 70 123 45 67 · VIP · vip · wholesale")
	a.press("Ctrl+T")
	a.asks("Tags of Walter Quist")
	if got := a.field(0).Text; got != "VIP, vip, wholesale" {
		t.Errorf("it starts with %q", got)
	}
	a.fill(0, "")
	a.press("Return")
	a.free()
	a.sees("+46 70 123 45 67")
	if got := a.customer(walter).Tags; len(got) != 0 {
		t.Errorf("the tags are %q", got)
	}
}

func TestCustomerDialogs_ClearChat(t *testing.T) {
	a := writing(t)
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Clear chat…")
	a.asks("Clear chat")
	_, texts, buttons := a.dialog()
	if !slices.Contains(texts, "Are you sure you want to clear the chat with Walter Quist?") || len(buttons) != 2 || buttons[1].Label() != "Clear" {
		t.Errorf("it says %q", texts)
	}
	if buttons[1].Style() != widgets.DangerOutline || !buttons[0].Focused() || buttons[1].Focused() {
		t.Error("what takes something away is outlined, and Cancel has the focus")
	}
	a.press("Return")
	a.free()
	a.acted()
	if len(a.events(walter)) != 0 {
		t.Fatal("Enter cleared the chat")
	}
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Clear chat…")
	a.asks("Clear chat")
	a.press("Escape")
	a.free()
	a.acted()
	if len(a.events(walter)) != 0 || !slices.Contains(a.texts(), "Forward this to 10 friends") {
		t.Fatal("Escape cleared the chat")
	}
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Clear chat…")
	a.asks("Clear chat")
	a.click("Clear")
	a.free()
	a.hasRow("Walter Quist", "14:05", "Chat cleared by Asha Rao")
	a.loses("Forward this to 10 friends")
	a.textInChat("Chat cleared by Asha Rao")
	a.press("Ctrl+Z")
	a.textInChat("Chat restored by Asha Rao")
	a.sees("Forward this to 10 friends")
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Clear chat…")
	a.asks("Clear chat")
	a.click("Clear")
	a.free()
	a.loses("Forward this to 10 friends")
	receive(t, a.Desk, a.place.incoming(walter, "", "I am still here", 0))
	a.textInChat("I am still here")
}

func TestCustomerDialogs_ExportChat(t *testing.T) {
	a := writing(t)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	a.blockAs(a.Desk, asha, walter)
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
	openExport := func() {
		t.Helper()
		a.press("Ctrl+E")
		a.asks("Export chat")
		a.sees("Format: Plain text")
	}
	toFile := func(name string) {
		t.Helper()
		a.click("Export…")
		a.asksForFile(home, name)
	}
	saved := func() {
		t.Helper()
		a.says("It was saved to ")
		a.press("Return")
		a.free()
	}
	openExport()
	toFile("chat-46701234567-20260309-140500.txt")
	a.press("Escape") // back to what is exported
	a.sees("Format: Plain text")
	toFile("chat-46701234567-20260309-140500.txt")
	a.press("Return")
	saved()
	text, err := os.ReadFile(filepath.Join(home, "chat-46701234567-20260309-140500.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Walter Quist", "Forward this to 10 friends", "Customer blocked by Asha Rao"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the file does not say %q", want)
		}
	}

	openExport()
	toFile("chat-46701234567-20260309-140500.txt")
	a.press("Return")
	a.asks("Replace chat-46701234567-20260309-140500.txt?")
	a.press("Escape")
	if again, err := os.ReadFile(filepath.Join(home, "chat-46701234567-20260309-140500.txt")); err != nil || string(again) != string(text) {
		t.Errorf("the file was written over: %v", err)
	}
	if err := os.WriteFile(filepath.Join(home, "other.txt"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.fill(0, "other")
	a.press("Return")
	a.asks("Replace other.txt?")
	a.click("Replace")
	saved()
	if again, err := os.ReadFile(filepath.Join(home, "other.txt")); err != nil || string(again) != string(text) {
		t.Errorf("the file holds %q (%v), want %q", again, err, text)
	}
	if left, err := filepath.Glob(filepath.Join(home, ".*.txt")); err != nil || len(left) > 0 {
		t.Errorf("left behind is %q, %v", left, err)
	}

	openExport()
	for _, s := range a.top() {
		switch o := s.object.(type) {
		case *widgets.Select:
			o.SetSelected("HTML page")
		case *widgets.Check:
			a.clickAt(s.at.AddXY(8, s.size.Height/2), desktop.MouseButtonPrimary)
		}
	}
	toFile("chat-46701234567-20260309-140500.html")
	a.press("Return")
	saved()
	page, err := os.ReadFile(filepath.Join(home, "chat-46701234567-20260309-140500.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "<html") || !strings.Contains(string(page), "Forward this to 10 friends") || strings.Contains(string(page), "Customer blocked") {
		t.Error("it is no page of messages without events")
	}
}

// asksForFile waits until a dialog asks for a file and offers a name in a folder.
func (a *agent) asksForFile(folder, name string) {
	a.t.Helper()
	a.until("it asks for a file", func() bool {
		return slices.ContainsFunc(a.top(), func(s shown) bool {
			e, ok := s.object.(*widgets.Entry)
			return ok && e.PlaceHolder == "Name or path"
		}) && slices.Contains(textsOf(a.top()), folder)
	})
	if got := a.field(0).Text; got != name {
		a.t.Errorf("it offers %q, want %q", got, name)
	}
}

// A replaced file stays as it was where the new one cannot be written.
func TestSaveFile_KeepsTheOldOneWhereItFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	fail := errors.New("no room")
	holds := func(want string) {
		t.Helper()
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("it holds %q, %v, want %q", got, err, want)
		}
	}
	if err := saveFile(file, true, func(string) error { return fail }); !errors.Is(err, fail) {
		t.Errorf("it says %v", err)
	}
	holds("old")
	if err := saveFile(file, true, func(path string) error { return os.WriteFile(path, []byte("new"), 0o600) }); err != nil {
		t.Error(err)
	}
	holds("new")
	missing := filepath.Join(t.TempDir(), "no", "list.csv")
	err := saveFile(missing, false, func(path string) error { return os.WriteFile(path, nil, 0o600) })
	if want := "the folder " + filepath.Dir(missing) + " does not exist: choose another"; err == nil || err.Error() != want {
		t.Errorf("it says %v, want %s", err, want)
	}
}

func TestExportPath_IsAmongTheDownloads(t *testing.T) {
	a := writing(t)
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(home, "Downloads"), 0o755); err != nil {
		t.Fatal(err)
	}
	a.press("Ctrl+E")
	a.asks("Export chat")
	a.click("Export…")
	a.asksForFile(filepath.Join(home, "Downloads"), "chat-46701234567-20260309-140500.txt")
}

// linkWorld is Walter's chat with a message of such words.
func linkWorld(t *testing.T, text string) *agent {
	t.Helper()
	p := newPlace(t)
	d, s := p.desk(t)
	receive(t, d, p.incoming(walter, "Walter Quist", text, time.Minute))
	s.Close()
	a := sit(t, p)
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	return a
}

func TestOpenLink_ShowsTargetFirst(t *testing.T) {
	a := linkWorld(t, "see http://bank.example@evil.example/login?x=1 now")
	a.clickAt(a.textInChat("http://bank.example@evil.example/login?x=1").middle(), desktop.MouseButtonPrimary)
	a.asks("Open link")
	if _, texts, _ := a.dialog(); !slices.Contains(texts, "evil.example") || !slices.Contains(texts, "http://bank.example@evil.example/login?x=1") {
		t.Errorf("it says %q", texts)
	}
	a.press("Escape")
	a.free()
	if len(a.program.links) != 0 {
		t.Fatalf("%v was opened without a confirm", a.program.links)
	}
	a.clickAt(a.textInChat("http://bank.example@evil.example/login?x=1").middle().AddXY(-30, 0), desktop.MouseButtonPrimary)
	a.asks("Open link")
	a.press("Return")
	a.free()
	if !slices.Equal(a.program.links, []string{"http://bank.example@evil.example/login?x=1"}) {
		t.Errorf("%v was opened", a.program.links)
	}
	a.program.refuse = errors.New("no browser here")
	a.clickAt(a.textInChat("http://bank.example@evil.example/login?x=1").middle().AddXY(30, 0), desktop.MouseButtonPrimary)
	a.asks("Open link")
	a.press("Return")
	a.asks("Something went wrong")
	a.says("the link could not be opened: no browser here")
}

func TestOpenLink_HarmlessKindsOnly(t *testing.T) {
	text := "file:///etc/passwd javascript:alert(1) ftp://x.example smb://x.example ms-word:ofe|u|http:x vbscript:x data:text/html,x"
	a := linkWorld(t, text)
	for _, word := range strings.Fields(text) {
		for _, s := range a.look() {
			if p, ok := s.object.(*widgets.SelectableText); ok && p.OnLink != nil && p.Text() == text {
				for x := float32(2); x < s.size.Width; x += 9 {
					for y := float32(10); y < s.size.Height; y += 20 {
						a.clickAt(s.at.AddXY(x, y), desktop.MouseButtonPrimary)
						if a.screen.Overlays().Top() != nil {
							t.Fatalf("something in %q can be followed", word)
						}
					}
				}
			}
		}
	}
	b := linkWorld(t, "mailto:help@shop.example tel:+46701234567 https://shop.example")
	for _, link := range []string{"mailto:help@shop.example", "tel:+46701234567", "https://shop.example"} {
		b.clickAt(b.textInChat(link).middle(), desktop.MouseButtonPrimary)
		b.asks("Open link")
		b.press("Return")
		b.free()
	}
	if got := strings.Join(b.program.links, " "); got != "mailto:help@shop.example tel:+46701234567 https://shop.example" {
		t.Errorf("%s was opened", got)
	}
}

func TestAbout_ShowsVersion(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Menu")
	a.opensMenu()
	a.click("About Latchdesk")
	a.asks("Latchdesk 9.9.9")
	a.says("Profile: " + filepath.Dir(a.place.path))
	a.says(assets.License[:20])
	a.press("Return")
	a.free()
}

func TestShortcutSheet_ListsEveryShortcut(t *testing.T) {
	a := sit(t, newWorld(t))
	a.press("F1")
	a.asks("Shortcuts")
	a.picture("shortcuts")
	sheet := strings.Join(textsOf(a.top()), "\n")
	for _, s := range a.shortcuts() {
		if s.action == nil {
			continue
		}
		key := map[fyne.KeyName]string{fyne.KeyComma: ",", fyne.Key1: "Ctrl+1", fyne.Key2: "2", fyne.Key3: "3"}[s.key]
		if key == "" {
			key = string(s.key)
		}
		if !strings.Contains(sheet, key) {
			t.Errorf("the sheet says nothing of %s", s.key)
		}
	}
	for _, key := range []string{"F1", "F2", "Menu", "Escape", "Enter", "Shift+Enter", "Page Up"} {
		if !strings.Contains(sheet, key) {
			t.Errorf("the sheet says nothing of %s", key)
		}
	}
	a.press("Escape")
	a.free()
}

// The keys that stand beside the rows of the menus do what the rows do.
func TestMenus_NameTheirShortcuts(t *testing.T) {
	a := writing(t)
	for _, open := range []func(){func() { a.press("Ctrl+M") }, func() { a.click("Menu") }} {
		open()
		a.opensMenu()
		sheet := map[string]bool{}
		for _, s := range a.shortcuts() {
			sheet[s.label] = true
		}
		found := 0
		for _, s := range textsOf(a.top()) {
			if strings.HasPrefix(s, "Ctrl+") || s == "F1" || s == "F2" {
				found++
				if !sheet[s] {
					t.Errorf("a menu promises %s, which the sheet does not know", s)
				}
			}
		}
		if found < 4 {
			t.Errorf("only %d rows name a shortcut", found)
		}
		a.press("Escape")
		a.free()
	}
}

func TestProgramMenu_Items(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Menu")
	want := []string{"Blocked customers", "History…", "Export blocked list…", "Import blocked list…", "Import messages…", "Demo", "Settings…", "Shortcuts", "About Latchdesk", "Quit"}
	if got := a.opensMenu(); !slices.Equal(got, want) {
		t.Errorf("it holds %q", got)
	}
	a.click("Blocked customers")
	a.sees("Nobody is blocked")
	a.press("Escape")
	a.click("Menu")
	a.opensMenu()
	a.click("Quit")
	a.until("the window is closed", func() bool { return a.window.closed })
}
