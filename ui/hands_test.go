package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// at returns the uppermost object under a place that the pointer can do
// something to, as the driver looks for it.
func (a *agent) at(pos fyne.Position, fits func(fyne.CanvasObject) bool) (fyne.CanvasObject, fyne.Position) {
	var found fyne.CanvasObject
	var where fyne.Position
	for _, s := range a.top() {
		end := s.at.Add(s.size)
		if pos.X < s.at.X || pos.Y < s.at.Y || pos.X >= end.X || pos.Y >= end.Y || !fits(s.object) {
			continue
		}
		if clipped(s, pos) {
			continue
		}
		found, where = s.object, pos.Subtract(s.at)
	}
	return found, where
}

// clipped reports whether a scroll that s is in cuts it off at pos.
func clipped(s shown, pos fyne.Position) bool {
	for _, o := range s.above {
		if _, scrolls := o.(fyne.Scrollable); !scrolls {
			continue
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		end := at.Add(o.Size())
		if pos.X < at.X || pos.Y < at.Y || pos.X >= end.X || pos.Y >= end.Y {
			return true
		}
	}
	return false
}

// clickAt presses and releases a button of the mouse as the desktop driver does.
func (a *agent) clickAt(pos fyne.Position, button desktop.MouseButton) {
	a.t.Helper()
	o, where := a.at(pos, func(o fyne.CanvasObject) bool {
		switch o.(type) {
		case fyne.Tappable, fyne.SecondaryTappable, fyne.DoubleTappable, fyne.Focusable, desktop.Mouseable:
			return true
		}
		return false
	})
	point := fyne.PointEvent{Position: where, AbsolutePosition: pos}
	mouse := &desktop.MouseEvent{PointEvent: point, Button: button}
	unfocus := func() {
		focused := a.screen.Focused()
		if wid, ok := o.(fyne.Focusable); ok && wid == focused || focused == nil {
			return
		}
		if under, _ := a.at(pos, func(o fyne.CanvasObject) bool { return o == focused.(fyne.CanvasObject) }); under == nil {
			a.screen.Unfocus()
		}
	}
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseDown(mouse)
	}
	unfocus()
	if m, ok := o.(desktop.Mouseable); ok {
		m.MouseUp(mouse)
	}
	unfocus()
	switch o := o.(type) {
	case fyne.SecondaryTappable:
		if button == desktop.MouseButtonSecondary {
			o.TappedSecondary(&point)
			return
		}
	}
	if t, ok := o.(fyne.Tappable); ok && button == desktop.MouseButtonPrimary {
		t.Tapped(&point)
	}
}

// click presses what shows a text with the left button, secondary with the right.
func (a *agent) click(text string) {
	a.t.Helper()
	a.clickAt(a.spot(text).middle(), desktop.MouseButtonPrimary)
}

func (a *agent) rightClick(text string) {
	a.t.Helper()
	a.clickAt(a.spot(text).middle(), desktop.MouseButtonSecondary)
}

// keyNames are those that Fyne calls otherwise than people do.
var keyNames = map[string]fyne.KeyName{"Enter": fyne.KeyEnter, "PageUp": fyne.KeyPageUp, "PageDown": fyne.KeyPageDown}

// press presses keys one after the other, each written as in "Ctrl+Shift+B".
func (a *agent) press(keys ...string) {
	a.t.Helper()
	for _, key := range keys {
		a.hold(key, 1)
	}
}

// hold presses a key and lets it repeat, so that it is typed n times.
func (a *agent) hold(key string, n int) {
	words := strings.Split(key, "+")
	name, ok := keyNames[words[len(words)-1]]
	if !ok {
		name = fyne.KeyName(words[len(words)-1])
	}
	var mod fyne.KeyModifier
	for _, word := range words[:len(words)-1] {
		mod |= map[string]fyne.KeyModifier{"Ctrl": fyne.KeyModifierControl, "Shift": fyne.KeyModifierShift, "Alt": fyne.KeyModifierAlt}[word]
	}
	if mod&fyne.KeyModifierShift != 0 {
		a.keyDown(desktop.KeyShiftLeft)
		defer func() { a.keyUp(desktop.KeyShiftLeft) }()
	}
	a.keyDown(name)
	for range n {
		a.typed(name, mod)
	}
	a.keyUp(name)
}

func (a *agent) keyDown(name fyne.KeyName) {
	event := &fyne.KeyEvent{Name: name}
	if focused := a.screen.Focused(); focused != nil {
		if k, ok := focused.(desktop.Keyable); ok {
			k.KeyDown(event)
		}
	} else if a.screen.down != nil {
		a.screen.down(event)
	}
}

func (a *agent) keyUp(name fyne.KeyName) {
	event := &fyne.KeyEvent{Name: name}
	if focused := a.screen.Focused(); focused != nil {
		if k, ok := focused.(desktop.Keyable); ok {
			k.KeyUp(event)
		}
	} else if a.screen.up != nil {
		a.screen.up(event)
	}
}

// typed is what the driver does with a key that is down: Tab, a shortcut, or
// a key for whoever has the keyboard.
func (a *agent) typed(name fyne.KeyName, mod fyne.KeyModifier) {
	focused := a.screen.Focused()
	if name == fyne.KeyTab && mod&^fyne.KeyModifierShift == 0 {
		if tabs, ok := focused.(fyne.Tabbable); !ok || !tabs.AcceptsTab() {
			if mod != 0 {
				a.screen.FocusPrevious()
			} else {
				a.screen.FocusNext()
			}
			return
		}
	}
	if shortcut := shortcutOf(name, mod); shortcut != nil {
		if s, ok := focused.(fyne.Shortcutable); ok {
			s.TypedShortcut(shortcut)
		} else {
			a.screen.TypedShortcut(shortcut)
		}
		return
	}
	event := &fyne.KeyEvent{Name: name}
	if focused != nil {
		focused.TypedKey(event)
	} else if typed := a.screen.OnTypedKey(); typed != nil {
		typed(event)
	}
}

func shortcutOf(name fyne.KeyName, mod fyne.KeyModifier) fyne.Shortcut {
	if mod == fyne.KeyModifierControl {
		switch name {
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		case fyne.KeyC:
			return &fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyV:
			return &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyX:
			return &fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()}
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		}
	}
	if mod == 0 || mod == fyne.KeyModifierShift {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: name, Modifier: mod}
}

// write types letters where the keyboard is.
func (a *agent) write(text string) {
	for _, r := range text {
		if r == ' ' {
			a.typed(fyne.KeySpace, 0)
		}
		if focused := a.screen.Focused(); focused != nil {
			focused.TypedRune(r)
		} else if typed := a.screen.OnTypedRune(); typed != nil {
			typed(r)
		}
	}
}

// focused says what has the keyboard.
func (a *agent) onComposer() bool { return a.screen.Focused() == a.chat.Composer() }
