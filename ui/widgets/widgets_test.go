package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// window shows content in a window of its own, in the light unless the test
// says otherwise.
func window(t *testing.T, content fyne.CanvasObject, mode ...string) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(append(mode, theme.Light)[0]))
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	return w
}

func press(w fyne.Focusable, names ...fyne.KeyName) {
	for _, name := range names {
		w.TypedKey(&fyne.KeyEvent{Name: name})
	}
}

// pressOn presses a key as the driver does: on what has the keyboard, else on
// the canvas.
func pressOn(c fyne.Canvas, names ...fyne.KeyName) {
	for _, name := range names {
		switch focused := c.Focused(); {
		case focused != nil:
			focused.TypedKey(&fyne.KeyEvent{Name: name})
		case c.OnTypedKey() != nil:
			c.OnTypedKey()(&fyne.KeyEvent{Name: name})
		}
	}
}

// specimens returns the widgets that goldens keep, by the name of their folder in
// testdata, which is the widget's name in lower case; focus is an entry that has it.
func specimens() map[string]fyne.CanvasObject {
	avatar := NewAvatar(40)
	avatar.Set("WQ", "+46701234567", false)
	grey := NewAvatar(40)
	grey.Set("PK", "+46701234567", true)
	third, full := NewProgressBar(), NewProgressBar()
	third.Set(1.0 / 3)
	full.Set(1)
	bars := container.NewVBox(NewProgressBar(), third, full)
	count, many, dot := NewBadge(), NewBadge(), NewBadge()
	count.Set(3)
	many.Set(1200)
	dot.Set(-1)
	buttons := container.NewHBox()
	for _, style := range []Style{Primary, Danger, Confirm, Outline, Ghost} {
		plain, focused, off := NewButton("Block", style, nil), NewButton("Block", style, nil), NewButton("Block", style, nil)
		focused.FocusGained()
		off.Disable()
		buttons.Add(plain)
		buttons.Add(focused)
		buttons.Add(off)
	}
	buttons.Add(NewIconButton(theme.Icon("more", theme.Muted), "Chat menu", nil))
	icons := container.NewHBox()
	for status := StatusNone; status <= StatusWaiting; status++ {
		icon := NewStatusIcon()
		icon.Set(status)
		icons.Add(icon)
	}
	banners := container.NewVBox()
	for _, kind := range []BannerKind{InfoBanner, DangerBanner, DemoBanner} {
		banner := NewBanner(kind)
		banner.Set("Nothing leaves this computer.", "Reset", nil)
		banners.Add(banner)
	}
	pill, day := NewPill(), NewPill()
	pill.Set("Customer blocked by Asha Rao", "14:05")
	day.Set("Today", "")
	entry, focused, off := NewEntry(), NewEntry(), NewEntry()
	entry.SetPlaceHolder("Search name or number")
	focused.FocusGained()
	off.SetText("off")
	off.Disable()
	reason := NewSelect("Reason", []string{"Spam", "Abuse"}, nil)
	reason.SetSelected("Spam")
	line := NewEllipsisLabel(theme.Muted, theme.Caption)
	line.SetText("You: I have asked the warehouse and will come back to you before the day is over")
	password := NewPasswordEntry()
	password.SetText("secret")
	wide, narrow := NewStatusBar(nil), NewStatusBar(nil)
	wide.Set(theme.Icon("cloud", theme.Muted), "2 wait", "DoubleTick online", "Online")
	narrow.Set(theme.Icon("cloud-off", theme.Muted), "1 waits, 1 refused", "DoubleTick offline since 9 Mar 14:05", "Offline since 9 Mar 14:05", "Offline")
	wide.Show()
	narrow.Show()
	return map[string]fyne.CanvasObject{
		"avatar":        container.NewHBox(avatar, grey),
		"badge":         container.NewHBox(count, many, dot, NewBadge()),
		"banner":        banners,
		"button":        buttons,
		"check":         NewCheck("Discard held messages", nil),
		"ellipsislabel": line,
		"entry":         container.NewVBox(entry, off, NewMultiLineEntry()),
		"focus":         focused,
		"link":          container.NewHBox(NewLink("Look", nil)),
		"paragraph":     NewParagraph("Nothing can be sent to this customer from this desk.", theme.Text, theme.Body),
		"passwordentry": password,
		"pill":          container.NewVBox(pill, day),
		"progressbar":   bars,
		"select":        reason,
		"statusbar":     container.NewVBox(wide, narrow),
		"statusicon":    icons,
		"statuslabel":   container.NewHBox(NewStatusLabel()),
	}
}

// show shows specimen, and gives it a width first: what wraps is as high as that
// makes it.
func show(w fyne.Window, specimen fyne.CanvasObject) {
	w.Resize(fyne.NewSize(320, 1))
	w.SetContent(specimen)
	w.Resize(fyne.NewSize(320, specimen.MinSize().Height))
}

func TestWidgets_Golden(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		w := window(t, canvas.NewRectangle(nil), mode)
		for name, specimen := range specimens() {
			show(w, specimen)
			test.AssertRendersToMarkup(t, name+"/"+mode+".xml", w.Canvas())
		}
	}
}

func TestWidgets_FollowTheme(t *testing.T) {
	w := window(t, canvas.NewRectangle(nil))
	for name, specimen := range specimens() {
		if name == "focus" {
			continue // the cursor, which Fyne animates, keeps its colour until the focus moves
		}
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light))
		show(w, specimen)
		fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
		test.AssertRendersToMarkup(t, name+"/"+theme.Dark+".xml", w.Canvas())
	}
}
