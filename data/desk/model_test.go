package desk_test

import (
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// The model is what the desk should do, said as simply as it can be: a few
// customers in memory, and for each the things that happened. After every step
// of a random story all that can be asked of the desk is compared with it.

// thing is a message or an event of the model.
type thing struct {
	at      data.Moment
	id      int // messages and events are numbered each for themselves
	event   bool
	text    string
	preview string
	hold    data.HoldState
	cleared bool
	// clearedAt is when it was cleared.
	clearedAt data.Moment
	came      data.Moment // when it came in
}

func (h thing) key() data.ItemKey {
	return data.ItemKey{At: h.at, Event: h.event, ID: int64(h.id)}
}

type person struct {
	id       int64
	address  data.Address   // that is written to
	ids      []data.Address // all, in the order in which they became known
	name     string
	version  int64
	blocked  bool
	until    data.Moment
	note     string
	asked    data.Moment
	messages []thing
	events   []thing
	chat     bool // it has a row in the list, which says what follows
	lastAt   data.Moment
	shownAt  data.Moment
	preview  string
	unread   int
	marked   bool
}

type model struct {
	now              data.Moment
	people           []*person
	remote           map[string]bool // the ids that came
	messages, events int
}

// writer is somebody outside, and the addresses that are theirs. The first two numbers
// are spellings of one line where the numbering plan has two.
type writer struct {
	phones []data.Phone
	user   string
}

var writers = []writer{
	{phones: []data.Phone{riya, "+919137979402"}, user: "IN.13491208655302741918"},
	{phones: []data.Phone{ada}},
	{phones: []data.Phone{"+5215512345678", "+525512345678"}, user: "MX.13491208655302741919"},
	{phones: []data.Phone{"+553188887777", "+5531988887777"}},
	{phones: []data.Phone{"+5531932345678"}}, // a mobile of Brazil that looks like
	{phones: []data.Phone{"+553132345678"}},  // a landline with a 9
}

// owns reports whether an address is the writer's.
func (w writer) owns(a data.Address) bool {
	return a == data.Address(w.user) || slices.Contains(w.phones, a.Phone())
}

// person returns the customer whom a writer is here; nil for none.
func (m *model) person(w writer) *person {
	for _, p := range m.people {
		if w.owns(p.address) {
			return p
		}
	}
	return nil
}

// writer returns who the customer is outside.
func (p *person) writer() writer {
	return writers[slices.IndexFunc(writers, func(w writer) bool { return w.owns(p.address) })]
}

// knows reports whether any address of a sender is the customer's, in whatever spelling.
func (p *person) knows(s data.Sender) bool {
	return slices.ContainsFunc(s.Identities(), func(i data.Identity) bool {
		return slices.ContainsFunc(p.ids, func(known data.Address) bool { return data.MatchKey(known) == i.Key() })
	})
}

// writesFrom files the addresses of a sender. The first is the one that is written to,
// unless it is no number and the customer has one.
func (m *model) writesFrom(p *person, s data.Sender, fresh bool) {
	for _, i := range s.Identities() {
		if slices.Contains(p.ids, i.Address) {
			continue
		}
		p.ids = append(p.ids, i.Address)
		if !fresh {
			m.note(p, "Also writes from "+i.Address.Pretty())
		}
	}
	first := s.Identities()[0].Address
	if fresh {
		p.address = first
	}
	if first != p.address && (first.Phone() != "" || p.address.Phone() == "") {
		p.address = first // and nobody has to look again
	}
}

// movesTo files the number that a customer has now in the place of another.
func (m *model) movesTo(p *person, change data.IdentityChange) {
	to := data.Address(change.To.Phone)
	if to == p.address {
		return
	}
	text := "Also writes from " + to.Pretty()
	if change.From.Phone != "" {
		text = "Writes from " + to.Pretty() + " instead of " + change.From.Phone.Pretty()
	}
	if !slices.Contains(p.ids, to) {
		p.ids = append(p.ids, to)
	}
	p.address = to
	m.note(p, text)
}

// status is blocked until the end is reached.
func (m *model) status(p *person) data.Status {
	if p.blocked && (p.until == 0 || m.now < p.until) {
		return data.Blocked
	}
	return data.Active
}

// show puts a message into the row of the chat.
func (p *person) show(at data.Moment, preview string, unread int) {
	if !p.chat {
		p.chat, p.shownAt = true, at
	}
	if at >= p.shownAt {
		p.preview, p.shownAt = preview, at
	}
	p.place()
	p.unread += unread
}

func (m *model) say(p *person, h thing) {
	m.messages++
	h.id, h.came = m.messages, m.now
	p.messages = append(p.messages, h)
}

// note appends an event that the chat's row does not tell of.
func (m *model) note(p *person, text string) {
	m.events++
	p.events = append(p.events, thing{at: m.now, id: m.events, event: true, text: text})
}

func (m *model) happen(p *person, at data.Moment, text string) {
	m.events++
	p.events = append(p.events, thing{at: at, id: m.events, event: true, text: text})
	if p.chat {
		p.preview, p.shownAt = text, at
	}
}

// place puts the chat where the newest message puts it that is or was in it.
func (p *person) place() {
	p.lastAt = 0
	for _, h := range p.messages {
		if h.hold == data.NotHeld || h.hold == data.Released {
			p.lastAt = max(p.lastAt, h.at)
		}
	}
}

func (p *person) held() (held []thing) {
	for _, h := range p.messages {
		if h.hold == data.IsHeld {
			held = append(held, h)
		}
	}
	return sorted(held)
}

func (p *person) shown() (shown []thing) {
	for _, h := range p.messages {
		if !h.cleared && (h.hold == data.NotHeld || h.hold == data.Released) {
			shown = append(shown, h)
		}
	}
	return sorted(shown)
}

func sorted(things []thing) []thing {
	slices.SortFunc(things, func(a, b thing) int {
		if a.key().Less(b.key()) {
			return -1
		}
		return 1
	})
	return things
}

// lift takes the block away and lets go of what was held.
func (m *model) lift(p *person, at data.Moment, text string, to data.HoldState) {
	p.blocked, p.until, p.note, p.asked = false, 0, "", 0
	p.version++
	m.happen(p, at, text)
	n := 0
	for i := range p.messages {
		if p.messages[i].hold == data.IsHeld {
			p.messages[i].hold = to
			n++
		}
	}
	if n > 0 && to == data.Released {
		shown := p.shown()
		newest := shown[len(shown)-1]
		p.show(newest.at, newest.preview, n)
	}
}

// settle ends a block whose end is reached.
func (m *model) settle(p *person) {
	if p.blocked && m.status(p) == data.Active {
		m.lift(p, p.until, "Block ended", data.Released)
	}
}

// rename returns a name that is another one.
func (m *model) rename(p *person, name string) {
	text := "Renamed from " + p.name + " to " + name
	switch {
	case p.name == "":
		text = "Named " + name
	case name == "":
		text = "Name " + p.name + " removed"
	}
	p.name = name
	p.version++
	m.happen(p, m.now, text+" by Asha")
}

// place is when a message was written that says nothing that can be: it follows the newest
// one of its chat as it came in after it, if that is within a minute.
func (m *model) place(p *person) data.Moment {
	var last *thing
	for _, hold := range []data.HoldState{data.NotHeld, data.IsHeld} {
		var newest *thing
		for i := range p.messages {
			h := &p.messages[i]
			if held := h.hold == data.IsHeld; h.cleared || h.hold == data.Discarded || held != (hold == data.IsHeld) {
				continue
			}
			if newest == nil || newest.key().Less(h.key()) {
				newest = h
			}
		}
		if newest != nil && (last == nil || last.id < newest.id) {
			last = newest
		}
	}
	if last == nil || m.now < last.came || m.now-last.came > 60_000 {
		return m.now
	}
	return min(m.now, last.at+m.now-last.came)
}
