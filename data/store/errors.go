package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	driver "github.com/glebarez/go-sqlite"

	"github.com/latchdesk/latchdesk/data"
)

// SQLite's primary result codes, and extended ones that say more, https://www.sqlite.org/rescode.html.
var causes = map[int]error{
	5:  data.ErrBusy,
	6:  data.ErrBusy,
	8:  data.ErrReadOnly,
	10: data.ErrDisk,
	11: data.ErrDamaged,
	13: data.ErrFull,
	14: data.ErrReadOnly,
	26: data.ErrNotDatabase,

	3082: nil,           // SQLITE_IOERR_NOMEM
	4618: data.ErrIndex, // SQLITE_IOERR_SHMOPEN
	4874: data.ErrIndex, // SQLITE_IOERR_SHMSIZE: it cannot grow
	5386: data.ErrIndex, // SQLITE_IOERR_SHMMAP
}

// cannotOpen is SQLITE_CANTOPEN, which SQLite also returns where a process may open no
// more files.
const cannotOpen = 14

// Cause returns which of the errors of package data a failure of SQLite stands for, nil
// where it is none of them.
func Cause(err error) error {
	var code *driver.Error
	if !errors.As(err, &code) {
		return nil
	}
	if code.Code()&0xff == cannotOpen && tooManyFiles() {
		return data.ErrTooManyFiles
	}
	if cause, ok := causes[code.Code()]; ok {
		return cause
	}
	return causes[code.Code()&0xff]
}

// tooManyFiles reports whether no more files may be opened. It opens none of the
// database's: closing one would release the locks that SQLite has on it.
func tooManyFiles() bool {
	f, err := os.Open(os.DevNull)
	if err == nil {
		_ = f.Close()
	}
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// indexStep is by how many bytes the index of the log grows.
const indexStep = 32 << 10

// locate returns the cause of a failure more exactly, as far as the folder of the
// database at path shows it.
func locate(path string, cause error) error {
	folder := filepath.Dir(path)
	switch cause {
	case data.ErrReadOnly, data.ErrDisk:
		if errors.Is(canWrite(folder), syscall.EROFS) { // or it has become so since
			return fmt.Errorf("%w: %w", data.ErrReadOnly, syscall.EROFS)
		}
		if cause == data.ErrReadOnly && canWrite(path) == nil && errors.Is(canWrite(path+"-shm"), fs.ErrPermission) {
			return fmt.Errorf("%w: %w", data.ErrReadOnly, data.ErrIndex)
		}
	case data.ErrIndex:
		if free, _, err := freeSpace(folder); err == nil && free < indexStep {
			return data.ErrFull
		}
	}
	return cause
}

// explain wraps a failure of SQLite with what was tried and the cause it
// stands for.
func explain(tried, path string, err error) error {
	var code *driver.Error
	if !errors.As(err, &code) {
		return err
	}
	return wrap(tried, path, err)
}

// wrap is explain for any failure.
func wrap(tried, path string, err error) error {
	if cause := Cause(err); cause != nil {
		err = fmt.Errorf("%w: %w", locate(path, cause), err)
	}
	return fmt.Errorf("%s the database %s: %w", tried, path, err)
}
