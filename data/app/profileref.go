package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// ProfileRef names a profile that need not be open, or exist.
type ProfileRef struct {
	Folder string
	// Demo asks for a demo. Whether the profile is one stands in its database.
	Demo bool
	// Version is the program's own, by which it introduces itself to DoubleTick.
	Version string
}

// Open opens the profile and its database, which is created where there is
// none. What cannot be written is opened for reading: see App.Writable. A profile that is to be a demo is seeded with the demo's world before
// anybody sees it; Open returns data.ErrNoDemo if it is a desk of somebody's.
func (ref ProfileRef) Open(ctx context.Context, now func() time.Time) (*App, error) {
	a, err := ref.open(ctx, now)
	if err != nil {
		return nil, err
	}
	if ref.Demo {
		if err := a.seedDemo(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

// open opens the profile without seeding it.
func (ref ProfileRef) open(ctx context.Context, now func() time.Time) (*App, error) {
	p, err := profile.Open(ref.Folder)
	if err != nil {
		return nil, err
	}
	a := &App{Profile: p, version: ref.Version}
	if a.store, err = store.Open(ctx, p.Database(), now); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.Desk = desk.New(a.store)
	if a.Writable() == nil {
		removeAbandonedKeys(p.Folder, now())
		logError(ctx, "end the blocks that are due", a.expireBlocks(ctx)) // reads see that they have ended all the same
	}
	if a.Settings, err = a.Desk.Settings(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// DatabaseFile returns the path of the profile's database, whether it exists or
// not.
func (ref ProfileRef) DatabaseFile() string {
	return (&profile.Profile{Folder: ref.Folder}).Database()
}

// HasDatabase reports whether the profile's database exists, or may exist: only
// a file that is certainly absent counts as none.
func (ref ProfileRef) HasDatabase() bool {
	_, err := os.Lstat(ref.DatabaseFile())
	return !errors.Is(err, fs.ErrNotExist)
}
