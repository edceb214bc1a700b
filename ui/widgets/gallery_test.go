package widgets

import (
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// exhibit is a widget of the gallery, width pixels wide, or as wide as it has
// to be where that is 0.
type exhibit struct {
	name  string
	width float32
	build func() fyne.CanvasObject
}

// exhibits returns the widgets of the gallery. Their states under the pointer,
// with the keyboard and disabled are not among them: the gallery shows those of
// every widget that has them.
func exhibits() []exhibit {
	icon := func() fyne.Resource { return theme.Icon("cloud", theme.Muted) }
	all := []exhibit{
		{"Avatar", 0, func() fyne.CanvasObject { a := NewAvatar(40); a.Set("WQ", "+46701234567", false); return a }},
		{"Avatar of a group", 0, func() fyne.CanvasObject { a := NewAvatar(40); a.SetGroup("+46701234567", false); return a }},
		{"Avatar, grey", 0, func() fyne.CanvasObject { a := NewAvatar(40); a.Set("PK", "+46701234567", true); return a }},
		{"Badge, 3", 0, func() fyne.CanvasObject { b := NewBadge(); b.Set(3); return b }},
		{"Badge, 1200", 0, func() fyne.CanvasObject { b := NewBadge(); b.Set(1200); return b }},
		{"Badge, a dot", 0, func() fyne.CanvasObject { b := NewBadge(); b.Set(-1); return b }},
		{"Bullet", 320, func() fyne.CanvasObject {
			return NewBullet("New messages are held, out of sight and without a sound.")
		}},
		{"IconButton", 0, func() fyne.CanvasObject { return NewIconButton(theme.Icon("more", theme.Muted), "Chat menu", nil) }},
		{"Check", 0, func() fyne.CanvasObject { return NewCheck("Discard held messages", nil) }},
		{"Check, ticked", 0, func() fyne.CanvasObject { c := NewCheck("Discard held messages", nil); c.SetChecked(true); return c }},
		{"Entry", 240, func() fyne.CanvasObject { e := NewEntry(); e.SetPlaceHolder("Search name or number"); return e }},
		{"Entry, filled in", 240, func() fyne.CanvasObject { e := NewEntry(); e.SetText("Asha Rao"); return e }},
		{"PasswordEntry", 240, func() fyne.CanvasObject { e := NewPasswordEntry(); e.SetText("secret"); return e }},
		{"MultiLineEntry", 240, func() fyne.CanvasObject { e := NewMultiLineEntry(); e.SetText("Two\nlines"); return e }},
		{"Background", 240, func() fyne.CanvasObject { return container.NewStack(NewBackground(theme.Canvas), NewStatusLabel()) }},
		{"RoundedBackground", 240, func() fyne.CanvasObject {
			return container.NewStack(NewRoundedBackground(theme.Selected), NewStatusLabel())
		}},
		{"RowGround, selected and focused", 240, func() fyne.CanvasObject {
			g := NewRowGround(theme.Background)
			g.Selected, g.Focused = true, true
			g.PaintGround()
			return container.NewStack(g.Background, NewStatusLabel(), g.Ring)
		}},
		{"VScroll", 240, func() fyne.CanvasObject {
			s := NewVScroll(NewParagraph("What is higher than its place scrolls in it.", theme.Text, theme.Body))
			s.SetMinSize(fyne.NewSize(0, 40))
			return s
		}},
		{"HScroll", 240, func() fyne.CanvasObject {
			label := NewEllipsisLabel(theme.Text, theme.Body)
			label.SetText("What is wider than its place")
			return NewHScroll(label)
		}},
		{"Link", 0, func() fyne.CanvasObject { return NewLink("Look", nil) }},
		{"Paragraph", 320, func() fyne.CanvasObject {
			return NewParagraph("Nothing can be sent to this customer from this desk.", theme.Text, theme.Body)
		}},
		{"ProgressBar", 240, func() fyne.CanvasObject { b := NewProgressBar(); b.Set(1.0 / 3); return b }},
		{"SelectableText", 320, func() fyne.CanvasObject { return selectable(false) }},
		{"SelectableText, selected", 320, func() fyne.CanvasObject { return selectable(true) }},
		{"Pill", 320, func() fyne.CanvasObject { p := NewPill(); p.Set("Customer blocked by Asha Rao", "14:05"); return p }},
		{"VirtualList", 240, func() fyne.CanvasObject {
			r := NewVirtualList(24, func() fyne.CanvasObject { return NewEllipsisLabel(theme.Text, theme.Body) }, func(i int, row fyne.CanvasObject) {
				row.(*EllipsisLabel).SetText([]string{"Asha Rao", "Tomas Keller", "Lena Holm"}[i])
			})
			r.SetLength(3)
			return r
		}},
		{"Select", 240, func() fyne.CanvasObject { return NewSelect("Reason", []string{"Spam", "Abuse"}, nil) }},
		{"Select, chosen", 240, func() fyne.CanvasObject {
			s := NewSelect("Reason", []string{"Spam", "Abuse"}, nil)
			s.SetSelected("Spam")
			return s
		}},
		{"StatusBar", 320, func() fyne.CanvasObject {
			s := NewStatusBar(nil)
			s.Set(icon(), "2 wait", "DoubleTick online", "Online")
			s.Show()
			return s
		}},
		{"StatusLabel", 0, func() fyne.CanvasObject { return NewStatusLabel() }},
		{"Tab", 0, func() fyne.CanvasObject { t := NewTab("All", nil); t.SetCount(8); return t }},
		{"Tab, selected", 0, func() fyne.CanvasObject { t := NewTab("Unread", nil); t.SetCount(3); t.SetSelected(true); return t }},
		{"EllipsisLabel, cut", 240, func() fyne.CanvasObject {
			l := NewEllipsisLabel(theme.Muted, theme.Caption)
			l.SetText("You: I have asked the warehouse and will come back to you before the day is over")
			return l
		}},
		{"Toast", 480, func() fyne.CanvasObject {
			t := NewToast()
			t.Set("Asha Rao is blocked.", "Undo", "Ctrl+Z", nil)
			return t
		}},
	}
	for style, name := range map[Style]string{Primary: "primary", Danger: "danger", Confirm: "confirm", Outline: "outline", DangerOutline: "danger outline", Ghost: "ghost"} {
		all = append(all, exhibit{"Button, " + name, 0, func() fyne.CanvasObject { return NewButton("Block", style, nil) }})
	}
	for kind, name := range map[BannerKind]string{InfoBanner: "info", DangerBanner: "danger", DemoBanner: "demo"} {
		all = append(all, exhibit{"Banner, " + name, 480, func() fyne.CanvasObject {
			b := NewBanner(kind)
			b.Set("Nothing leaves this computer.", "Reset", nil)
			return b
		}})
	}
	for tick := StatusNone; tick <= StatusWaiting; tick++ {
		all = append(all, exhibit{"StatusIcon " + string(rune('0'+int(tick))), 0, func() fyne.CanvasObject {
			m := NewStatusIcon()
			m.Set(tick)
			return m
		}})
	}
	slices.SortFunc(all, func(a, b exhibit) int { return strings.Compare(a.name, b.name) })
	return all
}

func selectable(selected bool) *SelectableText {
	p := NewSelectableText(theme.Body)
	p.Set("The label is at example.com", []TextRange{{16, 27}})
	p.Wrap(320)
	if selected {
		p.SelectAll()
	}
	return p
}

// states builds an exhibit once for each state that it can be in.
func (e exhibit) states() []fyne.CanvasObject {
	states := []fyne.CanvasObject{e.build()}
	if o, ok := e.build().(desktop.Hoverable); ok {
		o.MouseIn(&desktop.MouseEvent{})
		states = append(states, o.(fyne.CanvasObject))
	}
	if o, ok := e.build().(fyne.Focusable); ok {
		o.FocusGained()
		states = append(states, o.(fyne.CanvasObject))
	}
	if o, ok := e.build().(fyne.Disableable); ok {
		o.Disable()
		states = append(states, o.(fyne.CanvasObject))
	}
	return states
}

// show returns the row of the gallery in which e is shown.
func (e exhibit) show() fyne.CanvasObject {
	row := container.NewHBox(container.NewGridWrap(fyne.NewSize(140, 20), canvas.NewText(e.name, theme.Color(theme.Muted))))
	for _, state := range e.states() {
		size := state.MinSize()
		if e.width > 0 {
			state.Resize(fyne.NewSize(e.width, 1)) // what wraps is as high as its width makes it
			size = fyne.NewSize(e.width, max(state.MinSize().Height, 24))
		}
		if _, ok := state.(*VirtualList); ok {
			size.Height = 72
		}
		row.Add(container.NewGridWrap(size, state))
	}
	return row
}

// picture returns what window draws of content.
func picture(t *testing.T, mode string, size fyne.Size, build func(fyne.Canvas) fyne.CanvasObject) image.Image {
	t.Helper()
	w := window(t, NewBackground(theme.Background), mode)
	w.Resize(size)
	content := build(w.Canvas())
	if content != nil {
		w.SetContent(container.NewStack(NewBackground(theme.Background), container.NewPadded(content)))
		w.Resize(w.Content().MinSize())
	}
	return w.Canvas().Capture()
}

// gallery draws all widgets in one mode, one below the other.
func gallery(t *testing.T, mode string) image.Image {
	t.Helper()
	over := fyne.NewSize(480, 300)
	dialog := func(change func(*Dialog)) func(fyne.Canvas) fyne.CanvasObject {
		return func(c fyne.Canvas) fyne.CanvasObject {
			d := NewDialog(c, "Block Customer", NewParagraph("Are you sure you want to block this customer?", theme.Text, theme.Body), WithConfirm("Block", Danger, nil))
			d.Show()
			change(d)
			return nil
		}
	}
	return joined(false,
		picture(t, mode, over, func(fyne.Canvas) fyne.CanvasObject {
			rows := container.NewVBox()
			for _, e := range exhibits() {
				rows.Add(e.show())
			}
			return rows
		}),
		picture(t, mode, over, dialog(func(*Dialog) {})),
		picture(t, mode, over, dialog(func(d *Dialog) { d.SetBusy(true) })),
		picture(t, mode, over, dialog(func(d *Dialog) { d.SetError("Someone was faster.") })),
		picture(t, mode, over, func(c fyne.Canvas) fyne.CanvasObject {
			NewNotice(c, "Export", "There is nothing to export.", "Close").Show()
			return nil
		}),
		picture(t, mode, over, func(c fyne.Canvas) fyne.CanvasObject {
			ShowMenu(c, []MenuItem{
				{Label: "Mark as unread", Shortcut: "Ctrl+U"},
				{Label: "Export", Disabled: true},
				{Separator: true},
				{Label: "Block", Icon: theme.Icon("block", theme.Danger), Danger: true, Shortcut: "Ctrl+B"},
			}, fyne.NewPos(20, 20))
			return nil
		}),
	)
}

// joined returns one picture that holds all, side by side or one below the
// other.
func joined(beside bool, all ...image.Image) image.Image {
	var size image.Point
	for _, one := range all {
		if s := one.Bounds().Size(); beside {
			size = image.Pt(size.X+s.X, max(size.Y, s.Y))
		} else {
			size = image.Pt(max(size.X, s.X), size.Y+s.Y)
		}
	}
	whole, at := image.NewNRGBA(image.Rectangle{Max: size}), image.Point{}
	for _, one := range all {
		s := one.Bounds().Size()
		draw.Draw(whole, image.Rectangle{Min: at, Max: at.Add(s)}, one, one.Bounds().Min, draw.Src)
		if beside {
			at.X += s.X
		} else {
			at.Y += s.Y
		}
	}
	return whole
}

// TestGallery_IsDrawn draws the gallery in both modes, and writes it to the
// folder LATCHDESK_PICTURES, for somebody to look at.
func TestGallery_IsDrawn(t *testing.T) {
	light, dark := gallery(t, theme.Light), gallery(t, theme.Dark)
	if light.Bounds() != dark.Bounds() || light.At(0, 0) == dark.At(0, 0) {
		t.Errorf("light is %v and begins with %v, dark %v with %v", light.Bounds(), light.At(0, 0), dark.Bounds(), dark.At(0, 0))
	}
	folder := os.Getenv("LATCHDESK_PICTURES")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, "gallery.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, joined(true, light, dark)); err != nil {
		t.Fatal(err)
	}
}

// TestGallery_HoldsEveryWidget fails for an exported constructor that the
// gallery does not call.
func TestGallery_HoldsEveryWidget(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	made, shown := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && strings.HasPrefix(n.Name.Name, "New") {
					made[n.Name.Name] = true
				}
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.Ident); ok && name == "gallery_test.go" {
					shown[called.Name] = true
				}
			}
			return true
		})
	}
	if len(made) == 0 {
		t.Fatal("no constructor was found")
	}
	for name := range made {
		if !shown[name] {
			t.Errorf("%s is not in the gallery: add what it makes to exhibits", name)
		}
	}
}
