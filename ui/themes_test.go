package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/demo"
	"github.com/latchdesk/latchdesk/ui/chatlist"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Nothing of what lies below shows between the parts of the window.
func TestWindow_HasNoSeams(t *testing.T) {
	a := writing(t)
	top := func() (y float32) {
		y = 1000
		for _, s := range a.look() {
			if g, ok := s.object.(*widgets.Background); ok && g.Size().Width > 100 {
				y = min(y, s.at.Y)
			}
		}
		return y
	}
	if got := top(); got != 0 {
		t.Errorf("the panes begin at %v", got)
	}
	a.showErrorBanner(errors.New("the disk is gone"))
	a.sees("the disk is gone")
	end := float32(0)
	for _, s := range a.look() {
		if _, ok := s.object.(*widgets.Banner); ok {
			end = s.at.Y + s.size.Height
		}
	}
	if got := top(); got != end || end == 0 {
		t.Errorf("under a banner that ends at %v the panes begin at %v", end, got)
	}
	a.click("Try again")
	a.until("the banner's room is given back", func() bool { return top() == 0 })
}

// No word of the shortcuts and of the dialogs is cut in a window of usual size.
func TestWindow_CutsNoWord(t *testing.T) {
	a := writing(t)
	for _, key := range []string{"F1", "Ctrl+B", "F2", "Ctrl+T", "Ctrl+E", "Ctrl+,", "Ctrl+M"} {
		a.press(key)
		a.opensMenu()
		for _, s := range a.top() {
			if l, ok := s.object.(*widgets.EllipsisLabel); ok && l.VisibleText() != l.Text() {
				t.Errorf("%s opens what shows %q of %q", key, l.VisibleText(), l.Text())
			}
		}
		a.press("Escape")
		a.free()
	}
}

// Tab leads through all that the keyboard can be on, in the order of reading,
// and back, and never to what cannot be seen.
func TestWindow_TabOrder(t *testing.T) {
	a := writing(t)
	a.screen.Unfocus()
	round := func(key string) (list []fyne.Focusable, names []string) {
		for range 20 {
			a.press(key)
			f := a.screen.Focused()
			if len(list) > 0 && f == list[0] {
				break
			}
			list = append(list, f)
			name := fmt.Sprintf("%T", f)
			if b, ok := f.(*widgets.Button); ok {
				name = b.Label()
			}
			names = append(names, strings.TrimPrefix(name, "*widgets."))
			if !slices.ContainsFunc(a.look(), func(s shown) bool { return s.object == f.(fyne.CanvasObject) }) {
				t.Errorf("the keyboard is on %s, which cannot be seen", name)
			}
		}
		return list, names
	}
	list, names := round("Tab")
	if got := strings.Join(names, ", "); got != "Menu, Entry, Tab, Tab, Tab, VirtualList, Chat menu, *chat.timeline, Entry, Send" {
		t.Errorf("Tab leads through %s", got)
	}
	back, _ := round("Shift+Tab")
	slices.Reverse(back)
	if len(back) != len(list) {
		t.Errorf("there are %d stops, and %d on the way back", len(list), len(back))
	}
	// Wherever the keyboard is, the keys of the window work.
	for i, f := range list {
		a.screen.Focus(f)
		a.press("F1")
		a.asks("Shortcuts")
		a.press("Escape")
		a.free()
		a.press("Ctrl+B")
		a.asks("Block Customer")
		a.press("Escape")
		a.free()
		a.screen.Focus(f)
		a.press("Menu")
		a.opensMenu()
		a.press("Escape")
		a.free()
		if a.screen.Focused() != f {
			t.Errorf("stop %d does not get the keyboard back", i)
		}
		a.press("Escape")
		if !a.onComposer() {
			t.Errorf("from stop %d Escape leads to %T", i, a.screen.Focused())
		}
	}
	a.blockAs(a.Desk, asha, walter)
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
	a.screen.Unfocus()
	_, names = round("Tab")
	if got := strings.Join(names, ", "); strings.Contains(got, "Send") || !strings.Contains(got, "Unblock") {
		t.Errorf("while blocked Tab leads through %s", got)
	}
}

// The narrowest window, the longest names: nothing lies over anything, nothing
// reaches out of the window.
func TestWindow_Narrow(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		p := newPlace(t)
		d, s := p.desk(t)
		long := strings.Repeat("Maximilian Alexander ", 9)
		receive(t, d,
			p.incoming(tom, "", strings.Repeat("A", 400), 40*time.Minute),
			p.incoming(meera, long, "नमस्ते, मेरा ऑर्डर कब आएगा? "+strings.Repeat("Where is it? ", 30), 12*time.Minute),
		)
		if _, err := d.Send(t.Context(), asha, 2, strings.Repeat("I have asked the warehouse. ", 12)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		a := sit(t, p, mode, func(o *Options) { o.Settings.Width, o.Settings.Height = 720, 480 })
		a.press("Alt+Down")
		a.until("the chat is open", func() bool { return a.chat.Customer() != 0 })
		within := func() {
			t.Helper()
			a.frame()
			for _, s := range a.look() {
				switch s.object.(type) {
				case *canvas.Text, *canvas.Image, *widgets.Button, *widgets.Entry:
					if s.at.X < -0.5 || s.at.X+s.size.Width > 720.5 {
						t.Errorf("%T at %v, %v wide, is not within the window: %q", s.object, s.at, s.size.Width, textsOf([]shown{s}))
					}
				}
			}
		}
		within()
		a.picture(a.settings.Theme + "-narrow")
		a.press("Ctrl+B")
		a.asks("Block Customer")
		within()
		a.picture(a.settings.Theme + "-narrow-dialog")
		a.press("Escape")
		a.free()
		a.blockAs(a.Desk, asha, meera)
		a.sees("Blocked")
		within()
		a.picture(a.settings.Theme + "-narrow-blocked")
		a.press("Ctrl+M")
		a.opensMenu()
		within()
		a.press("Escape")
		a.free()
		a.press("Ctrl+,")
		a.asks("Settings")
		within()
		a.picture(a.settings.Theme + "-narrow-settings")
	})
}

// Pictures of the demo's world, for somebody to look at; and every chat of it
// opens and shows what the list promises.
func TestDemo_EveryChatOpens(t *testing.T) {
	p := newPlace(t)
	d, s := p.desk(t)
	if err := demo.Reset(t.Context(), d, demo.Size{}, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	a := sit(t, p, func(o *Options) { o.ResetDemo = func(context.Context) error { return nil } })
	keys, err := a.Desk.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats})
	if err != nil || len(keys) < 30 {
		t.Fatalf("%d chats, %v", len(keys), err)
	}
	for i, k := range keys {
		a.press("Alt+Down")
		a.until("the next chat is open", func() bool { return a.chat.Customer() == k.ID })
		c, err := a.Desk.Customer(t.Context(), k.ID)
		if err != nil {
			t.Fatal(err)
		}
		blocked := c.Status(a.Desk.Now()) == data.Blocked
		if blocked == a.chat.CanWrite() {
			t.Errorf("%s is blocked: %v, and the composer is there: %v", c.Title(), blocked, a.chat.CanWrite())
		}
		texts := a.texts()
		if blocked != slices.Contains(texts, "Blocked") {
			t.Errorf("%s is blocked: %v, which the header does not say", c.Title(), blocked)
		}
		if i%8 == 0 {
			a.picture(fmt.Sprintf("demo-%02d", i))
		}
	}
	if a.chatList.List.Offset() < chatlist.RowHeight {
		t.Error("the list did not follow")
	}
	a.program.Settings().SetTheme(theme.New(theme.Dark))
	a.picture("demo-dark")
}
