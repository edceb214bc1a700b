package store

import (
	"errors"
	"fmt"

	driver "github.com/glebarez/go-sqlite"
)

// The ways in which the file itself can fail, for errors.Is.
var (
	ErrNotDatabase = errors.New("the file is no database")
	ErrDamaged     = errors.New("the database is damaged")
	ErrNewer       = errors.New("the database was written by a newer version of Latchdesk")
	ErrFull        = errors.New("the disk is full")
	ErrBusy        = errors.New("another program holds the database")
	ErrReadOnly    = errors.New("the database cannot be written")
	ErrUnsafe      = errors.New("the database cannot be kept safe here")
	ErrInUse       = errors.New("the profile is open in another program")
	ErrClosed      = errors.New("the database was closed")
)

// SQLite's primary result codes, and extended ones that say more, https://www.sqlite.org/rescode.html.
var causes = map[int]error{
	5:  ErrBusy,
	6:  ErrBusy,
	8:  ErrReadOnly,
	11: ErrDamaged,
	13: ErrFull,
	14: ErrReadOnly,
	26: ErrNotDatabase,

	4874: ErrFull, // SQLITE_IOERR_SHMSIZE: the log's index cannot grow
}

// Cause returns which of the errors above a failure of SQLite stands for, nil
// where it is none of them.
func Cause(err error) error {
	var code *driver.Error
	if !errors.As(err, &code) {
		return nil
	}
	if cause, ok := causes[code.Code()]; ok {
		return cause
	}
	return causes[code.Code()&0xff]
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
		err = fmt.Errorf("%w: %w", cause, err)
	}
	return fmt.Errorf("%s the database %s: %w", tried, path, err)
}
