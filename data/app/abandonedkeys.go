package app

import (
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// partOfKey matches the names that keys have until they are written whole.
var partOfKey = regexp.MustCompile(`^(account|api|webhook)\.key\.[0-9]+$`)

// abandoned is how old such a file is that nobody writes any more.
const abandoned = time.Hour

// removeAbandonedKeys removes the parts of keys that killed processes left in a
// profile's folder: nobody would look for a key there.
func removeAbandonedKeys(folder string, now time.Time) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if !partOfKey.MatchString(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) >= abandoned {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}
