package cli

import (
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/profile"
)

// actorFlags are the flags that say who acts.
type actorFlags struct {
	As *nonEmpty `help:"The agent's name; if left out, the name of the computer's user." placeholder:"NAME"`
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
	Add    bool   `help:"Block the number or other address even if it is not known here yet."`
	Reason string `help:"One of the desk's reasons, such as spam, abuse or scam." placeholder:"WORD"`
	Note   string `help:"A note for colleagues, at most 500 characters." placeholder:"TEXT"`
	For    term   `help:"Until when: a time from now such as 8h, 7d or 2w, or a date; if left out, for good." placeholder:"TERM"`
	Review term   `help:"When to review it: a time from now or a date." placeholder:"TERM"`
	Change bool   `help:"Change the existing block, even to an earlier end. What is left out stays as it is."`
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

// term is when something ends, as it was typed.
type term string

// UnmarshalText is called by kong. It refuses what is neither a span nor a date; whether
// it is ahead is found out when the command runs.
func (t *term) UnmarshalText(text []byte) error {
	if _, ok := data.ParseEnd(string(text), 0); !ok {
		return fmt.Errorf("%q is neither a span of time (90m, 8h, 7d, 2w) nor a date (2026-11-29, 2026-11-29 14:00)", data.OneLine(string(text), 40))
	}
	*t = term(text)
	return nil
}

// parseTerm parses a moment in the future; an empty text is 0.
func parseTerm(text term, now data.Moment) (data.Moment, error) {
	if text == "" {
		return 0, nil
	}
	return data.ParseTerm(string(text), now)
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
	customer, address, err := a.FindTyped(r.ctx, c.Phone, a.Settings.Country)
	if c.Change && err == nil {
		return c.change(r, a, customer, request)
	}
	if errors.Is(err, data.ErrNotFound) && c.Change {
		return data.UserErrorf("%s is not known here, so there is no block to change.", address.Pretty())
	}
	if errors.Is(err, data.ErrNotFound) && !c.Add {
		return data.UserErrorf("%s is not known here. Use --add to block it anyway.", address.Pretty())
	}
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	outcome, err := a.BlockAddress(r.ctx, c.actorFlags.toActor(), address, request)
	if err != nil {
		return err
	}
	name, now := customerLabel(outcome.Customer), a.Now()
	switch outcome.Result {
	case data.BlockChanged:
		r.out.printLine("%s was already blocked. The block was changed; it holds %s.", name, holdsUntil(outcome.Customer.Block.Until, now))
	case data.BlockKept:
		r.out.printLine("%s is blocked %s, which is later. Nothing was changed; --change sets an earlier end.", name, holdsUntil(outcome.Customer.Block.Until, now))
	case data.BlockSame:
		r.out.printLine("%s was already blocked%s. Nothing was changed.", name, blockSummary(*outcome.Customer.Block, now))
	default:
		r.out.printLine("%s is now blocked.", name)
	}
	return nil
}

// change changes the block in force of the customer with the address.
func (c blockCmd) change(r *run, a *app.App, customer data.Customer, request data.BlockRequest) error {
	var amend data.AmendRequest
	if c.Reason != "" {
		amend.Reason = &request.Reason
	}
	if c.Note != "" {
		amend.Note = &request.Note
	}
	if c.For != "" {
		amend.Until = &request.Until
	}
	if c.Review != "" {
		amend.Review = &request.Review
	}
	if amend == (data.AmendRequest{}) {
		return data.UserErrorf("Say what to change: --reason, --note, --for or --review.")
	}
	outcome, err := a.Amend(r.ctx, c.actorFlags.toActor(), customer.ID, amend)
	name := customerLabel(outcome.Customer)
	switch {
	case err != nil:
		return err
	case outcome.Changed:
		r.out.printLine("The block of %s was changed; it holds %s.", name, holdsUntil(outcome.Customer.Block.Until, a.Now()))
	case outcome.Customer.Block == nil:
		return data.UserErrorf("%s is not blocked, so there is no block to change.", name)
	default:
		r.out.printLine("The block of %s is already like that. Nothing was changed.", name)
	}
	return nil
}

// holdsUntil returns until when a block holds, for use within a sentence.
func holdsUntil(until, now data.Moment) string {
	if until == 0 {
		return "for good"
	}
	return "until " + formatTime(until) + ", for " + until.Remaining(now)
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
