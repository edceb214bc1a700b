package store

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// partFile is the file that a copy is written to before it gets its name, so that a
// file under that name is always whole. Its own name is random, and nobody else's file
// is touched. A locked marker in the folder of the database says where it is as long as
// its process lives: what a killed one left is removed by the next that opens the
// database (removeAbandonedParts).
type partFile struct {
	path   string
	marker *flock.Flock // nil where nothing can be written beside the database
}

// The name of a marker, around a number that the name of its part has as well.
const (
	markerPrefix = "copying-"
	markerSuffix = ".lock"
)

// createPart makes an empty file of the mode 0600 in the folder of file. Its marker is
// put beside the database.
func createPart(database, file string) (*partFile, error) {
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	p := &partFile{}
	number := fmt.Sprint(os.Getpid()) // beside a database on a read-only medium nothing can be marked
	if marker, err := os.CreateTemp(filepath.Dir(database), markerPrefix+"*"+markerSuffix); err == nil {
		p.marker = flock.New(marker.Name())
		number = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(marker.Name()), markerPrefix), markerSuffix)
		p.path = filepath.Join(folder, partName(file, number))
		_, err = marker.WriteString(p.path)
		marker.Close()
		if err == nil {
			_, err = p.marker.TryLock()
		}
		if err != nil {
			p.remove()
			return nil, fmt.Errorf("mark the copy: %w", err)
		}
	}
	p.path = filepath.Join(folder, partName(file, number))
	// SQLite writes into an empty file as it is, so the mode stays ours.
	f, err := os.OpenFile(p.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		p.path = "" // it is another's
		p.remove()
		return nil, err
	}
	return p, f.Close()
}

func partName(file, number string) string {
	return "." + filepath.Base(file) + "." + number + ".part"
}

// remove removes what is left of the part, and its marker.
func (p *partFile) remove() {
	if p.path != "" {
		removePart(p.path)
	}
	if p.marker == nil {
		return
	}
	if err := os.Remove(p.marker.Path()); err != nil && !os.IsNotExist(err) {
		defer os.Remove(p.marker.Path()) // Windows removes nothing that is locked
	}
	_ = p.marker.Close()
}

func removePart(path string) {
	for _, companion := range []string{"", "-journal"} {
		if err := os.Remove(path + companion); err != nil && !os.IsNotExist(err) {
			slog.Warn("cannot remove the part of a copy", "error", err)
		}
	}
}

// removeAbandonedParts removes the parts that killed processes left, wherever they
// are, and their markers in the folder of the database.
func removeAbandonedParts(database string) {
	markers, _ := filepath.Glob(filepath.Join(escapeGlob(filepath.Dir(database)), markerPrefix+"*"+markerSuffix))
	for _, path := range markers {
		part, err := os.ReadFile(path) // before it is locked: Windows then reads nothing of it
		marker := flock.New(path, flock.SetFlag(os.O_RDWR))
		if ok, lockErr := marker.TryLock(); err != nil || lockErr != nil || !ok {
			continue // its process lives
		}
		abandoned := partFile{marker: marker}
		number := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), markerPrefix), markerSuffix)
		if strings.HasSuffix(string(part), "."+number+".part") {
			abandoned.path = string(part)
		}
		abandoned.remove()
	}
}
