package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// opened is a menu over a window with an entry that had the keyboard.
type opened struct {
	*Menu
	window fyne.Window
	before *Entry
	chosen []string
}

func openMenu(t *testing.T, at fyne.Position, mode ...string) *opened {
	t.Helper()
	o := &opened{before: NewEntry()}
	o.window = window(t, container.NewVBox(o.before), mode...)
	o.window.Resize(fyne.NewSize(600, 400))
	o.window.Canvas().Focus(o.before)
	choose := func(what string) func() { return func() { o.chosen = append(o.chosen, what) } }
	o.Menu = ShowMenu(o.window.Canvas(), []MenuItem{
		{Label: "Pin", Disabled: true, Action: choose("Pin")},
		{Label: "Block", Shortcut: "Ctrl+B", Icon: theme.Icon("block", theme.Danger), Danger: true, Action: choose("Block")},
		{Separator: true},
		{Label: "Export", Icon: theme.Icon("export", theme.Muted), Action: choose("Export")},
		{Label: "Edit name", Action: choose("Edit name")},
		{Label: "Delete", Disabled: true, Action: choose("Delete")},
	}, at)
	return o
}

func TestMenu_Keys(t *testing.T) {
	o := openMenu(t, fyne.NewPos(10, 10))
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{
		{"", 1},
		{fyne.KeyDown, 3},
		{fyne.KeyDown, 4},
		{fyne.KeyDown, 1},
		{fyne.KeyUp, 4},
		{fyne.KeyHome, 1},
		{fyne.KeyEnd, 4},
		{fyne.KeyUp, 3},
	} {
		pressOn(o.window.Canvas(), step.key)
		if o.Highlighted() != step.want {
			t.Errorf("%q came to row %d, want %d", step.key, o.Highlighted(), step.want)
		}
	}
}

func TestMenu_FirstLetters(t *testing.T) {
	o := openMenu(t, fyne.NewPos(10, 10))
	for _, step := range []struct {
		letter rune
		want   int
	}{{'e', 3}, {'E', 4}, {'e', 3}, {'p', 3}, {'d', 3}, {'b', 1}} {
		o.rows.TypedRune(step.letter)
		if o.Highlighted() != step.want {
			t.Errorf("%q came to row %d, want %d", step.letter, o.Highlighted(), step.want)
		}
	}
}

func TestMenu_EveryConfirmingKeyChooses(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		o := openMenu(t, fyne.NewPos(10, 10))
		pressOn(o.window.Canvas(), fyne.KeyDown, key)
		if fmt.Sprint(o.chosen) != "[Export]" || o.Visible() {
			t.Errorf("%s chose %v, open: %v", key, o.chosen, o.Visible())
		}
		if o.window.Canvas().Focused() != o.before || !o.before.Focused() {
			t.Errorf("%s: the entry did not get the keyboard back", key)
		}
	}
}

func TestMenu_Leaving(t *testing.T) {
	for name, leave := range map[string]func(*opened){
		"Escape":     func(o *opened) { pressOn(o.window.Canvas(), fyne.KeyEscape) },
		"a tap":      func(o *opened) { test.TapCanvas(o.window.Canvas(), fyne.NewPos(590, 390)) },
		"its handle": func(o *opened) { o.Close(); o.Close() },
	} {
		o := openMenu(t, fyne.NewPos(10, 10))
		leave(o)
		if o.Visible() || len(o.chosen) != 0 || o.window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: open: %v, chosen: %v", name, o.Visible(), o.chosen)
		}
	}
}

func TestMenu_DisabledRowNeverFires(t *testing.T) {
	o := openMenu(t, fyne.NewPos(10, 10))
	for i, item := range o.Items() {
		if item.Disabled || item.Separator {
			test.TapAt(o.rows, fyne.NewPos(20, o.rows.rowTop(i)+2))
			o.Choose(i)
		}
	}
	o.Choose(-1)
	o.Choose(99)
	if len(o.chosen) != 0 || !o.Visible() {
		t.Errorf("chosen: %v, open: %v", o.chosen, o.Visible())
	}
	nothing := ShowMenu(o.window.Canvas(), []MenuItem{{Label: "Off", Disabled: true}}, fyne.NewPos(0, 0))
	pressOn(o.window.Canvas(), fyne.KeyDown, fyne.KeyReturn)
	if nothing.Highlighted() != -1 || !nothing.Visible() {
		t.Errorf("a menu of disabled rows highlights %d, open: %v", nothing.Highlighted(), nothing.Visible())
	}
}

func TestMenu_PointerHighlightsAndChooses(t *testing.T) {
	o := openMenu(t, fyne.NewPos(100, 100))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o.rows)
	row := at.AddXY(20, o.rows.rowTop(3)+menuRow/2)

	test.MoveMouse(o.window.Canvas(), row)
	if o.Highlighted() != 3 {
		t.Errorf("the pointer highlights row %d, want 3", o.Highlighted())
	}
	test.TapCanvas(o.window.Canvas(), row)
	if fmt.Sprint(o.chosen) != "[Export]" || o.Visible() {
		t.Errorf("chosen: %v, open: %v", o.chosen, o.Visible())
	}
}

func TestMenu_StaysInsideTheWindow(t *testing.T) {
	for _, at := range []fyne.Position{{}, {X: 600, Y: 400}, {X: 5000, Y: -300}, {X: 300, Y: 390}} {
		o := openMenu(t, at)
		for _, size := range []fyne.Size{{Width: 600, Height: 400}, {Width: 260, Height: 120}} {
			o.window.Resize(size)
			card := test.WidgetRenderer(o.view).(*menuRenderer).card
			end := card.Position().Add(card.Size())
			if card.Position().X < 0 || card.Position().Y < 0 || end.X > size.Width || end.Y > size.Height {
				t.Errorf("asked for %v in %v, it goes from %v to %v", at, size, card.Position(), end)
			}
		}
	}
}

func TestMenu_ScrollsToHighlight(t *testing.T) {
	w := window(t, canvas.NewRectangle(nil))
	w.Resize(fyne.NewSize(300, 200))
	items := make([]MenuItem, 30)
	for i := range items {
		items[i] = MenuItem{Label: fmt.Sprint("Row ", i)}
	}
	m := ShowMenu(w.Canvas(), items, fyne.NewPos(0, 0))
	pressOn(w.Canvas(), fyne.KeyEnd)
	scroll := test.WidgetRenderer(m.view).(*menuRenderer).scroll
	top := m.rows.rowTop(29) - scroll.Offset.Y
	if top < 0 || top+menuRow > scroll.Size().Height {
		t.Errorf("the last row lies at %v of %v", top, scroll.Size().Height)
	}
	pressOn(w.Canvas(), fyne.KeyHome)
	if scroll.Offset.Y != 0 {
		t.Errorf("the first row lies at %v", -scroll.Offset.Y)
	}
}

func TestMenu_DialogItOpensRestoresFocus(t *testing.T) {
	entry := NewEntry()
	w := window(t, entry)
	w.Canvas().Focus(entry)
	d := NewDialog(w.Canvas(), "Block Customer", question(), WithConfirm("Block", Danger, nil))
	ShowMenu(w.Canvas(), []MenuItem{{Label: "Block", Action: d.Show}}, fyne.NewPos(0, 0))
	pressOn(w.Canvas(), fyne.KeyReturn)
	if w.Canvas().Focused() != d.ConfirmButton() {
		t.Fatalf("the keyboard is on %T", w.Canvas().Focused())
	}
	pressOn(w.Canvas(), fyne.KeyEscape)
	if w.Canvas().Focused() != entry || !entry.Focused() {
		t.Error("the entry did not get the keyboard back")
	}
}

func TestMenu_HeldEnterDoesNotChoose(t *testing.T) {
	more := NewButton("More", Ghost, nil)
	w := window(t, more)
	chosen := 0
	var m *Menu
	more.OnTapped = func() {
		m = ShowMenu(w.Canvas(), []MenuItem{{Label: "Block", Action: func() { chosen++ }}}, Below(more))
	}
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}

	more.KeyDown(enter)
	more.TypedKey(enter) // opens the menu
	pressOn(w.Canvas(), fyne.KeyReturn)
	if chosen != 0 || !m.Visible() {
		t.Fatalf("chosen by a repeat: %d times, open: %v", chosen, m.Visible())
	}
	m.rows.KeyUp(enter)
	pressOn(w.Canvas(), fyne.KeyReturn)
	if chosen != 1 {
		t.Errorf("a press of its own chose %d times, want 1", chosen)
	}
}

func TestMenu_HangsBelowItsButton(t *testing.T) {
	b := NewButton("More", Ghost, nil)
	window(t, container.NewVBox(NewButton("Above", Ghost, nil), b))
	if got, want := Below(b), fyne.NewPos(0, controlHeight+4+controlHeight+4); got != want {
		t.Errorf("it hangs at %v, want %v", got, want)
	}
}

func TestMenu_Golden(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		o := openMenu(t, fyne.NewPos(590, 10), mode)
		test.AssertRendersToMarkup(t, "menu/"+mode+".xml", o.window.Canvas())
	}
}

func TestSelect_ByMenuAndArrows(t *testing.T) {
	var told []string
	s := NewSelect("Reason", []string{"Spam", "Abuse", "Fraud"}, func(option string) { told = append(told, option) })
	w := window(t, s)

	test.Tap(s)
	if s.Menu() == nil || !s.Menu().Visible() || len(s.Menu().Items()) != 3 {
		t.Fatal("the menu did not open")
	}
	pressOn(w.Canvas(), fyne.KeyDown, fyne.KeyReturn)
	press(s, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
	s.SetSelected("Nonsense")
	s.SetSelected("Abuse")
	if fmt.Sprint(told) != "[Abuse Fraud Abuse]" || s.Selected() != "Abuse" {
		t.Errorf("told %v, selected %q", told, s.Selected())
	}
	press(s, fyne.KeySpace)
	if s.Menu().Highlighted() != 1 {
		t.Errorf("the menu opens at row %d, want what is chosen", s.Menu().Highlighted())
	}
	s.Menu().Close()
	s.Disable()
	test.Tap(s)
	press(s, fyne.KeySpace, fyne.KeyDown)
	if s.Menu().Visible() || s.Selected() != "Abuse" {
		t.Error("a disabled select can be changed")
	}
}

func TestCheck_SpaceToggles(t *testing.T) {
	on := false
	c := NewCheck("Discard held messages", func(checked bool) { on = checked })
	window(t, c)
	press(c, fyne.KeySpace)
	test.Type(c, " ")
	if !on {
		t.Error("it is still off")
	}
}
