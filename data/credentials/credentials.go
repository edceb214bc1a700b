// Package credentials keeps the key of a profile's DoubleTick account: in the
// system's keyring, or where there is none in a file that only its owner can read.
package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// Store holds the key of one profile's account.
type Store struct{ folder string }

// NewStore returns the store of the profile in folder.
func NewStore(folder string) *Store { return &Store{folder: folder} }

// ErrNoKey is returned where no key is kept.
var ErrNoKey = errors.New("no key is kept for the DoubleTick account")

// ErrKey is returned for a text that cannot be an API key.
var ErrKey = errors.New("this is not an API key: a key is one line without spaces")

// service is the name under which the keyring keeps the key; the user is the folder.
const service = "latchdesk"

// keyringTimeout is how long the keyring is waited for: a broken bus hangs for ever.
const keyringTimeout = 5 * time.Second

// errKeyringSilent is returned where the keyring does not answer in time.
var errKeyringSilent = errors.New("the system's keyring does not answer")

// errNoBus is returned where no session bus is known that could have a keyring.
var errNoBus = errors.New("there is no system keyring in this session")

// runtimeFolder is where the keyring's library looks for the session bus.
var runtimeFolder = "/run/user/" + strconv.Itoa(os.Getuid())

// busKnown reports whether the keyring can be asked without starting anything:
// where no session bus is known, the library runs dbus-launch, which leaves a
// daemon behind at each run.
func busKnown() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true // their keyrings need no bus
	}
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return true
	}
	_, err := os.Stat(filepath.Join(runtimeFolder, "bus"))
	return err == nil
}

// File returns the path of the file that holds the key where there is no keyring.
func (s *Store) File() string { return filepath.Join(s.folder, "account.key") }

// Key returns the key, or ErrNoKey. A key in the file takes precedence: it was
// put there because the keyring did not take it.
func (s *Store) Key() (string, error) {
	raw, err := os.ReadFile(s.File())
	if err == nil {
		if key := strings.TrimSpace(string(raw)); key != "" {
			return key, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the key: %w", err)
	}
	key, err := askKeyring(func() (string, error) { return keyring.Get(service, s.folder) })
	switch {
	case err == nil && key != "":
		return key, nil
	case errors.Is(err, errKeyringSilent):
		return "", fmt.Errorf("read the key: %w", err)
	}
	return "", ErrNoKey
}

// Save replaces the key. It returns ErrKey where the text cannot be one.
func (s *Store) Save(key string) error {
	key, err := ParseKey(key)
	if err != nil {
		return err
	}
	if s.saveInKeyring(key) {
		return s.removeFile()
	}
	return s.saveInFile(key)
}

// ParseKey returns the text without the blanks around it. It returns ErrKey
// unless that is one printable ASCII word of at most 4096 bytes.
func ParseKey(text string) (string, error) {
	key := strings.TrimSpace(text)
	if key == "" || len(key) > 4096 || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", ErrKey
	}
	return key, nil
}

// saveInKeyring reports whether the keyring took the key and returns it when asked.
func (s *Store) saveInKeyring(key string) bool {
	kept, err := askKeyring(func() (string, error) {
		if err := keyring.Set(service, s.folder, key); err != nil {
			return "", err
		}
		return keyring.Get(service, s.folder)
	})
	return err == nil && kept == key
}

// saveInFile writes the file atomically.
func (s *Store) saveInFile(key string) error {
	f, err := os.CreateTemp(s.folder, "account.key.*")
	if err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	_, err = f.WriteString(key + "\n")
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.File())
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("keep the key: %w", err)
	}
	return nil
}

func (s *Store) removeFile() error {
	if err := os.Remove(s.File()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the key's file: %w", err)
	}
	return nil
}

// Forget removes the key from the keyring and the file.
func (s *Store) Forget() error {
	_, err := askKeyring(func() (string, error) { return "", keyring.Delete(service, s.folder) })
	if errors.Is(err, errKeyringSilent) {
		return errors.Join(fmt.Errorf("forget the key: %w", err), s.removeFile())
	}
	return s.removeFile() // what the keyring does not know needs no forgetting
}

// Location returns where the key is kept, in words for the agent.
func (s *Store) Location() string {
	if info, err := os.Stat(s.File()); err == nil {
		// Windows has no such modes; some file systems of Linux and macOS keep none.
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			return "Kept in a file whose permissions let others on this computer use it: " + s.File()
		}
		return "Kept in a file that only you can read: " + s.File()
	}
	if _, err := s.Key(); err == nil {
		return "Kept in the system's keyring."
	}
	return "No key is kept."
}

// askKeyring returns what do returns, or errNoBus without doing it, or
// errKeyringSilent where do takes too long.
func askKeyring(do func() (string, error)) (string, error) {
	if !busKnown() {
		return "", errNoBus
	}
	return withTimeout(keyringTimeout, do)
}

// withTimeout returns what do returns, or errKeyringSilent after long. It then
// leaves do running: nothing can stop a call that hangs on the bus.
func withTimeout(long time.Duration, do func() (string, error)) (string, error) {
	type outcome struct {
		text string
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		text, err := do()
		done <- outcome{text, err}
	}()
	timeout := time.NewTimer(long)
	defer timeout.Stop()
	select {
	case o := <-done:
		return o.text, o.err
	case <-timeout.C:
		return "", errKeyringSilent
	}
}
