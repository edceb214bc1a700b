package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// Backups returns the paths of the profile's own backups, newest first.
func (ref ProfileRef) Backups() []string { return store.Backups(ref.DatabaseFile()) }

// NewestBackup returns the path of the newest backup, or "" if there is none.
func (ref ProfileRef) NewestBackup() string {
	if backups := ref.Backups(); len(backups) > 0 {
		return backups[0]
	}
	return ""
}

// RecoveryBackup returns the path of the backup that helps against err: the
// newest if the database is damaged, else "".
func (ref ProfileRef) RecoveryBackup(err error) string {
	if !desk.IsDamage(err) {
		return ""
	}
	return ref.NewestBackup()
}

// RestoreNewestBackup puts the newest backup in the place of the database, which
// is kept beside it. It returns data.ErrInUse while anybody has the profile
// open.
func (ref ProfileRef) RestoreNewestBackup(ctx context.Context) error {
	p, err := profile.OpenExclusive(ref.Folder)
	if err != nil {
		return err
	}
	defer p.Close()
	if _, err := store.Restore(ctx, ref.NewestBackup(), p.Database(), time.Now()); err != nil {
		return fmt.Errorf("restore the newest copy: %w", err)
	}
	return nil
}

// Restore puts the backup at file in the place of the database. It returns the
// path under which the database that was there is kept, or "" if there was
// none. A file that cannot be read, or is no usable backup, is reported as a
// data.UserError, and nothing is changed; data.ErrInUse is returned while
// anybody has the profile open.
func (ref ProfileRef) Restore(ctx context.Context, file string, now time.Time) (kept string, err error) {
	p, err := profile.OpenExclusive(ref.Folder)
	if err != nil {
		return "", err
	}
	defer p.Close()
	kept, err = store.Restore(ctx, file, p.Database(), now)
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) && filepath.Dir(pathErr.Path) == ref.Folder && pathErr.Path != file {
		return "", fmt.Errorf("restore %s: %w: %w", file, data.ErrReadOnly, err) // it is the profile that refuses
	}
	switch {
	case errors.Is(err, data.ErrNotDatabase):
		return "", data.UserErrorf("%s is not a copy of a desk. Nothing was changed.", file)
	case errors.Is(err, data.ErrAltered):
		return "", data.UserErrorf("%s has tables or triggers that Latchdesk did not make, or lacks some of its own, so it cannot be trusted. Nothing was changed; try an older copy.", file)
	case errors.Is(err, data.ErrDamaged):
		return "", data.UserErrorf("%s is damaged. Nothing was changed; try an older copy.", file)
	case errors.Is(err, data.ErrUnproved):
		return "", data.UserErrorf("%s holds customers or messages that something other than Latchdesk has changed. Nothing was changed here; try an older copy. To use this one all the same, copy it to an empty folder as latchdesk.db and run latchdesk doctor --repair with that folder as --profile.", file)
	case errors.Is(err, data.ErrNewer):
		return "", data.UserErrorf("%s was written by a newer version of Latchdesk. Nothing was changed.", file)
	}
	return kept, FileError("read", file, err)
}
