package command

import (
	"context"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// NewestBackup returns the newest backup of the profile's database, empty where there
// is none.
func (p ProfileRef) NewestBackup() string {
	copies := store.Backups(p.databaseFile())
	if len(copies) == 0 {
		return ""
	}
	return copies[0]
}

// RecoveryBackup returns the copy that would help against what went wrong: the newest,
// where the database is damaged.
func (p ProfileRef) RecoveryBackup(err error) string {
	if !desk.IsDamage(err) {
		return ""
	}
	return p.NewestBackup()
}

// RestoreNewestBackup puts the newest copy in the place of the database, which is
// kept beside it. Nobody may have the profile open.
func (p ProfileRef) RestoreNewestBackup(ctx context.Context) error {
	alone, err := profile.OpenExclusive(p.Folder)
	if err != nil {
		return err
	}
	defer alone.Close()
	if _, err := store.Restore(ctx, p.NewestBackup(), alone.Database(), time.Now()); err != nil {
		return fmt.Errorf("restore the newest copy: %w", err)
	}
	return nil
}
