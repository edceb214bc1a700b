package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/chatexport"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	chatImportTitle = "Import chat"
	// onlyCustomer is chosen where the business wrote nothing.
	onlyCustomer = "nobody, only the customer wrote"
	onlyMembers  = "nobody, only members wrote"
)

// chatImport brings chats that WhatsApp exported into a customer's chat.
type chatImport struct {
	dialogs *dialogs.Presenter
	desk    *desk.Desk
	files   *filedialog.Chooser
	actor   func() data.Actor
	// onDone is called with what came in, though the import may have been stopped.
	onDone func(chatexport.Summary)

	running *dialogs.Progress
}

// open asks for the file of a customer's chat.
func (ci *chatImport) open(c data.Customer) {
	ci.files.Open("Import chat", func(path string) { ci.read(c.ID, path) })
}

// exportOf is an exported chat and the customer that it is brought in for.
type exportOf struct {
	customer data.Customer
	chat     *chatexport.Chat
	path     string
}

// read reads a file and asks what it does not say.
func (ci *chatImport) read(customer int64, path string) {
	var of exportOf
	ci.dialogs.Runner.Go(func(ctx context.Context) (err error) {
		of.path = path
		if of.customer, err = ci.desk.Customer(ctx, customer); err != nil {
			return err
		}
		if of.chat, err = chatexport.ReadFile(path); err != nil {
			return err
		}
		return of.chat.CheckAuthors(of.customer)
	}, func(err error) {
		if err != nil {
			ci.dialogs.Notify(chatImportTitle, desk.Explain(err))
			return
		}
		ci.ask(of)
	})
}

// chatImportForm asks who is the business and in which zone the export's clock stood,
// and says what would come in.
type chatImportForm struct {
	of       exportOf
	business *widgets.Select
	zone     *widgets.Entry
	summary  *fyne.Container
	dialog   *widgets.Dialog
	slot     *async.Slot
	desk     *desk.Desk
	by       data.Actor

	ready bool // the summary is of what is chosen
	sum   chatexport.Summary
}

func (ci *chatImport) ask(of exportOf) {
	f := &chatImportForm{of: of, desk: ci.desk, by: ci.actor(), slot: ci.dialogs.Runner.NewSlot()}
	f.summary = container.New(layout.NewCustomPaddedVBoxLayout(6))
	f.business = widgets.NewSelect("Business", businessOptions(of), func(string) { f.update() })
	f.zone = widgets.NewEntry()
	f.zone.SetPlaceHolder("This computer's: " + chatexport.ZoneName(time.Local, ci.desk.Now()))
	f.zone.OnChanged = func(string) { f.update() }
	body := dialogs.Form(
		dialogs.Bold(data.OneLine(filepath.Base(of.path), 80)),
		dialogs.Paragraph("Messages that are not here yet are added to the chat with "+data.OneLine(of.customer.Title(), 60)+", as read and without a sound."),
		dialogs.Caption(businessQuestion(of.customer)), f.business,
		dialogs.Caption("Time zone of the phone that exported it, such as Asia/Kolkata"), f.zone,
		f.summary,
	)
	f.dialog = ci.dialogs.Ask(chatImportTitle, body, "Import", widgets.Primary, func(d *widgets.Dialog) {
		switch {
		case f.business.Selected() == "":
			d.SetError("Choose which author is the business, so that it is clear who wrote what.")
		case !f.ready:
			d.SetError("Latchdesk is still checking what would be imported.")
		case f.sum.New+f.sum.NewBlocks == 0:
			d.SetError("Everything in it is already here, so there is nothing to import.")
		default:
			d.Close()
			ci.run(f.options(), of)
		}
	}, widgets.WithFocus(f.business), widgets.WithCancel("Cancel", f.slot.Cancel))
	if guess := guessBusiness(of); guess != "" {
		f.business.SetSelected(guess)
	}
	f.update()
}

func businessQuestion(c data.Customer) string {
	if c.IsGroup() {
		return "Which author is the business? All others are members of the group."
	}
	return "Which author is the business? The other one is the customer."
}

// businessOptions are the authors, and nobody where there is only one or it is a group.
func businessOptions(of exportOf) []string {
	var options []string
	for _, a := range of.chat.Authors {
		options = append(options, a.Name)
	}
	switch {
	case of.customer.IsGroup():
		options = append(options, onlyMembers)
	case len(options) < 2:
		options = append(options, onlyCustomer)
	}
	return options
}

// guessBusiness returns the author who is not the customer, by name or number, and
// nothing where neither of two is.
func guessBusiness(of exportOf) string {
	authors := of.chat.Authors
	if of.customer.IsGroup() {
		return "" // whoever it is, its name says nothing
	}
	for i, a := range authors {
		isCustomer := data.Fold(a.Name) == data.Fold(of.customer.Name) || digitsOf(a.Name) != "" && digitsOf(a.Name) == digitsOf(string(of.customer.Address.Phone()))
		switch {
		case isCustomer && len(authors) == 1:
			return onlyCustomer
		case isCustomer:
			return authors[1-i].Name
		}
	}
	return ""
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// options returns what is chosen. The zone is nil if there is none of that name.
func (f *chatImportForm) options() chatexport.Options {
	o := chatexport.Options{
		Customer: f.of.customer.ID, By: f.by, Business: f.business.Selected(), Zone: time.Local, File: filepath.Base(f.of.path),
	}
	if o.Business == onlyCustomer || o.Business == onlyMembers {
		o.Business = ""
	}
	if name := strings.TrimSpace(f.zone.Text); name != "" {
		o.Zone, _ = time.LoadLocation(name) // which is nil if there is none
	}
	return o
}

// update counts what would come in, and shows it.
func (f *chatImportForm) update() {
	f.ready = false
	o := f.options()
	switch {
	case f.dialog == nil:
	case o.Zone == nil:
		f.slot.Cancel()
		f.show("There is no time zone with this name.")
	case f.business.Selected() == "":
		f.slot.Cancel()
		messages := 0
		for _, a := range f.of.chat.Authors {
			messages += a.Messages
		}
		first, last := f.of.chat.First()
		f.show(data.Count(messages, "message")+" in it", "From "+first.Format("2 Jan 2006 15:04")+" to "+last.Format("2 Jan 2006 15:04"))
	default:
		o.DryRun = true
		async.Load(f.slot, func(ctx context.Context) (chatImportPlan, error) {
			s, err := chatexport.Import(ctx, f.desk, f.of.chat, o)
			return chatImportPlan{s, err}, nil
		}, func(p chatImportPlan) {
			if p.err != nil {
				f.show(desk.Explain(p.err))
				return
			}
			f.ready, f.sum = true, p.sum
			f.show(planLines(p.sum)...)
			for _, line := range p.sum.FirstUnread[:min(3, len(p.sum.FirstUnread))] {
				f.summary.Add(dialogs.Caption(line.String()))
			}
			f.dialog.Refresh()
		})
	}
}

// chatImportPlan is what would come in, or why nothing can.
type chatImportPlan struct {
	sum chatexport.Summary
	err error
}

func (f *chatImportForm) show(lines ...string) {
	f.summary.RemoveAll()
	for _, line := range lines {
		f.summary.Add(widgets.NewBullet(line))
	}
	f.dialog.SetError("")
	f.dialog.Refresh()
}

// planLines says what an import would bring, leaving out what is zero.
func planLines(s chatexport.Summary) []string {
	lines := []string{data.Count(s.New, "new message")}
	if s.Authors > 2 {
		lines = append(lines, fmt.Sprintf("%d authors", s.Authors))
	}
	add := func(n int, text string) {
		if n > 0 {
			lines = append(lines, text)
		}
	}
	add(s.Already, fmt.Sprintf("%d already here", s.Already))
	add(s.Held, fmt.Sprintf("%d of the new ones held, because their authors were blocked", s.Held))
	add(s.NewBlocks, fmt.Sprintf("Blocks and unblocks on WhatsApp: %d, which change nothing here", s.NewBlocks))
	add(s.Missing, data.Count(s.Missing, "message")+" whose media are not in the file")
	add(s.NotUnderstood, data.Count(s.NotUnderstood, "line")+" not understood, kept as text")
	order := "Dates are read as " + string(s.Dates)
	if !s.DatesProved {
		order += ", though no date in it shows which"
	}
	return append(lines, "From "+formatMoment(s.First)+" to "+formatMoment(s.Last), order, "Time zone "+s.Zone)
}

func formatMoment(m data.Moment) string { return m.Time().Format("2 Jan 2006 15:04") }

// run brings the chat in, and can be stopped.
func (ci *chatImport) run(o chatexport.Options, of exportOf) {
	progress := ci.dialogs.ShowProgress("Importing chat", "")
	ci.running = progress
	o.OnProgress = func(done, total int) {
		progress.Report(fmt.Sprintf("%d of %s", done, data.Count(total, "message")))
	}
	var sum chatexport.Summary
	ci.dialogs.Runner.Go(func(context.Context) (err error) {
		sum, err = chatexport.Import(progress.Context, ci.desk, of.chat, o)
		return err
	}, func(err error) {
		text := ""
		if err != nil {
			text = chatexport.StoppedText(progress.Context, sum, err)
		}
		progress.Close()
		ci.running = nil
		if sum.Import != 0 {
			ci.onDone(sum)
		}
		if text != "" {
			ci.dialogs.Notify(chatImportTitle, text)
		}
	})
}

// stop stops the import that is running, if there is one.
func (ci *chatImport) stop() {
	if ci.running != nil {
		ci.running.Close()
	}
}

// chatImported offers to undo an import.
func (w *Window) chatImported(s chatexport.Summary) {
	w.undoToast.offer(data.Count(s.New, "message")+" imported", func() { w.undoChatImport(s.Import) })
}

func (w *Window) undoChatImport(event int64) {
	by := w.actor()
	w.undo(func(ctx context.Context) error {
		_, err := w.Desk.UndoChatImport(ctx, by, event)
		return err
	})
}

// confirmUndoImport asks whether to take out again what an import brought.
func (w *Window) confirmUndoImport(r data.Record) {
	d := r.Rest()
	name := r.Name
	if name == "" {
		name = r.Phone.Pretty()
	}
	w.dialogs.Ask("Undo import", dialogs.Form(
		dialogs.Paragraph("Are you sure you want to undo the import of "+data.OneLine(d.File, 60)+" into the chat with "+data.OneLine(name, 60)+"?"),
		widgets.NewBullet("It had "+data.Count(d.Messages, "message")+" that were not here. They are hidden, whether they are in the chat or held."),
		widgets.NewBullet("Importing the same file brings them back."),
	), "Undo", widgets.Primary, func(dialog *widgets.Dialog) {
		by := w.actor()
		w.dialogs.Run(dialog, func(ctx context.Context) error {
			_, err := w.Desk.UndoChatImport(ctx, by, r.Seq)
			return err
		})
	})
}

// dropped brings a file that is dropped on the window into the chat that is open.
func (w *Window) dropped(_ fyne.Position, files []fyne.URI) {
	if w.win.Canvas().Overlays().Top() != nil || len(files) == 0 {
		return // a dialog asks about something else
	}
	path := files[0].Path()
	extension := strings.ToLower(filepath.Ext(path))
	switch {
	case len(files) > 1:
		w.dialogs.Notify(chatImportTitle, "Drop one file at a time.")
	case extension != ".txt" && extension != ".zip":
		w.dialogs.Notify(chatImportTitle, "This is not a chat exported by WhatsApp, which is a text file or a zip.")
	case w.blockedView.Shown() || w.currentCustomer() == 0:
		w.dialogs.Notify(chatImportTitle, "Open the customer's chat first, and drop the file there.")
	default:
		w.chatImport.read(w.currentCustomer(), path)
	}
}
