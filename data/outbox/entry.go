package outbox

import (
	"context"
	"net/http"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// failpoint is a place in an entry's course at which everything can end.
type failpoint string

const (
	beforeClaim  failpoint = "before it is taken"
	afterClaim   failpoint = "after it is taken"
	beforeResend failpoint = "before a lost text is sent"
	beforeRecord failpoint = "after the answer, before it is written"
	afterRecord  failpoint = "after the answer is written"
)

// maxPendingPolls is how often the status of a text that DoubleTick knows, but has not
// sent yet, is asked for before it counts as unknown and is sent again.
const maxPendingPolls = 8

// settleTime is how long DoubleTick may not know a text whose answer was lost, before it
// is believed and the text is sent again: a status can be behind what was sent.
const settleTime = 30 * time.Second

// process claims an entry, sends it, and records the result. If it ends in between, the
// entry stays in flight, as one that may have arrived.
func (d *Dispatcher) process(ctx context.Context, c *doubletick.Client, a data.Account, id int64) error {
	if err := d.failAt(beforeClaim); err != nil {
		return err
	}
	e, ok, err := d.desk.ClaimEntry(ctx, a.JoinedAt, id)
	if err != nil || !ok {
		return err
	}
	if err := d.failAt(afterClaim); err != nil {
		return err
	}
	r, err := d.execute(ctx, c, a, e)
	if err != nil {
		return err
	}
	if err := d.failAt(beforeRecord); err != nil {
		return err
	}
	if ctx.Err() != nil && r.Kind == data.ResultUnknown {
		return ctx.Err() // the answer was lost because this program is ending
	}
	done := context.WithoutCancel(ctx) // an answer that came is kept
	if r.NextAttemptAt == 0 {
		r.NextAttemptAt = d.desk.Now().Add(max(r.RetryAfter, connection.Backoff(e.Attempts, maxBackoff)))
	}
	if err := d.desk.RecordResult(done, id, r.OpResult); err != nil {
		return err
	}
	if err := d.failAt(afterRecord); err != nil {
		return err
	}
	return d.breaker.Record(done, c, r)
}

// execute makes the request. A block whose answer was lost is sent again, because it
// is idempotent. For a text that may have arrived, the status is asked first; so it is
// for one that was written before this dispatcher started, because the database can be
// a restored copy that does not know that the text was sent.
func (d *Dispatcher) execute(ctx context.Context, c *doubletick.Client, a data.Account, e data.OutboxEntry) (doubletick.Result, error) {
	if e.Op != data.OpSendText {
		return c.PostStatus(ctx, e.Op, e.Phone), nil
	}
	m, err := d.desk.Message(ctx, e.MessageID)
	if err != nil {
		return doubletick.Result{}, err
	}
	if e.OutcomeUnknown || e.CreatedAt < d.startedAt && !d.checked(e.ID) {
		return d.resolveUnknown(ctx, c, e, m), nil
	}
	if err := d.failAt(beforeResend); err != nil {
		return doubletick.Result{}, err
	}
	from := a.Number
	if m.Business != "" {
		from = data.Phone(m.Business)
	}
	return c.SendText(ctx, from, e.Phone, m.RemoteID, m.Text), nil
}

// checked reports whether DoubleTick was asked for a text since this dispatcher
// started, and did not know it.
func (d *Dispatcher) checked(entry int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, asked := d.notKnownSince[entry]
	return asked
}

// believedAt returns the moment from which it is believed that DoubleTick does not know a
// text, having just said so; zero for now.
func (d *Dispatcher) believedAt(e data.OutboxEntry) data.Moment {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, since := d.desk.Now(), d.notKnownSince[e.ID]
	if e.OutcomeUnknown && since == 0 {
		since = now
	}
	if at := since.Add(settleTime); e.OutcomeUnknown && now < at {
		d.notKnownSince[e.ID] = since
		return at
	}
	d.notKnownSince[e.ID] = 0
	return 0
}

// resolveUnknown asks what became of a text that may have arrived. Where DoubleTick
// does not know it, and has had settleTime for that where its answer was lost, it is due
// at once, and is sent by the same id.
func (d *Dispatcher) resolveUnknown(ctx context.Context, c *doubletick.Client, e data.OutboxEntry, m data.Message) doubletick.Result {
	status, r := c.MessageStatus(ctx, m.RemoteID)
	switch {
	case r.Kind == data.ResultRejected && r.HTTPStatus == http.StatusNotFound, r.Kind == data.ResultOK && !status.Known && (!status.Pending || e.Attempts > maxPendingPolls):
		if at := d.believedAt(e); at != 0 {
			return doubletick.Result{OpResult: data.OpResult{Kind: data.ResultUnknown, HTTPStatus: r.HTTPStatus, Message: "DoubleTick does not know it yet", NextAttemptAt: at}, State: data.Online}
		}
		return doubletick.Result{OpResult: data.OpResult{Kind: data.ResultNotSent, NotKnownThere: true, HTTPStatus: r.HTTPStatus, NextAttemptAt: d.desk.Now()}, State: data.Online}
	case r.Kind != data.ResultOK:
		r.Kind = data.ResultUnknown // what became of it
		return r
	case !status.Known:
		r.Kind, r.Message = data.ResultUnknown, "DoubleTick has not sent it yet"
		return r
	case status.Status == data.Failed:
		r.Kind, r.Message = data.ResultRejected, status.Failure
		return r
	}
	r.Status = status.Status
	return r
}
