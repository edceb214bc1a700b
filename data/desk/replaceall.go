package desk

import (
	"context"
	"fmt"
	"iter"
	"log/slog"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// ReplaceAll replaces the whole content of a demo's database by chats, and its agents
// by agents, in one transaction: if it fails or ctx ends, the old content stays. The
// agent's settings stay as well. A profile in which nothing was ever kept becomes a
// demo; for any other profile that is no demo it returns data.ErrNoDemo. It calls
// written with the number of messages written so far.
func (d *Desk) ReplaceAll(ctx context.Context, agents []string, chats iter.Seq[data.SeedChat], written func(messages int)) error {
	begun := false
	err := d.write(ctx, func(tx *store.Tx) error {
		settings, err := demoSettings(tx)
		if err != nil {
			return err
		}
		begun = true
		if err := tx.ReplaceAll(chats, written); err != nil {
			return err
		}
		if settings.Agent != "" {
			agents = append([]string{settings.Agent}, agents...)
		}
		for _, name := range agents {
			if err := tx.AddAgent(name); err != nil {
				return err
			}
		}
		if err := tx.MarkDemo(); err != nil {
			return err
		}
		return tx.Changed(data.WorldChanged, 0)
	})
	if begun { // also where it failed: half a world lies in the log
		if tidy := d.store.Compact(context.WithoutCancel(ctx)); tidy != nil {
			slog.Warn("cannot give back the room of a rebuild", "error", tidy)
		}
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("rebuild: %w", ctx.Err())
	}
	return fmt.Errorf("rebuild: %w", err)
}

// demoSettings reads the settings of what may be rebuilt.
func demoSettings(tx *store.Tx) (data.Settings, error) {
	settings, err := tx.Settings()
	if err != nil || settings.Demo {
		return settings, err
	}
	fresh, err := tx.IsEmpty()
	if err == nil && !fresh {
		err = data.ErrNoDemo
	}
	return settings, err
}
