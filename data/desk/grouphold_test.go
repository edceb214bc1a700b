package desk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// groupTale is a group and one of its members, each with its block, and the message that
// the member writes.
type groupTale struct {
	*world
	member, group int64
	last          map[int64]data.Outcome // of the last unblock, by whose it was
	written       int
}

func newGroupTale(t *testing.T) *groupTale {
	w := newWorld(t)
	g := &groupTale{world: w, last: map[int64]data.Outcome{}}
	g.member = w.takes(riya, "Hello").CustomerID
	g.group = w.takesAs(data.Incoming{From: data.Sender{Group: buyers, Phone: ada}, Message: message("first", w.Now())}).CustomerID
	return g
}

// does an act: a capital letter blocks, a small one unblocks, M and m the member, G and
// g the group. D and d unblock and discard, U and u undo the last unblock, of group and
// member. A w is a message of the member, a c clears the group.
func (g *groupTale) does(act rune) {
	g.t.Helper()
	g.clock.add(time.Second)
	unblock := func(id int64, discard bool) {
		out, err := g.Unblock(g.t.Context(), asha, id, data.UnblockRequest{Discard: discard})
		g.must(err)
		g.last[id] = out
	}
	undo := func(id int64) {
		_, err := g.Undo(g.t.Context(), asha, g.last[id].Undo)
		g.must(err)
	}
	switch act {
	case 'M':
		g.blocks(asha, g.member, data.BlockRequest{})
	case 'G':
		g.blocks(asha, g.group, data.BlockRequest{})
	case 'm':
		unblock(g.member, false)
	case 'g':
		unblock(g.group, false)
	case 'd':
		unblock(g.member, true)
	case 'D':
		unblock(g.group, true)
	case 'u':
		undo(g.member)
	case 'U':
		undo(g.group)
	case 'w':
		g.written++
		g.takesAs(data.Incoming{From: data.Sender{Group: buyers, Phone: riya}, Message: message(fmt.Sprint("by the member ", g.written), g.Now())})
	case 'c':
		err := errorOf(g.Clear(g.t.Context(), asha, g.group))
		g.must(err)
	}
}

// where says where the member's message is.
func (g *groupTale) where() string {
	g.t.Helper()
	var all []string
	for place, texts := range map[string]string{"shown": g.shows(g.group), "held by member": g.holds(g.member), "held by group": g.holds(g.group)} {
		if strings.Contains(texts, "by the member 1") {
			all = append(all, place)
		}
	}
	if len(all) == 0 {
		return "gone"
	}
	return strings.Join(all, " and ")
}

// Each row plays acts and says where the message is after each of them that matters.
func TestGroup_HeldByTwoBlocks(t *testing.T) {
	for _, row := range []struct{ acts, where string }{
		// One block.
		{"w", "shown"},
		{"Mw", "held by member"},
		{"Mwm", "shown"},
		{"Mwmu", "held by member"},
		{"Mwd", "gone"},
		{"Mwdu", "held by member"},
		{"Gw", "held by group"},
		{"Gwg", "shown"},
		{"GwgU", "held by group"},
		{"GwD", "gone"},
		{"GwDU", "held by group"},
		// Both: the member's holds first, and the group's what that lets go of.
		{"MGw", "held by member"},
		{"GMw", "held by member"},
		{"MwG", "held by member"},
		{"GwM", "held by group"},
		{"MGwm", "held by group"},
		{"MwGm", "held by group"},
		{"MGwd", "gone"},
		{"MGwg", "held by member"},
		{"MGwD", "held by member"},
		{"MGwgm", "shown"},
		{"MGwmg", "shown"},
		{"MGwmD", "gone"},
		{"GwMg", "shown"}, // it was written before the member was blocked
		// The undo of the member's unblock takes exactly those back.
		{"MGwmu", "held by member"},
		{"MGwmgu", "held by member"},
		{"MGwmgU", "held by group"},
		{"MGwmguU", "held by member"},
		{"MGwmgUu", "held by member"},
		{"MGwdu", "held by member"},
		{"MGwmug", "held by member"},
		{"MGwmugm", "shown"},
		{"MGwmum", "held by group"},
		{"GwMmu", "held by group"}, // the member's block never held it
		{"GwMmug", "shown"},
		// The group's discard stays one, whoever is unblocked or blocked again.
		{"MGwmDu", "gone"},
		{"MGwmDum", "gone"},
		{"MGwmDU", "held by group"},
		{"MGwmDuU", "held by member"},
		{"MGwmDUu", "held by member"},
		{"MGwmDumU", "held by group"},
		{"MGwmDumUu", "held by member"},
		// So is the group's unblock undone exactly.
		{"MGwgU", "held by member"},
		{"MGwgmU", "held by group"},
		{"MGwgmUu", "held by member"},
		{"MGwgmuU", "held by member"},
		{"MGwgmUum", "held by group"},
		{"MGwgdU", "gone"},
		{"MGwgdUu", "held by member"},
		// What is cleared comes back by nothing.
		{"Mwmcu", "gone"},
		{"MGwmgcu", "gone"},
		{"MGwmgcU", "gone"},
		{"MGwgmcuU", "gone"},
	} {
		t.Run(row.acts, func(t *testing.T) {
			g := newGroupTale(t)
			for _, act := range row.acts {
				g.does(act)
			}
			if got := g.where(); got != row.where {
				t.Errorf("it is %s, want %s", got, row.where)
			}
			for _, id := range []int64{g.member, g.group} {
				held, err := g.Held(t.Context(), id, 100)
				g.must(err)
				if c := g.customer(id); c.Held != len(held) {
					t.Errorf("%d are counted as held of %d, which are %d", c.Held, id, len(held))
				}
			}
			if c := g.chat(g.group); c.Unread > 2 || row.where != "shown" && strings.Contains(c.Preview, "by the member") {
				t.Errorf("the list shows %+v", c)
			}
		})
	}
}

// groupStory is a random story of a group, a member and somebody else.
type groupStory struct {
	t       *rapid.T
	at      *data.Moment
	desk    *desk.Desk
	parties [2]*party // the member and the group
	all     map[string]*heldMessage
	step    int
}

// party is a customer with a block, as the story has it.
type party struct {
	id      int64
	episode int         // of the block in force, zero for none
	until   data.Moment // of it
	blocks  int         // there have been

	undo         data.Undo // of the last unblock, or of the last block
	undoEpisode  int       // that the undo brings back, zero where it undoes a block
	undoUntil    data.Moment
	undoStep     int
	before       string // where everything was before the unblock
	undoPossible bool
}

// heldMessage is a message of the story.
type heldMessage struct {
	during    [2]int // the episodes of member and group in which it was written
	cleared   bool
	discarded int // the step at which it was discarded, zero for none
}

func (s *groupStory) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// places returns where the messages are, and fails if one is at two places.
func (s *groupStory) places() (shown []string, held [2][]string) {
	page, err := s.desk.Timeline(s.t.Context(), s.parties[1].id, data.Span{Limit: 1000})
	s.must(err)
	seen := map[string]bool{}
	add := func(to *[]string, text string) {
		if seen[text] {
			s.t.Fatalf("%s is at two places", text)
		}
		seen[text] = true
		*to = append(*to, text)
	}
	for _, item := range page.Items {
		if item.Message != nil {
			add(&shown, item.Message.Text)
		}
	}
	for i, p := range s.parties {
		messages, err := s.desk.Held(s.t.Context(), p.id, 1000)
		s.must(err)
		for _, m := range messages {
			add(&held[i], m.Text)
		}
	}
	return shown, held
}

func (s *groupStory) check() {
	shown, held := s.places()
	now := s.desk.Now()
	here := len(shown)
	for _, text := range shown {
		m := s.all[text]
		if m.cleared || m.discarded != 0 {
			s.t.Fatalf("%s is shown, and was %+v", text, *m)
		}
		for i, p := range s.parties {
			if p.episode != 0 && m.during[i] == p.episode {
				s.t.Fatalf("%s is shown, and %d is still blocked by the block in which it was written", text, p.id)
			}
		}
	}
	ids := []int64{s.parties[0].id, s.parties[1].id}
	customers, err := s.desk.CustomersByID(s.t.Context(), ids)
	s.must(err)
	for i, p := range s.parties {
		c := customers[p.id]
		here += len(held[i])
		if (c.Status(now) == data.Blocked) != (p.episode != 0) {
			s.t.Fatalf("%d is %s, and the story says %d", p.id, c.Status(now), p.episode)
		}
		if c.Held != len(held[i]) || len(held[i]) > 0 && p.episode == 0 {
			s.t.Fatalf("%d (%s): %d are held, and %d are counted", p.id, c.Status(now), len(held[i]), c.Held)
		}
		for _, text := range held[i] {
			if m := s.all[text]; m.cleared || m.discarded != 0 {
				s.t.Fatalf("%s is held, and was %+v", text, *m)
			}
		}
	}
	gone := 0
	for _, m := range s.all {
		if m.cleared || m.discarded != 0 {
			gone++
		}
	}
	if here+gone != len(s.all) {
		s.t.Fatalf("%d are here and %d gone, of %d", here, gone, len(s.all))
	}
	chats, err := s.desk.Chats(s.t.Context(), ids[1:])
	s.must(err)
	if chats[0].Unread > len(shown) {
		s.t.Fatalf("%d are unread of %d", chats[0].Unread, len(shown))
	}
	for _, text := range slices.Concat(held[0], held[1]) {
		if strings.HasSuffix(chats[0].Preview, text) {
			s.t.Fatalf("the list shows %q, which is held", chats[0].Preview)
		}
	}
}

func (s *groupStory) someone() *party { return s.parties[rapid.IntRange(0, 1).Draw(s.t, "who")] }

func (s *groupStory) receive() {
	by := []data.Phone{riya, riya, ada}[rapid.IntRange(0, 2).Draw(s.t, "by")]
	text := fmt.Sprintf("m%03d", len(s.all))
	s.all[text] = &heldMessage{during: [2]int{0, s.parties[1].episode}}
	if by == riya {
		s.all[text].during[0] = s.parties[0].episode
	}
	_, err := s.desk.Receive(s.t.Context(), []data.Incoming{{From: data.Sender{Group: buyers, Phone: by}, Message: data.Message{Kind: data.TextMessage, At: s.desk.Now(), Text: text, RemoteID: text}}})
	s.must(err)
}

func (s *groupStory) block() {
	p, until := s.someone(), data.Moment(0)
	if p.episode != 0 {
		s.t.Skip("is blocked")
	}
	if rapid.Bool().Draw(s.t, "with an end") {
		until = s.at.Add(time.Hour)
	}
	out, err := s.desk.Block(s.t.Context(), asha, p.id, data.BlockRequest{Until: until})
	s.must(err)
	p.blocks++
	p.episode, p.until = p.blocks, until
	p.undo, p.undoEpisode, p.undoStep, p.undoPossible = out.Undo, 0, s.step, true
}

func (s *groupStory) unblock() {
	p := s.someone()
	if p.episode == 0 {
		s.t.Skip("is active")
	}
	shown, held := s.places()
	p.before = fmt.Sprint(shown, held)
	discard := rapid.IntRange(0, 2).Draw(s.t, "discard") == 0
	if discard {
		for _, text := range held[slices.Index(s.parties[:], p)] {
			s.all[text].discarded = s.step
		}
	}
	out, err := s.desk.Unblock(s.t.Context(), asha, p.id, data.UnblockRequest{Discard: discard})
	s.must(err)
	p.undo, p.undoEpisode, p.undoUntil, p.undoStep, p.undoPossible = out.Undo, p.episode, p.until, s.step, true
	p.episode = 0
}

func (s *groupStory) undo() {
	p := s.someone()
	if !p.undoPossible {
		s.t.Skip("there is nothing to undo")
	}
	p.undoPossible = false
	if p.undoUntil != 0 && p.undoEpisode != 0 && s.desk.Now() >= p.undoUntil {
		s.t.Skip("its block would have ended since")
	}
	_, err := s.desk.Undo(s.t.Context(), asha, p.undo)
	s.must(err)
	for _, m := range s.all {
		if p.undoEpisode != 0 && m.discarded == p.undoStep {
			m.discarded = 0
		}
	}
	p.episode, p.until = p.undoEpisode, p.undoUntil
	if shown, held := s.places(); p.undoEpisode != 0 && p.undoStep == s.step-1 && fmt.Sprint(shown, held) != p.before {
		s.t.Fatalf("after the undo: %v, before the unblock: %s", fmt.Sprint(shown, held), p.before)
	}
}

// Whatever is blocked, unblocked, undone, discarded and cleared of a group and of a
// member: each message is at one place, or gone by an act that took it away, and none
// is shown while a block stands during which it was written.
func TestGroup_HoldsWhateverIsDone(t *testing.T) {
	template := filepath.Join(t.TempDir(), "template.db")
	empty, err := store.Open(t.Context(), template, time.Now)
	if err = errors.Join(err, empty.Close()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	folder, stories := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		stories++
		at, path := start, filepath.Join(folder, fmt.Sprint(stories, ".db"))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		opened, err := store.Open(t.Context(), path, func() time.Time { return at.Time() })
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		s := &groupStory{t: t, at: &at, desk: desk.New(opened), all: map[string]*heldMessage{"first": {}}}
		got, err := s.desk.Receive(t.Context(), []data.Incoming{
			{From: data.Sender{Phone: riya}, Message: data.Message{Kind: data.TextMessage, At: at, Text: "hello", RemoteID: "hello"}},
			{From: data.Sender{Group: buyers, Phone: ada}, Message: data.Message{Kind: data.TextMessage, At: at, Text: "first", RemoteID: "first"}},
		})
		s.must(err)
		s.parties = [2]*party{{id: got[0].CustomerID}, {id: got[1].CustomerID}}
		act := func(do func()) func(*rapid.T) {
			return func(t *rapid.T) {
				s.t, at = t, at.Add(time.Second)
				s.step++
				do()
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":             func(t *rapid.T) { s.t = t; s.check() },
			"receive":      act(s.receive),
			"receive more": act(s.receive),
			"block":        act(s.block),
			"unblock":      act(s.unblock),
			"undo":         act(s.undo),
			"undo again":   act(s.undo),
			"clear": act(func() {
				if rapid.IntRange(0, 2).Draw(s.t, "really") != 0 {
					s.t.Skip("too often")
				}
				shown, _ := s.places()
				err := errorOf(s.desk.Clear(s.t.Context(), asha, s.parties[1].id))
				s.must(err)
				for _, text := range shown {
					s.all[text].cleared = true
				}
			}),
			"clock": act(func() {
				at = at.Add(20 * time.Minute)
				_, err := s.desk.Expire(s.t.Context())
				s.must(err)
				for _, p := range s.parties {
					if p.episode != 0 && p.until != 0 && at >= p.until {
						p.episode, p.undoPossible = 0, false
					}
				}
			}),
		})
	})
}
