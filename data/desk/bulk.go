package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Fate is what became of one customer of many.
type Fate int

// The fates there are.
const (
	NotReached Fate = iota // it was stopped or failed before
	Done
	AlreadySo // there was nothing to change
	Refused   // left as it was, for a reason of its own
)

// Result tells what became of one customer of many.
type Result struct {
	CustomerID int64
	Fate       Fate
	Why        error     // of who was refused
	Undo       data.Undo // of who is done
}

// Progress counts what became of many customers so far.
type Progress struct{ All, Done, Already, Refused int }

// Reached is how many customers were looked at.
func (p Progress) Reached() int { return p.Done + p.Already + p.Refused }

// Many tells what became of many customers, each by each in the order they
// were asked for.
type Many struct {
	Progress
	Results []Result
}

// Undos are what takes all that was done back.
func (m Many) Undos() []data.Undo {
	undos := make([]data.Undo, 0, m.Done)
	for _, r := range m.Results {
		if r.Fate == Done {
			undos = append(undos, r.Undo)
		}
	}
	return undos
}

// ExplainMany says in the user's words why not all of many were reached, and
// what that means for those who were.
func ExplainMany(err error) string {
	why := "It was stopped."
	if !errors.Is(err, context.Canceled) {
		why = strings.Replace(Explain(err), ", so nothing was saved", "", 1) // of many, some may be
	}
	return why + " What was done before stays, and the same once more does the rest."
}

// BlockMany blocks customers as Block does one, each whole or not at all. It
// works in pieces so small that nobody waits behind it, calls told after each,
// and stops between two of them when ctx ends. Whoever stands twice in the list
// is blocked once. With an error, what is done stays done, and the same once
// more does the rest. The version in ask means nothing here.
func (d *Desk) BlockMany(ctx context.Context, by data.Actor, customers []int64, ask data.BlockRequest, told func(Progress)) (Many, error) {
	ask, err := d.checkBlock(ask)
	if err != nil {
		return Many{}, err
	}
	if ask.Reason != "" {
		reasons, err := d.Reasons(ctx)
		if err != nil {
			return Many{}, err
		}
		if ask.Reason, err = data.FindReason(reasons, ask.Reason); err != nil {
			return Many{}, fmt.Errorf("block: %w", err)
		}
	}
	do := skipIf(data.Blocked, blockMutation(by, ask))
	return d.many(ctx, "block", each(customers, do), told, func() error { return d.checkFuture("its end", ask.Until) })
}

// UnblockMany unblocks customers as Unblock does one, in the way of BlockMany.
func (d *Desk) UnblockMany(ctx context.Context, by data.Actor, customers []int64, ask data.UnblockRequest, told func(Progress)) (Many, error) {
	var err error
	if ask.Note, err = cleanNote("unblock", ask.Note); err != nil {
		return Many{}, err
	}
	do := skipIf(data.Active, unblockMutation(by, ask))
	return d.many(ctx, "unblock", each(customers, do), told, nil)
}

// UndoMany takes acts back as Undo does one, in the way of BlockMany. Whom
// somebody changed since is refused with data.ErrChanged.
func (d *Desk) UndoMany(ctx context.Context, by data.Actor, undos []data.Undo, told func(Progress)) (Many, error) {
	tasks := make([]task, len(undos))
	for i, u := range undos {
		tasks[i] = task{customer: u.CustomerID, version: u.Version, do: undoMutation(by, u)}
	}
	return d.many(ctx, "undo", tasks, told, nil)
}

// task is what is to be done to one customer of many.
type task struct {
	customer int64
	version  int64 // the one it must have; zero for any
	do       mutation
}

func each(customers []int64, do mutation) []task {
	tasks := make([]task, len(customers))
	for i, id := range customers {
		tasks[i] = task{customer: id, do: do}
	}
	return tasks
}

const (
	// onePiece is how long others wait behind a piece at most: what it takes to
	// write its customers, and to commit them.
	onePiece = 45 * time.Millisecond
	// shortest and longest bound the part of it in which customers are taken on.
	shortest, longest = 5 * time.Millisecond, 25 * time.Millisecond
	// breath is how long the database is left to other processes after a piece:
	// they look for their turn only every few milliseconds.
	breath = 5 * time.Millisecond
	// someAtOnce is how many customers are read together.
	someAtOnce = 50
)

// many works through the tasks piece by piece; still, where there is one, tells
// before each why it cannot go on.
func (d *Desk) many(ctx context.Context, what string, tasks []task, told func(Progress), still func() error) (Many, error) {
	m := Many{Progress: Progress{All: len(tasks)}, Results: make([]Result, len(tasks))}
	for i, t := range tasks {
		m.Results[i].CustomerID = t.customer
	}
	budget := longest
	for m.Reached() < m.All {
		err := ctx.Err()
		if err == nil && still != nil {
			err = still()
		}
		if err == nil {
			budget, err = d.piece(ctx, tasks, &m, budget)
		}
		if err != nil {
			return m, fmt.Errorf("%s %d customers, of which %d were reached: %w", what, m.All, m.Reached(), err)
		}
		if told != nil {
			told(m.Progress)
		}
		if m.Reached() < m.All {
			pause(ctx, breath)
		}
	}
	return m, nil
}

func pause(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// piece does the tasks that come next, as many as the budget of time allows; it
// gives the budget for the piece after it.
func (d *Desk) piece(ctx context.Context, tasks []task, m *Many, budget time.Duration) (time.Duration, error) {
	first := m.Reached()
	var results []Result
	next, err := d.writePiece(ctx, budget, func(tx *store.Tx, end time.Time) error {
		for {
			rest := tasks[first+len(results):]
			some, err := d.doSome(tx, rest[:min(someAtOnce, len(rest))], end)
			if err != nil {
				return err
			}
			if results = append(results, some...); len(some) == len(rest) || time.Now().After(end) {
				return nil
			}
		}
	})
	if err != nil {
		return budget, err
	}
	for i, r := range results {
		m.Results[first+i] = r
		m.count(r.Fate)
	}
	return next, nil
}

// writePiece writes what do does of many customers until the end of the time
// there is, in one transaction; it gives the budget for the piece after it. What
// was begun is seen to its end, so that what is told is what is.
func (d *Desk) writePiece(ctx context.Context, budget time.Duration, do func(tx *store.Tx, end time.Time) error) (time.Duration, error) {
	var taken time.Time
	err := d.write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		defer func() { taken = time.Now() }()
		end := time.Now().Add(budget)
		return tx.Many(func() error { return do(tx, end) })
	})
	if err != nil {
		return budget, err
	}
	commit := time.Since(taken)
	return min(longest, max(shortest, onePiece-commit)), nil
}

// doSome does tasks until the end of the time there is, at least one.
func (d *Desk) doSome(tx *store.Tx, tasks []task, end time.Time) ([]Result, error) {
	ids := make([]int64, len(tasks))
	for i, t := range tasks {
		ids[i] = t.customer
	}
	known, err := tx.Customers(ids)
	if err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(tasks))
	for i, t := range tasks {
		if i > 0 && time.Now().After(end) {
			break
		}
		r, err := d.doOne(tx, t, known)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

func (d *Desk) doOne(tx *store.Tx, t task, known map[int64]data.Customer) (Result, error) {
	r := Result{CustomerID: t.customer, Fate: Refused}
	c, ok := known[t.customer]
	if !ok {
		r.Why = fmt.Errorf("customer %d: %w", t.customer, data.ErrNotFound)
		return r, nil
	}
	out, err := apply(tx, c, t.version, d.Now(), t.do)
	known[t.customer] = out.Customer // who stands in the list twice is met as it is now
	switch {
	case errors.Is(err, data.ErrChanged): // before anything was written
		r.Why = err
	case err != nil:
		return r, err
	case out.Changed:
		r.Fate, r.Undo = Done, out.Undo
	default:
		r.Fate = AlreadySo
	}
	return r, nil
}

func (m *Many) count(f Fate) {
	switch f {
	case Done:
		m.Done++
	case AlreadySo:
		m.Already++
	case Refused:
		m.Refused++
	}
}
