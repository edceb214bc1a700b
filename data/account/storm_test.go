package account

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// storm is a random story: acts at the desk, faults between it and DoubleTick,
// kills and restarts.
type storm struct {
	*world
	t       *rapid.T
	ids     []int64
	texts   int
	crashes int
}

// Whatever happens in whatever order, after the storm DoubleTick's state is the
// desk's: who is blocked, and every text once and in order. What was answered
// is never asked again.
func TestStorm(t *testing.T) {
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
	folder, storms := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		storms++
		place := filepath.Join(folder, fmt.Sprint(storms))
		if err := errors.Join(os.Mkdir(place, 0o700), os.WriteFile(filepath.Join(place, "latchdesk.db"), content, 0o600)); err != nil {
			t.Fatal(err)
		}
		s := &storm{world: worldIn(t, place, t.Cleanup), t: t}
		for i := range 3 {
			s.ids = append(s.ids, s.adds(data.Phone(fmt.Sprint("+4670123456", i))))
		}
		s.faults()
		acts := map[string]func(){
			"block": s.block, "unblock": s.unblock, "many": s.many, "text": s.text, "text again": s.text, "end": s.end,
			"turn": s.turn, "turn again": s.turn, "kill": s.kill, "restart": s.restart, "wait": s.wait, "switch": s.toggle, "pause": s.hold, "again": s.again,
		}
		names := slices.Sorted(maps.Keys(acts))
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 5, 30).Draw(t, "acts") {
			acts[name]()
		}
		s.calm()
	})
}

// faults go wrong with every other request, by chance.
func (s *storm) faults() {
	dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(s.t, "dice"), 1))
	odds := rapid.IntRange(0, 3).Draw(s.t, "odds")
	s.there.fail(func(string, string) fault {
		if dice.IntN(4) >= odds {
			return none
		}
		return faults[dice.IntN(len(faults))]
	})
}

func (s *storm) one() int64 { return rapid.SampledFrom(s.ids).Draw(s.t, "customer") }

func (s *storm) block() {
	ask := data.BlockRequest{}
	if rapid.IntRange(0, 3).Draw(s.t, "ends") == 0 {
		ask.Until = s.now().Add(time.Minute)
	}
	_, err := s.d.Block(s.Context(), asha, s.one(), ask)
	s.must(err)
}

func (s *storm) unblock() { s.unblocks(s.one()) }

func (s *storm) many() {
	_, err := s.d.BlockMany(s.Context(), asha, s.ids, data.BlockRequest{}, nil)
	s.must(err)
}

func (s *storm) end() {
	_, err := s.d.Expire(s.Context())
	s.must(err)
}

func (s *storm) again() {
	_, err := s.d.ResendAll(s.Context(), func(desk.Progress) {})
	s.must(err)
}

func (s *storm) text() {
	s.texts++
	if _, err := s.d.Send(s.Context(), asha, s.one(), fmt.Sprint("text ", s.texts)); !errors.Is(err, data.ErrBlocked) {
		s.must(err)
	}
}

func (s *storm) turn() {
	next, err := s.DispatchDue(s.Context())
	s.must(err)
	if rapid.Bool().Draw(s.t, "until the next") {
		s.moveTo(next)
	}
}

// kill ends the program at some point of some entry.
func (s *storm) kill() {
	at := rapid.SampledFrom([]failpoint{beforeClaim, afterClaim, beforeResend, beforeRecord, afterRecord}).Draw(s.t, "point")
	s.Worker.failAt = func(p failpoint) error {
		if p == at {
			return errDead
		}
		return nil
	}
	if _, err := s.DispatchDue(s.Context()); err != nil && !errors.Is(err, errDead) {
		s.Fatal(err)
	}
	s.crashes += maxInFlight
	s.restart()
}

func (s *storm) wait() {
	s.move(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(s.t, "for"))
}

// toggle has nothing listen any more, or somebody again.
func (s *storm) toggle() {
	if s.there.off.Load() {
		s.there.turnOn()
	} else {
		s.there.turnOff()
	}
}

func (s *storm) hold() {
	a, err := s.d.Account(s.Context())
	s.must(err)
	s.must(s.d.PauseAccount(s.Context(), !a.Paused))
}

// settle has all told that waits, and every block ended whose end the clock
// passes meanwhile: the program looks for those each second.
func (s *storm) settle() {
	s.Helper()
	for {
		s.turns()
		ended, err := s.d.Expire(s.Context())
		s.must(err)
		if ended == 0 {
			break
		}
	}
	s.sound(s.ids...)
}

// calm ends the storm, and holds what came of it against what should.
func (s *storm) calm() {
	s.there.turnOn()
	s.there.fail(nil)
	s.must(s.d.PauseAccount(s.Context(), false))
	s.settle()
	for _, id := range s.ids {
		c, err := s.d.Customer(s.Context(), id)
		s.must(err)
		done, open := 0, 0
		for _, e := range s.entries(id) {
			switch {
			case e.State == data.EntryWaiting || e.State == data.EntryInFlight:
				open++
			case e.State == data.EntryDone && e.Op != data.OpSendText:
				done++
			}
		}
		if clean := s.there.clean[string(c.Phone)]; open != 0 || clean < done || clean > done+s.crashes {
			s.Errorf("%s: %d entries of status are done, %d open; DoubleTick answered %d, with %d deaths", c.Phone, done, open, clean, s.crashes)
		}
	}
	n := len(s.there.requests())
	s.move(24 * time.Hour)
	s.turns()
	if len(s.there.requests()) != n {
		s.Errorf("after the end it is asked %q", s.there.requests()[n:])
	}
	s.settle() // blocks that ended within the day
	s.rounds()
	if l := s.link(); l.State != data.Online {
		s.Errorf("in the end the link is %+v", l)
	}
	if _, err := s.d.Check(s.Context()); err != nil {
		s.Errorf("%v", err)
	}
}
