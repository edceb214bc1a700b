package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// tell writes down, in the transaction of a change of status, what DoubleTick
// is to be told of it. A desk that is joined to no account tells nobody.
func tell(tx *store.Tx, customer int64, act data.ErrandAct, event int64, now data.Moment) error {
	account, err := tx.Account()
	if err != nil || !account.Joined() {
		return err
	}
	before, whole, err := tx.StatusErrands(customer)
	if err != nil {
		return err
	}
	what := data.Tell(act, before, account.JoinedAt, whole)
	if what.Fold != 0 {
		if err := tx.FoldErrand(what.Fold); err != nil {
			return err
		}
	}
	if what.Write {
		if err := tx.AddErrand(data.Errand{CustomerID: customer, Act: act, EventSeq: event, At: now, State: data.ErrandWaiting, DueAt: now}); err != nil {
			return err
		}
	}
	return tx.Changed(data.AccountChanged, customer)
}

// carry writes down that a text is to be sent.
func carry(tx *store.Tx, m data.Message) error {
	err := tx.AddErrand(data.Errand{CustomerID: m.CustomerID, Act: data.TellText, MessageID: m.ID, At: m.RecordedAt, State: data.ErrandWaiting, DueAt: m.RecordedAt})
	if err != nil {
		return err
	}
	return tx.Changed(data.AccountChanged, m.CustomerID)
}

// blockedWords is why a text to who is blocked is not sent.
const blockedWords = "The customer is blocked"

// TakeErrand marks an errand as asked, before anything is sent: whoever falls
// over from now on leaves one that may have arrived. It tells whether there is
// anything to ask: not while another stands before it, never for a text to who is
// blocked, which is refused here, and never for a block that ended before it was
// ever sent: its end is written down first, and takes it back. A text that may
// have arrived is given all the same: its status is asked first, and that sends
// nothing. Joined is when the account was joined that would be asked: another one
// is not told.
func (d *Desk) TakeErrand(ctx context.Context, joined data.Moment, id int64) (e data.Errand, ask bool, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		account, err := tx.Account()
		if err != nil || !account.Joined() || account.Paused || account.JoinedAt != joined {
			return err
		}
		if e, err = tx.Errand(id); err != nil || !e.Open() {
			return err
		}
		if head, err := tx.IsHead(e); err != nil || !head {
			return err
		}
		c, err := tx.Customer(e.CustomerID)
		if err != nil {
			return err
		}
		if err := settle(tx, &c, d.Now()); err != nil {
			return err
		}
		if e, err = tx.Errand(id); err != nil || !e.Open() { // a block that has ended is folded
			return err
		}
		e.Lost = e.Lost || e.State == data.ErrandAsked // whoever took it before fell over
		if e.Act == data.TellText && !e.Lost {
			if data.Judge(c, d.Now(), data.OutgoingTraffic).Action != data.Deliver {
				return settleErrand(tx, e, data.Answer{Kind: data.SaidNo, Words: blockedWords})
			}
		}
		e.State, ask = data.ErrandAsked, true
		e.Tries++
		return tx.SaveErrand(e)
	})
	if err != nil {
		return data.Errand{}, false, fmt.Errorf("take an errand: %w", err)
	}
	return e, ask, nil
}

// AnswerErrand writes down what came of an errand that was asked. What the agent
// decided meanwhile stands, but for what is done there after all.
func (d *Desk) AnswerErrand(ctx context.Context, id int64, a data.Answer) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		e, err := tx.Errand(id)
		if err != nil {
			return err
		}
		if e.State != data.ErrandAsked && (e.State != data.ErrandKept || a.Kind != data.Answered) {
			return nil
		}
		return settleErrand(tx, e, a)
	})
	if err != nil {
		return fmt.Errorf("answer an errand: %w", err)
	}
	return nil
}

// settleErrand writes what came of an errand, and what that means for the text
// that it carries.
func settleErrand(tx *store.Tx, e data.Errand, a data.Answer) error {
	e.Code, e.Answer = a.Code, data.CleanLine(a.Words, data.MaxNote)
	switch a.Kind {
	case data.Answered:
		e.State = data.ErrandDone
	case data.SaidNo:
		e.State = data.ErrandRefused
		if e.Act == data.TellText {
			e.Lost = false // by its id DoubleTick knows that it did not go
		}
	case data.NotArrived:
		// Whoever tells this of an errand that was lost has asked for it.
		e.State, e.DueAt = data.ErrandWaiting, a.DueAt
		if a.Found {
			e.Lost = false
		}
	case data.SaidLater:
		e.State, e.DueAt = data.ErrandWaiting, a.DueAt
	case data.NoAnswer:
		e.State, e.DueAt, e.Lost = data.ErrandAsked, a.DueAt, true
	}
	if e.State == data.ErrandWaiting && e.Lost {
		e.State = data.ErrandAsked
	}
	if err := tx.SaveErrand(e); err != nil {
		return err
	}
	if err := tx.Changed(data.AccountChanged, e.CustomerID); err != nil || e.MessageID == 0 {
		return err
	}
	return settleText(tx, e, a)
}

// settleText moves the tick of a text whose errand has come to its end.
func settleText(tx *store.Tx, e data.Errand, a data.Answer) error {
	m, err := tx.Message(e.MessageID)
	if err != nil {
		return err
	}
	tick, failure := m.Tick, m.Failure
	switch e.State {
	case data.ErrandDone:
		if a.RemoteID != "" {
			if err := tx.SetRemote(m.ID, a.RemoteID); err != nil {
				return err
			}
		}
		if tick == data.KeptHere || tick == data.Waiting { // else news of it came before the answer
			tick, failure = max(a.Tick, data.Sent), ""
		}
	case data.ErrandRefused:
		tick, failure = data.Failed, e.Answer
	case data.ErrandKept:
		tick, failure = data.KeptHere, ""
	case data.ErrandWaiting:
		tick, failure = data.Waiting, ""
	}
	if tick == m.Tick && failure == m.Failure {
		return nil
	}
	if err := tx.SetTick(m.ID, tick, failure); err != nil {
		return err
	}
	return tx.Changed(data.MessageChanged, m.CustomerID)
}

// Retry has a refused errand asked once more, or one that waits asked at once.
// An older word on a customer's status is not told after a newer one.
func (d *Desk) Retry(ctx context.Context, errand int64) error {
	return d.decide(ctx, "try again", errand, func(tx *store.Tx, e *data.Errand) error {
		account, err := tx.Account()
		if err != nil {
			return err
		}
		if !account.Joined() {
			return fmt.Errorf("%w: the desk is joined to no account", data.ErrInvalid)
		}
		if !e.Open() && e.State != data.ErrandRefused {
			return errNothing
		}
		if e.Act != data.TellText && !e.Open() {
			if later, err := tx.Overtaken(*e); err != nil || later {
				return errors.Join(err, data.ErrChanged)
			}
		}
		if e.State == data.ErrandRefused {
			e.State, e.Tries, e.Code, e.Answer = data.ErrandWaiting, 0, 0, ""
			if e.Lost {
				e.State = data.ErrandAsked
			}
			if e.Act == data.TellText {
				e.At = d.Now() // as if it were written now: what became of it before is known
			}
		}
		e.DueAt = d.Now()
		return nil
	})
}

// KeepHere has DoubleTick not told of an errand.
func (d *Desk) KeepHere(ctx context.Context, errand int64) error {
	return d.decide(ctx, "keep here", errand, func(tx *store.Tx, e *data.Errand) error {
		if !e.CanKeep() {
			return errNothing
		}
		e.Lost = e.Lost || e.State == data.ErrandAsked // it may arrive after all
		e.State, e.Answer = data.ErrandKept, ""
		return nil
	})
}

// errNothing says that there was nothing to decide.
var errNothing = errors.New("nothing to do")

func (d *Desk) decide(ctx context.Context, what string, id int64, change func(*store.Tx, *data.Errand) error) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		e, err := tx.Errand(id)
		if err != nil {
			return err
		}
		if err := change(tx, &e); err != nil {
			return err
		}
		if err := tx.SaveErrand(e); err != nil {
			return err
		}
		if err := tx.Changed(data.AccountChanged, e.CustomerID); err != nil || e.MessageID == 0 {
			return err
		}
		if e.State == data.ErrandAsked { // a text whose fate is asked for waits again, too
			return settleText(tx, data.Errand{MessageID: e.MessageID, State: data.ErrandWaiting}, data.Answer{})
		}
		return settleText(tx, e, data.Answer{})
	})
	if err == nil || errors.Is(err, errNothing) {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// BringForward makes due at once what no pause would put off for so long: a
// clock that was ahead wrote it.
func (d *Desk) BringForward(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.BringForward(d.Now(), longestPut) })
}

// longestPut is how far ahead an errand can be due: a pause that DoubleTick
// asks for is bounded by an hour.
const longestPut = 2 * time.Hour

// HurryErrands has asked at once what waited only because nothing answered.
func (d *Desk) HurryErrands(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error {
		some, err := tx.HurryErrands(d.Now())
		if err != nil || !some {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
}

// SendAllAgain has DoubleTick told of all whose status it may not know: who is
// blocked here, and who is active here though it was last told of a block. Who
// has an errand of that kind open is left. It works in the way of BlockMany and
// gives how many errands it wrote.
func (d *Desk) SendAllAgain(ctx context.Context, told func(Progress)) (int, error) {
	account, err := d.Account(ctx)
	if err != nil {
		return 0, err
	}
	if !account.Joined() {
		return 0, fmt.Errorf("send all again: %w: the desk is joined to no account", data.ErrInvalid)
	}
	ids, err := d.ToBeTold(ctx)
	if err != nil {
		return 0, err
	}
	p := Progress{All: len(ids)}
	budget := longest
	for p.Reached() < p.All {
		if err := ctx.Err(); err != nil {
			return p.Done, fmt.Errorf("send all again, of %d customers %d were reached: %w", p.All, p.Reached(), err)
		}
		next := p
		budget, err = d.writePiece(ctx, budget, func(tx *store.Tx, end time.Time) error {
			for next.Reached() < next.All {
				some := ids[next.Reached():min(next.Reached()+someAtOnce, next.All)]
				if err := d.tellAgain(tx, some, &next); err != nil || time.Now().After(end) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return p.Done, fmt.Errorf("send all again, of %d customers %d were reached: %w", p.All, p.Reached(), err)
		}
		if p = next; told != nil {
			told(p)
		}
		if p.Reached() < p.All {
			pause(ctx, breath)
		}
	}
	return p.Done, nil
}

// tellAgain writes the errands of some customers.
func (d *Desk) tellAgain(tx *store.Tx, ids []int64, p *Progress) error {
	account, err := tx.Account()
	if err != nil {
		return err
	}
	known, err := tx.Customers(ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, ok := known[id]
		wrote := false
		if ok && account.Joined() {
			if wrote, err = d.tellOnce(tx, c, account.JoinedAt); err != nil {
				return err
			}
		}
		if wrote {
			p.Done++
		} else {
			p.Already++
		}
	}
	return nil
}

func (d *Desk) tellOnce(tx *store.Tx, c data.Customer, joined data.Moment) (bool, error) {
	now := d.Now()
	if err := settle(tx, &c, now); err != nil {
		return false, err
	}
	before, whole, err := tx.StatusErrands(c.ID)
	if err != nil {
		return false, err
	}
	for _, e := range before {
		if e.Open() {
			return false, nil
		}
	}
	act := data.TellBlock
	if c.Status(now) == data.Active {
		act = data.TellUnblock
		if data.ToldOf(before, joined, whole) == data.ToldActive {
			return false, nil
		}
	}
	err = tx.AddErrand(data.Errand{CustomerID: c.ID, Act: act, At: now, State: data.ErrandWaiting, DueAt: now})
	if err != nil {
		return false, err
	}
	return true, tx.Changed(data.AccountChanged, c.ID)
}
