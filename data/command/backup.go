package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

type backupCmd struct {
	File nonEmpty `arg:"" help:"The file to write, which must not exist yet."`
}

func (c backupCmd) Run(r *run) error {
	file, err := filepath.Abs(string(c.File))
	if err != nil {
		return err
	}
	if err := r.requireDatabase("copy"); err != nil {
		return err
	}
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Backup(r.ctx, file); err != nil {
		return fileError("write", file, err)
	}
	r.out.printLine("The copy is in %s.", file)
	return nil
}

// requireDatabase refuses a profile without a database: a copy of nothing, or proof
// of it, made of the wrong folder, would be found out when it is needed.
func (r *run) requireDatabase(what string) error {
	if _, err := os.Lstat(r.ref.databaseFile()); errors.Is(err, fs.ErrNotExist) {
		return userErrorf("There is no desk in %s yet, so there is nothing to %s.", r.ref.Folder, what)
	}
	return nil
}

type restoreCmd struct {
	File nonEmpty `arg:"" help:"The copy, as backup or the folder backups has it."`
}

func (c restoreCmd) Run(r *run) error {
	file := string(c.File)
	alone, err := profile.OpenExclusive(r.ref.Folder)
	if err != nil {
		return err
	}
	defer alone.Close()
	kept, err := store.Restore(r.ctx, file, alone.Database(), r.deps.Now())
	switch {
	case errors.Is(err, store.ErrNotDatabase):
		return userErrorf("%s is not a copy of a desk. Nothing was changed.", file)
	case errors.Is(err, store.ErrDamaged):
		return userErrorf("%s is damaged. Nothing was changed; try an older copy.", file)
	case errors.Is(err, store.ErrNewer):
		return userErrorf("%s was written by a newer version of Latchdesk. Nothing was changed.", file)
	case err != nil:
		return fileError("read", file, err)
	}
	r.out.printLine("The desk is as it was in %s.", file)
	if kept != "" {
		r.out.printLine("The database that was there before is kept in %s.", kept)
	}
	return nil
}

// fileError says what is wrong with a file that the user named. Errors that
// are not the file's go through as they are.
func fileError(what, file string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return userErrorf("%s is there already. Nothing was overwritten; choose another name.", file)
	}
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && what == "read":
		return userErrorf("There is no file %s.", file)
	case errors.Is(err, fs.ErrNotExist):
		return userErrorf("The folder %s does not exist.", filepath.Dir(file))
	case errors.Is(err, fs.ErrPermission):
		return userErrorf("You are not allowed to %s %s.", what, file)
	}
	return userErrorf("Cannot %s %s: %v.", what, file, path.Err)
}
