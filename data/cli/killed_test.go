package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// What a killed command had written of a file goes with the next start.
func TestKilledExport_LeavesNothing(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cmd := exec.CommandContext(waittest.Context(t), self, "--profile", x.folder, "import", "-", "--rejected", filepath.Join(folder, "rejected.csv"))
	cmd.Env = append(os.Environ(), "LATCHDESK_TEST_AS=program")
	list, err := cmd.StdinPipe() // which never ends
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	files := func() []os.DirEntry {
		t.Helper()
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	waittest.Until(t, "the file to be begun", func() bool { return len(files()) > 0 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if left := files(); len(left) != 1 {
		t.Fatalf("the killed command left %v", left)
	}
	x.do("blocked")
	if left := files(); len(left) != 0 {
		t.Errorf("after the next start %v is left", left)
	}
}
