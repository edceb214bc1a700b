package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Join joins the desk to an account from now on. What was written before is never
// sent, and DoubleTick learns of those blocked already only by ResendAll. Joining
// the same account again leaves what waits and a pause as they are; joining
// another keeps what was still to be sent to the one before here only. Join
// returns data.ErrDemo if the profile is a demo, and data.ErrInvalid or
// data.ErrPhone if the address or the number is none.
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
			if err := detachAccount(tx); err != nil {
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

// leftWords is why an outbox entry stays here after the desk left its account.
const leftWords = "The desk left the account"

// detachAccount ends the open outbox entries, which are kept here only, and forgets the
// sync state of the account.
func detachAccount(tx *store.Tx) error {
	if err := tx.KeepEntriesLocal(leftWords); err != nil {
		return err
	}
	return tx.ForgetSynced()
}

// Leave leaves the account that the desk is joined to. Entries that were still to be
// sent are kept here only.
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
		if err := detachAccount(tx); err != nil {
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

// pausedWords is the reason while the agent has paused the account.
const pausedWords = "Paused here"

// PauseAccount pauses the account, or ends its pause. While it is paused nothing
// is sent or fetched, and what happens here waits.
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
		conn := data.Connection{Since: d.Now()}
		if pause {
			conn.State, conn.Reason = data.Paused, pausedWords
		}
		if err := tx.SaveConnection(conn); err != nil {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
	if err != nil {
		return fmt.Errorf("pause the account: %w", err)
	}
	return nil
}

// SetConnection stores the state of the connection if it has changed. It sets Since
// itself, and leaves it as it is while State stays the same.
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

// KeyRenewed makes due at once what waited for another key.
func (d *Desk) KeyRenewed(ctx context.Context) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		if err := tx.RetryUnauthorized(d.Now()); err != nil {
			return err
		}
		conn, err := tx.Connection()
		if err != nil {
			return err
		}
		if conn.State == data.KeyRefused {
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
