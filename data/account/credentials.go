package account

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// CredentialStore keeps the key of the account of a profile: in the system's keyring, or
// where there is none in a file that only its owner can read.
type CredentialStore struct{ folder string }

// NewCredentialStore returns the keys of the profile in a folder.
func NewCredentialStore(folder string) *CredentialStore { return &CredentialStore{folder: folder} }

// ErrNoKey says that no key is kept.
var ErrNoKey = errors.New("no key is kept for the DoubleTick account")

// ErrKey says that a text is no API key.
var ErrKey = errors.New("this is no API key: it is one line without spaces")

// service is under which name the keyring keeps the key; the user is the folder.
const service = "latchdesk"

// keyringTimeout is how long the keyring is waited for: a broken bus hangs for ever.
const keyringTimeout = 5 * time.Second

// errKeyringSilent says that the keyring does not answer.
var errKeyringSilent = errors.New("the system's keyring does not answer")

// File is where the key lies when there is no keyring.
func (k *CredentialStore) File() string { return filepath.Join(k.folder, "account.key") }

// Key returns the key, or ErrNoKey. One that lies in the file comes first: it was
// put there because the keyring did not take it.
func (k *CredentialStore) Key() (string, error) {
	raw, err := os.ReadFile(k.File())
	if err == nil {
		if key := strings.TrimSpace(string(raw)); key != "" {
			return key, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the key: %w", err)
	}
	key, err := withTimeout(keyringTimeout, func() (string, error) { return keyring.Get(service, k.folder) })
	switch {
	case err == nil && key != "":
		return key, nil
	case errors.Is(err, errKeyringSilent):
		return "", fmt.Errorf("read the key: %w", err)
	}
	return "", ErrNoKey
}

// Save keeps another key in the place of the one before.
func (k *CredentialStore) Save(key string) error {
	key = strings.TrimSpace(key)
	if !isKey(key) {
		return ErrKey
	}
	if k.saveInKeyring(key) {
		return k.removeFile()
	}
	return k.saveInFile(key)
}

func isKey(text string) bool {
	return text != "" && len(text) <= 4096 && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// saveInKeyring reports whether the keyring has the key, which it is asked for.
func (k *CredentialStore) saveInKeyring(key string) bool {
	kept, err := withTimeout(keyringTimeout, func() (string, error) {
		if err := keyring.Set(service, k.folder, key); err != nil {
			return "", err
		}
		return keyring.Get(service, k.folder)
	})
	return err == nil && kept == key
}

// saveInFile writes the file whole or not at all.
func (k *CredentialStore) saveInFile(key string) error {
	f, err := os.CreateTemp(k.folder, "account.key.*")
	if err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	_, err = f.WriteString(key + "\n")
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), k.File())
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("keep the key: %w", err)
	}
	return nil
}

func (k *CredentialStore) removeFile() error {
	if err := os.Remove(k.File()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the key's file: %w", err)
	}
	return nil
}

// Forget removes the key from wherever it is.
func (k *CredentialStore) Forget() error {
	_, err := withTimeout(keyringTimeout, func() (string, error) { return "", keyring.Delete(service, k.folder) })
	if errors.Is(err, errKeyringSilent) {
		return errors.Join(fmt.Errorf("forget the key: %w", err), k.removeFile())
	}
	return k.removeFile() // what the keyring does not know needs no forgetting
}

// Location says where the key is kept, in words for the agent.
func (k *CredentialStore) Location() string {
	if _, err := os.Stat(k.File()); err == nil {
		return "Kept in a file that only you can read: " + k.File()
	}
	if _, err := k.Key(); err == nil {
		return "Kept in the system's keyring."
	}
	return "No key is kept."
}

// withTimeout runs what may hang. What hangs is left to itself.
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
