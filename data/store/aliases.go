package store

import "github.com/latchdesk/latchdesk/data"

// The names that the commands still use; they are package data's.
type Stats = data.Stats

var (
	ErrNotDatabase = data.ErrNotDatabase
	ErrDamaged     = data.ErrDamaged
	ErrNewer       = data.ErrNewer
	ErrFull        = data.ErrFull
	ErrBusy        = data.ErrBusy
	ErrReadOnly    = data.ErrReadOnly
	ErrInUse       = data.ErrInUse
)
