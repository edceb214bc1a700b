// Package profile finds the folder a desk lives in and keeps apart the
// processes that have it open at once.
package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/gofrs/flock"

	"github.com/latchdesk/latchdesk/data"
)

// Profile is a folder with one database, held open by this process.
type Profile struct {
	Folder   string
	openLock *flock.Flock
	locks    map[string]*flock.Flock
}

// ResolveFolder says where a profile lies: dir where it is given, else the user's own
// place for programs' data. The demo has a folder of its own beside the desk.
func ResolveFolder(dir string, demo bool) (string, error) {
	if dir != "" {
		return filepath.Abs(dir)
	}
	base, err := dataHome()
	if err != nil {
		return "", fmt.Errorf("find a folder for the profile: %w: name one with --profile", err)
	}
	if demo {
		return filepath.Join(base, "demo"), nil
	}
	return filepath.Join(base, "desk"), nil
}

// dataHome follows the XDG base directory specification on Linux and the
// platform's custom elsewhere.
func dataHome() (string, error) {
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Latchdesk"), nil
		}
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "Latchdesk"), err
	case "darwin":
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "Latchdesk"), err
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "latchdesk"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "latchdesk"), err
}

// Open makes the folder where there is none and says to others that it is in
// use, unless nothing can be written there. A folder on a network share is refused:
// SQLite cannot keep it safe.
func Open(folder string) (*Profile, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the profile's folder: %w", err)
	}
	if isNetworkShare(folder) {
		return nil, fmt.Errorf("%s lies on a network share: %w", folder, data.ErrUnsafe)
	}
	p := &Profile{Folder: folder, openLock: newLock(folder, "open.lock"), locks: map[string]*flock.Flock{}}
	ok, err := p.openLock.TryRLock()
	if err != nil && !cannotCreate(err) {
		return nil, fmt.Errorf("open the profile %s: %w", folder, err)
	}
	if !ok && err == nil {
		return nil, fmt.Errorf("open the profile %s: %w", folder, data.ErrInUse)
	}
	return p, nil
}

// cannotCreate reports whether a lock could not be taken since its file is not there
// and cannot be made, or cannot be opened: nobody can hold it for long then.
func cannotCreate(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// OpenExclusive opens the profile at folder for somebody who replaces its database:
// it fails with data.ErrInUse while anybody else has it open.
func OpenExclusive(folder string) (*Profile, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the profile's folder: %w", err)
	}
	p := &Profile{Folder: folder, openLock: newLock(folder, "open.lock"), locks: map[string]*flock.Flock{}}
	ok, err := p.openLock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("open the profile %s: %w", folder, err)
	}
	if !ok {
		return nil, fmt.Errorf("open the profile %s: %w", folder, data.ErrInUse)
	}
	return p, nil
}

func newLock(folder, name string) *flock.Flock {
	return flock.New(filepath.Join(folder, name), flock.SetPermissions(0o600))
}

// Database is the file the desk's data is in.
func (p *Profile) Database() string { return filepath.Join(p.Folder, "latchdesk.db") }

// TryLockWindow reports whether this process may show the profile's window; only
// one at a time may.
func (p *Profile) TryLockWindow() (bool, error) { return p.tryLock("window.lock") }

// TryLockWork reports whether this process does the work that must be done once;
// when the holder goes, the next who asks gets it.
func (p *Profile) TryLockWork() (bool, error) { return p.tryLock("work.lock") }

// Exclusively runs do while no other process runs its own; others wait.
func (p *Profile) Exclusively(do func() error) error {
	lock := newLock(p.Folder, "turn.lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("wait for another program: %w", err)
	}
	return errors.Join(do(), lock.Close())
}

// HasWindow reports whether a process shows the profile's window. It asks with a
// shared lock that it returns back at once.
func (p *Profile) HasWindow() (bool, error) {
	lock := newLock(p.Folder, "window.lock")
	free, err := lock.TryRLock()
	if err != nil && cannotCreate(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a window: %w", err)
	}
	return !free, lock.Close()
}

func (p *Profile) tryLock(name string) (bool, error) {
	if p.locks[name] != nil {
		return true, nil
	}
	lock := newLock(p.Folder, name)
	ok, err := lock.TryLock()
	if err != nil {
		return false, fmt.Errorf("take %s: %w", name, err)
	}
	if ok {
		p.locks[name] = lock
	}
	return ok, nil
}

// Close lets go of all that this process holds of the profile.
func (p *Profile) Close() error {
	errs := []error{p.openLock.Close()}
	for _, lock := range p.locks {
		errs = append(errs, lock.Close())
	}
	return errors.Join(errs...)
}
