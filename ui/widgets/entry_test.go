package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func ctrl(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

func TestEntry_OnKeyComesFirst(t *testing.T) {
	e := NewMultiLineEntry()
	window(t, e)
	sent := 0
	e.OnKey = func(key *fyne.KeyEvent) bool {
		if key.Name == fyne.KeyReturn {
			sent++
			return true
		}
		return false
	}
	test.Type(e, "Hi")
	press(e, fyne.KeyReturn)
	if sent != 1 || e.Text != "Hi" {
		t.Errorf("sent %d times, text %q", sent, e.Text)
	}
	press(e, fyne.KeyBackspace)
	if e.Text != "H" {
		t.Errorf("a key not taken must edit; text %q", e.Text)
	}
}

func TestEntry_ForwardsUnusedKeys(t *testing.T) {
	line, lines, search := NewEntry(), NewMultiLineEntry(), NewEntry()
	submitted := 0
	search.OnSubmitted = func(string) { submitted++ }
	w := window(t, container.NewVBox(line, lines, search))
	var heard []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { heard = append(heard, key.Name) })

	press(line, fyne.KeyF1, fyne.KeyEscape, fyne.KeyReturn, fyne.KeyLeft)
	press(lines, fyne.KeyEscape, fyne.KeyReturn)
	press(search, fyne.KeyReturn)
	if got := fmt.Sprint(heard); got != "[F1 Escape Return Escape]" {
		t.Errorf("the window heard %s", got)
	}
	if submitted != 1 {
		t.Errorf("submitted %d times", submitted)
	}
}

func TestEntry_KeepsEditingShortcuts(t *testing.T) {
	e := NewEntry()
	window(t, e)
	asked := 0
	e.OnShortcut = func(fyne.Shortcut) bool { asked++; return true }
	clipboard := fyne.CurrentApp().Clipboard()

	e.SetText("parcel")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	e.TypedShortcut(&fyne.ShortcutCut{Clipboard: clipboard})
	if e.Text != "" || clipboard.Content() != "parcel" || asked != 0 {
		t.Errorf("text %q, clipboard %q, asked %d times", e.Text, clipboard.Content(), asked)
	}
	e.TypedShortcut(ctrl(fyne.KeyLeft))
	e.TypedShortcut(ctrl(fyne.KeyBackspace))
	if asked != 0 {
		t.Error("moving by words is editing, too")
	}
	e.TypedShortcut(ctrl(fyne.KeyF))
	e.TypedShortcut(ctrl(fyne.KeyUp))
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}

// shortcutCanvas hears shortcuts as the canvas of a real window does; that of
// the test driver does not.
type shortcutCanvas struct {
	fyne.Canvas
	handler fyne.ShortcutHandler
}

func (c *shortcutCanvas) TypedShortcut(s fyne.Shortcut) { c.handler.TypedShortcut(s) }

func TestEntry_ForwardsShortcutsToWindow(t *testing.T) {
	heard := 0
	c := &shortcutCanvas{}
	c.handler.AddShortcut(ctrl(fyne.KeyF), func(fyne.Shortcut) { heard++ })
	forwardShortcut(c, ctrl(fyne.KeyF))
	forwardShortcut(c, ctrl(fyne.KeyK))
	forwardShortcut(nil, ctrl(fyne.KeyF))
	if heard != 1 {
		t.Errorf("it heard %d, want 1", heard)
	}
}

func TestEntry_FocusAndTab(t *testing.T) {
	e, next := NewMultiLineEntry(), NewEntry()
	w := window(t, container.NewVBox(e, next))
	var told []bool
	e.OnFocus = func(on bool) { told = append(told, on) }
	w.Canvas().Focus(e)
	if e.AcceptsTab() {
		t.Error("Tab would make a tab")
	}
	w.Canvas().FocusNext()
	if fmt.Sprint(told) != "[true false]" || w.Canvas().Focused() != next {
		t.Errorf("told %v, the keyboard is on %T", told, w.Canvas().Focused())
	}
}

func TestEntry_IsAsHighAsButtons(t *testing.T) {
	e := NewEntry()
	window(t, e)
	if e.MinSize().Height != NewButton("Send", Primary, nil).MinSize().Height {
		t.Errorf("an entry is %v high", e.MinSize().Height)
	}
}
