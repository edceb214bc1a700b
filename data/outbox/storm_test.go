package outbox

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
	"github.com/latchdesk/latchdesk/data/accounttest"
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
			s.ids = append(s.ids, s.AddCustomer(data.Phone(fmt.Sprint("+4670123456", i))))
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
	s.Server.Fail(func(string, string) accounttest.Fault {
		if dice.IntN(4) >= odds {
			return accounttest.None
		}
		return accounttest.Faults[dice.IntN(len(accounttest.Faults))]
	})
}

func (s *storm) one() int64 { return rapid.SampledFrom(s.ids).Draw(s.t, "customer") }

func (s *storm) block() {
	ask := data.BlockRequest{}
	if rapid.IntRange(0, 3).Draw(s.t, "ends") == 0 {
		ask.Until = s.Now().Add(time.Minute)
	}
	_, err := s.Desk.Block(s.Context(), accounttest.Asha, s.one(), ask)
	s.Must(err)
}

func (s *storm) unblock() { s.Unblock(s.one()) }

func (s *storm) many() {
	_, err := s.Desk.BlockMany(s.Context(), accounttest.Asha, s.ids, data.BlockRequest{}, nil)
	s.Must(err)
}

func (s *storm) end() {
	_, err := s.Desk.Expire(s.Context())
	s.Must(err)
}

func (s *storm) again() {
	_, err := s.Desk.ResendAll(s.Context(), func(desk.Progress) {})
	s.Must(err)
}

func (s *storm) text() {
	s.texts++
	if _, err := s.Desk.Send(s.Context(), accounttest.Asha, s.one(), fmt.Sprint("text ", s.texts)); !errors.Is(err, data.ErrBlocked) {
		s.Must(err)
	}
}

func (s *storm) turn() {
	next, err := s.DispatchDue(s.Context())
	s.Must(err)
	if rapid.Bool().Draw(s.t, "until the next") {
		s.MoveTo(next)
	}
}

// kill ends the program at some point of some entry.
func (s *storm) kill() {
	at := rapid.SampledFrom([]failpoint{beforeClaim, afterClaim, beforeResend, beforeRecord, afterRecord}).Draw(s.t, "point")
	s.Dispatcher.failAt = func(p failpoint) error {
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
	s.Move(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(s.t, "for"))
}

// toggle has nothing listen any more, or somebody again.
func (s *storm) toggle() {
	if s.Server.Off.Load() {
		s.Server.TurnOn()
	} else {
		s.Server.TurnOff()
	}
}

func (s *storm) hold() {
	a, err := s.Desk.Account(s.Context())
	s.Must(err)
	s.Must(s.Desk.PauseAccount(s.Context(), !a.Paused))
}

// settle has all told that waits, and every block ended whose end the clock
// passes meanwhile: the program looks for those each second.
func (s *storm) settle() {
	s.Helper()
	for {
		s.turns()
		ended, err := s.Desk.Expire(s.Context())
		s.Must(err)
		if ended == 0 {
			break
		}
	}
	s.CheckInSync(s.ids...)
}

// calm ends the storm, and holds what came of it against what should.
func (s *storm) calm() {
	s.Server.TurnOn()
	s.Server.Fail(nil)
	s.Must(s.Desk.PauseAccount(s.Context(), false))
	s.settle()
	for _, id := range s.ids {
		c, err := s.Desk.Customer(s.Context(), id)
		s.Must(err)
		done, open := 0, 0
		for _, e := range s.Entries(id) {
			switch {
			case e.State == data.EntryWaiting || e.State == data.EntryInFlight:
				open++
			case e.State == data.EntryDone && e.Op != data.OpSendText:
				done++
			}
		}
		if clean := s.Server.Clean[string(c.Phone)]; open != 0 || clean < done || clean > done+s.crashes {
			s.Errorf("%s: %d entries of status are done, %d open; DoubleTick answered %d, with %d deaths", c.Phone, done, open, clean, s.crashes)
		}
	}
	n := len(s.Server.Requests())
	s.Move(24 * time.Hour)
	s.turns()
	if len(s.Server.Requests()) != n {
		s.Errorf("after the end it is asked %q", s.Server.Requests()[n:])
	}
	s.settle() // blocks that ended within the day
	s.rounds()
	if l := s.Connection(); l.State != data.Online {
		s.Errorf("in the end the link is %+v", l)
	}
	if _, err := s.Desk.Check(s.Context()); err != nil {
		s.Errorf("%v", err)
	}
}
