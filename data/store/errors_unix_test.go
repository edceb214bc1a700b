//go:build unix

package store_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// inOwnProcess runs the test again in a process of its own, whose limits it may lower:
// those of this one hold for whatever else it writes, as for the log of go test. It
// reports whether this is that process.
func inOwnProcess(t *testing.T) bool {
	t.Helper()
	const own = "LATCHDESK_TEST_OWN_PROCESS"
	if os.Getenv(own) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), own+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// limit lowers a limit of the process during do.
func limit(t *testing.T, resource int, to uint64, do func()) {
	t.Helper()
	var was unix.Rlimit
	if err := unix.Getrlimit(resource, &was); err != nil {
		t.Fatal(err)
	}
	lower := was
	lower.Cur = min(to, was.Cur)
	if err := unix.Setrlimit(resource, &lower); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Setrlimit(resource, &was); err != nil {
			t.Fatal(err)
		}
	}()
	do()
}

// exhausted opens files until no more may be opened, and closes them after do.
func exhausted(t *testing.T, do func()) {
	t.Helper()
	limit(t, unix.RLIMIT_NOFILE, 256, func() {
		for {
			f, err := os.Open(os.DevNull)
			if errors.Is(err, unix.EMFILE) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
		}
		do()
	})
}

// Where no more files may be opened, that is what is told, and not that the folder
// cannot be written to: the profile is not opened for reading alone.
func TestOpen_TooManyFiles(t *testing.T) {
	if !inOwnProcess(t) {
		return
	}
	s := openNew(t)
	path := s.Path
	closeStore(t, s)
	exhausted(t, func() {
		if _, err := store.Open(t.Context(), path, frozen); !errors.Is(err, unix.EMFILE) {
			t.Errorf("it is opened: %v", err)
		}
	})
	s = openAt(t, path)
	s.Readers(t).SetMaxIdleConns(0) // the next read opens the file
	exhausted(t, func() {
		_, err := s.Stats(t.Context())
		if store.Cause(err) != data.ErrTooManyFiles {
			t.Errorf("it is read: %v", err)
		}
	})
	if _, err := s.Stats(t.Context()); err != nil {
		t.Error(err)
	}
}

// Where the system refuses a write for another reason than a full disk, the disk is
// told, and nothing is written.
func TestWrite_DiskRefuses(t *testing.T) {
	if !inOwnProcess(t) {
		return
	}
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	before := dump(t, s.Path)
	limit(t, unix.RLIMIT_FSIZE, 64<<10, func() {
		err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveDraft(c.ID, strings.Repeat("x", 100_000)) })
		if !errors.Is(err, data.ErrDisk) || !strings.Contains(err.Error(), s.Path) {
			t.Errorf("it is written: %v", err)
		}
	})
	if dump(t, s.Path) != before {
		t.Error("something was written")
	}
	write(t, s, func(tx *store.Tx) error { return tx.SaveDraft(c.ID, "Dear") })
}

// An index of the log that cannot grow is told as that, and as a full disk only where
// the disk is full.
func TestOpen_IndexRefused(t *testing.T) {
	if !inOwnProcess(t) {
		return
	}
	s := openNew(t)
	path := s.Path
	closeStore(t, s)
	for free, want := range map[int64]error{1 << 30: data.ErrIndex, 4096: data.ErrFull} {
		store.FreeSpace(t, func(string) (int64, string, error) { return free, "disk", nil })
		limit(t, unix.RLIMIT_FSIZE, 16<<10, func() {
			if _, err := store.Open(t.Context(), path, frozen); !errors.Is(err, want) {
				t.Errorf("with %d bytes free: %v, want %v", free, err, want)
			}
		})
		closeStore(t, openAt(t, path))
	}
}
