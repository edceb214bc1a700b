// Package transcript exports a chat for people to read elsewhere, as plain text or
// as an HTML page.
package transcript

import (
	"bufio"
	"context"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Format is the file format of a transcript.
type Format string

// The formats; each is also the extension of its files.
const (
	Text Format = "txt"
	HTML Format = "html"
)

// Options is what goes into a transcript.
type Options struct {
	Format Format
	Events bool // include events beside the messages
	Notes  bool // include notes, which were written for the desk alone
}

// pageSize is how many items of a chat are in memory at once.
const pageSize = 500

// Save writes a customer's chat to a new file, readable by its owner only, which is there
// only once it is complete. It returns an error that wraps fs.ErrExist if the file exists.
func Save(ctx context.Context, d *desk.Desk, customer int64, path string, o Options) error {
	f, err := d.CreateFile(path)
	if err != nil {
		return fmt.Errorf("export the chat: %w", err)
	}
	defer f.Discard()
	if err := Write(ctx, d, customer, f, o); err != nil {
		return err
	}
	if err := f.Publish(); err != nil {
		return fmt.Errorf("export the chat: %w", err)
	}
	return nil
}

// Write writes a customer's chat as the timeline shows it, oldest first.
func Write(ctx context.Context, d *desk.Desk, customer int64, w io.Writer, o Options) error {
	c, err := d.Customer(ctx, customer)
	if err != nil {
		return fmt.Errorf("export the chat: %w", err)
	}
	ids, err := d.Identities(ctx, customer)
	if err != nil {
		return fmt.Errorf("export the chat: %w", err)
	}
	out := bufio.NewWriter(w)
	p := printer{out: out, customer: c, contact: strings.Join(c.Contacts(ids, data.Address.Pretty), ", "), now: d.Now(), options: o}
	p.writeHeader()
	span := data.Span{After: &data.ItemKey{}, Limit: pageSize}
	for {
		page, err := d.Timeline(ctx, customer, span)
		if err != nil {
			return fmt.Errorf("export the chat: %w", err)
		}
		for _, item := range page.Items {
			p.writeItem(item)
		}
		if !page.Newer || len(page.Items) == 0 {
			break
		}
		span.After = &page.Items[len(page.Items)-1].Key
	}
	p.writeFooter()
	if err := out.Flush(); err != nil {
		return fmt.Errorf("export the chat: %w", err)
	}
	return nil
}

// printer writes one transcript. Errors of writing surface when out is flushed.
type printer struct {
	out      *bufio.Writer
	customer data.Customer
	contact  string // all that the customer is known by
	now      data.Moment
	options  Options
	lastAt   data.Moment
}

// line is one message or event as both formats show it.
type line struct {
	Class string
	Time  string
	Who   string
	Text  string
}

func (p *printer) writeItem(item data.Item) {
	isNote := item.Message != nil && item.Message.Direction == data.Note
	if item.Event != nil && !p.options.Events || isNote && !p.options.Notes {
		return
	}
	if p.lastAt == 0 || !p.lastAt.SameDay(item.Key.At) || zone(p.lastAt) != zone(item.Key.At) {
		p.writeDay(item.Key.At)
	}
	p.lastAt = item.Key.At
	if item.Event != nil {
		p.writeLine(line{Class: "event", Time: item.Event.At.TimeOfDay(), Text: item.Event.Text()})
		return
	}
	p.writeLine(p.messageLine(*item.Message, item.Acts))
}

// zone returns the offset of the computer's own time zone at a moment, such as UTC+05:30.
func zone(at data.Moment) string { return at.Time().Format("UTC-07:00") }

func (p *printer) messageLine(m data.Message, acts *data.Acts) line {
	l := line{Class: string(m.Direction), Time: m.At.TimeOfDay(), Who: m.Author, Text: m.Text}
	switch {
	case m.Direction == data.Note && m.Author != "":
		l.Who = "Note by " + m.Author
	case m.Direction == data.Note:
		l.Who = "Note"
	case l.Who == "":
		l.Who = "You"
		if m.Direction == data.In {
			l.Who = p.customer.Title()
		}
	}
	var parts []string
	for _, part := range []string{m.Carries(), acts.Words(m), m.URL} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	l.Text = strings.Join(parts, "\n")
	for _, remark := range remarks(m, acts) {
		l.Text += "\n(" + remark + ")"
	}
	return l
}

// remarks are what is to be known of a message besides its words.
func remarks(m data.Message, acts *data.Acts) []string {
	var all []string
	if m.Hold == data.Released {
		all = append(all, "received while blocked")
	}
	if m.Untimed {
		all = append(all, "the time is when it came in")
	}
	for _, before := range acts.Before(m) {
		all = append(all, "edited; before: "+before)
	}
	if acts == nil {
		return all
	}
	if acts.DeletedAt != 0 && m.Direction == data.In {
		all = append(all, "deleted by the customer")
	} else if acts.DeletedAt != 0 {
		all = append(all, "deleted for the customer")
	}
	for _, r := range acts.Reactions {
		all = append(all, strings.TrimSpace("reaction: "+r.Emoji+" "+r.By))
	}
	return all
}

// htmlTemplates are the parts of an HTML transcript, which loads and runs nothing.
var htmlTemplates = template.Must(template.New("").Parse(`{{define "head"}}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Chat with {{.Title}}</title><style>
body{font:15px/1.4 system-ui,sans-serif;background:#eef1f4;color:#16191d;max-width:44em;margin:2em auto;padding:0 1em}
h1{font-size:1.2em}h2,.event{text-align:center;color:#5b6470;font-size:.85em;font-weight:400}
p{white-space:pre-wrap;overflow-wrap:anywhere;border-radius:10px;padding:.5em .8em;margin:.3em 0;max-width:70%;background:#fff;width:fit-content}
.out{background:#d9f2e3;margin-left:auto}.note{background:#fff1d0;margin-left:auto}.event{background:none;max-width:none;width:auto}small{color:#5b6470}
</style></head><body><h1>{{.Title}} <small>{{.Contact}}</small></h1>
{{end}}{{define "day"}}<h2>{{.}}</h2>
{{end}}{{define "line"}}<p class="{{.Class}}" dir="auto">{{if .Who}}<small>{{.Who}} · {{.Time}}</small>
{{.Text}}{{else}}{{.Text}} · {{.Time}}{{end}}</p>
{{end}}{{define "foot"}}</body></html>
{{end}}`))

func (p *printer) execTemplate(name string, value any) {
	_ = htmlTemplates.ExecuteTemplate(p.out, name, value) // the writer keeps its error for Flush
}

func (p *printer) writeHeader() {
	title := struct{ Title, Contact string }{p.customer.Title(), p.contact}
	if p.options.Format == HTML {
		p.execTemplate("head", title)
		return
	}
	fmt.Fprintf(p.out, "Chat with %s, %s\nExported %s\n", title.Title, title.Contact, p.now.Time().Format("2 January 2006 at 15:04 UTC-07:00"))
}

// writeDay writes the heading of a day, or of the rest of a day in which the clocks
// changed: its times are those of one offset.
func (p *printer) writeDay(at data.Moment) {
	day := at.Time().Format("Monday, 2 January 2006, ") + zone(at)
	if p.options.Format == HTML {
		p.execTemplate("day", day)
		return
	}
	fmt.Fprintf(p.out, "\n%s\n", day)
}

func (p *printer) writeLine(l line) {
	switch {
	case p.options.Format == HTML:
		p.execTemplate("line", l)
	case l.Who == "":
		fmt.Fprintf(p.out, "%s  -- %s --\n", l.Time, l.Text)
	default:
		fmt.Fprintf(p.out, "%s  %s: %s\n", l.Time, l.Who, strings.ReplaceAll(l.Text, "\n", "\n       "))
	}
}

func (p *printer) writeFooter() {
	if p.options.Format == HTML {
		p.execTemplate("foot", nil)
	}
}
