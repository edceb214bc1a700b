package cli

import (
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/profile"
)

// actorFlags are the flags that say who acts.
type actorFlags struct {
	As *nonEmpty `help:"The agent's name; the name of the computer's user where it is left out." placeholder:"NAME"`
}

func (a actorFlags) toActor() data.Actor {
	name := ""
	if a.As != nil {
		name = data.CleanName(string(*a.As))
	}
	if name == "" {
		name = profile.UserName()
	}
	return data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaCommand}
}

type blockCmd struct {
	Phone  string `arg:"" help:"The customer's number, in any usual spelling, or another address: a user id, a group, a handle."`
	Add    bool   `help:"Block a number or another address that is not known here, too."`
	Reason string `help:"One of the desk's reasons, such as spam, abuse or scam." placeholder:"WORD"`
	Note   string `help:"What others should know, in at most 500 characters." placeholder:"TEXT"`
	For    string `help:"Until when: a span such as 8h, 7d or 2w, or a date; for good where it is left out." placeholder:"TERM"`
	Review string `help:"When to look at it again, as a span or a date." placeholder:"TERM"`
	actorFlags
}

// request returns the request to the desk for the flags.
func (c blockCmd) request(now data.Moment) (request data.BlockRequest, err error) {
	request = data.BlockRequest{Reason: c.Reason, Note: c.Note}
	if request.Until, err = parseTerm(c.For, now); err != nil {
		return request, err
	}
	request.Review, err = parseTerm(c.Review, now)
	return request, err
}

// parseTerm parses a moment in the future; an empty text is 0.
func parseTerm(text string, now data.Moment) (data.Moment, error) {
	if text == "" {
		return 0, nil
	}
	return data.ParseTerm(text, now)
}

func (c blockCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	request, err := c.request(a.Now())
	if err != nil {
		return err
	}
	_, address, err := a.FindTyped(r.ctx, c.Phone, a.Settings.Country)
	if errors.Is(err, data.ErrNotFound) && !c.Add {
		return data.UserErrorf("%s is not known here. Add --add to block it all the same.", address.Pretty())
	}
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	outcome, err := a.BlockAddress(r.ctx, c.actorFlags.toActor(), address, request)
	if err != nil {
		return err
	}
	if !outcome.Changed {
		r.out.printLine("%s was blocked already%s. Nothing was changed.", customerLabel(outcome.Customer), blockSummary(*outcome.Customer.Block, a.Now()))
		return nil
	}
	r.out.printLine("%s is blocked now.", customerLabel(outcome.Customer))
	return nil
}

// customerLabel returns the name with the address, or only the address if there is no
// name.
func customerLabel(c data.Customer) string {
	address := c.Address.Pretty()
	if c.Phone == "" && c.Username != "" {
		address = "@" + c.Username + ", " + address
	}
	if c.Name == "" {
		return address
	}
	return fmt.Sprintf("%s (%s)", c.Name, address)
}

// blockSummary returns who blocked and when, for use within a sentence.
func blockSummary(b data.Block, now data.Moment) string {
	by := ""
	if b.By.Name != "" {
		by = ", by " + b.By.Name
	}
	return by + ", " + b.At.Relative(now)
}
