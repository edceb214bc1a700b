//go:build unix

package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// asNobody runs a command in another process, as a user to whom the modes of files
// apply, and who owns none of them where the tests run as root.
func (x *terminal) asNobody(args ...string) answer {
	x.t.Helper()
	self, err := os.Executable()
	if err != nil {
		x.t.Fatal(err)
	}
	program := filepath.Join(filepath.Dir(x.folder), "latchdesk")
	if err := os.Link(self, program); err != nil && !errors.Is(err, os.ErrExist) {
		content, err := os.ReadFile(self) // its folder is on another disk
		if err == nil {
			err = os.WriteFile(program, content, 0o755)
		}
		if err != nil {
			x.t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(waittest.Context(x.t), program, append([]string{"--profile", x.folder}, args...)...)
	cmd.Env = append(os.Environ(), "LATCHDESK_TEST_AS=program", "TMPDIR="+filepath.Join(filepath.Dir(x.folder), "tmp"))
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		x.t.Fatal(err)
	}
	return answer{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// seal takes the right to write in the profile from everybody, as a medium does that
// was burned, or a folder that belongs to somebody else.
func (x *terminal) seal() {
	x.t.Helper()
	err := filepath.WalkDir(x.folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o444)
		if d.IsDir() {
			mode = 0o555
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = os.Chmod(x.folder, 0o755) })
}

// newSealable returns a terminal whose profile others can reach.
func newSealable(t *testing.T) *terminal {
	t.Helper()
	home, err := os.MkdirTemp("", "latchdesk-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	tmp := filepath.Join(home, "tmp")
	if err := errors.Join(os.Chmod(home, 0o755), os.Mkdir(tmp, 0o700), os.Chmod(tmp, 0o777)); err != nil {
		t.Fatal(err)
	}
	return &terminal{t: t, folder: filepath.Join(home, "desk"), now: noon}
}

// What cannot be written can be read, however its last program left it; and whoever
// would write is told in a sentence why that cannot be.
func TestReadOnlyProfile(t *testing.T) {
	for name, ends := range map[string][]string{"closed": nil, "killed": {"-wal", "-shm"}, "killed, without the log's index": {"-wal"}} {
		t.Run(name, func(t *testing.T) {
			x := newSealable(t)
			x.try(hello, "receive", "-")
			x.do("block", "--add", lena)
			if ends != nil {
				x.leaveLog(ends...)
			}
			x.seal()
			home := filepath.Dir(x.folder)
			for _, c := range []struct{ line, want string }{
				{"status " + lena, "Status  blocked"},
				{"messages " + asha, "good day"},
				{"blocked", "+46701234567"},
				{"events " + lena, "Customer blocked"},
				{"export -", "+46701234567"},
				{"export " + home + "/tmp/list.csv", "1 blocked customer written to"},
				{"backup " + home + "/tmp/copy", "The copy is in"},
				{"doctor", "a desk, which cannot be written to"},
				{"audit verify", " verified; checksum "},
				{"audit export " + home + "/tmp/history.jsonl", " written to "},
				{"pairs list", ""},
				{"deliveries list", "No deliveries"},
				{"account show", ""},
			} {
				if a := x.asNobody(strings.Fields(c.line)...); a.code != ExitOK || a.err != "" || !strings.Contains(a.out, c.want) {
					t.Errorf("%s: exit %d, %q, %q", c.line, a.code, a.out, a.err)
				}
			}
			const why = "latchdesk: The profile's folder cannot be written to, so nothing was saved. Check its permissions, or choose another folder with --profile.\n"
			for _, line := range []string{"block " + asha, "unblock " + lena, "block --add +46701234599", "serve --listen 127.0.0.1:0", "import " + home + "/tmp/list.csv", "window", "restore " + home + "/tmp/copy"} {
				if a := x.asNobody(strings.Fields(line)...); a.code != ExitFailure || a.err != why || a.out != "" {
					t.Errorf("%s: exit %d, %q, %q", line, a.code, a.out, a.err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(home, "tmp", "latchdesk-*")); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

// Where nothing but the index of the log may not be written, that is what is told.
func TestReadOnlyProfile_IndexOfAnotherUser(t *testing.T) {
	x := newSealable(t)
	x.try(hello, "receive", "-")
	x.do("block", "--add", lena)
	x.leaveLog("-wal", "-shm")
	database := filepath.Join(x.folder, "latchdesk.db")
	files, err := filepath.Glob(filepath.Join(x.folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, x.folder) {
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(database+"-shm", 0o444); err != nil {
		t.Fatal(err)
	}
	if a := x.asNobody("status", lena); a.code != ExitOK || !strings.Contains(a.out, "blocked") {
		t.Errorf("it is not read: %+v", a)
	}
	a := x.asNobody("unblock", lena)
	if a.code != ExitFailure || !strings.HasPrefix(a.err, "latchdesk: The index of the database's log, latchdesk.db-shm ") {
		t.Errorf("%+v", a)
	}
}

// leaveLog leaves the database as a killed program does: with files beside it that end
// in ends, and in the log alone that Lena is blocked.
func (x *terminal) leaveLog(ends ...string) {
	x.t.Helper()
	x.do("unblock", lena)
	database := filepath.Join(x.folder, "latchdesk.db")
	a := x.desk()
	x.do("block", lena) // while it is open elsewhere, it stays in the log
	kept := map[string][]byte{}
	for _, end := range append([]string{""}, ends...) {
		content, err := os.ReadFile(database + end)
		if err != nil {
			x.t.Fatal(err)
		}
		kept[end] = content
	}
	if err := a.Close(); err != nil {
		x.t.Fatal(err)
	}
	for end, content := range kept {
		if err := os.WriteFile(database+end, content, 0o600); err != nil {
			x.t.Fatal(err)
		}
	}
}
