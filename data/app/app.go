// Package app puts a profile together: its database, the desk over it, and the
// work that is done beside it. The window, the HTTP server and the command line
// all start from here.
package app

import (
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// App is an open profile and the desk in it.
type App struct {
	*desk.Desk
	Profile  *profile.Profile
	Settings data.Settings // as they stood when the profile was opened or reset
	store    *store.Store
	version  string
}

// Writable returns nil if the profile can be written to, else data.ErrReadOnly and why:
// then it can be read alone.
func (a *App) Writable() error { return a.store.ReadOnly() }

// Close closes the database, then the profile.
func (a *App) Close() error {
	var errs []error
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(append(errs, a.Profile.Close())...)
}
