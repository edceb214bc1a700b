package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Join joins the desk to an account, from now on: what was written before is
// never sent, and of who is blocked already DoubleTick is told only by
// ResendAll. The same account once more changes nothing of what waits, and a
// pause goes on; with another, what the one before was still to be told is kept here only. A demo
// gives data.ErrDemo.
func (d *Desk) Join(ctx context.Context, a data.Account) error {
	base, err := data.ParseBase(a.Base)
	if err != nil {
		return fmt.Errorf("join the account: %w", err)
	}
	number, err := data.ParsePhone(string(a.Number), "")
	if err != nil {
		return fmt.Errorf("join the account: the business number: %w", err)
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		if settings.Demo {
			return data.ErrDemo
		}
		before, err := tx.Account()
		if err != nil {
			return err
		}
		after := data.Account{Base: base, Number: number, JoinedAt: before.JoinedAt, Paused: before.Paused}
		if !before.Joined() || before.Base != base || before.Number != number {
			after.JoinedAt, after.Paused = d.Now(), false
			if err := part(tx); err != nil {
				return err
			}
		}
		if err := tx.SaveAccount(after); err != nil {
			return err
		}
		if !after.Paused {
			if err := tx.SaveConnection(data.Connection{Since: d.Now()}); err != nil {
				return err
			}
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("join the account: %w", err)
	}
	return nil
}

// leftWords is why an outbox entry stays here after its account is gone.
const leftWords = "The desk left the account"

// part ends what was between the desk and its account.
func part(tx *store.Tx) error {
	if err := tx.KeepEntriesLocal(leftWords); err != nil {
		return err
	}
	return tx.ForgetSynced()
}

// Leave parts the desk from its account. What DoubleTick was still to be told is
// kept here only.
func (d *Desk) Leave(ctx context.Context) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account()
		if err != nil || !a.Joined() {
			return err
		}
		a.JoinedAt, a.Paused = 0, false
		if err := tx.SaveAccount(a); err != nil {
			return err
		}
		if err := part(tx); err != nil {
			return err
		}
		if err := tx.SaveConnection(data.Connection{Since: d.Now()}); err != nil {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("leave the account: %w", err)
	}
	return nil
}

// pausedWords is why nothing is asked while the agent has paused the account.
const pausedWords = "Paused here"

// PauseAccount has nothing sent or asked for until it is called again. What
// happens meanwhile waits.
func (d *Desk) PauseAccount(ctx context.Context, pause bool) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account()
		if err != nil || a.Paused == pause {
			return err
		}
		if !a.Joined() {
			return fmt.Errorf("%w: the desk is joined to no account", data.ErrInvalid)
		}
		a.Paused = pause
		if err := tx.SaveAccount(a); err != nil {
			return err
		}
		link := data.Connection{Since: d.Now()}
		if pause {
			link.State, link.Reason = data.Paused, pausedWords
		}
		if err := tx.SaveConnection(link); err != nil {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("pause the account: %w", err)
	}
	return nil
}

// SetConnection keeps how things stand with the account, where that is news. Since is
// the desk's to say: it stays while the state does.
func (d *Desk) SetConnection(ctx context.Context, l data.Connection) error {
	l.Reason = data.CleanLine(l.Reason, data.MaxNote)
	err := d.write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account()
		if err != nil || !a.Joined() {
			return err
		}
		if a.Paused {
			l = data.Connection{State: data.Paused, Reason: pausedWords}
		}
		before, err := tx.Connection()
		if err != nil {
			return err
		}
		if l.Since = before.Since; l.State != before.State {
			l.Since = d.Now()
		}
		if l == before {
			return nil
		}
		if err := tx.SaveConnection(l); err != nil {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("tell how the account stands: %w", err)
	}
	return nil
}

// KeyRenewed says that there is another key: what waited for one is asked again.
func (d *Desk) KeyRenewed(ctx context.Context) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		if err := tx.RetryUnauthorized(d.Now()); err != nil {
			return err
		}
		link, err := tx.Connection()
		if err != nil {
			return err
		}
		if link.State == data.KeyRefused {
			if err := tx.SaveConnection(data.Connection{Since: d.Now()}); err != nil {
				return err
			}
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("take up the new key: %w", err)
	}
	return nil
}
