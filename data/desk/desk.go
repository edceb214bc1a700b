// Package desk holds the use cases: what an agent, a command or a program can
// do, and the only door through which anything changes. Every act is one
// transaction in the store; whoever subscribes is told after the commit.
package desk

import (
	"context"
	"errors"
	"sync"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Desk is the use cases over one store.
type Desk struct {
	store   *store.Store
	queries *store.Queries

	wake        chan struct{} // has Watch look at once
	mu          sync.Mutex
	subscribers []*subscriber
}

// New returns the desk over an open store.
func New(s *store.Store) *Desk {
	return &Desk{store: s, queries: s.Queries, wake: make(chan struct{}, 1)}
}

// Path returns the database's file.
func (d *Desk) Path() string { return d.store.Path }

// write runs one act in one transaction and wakes Watch after the commit.
func (d *Desk) write(ctx context.Context, act func(*store.Tx) error) error {
	if err := d.store.Write(ctx, act); err != nil {
		return err
	}
	d.wakeWatch()
	return nil
}

// RequestActivate asks the window that has this profile open to come to the front.
func (d *Desk) RequestActivate(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.Changed(data.ActivateRequested, 0) })
}

// Maintain makes the daily copy, prunes old changes, and removes outbox entries that are
// long done.
func (d *Desk) Maintain(ctx context.Context) error {
	return errors.Join(
		d.MakeDailyCopy(ctx),
		d.store.Write(ctx, (*store.Tx).PruneChanges),
		d.store.PruneOutbox(ctx),
	)
}

// MakeDailyCopy makes a copy in the folder backups unless the newest is younger than a
// day, and keeps why it could not, for CopyState.
func (d *Desk) MakeDailyCopy(ctx context.Context) error {
	err := d.store.BackupDaily(ctx, d.Now().Time())
	if ctx.Err() != nil {
		return err
	}
	before, readErr := d.store.CopyState(ctx)
	why := Explain(err)
	if err != nil && why == err.Error() && !errors.As(err, new(data.UserError)) {
		why = "What failed: " + why + "."
	}
	if readErr == nil && why != before.Failure {
		readErr = d.store.SaveCopyFailure(ctx, why)
	}
	return errors.Join(err, readErr)
}

// CopyState returns how it stands with the daily copies.
func (d *Desk) CopyState(ctx context.Context) (data.CopyState, error) {
	return d.store.CopyState(ctx)
}

// Backup writes a whole copy of the database to file, which must not exist.
func (d *Desk) Backup(ctx context.Context, file string) error { return d.store.Backup(ctx, file) }

// NewFile is a file that an agent exports.
type NewFile = store.NewFile

// CreateFile begins a file that an agent exports. It gets its name once it is complete,
// and what a killed process left of it is removed by the next start. CreateFile returns an
// error that wraps fs.ErrExist if there is a file of this name.
func (d *Desk) CreateFile(name string) (*NewFile, error) { return d.store.CreateFile(name) }

// Check reads the whole database and its chain of events. It returns the number of
// events that were verified.
func (d *Desk) Check(ctx context.Context) (events int64, err error) {
	if err := d.store.Check(ctx); err != nil {
		return 0, err
	}
	return d.VerifyEvents(ctx)
}

// CheckState calls differs with each customer whose row does not say what follows from
// the events and messages, as Queries.CheckState in package store does.
func (d *Desk) CheckState(ctx context.Context, progress func(done, total int64), differs func(data.StateDifference)) error {
	return d.queries.CheckState(ctx, progress, differs)
}
