package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

type accountShowCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// accountJSON is the JSON of account show.
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
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	acct, err := a.Account(r.ctx)
	if err != nil {
		return err
	}
	conn, err := a.Connection(r.ctx)
	if err != nil {
		return err
	}
	counts, err := a.OutboxCounts(r.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return r.out.printJSON(accountJSON{
			Joined: acct.Joined(), Base: data.NullIfEmpty(acct.Base), Number: data.NullIfEmpty(string(acct.Number)), Since: acct.JoinedAt, Paused: acct.Paused,
			Connection: connectionJSON{State: conn.State, Since: conn.Since, Why: conn.Reason, Chats: conn.Chats, Failed: conn.Failed},
			Waiting:    counts.Waiting, Refused: counts.Refused, Key: a.KeyLocation(),
		})
	}
	if !acct.Joined() {
		r.out.printLine("The desk is not joined to an account.")
		return nil
	}
	r.out.printFields(
		field{"Address", acct.Base}, field{"Number", acct.Number.Pretty()}, field{"Joined", formatTime(acct.JoinedAt)},
		field{"Link", connectionText(conn)}, field{"Waiting", fmt.Sprint(counts.Waiting)}, field{"Refused", fmt.Sprint(counts.Refused)},
		field{"Key", a.KeyLocation()},
	)
	return nil
}

// connectionText returns the state of the connection in words.
func connectionText(c data.Connection) string {
	words := map[data.ConnectionState]string{
		data.Online: "online", data.Offline: "offline", data.Paused: "paused", data.KeyRefused: "key refused",
		data.NotConnected: "not tried yet; an open window or serve does it",
	}[c.State]
	if c.State == data.Fetching {
		words = fmt.Sprintf("fetching, %s so far", data.Count(c.Chats, "chat"))
	}
	if c.Reason != "" {
		words += ": " + c.Reason
	}
	if c.Since != 0 && c.State != data.NotConnected {
		words += ", since " + formatTime(c.Since)
	}
	return words
}

type accountJoinCmd struct {
	Base    string `help:"The address of the account's API." default:"https://public.doubletick.io"`
	Number  string `help:"The business number, from which replies go out." required:""`
	KeyFile string `name:"key-file" help:"A file with the key, which is not removed; if left out, standard input is read." placeholder:"FILE"`
}

func (c accountJoinCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if a.Settings.Demo {
		return data.ErrDemo
	}
	number, err := data.ParsePhone(c.Number, a.Settings.Country)
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
	location, err := a.JoinAccountWithKey(r.ctx, data.Account{Base: base, Number: number}, key)
	if err != nil {
		return err
	}
	r.out.printLine("Joined to %s with %s. %s", base, number.Pretty(), location)
	return nil
}

// readKey reads the key from a file or standard input. It is never a flag: other
// users of the computer could read it there.
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
	return r.withAccount(func(a *app.App) error {
		if err := a.Leave(r.ctx); err != nil {
			return err
		}
		r.out.printLine("The desk has left the account. What was waiting is kept here only.")
		return a.Credentials().Forget()
	})
}

// withAccount runs do on the profile, which must be joined to an account.
func (r *run) withAccount(do func(*app.App) error) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	acct, err := a.Account(r.ctx)
	if err != nil {
		return err
	}
	if !acct.Joined() {
		return data.UserErrorf("The desk is not joined to an account. Join one with: latchdesk account join --number NUMBER")
	}
	return do(a)
}

type accountTestCmd struct{}

func (accountTestCmd) Run(r *run) error {
	return r.withAccount(func(a *app.App) error {
		acct, err := a.Account(r.ctx)
		if err != nil {
			return err
		}
		report, err := a.TestAccount(r.ctx, acct, "")
		if err != nil {
			return err
		}
		r.out.printLine("%s", report)
		return nil
	})
}

type accountPauseCmd struct{}

func (accountPauseCmd) Run(r *run) error {
	return r.withAccount(func(a *app.App) error {
		if err := a.PauseAccount(r.ctx, true); err != nil {
			return err
		}
		r.out.printLine("Paused. Whatever happens meanwhile waits until you resume.")
		return nil
	})
}

type accountResumeCmd struct{}

func (accountResumeCmd) Run(r *run) error {
	return r.withAccount(func(a *app.App) error {
		if err := a.PauseAccount(r.ctx, false); err != nil {
			return err
		}
		r.out.printLine("Resumed.")
		return nil
	})
}

type accountAgainCmd struct{}

func (accountAgainCmd) Run(r *run) error {
	return r.withAccount(func(a *app.App) error {
		n, err := a.ResendAll(r.ctx, nil)
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		r.out.printLine("DoubleTick will be sent the status of %s.", data.Count(n, "customer"))
		return err
	})
}

type accountFetchCmd struct{}

// Run has the process that does the profile's jobs fetch all chats. If there is
// none, it fetches them itself.
func (accountFetchCmd) Run(r *run) error {
	return r.withAccount(func(a *app.App) error {
		if err := a.Resync(r.ctx); err != nil {
			return err
		}
		acquired, err := a.Profile.TryLockWork()
		if err != nil {
			return err
		}
		if !acquired {
			r.out.printLine("The open window is fetching all chats again.")
			return nil
		}
		return r.fetch(a)
	})
}

// fetch fetches all chats and prints how many.
func (r *run) fetch(a *app.App) error {
	result, err := a.SyncAccount(r.ctx)
	if err != nil {
		return err
	}
	conn, err := a.Connection(r.ctx)
	if err != nil {
		return err
	}
	r.out.printLine("%s fetched, %s.", data.Count(result.Chats, "chat"), data.Count(result.New, "new message"))
	switch {
	case result.Failed > 0 && conn.Reason != "":
		return data.UserErrorf("%s could not be fetched: %s.", data.Count(result.Failed, "chat"), conn.Reason)
	case result.Failed > 0:
		return data.UserErrorf("%s could not be fetched. Run the same command again to retry.", data.Count(result.Failed, "chat"))
	case conn.Reason != "" && conn.State != data.Online:
		return data.UserErrorf("%s.", conn.Reason)
	}
	return nil
}
