package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// enqueue writes the outbox entry for a change of status, in the transaction of
// the change. A desk that is joined to no account has none.
func enqueue(tx *store.Tx, c data.Customer, op data.Op, event int64, now data.Moment) error {
	account, err := tx.Account()
	if err != nil || !account.Joined() {
		return err
	}
	before, whole, err := tx.StatusEntries(c.ID)
	if err != nil {
		return err
	}
	for _, at := range statusAddresses(c, op, before) {
		plan := data.PlanEntry(op, at.before, account.JoinedAt, whole)
		if plan.Supersede != 0 {
			if err := tx.SupersedeEntry(plan.Supersede); err != nil {
				return err
			}
		}
		if !plan.Enqueue {
			continue
		}
		if err := tx.AddEntry(newStatusEntry(c, op, at.address, event, now)); err != nil {
			return err
		}
	}
	return tx.Changed(data.AccountChanged, c.ID)
}

// newStatusEntry returns the outbox entry for a status. One that DoubleTick cannot be
// asked for is rejected before it is sent, and says why.
func newStatusEntry(c data.Customer, op data.Op, at data.Address, event int64, now data.Moment) data.OutboxEntry {
	e := data.OutboxEntry{
		CustomerID: c.ID, Address: at, Op: op, EventSeq: event,
		CreatedAt: now, State: data.EntryWaiting, NextAttemptAt: now,
	}
	if why := e.CannotTell(); why != "" {
		e.State, e.LastMessage = data.EntryRejected, why
	}
	return e
}

// setAddress makes one of the customer's addresses the one that is written to. A block
// that DoubleTick could not be told of before is told there.
func setAddress(tx *store.Tx, c *data.Customer, a data.Address, now data.Moment) error {
	if err := tx.SetAddress(c, a); err != nil {
		return err
	}
	return tellAtAddress(tx, *c, now)
}

// tellAtAddress writes the outbox entry for a block that DoubleTick could not be told
// of until the customer had the address that it has now, or was told of at another
// address only.
func tellAtAddress(tx *store.Tx, c data.Customer, now data.Moment) error {
	if c.Status(now) != data.Blocked || data.CannotTell(c.Address) != "" {
		return nil
	}
	account, err := tx.Account()
	if err != nil || !account.Joined() {
		return err
	}
	before, _, err := tx.StatusEntries(c.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(before, func(e data.OutboxEntry) bool { return e.State != data.EntrySuperseded })
	if i < 0 {
		return nil
	}
	last := before[i]
	impossible := last.State == data.EntryRejected && last.CannotTell() != ""
	elsewhere := (last.State == data.EntryDone || last.Open()) && last.Address != "" &&
		!slices.ContainsFunc(before, func(e data.OutboxEntry) bool { return e.Address == c.Address && e.State != data.EntrySuperseded })
	if last.Op != data.OpBlock || !impossible && !elsewhere || last.CreatedAt < account.JoinedAt {
		return nil // it was told, or it was decided that it is not
	}
	if impossible {
		if err := tx.SupersedeEntry(last.ID); err != nil {
			return err
		}
	}
	if err := tx.AddEntry(newStatusEntry(c, data.OpBlock, statusAddress(c, data.OpBlock, before), 0, now)); err != nil {
		return err
	}
	return tx.Changed(data.AccountChanged, c.ID)
}

// addressEntries are the blocks and unblocks of one address, newest first.
type addressEntries struct {
	address data.Address
	before  []data.OutboxEntry
}

// statusAddresses returns the addresses at which DoubleTick is to be told of a status.
// Mostly that is one. Who was joined of two may be blocked there at both: a block is
// ended at each, and made where the customer was last heard from.
func statusAddresses(c data.Customer, op data.Op, before []data.OutboxEntry) []addressEntries {
	var each []addressEntries
	for _, e := range before {
		a := cmp.Or(e.Address, c.Address)
		i := slices.IndexFunc(each, func(one addressEntries) bool { return one.address == a })
		if i < 0 {
			i, each = len(each), append(each, addressEntries{address: a})
		}
		each[i].before = append(each[i].before, e)
	}
	if len(each) < 2 {
		return []addressEntries{{statusAddress(c, op, before), before}}
	}
	if op == data.OpBlock {
		i := slices.IndexFunc(each, func(one addressEntries) bool { return one.address == c.Address })
		if i < 0 {
			return []addressEntries{{address: c.Address}}
		}
		return each[i : i+1]
	}
	return slices.DeleteFunc(each, func(one addressEntries) bool {
		i := slices.IndexFunc(one.before, func(e data.OutboxEntry) bool { return e.State != data.EntrySuperseded })
		return i < 0 || one.before[i].Op != data.OpBlock
	})
}

// statusAddress returns the address at which DoubleTick is told of a status: a block
// is ended where it was made, and made where the customer was last heard from.
func statusAddress(c data.Customer, op data.Op, before []data.OutboxEntry) data.Address {
	if op == data.OpBlock {
		return c.Address
	}
	for _, e := range before {
		if e.Op == data.OpBlock && e.State != data.EntrySuperseded && e.Address != "" {
			return e.Address
		}
	}
	return c.Address
}

// enqueueText writes the outbox entry for a text.
func enqueueText(tx *store.Tx, c data.Customer, m data.Message) error {
	err := tx.AddEntry(data.OutboxEntry{CustomerID: m.CustomerID, Address: c.Address, Op: data.OpSendText, MessageID: m.ID, CreatedAt: m.RecordedAt, State: data.EntryWaiting, NextAttemptAt: m.RecordedAt})
	if err != nil {
		return err
	}
	return tx.Changed(data.AccountChanged, m.CustomerID)
}

// blockedWords is why a text to a blocked customer is rejected.
const blockedWords = "The customer is blocked"

// ClaimEntry marks an outbox entry as in flight before anything is sent, so that a
// crash from then on leaves an entry that may have arrived. It returns the entry,
// and reports whether it is to be sent. It is not
//   - while an older entry of the customer is open,
//   - if it is a text to a blocked customer, which is rejected here, unless it may
//     have arrived already: then its status is asked first, which sends nothing,
//   - if DoubleTick cannot be asked for it at this address: it is rejected here,
//   - if it is a block that ended before it was ever sent: recording its end
//     supersedes it,
//   - if the desk is paused, or has another account than the one joined then.
func (d *Desk) ClaimEntry(ctx context.Context, joined data.Moment, id int64) (e data.OutboxEntry, send bool, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		account, err := tx.Account()
		if err != nil || !account.Joined() || account.Paused || account.JoinedAt != joined {
			return err
		}
		if e, err = tx.Entry(id); err != nil || !e.Open() {
			return err
		}
		if head, err := tx.IsFirstPending(e); err != nil || !head {
			return err
		}
		c, err := tx.Customer(e.CustomerID)
		if err != nil {
			return err
		}
		if err := expireIfDue(tx, &c, d.Now()); err != nil {
			return err
		}
		if e, err = tx.Entry(id); err != nil || !e.Open() { // a block that has ended is superseded
			return err
		}
		e.OutcomeUnknown = e.OutcomeUnknown || e.State == data.EntryInFlight // whoever claimed it before crashed
		if why := e.CannotTell(); why != "" && !e.OutcomeUnknown {
			return applyResult(tx, e, data.OpResult{Kind: data.ResultRejected, Message: why})
		}
		if e.Op == data.OpSendText && !e.OutcomeUnknown {
			if data.Decide(c, d.Now(), data.OutgoingTraffic).Action != data.Deliver {
				return applyResult(tx, e, data.OpResult{Kind: data.ResultRejected, Message: blockedWords})
			}
		}
		e.State, send = data.EntryInFlight, true
		e.Attempts++
		return tx.SaveEntry(e)
	})
	if err != nil {
		return data.OutboxEntry{}, false, fmt.Errorf("take an outbox entry: %w", err)
	}
	return e, send, nil
}

// RecordResult records what came of an outbox entry in flight. What the agent has
// decided meanwhile stands, unless it was done there after all.
func (d *Desk) RecordResult(ctx context.Context, id int64, result data.OpResult) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		e, err := tx.Entry(id)
		if err != nil {
			return err
		}
		if e.State != data.EntryInFlight && (e.State != data.EntryLocalOnly || result.Kind != data.ResultOK) {
			return nil
		}
		if result.Kind == data.ResultOK {
			e.AcceptedAt = d.Now()
		}
		return applyResult(tx, e, result)
	})
	if err != nil {
		return fmt.Errorf("answer an outbox entry: %w", err)
	}
	return nil
}

// applyResult records what came of an outbox entry, and what that means for the
// text that it carries.
func applyResult(tx *store.Tx, e data.OutboxEntry, result data.OpResult) error {
	e.HTTPStatus, e.LastMessage = result.HTTPStatus, data.CleanLine(result.Message, data.MaxNote)
	switch result.Kind {
	case data.ResultOK:
		e.State = data.EntryDone
	case data.ResultRejected:
		e.State = data.EntryRejected
		if e.Op == data.OpSendText {
			e.OutcomeUnknown = false // by its id DoubleTick knows that it did not go
		}
	case data.ResultNotSent:
		// Whoever reports this of an entry that may have arrived has asked for its status.
		e.State, e.NextAttemptAt = data.EntryWaiting, result.NextAttemptAt
		if result.NotKnownThere {
			e.OutcomeUnknown = false
		}
	case data.ResultRetryLater:
		e.State, e.NextAttemptAt = data.EntryWaiting, result.NextAttemptAt
	case data.ResultUnknown:
		e.State, e.NextAttemptAt, e.OutcomeUnknown = data.EntryInFlight, result.NextAttemptAt, true
	}
	if e.State == data.EntryWaiting && e.OutcomeUnknown {
		e.State = data.EntryInFlight
	}
	if err := tx.SaveEntry(e); err != nil {
		return err
	}
	if err := tx.Changed(data.AccountChanged, e.CustomerID); err != nil || e.MessageID == 0 {
		return err
	}
	return applyTextResult(tx, e, result)
}

// applyTextResult updates the status of the text that the entry carries.
func applyTextResult(tx *store.Tx, e data.OutboxEntry, result data.OpResult) error {
	m, err := tx.Message(e.MessageID)
	if err != nil {
		return err
	}
	status, failure := m.Status, m.Failure
	switch e.State {
	case data.EntryDone:
		if result.RemoteID != "" {
			if err := tx.SetRemoteID(m.ID, result.RemoteID); err != nil {
				return err
			}
		}
		if status == data.KeptHere || status == data.Waiting { // else an update came before the answer
			status, failure = max(result.Status, data.Sent), ""
		}
	case data.EntryRejected:
		status, failure = data.Failed, e.LastMessage
	case data.EntryLocalOnly:
		status, failure = data.KeptHere, ""
	case data.EntryWaiting:
		status, failure = data.Waiting, ""
	}
	if status == m.Status && failure == m.Failure {
		return nil
	}
	if err := tx.SetMessageStatus(m.ID, status, failure); err != nil {
		return err
	}
	return tx.Changed(data.MessageChanged, m.CustomerID)
}

// Retry makes a rejected or waiting outbox entry due at once. It returns
// data.ErrChanged if a newer entry says what the customer's status is, and does
// nothing if the entry is done.
func (d *Desk) Retry(ctx context.Context, entry int64) error {
	return d.decide(ctx, "try again", entry, func(tx *store.Tx, e *data.OutboxEntry) error {
		account, err := tx.Account()
		if err != nil {
			return err
		}
		if !account.Joined() {
			return fmt.Errorf("%w: the desk is joined to no account", data.ErrInvalid)
		}
		if !e.Open() && e.State != data.EntryRejected {
			return errNoChange
		}
		if e.Op != data.OpSendText && !e.Open() {
			if later, err := tx.HasNewer(*e); err != nil || later {
				return errors.Join(err, data.ErrChanged)
			}
		}
		if e.State == data.EntryRejected {
			e.State, e.Attempts, e.HTTPStatus, e.LastMessage = data.EntryWaiting, 0, 0, ""
			if e.OutcomeUnknown {
				e.State = data.EntryInFlight
			}
			if e.Op == data.OpSendText {
				e.CreatedAt = d.Now() // as if it were written now: what became of it before is known
			}
		}
		e.NextAttemptAt = d.Now()
		return nil
	})
}

// KeepLocal ends an outbox entry without sending it: DoubleTick is not told.
func (d *Desk) KeepLocal(ctx context.Context, entry int64) error {
	return d.decide(ctx, "keep here", entry, func(tx *store.Tx, e *data.OutboxEntry) error {
		if !e.CanKeepLocal() {
			return errNoChange
		}
		e.OutcomeUnknown = e.OutcomeUnknown || e.State == data.EntryInFlight // it may arrive after all
		e.State, e.LastMessage = data.EntryLocalOnly, ""
		return nil
	})
}

// errNoChange ends a decision that changes nothing.
var errNoChange = errors.New("nothing to do")

func (d *Desk) decide(ctx context.Context, what string, id int64, change func(*store.Tx, *data.OutboxEntry) error) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		e, err := tx.Entry(id)
		if err != nil {
			return err
		}
		if err := change(tx, &e); err != nil {
			return err
		}
		if err := tx.SaveEntry(e); err != nil {
			return err
		}
		if err := tx.Changed(data.AccountChanged, e.CustomerID); err != nil || e.MessageID == 0 {
			return err
		}
		if e.State == data.EntryInFlight { // a text whose status is asked for waits again, too
			return applyTextResult(tx, data.OutboxEntry{MessageID: e.MessageID, State: data.EntryWaiting}, data.OpResult{})
		}
		return applyTextResult(tx, e, data.OpResult{})
	})
	if err == nil || errors.Is(err, errNoChange) {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ClampDueTimes makes entries due at once that are due later than any pause would
// put them: a clock that was ahead wrote them.
func (d *Desk) ClampDueTimes(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.ClampDueTimes(d.Now(), maxEntryDelay) })
}

// maxEntryDelay is how far ahead an outbox entry can be due. A pause that
// DoubleTick asks for is at most an hour.
const maxEntryDelay = 2 * time.Hour

// RetryUnreachable makes entries due at once that wait only because nothing
// answered.
func (d *Desk) RetryUnreachable(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error {
		some, err := tx.RetryUnreachable(d.Now())
		if err != nil || !some {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
}

// ResendAll writes outbox entries for all customers whose status DoubleTick may
// not know: those blocked here, and those active here whom it was last told to
// block. Customers with an open entry of that kind are left out. It works as
// BlockMany does and returns how many entries it wrote.
func (d *Desk) ResendAll(ctx context.Context, onProgress func(Progress)) (int, error) {
	account, err := d.Account(ctx)
	if err != nil {
		return 0, err
	}
	if !account.Joined() {
		return 0, fmt.Errorf("send all again: %w: the desk is joined to no account", data.ErrInvalid)
	}
	ids, err := d.queries.CustomersToSync(ctx)
	if err != nil {
		return 0, err
	}
	do := func(tx *store.Tx, c data.Customer, _ int) (data.Outcome, error) { return requeueStatus(tx, c, d.Now()) }
	m, err := d.runBulk(ctx, "send all again:", ids, do, onProgress, nil)
	return m.Done, err
}

// TellAgain writes an outbox entry for the customer's status once more, unless one is
// open: a block that DoubleTick accepted need not hold there.
func (d *Desk) TellAgain(ctx context.Context, customer int64) error {
	err := d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		_, err = requeueStatus(tx, c, d.Now())
		return err
	})
	if err != nil {
		return fmt.Errorf("tell DoubleTick again: %w", err)
	}
	return nil
}

// requeueStatus writes an outbox entry for the customer's status, unless one is
// open or DoubleTick knows it. The outcome says whether it wrote one.
func requeueStatus(tx *store.Tx, customer data.Customer, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer
	account, err := tx.Account()
	if err != nil || !account.Joined() {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	before, whole, err := tx.StatusEntries(c.ID)
	if err != nil {
		return out, err
	}
	if slices.ContainsFunc(before, data.OutboxEntry.Open) {
		return out, nil
	}
	op := data.OpBlock
	if c.Status(now) == data.Active {
		op = data.OpUnblock
		if data.RemoteStateOf(before, account.JoinedAt, whole) == data.RemoteActive {
			return out, nil
		}
	}
	e := newStatusEntry(*c, op, statusAddress(*c, op, before), 0, now)
	if e.State == data.EntryRejected && len(before) > 0 && before[0].State == data.EntryRejected && before[0].Op == op {
		return out, nil // it would only say so again
	}
	if err := tx.AddEntry(e); err != nil {
		return out, err
	}
	out.Changed = true
	err = tx.Changed(data.AccountChanged, c.ID)
	return out, err
}
