package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/account"
)

// Credentials keeps the key of the profile's account.
func (s *App) Credentials() *account.CredentialStore {
	return account.NewCredentialStore(s.Profile.Folder)
}

type accountShowCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// accountJSON is the account as programs read it.
type accountJSON struct {
	Joined     bool           `json:"joined"`
	Base       *string        `json:"base"`
	Number     *string        `json:"number"`
	Since      data.Moment    `json:"since"`
	Paused     bool           `json:"paused"`
	Connection connectionJSON `json:"link"`
	Waiting    int            `json:"waiting"`
	Refused    int            `json:"refused"`
	Key        string         `json:"key"`
}

type connectionJSON struct {
	State  data.ConnectionState `json:"state"`
	Since  data.Moment          `json:"since"`
	Why    string               `json:"why"`
	Chats  int                  `json:"chats"`
	Failed int                  `json:"failed"`
}

func (c accountShowCmd) Run(r *run) error {
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.Account(r.ctx)
	if err != nil {
		return err
	}
	link, err := s.Connection(r.ctx)
	if err != nil {
		return err
	}
	counts, err := s.OutboxCounts(r.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return r.out.printJSON(accountJSON{
			Joined: a.Joined(), Base: nullIfEmpty(a.Base), Number: nullIfEmpty(string(a.Number)), Since: a.JoinedAt, Paused: a.Paused,
			Connection: connectionJSON{State: link.State, Since: link.Since, Why: link.Reason, Chats: link.Chats, Failed: link.Failed},
			Waiting:    counts.Waiting, Refused: counts.Refused, Key: s.Credentials().Location(),
		})
	}
	if !a.Joined() {
		r.out.printLine("The desk is joined to no account.")
		return nil
	}
	r.out.printFields(
		field{"Address", a.Base}, field{"Number", a.Number.Pretty()}, field{"Joined", formatTime(a.JoinedAt)},
		field{"Link", connectionText(link)}, field{"Waiting", fmt.Sprint(counts.Waiting)}, field{"Refused", fmt.Sprint(counts.Refused)},
		field{"Key", s.Credentials().Location()},
	)
	return nil
}

// connectionText says how the link stands.
func connectionText(l data.Connection) string {
	words := map[data.ConnectionState]string{
		data.Online: "online", data.Offline: "offline", data.Paused: "paused", data.KeyRefused: "key refused",
		data.NotConnected: "not tried yet; an open window or serve does it",
	}[l.State]
	if l.State == data.Fetching {
		words = fmt.Sprintf("fetching, %s so far", pluralize(int64(l.Chats), "chat"))
	}
	if l.Reason != "" {
		words += ": " + l.Reason
	}
	if l.Since != 0 && l.State != data.NotConnected {
		words += ", since " + formatTime(l.Since)
	}
	return words
}

type accountJoinCmd struct {
	Base    string `help:"Where the account's API is." default:"https://public.doubletick.io"`
	Number  string `help:"The business number, from which replies go out." required:""`
	KeyFile string `name:"key-file" help:"A file that holds the key, which is not removed; standard input where it is left out." placeholder:"FILE"`
}

func (c accountJoinCmd) Run(r *run) error {
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if s.Settings.Demo {
		return data.ErrDemo
	}
	number, err := data.ParsePhone(c.Number, s.Settings.Country)
	if err != nil {
		return err
	}
	base, err := data.ParseBase(c.Base)
	if err != nil {
		return err
	}
	key, err := r.readKey(c.KeyFile)
	if err != nil {
		return err
	}
	keys := s.Credentials()
	if err := keys.Save(key); err != nil {
		return err
	}
	if err := errors.Join(s.Join(r.ctx, data.Account{Base: base, Number: number}), s.KeyRenewed(r.ctx)); err != nil {
		return err
	}
	r.out.printLine("Joined to %s with %s. %s", base, number.Pretty(), keys.Location())
	return nil
}

// readKey reads the key, which never stands on a command line: others could
// read it there.
func (r *run) readKey(file string) (string, error) {
	from := r.in
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read the key: %w", err)
		}
		defer f.Close()
		from = f
	}
	raw, err := io.ReadAll(io.LimitReader(from, 8192))
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	return string(raw), nil
}

type accountLeaveCmd struct{}

func (accountLeaveCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		if err := s.Leave(r.ctx); err != nil {
			return err
		}
		r.out.printLine("The desk has left the account. What waited is kept here only.")
		return s.Credentials().Forget()
	})
}

// withAccount opens the profile, which must be joined to an account.
func (r *run) withAccount(do func(*App) error) error {
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.Account(r.ctx)
	if err != nil {
		return err
	}
	if !a.Joined() {
		return userErrorf("The desk is joined to no account. Join one with: latchdesk account join --number NUMBER")
	}
	return do(s)
}

type accountTestCmd struct{}

func (accountTestCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		a, err := s.Account(r.ctx)
		if err != nil {
			return err
		}
		key, err := s.Credentials().Key()
		if err != nil {
			return err
		}
		found, err := account.TestConnection(r.ctx, a.Base, key, r.deps.Version)
		if err != nil {
			return err
		}
		r.out.printLine("%s", found.Text(a.Number))
		return nil
	})
}

type accountPauseCmd struct{}

func (accountPauseCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		if err := s.PauseAccount(r.ctx, true); err != nil {
			return err
		}
		r.out.printLine("Paused. What happens meanwhile waits.")
		return nil
	})
}

type accountResumeCmd struct{}

func (accountResumeCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		if err := s.PauseAccount(r.ctx, false); err != nil {
			return err
		}
		r.out.printLine("Resumed.")
		return nil
	})
}

type accountAgainCmd struct{}

func (accountAgainCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		n, err := s.ResendAll(r.ctx, nil)
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		r.out.printLine("%s to be told of.", pluralize(int64(n), "customer"))
		return err
	})
}

type accountFetchCmd struct{}

// Run has whoever does the profile's work fetch; where nobody does, it is done
// here.
func (accountFetchCmd) Run(r *run) error {
	return r.withAccount(func(s *App) error {
		if err := s.Resync(r.ctx); err != nil {
			return err
		}
		mine, err := s.Profile.TryLockWork()
		if err != nil {
			return err
		}
		if !mine {
			r.out.printLine("The open window fetches all chats anew.")
			return nil
		}
		return r.fetch(s)
	})
}

// fetch fetches all there is, and says how much.
func (r *run) fetch(s *App) error {
	sum, err := account.NewWorker(s.Desk, s.Credentials(), r.deps.Version).FetchAll(r.ctx)
	if err != nil {
		return err
	}
	link, err := s.Connection(r.ctx)
	if err != nil {
		return err
	}
	r.out.printLine("%s fetched, %s new.", pluralize(int64(sum.Chats), "chat"), pluralize(int64(sum.New), "message"))
	switch {
	case sum.Failed > 0 && link.Reason != "":
		return userErrorf("%d could not be fetched: %s.", sum.Failed, link.Reason)
	case sum.Failed > 0:
		return userErrorf("%d could not be fetched. The same once more tries them again.", sum.Failed)
	case link.Reason != "" && link.State != data.Online:
		return userErrorf("%s.", link.Reason)
	}
	return nil
}
