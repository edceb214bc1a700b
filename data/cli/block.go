package cli

import (
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/profile"
)

// actorFlags is who acts from the command line.
type actorFlags struct {
	As *nonEmpty `help:"The agent's name; the name of the computer's user where it is left out." placeholder:"NAME"`
}

func (a actorFlags) toActor() data.Actor {
	name := ""
	if a.As != nil {
		name = data.CleanLine(string(*a.As), data.MaxName)
	}
	if name == "" {
		name = profile.UserName()
	}
	return data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaCommand}
}

type blockCmd struct {
	Phone  string `arg:"" help:"The customer's number, in any usual spelling."`
	Add    bool   `help:"Block a number that is not known here, too."`
	Reason string `help:"One of the desk's reasons, such as spam, abuse or scam." placeholder:"WORD"`
	Note   string `help:"What others should know, in at most 500 characters." placeholder:"TEXT"`
	For    string `help:"Until when: a span such as 8h, 7d or 2w, or a date; for good where it is left out." placeholder:"TERM"`
	Review string `help:"When to look at it again, as a span or a date." placeholder:"TERM"`
	actorFlags
}

// request reads what the flags ask for.
func (c blockCmd) request(now data.Moment) (ask data.BlockRequest, err error) {
	ask = data.BlockRequest{Reason: c.Reason, Note: c.Note}
	if ask.Until, err = parseTerm(c.For, now); err != nil {
		return ask, err
	}
	ask.Review, err = parseTerm(c.Review, now)
	return ask, err
}

// parseTerm reads a moment ahead; none is none.
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
	number, err := data.ParsePhone(c.Phone, a.Settings.Country)
	if err != nil {
		return err
	}
	ask, err := c.request(a.Now())
	if err != nil {
		return err
	}
	_, err = a.CustomerByPhone(r.ctx, number)
	if errors.Is(err, data.ErrNotFound) && !c.Add {
		return data.UserErrorf("%s is not known here. Add --add to block it all the same.", number.Pretty())
	}
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	done, err := a.BlockNumber(r.ctx, c.actorFlags.toActor(), number, ask)
	if err != nil {
		return err
	}
	if !done.Changed {
		r.out.printLine("%s was blocked already%s. Nothing was changed.", customerLabel(done.Customer), blockSummary(*done.Customer.Block, a.Now()))
		return nil
	}
	r.out.printLine("%s is blocked now.", customerLabel(done.Customer))
	return nil
}

// customerLabel says who is meant: the name with the number, or the number.
func customerLabel(c data.Customer) string {
	if c.Name == "" {
		return c.Phone.Pretty()
	}
	return fmt.Sprintf("%s (%s)", c.Name, c.Phone.Pretty())
}

// blockSummary says who blocked and when, within a sentence.
func blockSummary(b data.Block, now data.Moment) string {
	by := ""
	if b.By.Name != "" {
		by = ", by " + b.By.Name
	}
	return by + ", " + b.At.Relative(now)
}
