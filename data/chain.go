package data

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxEventBytes bounds the texts of one event together.
const MaxEventBytes = 1 << 18

// Head is the end of the chain of events: how many there are, and the hash of
// the last, empty where there is none. Who noted it elsewhere can prove later
// that nothing before it was rewritten.
type Head struct {
	Count int64
	Hash  []byte
}

// Flaw is the first thing found wrong with a history.
type Flaw struct {
	Seq  int64  // the event that it was found at
	Text string // what is wrong, within a sentence
}

func (f *Flaw) Error() string { return f.Text }

func flawed(seq int64, format string, args ...any) *Flaw {
	return &Flaw{Seq: seq, Text: fmt.Sprintf(format, args...)}
}

// Check tells why an event cannot stand in a chain: a line break within a field
// would give the text that is hashed a second reading.
func (e Event) Check() error {
	size := 0
	for _, text := range []string{string(e.Kind), string(e.Phone), string(e.Actor.Kind), e.Actor.Name, string(e.Actor.Channel), e.Detail} {
		if size += len(text); !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r") {
			return fmt.Errorf("%w: an event holds lines of plain text", ErrInvalid)
		}
	}
	if size > MaxEventBytes {
		return fmt.Errorf("%w: an event holds %d bytes at most", ErrInvalid, MaxEventBytes)
	}
	return nil
}

// Chain proves a history event by event, oldest first. Its zero value stands
// before the first.
type Chain struct {
	head Head // of what was found sound
	flaw *Flaw
}

// Sound is the head of what was found sound so far.
func (c *Chain) Sound() Head { return c.head }

// Flaw is the first thing found wrong, nil for nothing.
func (c *Chain) Flaw() *Flaw { return c.flaw }

// Add proves the next event. After the first flaw nothing is looked at any more.
func (c *Chain) Add(e Event) {
	if c.flaw != nil {
		return
	}
	if c.flaw = c.judge(e); c.flaw == nil {
		c.head = Head{Count: e.Seq, Hash: e.Hash}
	}
}

// AddKept proves the next event as a database keeps it: under a customer, under whom
// the address of the event was filed at some time. The row that links them is no
// part of the hash.
func (c *Chain) AddKept(e Event, filed bool) {
	c.Add(e)
	if c.flaw == nil && !filed {
		c.flaw = flawed(e.Seq, "event %d is filed under another customer than the one it happened to", e.Seq)
	}
}

// End proves that nothing is missing or left over where the history ends,
// against the head that was kept beside it.
func (c *Chain) End(kept Head) {
	there := c.head.Count
	switch {
	case c.flaw != nil:
	case kept.Count == there+1:
		c.flaw = flawed(kept.Count, "event %d, the last, is missing: the end was cut off", kept.Count)
	case kept.Count > there:
		c.flaw = flawed(there+1, "events %d to %d are missing: the end was cut off", there+1, kept.Count)
	case kept.Count < there:
		c.flaw = flawed(kept.Count+1, "event %d comes after the end: %d were written down in all", kept.Count+1, kept.Count)
	case !bytes.Equal(kept.Hash, c.head.Hash):
		c.flaw = flawed(there, "event %d is not the one that was written down last: it was exchanged, or the head was changed", there)
	}
}

func (c *Chain) judge(e Event) *Flaw {
	last, want := c.head.Count, c.head.Count+1
	switch {
	case e.Seq == last && e.Seq > 0 && bytes.Equal(e.Hash, c.head.Hash):
		return flawed(want, "event %d stands there twice", e.Seq)
	case e.Seq < want:
		return flawed(want, "a row numbered %d stands where event %d belongs: it was inserted or moved", e.Seq, want)
	case e.Seq > want+1:
		return flawed(want, "events %d to %d are missing: event %d stands in their place", want, e.Seq-1, e.Seq)
	case e.Seq > want:
		return flawed(want, "event %d is missing: event %d stands in its place", want, e.Seq)
	case e.Check() != nil:
		return flawed(want, "event %d holds what no event can hold: it was changed", want)
	case !bytes.Equal(e.Hash, e.Sum()):
		if was := writtenAs(e); was != 0 {
			return flawed(want, "the event that was written as number %d stands where event %d belongs: they were put into another order", was, want)
		}
		return flawed(want, "event %d was changed after it was written", want)
	case !bytes.Equal(e.Prev, c.head.Hash) && want == 1:
		return flawed(want, "event 1 follows from another one: what came before it was removed")
	case !bytes.Equal(e.Prev, c.head.Hash):
		return flawed(want, "event %d does not follow from event %d: one of the two was changed or exchanged, hash and all", want, last)
	}
	return nil
}

// farMove is how far it is looked for the place from which an event was moved:
// it only makes the sentence clearer, so it must cost nothing.
const farMove = 1000

// writtenAs finds the number under which the hash of a moved event is right, or
// zero.
func writtenAs(e Event) int64 {
	for seq, end := max(1, e.Seq-farMove), e.Seq+farMove; seq < end; seq++ {
		e.Seq = seq
		if bytes.Equal(e.Hash, e.Sum()) {
			return seq
		}
	}
	return 0
}
