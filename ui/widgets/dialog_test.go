package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// asked is a dialog over a window with an entry that had the keyboard.
type asked struct {
	*Dialog
	window    fyne.Window
	before    *Entry
	confirmed int
	left      int
}

func ask(t *testing.T, body fyne.CanvasObject, options ...DialogOption) *asked {
	t.Helper()
	a := &asked{before: NewEntry()}
	a.window = window(t, container.NewVBox(a.before))
	a.window.Resize(fyne.NewSize(800, 600))
	a.window.Canvas().Focus(a.before)
	options = append([]DialogOption{
		WithConfirm("Block", Danger, func() { a.confirmed++ }),
		WithCancel("Cancel", func() { a.left++ }),
	}, options...)
	a.Dialog = NewDialog(a.window.Canvas(), "Block Customer", body, options...)
	a.Show()
	return a
}

func question() fyne.CanvasObject {
	return NewParagraph("Are you sure you want to block this customer?", theme.Text, theme.Body)
}

func TestDialog_EnterConfirmsAndEscapeLeaves(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		a := ask(t, question())
		pressOn(a.window.Canvas(), key)
		if a.confirmed != 1 || !a.Visible() {
			t.Errorf("%s: confirmed %d times, open: %v; the owner closes", key, a.confirmed, a.Visible())
		}
	}
	a := ask(t, question())
	pressOn(a.window.Canvas(), fyne.KeyEscape)
	if a.confirmed != 0 || a.left != 1 || a.Visible() {
		t.Errorf("confirmed %d times, left %d times, open: %v", a.confirmed, a.left, a.Visible())
	}
}

func TestDialog_KeysWorkWhateverHasTheFocus(t *testing.T) {
	line, lines := NewEntry(), NewMultiLineEntry()
	reason := NewSelect("Reason", []string{"Spam", "Abuse"}, nil)
	discard := NewCheck("Discard", nil)
	link := NewLink("Look", nil)
	children := map[string]fyne.Focusable{"entry": line, "lines": lines, "select": reason, "check": discard, "link": link, "nothing": nil}
	for name, child := range children {
		a := ask(t, container.NewVBox(line, lines, reason, discard, link))
		c := a.window.Canvas()

		c.Unfocus()
		if child != nil {
			c.Focus(child)
		}
		pressOn(c, fyne.KeyReturn)
		want := 1
		if child == lines || child == link {
			want = 0
		}
		if a.confirmed != want {
			t.Errorf("Enter on %s confirmed %d times, want %d", name, a.confirmed, want)
		}
		pressOn(c, fyne.KeyEscape)
		if a.Visible() {
			t.Errorf("Escape on %s did not leave", name)
		}
	}
	if lines.Text != "\n" {
		t.Errorf("Enter in the entry of many lines made %q", lines.Text)
	}
}

func TestDialog_EscapeClosesMenuOfSelectFirst(t *testing.T) {
	reason := NewSelect("Reason", []string{"Spam", "Abuse"}, nil)
	a := ask(t, reason, WithFocus(reason))
	c := a.window.Canvas()
	pressOn(c, fyne.KeySpace, fyne.KeyEscape)
	if reason.Menu().Visible() || !a.Visible() || c.Focused() != reason {
		t.Errorf("menu open: %v, dialog open: %v, keyboard on %T", reason.Menu().Visible(), a.Visible(), c.Focused())
	}
	pressOn(c, fyne.KeyEscape)
	if a.Visible() {
		t.Error("a second Escape did not leave the dialog")
	}
}

func TestDialog_EnterOnCancelLeaves(t *testing.T) {
	a := ask(t, question())
	a.window.Canvas().Focus(a.CancelButton())
	pressOn(a.window.Canvas(), fyne.KeyReturn)
	if a.confirmed != 0 || a.left != 1 || a.Visible() {
		t.Errorf("confirmed %d times, left %d times, open: %v", a.confirmed, a.left, a.Visible())
	}
}

func TestDialog_Focus(t *testing.T) {
	entry := NewEntry()
	a := ask(t, entry)
	c := a.window.Canvas()
	if c.Focused() != a.ConfirmButton() {
		t.Errorf("it starts on %T", c.Focused())
	}
	if a.before.Focused() {
		t.Error("the entry below still shows its cursor")
	}
	for _, want := range []fyne.Focusable{entry, a.CancelButton(), a.ConfirmButton(), entry} {
		c.FocusNext()
		if c.Focused() != want {
			t.Errorf("Tab came to %T, want %T", c.Focused(), want)
		}
	}
	a.Close()
	if c.Focused() != a.before || !a.before.Focused() {
		t.Error("the entry did not get the keyboard back")
	}
}

func TestDialog_WithFocus(t *testing.T) {
	entry := NewEntry()
	a := ask(t, entry, WithFocus(entry))
	if a.window.Canvas().Focused() != entry {
		t.Errorf("it starts on %T", a.window.Canvas().Focused())
	}
}

func TestDialog_RestoresKeysOfWindow(t *testing.T) {
	heard := 0
	w := window(t, canvas.NewRectangle(nil))
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { heard++ })
	below := NewDialog(w.Canvas(), "Below", question(), WithConfirm("Yes", Primary, nil))
	above := NewDialog(w.Canvas(), "Above", question(), WithConfirm("Yes", Primary, nil))
	below.Show()
	above.Show()
	pressOn(w.Canvas(), fyne.KeyF1)
	if heard != 0 {
		t.Error("the window heard a key through a dialog")
	}
	below.Close()
	if above.Visible() || w.Canvas().Overlays().Top() != nil {
		t.Error("the dialog above did not go with the one below")
	}
	pressOn(w.Canvas(), fyne.KeyF1)
	if heard != 1 {
		t.Errorf("afterwards the window heard %d keys, want 1", heard)
	}
}

func TestDialog_ConfirmsOnceUntilAnswered(t *testing.T) {
	a := ask(t, question())
	test.Tap(a.ConfirmButton())
	test.Tap(a.ConfirmButton())
	pressOn(a.window.Canvas(), fyne.KeyReturn)
	if a.confirmed != 1 {
		t.Fatalf("confirmed %d times", a.confirmed)
	}
	a.SetError("Someone was faster.")
	if a.ErrorText() != "Someone was faster." {
		t.Errorf("it says %q", a.ErrorText())
	}
	test.Tap(a.ConfirmButton())
	if a.confirmed != 2 || a.ErrorText() != "" {
		t.Errorf("tried again it confirmed %d times in all and says %q", a.confirmed, a.ErrorText())
	}
	a.Close()
	a.Confirm()
	if a.confirmed != 2 {
		t.Error("it confirmed after it was closed")
	}
}

func TestDialog_BusyCannotBeConfirmed(t *testing.T) {
	a := ask(t, question())
	a.SetBusy(true)
	test.Tap(a.ConfirmButton())
	pressOn(a.window.Canvas(), fyne.KeyReturn)
	a.window.Canvas().Unfocus()
	pressOn(a.window.Canvas(), fyne.KeyReturn)
	if a.confirmed != 0 || !a.ConfirmButton().Disabled() {
		t.Errorf("confirmed %d times", a.confirmed)
	}
	a.SetBusy(false)
	test.Tap(a.ConfirmButton())
	if a.confirmed != 1 {
		t.Errorf("afterwards it confirmed %d times, want 1", a.confirmed)
	}
}

func TestDialog_HeldEnterDoesNotConfirm(t *testing.T) {
	open := NewButton("Open", Primary, nil)
	w := window(t, open)
	confirmed := 0
	d := NewDialog(w.Canvas(), "Block Customer", question(), WithConfirm("Block", Danger, func() { confirmed++ }))
	open.OnTapped = d.Show
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}

	open.KeyDown(enter)
	open.TypedKey(enter) // opens the dialog
	pressOn(w.Canvas(), fyne.KeyReturn, fyne.KeyReturn)
	if !d.Visible() || confirmed != 0 {
		t.Fatalf("open: %v, confirmed by repeats: %d times", d.Visible(), confirmed)
	}
	d.ConfirmButton().KeyUp(enter)
	d.ConfirmButton().KeyDown(enter)
	pressOn(w.Canvas(), fyne.KeyReturn)
	d.ConfirmButton().KeyUp(enter)
	if confirmed != 1 {
		t.Errorf("a press of its own confirmed %d times, want 1", confirmed)
	}
}

func TestDialog_TapsBesideTheCardReachNothing(t *testing.T) {
	tapped := 0
	b := NewButton("Below", Primary, func() { tapped++ })
	w := window(t, b)
	w.Resize(fyne.NewSize(800, 600))
	d := NewDialog(w.Canvas(), "Block Customer", question(), WithConfirm("Block", Danger, nil))
	d.Show()
	test.TapCanvas(w.Canvas(), fyne.NewPos(10, 10))
	if tapped != 0 || !d.Visible() {
		t.Errorf("tapped %d times through the shade, open: %v", tapped, d.Visible())
	}
}

func TestDialog_StaysInsideTheWindow(t *testing.T) {
	long := ""
	for range 40 {
		long += "Nothing can be sent to this customer from this desk. "
	}
	a := ask(t, NewParagraph(long, theme.Text, theme.Body))
	a.SetError("The database could not be written: the disk is full.")
	for _, size := range []fyne.Size{{Width: 1200, Height: 900}, {Width: 360, Height: 300}, {Width: 800, Height: 400}} {
		a.window.Resize(size)
		card := test.WidgetRenderer(a.view).(*dialogRenderer).card
		end := card.Position().Add(card.Size())
		if card.Position().X < 0 || card.Position().Y < 0 || end.X > size.Width || end.Y > size.Height {
			t.Errorf("in %v the card goes from %v to %v", size, card.Position(), end)
		}
		if card.Size().Width > 460 {
			t.Errorf("the card is %v wide", card.Size().Width)
		}
		buttons := a.ConfirmButton().Position().Add(a.ConfirmButton().Size())
		if buttons.X > end.X || buttons.Y > end.Y {
			t.Errorf("in %v the buttons end at %v, beyond the card at %v", size, buttons, end)
		}
	}
}

func TestDialog_ScrollsToError(t *testing.T) {
	a := ask(t, NewParagraph(strings.Repeat("Line\n", 50), theme.Text, theme.Body))
	a.SetError("The disk is full.")
	scroll := test.WidgetRenderer(a.view).(*dialogRenderer).scroll
	bottom := a.errorText.Position().Y + a.errorText.Size().Height - scroll.Offset.Y
	if bottom > scroll.Size().Height || bottom < 0 {
		t.Errorf("it ends at %v of %v", bottom, scroll.Size().Height)
	}
}

func TestDialog_GrowsWithBody(t *testing.T) {
	body := NewParagraph("One line.", theme.Text, theme.Body)
	a := ask(t, body)
	height := func() float32 { return test.WidgetRenderer(a.view).(*dialogRenderer).card.Size().Height }
	before := height()
	body.SetText("One line.\nAnd another.")
	a.Refresh()
	if got := height() - before; got != 20 {
		t.Errorf("a second line made it grow by %v, want 20", got)
	}
	a.SetTitle("Unblock Customer")
	if a.Title() != "Unblock Customer" {
		t.Errorf("it is called %q", a.Title())
	}
}

func TestNotice_EitherKeyCloses(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		w := window(t, canvas.NewRectangle(nil))
		d := NewNotice(w.Canvas(), "Export", "There is nothing to export.", "Close")
		d.Show()
		pressOn(w.Canvas(), key)
		if d.Visible() {
			t.Errorf("%s did not leave it", key)
		}
	}
}

func TestDialog_Golden(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		w := window(t, canvas.NewRectangle(nil), mode)
		w.Resize(fyne.NewSize(800, 600))
		d := NewDialog(w.Canvas(), "Block Customer", question(), WithConfirm("Block", Danger, nil))
		d.Show()
		d.SetError("Someone was faster.")
		test.AssertRendersToMarkup(t, "dialog/"+mode+".xml", w.Canvas())
	}
}
