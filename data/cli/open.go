package cli

import (
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

// open opens the profile that the command line names.
func (r *run) open() (*app.App, error) { return r.ref.Open(r.ctx, r.deps.Now) }

// openCustomer opens the profile and looks up a customer by a number in any
// usual spelling, or by another address.
func (r *run) openCustomer(text string) (*app.App, data.Customer, error) {
	a, err := r.open()
	if err != nil {
		return nil, data.Customer{}, err
	}
	c, err := r.findCustomer(a, text)
	if err != nil {
		a.Close()
		return nil, c, err
	}
	return a, c, nil
}

func (r *run) findCustomer(a *app.App, text string) (data.Customer, error) {
	c, address, err := a.FindTyped(r.ctx, text, a.Settings.Country)
	if errors.Is(err, data.ErrNotFound) {
		return c, data.UserErrorf("%s is not known here.", address.Pretty())
	}
	return c, err
}

// requireDatabase returns an error if the profile has no database: a backup of
// nothing, or proof of it, made of the wrong folder, would be found out only
// when it is needed. verb is what would be done with it.
func (r *run) requireDatabase(verb string) error {
	if r.ref.HasDatabase() {
		return nil
	}
	return data.UserErrorf("There is no desk in %s yet, so there is nothing to %s.", r.ref.Folder, verb)
}
