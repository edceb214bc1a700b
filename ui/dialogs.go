package ui

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/transcript"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newForm stacks what a dialog asks for.
func newForm(parts ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(8), parts...)
}

func newParagraph(text string) *widgets.Paragraph {
	return widgets.NewParagraph(text, theme.Text, theme.Body)
}

func newCaption(text string) *widgets.Paragraph {
	return widgets.NewParagraph(text, theme.Muted, theme.Caption)
}

// runDialog has a dialog's act done, closes the dialog and does what comes then,
// or says in it what went wrong.
func (w *Window) runDialog(d *widgets.Dialog, act func(context.Context) error, then ...func()) {
	d.SetBusy(true)
	w.runner.Enqueue(act, func(err error) {
		d.SetBusy(false)
		if err != nil {
			d.SetError(desk.Explain(err))
			return
		}
		d.Close()
		for _, do := range then {
			do()
		}
	})
}

func (w *Window) showRenameDialog(c data.Customer) {
	name := widgets.NewEntry()
	name.SetText(c.Name)
	name.SetPlaceHolder(c.Phone.Pretty())
	by := w.actor()
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Rename Customer",
		newForm(newCaption("The name everybody at this desk sees. Left empty, the number is shown."), name),
		widgets.WithFocus(name),
		widgets.WithConfirm("Rename", widgets.Primary, func() {
			text := name.Text
			w.runDialog(d, func(ctx context.Context) error { return w.Desk.Rename(ctx, by, c.ID, text) })
		}))
	d.Show()
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func (w *Window) showTagsDialog(c data.Customer) {
	tags := widgets.NewEntry()
	tags.SetText(strings.Join(c.Tags, ", "))
	tags.SetPlaceHolder("VIP, wholesale")
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Tags of "+data.OneLine(c.Title(), 40),
		newForm(newCaption("Words that say what to know of this customer, with commas between."), tags),
		widgets.WithFocus(tags),
		widgets.WithConfirm("Save", widgets.Primary, func() {
			list := strings.Split(tags.Text, ",")
			w.runDialog(d, func(ctx context.Context) error { return w.Desk.SetTags(ctx, c.ID, list) })
		}))
	d.Show()
}

func (w *Window) confirmClear(c data.Customer) {
	by := w.actor()
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Clear Chat",
		newForm(
			newParagraph("Are you sure you want to clear the chat with "+data.OneLine(c.Title(), 60)+"?"),
			widgets.NewBullet("All messages go out of sight, for everybody at this desk."),
			widgets.NewBullet("Blocks, unblocks and other events stay. So does the customer."),
			widgets.NewBullet("This cannot be undone here. Export the chat first to keep it."),
		),
		widgets.WithConfirm("Clear", widgets.Primary, func() {
			w.runDialog(d, func(ctx context.Context) error { return w.Desk.Clear(ctx, by, c.ID) })
		}))
	d.Show()
}

var exportFormats = map[string]transcript.Format{"Plain text": transcript.Text, "HTML page": transcript.HTML}

func (w *Window) showExportDialog(c data.Customer) {
	path := widgets.NewEntry()
	path.SetText(exportPath(c, w.Desk.Now(), transcript.Text))
	format := widgets.NewSelect("Format", []string{"Plain text", "HTML page"}, func(name string) {
		path.SetText(strings.TrimSuffix(path.Text, filepath.Ext(path.Text)) + "." + string(exportFormats[name]))
	})
	format.SetSelected("Plain text")
	events := widgets.NewCheck("With events (blocks, names, assignments)", nil)
	events.SetChecked(true)
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Export Chat",
		newForm(format, events, newCaption("Save as"), path),
		widgets.WithConfirm("Export", widgets.Primary, func() {
			file, o := path.Text, transcript.Options{Format: exportFormats[format.Selected()], Events: events.Checked}
			w.runDialog(d, func(ctx context.Context) error {
				return exportError(file, transcript.Save(ctx, w.Desk, c.ID, file, o))
			}, func() {
				widgets.NewNotice(w.win.Canvas(), "Chat exported", "It was saved to "+file, "OK").Show()
			})
		}))
	d.Show()
}

func exportError(file string, err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("there is a file %s already: choose another name", filepath.Base(file))
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s: choose another", filepath.Dir(file))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("nothing may be written to %s: choose another folder", filepath.Dir(file))
	}
	return err
}

// exportPath is where a chat is saved unless the agent says otherwise: among
// the downloads, under the customer's number, which is safe in any file system.
func exportPath(c data.Customer, now data.Moment, f transcript.Format) string {
	name := fmt.Sprintf("chat-%s-%s.%s", strings.TrimPrefix(string(c.Phone), "+"), now.Time().Format("20060102-150405"), f)
	return filepath.Join(downloadsFolder(), name)
}

// confirmOpenLink shows where a link really leads before it is opened.
func (w *Window) confirmOpenLink(link *url.URL) {
	where := link.String()
	if link.Host != "" {
		where = link.Hostname()
	}
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Open Link",
		newForm(newParagraph("This leads out of Latchdesk, to"), newBold(where), newCaption(data.OneLine(link.String(), 300))),
		widgets.WithConfirm("Open", widgets.Primary, func() {
			d.Close()
			if err := fyne.CurrentApp().OpenURL(link); err != nil {
				w.showError(fmt.Errorf("the link could not be opened: %w", err))
			}
		}))
	d.Show()
}

func newBold(text string) *widgets.Paragraph {
	p := newParagraph(text)
	p.SetStyle(fyne.TextStyle{Bold: true})
	return p
}

func (w *Window) showShortcuts() {
	var parts []fyne.CanvasObject
	for _, s := range w.shortcuts() {
		if s.description == "" {
			continue
		}
		keys := widgets.NewEllipsisLabel(theme.Muted, theme.Body)
		keys.SetText(s.label)
		keys.SetAlign(fyne.TextAlignTrailing)
		what := widgets.NewEllipsisLabel(theme.Text, theme.Body)
		what.SetText(s.description)
		parts = append(parts, container.New(shortcutRowLayout{}, what, keys))
	}
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Shortcuts", container.New(layout.NewCustomPaddedVBoxLayout(6), parts...),
		widgets.WithCancel("", nil), widgets.WithConfirm("Close", widgets.Primary, func() { d.Close() }))
	d.Show()
}

// shortcutRowLayout returns the keys as much room as they need, and the words the rest.
type shortcutRowLayout struct{}

func (shortcutRowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 19) }

func (shortcutRowLayout) Layout(parts []fyne.CanvasObject, size fyne.Size) {
	keys := parts[1].(*widgets.EllipsisLabel).NaturalSize().Width + 1
	parts[0].Resize(fyne.NewSize(max(0, size.Width-keys-12), size.Height))
	parts[1].Resize(fyne.NewSize(keys, size.Height))
	parts[1].Move(fyne.NewPos(size.Width-keys, 0))
}
