package account

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// maxInFlight is how many customers' entries are asked at the same moment.
const maxInFlight = 4

// maxPendingPolls is how often a text that DoubleTick knows of, but sent nowhere
// yet, is asked for before it counts as unknown.
const maxPendingPolls = 8

// DispatchDue asks all entries that are due, in order for each customer, and gives the
// moment at which the next one is; zero where none waits.
func (w *Worker) DispatchDue(ctx context.Context) (data.Moment, error) {
	t := &dispatch{w: w, inFlight: map[int64]bool{}, freed: make(chan struct{}, maxInFlight)}
	next, err := t.run(ctx)
	t.jobs.Wait()
	return next, errors.Join(err, t.err)
}

// dispatch is one turn being taken.
type dispatch struct {
	w     *Worker
	jobs  sync.WaitGroup
	freed chan struct{}

	mu       sync.Mutex
	inFlight map[int64]bool // entries on their way
	err      error
}

func (t *dispatch) run(ctx context.Context) (data.Moment, error) {
	look := time.NewTicker(pollInterval)
	defer look.Stop()
	for {
		some, until, err := t.start(ctx)
		if err != nil || until != 0 {
			return until, err
		}
		t.mu.Lock()
		busy, failed := len(t.inFlight), t.err
		t.mu.Unlock()
		switch {
		case failed != nil:
			return 0, nil
		case busy > 0:
			select {
			case <-ctx.Done():
				return 0, ctx.Err()
			case <-t.freed:
			case <-t.w.wake:
			case <-look.C:
			}
		case some:
		default:
			return t.w.desk.NextEntryDue(ctx)
		}
	}
}

// start begins as many entries as there is room for; until is the moment until
// which none may be begun.
func (t *dispatch) start(ctx context.Context) (some bool, until data.Moment, err error) {
	client, account, err := t.w.connect(ctx)
	if err != nil {
		return false, 0, err
	}
	now := t.w.desk.Now()
	until, careful := t.w.retryAfter()
	if client == nil || now < until {
		return false, max(until, now+1), nil
	}
	room := maxInFlight
	if careful {
		room = 1 // one finds out for all
	}
	t.mu.Lock()
	busy := len(t.inFlight)
	t.mu.Unlock()
	if busy >= room {
		return false, 0, nil
	}
	due, err := t.w.desk.DueEntries(ctx, now, room+busy)
	if err != nil {
		return false, 0, err
	}
	for _, e := range due {
		t.mu.Lock()
		free := len(t.inFlight) < room && !t.inFlight[e.ID]
		if free {
			t.inFlight[e.ID] = true
		}
		t.mu.Unlock()
		if !free {
			continue
		}
		some = true
		t.jobs.Go(func() {
			err := t.w.process(ctx, client, account, e.ID)
			t.mu.Lock()
			delete(t.inFlight, e.ID)
			t.err = errors.Join(t.err, err)
			t.mu.Unlock()
			select {
			case t.freed <- struct{}{}:
			default: // somebody looks already
			}
		})
	}
	return some, 0, nil
}

// process takes one entry through its course. Wherever it ends in the middle, the
// entry is one that may have arrived.
func (w *Worker) process(ctx context.Context, c *doubletick.Client, a data.Account, id int64) error {
	if err := w.failAt(beforeClaim); err != nil {
		return err
	}
	e, ok, err := w.desk.ClaimEntry(ctx, a.JoinedAt, id)
	if err != nil || !ok {
		return err
	}
	if err := w.failAt(afterClaim); err != nil {
		return err
	}
	v, err := w.execute(ctx, c, a, e)
	if err != nil {
		return err
	}
	if err := w.failAt(beforeRecord); err != nil {
		return err
	}
	if ctx.Err() != nil && v.Kind == data.ResultUnknown {
		return ctx.Err() // it is we who went
	}
	done := context.WithoutCancel(ctx) // an answer that came is kept
	if v.NextAttemptAt == 0 {
		v.NextAttemptAt = w.desk.Now().Add(max(v.RetryAfter, w.backoff(e.Attempts, maxBackoff)))
	}
	if err := w.desk.RecordResult(done, id, v.OpResult); err != nil {
		return err
	}
	if err := w.failAt(afterRecord); err != nil {
		return err
	}
	return w.recordOutcome(done, c, v)
}

// execute asks DoubleTick. A block is asked again where its answer was lost: it
// is the same however often. Of a text its fate is asked first, and so it is of
// one that was written before this program was started: the database can be a
// copy that was restored, and the text was sent since.
func (w *Worker) execute(ctx context.Context, c *doubletick.Client, a data.Account, e data.OutboxEntry) (doubletick.Result, error) {
	if e.Op != data.OpSendText {
		return c.PostStatus(ctx, e.Op, e.Phone), nil
	}
	m, err := w.desk.Message(ctx, e.MessageID)
	if err != nil {
		return doubletick.Result{}, err
	}
	if e.OutcomeUnknown || e.CreatedAt < w.startedAt && !w.checked(e.ID) {
		return w.resolveUnknown(ctx, c, e, m), nil
	}
	if err := w.failAt(beforeResend); err != nil {
		return doubletick.Result{}, err
	}
	from := a.Number
	if m.Business != "" {
		from = data.Phone(m.Business)
	}
	return c.SendText(ctx, from, e.Phone, m.RemoteID, m.Text), nil
}

// checked reports whether a text was asked for by this worker, and was not known.
func (w *Worker) checked(entry int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.notKnownThere[entry]
}

// resolveUnknown asks what became of a text that may have arrived. Where DoubleTick
// does not know it, it is due at once, and is sent by the same id.
func (w *Worker) resolveUnknown(ctx context.Context, c *doubletick.Client, e data.OutboxEntry, m data.Message) doubletick.Result {
	f, v := c.MessageStatus(ctx, m.RemoteID)
	switch {
	case v.Kind == data.ResultRejected && v.HTTPStatus == http.StatusNotFound, v.Kind == data.ResultOK && !f.Known && (!f.Pending || e.Attempts > maxPendingPolls):
		w.mu.Lock()
		w.notKnownThere[e.ID] = true
		w.mu.Unlock()
		return doubletick.Result{OpResult: data.OpResult{Kind: data.ResultNotSent, NotKnownThere: true, HTTPStatus: v.HTTPStatus, NextAttemptAt: w.desk.Now()}, State: data.Online}
	case v.Kind != data.ResultOK:
		v.Kind = data.ResultUnknown // of its fate
		return v
	case !f.Known:
		v.Kind, v.Message = data.ResultUnknown, "DoubleTick has not sent it yet"
		return v
	case f.Status == data.Failed:
		v.Kind, v.Message = data.ResultRejected, f.Failure
		return v
	}
	v.Status = f.Status
	return v
}

const (
	// pollStatusesFor is how long the ticks of a text are asked for.
	pollStatusesFor = 24 * time.Hour
	// statusesPerPoll is how many texts are asked for in a round.
	statusesPerPoll = 5
)

// pollStatuses asks gently for the ticks of what was sent lately: the older a text
// is, the less often.
func (w *Worker) pollStatuses(ctx context.Context, c *doubletick.Client) error {
	now := w.desk.Now()
	texts, err := w.desk.InFlightTexts(ctx, now.Add(-pollStatusesFor), 10*statusesPerPoll)
	if err != nil {
		return err
	}
	asked := map[int64]data.Moment{}
	some := 0
	for _, m := range texts {
		last := max(w.lastPolled[m.ID], m.RecordedAt)
		asked[m.ID] = last
		if some == statusesPerPoll || now-last < max(30_000, (now-m.RecordedAt)/4) {
			continue
		}
		some++
		asked[m.ID] = now
		f, v := c.MessageStatus(ctx, m.RemoteID)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := w.recordOutcome(ctx, c, v); err != nil {
			return err
		}
		if v.Kind == data.ResultOK && f.Known {
			err := w.desk.UpdateMessageStatus(ctx, data.StatusUpdate{MessageID: m.RemoteID, Status: f.Status, At: now, Failure: f.Failure})
			if err != nil && !errors.Is(err, data.ErrNotFound) {
				return err
			}
		}
		if v.State != data.Online {
			break
		}
	}
	w.lastPolled = asked
	return nil
}
