package store

import (
	"errors"
	"io/fs"
	"os"
)

// NewFile is a file for somebody to keep, readable by its owner only. It gets its name
// once it is complete; until then it is a part, which the next start removes if this
// process is killed.
type NewFile struct {
	*os.File
	name string
	part *partFile
}

// CreateFile begins a file. It returns an error that wraps fs.ErrExist if there is one of
// this name.
func (s *Store) CreateFile(name string) (*NewFile, error) {
	if _, err := os.Lstat(name); err == nil {
		return nil, existError(name)
	}
	part, err := createPart(s.Path, name)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(part.path, os.O_WRONLY, 0)
	if err != nil {
		part.remove()
		return nil, err
	}
	return &NewFile{File: file, name: name, part: part}, nil
}

func existError(name string) error {
	return &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
}

// Publish ends the file and gives it its name, which nobody took meanwhile: it returns an
// error that wraps fs.ErrExist if somebody did. A hard link never replaces another file;
// where there are none, that is looked for just before.
func (f *NewFile) Publish() error {
	if err := errors.Join(f.Sync(), f.File.Close()); err != nil {
		return err
	}
	err := os.Link(f.part.path, f.name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(f.name); err == nil {
		return existError(f.name)
	}
	return os.Rename(f.part.path, f.name)
}

// Discard removes what was written unless it was published.
func (f *NewFile) Discard() {
	_ = f.File.Close()
	f.part.remove()
}
