package cli

import (
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

// maxListedPairs is how many pairs are listed at most.
const maxListedPairs = 100_000

// pairJSON is the JSON of two customers who may be the same person.
type pairJSON struct {
	ID        int64           `json:"id"`
	First     data.Address    `json:"first"`
	Second    data.Address    `json:"second"`
	Reason    data.PairReason `json:"reason"`
	At        data.Moment     `json:"at"`
	State     data.PairState  `json:"state"`
	DecidedAt data.Moment     `json:"decidedAt"`
	Blocked   bool            `json:"blocked"` // the first is, and so is the second while it is not decided
}

type pairsListCmd struct {
	Phone string `arg:"" optional:"" help:"A customer; decided pairs are listed as well."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c pairsListCmd) Run(r *run) error {
	a, pairs, err := c.open(r)
	if err != nil {
		return err
	}
	defer a.Close()
	var ids []int64
	for _, p := range pairs {
		ids = append(ids, p.First, p.Second)
	}
	customers, err := a.CustomersByID(r.ctx, ids)
	if err != nil {
		return err
	}
	list, rows := r.out.startList(), [][]string{{"PAIR", "SINCE", "FIRST", "SECOND", "STATE", "WHY"}}
	for _, p := range pairs {
		first, second := customers[p.First], customers[p.Second]
		blocked := first.Status(a.Now()) == data.Blocked
		if c.JSON {
			err := list.add(pairJSON{p.ID, first.Address, second.Address, p.Reason, p.At, p.State, p.DecidedAt, blocked})
			if err != nil {
				return err
			}
			continue
		}
		state := string(p.State)
		if blocked && p.State == data.PairOpen {
			state += ", blocked"
		}
		rows = append(rows, []string{
			formatInt(p.ID), formatTime(p.At), data.OneLine(customerLabel(first), 60), data.OneLine(customerLabel(second), 60), state, p.Reason.Text(),
		})
	}
	switch {
	case c.JSON:
		list.end()
	case len(pairs) == 0:
		r.out.printLine("No pairs are undecided.")
	default:
		r.out.printTable(rows)
	}
	return nil
}

// open opens the profile and reads the pairs that are listed.
func (c pairsListCmd) open(r *run) (*app.App, []data.Pair, error) {
	if c.Phone != "" {
		a, customer, err := r.openCustomer(c.Phone)
		if err != nil {
			return nil, nil, err
		}
		pairs, err := a.PairsOf(r.ctx, customer.ID)
		return a, pairs, err
	}
	a, err := r.open()
	if err != nil {
		return nil, nil, err
	}
	pairs, err := a.Pairs(r.ctx, maxListedPairs)
	return a, pairs, err
}

type pairsJoinCmd struct {
	ID int64 `arg:"" help:"The pair's number, as printed by list."`
	actorFlags
}

func (c pairsJoinCmd) Run(r *run) error {
	return r.decidePair(c.ID, "The two are one customer now: %s.", func(a *app.App) error { return a.JoinPair(r.ctx, c.toActor(), c.ID) })
}

type pairsKeepApartCmd struct {
	ID      int64 `arg:"" help:"The pair's number, as printed by list."`
	Discard bool  `help:"Keep out of sight the messages that were held only because of the other's block."`
	actorFlags
}

func (c pairsKeepApartCmd) Run(r *run) error {
	return r.decidePair(c.ID, "%s and %s stay two customers.", func(a *app.App) error { return a.KeepApart(r.ctx, c.toActor(), c.ID, c.Discard) })
}

type pairsSplitCmd struct {
	ID int64 `arg:"" help:"The pair's number, as printed by list with the customer."`
	actorFlags
}

func (c pairsSplitCmd) Run(r *run) error {
	return r.decidePair(c.ID, "%s and %s are two customers again.", func(a *app.App) error { return a.SplitPair(r.ctx, c.toActor(), c.ID) })
}

type pairsAskAgainCmd struct {
	ID int64 `arg:"" help:"The pair's number, as printed by list with the customer."`
	actorFlags
}

func (c pairsAskAgainCmd) Run(r *run) error {
	return r.decidePair(c.ID, "%s and %s are to be decided again.", func(a *app.App) error { return a.AskAgain(r.ctx, c.toActor(), c.ID) })
}

// decidePair decides a pair and prints done, with its customers as they are then.
func (r *run) decidePair(id int64, done string, decide func(a *app.App) error) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := decide(a); err != nil {
		return err
	}
	p, err := a.Pair(r.ctx, id)
	if err != nil {
		return err
	}
	customers, err := a.CustomersByID(r.ctx, []int64{p.First, p.Second})
	if err != nil {
		return err
	}
	labels := []any{customerLabel(customers[p.First])}
	if p.State != data.PairJoined {
		labels = append(labels, customerLabel(customers[p.Second]))
	}
	r.out.printLine(done, labels...)
	return nil
}
