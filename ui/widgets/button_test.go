package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestButton_Press(t *testing.T) {
	fired := 0
	b := NewButton("Send", Primary, func() { fired++ })
	window(t, b)

	test.Tap(b)
	press(b, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace)
	if fired != 4 {
		t.Errorf("fired %d times, want 4", fired)
	}
	press(b, fyne.KeyA)
	if fired != 4 {
		t.Error("a letter pressed the button")
	}
}

func TestButton_DisabledDoesNotFire(t *testing.T) {
	fired := 0
	b := NewButton("Send", Primary, func() { fired++ })
	w := window(t, b)

	b.Disable()
	test.Tap(b)
	press(b, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace)
	if fired != 0 {
		t.Errorf("fired %d times", fired)
	}
	if w.Canvas().Focused() != nil {
		t.Error("a disabled button took the keyboard")
	}
	if b.Cursor() != desktop.DefaultCursor {
		t.Error("a disabled button shows the hand")
	}

	b.Enable()
	test.Tap(b)
	if fired != 1 {
		t.Errorf("enabled again it fired %d times, want 1", fired)
	}
}

func TestButton_TabOrderAndFocusRing(t *testing.T) {
	first, off, last := NewButton("One", Outline, nil), NewButton("Two", Ghost, nil), NewIconButton(theme.Icon("more", theme.Muted), "More", nil)
	off.Disable()
	w := window(t, container.NewHBox(first, off, last))
	ring := func(b *Button) bool { return test.WidgetRenderer(b).(*buttonRenderer).ring.Visible() }

	w.Canvas().FocusNext()
	if w.Canvas().Focused() != first || !ring(first) {
		t.Error("the first button has no keyboard or no ring")
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != last || !ring(last) || ring(first) {
		t.Error("the keyboard or the ring did not move to the last button")
	}
}

func TestButton_ForwardsUnusedKeys(t *testing.T) {
	var got fyne.KeyName
	b := NewButton("Send", Primary, nil)
	w := window(t, b)
	w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { got = key.Name })

	press(b, fyne.KeyF1)
	if got != fyne.KeyF1 {
		t.Errorf("the window got %q", got)
	}
}

func TestButton_Hover(t *testing.T) {
	b := NewButton("Send", Primary, nil)
	window(t, b)
	tint := func() any { return test.WidgetRenderer(b).(*buttonRenderer).tint.FillColor }

	rest := tint()
	b.MouseIn(&desktop.MouseEvent{})
	hovered := tint()
	b.MouseDown(&desktop.MouseEvent{})
	pressed := tint()
	b.MouseUp(&desktop.MouseEvent{})
	b.MouseOut()
	if hovered == rest || pressed == hovered || tint() != rest {
		t.Errorf("rest %v, hovered %v, pressed %v, left %v", rest, hovered, pressed, tint())
	}
}

func TestIconButton_IsSquareWithLabel(t *testing.T) {
	b := NewIconButton(theme.Icon("more", theme.Muted), "Chat menu", nil)
	window(t, b)
	if got := b.MinSize(); got != fyne.NewSquareSize(36) {
		t.Errorf("it is %v", got)
	}
	if b.Label() != "Chat menu" {
		t.Errorf("it says %q", b.Label())
	}
}

func TestButton_GrowsWithText(t *testing.T) {
	b := NewButton("Go", Primary, nil)
	window(t, b)
	short := b.MinSize().Width
	b.SetText("Release the held messages")
	if b.MinSize().Width <= short || b.Label() != "Release the held messages" {
		t.Errorf("it stayed %v wide and says %q", b.MinSize().Width, b.Label())
	}
}

func TestLink_Press(t *testing.T) {
	fired := 0
	l := NewLink("Look", func() { fired++ })
	w := window(t, container.NewHBox(l))

	test.Tap(l)
	press(l, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyF1)
	if fired != 4 {
		t.Errorf("fired %d times, want 4", fired)
	}
	if w.Canvas().Focused() != l {
		t.Error("a tap did not give the link the keyboard")
	}
}
