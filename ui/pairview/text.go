package pairview

import (
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// The rows of the table, from top to bottom.
const (
	statusRow = iota
	blockRow
	addressRow
	businessRow
	seenRow
	messageRow
	tagRow
	rowCount
)

var rowLabels = [rowCount]string{"Status", "Block", "Known as", "Wrote to", "Seen", "Messages", "Tags"}

// cells returns what a row says of each customer, and whether that speaks for one
// person. A row that says nothing of either is left out.
func (c comparison) cells(row int, now data.Moment) (texts [2]string, match bool) {
	for i, s := range c.sides {
		texts[i] = c.cell(row, s, now)
	}
	switch row {
	case addressRow:
		match = c.pair.Reason == data.SameKey || c.pair.Reason == data.SameSender || c.pair.Reason == data.NumberMoved
	case messageRow:
		match = c.pair.Reason == data.SameMessage
	case businessRow:
		match = slices.ContainsFunc(c.sides[0].wroteTo(), func(n string) bool { return slices.Contains(c.sides[1].wroteTo(), n) })
	}
	return texts, match
}

func (c comparison) cell(row int, s side, now data.Moment) string {
	switch row {
	case statusRow:
		return statusText(s.customer, now)
	case blockRow:
		return c.blockText(s, now)
	case addressRow:
		return strings.Join(s.customer.Contacts(s.ids, data.Address.Pretty), "\n")
	case businessRow:
		var numbers []string
		for _, n := range s.wroteTo() {
			numbers = append(numbers, prettyBusiness(n))
		}
		return strings.Join(numbers, "\n")
	case seenRow:
		return seenText(s.firstSeen(), s.lastSeen(), now)
	case messageRow:
		return messageText(s)
	case tagRow:
		return data.OneLine(strings.Join(s.customer.Tags, ", "), 200)
	}
	return ""
}

func statusText(c data.Customer, now data.Moment) string {
	if c.Status(now) != data.Blocked {
		return "Active"
	}
	if c.Block.Until == 0 {
		return "Blocked for good"
	}
	return "Blocked until " + c.Block.Until.Time().Format("Mon 2 Jan 15:04")
}

func (c comparison) blockText(s side, now data.Moment) string {
	b := s.customer.Block
	switch {
	case s.customer.Status(now) != data.Blocked:
		return ""
	case s.isBorrowed() && (b.Borrowed == c.pair.First || b.Borrowed == c.pair.Second):
		return "The same block"
	case s.isBorrowed():
		return "The block of another customer who may be the same person"
	}
	var parts []string
	if b.By.Name != "" {
		parts = append(parts, data.OneLine(b.By.Name, data.MaxName))
	}
	parts = append(parts, b.At.Relative(now))
	if b.Reason != "" {
		parts = append(parts, b.Reason)
	}
	text := strings.Join(parts, ", ")
	if b.Note != "" {
		text += "\n" + data.OneLine(b.Note, data.MaxNote)
	}
	return text
}

// prettyBusiness returns a business number as people write it; it is kept as delivered.
func prettyBusiness(number string) string {
	if number != "" && strings.Trim(number, "0123456789") == "" {
		number = "+" + number
	}
	return data.OneLine(data.Address(number).Pretty(), 60)
}

// seenText returns when a customer was first and last heard from; zero stands for what
// is unknown.
func seenText(first, last, now data.Moment) string {
	switch {
	case last == 0 && first == 0:
		return "never wrote"
	case last == 0:
		return "first " + first.Relative(now) + ", never wrote"
	case first == 0:
		return "last " + last.Relative(now)
	}
	return "first " + first.Relative(now) + ", last " + last.Relative(now)
}

// timeText returns when one of the last words was written, and whether it is held: the chat
// does not show it then.
func timeText(m data.Message, now data.Moment) string {
	if m.Hold == data.IsHeld {
		return "Held · " + m.At.Short(now)
	}
	return m.At.Short(now)
}

func messageText(s side) string {
	text := widgets.FormatCount(s.messages)
	if s.more {
		text = "more than " + text
	}
	if s.customer.Held > 0 {
		text += ", and " + widgets.FormatCount(s.customer.Held) + " held"
	}
	return text
}

// lead returns what speaks for one person, and what holds until it is decided.
func (c comparison) lead(now data.Moment) (why, holds string) {
	why = c.pair.Reason.Text() + " Noticed " + c.pair.At.Relative(now) + "."
	if c.sides[0].customer.Status(now) == data.Blocked {
		holds = "The block holds for both until you decide."
	}
	return why, holds
}

// joinText returns what a join does.
func (c comparison) joinText(now data.Moment) string {
	text := "One customer, one chat, all addresses of both. "
	first := c.sides[0].customer
	if first.Status(now) == data.Blocked {
		text += "The block stays "
		if first.Block.Until != 0 {
			text += "until " + first.Block.Until.Time().Format("Mon 2 Jan")
		} else {
			text += "for good"
		}
		text += ", and what is held stays held. "
	}
	return text + "Messages, notes and tags of both are kept. Split undoes it."
}

// apartText returns what it does to keep the two apart; discard says that what is held
// only for the other's sake is discarded.
func (c comparison) apartText(discard bool, now data.Moment) string {
	text := "Two customers. "
	switch borrower, owner := c.borrower(); {
	case c.sides[0].customer.Status(now) != data.Blocked:
	case c.others:
		text += "Each block stays with its customer, and with anyone else who may be the same person. "
	case borrower == nil:
		text += "Each keeps their own block. "
	default:
		text += "The block stays with " + nameOf(owner.customer) + " only. "
		if held := borrower.customer.Held; held > 0 {
			its := "The held message"
			if held > 1 {
				its = "The " + widgets.FormatCount(held) + " held messages"
			}
			if discard {
				text += its + " of " + nameOf(borrower.customer) + " will be discarded. "
			} else {
				text += its + " will appear in the chat of " + nameOf(borrower.customer) + ". "
			}
		}
	}
	return text + "You will not be asked again."
}

// borrower returns the customer whose block is that of the other, and that other one;
// nil where each has a block of their own, or none.
func (c *comparison) borrower() (borrower, owner *side) {
	first, second := &c.sides[0], &c.sides[1]
	switch {
	case first.isBorrowed() && !second.isBorrowed():
		return first, second
	case second.isBorrowed() && !first.isBorrowed():
		return second, first
	}
	return nil, nil
}

// discardable returns how many messages Keep apart shows or discards.
func (c comparison) discardable() int {
	n := 0
	for _, s := range c.sides {
		if s.isBorrowed() {
			n += s.customer.Held
		}
	}
	return n
}

// nameOf returns what a customer is called within a sentence.
func nameOf(c data.Customer) string { return data.OneLine(c.Title(), 60) }

// names returns what both customers are called.
func (c comparison) names() string {
	return nameOf(c.sides[0].customer) + " and " + nameOf(c.sides[1].customer)
}
