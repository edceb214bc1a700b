package ui

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// pairDialog undoes what was decided of a pair.
type pairDialog struct {
	dialogs *dialogs.Presenter
	desk    *desk.Desk
	actor   func() data.Actor
	decide  func(customer int64) // shows a pair of the customer that is to be decided
}

// pairState is a pair and its customers as they are now.
type pairState struct {
	pair          data.Pair
	first, second data.Customer
}

// open shows the pair of a customer that is to be decided, or else opens the dialog
// about the last that was decided.
func (p *pairDialog) open(customer int64) {
	dialogs.Load(p.dialogs, func(ctx context.Context) (s pairState, err error) {
		pairs, err := p.desk.PairsOf(ctx, customer)
		if err != nil {
			return s, err
		}
		for _, one := range pairs {
			if s.pair.State != data.PairOpen && one.State != data.PairFound {
				s.pair = one
			}
		}
		if s.pair.ID == 0 {
			return s, data.UserError("There is no open question whether this customer is the same person as another.")
		}
		return p.read(ctx, s.pair)
	}, p.show)
}

// openDecided opens the dialog about a pair that was decided, to undo that.
func (p *pairDialog) openDecided(pair int64) {
	dialogs.Load(p.dialogs, func(ctx context.Context) (s pairState, err error) {
		if s.pair, err = p.desk.Pair(ctx, pair); err != nil {
			return s, err
		}
		return p.read(ctx, s.pair)
	}, func(s pairState) {
		if s.pair.State == data.PairOpen {
			p.dialogs.Notify("Not undone", "Someone undid that meanwhile, and this pair is undecided again.")
			return
		}
		p.show(s)
	})
}

func (p *pairDialog) read(ctx context.Context, pair data.Pair) (s pairState, err error) {
	s.pair = pair
	if s.first, err = p.desk.Customer(ctx, pair.First); err != nil {
		return s, err
	}
	s.second, err = p.desk.Customer(ctx, pair.Second)
	return s, err
}

func (p *pairDialog) show(s pairState) {
	by := p.actor()
	switch s.pair.State {
	case data.PairApart:
		p.dialogs.Ask("Kept apart", dialogs.Form(
			dialogs.Paragraph(pairName(s.first)+" and "+pairName(s.second)+" are two customers."),
			dialogs.Paragraph("If the question is asked again, a block of one holds for both until you decide, and messages that were released are held again."),
		), "Ask again", widgets.Outline, func(d *widgets.Dialog) {
			p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.AskAgain(ctx, by, s.pair.ID) })
		})
	case data.PairJoined:
		p.dialogs.Ask("Split", dialogs.Form(
			dialogs.Paragraph(pairName(s.first)+" was joined from two customers."),
			dialogs.Paragraph("After a split, each gets back what came from or went to its addresses. Tags set since then stay on both, and a block made since then holds for both. You will be asked again whether they are the same person."),
		), "Split", widgets.Outline, func(d *widgets.Dialog) {
			p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.SplitPair(ctx, by, s.pair.ID) })
		})
	default:
		p.decide(s.pair.First)
	}
}

// pairName returns what a customer is called, for use within a sentence.
func pairName(c data.Customer) string { return data.OneLine(c.Title(), 60) }
