package demo

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// generator holds what a large world is generated from.
type generator struct {
	Tags    []string
	Reasons []string
	People  []locale

	business string
	agents   []string
}

// locale holds names, numbers and sentences that belong together. In a sentence
// # is an order's number.
type locale struct {
	Language    string
	Prefix      string // of their phone numbers, in a range nobody has
	Digits      int    // after the prefix
	Weight      int
	Given       []string
	Family      []string
	FamilyFirst bool
	Closed      bool // the names are written without a space
	In          []string
	Out         []string
}

const (
	maxChatMessages = 10_000    // messages
	numberStep      = 3_819_437 // prime to ten, so that numbers look drawn and never meet
)

func (c generator) validate() error {
	if len(c.Tags) == 0 || len(c.Reasons) == 0 || len(c.People) == 0 {
		return errors.New("the crowd needs tags, reasons and people")
	}
	for i, p := range c.People {
		if len(p.Given) == 0 || len(p.Family) == 0 || len(p.In) == 0 || len(p.Out) == 0 || p.Weight < 1 || p.Digits < 7 {
			return fmt.Errorf("crowd %d: it needs names, sentences, a weight and numbers of 7 digits", i+1)
		}
		phone := p.phone(0)
		if parsed, err := data.ParsePhone(string(phone), ""); err != nil || parsed != phone {
			return fmt.Errorf("crowd %d: %s is no phone number in E.164", i+1, phone)
		}
		for _, line := range slices.Concat(p.Given, p.Family, p.In, p.Out) {
			if line == "" || data.Clean(line) != line {
				return fmt.Errorf("crowd %d: an empty or unclean line", i+1)
			}
		}
	}
	return nil
}

// Generate returns a world of this size, one customer at a time and the same every
// time: names in many scripts, one in fifty blocked, and a first chat of up to
// 10,000 messages, which is the newest. None of its numbers is one of the world's own customers.
func (w World) Generate(chats, messages int) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		if chats < 1 || messages < 0 {
			return
		}
		draw := w.generator.weighted()
		longest := messages
		if chats > 1 {
			longest = min(maxChatMessages, messages/10)
		}
		for i := range chats {
			size := longest
			if i > 0 {
				size = unevenShare(messages-longest, chats-1, i-1)
			}
			d := rng(hashSeed("crowd", i))
			if !yield(w.generator.generateCustomer(&d, pick(&d, draw), i, size)) {
				return
			}
		}
	}
}

// unevenShare returns the ith of n parts of a whole: uneven, but together the whole.
func unevenShare(whole, n, i int) int {
	size := whole / n
	if i < whole%n {
		size++
	}
	if pair := i &^ 1; pair+1 < n && whole/n > 1 { // what one has more, the other has less
		d := rng(hashSeed("share", pair))
		more := d.intN(whole / n)
		if i != pair {
			more = -more
		}
		size += more
	}
	return size
}

// weighted returns the people as often as they weigh.
func (c generator) weighted() []*locale {
	var draw []*locale
	for i := range c.People {
		for range c.People[i].Weight {
			draw = append(draw, &c.People[i])
		}
	}
	return draw
}

func (c generator) generateCustomer(d *rng, p *locale, i, size int) Customer {
	who := Customer{Situation: "crowd", Phone: p.phone(i), Language: p.Language, Business: c.business}
	if !d.oneIn(25) {
		who.Name = p.pickName(d)
	}
	if d.oneIn(16) {
		who.Tags = []string{pick(d, c.Tags)}
	}
	last := 1 // the longest chat is the newest
	if i > 0 {
		last += 1 + skewedLow(d, 2*365*24*60)
	}
	if i > 0 && d.oneIn(50) {
		who.Items = c.generateBlockedChat(d, p, last, size)
		return who
	}
	who.Items = c.generateChat(d, p, last, size, 1)
	if size > 0 && d.oneIn(20) {
		newest := &who.Items[size-1]
		*newest = Item{MinutesAgo: newest.MinutesAgo, Direction: data.In, Kind: data.TextMessage, Text: p.pickLine(d, p.In)}
		who.Unread = 1
	}
	return who
}

// generateBlockedChat is a chat that ends in a block, with up to three messages held.
func (c generator) generateBlockedChat(d *rng, p *locale, last, size int) []Item {
	held := min(d.intN(4), max(0, size-1))
	items := c.generateChat(d, p, last+held+1, size-held, held+1)
	blocked := Item{MinutesAgo: last + held + 1, Event: data.BlockedEvent, Actor: pick(d, c.agents), Reason: pick(d, c.Reasons)}
	if d.oneIn(4) {
		blocked.EndsIn = (1 + d.intN(30)) * 24 * 60
	}
	items = append(items, blocked)
	for n := range held {
		items = append(items, Item{
			MinutesAgo: last + held - n, Direction: data.In, Kind: data.TextMessage, Text: p.pickLine(d, p.In), Hold: "held",
		})
	}
	return items
}

// generateChat is so many messages, the last of them so many minutes ago, with room
// for more to be appended.
func (c generator) generateChat(d *rng, p *locale, last, size, more int) []Item {
	items := make([]Item, size, size+more)
	widest := max(1, min(3*24*60, (maxAgeMinutes-last)/max(1, size)))
	ago := last
	for i := size - 1; i >= 0; i-- {
		items[i] = c.generateMessage(d, p, ago, i == 0)
		gap := 1 + d.intN(4)
		if d.oneIn(3) {
			gap = 1 + d.intN(widest)
		}
		ago += min(gap, widest)
	}
	return items
}

func (c generator) generateMessage(d *rng, p *locale, ago int, first bool) Item {
	item := Item{MinutesAgo: ago, Direction: data.In, Kind: data.TextMessage}
	what := d.intN(100)
	switch {
	case first || what < 54:
		item.Text = p.pickLine(d, p.In)
	case what < 96:
		item.Direction, item.Author, item.Tick = data.Out, pick(d, c.agents), "read"
		item.Text = p.pickLine(d, p.Out)
		if d.oneIn(12) {
			item.Tick = "delivered"
		}
	case what < 98:
		item.Kind, item.File = data.ImageMessage, "IMG_"+fiveDigits(d)+".jpg"
		item.URL = "https://media.wickermoor.example/" + item.File
	case what < 99:
		item.Kind, item.URL = data.AudioMessage, "https://media.wickermoor.example/"+fiveDigits(d)+".ogg"
	default:
		item.Kind, item.URL = data.StickerMessage, "https://media.wickermoor.example/"+fiveDigits(d)+".webp"
	}
	return item
}

// skewedLow draws a number below n, and mostly a small one: the cube of a die. It
// has no fractions, which not every processor rounds alike.
func skewedLow(d *rng, n int) int {
	r := d.intN(1 << 16)
	return (r * r >> 16 * r >> 16) * n >> 16
}

// fiveDigits draws a number of five digits.
func fiveDigits(d *rng) string { return strconv.Itoa(10_000 + d.intN(90_000)) }

func (p *locale) pickLine(d *rng, from []string) string {
	line := pick(d, from)
	if strings.Contains(line, "#") {
		line = strings.ReplaceAll(line, "#", "WM-"+fiveDigits(d))
	}
	return line
}

func (p *locale) pickName(d *rng) string {
	first, second := pick(d, p.Given), pick(d, p.Family)
	if p.FamilyFirst {
		first, second = second, first
	}
	if p.Closed {
		return first + second
	}
	return first + " " + second
}

// phone returns the ith number of the people.
func (p *locale) phone(i int) data.Phone {
	size := 1
	for range p.Digits {
		size *= 10
	}
	n := strconv.Itoa((i*numberStep + 1_234_567) % size)
	return data.Phone(p.Prefix + strings.Repeat("0", p.Digits-len(n)) + n)
}
