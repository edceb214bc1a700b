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

// Place is which profile is meant.
type Place struct {
	Folder string
	Demo   bool // it is to be a demo; whether it is one stands in its database
	// Version is the program's, as it is told to whoever is asked for something.
	Version string
}

// database is the file that holds the place's desk, whether it is there or not.
func (p Place) database() string { return (&profile.Profile{Folder: p.Folder}).Database() }

// Session is an open profile and the desk in it.
type Session struct {
	*desk.Desk
	Profile  *profile.Profile
	Settings data.Settings // as they stood when the profile was opened
	store    *store.Store
	version  string
}

// Open opens the profile and its database, which is made where there is none.
// A place that is to be a demo gets the demo's world before anybody sees it; a
// real desk in that place gives data.ErrNoDemo.
func (p Place) Open(ctx context.Context, now func() time.Time) (*Session, error) {
	s, err := p.enter(ctx, now)
	if err != nil {
		return nil, err
	}
	if p.Demo {
		if err := s.furnish(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// enter opens the profile as it is.
func (p Place) enter(ctx context.Context, now func() time.Time) (*Session, error) {
	folder, err := profile.Open(p.Folder)
	if err != nil {
		return nil, err
	}
	s := &Session{Profile: folder, version: p.Version}
	if s.store, err = store.Open(ctx, folder.Database(), now); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Desk = desk.New(s.store)
	report(ctx, "end the blocks that are due", s.expire(ctx)) // reads see that they have ended all the same
	if s.Settings, err = s.Desk.Settings(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the database, then the profile.
func (s *Session) Close() error {
	var errs []error
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(append(errs, s.Profile.Close())...)
}

// open opens the profile that the command line names.
func (r *run) open() (*Session, error) { return r.place.Open(r.ctx, r.deps.Now) }

// openCustomer opens the profile and looks up a customer by a number in any spelling.
func (r *run) openCustomer(phone string) (*Session, data.Customer, error) {
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

func (s *Session) customer(ctx context.Context, phone string) (data.Customer, error) {
	number, err := data.ParsePhone(phone, s.Settings.Country)
	if err != nil {
		return data.Customer{}, err
	}
	c, err := s.CustomerByPhone(ctx, number)
	if errors.Is(err, data.ErrNotFound) {
		return c, refuse("%s is not known here.", number.Pretty())
	}
	return c, err
}
