package app

import (
	"context"
	"errors"
	"sync"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/fetch"
	"github.com/latchdesk/latchdesk/data/outbox"
)

// Credentials returns the store of the key to the profile's account.
func (a *App) Credentials() *credentials.Store {
	return credentials.NewStore(a.Profile.Folder)
}

// KeyLocation returns where the key is stored, in words, or "" if there is none.
func (a *App) KeyLocation() string { return a.Credentials().Location() }

// TestAccount makes one harmless request to an account and returns a sentence
// on the outcome. An empty key stands for the stored one; credentials.ErrNoKey is
// returned if there is none.
func (a *App) TestAccount(ctx context.Context, acct data.Account, key string) (string, error) {
	if key == "" {
		stored, err := a.Credentials().Key()
		if err != nil {
			return "", err
		}
		key = stored
	}
	report, err := connection.Test(ctx, acct.Base, key, a.version)
	if err != nil {
		return "", err
	}
	return report.Text(acct.Number), nil
}

// JoinAccount joins the desk to an account and returns where its key is stored,
// in words. An empty key leaves the stored one in place.
func (a *App) JoinAccount(ctx context.Context, acct data.Account, key string) (location string, err error) {
	if key != "" {
		return a.JoinAccountWithKey(ctx, acct, key)
	}
	if _, err := data.ParseBase(acct.Base); err != nil {
		return "", err
	}
	return a.Credentials().Location(), a.Join(ctx, acct)
}

// JoinAccountWithKey joins the desk to an account, stores its key and returns
// where, in words. An empty key is an error.
func (a *App) JoinAccountWithKey(ctx context.Context, acct data.Account, key string) (location string, err error) {
	if _, err := data.ParseBase(acct.Base); err != nil {
		return "", err
	}
	if err := a.Writable(); err != nil {
		return "", err // before the key is kept
	}
	keys := a.Credentials()
	if err := keys.Save(key); err != nil {
		return "", err
	}
	if err := errors.Join(a.Join(ctx, acct), a.KeyRenewed(ctx)); err != nil {
		return "", err
	}
	return keys.Location(), nil
}

// LeaveAccount parts the desk from its account and forgets the key.
func (a *App) LeaveAccount(ctx context.Context) error {
	if err := a.Leave(ctx); err != nil {
		return err
	}
	return a.Credentials().Forget()
}

// SyncAccount fetches all chats of the account in this process. The caller must
// hold the profile's work lock.
func (a *App) SyncAccount(ctx context.Context) (fetch.Result, error) {
	breaker := a.newBreaker()
	defer breaker.Close()
	return fetch.NewSyncer(a.Desk, breaker).FetchAll(ctx)
}

// workForAccount sends what waits in the outbox and fetches what is new, until
// ctx ends.
func (a *App) workForAccount(ctx context.Context) {
	breaker := a.newBreaker()
	defer breaker.Close()
	var jobs sync.WaitGroup
	jobs.Go(func() { outbox.NewDispatcher(a.Desk, breaker).Run(ctx) })
	jobs.Go(func() { fetch.NewSyncer(a.Desk, breaker).Run(ctx) })
	jobs.Wait()
}

func (a *App) newBreaker() *connection.Breaker {
	return connection.NewBreaker(connection.Config{Desk: a.Desk, Credentials: a.Credentials(), Version: a.version})
}
