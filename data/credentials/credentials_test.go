package credentials

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

const testKey = "key_dt_4711"

// TestMain keeps tests from asking the computer's own keyring: there is none
// unless a test has one.
func TestMain(m *testing.M) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	os.Exit(m.Run())
}

// withRing has a keyring for the time of a test.
func withRing(t *testing.T) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere") // a bus is known; the ring does not use it
	keyring.MockInit()
	t.Cleanup(func() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) })
}

func TestStore_Keyring(t *testing.T) {
	withRing(t)
	k := NewStore(t.TempDir())
	if _, err := k.Key(); !errors.Is(err, ErrNoKey) || k.Location() != "No key is kept." {
		t.Errorf("%v, %s", err, k.Location())
	}
	for _, key := range []string{testKey, "another"} {
		if err := k.Save(" " + key + "\n"); err != nil {
			t.Fatal(err)
		}
		if got, err := k.Key(); got != key || err != nil || k.Location() != "Kept in the system's keyring." {
			t.Errorf("%q, %v, %s", got, err, k.Location())
		}
	}
	if _, err := os.Stat(k.File()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
	if _, err := NewStore(t.TempDir()).Key(); !errors.Is(err, ErrNoKey) {
		t.Errorf("another profile has the key, too: %v", err)
	}
	if err := k.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Key(); !errors.Is(err, ErrNoKey) {
		t.Errorf("%v", err)
	}
	if err := k.Forget(); err != nil {
		t.Errorf("nothing to forget: %v", err)
	}
}

// Without a keyring the key lies in a file that only its owner can read, until
// there is one.
func TestStore_File(t *testing.T) {
	k := NewStore(t.TempDir())
	if err := k.Save(testKey); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(k.File())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if got, err := k.Key(); got != testKey || err != nil || k.Location() != "Kept in a file that only you can read: "+k.File() {
		t.Errorf("%q, %v, %s", got, err, k.Location())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(k.File()), "*")); len(left) != 1 {
		t.Errorf("%q", left)
	}
	withRing(t)
	if got, err := k.Key(); got != testKey || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if err := k.Save("another"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Key(); got != "another" || err != nil || k.Location() != "Kept in the system's keyring." {
		t.Errorf("%q, %v, %s", got, err, k.Location())
	}
}

func TestSave_InvalidKey(t *testing.T) {
	k := NewStore(t.TempDir())
	for _, key := range []string{"", " \n", "two words", "two\nlines", "key\x00", "schlüssel", strings.Repeat("k", 5000)} {
		if err := k.Save(key); !errors.Is(err, ErrKey) {
			t.Errorf("%.20q: %v", key, err)
		}
	}
	if err := NewStore(filepath.Join(t.TempDir(), "nowhere")).Save(testKey); err == nil || errors.Is(err, ErrKey) {
		t.Errorf("%v", err)
	}
}

// Where no bus is known the library would start one: it is not asked, neither
// for reading nor for keeping nor for forgetting.
func TestStore_NoBus(t *testing.T) {
	for _, address := range []string{"", "autolaunch:"} {
		withRing(t)
		k := NewStore(t.TempDir())
		if err := keyring.Set(service, k.folder, "in the ring"); err != nil {
			t.Fatal(err)
		}
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		whole := runtimeFolder
		runtimeFolder = t.TempDir()
		t.Cleanup(func() { runtimeFolder = whole })
		if got, err := k.Key(); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q: the ring was asked: %q, %v", address, got, err)
		}
		if err := k.Save(testKey); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(k.File()); err != nil {
			t.Errorf("%q: %v", address, err)
		}
		if err := k.Forget(); err != nil {
			t.Errorf("%q: %v", address, err)
		}
		if got, err := keyring.Get(service, k.folder); got != "in the ring" || err != nil {
			t.Errorf("%q: the ring was asked: %q, %v", address, got, err)
		}
	}
}

// The socket of the user's own session is a bus, too.
func TestBusKnown_Socket(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	whole := runtimeFolder
	runtimeFolder = t.TempDir()
	t.Cleanup(func() { runtimeFolder = whole })
	if err := os.WriteFile(filepath.Join(runtimeFolder, "bus"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !busKnown() {
		t.Error("the bus is not seen")
	}
}

// A file system without modes gives every file the same ones, whatever is asked.
func TestLocation_FileThatOthersMayUse(t *testing.T) {
	k := NewStore(t.TempDir())
	if err := k.Save(testKey); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []os.FileMode{0o644, 0o640, 0o777} {
		if err := os.Chmod(k.File(), mode); err != nil {
			t.Fatal(err)
		}
		if got, want := k.Location(), "Kept in a file whose permissions let others on this computer use it: "+k.File(); got != want {
			t.Errorf("%o: %s", mode, got)
		}
	}
}
