package data_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// chainOf returns a sound history of n events.
func chainOf(n int) []data.Event {
	events := make([]data.Event, n)
	var prev []byte
	for i := range events {
		events[i] = data.Event{
			Seq: int64(i + 1), At: data.Moment(i), Kind: data.ClosedEvent, Phone: "+46701234567",
			Actor: data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}, Detail: "{}", Prev: prev,
		}
		events[i].Hash = events[i].Sum()
		prev = events[i].Hash
	}
	return events
}

// proved adds events to a chain and returns it.
func proved(events ...data.Event) *data.Chain {
	var c data.Chain
	for _, e := range events {
		c.Add(e)
	}
	return &c
}

func TestChain_FindsNothingInASoundHistory(t *testing.T) {
	for _, n := range []int{0, 1, 5} {
		events := chainOf(n)
		var c data.Chain
		for _, e := range events {
			c.AddKept(e, true)
		}
		var hash []byte
		if n > 0 {
			hash = events[n-1].Hash
		}
		c.End(data.Head{Count: int64(n), Hash: hash})
		if head := c.Sound(); c.Flaw() != nil || head.Count != int64(n) || string(head.Hash) != string(hash) {
			t.Errorf("%d events: %+v, %v", n, head, c.Flaw())
		}
	}
}

func TestChain_NamesTheFirstFlaw(t *testing.T) {
	e := chainOf(9)
	changed := e[4]
	changed.Actor.Name = "Eve"
	sealed := changed // with a hash of its own
	sealed.Hash = sealed.Sum()
	renumbered := func(e data.Event, seq int64) data.Event { e.Seq = seq; return e }
	broken := e[1]
	broken.Detail = "{\n}"
	follows := e[0]
	follows.Prev = []byte{1}
	follows.Hash = follows.Sum()
	for name, c := range map[string]struct {
		events []data.Event
		seq    int64
		sound  int64
		text   string
	}{
		"twice":               {[]data.Event{e[0], e[1], e[1]}, 3, 2, "event 2 stands there twice"},
		"an earlier one":      {[]data.Event{e[0], e[1], e[0]}, 3, 2, "a row numbered 1 stands where event 3 belongs: it was inserted or moved"},
		"another of a number": {[]data.Event{e[0], e[1], renumbered(e[0], 2)}, 3, 2, "a row numbered 2 stands where event 3 belongs: it was inserted or moved"},
		"number zero":         {[]data.Event{{}}, 1, 0, "a row numbered 0 stands where event 1 belongs: it was inserted or moved"},
		"one missing":         {[]data.Event{e[0], e[2]}, 2, 1, "event 2 is missing: event 3 stands in its place"},
		"two missing":         {[]data.Event{e[0], e[3]}, 2, 1, "events 2 to 3 are missing: event 4 stands in their place"},
		"many missing":        {[]data.Event{e[8]}, 1, 0, "events 1 to 8 are missing: event 9 stands in their place"},
		"a line break":        {[]data.Event{e[0], broken}, 2, 1, "event 2 holds what no event can hold: it was changed"},
		"changed":             {[]data.Event{e[0], e[1], e[2], e[3], changed}, 5, 4, "event 5 was changed after it was written"},
		"changed with a hash": {[]data.Event{e[0], e[1], e[2], e[3], sealed, e[5]}, 6, 5, "event 6 does not follow from event 5: one of the two was changed or exchanged, hash and all"},
		"moved":               {[]data.Event{e[0], renumbered(e[6], 2)}, 2, 1, "the event that was written as number 7 stands where event 2 belongs: they were put into another order"},
		"begins in between":   {[]data.Event{follows}, 1, 0, "event 1 follows from another one: what came before it was removed"},
		"the first of two":    {[]data.Event{e[0], e[2], changed}, 2, 1, "event 2 is missing: event 3 stands in its place"},
	} {
		chain := proved(c.events...)
		if flaw := chain.Flaw(); flaw == nil || flaw.Seq != c.seq || flaw.Error() != c.text || chain.Sound().Count != c.sound {
			t.Errorf("%s: %+v, sound is %d", name, flaw, chain.Sound().Count)
		}
	}
}

// From where an event was moved is looked for a thousand numbers around.
func TestChain_LooksAThousandAroundForAMovedEvent(t *testing.T) {
	e := chainOf(1003)
	at := func(seq, from int64) string { // what is said where the event of one number stands in the place of another
		moved := e[from-1]
		moved.Seq = seq
		if flaw := proved(append(e[:seq-1:seq-1], moved)...).Flaw(); flaw != nil {
			return flaw.Text
		}
		return ""
	}
	for _, c := range []struct {
		seq, from int64
		found     bool
	}{{1, 1000, true}, {1, 1001, false}, {1001, 1, true}, {1002, 1, false}, {1003, 3, true}} {
		if got := at(c.seq, c.from); strings.Contains(got, "that was written as number") != c.found || got == "" {
			t.Errorf("event %d in the place of %d: %s", c.from, c.seq, got)
		}
	}
}

func TestChain_EndsWithTheHead(t *testing.T) {
	e := chainOf(5)
	for name, c := range map[string]struct {
		kept data.Head
		seq  int64
		text string
	}{
		"one cut off":   {data.Head{Count: 6, Hash: e[4].Hash}, 6, "event 6, the last, is missing: the end was cut off"},
		"two cut off":   {data.Head{Count: 7, Hash: e[4].Hash}, 6, "events 6 to 7 are missing: the end was cut off"},
		"one too many":  {data.Head{Count: 4, Hash: e[3].Hash}, 5, "event 5 comes after the end: 4 were written down in all"},
		"another event": {data.Head{Count: 5, Hash: e[3].Hash}, 5, "event 5 is not the one that was written down last: it was exchanged, or the head was changed"},
	} {
		chain := proved(e...)
		chain.End(c.kept)
		if flaw := chain.Flaw(); flaw == nil || flaw.Seq != c.seq || flaw.Text != c.text {
			t.Errorf("%s: %+v", name, flaw)
		}
	}
	chain := proved(e[1])
	chain.End(data.Head{Count: 1, Hash: e[1].Hash})
	if flaw := chain.Flaw(); flaw == nil || flaw.Text != "event 1 is missing: event 2 stands in its place" {
		t.Errorf("the first flaw does not stay: %+v", flaw)
	}
}

func TestChain_KnowsUnderWhomAnEventIsFiled(t *testing.T) {
	e := chainOf(2)
	var c data.Chain
	c.AddKept(e[0], true)
	c.AddKept(e[1], false)
	if flaw := c.Flaw(); flaw == nil || flaw.Seq != 2 || flaw.Text != "event 2 is filed under another customer than the one it happened to" {
		t.Errorf("%+v", flaw)
	}
	c = data.Chain{}
	c.AddKept(e[1], false)
	if flaw := c.Flaw(); flaw == nil || flaw.Text != "event 1 is missing: event 2 stands in its place" {
		t.Errorf("the first flaw does not stay: %+v", flaw)
	}
}

func TestEvent_CheckBoundsItsTexts(t *testing.T) {
	e := data.Event{Kind: "k", Phone: "p", Actor: data.Actor{Kind: "a", Name: "n", Channel: "c"}}
	e.Detail = strings.Repeat("x", data.MaxEventBytes-5)
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	e.Phone += "q"
	if err := e.Check(); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("a byte too many: %v", err)
	}
	for _, text := range []string{"\n", "\r", "\xff"} {
		if err := (data.Event{Detail: text}).Check(); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
