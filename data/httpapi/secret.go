package httpapi

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// ErrInvalidSecret is returned if the file of a secret does not hold one.
var ErrInvalidSecret = errors.New("its content is not what Latchdesk wrote; latchdesk key renew makes a new one")

// Secret is a random text in a file of its own, readable by its owner only. It is
// created when it is first used. Another process may rotate it at any time; every
// use sees the current one. It is safe for concurrent use.
type Secret struct {
	path   string
	size   int // random bytes
	encode func([]byte) string

	mu       sync.Mutex
	value    string
	hash     [sha256.Size]byte
	fileInfo fs.FileInfo // of the file when value was read
}

// APIKey returns the key with which programs call the server of the profile in
// folder.
func APIKey(folder string) *Secret {
	return &Secret{path: filepath.Join(folder, "api.key"), size: 32, encode: hex.EncodeToString}
}

// WebhookSecret returns the secret in the path to which DoubleTick's deliveries for
// the profile in folder are sent.
func WebhookSecret(folder string) *Secret {
	return &Secret{path: filepath.Join(folder, "webhook.key"), size: 24, encode: base64.RawURLEncoding.EncodeToString}
}

// Value returns the secret, or an error that wraps ErrInvalidSecret or that of the
// file.
func (s *Secret) Value() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reload(); err != nil {
		return "", fmt.Errorf("read %s: %w", s.path, err)
	}
	return s.value, nil
}

// Matches reports whether text is the secret. It takes the same time whatever the
// text is. Its errors are those of Value.
func (s *Secret) Matches(text string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reload(); err != nil {
		return false, fmt.Errorf("read %s: %w", s.path, err)
	}
	sum := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(sum[:], s.hash[:]) == 1, nil
}

// Rotate replaces the secret and returns the new one. The old one no longer
// matches.
func (s *Secret) Rotate() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, temp, err := s.writeTemp()
	if err != nil {
		return "", fmt.Errorf("write %s: %w", s.path, err)
	}
	if err := os.Rename(temp, s.path); err != nil {
		return "", fmt.Errorf("write %s: %w", s.path, errors.Join(err, os.Remove(temp)))
	}
	return text, nil
}

// reload reads the file again if it is another than the one that was read last, and
// creates it if there is none.
func (s *Secret) reload() error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.create(); err != nil {
			return err
		}
		info, err = os.Stat(s.path)
	}
	if err != nil {
		return err
	}
	if s.fileInfo != nil && os.SameFile(info, s.fileInfo) && info.ModTime().Equal(s.fileInfo.ModTime()) && info.Size() == s.fileInfo.Size() {
		return nil
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 { // it was copied by hand
		if err := os.Chmod(s.path, 0o600); err != nil {
			return err
		}
	}
	raw, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(string(raw))
	if len(text) != len(s.encode(make([]byte, s.size))) || strings.ContainsAny(text, " \t\r\n") {
		return ErrInvalidSecret
	}
	s.value, s.hash, s.fileInfo = text, sha256.Sum256([]byte(text)), info
	return nil
}

// create writes the file if there is none. Of two processes that do so at once the
// first wins, and both use its secret.
func (s *Secret) create() error {
	_, temp, err := s.writeTemp()
	if err != nil {
		return err
	}
	err = os.Link(temp, s.path)
	switch {
	case err == nil, errors.Is(err, fs.ErrExist):
		return os.Remove(temp)
	}
	return os.Rename(temp, s.path) // a file system without hard links
}

// writeTemp writes a new secret to a temporary file beside the right one and syncs
// it.
func (s *Secret) writeTemp() (text, temp string, err error) {
	random := make([]byte, s.size)
	if _, err := rand.Read(random); err != nil {
		return "", "", err
	}
	text = s.encode(random)
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+".*") // with mode 0600
	if err != nil {
		return "", "", err
	}
	_, err = f.WriteString(text + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", "", errors.Join(err, os.Remove(f.Name()))
	}
	return text, f.Name(), nil
}
