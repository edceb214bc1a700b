package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What killed programs left of a key goes with the next start; keys, and what may still
// be written, stay.
func TestOpen_RemovesAbandonedKeys(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)
	files := map[string]struct {
		age  time.Duration
		stay bool
	}{
		"account.key": {48 * time.Hour, true}, "account.key.2154": {2 * time.Hour, false}, "api.key.99": {time.Hour, false},
		"webhook.key.1": {time.Hour, false}, "api.key.98": {time.Minute, true}, "account.key.old": {48 * time.Hour, true},
		"my.key.12": {48 * time.Hour, true},
	}
	for name, f := range files {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, now.Add(-f.age)); err != nil {
			t.Fatal(err)
		}
	}
	a, err := ProfileRef{Folder: folder}.Open(t.Context(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for name, f := range files {
		if _, err := os.Lstat(filepath.Join(folder, name)); (err == nil) != f.stay {
			t.Errorf("%s is there: %t, want %t", name, err == nil, f.stay)
		}
	}
}
