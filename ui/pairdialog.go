package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// pairDialog asks whether two customers are the same person, and undoes the answers.
type pairDialog struct {
	dialogs *dialogs.Presenter
	desk    *desk.Desk
	actor   func() data.Actor
}

// pairSide is one customer of a pair, as the dialog compares them.
type pairSide struct {
	customer  data.Customer
	addresses []data.Identity
	last      data.LastWords
}

// pairState is a pair and its customers as they are now.
type pairState struct {
	pair          data.Pair
	first, second pairSide
}

// open opens the dialog about the pair of a customer that is to be decided, or else
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
			return s, data.UserError("Nobody asks any more whether this customer is the same person as another.")
		}
		if s.first, err = p.side(ctx, s.pair.First); err != nil {
			return s, err
		}
		s.second, err = p.side(ctx, s.pair.Second)
		return s, err
	}, p.show)
}

// openFirst opens the dialog about the pair that has waited longest for a decision.
func (p *pairDialog) openFirst() {
	dialogs.Load(p.dialogs, func(ctx context.Context) (int64, error) {
		pairs, err := p.desk.Pairs(ctx, 1)
		if err != nil || len(pairs) == 0 {
			return 0, err
		}
		return pairs[0].First, nil
	}, func(first int64) {
		if first != 0 {
			p.open(first)
		}
	})
}

func (p *pairDialog) side(ctx context.Context, id int64) (s pairSide, err error) {
	if s.customer, err = p.desk.Customer(ctx, id); err != nil {
		return s, err
	}
	if s.addresses, err = p.desk.Identities(ctx, s.customer.ID); err != nil {
		return s, err
	}
	words, err := p.desk.LastWords(ctx, []int64{s.customer.ID})
	s.last = words[s.customer.ID]
	return s, err
}

func (p *pairDialog) show(s pairState) {
	by := p.actor()
	switch s.pair.State {
	case data.PairApart:
		p.dialogs.Ask("Kept Apart", dialogs.Form(
			dialogs.Paragraph(pairName(s.first.customer)+" and "+pairName(s.second.customer)+" are two customers."),
			dialogs.Paragraph("Asked again, a block of one holds for both until you decide, and what was let go of is held again."),
		), "Ask again", widgets.Outline, func(d *widgets.Dialog) {
			p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.AskAgain(ctx, by, s.pair.ID) })
		})
	case data.PairJoined:
		p.dialogs.Ask("Split", dialogs.Form(
			dialogs.Paragraph(pairName(s.first.customer)+" was joined of two customers."),
			dialogs.Paragraph("Split, each has again what came from or went to its addresses. Tags set since stay on both, and a block made since holds for both. Whether they are the same person is asked again."),
		), "Split", widgets.Outline, func(d *widgets.Dialog) {
			p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.SplitPair(ctx, by, s.pair.ID) })
		})
	default:
		p.ask(s, by)
	}
}

// ask asks about a pair that is not decided.
func (p *pairDialog) ask(s pairState, by data.Actor) {
	now := p.desk.Now()
	why := s.pair.Reason.Text()
	if s.first.customer.Status(now) == data.Blocked {
		why += " The block holds for both until you decide."
	}
	discard := widgets.NewCheck("Discard what is held of the other", nil)
	var d *widgets.Dialog
	apart := widgets.NewButton("Keep apart", widgets.Outline, func() {
		out := discard.Checked
		p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.KeepApart(ctx, by, s.pair.ID, out) })
	})
	parts := []fyne.CanvasObject{dialogs.Paragraph(why)}
	for _, side := range []pairSide{s.first, s.second} {
		parts = append(parts, dialogs.Bold(data.OneLine(side.customer.Title(), 60)), dialogs.Paragraph(strings.Join(sideLines(side, now), "\n")))
	}
	parts = append(parts,
		widgets.NewBullet("Join: one customer, one chat, all addresses. A block stays, what is held stays held. Split undoes it."),
		widgets.NewBullet("Keep apart: two customers. A block stays with whose it is, the other's held messages come into the chat. It is not asked again."))
	if s.first.isBorrowed() && s.first.customer.Held > 0 || s.second.isBorrowed() && s.second.customer.Held > 0 {
		parts = append(parts, discard)
	}
	parts = append(parts, dialogs.LinkRow(apart))
	d = p.dialogs.Ask("Same Person?", dialogs.Form(parts...), "Join", widgets.Outline, func(d *widgets.Dialog) {
		p.dialogs.Run(d, func(ctx context.Context) error { return p.desk.JoinPair(ctx, by, s.pair.ID) })
	}, widgets.WithCancel("Decide later", nil))
}

// isBorrowed reports whether the customer is blocked by the block of the other.
func (s pairSide) isBorrowed() bool {
	return s.customer.Block != nil && s.customer.Block.Borrowed != 0
}

// sideLines returns what there is to compare of one customer.
func sideLines(s pairSide, now data.Moment) []string {
	var addresses []string
	for _, i := range s.addresses {
		addresses = append(addresses, i.Address.Pretty())
	}
	status := "Active"
	if b := s.customer.Block; s.customer.Status(now) == data.Blocked {
		status = "Blocked"
		if s.isBorrowed() {
			status = "Blocked as the same person"
		}
		if b.By.Name != "" {
			status += " by " + data.OneLine(b.By.Name, 60)
		}
		if b.Reason != "" {
			status += ", " + b.Reason
		}
	}
	lines := []string{data.OneLine(strings.Join(addresses, ", "), 200), status + ", " + data.Count(s.customer.Held, "message") + " held"}
	if len(s.customer.Tags) > 0 {
		lines = append(lines, "Tags: "+data.OneLine(strings.Join(s.customer.Tags, ", "), 100))
	}
	if s.last.In != nil {
		lines = append(lines, "Wrote last: "+data.OneLine(s.last.In.Preview(), 100))
	}
	return lines
}

// pairName returns what a customer is called, for use within a sentence.
func pairName(c data.Customer) string { return data.OneLine(c.Title(), 60) }
