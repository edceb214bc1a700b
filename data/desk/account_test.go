package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

func (w *world) account() data.Account {
	w.t.Helper()
	a, err := w.Account(w.t.Context())
	w.must(err)
	return a
}

func (w *world) link() data.Connection {
	w.t.Helper()
	l, err := w.Connection(w.t.Context())
	w.must(err)
	return l
}

func TestJoinAndLeave(t *testing.T) {
	w := newWorld(t)
	if a := w.account(); a != (data.Account{}) || a.Joined() {
		t.Errorf("%+v", a)
	}
	id := w.takes(riya, "Hello").CustomerID
	before, err := w.Send(t.Context(), asha, id, "before")
	w.must(err)
	blocked := w.adds(ada)
	w.blocks(asha, blocked, data.BlockRequest{})
	told := w.lastChange()
	w.must(w.Join(t.Context(), data.Account{Base: " https://public.doubletick.io/ ", Number: "+91 88888 88888", Paused: true}))
	w.tells(told, 0, data.AccountChanged)
	want := account
	want.JoinedAt = w.Now()
	if a := w.account(); a != want {
		t.Errorf("%+v, want %+v", a, want)
	}
	if due := w.due(); len(due) != 0 || before.Status != data.KeptHere {
		t.Errorf("joined, due are %+v", due)
	}

	m, err := w.Send(t.Context(), asha, id, "after")
	w.must(err)
	w.unblocks(asha, blocked)
	w.must(w.Join(t.Context(), account)) // the same once more
	if due := w.due(); len(due) != 2 || w.account() != want {
		t.Errorf("joined again, due are %+v", due)
	}
	told = w.lastChange()
	w.must(w.Leave(t.Context()))
	if due := w.due(); len(due) != 0 || w.account().Joined() {
		t.Errorf("left, due are %+v", due)
	}
	if got := w.messages(id)[2]; got.ID != m.ID || got.Status != data.KeptHere {
		t.Errorf("%+v", got)
	}
	if changes := w.since(told); !slices.ContainsFunc(changes, func(c data.Change) bool { return c.Kind == data.MessageChanged && c.CustomerID == id }) {
		t.Errorf("told is %+v", changes)
	}
	if there, err := w.RemoteStatus(t.Context(), blocked); there != (data.RemoteStatus{}) || err != nil {
		t.Errorf("%+v, %v", there, err)
	}
	w.must(w.Leave(t.Context()))
	w.clock.add(time.Minute)
	w.must(w.Join(t.Context(), account))
	if due := w.due(); len(due) != 0 {
		t.Errorf("joined once more, due are %+v", due)
	}
	if there, err := w.RemoteStatus(t.Context(), blocked); !there.Joined || there.Last != nil || err != nil {
		t.Errorf("%+v, %v", there, err)
	}
}

func TestJoinAnotherAccount(t *testing.T) {
	w := newJoined(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{})
	w.must(w.Join(t.Context(), data.Account{Base: account.Base, Number: "+918888888889"}))
	if got := w.told(id); len(w.due()) != 0 || got != "block kept" && got != "" {
		t.Errorf("told is %q", got)
	}
}

func TestWhereAnAccountCanBe(t *testing.T) {
	w := newWorld(t)
	for base, ok := range map[string]bool{
		"https://public.doubletick.io":       true,
		"https://example.com/proxy/":         true,
		"http://127.0.0.1:8080":              true,
		"http://[::1]:8080":                  true,
		"http://localhost:8080":              true,
		"http://public.doubletick.io":        false,
		"http://127.0.0.1.example.com":       false,
		"https://user:password@example.com":  false,
		"https://example.com?key=1":          false,
		"https://example.com#x":              false,
		"ftp://example.com":                  false,
		"public.doubletick.io":               false,
		"https://":                           false,
		"":                                   false,
		"https:example.com":                  false,
		"javascript:alert(1)":                false,
		"https://exa mple.com":               false,
		"http://localhost.example.com":       false,
		"http://169.254.169.254/latest/meta": false,
	} {
		if err := w.Join(t.Context(), data.Account{Base: base, Number: account.Number}); (err == nil) != ok || !ok && !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %v", base, err)
		}
	}
	if err := w.Join(t.Context(), data.Account{Base: account.Base, Number: "12"}); !errors.Is(err, data.ErrPhone) {
		t.Errorf("%v", err)
	}
}

// A demo is joined to nothing, and what is joined becomes no demo.
func TestADemoIsNeverJoined(t *testing.T) {
	nothing := func(func(data.SeedChat) bool) {}
	if err := newJoined(t).ReplaceAll(t.Context(), nil, nothing, func(int) {}); !errors.Is(err, data.ErrNoDemo) {
		t.Errorf("%v", err)
	}
	w := newWorld(t)
	w.must(w.ReplaceAll(t.Context(), nil, nothing, func(int) {}))
	if err := w.Join(t.Context(), account); !errors.Is(err, data.ErrDemo) || desk.Explain(err) == "" {
		t.Errorf("%v", err)
	}
	id := w.takes(riya, "Hello").CustomerID
	if m, err := w.Send(t.Context(), asha, id, "Hello"); err != nil || m.Status != data.KeptHere {
		t.Errorf("%+v, %v", m, err)
	}
	w.blocks(asha, id, data.BlockRequest{})
	if due := w.due(); len(due) != 0 {
		t.Errorf("due are %+v", due)
	}
}

func TestPause(t *testing.T) {
	w := newJoined(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{})
	w.must(w.PauseAccount(t.Context(), true))
	if l := w.link(); l.State != data.Paused || l.Reason != "Paused here" || l.Since != w.Now() || !w.account().Paused {
		t.Errorf("%+v", l)
	}
	if _, ok, err := w.ClaimEntry(t.Context(), w.account().JoinedAt, w.due()[0].ID); ok || err != nil {
		t.Errorf("taken while paused: %v, %v", ok, err)
	}
	w.must(w.SetConnection(t.Context(), data.Connection{State: data.Online}))
	if l := w.link(); l.State != data.Paused {
		t.Errorf("%+v", l)
	}
	told := w.lastChange()
	w.must(w.PauseAccount(t.Context(), true))
	w.tells(told, 0)
	w.must(w.Join(t.Context(), account)) // the same once more
	if l := w.link(); l.State != data.Paused || !w.account().Paused {
		t.Errorf("joined again: %+v", l)
	}
	told = w.lastChange()
	w.must(w.PauseAccount(t.Context(), false))
	w.tells(told, 0, data.AccountChanged)
	w.tellsAll()
	if err := newWorld(t).PauseAccount(t.Context(), true); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

// The link is told when it is news, and keeps the moment since when it is so.
func TestTellLink(t *testing.T) {
	w := newJoined(t)
	since := w.Now()
	told := w.lastChange()
	w.must(w.SetConnection(t.Context(), data.Connection{State: data.Fetching, Chats: 50}))
	w.clock.add(time.Second)
	w.must(w.SetConnection(t.Context(), data.Connection{State: data.Fetching, Chats: 100, Failed: 1}))
	w.must(w.SetConnection(t.Context(), data.Connection{State: data.Fetching, Chats: 100, Failed: 1}))
	w.tells(told, 0, data.AccountChanged, data.AccountChanged)
	if l := w.link(); l != (data.Connection{State: data.Fetching, Since: since, Chats: 100, Failed: 1}) {
		t.Errorf("%+v", l)
	}
	alone := newWorld(t)
	w.must(alone.SetConnection(t.Context(), data.Connection{State: data.Online}))
	if l := alone.link(); l != (data.Connection{}) {
		t.Errorf("%+v", l)
	}
}

// All again: who is blocked here, and who is active here though last told as
// blocked; nobody else, and nobody twice.
func TestSendAllAgain(t *testing.T) {
	w := newWorld(t)
	before := w.adds("+46701234561")
	w.blocks(asha, before, data.BlockRequest{})
	ended := w.adds("+46701234566")
	w.blocks(asha, ended, data.BlockRequest{Until: w.Now().Add(time.Second)})
	w.must(w.Join(t.Context(), account))
	w.clock.add(time.Minute)
	blocked, unblocked, refused, waiting := w.adds("+46701234562"), w.adds("+46701234563"), w.adds("+46701234564"), w.adds("+46701234565")
	w.blocks(asha, blocked, data.BlockRequest{})
	w.blocks(asha, unblocked, data.BlockRequest{})
	w.tellsAll()
	w.unblocks(asha, unblocked)
	w.tellsAll()
	w.blocks(asha, refused, data.BlockRequest{})
	w.tellsAll()
	w.unblocks(asha, refused)
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 400})
	w.blocks(asha, waiting, data.BlockRequest{})

	var seen desk.Progress
	n, err := w.ResendAll(t.Context(), func(p desk.Progress) { seen = p })
	w.must(err)
	if n != 3 || seen.All != 5 || seen.Reached() != 5 || seen.Done != 3 {
		t.Errorf("%d entries, %+v", n, seen)
	}
	for id, want := range map[int64]string{
		before: "block waiting", blocked: "block waiting", waiting: "block waiting",
		unblocked: "unblock done", refused: "unblock refused, unblock waiting",
	} {
		if got := w.told(id); got != want {
			t.Errorf("customer %d: told is %q, want %q", id, got, want)
		}
	}
	if n, err := w.ResendAll(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("once more, %d entries, %v", n, err)
	}
	w.must(w.Leave(t.Context()))
	if _, err := w.ResendAll(t.Context(), nil); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("%v", err)
	}
}
