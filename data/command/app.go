package command

import (
	"context"
	"errors"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// ProfileRef names a profile that need not be open, or exist.
type ProfileRef struct {
	Folder string
	Demo   bool // it is to be a demo; whether it is one stands in its database
	// Version is the program's, as it is told to whoever is asked for something.
	Version string
}

// databaseFile returns the path of the profile's database, whether it is there or not.
func (p ProfileRef) databaseFile() string { return (&profile.Profile{Folder: p.Folder}).Database() }

// App is an open profile and the desk in it: what a window, a server or a command works with.
type App struct {
	*desk.Desk
	Profile  *profile.Profile
	Settings data.Settings // as they stood when the profile was opened
	store    *store.Store
	version  string
}

// Open opens the profile and its database, which is made where there is none.
// A profile that is to be a demo gets the demo's world before anybody sees it; a
// real desk in its folder gives data.ErrNoDemo.
func (p ProfileRef) Open(ctx context.Context, now func() time.Time) (*App, error) {
	s, err := p.openProfile(ctx, now)
	if err != nil {
		return nil, err
	}
	if p.Demo {
		if err := s.seedDemo(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// openProfile opens the profile as it is.
func (p ProfileRef) openProfile(ctx context.Context, now func() time.Time) (*App, error) {
	folder, err := profile.Open(p.Folder)
	if err != nil {
		return nil, err
	}
	s := &App{Profile: folder, version: p.Version}
	if s.store, err = store.Open(ctx, folder.Database(), now); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Desk = desk.New(s.store)
	logError(ctx, "end the blocks that are due", s.expireBlocks(ctx)) // reads see that they have ended all the same
	if s.Settings, err = s.Desk.Settings(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database, then the profile.
func (s *App) Close() error {
	var errs []error
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(append(errs, s.Profile.Close())...)
}

// open opens the profile that the command line names.
func (r *run) open() (*App, error) { return r.ref.Open(r.ctx, r.deps.Now) }

// openCustomer opens the profile and looks up a customer by a number in any spelling.
func (r *run) openCustomer(phone string) (*App, data.Customer, error) {
	s, err := r.open()
	if err != nil {
		return nil, data.Customer{}, err
	}
	c, err := s.customer(r.ctx, phone)
	if err != nil {
		s.Close()
		return nil, c, err
	}
	return s, c, nil
}

func (s *App) customer(ctx context.Context, phone string) (data.Customer, error) {
	number, err := data.ParsePhone(phone, s.Settings.Country)
	if err != nil {
		return data.Customer{}, err
	}
	c, err := s.CustomerByPhone(ctx, number)
	if errors.Is(err, data.ErrNotFound) {
		return c, userErrorf("%s is not known here.", number.Pretty())
	}
	return c, err
}
