package store

import (
	"errors"
	"fmt"

	driver "github.com/glebarez/go-sqlite"

	"github.com/latchdesk/latchdesk/data"
)

// SQLite's primary result codes, and extended ones that say more, https://www.sqlite.org/rescode.html.
var causes = map[int]error{
	5:  data.ErrBusy,
	6:  data.ErrBusy,
	8:  data.ErrReadOnly,
	11: data.ErrDamaged,
	13: data.ErrFull,
	14: data.ErrReadOnly,
	26: data.ErrNotDatabase,

	4874: data.ErrFull, // SQLITE_IOERR_SHMSIZE: the log's index cannot grow
}

// Cause returns which of the errors of package data a failure of SQLite stands for, nil
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
