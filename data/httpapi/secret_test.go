package httpapi

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestSecret(t *testing.T) {
	folder := t.TempDir()
	for name, make := range map[string]func(string) *Secret{"api.key": APIKey, "webhook.key": WebhookSecret} {
		file := filepath.Join(folder, name)
		one, other := make(folder), make(folder)
		text, err := one.Value()
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := hex.DecodeString(text); name == "api.key" && (err != nil || len(raw) != 32) || name == "webhook.key" && len(text) != 32 {
			t.Errorf("%s is %q", name, text)
		}
		if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
		is := func(s *Secret, text string, want bool) {
			t.Helper()
			if got, err := s.Matches(text); got != want || err != nil {
				t.Errorf("%s: %q is the secret: %v, %v", name, text, got, err)
			}
		}
		is(other, text, true)
		is(other, text+"0", false)
		is(other, "", false)
		again, err := one.Rotate()
		if err != nil || again == text {
			t.Errorf("%s: %q after %q, %v", name, again, text, err)
		}
		is(other, text, false) // the one who only asks has the new one
		is(other, again, true)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		is(other, again, false)
		for _, broken := range []string{"", "\n", "short", text + text, text[:31] + " " + text[32:]} {
			if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			if ok, err := other.Matches(broken); ok || !errors.Is(err, ErrInvalidSecret) {
				t.Errorf("%s holding %q: %v, %v", name, broken, ok, err)
			}
		}
		if _, err := other.Rotate(); err != nil {
			t.Error(err)
		}
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := make(folder).Value(); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", name, info.Mode(), err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("left are %v, %v", left, err)
	}
	if _, err := APIKey(filepath.Join(folder, "none")).Value(); err == nil {
		t.Error("a folder that is not there has a key")
	}
}

// Many who ask first at once are given the same.
func TestSecret_CreatedOnce(t *testing.T) {
	folder := t.TempDir()
	texts := make([]string, 16)
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() { texts[i], _ = APIKey(folder).Value() })
	}
	waittest.Return(t, "all to read the key", all.Wait)
	for _, text := range texts {
		if text == "" || text != texts[0] {
			t.Fatalf("%q", texts)
		}
	}
}
