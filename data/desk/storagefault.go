package desk

import (
	"errors"

	"github.com/latchdesk/latchdesk/data/store"
)

// IsStorageFault reports whether err comes from a database that takes no writes
// at all: it is full, busy, read-only or damaged, so that the next write would
// fail like this one.
func IsStorageFault(err error) bool {
	for _, fault := range []error{store.ErrFull, store.ErrBusy, store.ErrReadOnly, store.ErrDamaged, store.ErrNotDatabase} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return false
}
