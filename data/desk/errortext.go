package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// sentences say to a person what is wrong, and what to do.
var sentences = []struct {
	err  error
	text string
}{
	{data.ErrBlocked, "This customer is blocked, so nothing was sent. Unblock the customer first."},
	{data.ErrChanged, "Someone else changed this customer meanwhile. Nothing was done; look at the customer as it is now and decide again."},
	{data.ErrNoDemo, "This profile is not a demo, so it was left as it is. A demo lives in a folder of its own: leave out --profile, or name an empty folder together with --demo."},
	{data.ErrSetAsideFull, "Deliveries that cannot be understood are set aside, and there is no room for more of them, so this one was not taken in. Retry or drop some of them, in the window or with latchdesk deliveries."},
	{data.ErrNotSetAside, "This delivery is not set aside, or no longer is."},
	{data.ErrDemo, "This is the demo, which cannot be joined to an account. Join your own desk."},
	{data.ErrDamaged, "The database is damaged. Restore the newest copy from the folder backups, and keep the damaged file for whoever helps you."},
	{data.ErrNotDatabase, "The file latchdesk.db in the profile's folder is not a Latchdesk database. Choose another folder with --profile, or restore a backup."},
	{data.ErrAltered, "Another program has changed the tables of the database, so it cannot be trusted. Restore the newest copy from the folder backups, and keep the changed file for whoever helps you."},
	{data.ErrUnproved, "Something other than Latchdesk has changed customers or messages. latchdesk doctor says which, and latchdesk doctor --repair sets them right."},
	{data.ErrNewer, "This profile was written by a newer version of Latchdesk. Install that version, or choose another folder with --profile."},
	{data.ErrFull, "The disk is full, so nothing was saved. Free some space and try again."},
	{data.ErrBusy, "Another program is holding the database, so nothing was saved. Try again in a moment."},
	{data.ErrTooManyFiles, tooManyFiles},
	{syscall.EMFILE, tooManyFiles},
	{syscall.ENFILE, tooManyFiles},
	{data.ErrIndex, "The index of the database's log, latchdesk.db-shm in the profile's folder, cannot be written, so nothing was saved. Check its permissions, and whether the disk works."},
	{data.ErrDisk, diskFails},
	{syscall.EIO, diskFails},
	{syscall.EROFS, "The disk is read-only, so nothing was saved. Make it writable, or choose a folder on another disk."},
	{data.ErrReadOnly, "The profile's folder cannot be written to, so nothing was saved. Check its permissions, or choose another folder with --profile."},
	{data.ErrUnsafe, "The database cannot be kept safe in this folder. Choose a folder on this computer's own disk with --profile."},
	{data.ErrInUse, "This profile is open in another window or program. Close it and try again."},
	{fs.ErrPermission, "The profile's folder cannot be written to. Check its permissions, or choose another folder with --profile."},
}

const (
	tooManyFiles = "Too many files are open on this computer, so nothing was saved. Close what is not needed and try again, or raise the limit on open files."
	diskFails    = "The disk could not be read or written, so nothing was saved. Check that it works, and whether it has a quota. If it may be failing, copy the profile's folder to another disk."
)

// Explain returns an error in the user's words. An error without a sentence of its
// own says what was tried and what is wrong with it.
func Explain(err error) string {
	if err == nil {
		return ""
	}
	if sentence := data.UserError(""); errors.As(err, &sentence) {
		return string(sentence)
	}
	if several := (*data.SeveralError)(nil); errors.As(err, &several) {
		return explainSeveral(several)
	}
	cause := store.Cause(err)
	for _, s := range sentences {
		if errors.Is(err, s.err) || cause == s.err {
			return s.text
		}
	}
	text := strings.ReplaceAll(err.Error(), data.ErrInvalid.Error()+": ", "") // what follows says it
	return strings.TrimSuffix(text, ": "+data.ErrInvalid.Error())
}

// maxNamed is how many of the customers who have an address are named in a sentence.
const maxNamed = 10

// explainSeveral names the customers who have an address, each by one that is theirs
// alone.
func explainSeveral(e *data.SeveralError) string {
	var all []string
	for _, c := range e.Customers[:min(len(e.Customers), maxNamed)] {
		name := string(c.Address)
		if c.Name != "" {
			name = fmt.Sprintf("%s (%s)", c.Name, name)
		}
		all = append(all, name)
	}
	if more := len(e.Customers) - len(all); more > 0 {
		all = append(all, data.Count(more, "other"))
	}
	return fmt.Sprintf("%s is known here as %s: %s. Use the exact address of the one you mean.",
		e.Address.Pretty(), data.Count(len(e.Customers), "customer"), strings.Join(all, ", "))
}
