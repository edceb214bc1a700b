package chatexport

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Options say what an export does not.
type Options struct {
	Customer   int64
	By         data.Actor
	Business   string         // the author who is the business; empty if only the customer wrote
	Zone       *time.Location // of the clock that the export was written by
	File       string         // its name, for the history
	DryRun     bool           // count, and change nothing
	OnProgress func(done, total int)
}

// Summary counts what became of an exported chat, or what would in a dry run.
// Messages is New and Already together, and also FromCustomer, FromBusiness and
// Notices together.
type Summary struct {
	Import       int64 `json:"import"` // what undoes it; zero if nothing was new
	Messages     int   `json:"messages"`
	New          int   `json:"new"`
	Held         int   `json:"held"` // of those: written during the block in force
	Already      int   `json:"alreadyHere"`
	FromCustomer int   `json:"fromCustomer"`
	FromBusiness int   `json:"fromBusiness"`
	Notices      int   `json:"notices"` // what WhatsApp itself says, and lines before the first message; kept as notes
	Blocks       int   `json:"blocks"`  // blocks and unblocks on WhatsApp
	NewBlocks    int   `json:"newBlocks"`
	Media        int   `json:"media"` // messages that carry any; the desk keeps their names
	Missing      int   `json:"mediaMissing"`
	Edited       int   `json:"edited"`
	Deleted      int   `json:"deleted"`
	Authors      int   `json:"authors"` // who wrote in it, the business included

	NotUnderstood int          `json:"notUnderstood"` // lines; kept as text
	FirstUnread   []UnreadLine `json:"-"`

	First       data.Moment `json:"first"`
	Last        data.Moment `json:"last"`
	Dates       DateOrder   `json:"dates"`
	DatesProved bool        `json:"datesProved"`
	Zone        string      `json:"zone"`
	DryRun      bool        `json:"dryRun"`
}

// Import brings an exported chat into a customer's chat, or counts what it would
// bring. In a group all but the business are members. It returns a data.UserError if
// the authors are not the customer and the business, and otherwise the errors of
// desk.ImportChat, after which the summary counts what was brought in.
func Import(ctx context.Context, d *desk.Desk, chat *Chat, o Options) (Summary, error) {
	customer, err := d.Customer(ctx, o.Customer)
	if err != nil {
		return Summary{}, err
	}
	business, err := chat.findBusiness(o.Business, customer)
	if err != nil {
		return Summary{}, err
	}
	c := &converter{chat: chat, business: business, group: customer.IsGroup(), zone: o.Zone, now: d.Now()}
	if err := c.convert(); err != nil {
		return Summary{}, err
	}
	s := c.sum
	s.Authors = len(chat.Authors)
	s.DryRun, s.Zone = o.DryRun, ZoneName(o.Zone, s.Last)
	s.Dates, s.DatesProved = chat.Order, chat.OrderProved
	result, err := d.ImportChat(ctx, o.By, desk.ChatImportRequest{
		Customer: o.Customer, File: o.File, Messages: c.messages, Blocks: c.blocks, DryRun: o.DryRun, OnProgress: o.OnProgress,
	})
	s.Import, s.New, s.Held, s.Already, s.NewBlocks = result.Event, result.New, result.Held, result.Already, result.NewBlocks
	return s, err
}

// StoppedText returns in the user's words why an import did not come to its end, and
// what that means.
func StoppedText(ctx context.Context, s Summary, err error) string {
	why := "The import was stopped."
	if ctx.Err() == nil {
		why = strings.Replace(desk.Explain(err), ", so nothing was saved", "", 1) // some messages were
	}
	return fmt.Sprintf("%s Before that, %s came in, which stay; import the same file again for the rest.", why, data.Count(s.New, "message"))
}

// CheckAuthors returns a data.UserError if the chat cannot be the customer's: more than
// two wrote in it, so it is a group's, and the customer is none.
func (c *Chat) CheckAuthors(customer data.Customer) error {
	if len(c.Authors) <= 2 || customer.IsGroup() {
		return nil
	}
	more := ""
	shown := c.authorNames()
	if n := len(shown) - 5; n > 0 {
		shown, more = shown[:5], fmt.Sprintf(" and %d more", n)
	}
	return data.UserErrorf("This is the chat of a group: %s%s wrote in it. Only what one customer and the business wrote can be imported into a customer's chat. Import it into the chat of the group, which is in the list once somebody has written in it.", strings.Join(shown, ", "), more)
}

func (c *Chat) authorNames() []string {
	names := make([]string, len(c.Authors))
	for i, a := range c.Authors {
		names[i] = a.Name
	}
	return names
}

// findBusiness returns the author who is meant. Case and accents do not matter where
// the name is not there to the letter.
func (c *Chat) findBusiness(name string, customer data.Customer) (string, error) {
	if err := c.CheckAuthors(customer); err != nil {
		return "", err
	}
	names := c.authorNames()
	name = cleanAuthor(name)
	switch {
	case name == "" && (len(names) < 2 || customer.IsGroup()):
		return "", nil
	case name == "":
		return "", data.UserErrorf("%s wrote in this chat. Say which of the two is the business.", strings.Join(names, " and "))
	case slices.Contains(names, name):
		return name, nil
	}
	for _, n := range names {
		if data.Fold(n) == data.Fold(name) {
			return n, nil
		}
	}
	if len(names) == 0 {
		return "", data.UserErrorf("Nobody wrote in this chat, so %s did not.", name)
	}
	return "", data.UserErrorf("%s wrote nothing in this chat. Who did: %s.", name, strings.Join(names, ", "))
}

// converter makes messages of a chat's entries.
type converter struct {
	chat     *Chat
	business string
	group    bool // all others are members, who are named
	zone     *time.Location
	now      data.Moment

	last     data.Moment // of the entry before; at first, of the first that does not lie in the future
	sum      Summary
	messages []data.Message
	blocks   []desk.BlockElsewhere
}

// convert returns a data.UserError if all entries lie in the future.
func (c *converter) convert() error {
	c.sum.NotUnderstood, c.sum.FirstUnread = c.chat.NotUnderstood, slices.Clone(c.chat.FirstUnread)
	for _, e := range c.chat.Entries {
		if at := c.read(e); at <= c.now.Add(tomorrow) {
			c.last = at
			break
		}
	}
	if c.last == 0 {
		return data.UserErrorf("All messages in this chat are dated in the future. Is this computer's clock right?")
	}
	for _, e := range c.chat.Entries {
		c.add(e, c.moment(e))
	}
	c.sum.Blocks, c.sum.Messages = len(c.blocks), len(c.messages)
	return nil
}

func (c *converter) add(e Entry, at data.Moment) {
	switch e.Kind {
	case BlockEntry:
		c.blocks = append(c.blocks, desk.BlockElsewhere{At: at, Kind: data.BlockedElsewhereEvent})
	case UnblockEntry:
		c.blocks = append(c.blocks, desk.BlockElsewhere{At: at, Kind: data.UnblockedElsewhereEvent})
	case StandingEntry: // every chat has it
	default:
		c.messages = append(c.messages, c.message(e, at))
	}
}

func (c *converter) message(e Entry, at data.Moment) data.Message {
	m := data.Message{Direction: data.In, At: at, Kind: data.TextMessage, Text: e.Text, File: e.File}
	switch {
	case e.Kind != MessageEntry:
		m.Direction, m.Author = data.Note, "WhatsApp"
		c.sum.Notices++
	case e.Author == c.business && c.business != "":
		m.Direction, m.Author, m.Status = data.Out, e.Author, data.Sent
		c.sum.FromBusiness++
	default:
		if c.group {
			m.Author, m.AuthorAddress = e.Author, addressOf(e.Author)
		}
		c.sum.FromCustomer++
	}
	if e.Media != "" {
		m.Kind = e.Media
	}
	for _, count := range []struct {
		it bool
		n  *int
	}{
		{e.Media != "" && e.Media != data.LocationMessage, &c.sum.Media},
		{e.Missing, &c.sum.Missing},
		{e.Edited, &c.sum.Edited},
		{e.Deleted, &c.sum.Deleted},
	} {
		if count.it {
			*count.n++
		}
	}
	return m
}

// addressOf returns the number that stands in the place of a name, as WhatsApp writes it
// where the contact was not saved; empty where there is none.
func addressOf(author string) data.Address {
	if !strings.HasPrefix(author, "+") {
		return ""
	}
	address, err := data.ParseAddress(author, "")
	if err != nil {
		return ""
	}
	return address
}

// tomorrow is how far ahead of this computer's clock a phone's can be: it may stand in
// another zone than was said.
const tomorrow = 24 * time.Hour

// moment returns when an entry was written. What would lie in the future stands beside
// the entry before it, and is counted as not understood.
func (c *converter) moment(e Entry) data.Moment {
	at := c.read(e)
	if at > c.now.Add(tomorrow) {
		c.sum.NotUnderstood++
		if len(c.sum.FirstUnread) < maxShown {
			c.sum.FirstUnread = append(c.sum.FirstUnread, UnreadLine{e.Line, data.OneLine(clip(e.Text), maxShownText), "it is in the future"})
		}
		return c.last
	}
	c.last = at
	if c.sum.First == 0 || at < c.sum.First {
		c.sum.First = at
	}
	c.sum.Last = max(c.sum.Last, at)
	return at
}

// read returns the moment that an entry's clock showed. The hour that comes twice
// when clocks go back is the second one as soon as the first has passed.
func (c *converter) read(e Entry) data.Moment {
	w := e.Wall
	t := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, c.zone)
	if first := t.Add(-time.Hour); first.Hour() == t.Hour() {
		t = first
	}
	if second := t.Add(time.Hour); second.Hour() == t.Hour() && data.MomentOf(t) < c.last {
		t = second
	}
	return data.MomentOf(t)
}

// ZoneName returns a zone with what it is ahead of UTC at a moment.
func ZoneName(zone *time.Location, at data.Moment) string {
	t := at.Time().In(zone)
	name := zone.String()
	if name == "Local" {
		if name, _ = t.Zone(); strings.ContainsAny(name, "+-") {
			name = ""
		}
	}
	return strings.TrimSpace(name + " (UTC" + t.Format("-07:00") + ")")
}
