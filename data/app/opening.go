package app

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Opening is a profile that is being opened, on a goroutine of its own.
type Opening struct {
	stop  context.CancelFunc
	slow  chan struct{} // is closed once its database has been updated for so long that somebody wonders
	ended chan struct{} // is closed when the profile is open, or is not
	begin func()        // ends the wait of a large database's update for its window
	app   *App
	err   error

	mu       sync.Mutex
	progress data.MigrationProgress
}

// largeDatabase is the size in bytes from which nobody need wait to know that an
// update of a database takes long: its copy alone does.
const largeDatabase = 64 << 20

// StartOpening starts to open the profile as Open does, for a window, which needs one
// that can be written to. It counts as slow once its
// database has been updated to a newer schema for the time patience, and at once if
// the database is large: its update then waits for Begin, because a window comes up
// late beside the copy of a large file.
func (ref ProfileRef) StartOpening(ctx context.Context, now func() time.Time, patience time.Duration) *Opening {
	ctx, cancel := context.WithCancel(ctx)
	begun, begin := context.WithCancel(ctx)
	o := &Opening{stop: cancel, slow: make(chan struct{}), ended: make(chan struct{}), begin: begin}
	if info, err := os.Stat(ref.DatabaseFile()); err == nil && info.Size() >= largeDatabase {
		patience = 0
	} else {
		begin()
	}
	var timer *time.Timer
	ctx = data.WithMigrationProgress(ctx, func(p data.MigrationProgress) {
		defer func() { <-begun.Done() }()
		o.mu.Lock()
		defer o.mu.Unlock()
		o.progress = p
		switch {
		case timer == nil:
			timer = time.AfterFunc(patience, func() { close(o.slow) })
		case p.Stage == data.MigrationEnds:
			timer.Stop()
		}
	})
	go func() {
		defer close(o.ended)
		defer cancel()
		if o.app, o.err = ref.Open(ctx, now); o.err != nil {
			return
		}
		if err := o.app.Writable(); err != nil {
			o.app, o.err = nil, errors.Join(err, o.app.Close())
		}
	}()
	return o
}

// Slow waits until the profile is open or is not, or its database has been updated
// for too long to wait without a word. It reports whether it is the latter.
func (o *Opening) Slow() bool {
	select {
	case <-o.ended:
		return false
	case <-o.slow:
		return true
	}
}

// Progress returns how far the update of the database has come.
func (o *Opening) Progress() data.MigrationProgress {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.progress
}

// Begin lets the update of the database begin, once a window shows its progress.
func (o *Opening) Begin() { o.begin() }

// Stop stops the update of the database, which is undone. It does nothing once the
// profile is open.
func (o *Opening) Stop() { o.stop() }

// Wait waits until the profile is open and returns what Open returns.
func (o *Opening) Wait() (*App, error) {
	<-o.ended
	return o.app, o.err
}
