package desk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
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
	came    data.Moment // when it came in
}

func (h thing) key() data.ItemKey {
	return data.ItemKey{At: h.at, Event: h.event, ID: int64(h.id)}
}

type person struct {
	id       int64
	phone    data.Phone
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

func (m *model) person(phone data.Phone) *person {
	for _, p := range m.people {
		if p.phone == phone {
			return p
		}
	}
	return nil
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
		p.chat, p.lastAt = true, at
	}
	if at >= p.lastAt {
		p.preview, p.lastAt = preview, at
	}
	p.unread += unread
}

func (m *model) say(p *person, h thing) {
	m.messages++
	h.id, h.came = m.messages, m.now
	p.messages = append(p.messages, h)
}

func (m *model) happen(p *person, at data.Moment, text string) {
	m.events++
	p.events = append(p.events, thing{at: at, id: m.events, event: true, text: text})
	if p.chat {
		p.preview, p.lastAt = text, max(p.lastAt, at)
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

func (s *story) receive() {
	phone := rapid.SampledFrom([]data.Phone{riya, ada, "+46701234567"}).Draw(s.t, "phone")
	name := rapid.SampledFrom([]string{"", "", "Somebody"}).Draw(s.t, "name")
	remote := rapid.SampledFrom([]string{"a", "b", "c", "", "", "", "", ""}).Draw(s.t, "remote")
	at := s.moment + halfHour*data.Moment(rapid.SampledFrom([]int64{-4, -3, -2, -1, 0, 0, 0, 0, 1, 2, 60}).Draw(s.t, "at"))
	if rapid.Bool().Draw(s.t, "a new id") || remote == "" {
		s.written++
		remote = fmt.Sprint("new ", s.written)
	} else {
		remote += string(phone) // what two send with one id makes them a pair: TestPairs_HoldAndLoseNothing
	}
	text := "from " + string(phone) + ": " + remote

	got, err := s.desk.Receive(s.t.Context(), []data.Incoming{{From: data.Sender{Phone: phone, Name: name}, Message: data.Message{Kind: data.TextMessage, At: at, Text: text, RemoteID: remote}}})
	s.must(err)

	m := s.model
	if m.remote[remote] {
		if !got[0].Duplicate {
			s.t.Fatalf("%+v of what had come", got[0])
		}
		return
	}
	m.remote[remote] = true
	p := m.person(phone)
	fresh := p == nil
	if fresh {
		p = &person{id: got[0].CustomerID, phone: phone, name: name, version: 1}
		m.people = append(m.people, p)
	}
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
	if p.name == "" && name != "" {
		p.name = name
		p.version++
	}
	if want := (data.Received{CustomerID: p.id, MessageID: int64(m.messages), Held: h.hold == data.IsHeld, NewCustomer: fresh}); got[0] != want {
		s.t.Fatalf("%+v, want %+v", got[0], want)
	}
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
	}
	s.outcome(p, out, changed)
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
	s.must(s.desk.Clear(s.t.Context(), asha, p.id))
	for i, h := range p.messages {
		if h.hold == data.NotHeld || h.hold == data.Released {
			p.messages[i].cleared = true
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

// compare asks the desk for all there is to ask.
func (s *story) compare() {
	ctx, m := s.t.Context(), s.model
	want := map[data.List][]data.ChatKey{}
	for _, p := range m.people {
		c, err := s.desk.Customer(ctx, p.id)
		s.must(err)
		if got := c.Status(s.desk.Now()); got != m.status(p) {
			s.t.Fatalf("%s is %s, want %s", p.phone, got, m.status(p))
		}
		if c.Name != p.name || c.Version != p.version || c.Held != len(p.held()) || (c.Block != nil) != p.blocked {
			s.t.Fatalf("%+v, want %+v with %d held", c, p, len(p.held()))
		}
		if b := c.Block; b != nil && (b.Until != p.until || b.Note != p.note || b.UnblockRequestedAt != p.asked) {
			s.t.Fatalf("%s has the block %+v, want %+v", p.phone, *b, p)
		}
		page, err := s.desk.Timeline(ctx, p.id, data.Span{Limit: 1000})
		s.must(err)
		s.same("the timeline of "+string(p.phone), texts(page), sorted(append(p.shown(), p.events...)))
		held, err := s.desk.Held(ctx, p.id, 1000)
		s.must(err)
		var heldTexts []string
		for _, h := range held {
			heldTexts = append(heldTexts, h.Text)
		}
		s.same("what is held of "+string(p.phone), heldTexts, p.held())
		events, err := s.desk.Events(ctx, p.id)
		if err != nil || len(events) != len(p.events) {
			s.t.Fatalf("%d events, want %d; %v", len(events), len(p.events), err)
		}
		s.row(p)
		if !p.chat {
			continue
		}
		key := data.ChatKey{ID: p.id, LastAt: p.lastAt}
		want[data.AllChats] = append(want[data.AllChats], key)
		if p.unread > 0 || p.marked {
			want[data.UnreadChats] = append(want[data.UnreadChats], key)
		}
		if m.status(p) == data.Blocked {
			want[data.BlockedChats] = append(want[data.BlockedChats], key)
		}
	}
	for _, list := range []data.List{data.AllChats, data.UnreadChats, data.BlockedChats} {
		slices.SortFunc(want[list], func(a, b data.ChatKey) int {
			if a.Before(b) {
				return -1
			}
			return 1
		})
		got, err := s.desk.ChatKeys(ctx, data.ChatQuery{List: list})
		if err != nil || !slices.Equal(got, want[list]) {
			s.t.Fatalf("on the list %s are %v, want %v; %v", list, got, want[list], err)
		}
	}
	counts, err := s.desk.Counts(ctx)
	if want := (data.Counts{All: len(want[data.AllChats]), Unread: len(want[data.UnreadChats]), Blocked: len(want[data.BlockedChats])}); err != nil || counts != want {
		s.t.Fatalf("counted are %+v, want %+v; %v", counts, want, err)
	}
}

// row compares a customer's row in the list.
func (s *story) row(p *person) {
	s.t.Helper()
	chats, err := s.desk.Chats(s.t.Context(), []int64{p.id})
	s.must(err)
	if !p.chat {
		if len(chats) != 0 {
			s.t.Fatalf("%s has a row: %+v", p.phone, chats[0])
		}
		return
	}
	if len(chats) != 1 {
		s.t.Fatalf("%s has no row", p.phone)
	}
	if c := chats[0]; c.LastAt != p.lastAt || c.Preview != p.preview || c.Unread != p.unread || c.Marked != p.marked || c.Customer.Held != len(p.held()) {
		s.t.Fatalf("the row of %s is %+v, want %+v", p.phone, c, p)
	}
}

func (s *story) same(what string, got []string, want []thing) {
	s.t.Helper()
	var texts []string
	for _, h := range want {
		texts = append(texts, h.text)
	}
	if !slices.Equal(got, texts) {
		s.t.Fatalf("%s is\n%s, want\n%s", what, strings.Join(got, "\n"), strings.Join(texts, "\n"))
	}
}

// Whatever happens, in whatever order, the desk says what the model says, and
// the chain of events is whole in the end.
func TestDeskIsItsModel(t *testing.T) {
	template := filepath.Join(t.TempDir(), "template.db")
	empty, err := store.Open(t.Context(), template, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := empty.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	folder, stories := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		stories++
		s := &story{t: t, path: filepath.Join(folder, fmt.Sprint(stories, ".db")), moment: start, model: &model{now: start, remote: map[string]bool{}}}
		s.must(os.WriteFile(s.path, content, 0o600))
		s.open()
		defer func() { s.store.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"":         func(t *rapid.T) { s.t = t; s.compare() },
			"receive":  func(t *rapid.T) { s.t = t; s.receive() },
			"and more": func(t *rapid.T) { s.t = t; s.receive() }, // which happens most
			"send":     func(t *rapid.T) { s.t = t; s.send() },
			"block":    func(t *rapid.T) { s.t = t; s.block() },
			"unblock":  func(t *rapid.T) { s.t = t; s.unblock() },
			"amend":    func(t *rapid.T) { s.t = t; s.amend() },
			"undo":     func(t *rapid.T) { s.t = t; s.undo() },
			"read":     func(t *rapid.T) { s.t = t; s.read() },
			"rename":   func(t *rapid.T) { s.t = t; s.rename() },
			"clear":    func(t *rapid.T) { s.t = t; s.clear() },
			"expire":   func(t *rapid.T) { s.t = t; s.expire() },
			"clock":    func(t *rapid.T) { s.t = t; s.moveClock() },
			"restart":  func(t *rapid.T) { s.t = t; s.restart() },
		})
		if n, err := s.desk.Check(t.Context()); err != nil || n != int64(s.model.events) {
			t.Fatalf("%d of %d events are proved, %v", n, s.model.events, err)
		}
	})
}
