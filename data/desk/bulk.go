package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/store"
)

// ItemStatus is what became of one customer in a bulk act.
type ItemStatus int

// The statuses there are.
const (
	ItemNotReached ItemStatus = iota // the act was stopped or failed before
	ItemDone
	ItemUnchanged // there was nothing to change
	ItemRefused   // left as it was, for a reason of its own
	ItemChanged   // was blocked, and the block has changed
	ItemKept      // is blocked for longer than was asked for, and stays so
)

// ItemResult is the result for one customer in a bulk act.
type ItemResult struct {
	CustomerID int64
	Status     ItemStatus
	Err        error     // if it was refused
	Undo       data.Undo // if it is done or changed
}

// Progress counts the customers of a bulk act by what has become of them so far.
type Progress struct{ All, Done, Changed, Already, Kept, Refused int }

// Reached returns how many customers were looked at.
func (p Progress) Reached() int { return p.Done + p.Changed + p.Already + p.Kept + p.Refused }

// BulkResult is the result of a bulk act, with the customers in the order given.
type BulkResult struct {
	Progress
	Results []ItemResult
}

// Undos returns what undoes all that was done or changed.
func (b BulkResult) Undos() []data.Undo {
	undos := make([]data.Undo, 0, b.Done+b.Changed)
	for _, r := range b.Results {
		if r.Status == ItemDone || r.Status == ItemChanged {
			undos = append(undos, r.Undo)
		}
	}
	return undos
}

// ExplainBulk returns in the user's words why a bulk act did not reach everybody,
// and what that means for those whom it did.
func ExplainBulk(err error) string {
	why := "It was stopped."
	if !errors.Is(err, context.Canceled) {
		why = strings.Replace(Explain(err), ", so nothing was saved", "", 1) // of many, some may be
	}
	return why + " What was done before stays, and the same once more does the rest."
}

// BlockMany blocks customers as Block does, each whole or not at all. It writes
// them in chunks so small that nobody waits long behind it, calls onProgress after
// each if it is not nil, and stops between two of them when ctx ends. A customer
// who is listed twice is blocked once. If it returns an error, what is done stays
// done, and the same call again does the rest. The version and the idempotency key
// of req are ignored.
func (d *Desk) BlockMany(ctx context.Context, by data.Actor, customers []int64, req data.BlockRequest, onProgress func(Progress)) (BulkResult, error) {
	req, err := d.checkBlock(req)
	if err != nil {
		return BulkResult{}, err
	}
	if req.Reason != "" {
		reasons, err := d.Reasons(ctx)
		if err != nil {
			return BulkResult{}, err
		}
		if req.Reason, err = data.FindReason(reasons, req.Reason); err != nil {
			return BulkResult{}, fmt.Errorf("block: %w", err)
		}
	}
	req.Version, req.Idempotency = 0, data.IdempotencyKey{}
	known := []string{req.Reason} // found above
	do := func(tx *store.Tx, c data.Customer, _ int) (data.Outcome, error) {
		return block(tx, c, by, req, known, d.Now())
	}
	return d.runBulk(ctx, "block", customers, do, onProgress, func() error { return d.checkFuture("its end", req.Until) })
}

// UnblockMany unblocks customers as Unblock does, in chunks as BlockMany.
func (d *Desk) UnblockMany(ctx context.Context, by data.Actor, customers []int64, req data.UnblockRequest, onProgress func(Progress)) (BulkResult, error) {
	var err error
	if req.Note, err = cleanNote("unblock", req.Note); err != nil {
		return BulkResult{}, err
	}
	req.Version, req.Idempotency = 0, data.IdempotencyKey{}
	do := func(tx *store.Tx, c data.Customer, _ int) (data.Outcome, error) {
		return unblock(tx, c, by, req, d.Now())
	}
	return d.runBulk(ctx, "unblock", customers, do, onProgress, nil)
}

// UndoMany takes acts back as Undo does, in chunks as BlockMany. A customer whom
// somebody has changed since is refused with data.ErrChanged.
func (d *Desk) UndoMany(ctx context.Context, by data.Actor, undos []data.Undo, onProgress func(Progress)) (BulkResult, error) {
	customers := make([]int64, len(undos))
	for i, u := range undos {
		customers[i] = u.CustomerID
	}
	do := func(tx *store.Tx, c data.Customer, i int) (data.Outcome, error) {
		return undo(tx, c, by, undos[i], d.Now())
	}
	return d.runBulk(ctx, "undo", customers, do, onProgress, nil)
}

// bulkAct is an act on c, the customer at index i of many, within a transaction.
type bulkAct func(tx *store.Tx, c data.Customer, i int) (data.Outcome, error)

const (
	// chunkBudget is how long others wait behind a chunk at most: the time to write
	// its customers and to commit them.
	chunkBudget = 45 * time.Millisecond
	// minChunk and maxChunk bound the part of it in which customers are taken on.
	minChunk, maxChunk = 5 * time.Millisecond, 25 * time.Millisecond
	// yieldInterval is how long the database is left to other processes after a
	// chunk: they look for their turn only every few milliseconds.
	yieldInterval = 5 * time.Millisecond
	// batchSize is how many customers are read together.
	batchSize = 50
)

// runBulk does the act on the customers, chunk by chunk. The function still, if
// there is one, returns before each chunk why it cannot go on.
func (d *Desk) runBulk(ctx context.Context, what string, customers []int64, do bulkAct, onProgress func(Progress), still func() error) (BulkResult, error) {
	m := BulkResult{Progress: Progress{All: len(customers)}, Results: make([]ItemResult, len(customers))}
	for i, id := range customers {
		m.Results[i].CustomerID = id
	}
	budget := maxChunk
	for m.Reached() < m.All {
		err := ctx.Err()
		if err == nil && still != nil {
			err = still()
		}
		if err == nil {
			budget, err = d.runChunk(ctx, &m, do, budget)
		}
		if err != nil {
			return m, fmt.Errorf("%s %d customers, of which %d were reached: %w", what, m.All, m.Reached(), err)
		}
		if onProgress != nil {
			onProgress(m.Progress)
		}
		if m.Reached() < m.All {
			_ = clock.Sleep(ctx, yieldInterval) // ctx is checked before the next chunk
		}
	}
	return m, nil
}

// runChunk does the act on the customers that come next, as many as the budget of
// time allows, and returns the budget of the next chunk.
func (d *Desk) runChunk(ctx context.Context, m *BulkResult, do bulkAct, budget time.Duration) (time.Duration, error) {
	var results []ItemResult
	next, err := d.writeChunk(ctx, budget, func(tx *store.Tx, end time.Time) error {
		for {
			first := m.Reached() + len(results)
			rest := m.All - first
			some, err := applyBatch(tx, m.Results[first:first+min(batchSize, rest)], first, do, end)
			if err != nil {
				return err
			}
			if results = append(results, some...); len(some) == rest || time.Now().After(end) {
				return nil
			}
		}
	})
	if err != nil {
		return budget, err
	}
	first := m.Reached()
	for i, r := range results {
		m.Results[first+i] = r
		m.add(r.Status)
	}
	return next, nil
}

// writeChunk runs do in one transaction, with the moment at which it is to stop,
// and returns the budget of the next chunk. The end of ctx does not interrupt it,
// so that what was reported is what was committed.
func (d *Desk) writeChunk(ctx context.Context, budget time.Duration, do func(tx *store.Tx, end time.Time) error) (time.Duration, error) {
	var taken time.Time
	err := d.write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		defer func() { taken = time.Now() }()
		end := time.Now().Add(budget)
		return tx.BulkWrite(func() error { return do(tx, end) })
	})
	if err != nil {
		return budget, err
	}
	commit := time.Since(taken)
	return min(maxChunk, max(minChunk, chunkBudget-commit)), nil
}

// applyBatch does the act on a batch of customers, the first of which has the
// index first among all, until end, but on one at least.
func applyBatch(tx *store.Tx, batch []ItemResult, first int, do bulkAct, end time.Time) ([]ItemResult, error) {
	ids := make([]int64, len(batch))
	for i, r := range batch {
		ids[i] = r.CustomerID
	}
	known, err := tx.CustomersByID(ids)
	if err != nil {
		return nil, err
	}
	results := make([]ItemResult, 0, len(ids))
	for i, id := range ids {
		if i > 0 && time.Now().After(end) {
			break
		}
		r, err := applyOne(tx, id, first+i, known, do)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// applyOne does the act on the customer id, at index i among all. Whoever is
// refused for a reason of their own is no error.
func applyOne(tx *store.Tx, id int64, i int, known map[int64]data.Customer, do bulkAct) (ItemResult, error) {
	r := ItemResult{CustomerID: id, Status: ItemRefused}
	c, ok := known[id]
	if !ok {
		r.Err = fmt.Errorf("customer %d: %w", id, data.ErrNotFound)
		return r, nil
	}
	if c.PairedWith != 0 { // an act on the other of the pair may have changed this one
		var err error
		if c, err = tx.Customer(c.ID); err != nil {
			return r, err
		}
	}
	out, err := do(tx, c, i)
	known[id] = out.Customer // who stands in the list twice is met as it is now
	switch {
	case errors.Is(err, data.ErrChanged): // before anything was written
		r.Err = err
	case err != nil:
		return r, err
	case out.Result == data.BlockChanged:
		r.Status, r.Undo = ItemChanged, out.Undo
	case out.Result == data.BlockKept:
		r.Status = ItemKept
	case out.Changed:
		r.Status, r.Undo = ItemDone, out.Undo
	default:
		r.Status = ItemUnchanged
	}
	return r, nil
}

func (b *BulkResult) add(s ItemStatus) {
	switch s {
	case ItemDone:
		b.Done++
	case ItemChanged:
		b.Changed++
	case ItemUnchanged:
		b.Already++
	case ItemKept:
		b.Kept++
	case ItemRefused:
		b.Refused++
	}
}
