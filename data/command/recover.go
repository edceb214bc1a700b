package command

import (
	"context"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// NewestBackup is the newest copy of the place's database, empty where there
// is none.
func (p Place) NewestBackup() string {
	copies := store.Backups(p.database())
	if len(copies) == 0 {
		return ""
	}
	return copies[0]
}

// Rescue returns the copy that would help against what went wrong: the newest,
// where the database is damaged.
func (p Place) Rescue(err error) string {
	if !desk.IsDamage(err) {
		return ""
	}
	return p.NewestBackup()
}

// RestoreNewest puts the newest copy in the place of the database, which is
// kept beside it. Nobody may have the profile open.
func (p Place) RestoreNewest(ctx context.Context) error {
	alone, err := profile.Alone(p.Folder)
	if err != nil {
		return err
	}
	defer alone.Close()
	if _, err := store.Restore(ctx, p.NewestBackup(), alone.Database(), time.Now()); err != nil {
		return fmt.Errorf("restore the newest copy: %w", err)
	}
	return nil
}
