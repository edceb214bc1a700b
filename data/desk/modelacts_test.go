package desk_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// story is one random story: the desk and its model side by side.
type story struct {
	t       *rapid.T
	path    string
	moment  data.Moment // of the desk's clock
	store   *store.Store
	desk    *desk.Desk
	model   *model
	written int
	last    *undoable // the last block, change of one, or unblock
}

// undoable is what the model needs to take an act back.
type undoable struct {
	p       *person
	undo    data.Undo
	changed bool // the act changed a block in force
	blocked bool // before the act, as the next three
	until   data.Moment
	note    string
	asked   data.Moment
	letGo   []int // the messages that the act let go of
}

const halfHour = data.Moment(30 * time.Minute / time.Millisecond)

func (s *story) open() {
	var err error
	s.store, err = store.Open(s.t.Context(), s.path, func() time.Time { return s.moment.Time() })
	s.must(err)
	s.desk = desk.New(s.store)
}

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// someone draws a customer who is there.
func (s *story) someone() *person {
	if len(s.model.people) == 0 {
		s.t.Skip("nobody is there")
	}
	return rapid.SampledFrom(s.model.people).Draw(s.t, "who")
}

// seen draws the version that a dialog showed: none, what is, or an old one.
func (s *story) seen(p *person) int64 {
	return rapid.SampledFrom([]int64{0, 0, p.version, p.version - 1}).Draw(s.t, "seen")
}

// receive has one of the people write, from some of the addresses that are theirs. A
// customer who is here already writes from one that is known, among them: whom nothing
// connects with what is known is another, and a pair, later (TestPairs_HoldAndLoseNothing).
func (s *story) receive() {
	writer := rapid.SampledFrom(writers).Draw(s.t, "writer")
	m := s.model
	p := m.person(writer)
	from := data.Sender{
		Name:  rapid.SampledFrom([]string{"", "", "Somebody"}).Draw(s.t, "name"),
		Phone: rapid.SampledFrom(append(writer.phones, "")).Draw(s.t, "phone"),
	}
	if writer.user != "" && rapid.Bool().Draw(s.t, "with the user id") {
		from.UserID = writer.user
	}
	switch {
	case p != nil && !p.knows(from):
		if from.Phone = p.address.Phone(); from.Phone == "" {
			from.UserID = writer.user
		}
	case len(from.Identities()) == 0:
		from.Phone = writer.phones[0]
	}
	remote := rapid.SampledFrom([]string{"a", "b", "c", "", "", "", "", ""}).Draw(s.t, "remote")
	at := s.moment + halfHour*data.Moment(rapid.SampledFrom([]int64{-4, -3, -2, -1, 0, 0, 0, 0, 1, 2, 60}).Draw(s.t, "at"))
	if rapid.Bool().Draw(s.t, "a new id") || remote == "" {
		s.written++
		remote = fmt.Sprint("new ", s.written)
	} else {
		remote += string(writer.phones[0]) // what two send with one id makes them a pair, as above
	}
	text := "from " + string(writer.phones[0]) + ": " + remote

	got, err := s.desk.Receive(s.t.Context(), []data.Incoming{{From: from, Message: data.Message{Kind: data.TextMessage, At: at, Text: text, RemoteID: remote}}})
	s.must(err)

	if m.remote[remote] {
		if !got[0].Duplicate {
			s.t.Fatalf("%+v of what had come", got[0])
		}
		return
	}
	m.remote[remote] = true
	fresh := p == nil
	if fresh {
		p = &person{id: got[0].CustomerID, name: from.Name, version: 1}
		m.people = append(m.people, p)
	}
	m.writesFrom(p, from, fresh)
	m.settle(p)
	if at > m.now+48*halfHour {
		at = m.place(p)
	}
	h := thing{at: at, text: text, preview: text}
	if m.status(p) == data.Blocked {
		h.hold = data.IsHeld
	}
	m.say(p, h)
	if h.hold == data.NotHeld {
		p.show(at, text, 1)
	}
	if p.name == "" && from.Name != "" {
		p.name = from.Name
		p.version++
	}
	if want := (data.Received{CustomerID: p.id, MessageID: int64(m.messages), Held: h.hold == data.IsHeld, NewCustomer: fresh}); got[0] != want {
		s.t.Fatalf("%+v, want %+v", got[0], want)
	}
}

// move has WhatsApp tell that a customer has another of the writer's numbers now.
func (s *story) move() {
	p := s.someone()
	writer := p.writer()
	to := rapid.SampledFrom(writer.phones).Draw(s.t, "to")
	change := data.IdentityChange{From: data.Sender{Phone: p.address.Phone()}, To: data.Sender{Phone: to}, At: s.moment}
	if change.From.Phone == "" {
		change.From.UserID = string(p.address)
	}
	s.must(s.desk.ChangeIdentity(s.t.Context(), change))
	s.model.movesTo(p, change)
}

func (s *story) send() {
	p, m := s.someone(), s.model
	s.written++
	text := fmt.Sprint("answer ", s.written)
	_, err := s.desk.Send(s.t.Context(), asha, p.id, text)
	if m.status(p) == data.Blocked {
		if !errors.Is(err, data.ErrBlocked) {
			s.t.Fatalf("sent to who is blocked: %v", err)
		}
		return
	}
	s.must(err)
	m.settle(p)
	m.say(p, thing{at: m.now, text: text})
	p.messages[len(p.messages)-1].preview = "You: " + text
	p.show(m.now, "You: "+text, 0)
}

func (s *story) block() {
	p, m := s.someone(), s.model
	seen := s.seen(p)
	ask := data.BlockRequest{Version: seen, Note: s.note()}
	if ends := rapid.SampledFrom([]int64{0, 0, 1, 2, 5}).Draw(s.t, "ends in"); ends > 0 {
		ask.Until = s.moment + halfHour*data.Moment(ends)
	}
	out, err := s.desk.Block(s.t.Context(), asha, p.id, ask)
	if s.stale(p, seen, out, err) {
		return
	}
	m.settle(p)
	changed := m.status(p) == data.Active
	if changed {
		p.blocked, p.until, p.note = true, ask.Until, ask.Note
		p.version++
		m.happen(p, m.now, "Customer blocked by Asha")
		s.last = &undoable{p: p, undo: out.Undo}
	} else {
		changed = s.blockAgain(p, ask, out)
	}
	s.outcome(p, out, changed)
}

// blockAgain is a block of who is blocked: it counts where its end is no earlier and
// something differs. It reports whether it does.
func (s *story) blockAgain(p *person, ask data.BlockRequest, out data.Outcome) bool {
	if ask.Until != 0 && (p.until == 0 || ask.Until < p.until) {
		return false
	}
	before := undoable{p: p, undo: out.Undo, changed: true, blocked: true, until: p.until, note: p.note, asked: p.asked}
	later, noted := ask.Until != p.until, ask.Note != "" && ask.Note != p.note
	happen := func(kind data.EventKind, detail data.Detail) {
		s.model.happen(p, s.model.now, data.Event{Kind: kind, Actor: asha, Detail: detail.Canonical()}.Text())
	}
	if later {
		p.until = ask.Until
		happen(data.ExtendedEvent, data.Detail{Until: int64(p.until)})
	}
	if noted {
		p.note = ask.Note
		happen(data.NoteEvent, data.Detail{Note: p.note})
	}
	if later || noted {
		p.version++
		s.last = &before
	}
	return later || noted
}

func (s *story) unblock() {
	p, m := s.someone(), s.model
	seen, discard := s.seen(p), rapid.Bool().Draw(s.t, "discard")
	out, err := s.desk.Unblock(s.t.Context(), bo, p.id, data.UnblockRequest{Version: seen, Discard: discard})
	if s.stale(p, seen, out, err) {
		return
	}
	m.settle(p)
	changed := m.status(p) == data.Blocked
	if changed {
		to := data.Released
		if discard {
			to = data.Discarded
		}
		s.last = &undoable{p: p, undo: out.Undo, blocked: true, until: p.until, note: p.note, asked: p.asked}
		for i, h := range p.messages {
			if h.hold == data.IsHeld {
				s.last.letGo = append(s.last.letGo, i)
			}
		}
		m.lift(p, m.now, "Customer unblocked by Bo", to)
	}
	s.outcome(p, out, changed)
}

// note draws the words that stand with a block.
func (s *story) note() string {
	return rapid.SampledFrom([]string{"", "", "called twice", "two\nlines"}).Draw(s.t, "note")
}

// amend changes of a block in force what is drawn.
func (s *story) amend() {
	p, m := s.someone(), s.model
	seen := s.seen(p)
	ask := data.AmendRequest{Version: seen, Asked: rapid.Bool().Draw(s.t, "asked")}
	switch ends := rapid.SampledFrom([]int64{-1, 0, 1, 2, 5}).Draw(s.t, "ends in"); {
	case ends > 0:
		ask.Until = new(s.moment + halfHour*data.Moment(ends))
	case ends == 0:
		ask.Until = new(data.Moment(0))
	}
	if rapid.Bool().Draw(s.t, "with a note") {
		ask.Note = new(s.note())
	}
	out, err := s.desk.Amend(s.t.Context(), asha, p.id, ask)
	if s.stale(p, seen, out, err) {
		return
	}
	m.settle(p)
	if m.status(p) != data.Blocked {
		s.outcome(p, out, false)
		return
	}
	before := undoable{p: p, undo: out.Undo, changed: true, blocked: true, until: p.until, note: p.note, asked: p.asked}
	changed := false
	happen := func(kind data.EventKind, detail data.Detail) {
		changed = true
		m.happen(p, m.now, data.Event{Kind: kind, Actor: asha, Detail: detail.Canonical()}.Text())
	}
	if ask.Until != nil && *ask.Until != p.until {
		kind := data.ShortenedEvent
		if *ask.Until == 0 || p.until != 0 && *ask.Until > p.until {
			kind = data.ExtendedEvent
		}
		p.until = *ask.Until
		happen(kind, data.Detail{Until: int64(p.until)})
	}
	if ask.Note != nil && *ask.Note != p.note {
		p.note = *ask.Note
		happen(data.NoteEvent, data.Detail{Note: p.note})
	}
	if ask.Asked {
		p.asked = m.now
		happen(data.UnblockRequestedEvent, data.Detail{})
	}
	if changed {
		p.version++
		s.last = &before
	}
	s.outcome(p, out, changed)
}

// undo takes the last act back, to the letter, unless the customer was changed
// since.
func (s *story) undo() {
	u, m := s.last, s.model
	if u == nil {
		s.t.Skip("nothing was done")
	}
	p := u.p
	out, err := s.desk.Undo(s.t.Context(), asha, u.undo)
	if s.stale(p, u.undo.Version, out, err) {
		return
	}
	m.settle(p)
	if u.changed {
		changed := p.blocked // else its end was reached
		if changed {
			p.until, p.note, p.asked = u.until, u.note, u.asked
			p.version++
			m.happen(p, m.now, "Block change undone by Asha")
		}
		s.outcome(p, out, changed)
		return
	}
	if !u.blocked {
		changed := p.blocked // else its end was reached
		if changed {
			m.lift(p, m.now, "Block undone by Asha", data.Released)
		}
		s.outcome(p, out, changed)
		return
	}
	seen := 0
	for _, i := range u.letGo {
		if p.messages[i].cleared {
			continue // since
		}
		if p.messages[i].hold == data.Released {
			seen++
		}
		p.messages[i].hold = data.IsHeld
	}
	p.unread = max(0, p.unread-seen)
	p.place()
	p.blocked, p.until, p.note, p.asked = true, u.until, u.note, u.asked
	p.version++
	m.happen(p, m.now, "Unblock undone by Asha")
	s.outcome(p, out, true)
}

// stale reports whether the act was on an old version, which must have been
// refused.
func (s *story) stale(p *person, seen int64, out data.Outcome, err error) bool {
	s.t.Helper()
	if seen == 0 || seen == p.version {
		s.must(err)
		return false
	}
	if !errors.Is(err, data.ErrChanged) || out.Changed || out.Customer.Version != p.version {
		s.t.Fatalf("on version %d of %d: %+v, %v", seen, p.version, out, err)
	}
	return true
}

func (s *story) outcome(p *person, out data.Outcome, changed bool) {
	s.t.Helper()
	kept, err := s.desk.Customer(s.t.Context(), p.id)
	s.must(err)
	if out.Changed != changed || !reflect.DeepEqual(out.Customer, kept) {
		s.t.Fatalf("changed %v, want %v; told is %+v, kept is %+v", out.Changed, changed, out.Customer, kept)
	}
}

func (s *story) read() {
	p, read := s.someone(), rapid.Bool().Draw(s.t, "read")
	s.must(s.desk.SetRead(s.t.Context(), p.id, read))
	if !p.chat {
		return
	}
	if read {
		p.unread, p.marked = 0, false
	} else if p.unread == 0 {
		p.marked = true
	}
}

func (s *story) rename() {
	p, name := s.someone(), rapid.SampledFrom([]string{"", "Riya", "Ada"}).Draw(s.t, "name")
	s.must(s.desk.Rename(s.t.Context(), asha, p.id, name))
	if p.name != name {
		s.model.settle(p)
		s.model.rename(p, name)
	}
}

func (s *story) clear() {
	p := s.someone()
	cleared, err := s.desk.Clear(s.t.Context(), asha, p.id)
	s.must(err)
	clearedNow := slices.ContainsFunc(p.messages, func(m thing) bool { return m.cleared && m.clearedAt == s.model.now })
	if !clearedNow && rapid.Bool().Draw(s.t, "undo at once") {
		s.must(s.desk.UndoClear(s.t.Context(), asha, cleared.Seq))
		s.model.settle(p)
		p.marked = false
		s.model.happen(p, s.model.now, "Chat cleared by Asha")
		s.model.happen(p, s.model.now, "Chat restored by Asha")
		return
	}
	for i, h := range p.messages {
		if (h.hold == data.NotHeld || h.hold == data.Released) && !h.cleared {
			p.messages[i].cleared, p.messages[i].clearedAt = true, s.model.now
		}
	}
	p.unread, p.marked = 0, false
	s.model.settle(p)
	s.model.happen(p, s.model.now, "Chat cleared by Asha")
}

func (s *story) expire() {
	n, err := s.desk.Expire(s.t.Context())
	s.must(err)
	// Of several, who was due first is written first, and then who is older here.
	due := slices.Clone(s.model.people)
	slices.SortStableFunc(due, func(a, b *person) int { return int(a.until - b.until) })
	for _, p := range due {
		before := p.version
		s.model.settle(p)
		n -= int(p.version - before)
	}
	if n != 0 {
		s.t.Fatalf("%d blocks too many ended", n)
	}
}

func (s *story) moveClock() {
	s.moment += halfHour * data.Moment(rapid.SampledFrom([]int64{-6, -1, 1, 1, 1, 2, 3, 10}).Draw(s.t, "half hours"))
	s.model.now = s.moment
}

func (s *story) restart() {
	s.must(s.store.Close())
	s.open()
}
