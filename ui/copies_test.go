package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// The line under the lists says when no copy can be made, the dialog why; a copy made
// from there takes the line away.
func TestCopies_LineSaysWhenNoneCanBeMade(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		made := a.Desk.Now()
		if err := a.Desk.MakeDailyCopy(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.copies.refresh()
		a.until("the copies are read", func() bool { return a.copies.state == data.CopyState{SoundAt: made} })
		if a.statusLine.copies.Visible() {
			t.Error("there is a line where nothing is wrong")
		}
		folder := filepath.Join(filepath.Dir(a.place.path), "backups")
		move := func(from, to string) {
			t.Helper()
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
		}
		move(folder, folder+" before")
		if err := os.WriteFile(folder, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		a.place.clock.forward(25 * time.Hour)
		if err := a.Desk.MakeDailyCopy(t.Context()); err == nil {
			t.Fatal("there is no place for a copy, and no error")
		}
		a.copies.refresh()
		a.sees("No daily copy")
		if err := os.Remove(folder); err != nil {
			t.Fatal(err)
		}
		move(folder+" before", folder)
		a.copies.refresh()
		a.sees("The daily copy failed")
		a.place.clock.forward(48 * time.Hour)
		a.copies.refresh()
		a.sees("No daily copy for 3 days")
		a.picture("copies-line-" + a.settings.Theme)
		a.click("No daily copy for 3 days")
		a.asks("Daily copy")
		a.sees("The newest verified copy was made " + made.Relative(a.Desk.Now()) + ".")
		a.says("The last one could not be made. " + folder + " must be a folder")
		a.picture("copies-dialog-" + a.settings.Theme)
		a.click("Copy now")
		a.until("the line is gone", func() bool { return !a.statusLine.root.Visible() })
		a.free()
	})
}
