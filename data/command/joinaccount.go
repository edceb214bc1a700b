package command

import (
	"context"
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/account"
)

// TestAccount asks an account something harmless, with the key that is kept where
// none is given, and says in words what came of it.
func (s *App) TestAccount(ctx context.Context, a data.Account, key string) (string, error) {
	if key == "" {
		kept, err := s.Credentials().Key()
		if err != nil {
			return "", err
		}
		key = kept
	}
	found, err := account.TestConnection(ctx, a.Base, key, s.version)
	if err != nil {
		return "", err
	}
	return found.Text(a.Number), nil
}

// JoinAccount joins the desk to an account, with the key that is kept where none
// is given, and says in words where it is kept.
func (s *App) JoinAccount(ctx context.Context, a data.Account, key string) (string, error) {
	if _, err := data.ParseBase(a.Base); err != nil {
		return "", err
	}
	keys := s.Credentials()
	if key == "" {
		return keys.Location(), s.Join(ctx, a)
	}
	if err := keys.Save(key); err != nil {
		return "", err
	}
	if err := errors.Join(s.Join(ctx, a), s.KeyRenewed(ctx)); err != nil {
		return "", err
	}
	return keys.Location(), nil
}

// LeaveAccount joins the desk to none, and forgets the key.
func (s *App) LeaveAccount(ctx context.Context) error {
	if err := s.Leave(ctx); err != nil {
		return err
	}
	return s.Credentials().Forget()
}
