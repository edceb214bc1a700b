package app

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data"
)

// FileError returns the data.UserError for trouble with a file that the user
// named; op is what was tried, "read" or "write". Errors that are not the file's
// are returned as they are, nil included.
func FileError(op, file string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return data.UserErrorf("%s already exists. Nothing was overwritten; choose another name.", file)
	}
	var pathErr *fs.PathError
	if !errors.As(err, &pathErr) || errors.Is(err, data.ErrReadOnly) { // that is about the database's file
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && op == "read":
		return data.UserErrorf("There is no file %s.", file)
	case errors.Is(err, fs.ErrNotExist):
		return data.UserErrorf("The folder %s does not exist.", filepath.Dir(file))
	case errors.Is(err, fs.ErrPermission):
		return data.UserErrorf("You are not allowed to %s %s.", op, file)
	}
	return data.UserErrorf("Cannot %s %s: %v.", op, file, pathErr.Err)
}
