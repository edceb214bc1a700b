package cli

import (
	"github.com/latchdesk/latchdesk/data"
)

type unblockCmd struct {
	Phone   string `arg:"" help:"The customer's number, in any usual spelling, or another address: a user id, a group, a handle."`
	Note    string `help:"A note for colleagues, at most 500 characters." placeholder:"TEXT"`
	Discard bool   `help:"Keep the held messages out of sight."`
	actorFlags
}

func (c unblockCmd) Run(r *run) error {
	a, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer a.Close()
	outcome, err := a.Unblock(r.ctx, c.actorFlags.toActor(), customer.ID, data.UnblockRequest{Note: c.Note, Discard: c.Discard})
	if err != nil {
		return err
	}
	if !outcome.Changed {
		r.out.printLine("%s was not blocked. Nothing was changed.", customerLabel(outcome.Customer))
		return nil
	}
	r.out.printLine("%s is now unblocked.", customerLabel(outcome.Customer))
	return nil
}
