package profile_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// A profile lies where the XDG base directory specification says.
func TestResolveFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("this is the custom of Linux")
		return
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name           string
		home, dataHome string
		dir            string
		demo           bool
		want           string
	}{
		{"the desk", "/home/asha", "", "", false, "/home/asha/.local/share/latchdesk/desk"},
		{"the demo", "/home/asha", "", "", true, "/home/asha/.local/share/latchdesk/demo"},
		{"data elsewhere", "/home/asha", "/srv/data", "", false, "/srv/data/latchdesk/desk"},
		{"a demo elsewhere", "/home/asha", "/srv/data/", "", true, "/srv/data/latchdesk/demo"},
		{"a relative place is ignored", "/home/asha", "data", "", false, "/home/asha/.local/share/latchdesk/desk"},
		{"a named folder", "/home/asha", "/srv/data", "/tmp/p", false, "/tmp/p"},
		{"a demo in a named folder", "/home/asha", "", "/tmp/p", true, "/tmp/p"},
		{"a named folder from here", "/home/asha", "", "p/../q", false, filepath.Join(here, "q")},
		{"no home", "", "/srv/data", "", false, "/srv/data/latchdesk/desk"},
		{"no home, a named folder", "", "", "/tmp/p", false, "/tmp/p"},
	} {
		t.Setenv("HOME", c.home)
		t.Setenv("XDG_DATA_HOME", c.dataHome)
		if got, err := profile.ResolveFolder(c.dir, c.demo); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_DATA_HOME", "")
	if got, err := profile.ResolveFolder("", false); err == nil || !strings.Contains(err.Error(), "--profile") {
		t.Errorf("nowhere: %s, %v", got, err)
	}
}

func open(t *testing.T, folder string) *profile.Profile {
	t.Helper()
	p, err := profile.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func closeProfile(t *testing.T, p *profile.Profile) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// The folder is made, and is the user's alone.
func TestOpenMakesTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	p := open(t, folder)
	if p.Folder != folder || p.Database() != filepath.Join(folder, "latchdesk.db") {
		t.Errorf("%s, %s", p.Folder, p.Database())
	}
	if ok, err := p.TryLockWindow(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for file, want := range map[string]os.FileMode{
		folder: os.ModeDir | 0o700, filepath.Join(folder, "open.lock"): 0o600, filepath.Join(folder, "window.lock"): 0o600,
	} {
		if info, err := os.Stat(file); err != nil || info.Mode() != want {
			t.Errorf("%s has the mode %v, %v; want %v", file, info.Mode(), err, want)
		}
	}
}

func TestNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "under it"), "a\x00b", ""} {
		for name, try := range map[string]func(string) (*profile.Profile, error){"Open": profile.Open, "Alone": profile.OpenExclusive} {
			if p, err := try(folder); err == nil {
				p.Close()
				t.Errorf("%s of %q: no error", name, folder)
			}
		}
	}
	inTheWay := t.TempDir()
	if err := os.Mkdir(filepath.Join(inTheWay, "open.lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	if p, err := profile.Open(inTheWay); err == nil || !strings.Contains(err.Error(), inTheWay) {
		t.Errorf("%v, %v", p, err)
	}
}

// Many may have a profile open; who replaces its database must be alone.
func TestOpenExclusive(t *testing.T) {
	folder := t.TempDir()
	first, second := open(t, folder), open(t, folder)
	refused := func(name string, try func(string) (*profile.Profile, error)) {
		t.Helper()
		if p, err := try(folder); !errors.Is(err, data.ErrInUse) || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	refused("alone beside two", profile.OpenExclusive)
	closeProfile(t, first)
	refused("alone beside one", profile.OpenExclusive)
	closeProfile(t, second)
	alone, err := profile.OpenExclusive(folder)
	if err != nil {
		t.Fatal(err)
	}
	refused("open beside one that is alone", profile.Open)
	refused("alone beside one that is alone", profile.OpenExclusive)
	closeProfile(t, alone)
	closeProfile(t, open(t, folder))
}

// One at a time has the window, and one does the work; who goes frees both.
func TestTryLock(t *testing.T) {
	for name, take := range map[string]func(*profile.Profile) (bool, error){
		"window": (*profile.Profile).TryLockWindow, "work": (*profile.Profile).TryLockWork,
	} {
		folder := t.TempDir()
		first, second, elsewhere := open(t, folder), open(t, folder), open(t, t.TempDir())
		for _, step := range []struct {
			who  *profile.Profile
			want bool
		}{{first, true}, {second, false}, {first, true}, {elsewhere, true}, {second, false}} {
			if got, err := take(step.who); got != step.want || err != nil {
				t.Errorf("%s: %v, %v; want %v", name, got, err, step.want)
			}
		}
		closeProfile(t, first)
		if got, err := take(second); !got || err != nil {
			t.Errorf("%s, left by the first: %v, %v", name, got, err)
		}
	}
}

// The window and the work are two things.
func TestWindowAndWork(t *testing.T) {
	folder := t.TempDir()
	first, second := open(t, folder), open(t, folder)
	if ok, err := first.TryLockWindow(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, err := second.TryLockWork(); !ok || err != nil {
		t.Fatal(ok, err)
	}
}

// To ask for the window does not take it.
func TestHasWindow(t *testing.T) {
	folder := t.TempDir()
	first, second := open(t, folder), open(t, folder)
	ask := func(want bool) {
		t.Helper()
		for _, p := range []*profile.Profile{first, second} {
			if got, err := p.HasWindow(); got != want || err != nil {
				t.Errorf("%v, %v; want %v", got, err, want)
			}
		}
	}
	ask(false)
	if ok, err := first.TryLockWindow(); !ok || err != nil {
		t.Fatalf("after asking: %v, %v", ok, err)
	}
	ask(true)
	closeProfile(t, first)
	if got, err := second.HasWindow(); got || err != nil {
		t.Errorf("when it is gone: %v, %v", got, err)
	}
}

// What a program held is free when it is killed.
func TestKilled(t *testing.T) {
	folder := t.TempDir()
	if os.Getenv("LATCHDESK_HOLD") != "" {
		hold(t, os.Getenv("LATCHDESK_HOLD"))
		return
	}
	holder := exec.CommandContext(waittest.Context(t), os.Args[0], "-test.run=^TestKilled$")
	holder.Env = append(os.Environ(), "LATCHDESK_HOLD="+folder)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := holder.StdinPipe() // kept open until the end
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if p, err := profile.OpenExclusive(folder); !errors.Is(err, data.ErrInUse) {
		t.Errorf("while it lives: %v, %v", p, err)
	}
	p := open(t, folder)
	if ok, err := p.TryLockWork(); ok || err != nil {
		t.Errorf("while it lives: %v, %v", ok, err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait() // it tells of the kill
	if ok, err := p.TryLockWork(); !ok || err != nil {
		t.Errorf("when it is gone: %v, %v", ok, err)
	}
	closeProfile(t, p)
	alone, err := profile.OpenExclusive(folder)
	if err != nil {
		t.Fatal(err)
	}
	closeProfile(t, alone)
}

// hold has the profile open until the test is killed.
func hold(t *testing.T, folder string) {
	p := open(t, folder)
	if ok, err := p.TryLockWork(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	os.Stdout.WriteString("held\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// Who waits for a turn gets it when the other is done, also where that failed.
func TestExclusively(t *testing.T) {
	folder := t.TempDir()
	var inside, turns atomic.Int32
	mine := errors.New("mine")
	var all sync.WaitGroup
	for range 8 {
		p := open(t, folder)
		all.Go(func() {
			err := p.Exclusively(func() error {
				if inside.Add(1) != 1 {
					t.Error("two at once")
				}
				turns.Add(1)
				inside.Add(-1)
				return mine
			})
			if !errors.Is(err, mine) {
				t.Error(err)
			}
		})
	}
	waittest.Return(t, "all turns", all.Wait)
	if turns.Load() != 8 {
		t.Errorf("%d turns", turns.Load())
	}
}
