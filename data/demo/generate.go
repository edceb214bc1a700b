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

// generator is what a large world is generated from.
type generator struct {
	Tags    []string
	Reasons []string
	People  []locale

	business string
	agents   []string
}

// locale is a set of names, phone numbers and sentences that belong together. In a
// sentence # stands for an order number.
type locale struct {
	Language    string
	Prefix      string // of the phone numbers, in a range that is nobody's
	Digits      int    // after the prefix
	Weight      int    // share of the customers, relative to the other locales
	Given       []string
	Family      []string
	FamilyFirst bool
	Closed      bool // no space between the names
	In          []string
	Out         []string
}

const (
	maxChatMessages = 10_000
	numberStep      = 3_819_437 // coprime to 10, so that numbers look random and never repeat
)

func (g generator) validate() error {
	if len(g.Tags) == 0 || len(g.Reasons) == 0 || len(g.People) == 0 {
		return errors.New("the crowd needs tags, reasons and people")
	}
	for i, l := range g.People {
		if len(l.Given) == 0 || len(l.Family) == 0 || len(l.In) == 0 || len(l.Out) == 0 || l.Weight < 1 || l.Digits < 7 {
			return fmt.Errorf("crowd %d: it needs names, sentences, a weight and numbers of 7 digits", i+1)
		}
		phone := l.phone(0)
		if parsed, err := data.ParsePhone(string(phone), ""); err != nil || parsed != phone {
			return fmt.Errorf("crowd %d: %s is no phone number in E.164", i+1, phone)
		}
		for _, line := range slices.Concat(l.Given, l.Family, l.In, l.Out) {
			if line == "" || data.Clean(line) != line {
				return fmt.Errorf("crowd %d: an empty or unclean line", i+1)
			}
		}
	}
	return nil
}

// Generate returns the customers of a world of this size, the same at every call:
// names in many scripts, one in fifty blocked. The first chat is the newest and the
// longest, with up to 10,000 messages. No phone number is that of one of the
// world's own customers.
func (w World) Generate(chats, messages int) iter.Seq[Customer] {
	return func(yield func(Customer) bool) {
		if chats < 1 || messages < 0 {
			return
		}
		locales := w.generator.weighted()
		longest := messages
		if chats > 1 {
			longest = min(maxChatMessages, messages/10)
		}
		for i := range chats {
			size := longest
			if i > 0 {
				size = unevenShare(messages-longest, chats-1, i-1)
			}
			r := rng(hashSeed("crowd", i))
			if !yield(w.generator.generateCustomer(&r, pick(&r, locales), i, size)) {
				return
			}
		}
	}
}

// unevenShare returns the size of the ith of n parts of a whole. The parts are
// uneven, but add up to the whole.
func unevenShare(whole, n, i int) int {
	size := whole / n
	if i < whole%n {
		size++
	}
	if pair := i &^ 1; pair+1 < n && whole/n > 1 { // what one of the pair has more, the other has less
		r := rng(hashSeed("share", pair))
		more := r.intN(whole / n)
		if i != pair {
			more = -more
		}
		size += more
	}
	return size
}

// weighted returns each locale as often as its weight says.
func (g generator) weighted() []*locale {
	var locales []*locale
	for i := range g.People {
		for range g.People[i].Weight {
			locales = append(locales, &g.People[i])
		}
	}
	return locales
}

func (g generator) generateCustomer(r *rng, l *locale, i, size int) Customer {
	customer := Customer{Situation: "crowd", Phone: l.phone(i), Language: l.Language, Business: g.business}
	if !r.oneIn(25) {
		customer.Name = l.pickName(r)
	}
	if r.oneIn(16) {
		customer.Tags = []string{pick(r, g.Tags)}
	}
	last := 1 // the longest chat is the newest
	if i > 0 {
		last += 1 + skewedLow(r, 2*365*24*60)
	}
	if i > 0 && r.oneIn(50) {
		customer.Items = g.generateBlockedChat(r, l, last, size)
		return customer
	}
	customer.Items = g.generateChat(r, l, last, size, 1)
	if size > 0 && r.oneIn(20) {
		newest := &customer.Items[size-1]
		*newest = Item{MinutesAgo: newest.MinutesAgo, Direction: data.In, Kind: data.TextMessage, Text: l.pickLine(r, l.In)}
		customer.Unread = 1
	}
	return customer
}

// generateBlockedChat returns a chat that ends in a block, with up to three held
// messages.
func (g generator) generateBlockedChat(r *rng, l *locale, last, size int) []Item {
	held := min(r.intN(4), max(0, size-1))
	items := g.generateChat(r, l, last+held+1, size-held, held+1)
	blocked := Item{MinutesAgo: last + held + 1, Event: data.BlockedEvent, Actor: pick(r, g.agents), Reason: pick(r, g.Reasons)}
	if r.oneIn(4) {
		blocked.EndsIn = (1 + r.intN(30)) * 24 * 60
	}
	items = append(items, blocked)
	for n := range held {
		items = append(items, Item{
			MinutesAgo: last + held - n, Direction: data.In, Kind: data.TextMessage, Text: l.pickLine(r, l.In), Hold: "held",
		})
	}
	return items
}

// generateChat returns size messages, the last of them last minutes ago, with room
// for more items to be appended.
func (g generator) generateChat(r *rng, l *locale, last, size, more int) []Item {
	items := make([]Item, size, size+more)
	widest := max(1, min(3*24*60, (maxAgeMinutes-last)/max(1, size)))
	ago := last
	for i := size - 1; i >= 0; i-- {
		items[i] = g.generateMessage(r, l, ago, i == 0)
		gap := 1 + r.intN(4)
		if r.oneIn(3) {
			gap = 1 + r.intN(widest)
		}
		ago += min(gap, widest)
	}
	return items
}

func (g generator) generateMessage(r *rng, l *locale, ago int, first bool) Item {
	item := Item{MinutesAgo: ago, Direction: data.In, Kind: data.TextMessage}
	roll := r.intN(100)
	switch {
	case first || roll < 54:
		item.Text = l.pickLine(r, l.In)
	case roll < 96:
		item.Direction, item.Author, item.Tick = data.Out, pick(r, g.agents), "read"
		item.Text = l.pickLine(r, l.Out)
		if r.oneIn(12) {
			item.Tick = "delivered"
		}
	case roll < 98:
		item.Kind, item.File = data.ImageMessage, "IMG_"+fiveDigits(r)+".jpg"
		item.URL = "https://media.wickermoor.example/" + item.File
	case roll < 99:
		item.Kind, item.URL = data.AudioMessage, "https://media.wickermoor.example/"+fiveDigits(r)+".ogg"
	default:
		item.Kind, item.URL = data.StickerMessage, "https://media.wickermoor.example/"+fiveDigits(r)+".webp"
	}
	return item
}

// skewedLow returns a random number below n that is mostly small: the distribution
// of a cube. It is computed in integers, because not every processor rounds
// floating-point numbers alike.
func skewedLow(r *rng, n int) int {
	x := r.intN(1 << 16)
	return (x * x >> 16 * x >> 16) * n >> 16
}

// fiveDigits returns a random number of five digits.
func fiveDigits(r *rng) string { return strconv.Itoa(10_000 + r.intN(90_000)) }

func (l *locale) pickLine(r *rng, from []string) string {
	line := pick(r, from)
	if strings.Contains(line, "#") {
		line = strings.ReplaceAll(line, "#", "WM-"+fiveDigits(r))
	}
	return line
}

func (l *locale) pickName(r *rng) string {
	first, second := pick(r, l.Given), pick(r, l.Family)
	if l.FamilyFirst {
		first, second = second, first
	}
	if l.Closed {
		return first + second
	}
	return first + " " + second
}

// phone returns the ith phone number of the locale.
func (l *locale) phone(i int) data.Phone {
	size := 1
	for range l.Digits {
		size *= 10
	}
	n := strconv.Itoa((i*numberStep + 1_234_567) % size)
	return data.Phone(l.Prefix + strings.Repeat("0", l.Digits-len(n)) + n)
}
