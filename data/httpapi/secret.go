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

// ErrInvalidSecret says that the file of a secret does not hold one.
var ErrInvalidSecret = errors.New("it does not hold what Latchdesk wrote there; latchdesk key renew makes another")

// Secret is a random word in a file of its own that only its owner can read. It
// is made when it is first asked for. Another process may renew it at any time:
// whoever asks gets the new one.
type Secret struct {
	path   string
	size   int // in bytes
	encode func([]byte) string

	mu       sync.Mutex
	value    string
	hash     [sha256.Size]byte
	fileInfo fs.FileInfo // the file that text was read from
}

// APIKey is what programs show to the server of the profile in folder.
func APIKey(folder string) *Secret {
	return &Secret{path: filepath.Join(folder, "api.key"), size: 32, encode: hex.EncodeToString}
}

// WebhookSecret is what DoubleTick's deliveries come with.
func WebhookSecret(folder string) *Secret {
	return &Secret{path: filepath.Join(folder, "webhook.key"), size: 24, encode: base64.RawURLEncoding.EncodeToString}
}

// Value returns the secret.
func (s *Secret) Value() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reload(); err != nil {
		return "", fmt.Errorf("read %s: %w", s.path, err)
	}
	return s.value, nil
}

// Matches reports whether text is the secret, in the same time whatever it is.
func (s *Secret) Matches(text string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reload(); err != nil {
		return false, fmt.Errorf("read %s: %w", s.path, err)
	}
	sum := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(sum[:], s.hash[:]) == 1, nil
}

// Rotate makes another secret; the one before is worth nothing any more.
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

// reload looks whether the file is still the one that was read, and reads it
// where it is another.
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
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 { // copied by hand
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

// create makes the file where there is none. Of two processes that do so at
// once the first wins, and both have the same secret.
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
	return os.Rename(temp, s.path) // a file system without links
}

// writeTemp puts a new secret into a file beside the right one, whole.
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
