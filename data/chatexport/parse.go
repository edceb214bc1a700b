package chatexport

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// ErrNotChat says that a file is no chat that WhatsApp exported: not one of its lines
// begins as a message does.
var ErrNotChat = errors.New("this is not a chat exported by WhatsApp: no line begins with a date and a time")

const (
	maxShown     = 10  // lines of FirstUnread
	maxShownText = 120 // characters of each
	maxAuthor    = 100 // characters of an author's name; what is longer is no name
)

// ErrCalendar says that all dates of a file are of a calendar that is not read.
var ErrCalendar = errors.New("its dates are not in the Gregorian calendar: set the phone to that calendar and export the chat again")

// Parse parses the text of an exported chat. Nothing of it is lost: a line that is
// not understood is counted, and is kept as text. It returns ErrNotChat or
// ErrCalendar if there is no entry in it. files are the names of the media beside it,
// nil if there are none.
func Parse(text string, files map[string]bool) (*Chat, error) {
	p := &parser{chat: &Chat{Files: files}, marked: map[int]bool{}}
	p.scan(text)
	p.chat.Order, p.chat.OrderProved = dateOrder(p.heads)
	p.build()
	p.finish()
	if n := len(p.chat.Entries); n == 0 || p.chat.Entries[n-1].Kind == UnreadEntry {
		if p.otherYears > 0 {
			return nil, ErrCalendar
		}
		return nil, ErrNotChat
	}
	p.chat.countAuthors()
	p.findGroupNotices()
	return p.chat, nil
}

// parser reads the lines of a file twice: the first time to learn the order of the
// dates, and the second to make entries of them.
type parser struct {
	chat       *Chat
	shape      shape
	lines      []line
	heads      []head
	current    *Entry // the one that lines are being added to
	texts      []string
	otherYears int // lines with a year of a calendar that is not read

	title  string       // of the chat, under which an iPhone says that it is encrypted
	marked map[int]bool // the first lines of entries that have an iPhone's mark of what WhatsApp itself says
}

// calendarProblem says why a line is not understood whose year is of such a calendar.
const calendarProblem = "its year is not in the Gregorian calendar"

// line is a line of the file. Its head is the one with that index, if there is any.
type line struct {
	text string
	body string // what follows its head
	head int    // -1 for none
	odd  bool   // it begins as an entry does, in another shape than the file's
}

// scan cuts the text into lines and finds their heads. The first one sets the shape.
func (p *parser) scan(text string) {
	for raw := range strings.SplitSeq(text, "\n") {
		raw = strings.TrimSuffix(raw, "\r")
		h, body, ok := parseHead(raw)
		if ok && p.shape == noShape {
			p.shape = h.shape
		}
		switch {
		case ok && h.shape == p.shape:
			p.lines = append(p.lines, line{text: raw, body: body, head: len(p.heads)})
			p.heads = append(p.heads, h)
		default:
			p.lines = append(p.lines, line{text: raw, head: -1, odd: ok})
		}
	}
	for n := len(p.lines); n > 0 && p.lines[n-1].head < 0 && strings.TrimSpace(p.lines[n-1].text) == ""; n-- {
		p.lines = p.lines[:n-1] // the line breaks at the end of the file
	}
}

// dateOrder returns the order of the parts of all dates. A part over 12 is a day; if
// both places have such parts, the one that has more of them wins.
func dateOrder(heads []head) (order DateOrder, proved bool) {
	first, second := 0, 0
	for _, h := range heads {
		switch {
		case h.yearFirst:
			return YearFirst, true
		case h.date[0] > 12 && h.date[0] <= 31 && h.date[1] <= 12:
			first++
		case h.date[1] > 12 && h.date[1] <= 31 && h.date[0] <= 12:
			second++
		}
	}
	if second > first {
		return MonthFirst, true
	}
	return DayFirst, first > 0
}

// build makes entries of the lines.
func (p *parser) build() {
	for i, l := range p.lines {
		if l.head < 0 {
			p.addLine(i+1, l)
			continue
		}
		wall, ok := p.heads[l.head].wall(p.chat.Order)
		if !ok {
			reason := "its date does not exist"
			if p.heads[l.head].isOtherCalendar() {
				reason = calendarProblem
				p.otherYears++
			}
			p.skip(i+1, l.text, reason)
			p.addText(i+1, l.text)
			continue
		}
		p.finish()
		p.begin(i+1, wall, l.body)
	}
}

// addLine adds a line that goes on with the entry before.
func (p *parser) addLine(number int, l line) {
	switch {
	case l.odd:
		p.skip(number, l.text, "it is in a different form from the lines before")
	case p.current == nil && strings.Trim(l.text, " \t\uFEFF\u200E") == "":
		return
	case p.current == nil:
		p.skip(number, l.text, "it comes before the first message")
	}
	p.addText(number, l.text)
}

// addText adds a line to the current entry. What stands before the first entry
// becomes one, whose time is set by the entry that follows.
func (p *parser) addText(number int, text string) {
	if p.current == nil {
		p.current = &Entry{Line: number, Kind: UnreadEntry}
	}
	p.texts = append(p.texts, text)
}

func (p *parser) skip(number int, text, reason string) {
	p.chat.NotUnderstood++
	if len(p.chat.FirstUnread) < maxShown {
		p.chat.FirstUnread = append(p.chat.FirstUnread, UnreadLine{number, data.OneLine(clip(text), maxShownText), reason})
	}
}

// clip cuts a text at a length that is more than any line shows.
func clip(text string) string {
	if len(text) > 16*maxShownText {
		text = strings.ToValidUTF8(text[:16*maxShownText], "")
	}
	return data.Clean(text)
}

// begin begins an entry with the rest of its first line.
func (p *parser) begin(number int, wall time.Time, body string) {
	p.current = &Entry{Line: number, Wall: wall}
	author, text, ok := cutAuthor(body)
	if kind := noticeKind(body); !ok || kind == BlockEntry || kind == UnblockEntry {
		// WhatsApp speaks without a name on Android.
		p.current.Kind = kind
		p.texts = append(p.texts, body)
		return
	}
	p.current.Author = author
	if strings.HasPrefix(text, lrm) {
		// On an iPhone it speaks under the chat's name, behind a mark.
		p.marked[number] = true
		if kind := noticeKind(text); kind != NoticeEntry {
			p.current.Kind, p.current.Author = kind, ""
			if kind == StandingEntry {
				p.title = author
			}
		}
	}
	p.texts = append(p.texts, text)
}

// cutAuthor cuts the author's name off the first line of a message. An empty message
// ends with the colon.
func cutAuthor(body string) (author, text string, ok bool) {
	author, text, ok = strings.Cut(body, ": ")
	if !ok {
		author, ok = strings.CutSuffix(strings.TrimRightFunc(body, func(r rune) bool { return isSpace(r) || isMark(r) }), ":")
		text = ""
	}
	author = cleanAuthor(author)
	if author == "" || utf8.RuneCountInString(author) > maxAuthor {
		return "", "", false
	}
	return author, text, ok
}

// cleanAuthor returns a name without the marks around it, and without the tilde that
// stands before a name that the contact chose.
func cleanAuthor(name string) string {
	name = strings.Map(func(r rune) rune {
		if isMark(r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimFunc(name, isSpace)
	if rest, ok := strings.CutPrefix(name, "~"); ok {
		name = rest
	}
	return data.CleanLine(name, maxAuthor+1)
}

// finish ends the current entry.
func (p *parser) finish() {
	if p.current == nil {
		return
	}
	e := *p.current
	text := strings.Join(p.texts, "\n")
	p.texts = p.texts[:0]
	if e.Kind == MessageEntry {
		e.setContent(text, p.chat.Files)
	} else {
		e.Text = cleanText(text)
	}
	p.chat.Entries = append(p.chat.Entries, e)
	if n := len(p.chat.Entries); n == 2 && p.chat.Entries[0].Kind == UnreadEntry {
		p.chat.Entries[0].Wall = e.Wall
	}
}

// wall returns what the clock showed, and false if there is no such day.
func (h head) wall(order DateOrder) (time.Time, bool) {
	day, month, year := h.date[0], h.date[1], h.date[2]
	switch {
	case h.yearFirst:
		year, day = day, year
	case order == MonthFirst:
		day, month = month, day
	}
	switch {
	case year >= 2500: // of the Buddhist calendar, whose days and months are the same
		year -= buddhistYears
	case year < 100 && year+2500-buddhistYears >= 2009:
		year += 2500 - buddhistYears
	case year < 100:
		year += 2000
	}
	// WhatsApp is from 2009.
	if year < 2009 || year > 2100 || month < 1 || month > 12 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, h.hour, h.minute, h.second, 0, time.UTC)
	return t, t.Day() == day && day > 0
}

// buddhistYears is how far the years of Thailand are ahead. Written with two digits, they
// are from 52 on, which are years to come anywhere else.
const buddhistYears = 543

// isOtherCalendar reports whether a year is one of the Persian or the Islamic calendar
// since there is WhatsApp.
func (h head) isOtherCalendar() bool {
	return slices.ContainsFunc(h.date[:], func(n int) bool { return n >= 1387 && n < 1500 })
}

// countAuthors counts the messages of each author.
func (c *Chat) countAuthors() {
	index := map[string]int{}
	for _, e := range c.Entries {
		if e.Kind != MessageEntry {
			continue
		}
		i, ok := index[e.Author]
		if !ok {
			i = len(c.Authors)
			index[e.Author] = i
			c.Authors = append(c.Authors, Author{Name: e.Author})
		}
		c.Authors[i].Messages++
	}
}

// findGroupNotices makes notices of what stands under the name of a group on an iPhone,
// where more than two wrote and all of that has WhatsApp's mark.
func (p *parser) findGroupNotices() {
	c := p.chat
	if len(c.Authors) <= 2 || p.title == "" {
		return
	}
	for _, e := range c.Entries {
		if e.Author == p.title && e.Kind == MessageEntry && (!p.marked[e.Line] || e.Media != "" || e.Deleted) {
			return // it is a member's name
		}
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; e.Author == p.title && e.Kind == MessageEntry {
			e.Kind, e.Author = NoticeEntry, ""
		}
	}
	c.Authors = slices.DeleteFunc(c.Authors, func(a Author) bool { return a.Name == p.title })
}

func (l UnreadLine) String() string { return fmt.Sprintf("line %d: %s: %s", l.Line, l.Reason, l.Text) }
