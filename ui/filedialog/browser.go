package filedialog

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/listview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	dialogWidth  float32 = 560
	dialogChrome float32 = 330 // what the dialog needs beside the list, above and below
)

// browser is the dialog: a folder's files, and the name of one.
type browser struct {
	dialogs   *dialogs.Presenter
	dialog    *widgets.Dialog
	folder    string
	files     []file // of the folder, as they are listed
	extension string // that the file has; empty for any
	place     *widgets.EllipsisLabel
	rows      *listview.List[file, struct{}]
	empty     *widgets.Paragraph // in the place of the rows, where there are none
	name      *widgets.Entry
	slot      *async.Slot // the target being looked at
}

func newBrowser(p *dialogs.Presenter, folder string) *browser {
	b := &browser{dialogs: p, folder: folder, name: widgets.NewEntry(), slot: p.Runner.NewSlot()}
	b.place = widgets.NewEllipsisLabel(theme.Muted, theme.Caption)
	b.empty = widgets.NewParagraph("", theme.Muted, theme.Body)
	b.name.SetPlaceHolder("Name or path")
	b.rows = listview.New(p.Runner, rowHeight, func() *row { return newRow(b.pick) }, func(r *row, f file, _ struct{}) {
		r.show(f, f == b.rows.Selected(), f == b.rows.Selected() && b.rows.Focused())
	})
	b.rows.Load = func(_ context.Context, files []file) (map[file]struct{}, error) {
		known := make(map[file]struct{}, len(files))
		for _, f := range files {
			known[f] = struct{}{}
		}
		return known, nil
	}
	b.rows.OnKey = b.handleKey
	b.rows.Widget.OnRune = b.jump
	return b
}

// show opens the dialog. Its button calls confirm with what the name stands for, unless
// that is a folder, which is then entered.
func (b *browser) show(title, button string, confirm func(target)) {
	up := widgets.NewLink("Up", func() { b.enter(filepath.Dir(b.folder)) })
	list := container.New(heightLayout{b.dialogs.Canvas}, container.NewStack(
		widgets.NewBackground(theme.Background), b.rows.Widget, container.NewPadded(b.empty)))
	body := dialogs.Form(container.NewBorder(nil, nil, nil, up, b.place), list, b.name)
	options := []widgets.DialogOption{widgets.WithWidth(dialogWidth), widgets.WithCancel("Cancel", b.slot.Cancel)}
	var first fyne.Focusable = b.rows.Widget
	if b.name.Text != "" {
		first = b.name
	}
	b.dialog = b.dialogs.Ask(title, body, button, widgets.Primary, func(*widgets.Dialog) { b.resolve(confirm) }, append(options, widgets.WithFocus(first))...)
	if b.name.Text != "" {
		b.name.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
	b.enter(b.folder)
}

// listing is what is in a folder, or why it cannot be read.
type listing struct {
	folder string
	files  []file
	err    error
}

// enter shows another folder. One that cannot be read is not entered.
func (b *browser) enter(folder string) {
	b.dialog.SetError("")
	listview.LoadOrder(b.rows, func(context.Context) (listing, error) {
		files, err := readFolder(folder)
		return listing{folder, files, err}, nil
	}, func(l listing) {
		if l.err != nil {
			b.fail(problem("This folder", l.err))
			if b.place.Text() != "" {
				return
			}
		}
		left := file{filepath.Base(b.folder), true}
		if filepath.Dir(b.folder) != l.folder {
			left = file{}
		}
		b.folder, b.files = l.folder, l.files
		b.place.SetText(l.folder)
		b.rows.Reset(listview.Keys(l.files))
		text := ""
		if len(l.files) == 0 && l.err == nil {
			text = "This folder is empty."
		}
		b.empty.SetText(text)
		b.rows.Select(file{})
		switch {
		case !b.rows.Focused(): // a file is named, and not chosen from the list
		case slices.Contains(l.files, left):
			b.reach(left)
		case len(l.files) > 0:
			b.rows.Select(l.files[0])
		}
	})
}

// reach selects a file and scrolls to it.
func (b *browser) reach(f file) {
	b.rows.Select(f)
	b.rows.Widget.ScrollIntoView(b.rows.Index(f))
}

// jump selects the next file whose name begins with a letter.
func (b *browser) jump(letter rune) {
	from := slices.Index(b.files, b.rows.Selected()) + 1
	for i := range b.files {
		f := b.files[(from+i)%len(b.files)]
		if first, _ := utf8.DecodeRuneInString(f.name); unicode.ToLower(first) == unicode.ToLower(letter) {
			b.reach(f)
			return
		}
	}
}

// problem returns a sentence about what cannot be read.
func problem(what string, err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return what + " cannot be read: permission denied."
	case errors.Is(err, fs.ErrNotExist):
		return what + " does not exist."
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return what + " cannot be read: " + err.Error() + "."
}

// pick enters a folder, or puts a file's name into the field. A file that is there already
// is confirmed.
func (b *browser) pick(f file) {
	switch {
	case f.folder:
		b.enter(filepath.Join(b.folder, f.name))
	case b.rows.Selected() == f && b.name.Text == f.name:
		b.dialog.Confirm()
	default:
		b.rows.Select(f)
		b.name.SetText(f.name)
	}
}

func (b *browser) handleKey(key *fyne.KeyEvent) bool {
	selected := b.rows.Selected()
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if selected.name == "" {
			return false
		}
		if !selected.folder {
			b.name.SetText(selected.name)
		}
		b.pick(selected)
	case fyne.KeyBackspace, fyne.KeyLeft:
		b.enter(filepath.Dir(b.folder))
	case fyne.KeyRight:
		if selected.folder {
			b.pick(selected)
		}
	default:
		return false
	}
	return true
}

// resolve looks what the name stands for.
func (b *browser) resolve(confirm func(target)) {
	text := strings.TrimSpace(b.name.Text)
	if text == "" {
		b.fail("Choose a file in the list, or type its name.")
		return
	}
	folder, extension := b.folder, b.extension
	b.dialog.SetBusy(true)
	async.Load(b.slot, func(context.Context) (target, error) { return lookAt(folder, text, extension), nil }, func(t target) {
		b.dialog.SetBusy(false)
		switch {
		case t.err != nil:
			b.fail(problem(data.OneLine(filepath.Base(t.path), 60), t.err))
		case t.folder:
			b.name.SetText("")
			b.enter(t.path)
		default:
			confirm(t)
		}
	})
}

// fail says what is wrong with the choice.
func (b *browser) fail(text string) { b.dialog.SetError(text) }

// confirmReplace asks before a file is replaced.
func (b *browser) confirmReplace(path string, replace func()) {
	b.dialogs.Ask("Replace "+data.OneLine(filepath.Base(path), 80)+"?", dialogs.Form(
		dialogs.Paragraph("Its present contents will be lost."),
	), "Replace", widgets.DangerOutline, func(d *widgets.Dialog) {
		d.Close()
		replace()
	})
}

// heightLayout stretches its one object to the height that the window has room for.
type heightLayout struct{ canvas fyne.Canvas }

func (h heightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, max(3*rowHeight, min(h.canvas.Size().Height-dialogChrome, 9*rowHeight)))
}

func (h heightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }
