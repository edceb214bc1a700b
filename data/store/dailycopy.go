package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// keptBackups is how many copies stay in the folder backups.
const keptBackups = 7

// backupFolder is where the copies of the database at path lie.
func backupFolder(path string) string { return filepath.Join(filepath.Dir(path), "backups") }

// BackupDaily makes a copy in the folder backups unless the newest is younger than a
// day. A copy stays only if it is sound, and older ones go only after that, so that a
// damage which nobody has noticed pushes no sound copy out.
func (s *Store) BackupDaily(ctx context.Context, now time.Time) error {
	sound, err := s.soundCopies(ctx)
	if err != nil {
		return err
	}
	for _, file := range Backups(s.Path) {
		made, ours := madeAt(file)
		if !ours || made.After(now) || now.Sub(made) >= 24*time.Hour {
			continue
		}
		if sound[filepath.Base(file)] {
			return nil
		}
		// It was made before a migration, or by an older version.
		switch err := proveFile(ctx, file); {
		case err == nil:
			return s.keepSound(ctx, file, sound, now)
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
	file, err := backupInto(ctx, s.Path, now)
	if err != nil {
		return err
	}
	return s.keepSound(ctx, file, sound, now)
}

// keepSound notes that a copy is sound and removes those that are too old.
func (s *Store) keepSound(ctx context.Context, file string, sound map[string]bool, now time.Time) error {
	sound[filepath.Base(file)] = true
	if err := removeOld(s.Path, now); err != nil {
		return err
	}
	var names []string
	for _, file := range Backups(s.Path) {
		if name := filepath.Base(file); sound[name] {
			names = append(names, name)
		}
	}
	return s.Write(ctx, func(tx *Tx) error { return tx.set(soundCopiesKey, strings.Join(names, "\n")) })
}

// The settings about copies: the names of those that were proved to be sound, and why
// the last one could not be made.
const (
	soundCopiesKey = "copies.sound"
	copyFailureKey = "copies.failure"
)

// soundCopies returns the names of the copies that were proved to be sound.
func (r *Queries) soundCopies(ctx context.Context) (map[string]bool, error) {
	var names string
	if err := r.db.WithContext(ctx).Raw("SELECT value FROM settings WHERE key = ?", soundCopiesKey).Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("read which copies are sound: %w", err)
	}
	sound := map[string]bool{}
	for _, name := range strings.Split(names, "\n") {
		sound[name] = true
	}
	return sound, nil
}

// CopyState returns how it stands with the copies in the folder backups.
func (s *Store) CopyState(ctx context.Context) (state data.CopyState, err error) {
	sound, err := s.soundCopies(ctx)
	if err != nil {
		return state, err
	}
	for _, file := range Backups(s.Path) {
		if made, ours := madeAt(file); ours && sound[filepath.Base(file)] {
			state.SoundAt = max(state.SoundAt, data.MomentOf(made))
		}
	}
	if err := s.db.WithContext(ctx).Raw("SELECT value FROM settings WHERE key = ?", copyFailureKey).Scan(&state.Failure).Error; err != nil {
		return state, fmt.Errorf("read why no copy was made: %w", err)
	}
	return state, nil
}

// SaveCopyFailure keeps why the daily copy could not be made; empty where it could.
func (s *Store) SaveCopyFailure(ctx context.Context, why string) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.set(copyFailureKey, why) })
}

// Backups lists the copies of the database at path, newest first.
func Backups(path string) []string {
	entries, _ := os.ReadDir(backupFolder(path))
	var files []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".bak") {
			files = append(files, filepath.Join(backupFolder(path), e.Name()))
		}
	}
	slices.Sort(files)
	slices.Reverse(files)
	return files
}

// copyName is how the copies are named that are made, and removed, unasked.
const copyName = "2006-01-02T150405.000Z.bak"

// madeAt reads from a copy's name when it was made; it is not ours where a
// person named it.
func madeAt(file string) (made time.Time, ours bool) {
	made, err := time.Parse(copyName, filepath.Base(file))
	return made, err == nil
}

// backupInto makes a copy in the folder backups. It gets its name only once it is
// proved to be sound.
func backupInto(ctx context.Context, path string, now time.Time) (file string, err error) {
	folder := backupFolder(path)
	if err := makeBackupFolder(folder); err != nil {
		return "", err
	}
	file = filepath.Join(folder, now.UTC().Format(copyName))
	return file, vacuumInto(ctx, sourceAt(path), file, nil, proveFile)
}

// makeBackupFolder makes the folder for copies if there is none.
func makeBackupFolder(folder string) error {
	err := os.MkdirAll(folder, 0o700)
	if info, statErr := os.Lstat(folder); err != nil && statErr == nil && !info.IsDir() {
		return data.UserErrorf("%s must be a folder for copies of the desk, but is not one. Move it elsewhere.", folder)
	}
	if err != nil {
		return fmt.Errorf("make the folder for backups: %w", err)
	}
	return nil
}

// proveFile returns an error unless the copy at path is sound.
func proveFile(ctx context.Context, path string) error {
	db, err := openHandle(path, readerPragmas, 1)
	if err != nil {
		return explain("check", path, err)
	}
	defer func() { _ = closeHandle(db) }()
	return prove(ctx, db, path)
}

// removeOld removes all copies but the last seven. What is dated later than now
// was made while the clock was wrong, so it goes first.
func removeOld(path string, now time.Time) error {
	var past, future []string
	for _, file := range Backups(path) {
		switch made, ours := madeAt(file); {
		case ours && made.After(now):
			future = append(future, file)
		case ours:
			past = append(past, file)
		}
	}
	all := append(past, future...)
	for _, old := range all[min(keptBackups, len(all)):] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return removeParts(path, now)
}

// abandoned is how old a part of a copy is that nobody writes any more.
const abandoned = 24 * time.Hour

// removeParts removes what older versions left that were killed while they copied.
func removeParts(path string, now time.Time) error {
	entries, _ := os.ReadDir(backupFolder(path))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.Contains(e.Name(), ".bak.part") || now.Sub(info.ModTime()) < abandoned {
			continue
		}
		if err := os.Remove(filepath.Join(backupFolder(path), e.Name())); err != nil {
			return fmt.Errorf("remove the part of a backup: %w", err)
		}
	}
	return nil
}
