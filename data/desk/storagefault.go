package desk

import (
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// IsStorageFault reports whether err comes from a database that takes no writes
// at all: it is full, busy, read-only or damaged, or its disk fails, so that the next
// write would fail like this one.
func IsStorageFault(err error) bool {
	for _, fault := range []error{
		data.ErrFull, data.ErrBusy, data.ErrReadOnly, data.ErrIndex, data.ErrDisk, data.ErrTooManyFiles,
		data.ErrDamaged, data.ErrNotDatabase, data.ErrAltered,
	} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}

// Cause returns which of the storage errors of package data a failure of the
// database stands for, nil if it is none of them.
func Cause(err error) error { return store.Cause(err) }

// IsDamage reports whether an error comes from a database that is not whole.
func IsDamage(err error) bool {
	cause := store.Cause(err)
	for _, damage := range []error{data.ErrDamaged, data.ErrNotDatabase, data.ErrAltered} {
		if errors.Is(err, damage) || cause == damage {
			return true
		}
	}
	return false
}
