package data

import "errors"

// The ways in which a profile's database can fail, for errors.Is.
var (
	// ErrNotDatabase says that the file is not a Latchdesk database.
	ErrNotDatabase = errors.New("the file is not a database")
	// ErrDamaged says that the database is not whole.
	ErrDamaged = errors.New("the database is damaged")
	// ErrAltered says that the tables, indexes or triggers of the database are not
	// those that Latchdesk made.
	ErrAltered = errors.New("the database was altered by another program")
	// ErrUnproved says that a customer or a message is not as the history says.
	ErrUnproved = errors.New("not everything is as the history says")
	// ErrNewer says that a newer version of Latchdesk has migrated the database.
	ErrNewer = errors.New("the database was written by a newer version of Latchdesk")
	// ErrFull says that the disk has no space left.
	ErrFull = errors.New("the disk is full")
	// ErrBusy says that another program kept the database locked for too long.
	ErrBusy = errors.New("another program holds the database")
	// ErrReadOnly says that the file or its folder cannot be written to.
	ErrReadOnly = errors.New("the database cannot be written")
	// ErrIndex says that the index of the database's log, which lies beside it, cannot be
	// written.
	ErrIndex = errors.New("the index of the database's log cannot be written")
	// ErrDisk says that the system failed to read or write the disk.
	ErrDisk = errors.New("the disk cannot be read or written")
	// ErrTooManyFiles says that this process, or all of them, may open no more files.
	ErrTooManyFiles = errors.New("too many files are open")
	// ErrUnsafe says that a commit would not be durable in this folder.
	ErrUnsafe = errors.New("the database cannot be kept safe here")
	// ErrInUse says that another process has the profile open.
	ErrInUse = errors.New("the profile is open in another program")
	// ErrClosed says that the database was closed.
	ErrClosed = errors.New("the database was closed")
)
