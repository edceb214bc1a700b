package cli

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // as main does
	if os.Getenv("LATCHDESK_TEST_AS") == "program" {
		os.Exit(Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, Deps{Version: "1.2.3", OpenWindow: openNoWindow}))
	}
	os.Exit(m.Run())
}

// openNoWindow opens and closes a profile as a window does.
func openNoWindow(ctx context.Context, ref app.ProfileRef) error {
	a, err := ref.StartOpening(ctx, time.Now, time.Minute).Wait()
	if err != nil {
		return err
	}
	return a.Close()
}

// noon is where the clock of these tests stands until they move it.
var noon = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

// terminal is where the commands of a test are typed.
type terminal struct {
	t      *testing.T
	folder string
	demo   bool
	now    time.Time
}

func newTerminal(t *testing.T) *terminal {
	return &terminal{t: t, folder: filepath.Join(t.TempDir(), "desk"), now: noon}
}

func (x *terminal) deps() Deps {
	return Deps{Version: "1.2.3", Now: func() time.Time { return x.now }}
}

// answer is what a command left behind.
type answer struct {
	code     int
	out, err string
}

// try runs a command in the test's profile.
func (x *terminal) try(stdin string, args ...string) answer {
	x.t.Helper()
	flags := []string{"--profile", x.folder}
	if x.demo {
		flags = append(flags, "--demo")
	}
	return x.bare(stdin, append(flags, args...)...)
}

// bare runs a command line as it is.
func (x *terminal) bare(stdin string, args ...string) answer {
	x.t.Helper()
	var out, err bytes.Buffer
	code := Run(x.t.Context(), args, strings.NewReader(stdin), &out, &err, x.deps())
	return answer{code, out.String(), err.String()}
}

// do runs a command that must succeed in silence on stderr.
func (x *terminal) do(args ...string) string {
	x.t.Helper()
	a := x.try("", args...)
	if a.code != ExitOK || a.err != "" {
		x.t.Fatalf("%v: exit %d: %s", args, a.code, a.err)
	}
	return a.out
}

// desk opens the test's profile as another process would.
func (x *terminal) desk() *app.App {
	x.t.Helper()
	s, err := app.ProfileRef{Folder: x.folder}.Open(x.t.Context(), x.deps().Now)
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { s.Close() })
	return s
}

func (x *terminal) write(name, text string) string {
	x.t.Helper()
	file := filepath.Join(x.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
	return file
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

const (
	asha = "+919137979401"
	lena = "+46701234567"
)

// hello is a delivery of a message from Asha.
const hello = `{"to":"918888888888","from":"919137979401","messageId":"wamid.1","dtMessageId":"m1",
"receivedAt":"2026-07-20T11:39:47.443Z","contact":{"name":"Asha Rao"},"message":{"type":"TEXT","text":"Hello <b>&</b> \u0000good day","context":{}}}`

// secondHello is another delivery of Asha's.
var secondHello = strings.NewReplacer(`"m1"`, `"m2"`, "wamid.1", "wamid.2").Replace(hello)

func TestRun_ExitCodes(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	x.do("block", "--add", lena)
	text := x.write("notes.txt", "this is a text that is no database at all")
	for _, c := range []struct {
		line     string
		code     int
		out, err string // what must be in there; nothing means it is empty
	}{
		{"block " + asha + " --as Ben", ExitOK, "Asha Rao (+91 91379 79401) is now blocked.", ""},
		{"block " + asha, ExitOK, "Asha Rao (+91 91379 79401) was already blocked, by Ben, ", ""},
		{"status 919137979401", ExitOK, "blocked", ""},
		{"unblock 00919137979401", ExitOK, "Asha Rao (+91 91379 79401) is now unblocked.", ""},
		{"unblock (+91)-91379-79401", ExitOK, "was not blocked. Nothing was changed.", ""},
		{"messages " + asha, ExitOK, "Hello", ""},
		{"messages " + lena, ExitOK, "There are no messages.", ""},
		{"events " + lena, ExitOK, "Customer blocked by", ""},
		{"blocked", ExitOK, lena, ""},
		{"version", ExitOK, "Latchdesk 1.2.3", ""},
		{"doctor", ExitOK, "The database is whole", ""},
		{"--help", ExitOK, "Usage: latchdesk", ""},
		{"block --help", ExitOK, "Usage: latchdesk block", ""},

		{"block +15550100123", ExitFailure, "", "+1 555-010-0123 is not known here. Use --add to block it anyway."},
		{"unblock +15550100123", ExitFailure, "", "+1 555-010-0123 is not known here."},
		{"status +15550100123", ExitFailure, "", "is not known here."},
		{"messages +15550100123", ExitFailure, "", "is not known here."},
		{"events +15550100123", ExitFailure, "", "is not known here."},
		{"block " + asha + " --for 7x", ExitUsage, "", `"7x" is neither a span of time`},
		{"block " + asha + " --review soon", ExitUsage, "", `"soon" is neither a span of time`},
		{"block " + asha + " --for 2020-01-01", ExitFailure, "", `"2020-01-01" is in the past`},
		{"block bob", ExitFailure, "", `"bob": this is not a phone number`},
		{"block --add 12", ExitFailure, "", `"12": this is not a phone number`},
		{"status +", ExitFailure, "", "this is not a phone number"},
		{"receive /nowhere/at/all", ExitFailure, "", "There is no file /nowhere/at/all."},
		{"receive " + text, ExitFailure, "Refused         1", "line 1: "},
		{"restore /nowhere/at/all", ExitFailure, "", "There is no file /nowhere/at/all."},
		{"restore " + text, ExitFailure, "", "is not a copy of a desk. Nothing was changed."},
		{"backup " + text, ExitFailure, "", "already exists. Nothing was overwritten"},
		{"backup /nowhere/at/all", ExitFailure, "", "The folder /nowhere/at does not exist."},
		{"demo reset", ExitFailure, "", "This profile is not a demo, so it was left as it is."},
		{"--demo status " + asha, ExitFailure, "", "This profile is not a demo, so it was left as it is."},
		{"--demo demo reset", ExitFailure, "", "This profile is not a demo, so it was left as it is."},

		{"fly", ExitUsage, "", "unexpected argument fly"},
		{"block", ExitUsage, "", "<phone>"},
		{"block a b", ExitUsage, "", "unexpected argument b"},
		{"block --loud " + asha, ExitUsage, "", "unknown flag --loud"},
		{"block --as= " + asha, ExitUsage, "", "--as: it is empty"},
		{"backup", ExitUsage, "", "<file>"},
		{"block --json " + asha, ExitUsage, "", "unknown flag --json"},
		{"demo", ExitUsage, "", "reset"},
		{"demo reset --chats many", ExitUsage, "", "--chats"},
		{"demo reset --chats=-1", ExitUsage, "", "--chats is 0 to 1000000"},
		{"demo reset --messages=10000001", ExitUsage, "", "--messages is 0 to 10000000"},
		{"--profile= status " + asha, ExitUsage, "", "--profile: it is empty"},
		{"--demo=perhaps blocked", ExitUsage, "", "--demo"},
	} {
		a := x.try("", strings.Fields(c.line)...)
		if a.code != c.code {
			t.Errorf("%s: exit %d, want %d", c.line, a.code, c.code)
		}
		for _, side := range []struct{ name, got, want string }{{"stdout", a.out, c.out}, {"stderr", a.err, c.err}} {
			if !strings.Contains(side.got, side.want) || side.want == "" && side.got != "" {
				t.Errorf("%s: %s:\n got %q\nwant %q", c.line, side.name, side.got, side.want)
			}
		}
		if strings.Contains(a.err, "\nlatchdesk: ") {
			t.Errorf("%s: the error is said twice: %q", c.line, a.err)
		}
	}
}

// A folder that is not there yet becomes a desk without a word.
func TestRun_FreshFolder(t *testing.T) {
	for _, line := range []string{"blocked", "doctor", "receive -"} {
		x := newTerminal(t)
		x.do(strings.Fields(line)...)
		info, err := os.Stat(filepath.Join(x.folder, "latchdesk.db"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", line, info, err)
		}
	}
	x := newTerminal(t)
	same(t, "blocked", x.do("blocked"), "Nobody is blocked.\n")
	same(t, "blocked --json", x.do("blocked", "--json"), "[]\n")
	x.do("block", "--add", lena)
	same(t, "messages --json", x.do("messages", lena, "--json"), "[]\n")
}

// Where nothing is asked for, a folder is left as it is.
func TestRun_CreatesNothingItDoesNotNeed(t *testing.T) {
	for _, line := range []string{"demo reset", "backup " + filepath.Join(t.TempDir(), "copy"), "receive /nowhere", "version"} {
		x := newTerminal(t)
		x.try("", strings.Fields(line)...)
		if _, err := os.Lstat(x.folder); err == nil {
			t.Errorf("%s made the profile", line)
		}
	}
}

func TestRun_UnusableFolders(t *testing.T) {
	file := newTerminal(t).write("file", "not a folder")
	for _, c := range []struct {
		folder string
		make   func(folder string) error
		want   string
	}{
		{file, nil, "not a directory"},
		{filepath.Join(file, "below"), nil, "not a directory"},
		{filepath.Join(t.TempDir(), "text"), func(f string) error {
			return os.WriteFile(filepath.Join(f, "latchdesk.db"), []byte("Dear diary, today"), 0o600)
		}, "The file latchdesk.db in the profile's folder is not a Latchdesk database."},
		{filepath.Join(t.TempDir(), "folder"), func(f string) error {
			return os.Mkdir(filepath.Join(f, "latchdesk.db"), 0o700)
		}, "is a directory"},
	} {
		if c.make != nil {
			if err := errorsOf(os.MkdirAll(c.folder, 0o700), c.make(c.folder)); err != nil {
				t.Fatal(err)
			}
		}
		x := newTerminal(t)
		x.folder = c.folder
		for _, line := range []string{"status " + asha, "block --add " + asha, "doctor"} {
			a := x.try("", strings.Fields(line)...)
			if a.code != ExitFailure || !strings.Contains(a.err, c.want) || strings.Contains(a.err, "goroutine") {
				t.Errorf("%s: %s: exit %d: %q", c.folder, line, a.code, a.err)
			}
		}
	}
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestRun_WindowIsDefault(t *testing.T) {
	x := newTerminal(t)
	for _, c := range []struct {
		args string
		want app.ProfileRef
	}{
		{"--profile " + x.folder, app.ProfileRef{Folder: x.folder}},
		{"window --profile " + x.folder, app.ProfileRef{Folder: x.folder}},
		{"--demo --profile " + x.folder, app.ProfileRef{Folder: x.folder, Demo: true}},
	} {
		var got []app.ProfileRef
		deps := x.deps()
		deps.OpenWindow = func(_ context.Context, p app.ProfileRef) error { got = append(got, p); return nil }
		code := Run(t.Context(), strings.Fields(c.args), nil, t.Output(), t.Output(), deps)
		c.want.Version = "1.2.3"
		if code != ExitOK || len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: exit %d, windows %v", c.args, code, got)
		}
	}
	deps := x.deps()
	var stderr bytes.Buffer
	deps.OpenWindow = func(context.Context, app.ProfileRef) error { return data.ErrNoDemo }
	if code := Run(t.Context(), nil, nil, t.Output(), &stderr, deps); code != ExitFailure || !strings.HasPrefix(stderr.String(), "latchdesk: This profile is not a demo") {
		t.Errorf("a window that fails: exit %d: %s", code, &stderr)
	}
}

// The demo and the desk have folders of their own, below the user's.
func TestRun_DefaultFolders(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	t.Setenv("LOCALAPPDATA", home)
	for _, c := range []struct {
		args []string
		want app.ProfileRef
	}{
		{nil, app.ProfileRef{Folder: "desk"}},
		{[]string{"--demo"}, app.ProfileRef{Folder: "demo", Demo: true}},
	} {
		x := newTerminal(t)
		deps := x.deps()
		var got app.ProfileRef
		deps.OpenWindow = func(_ context.Context, p app.ProfileRef) error { got = p; return nil }
		Run(t.Context(), c.args, nil, t.Output(), t.Output(), deps)
		if filepath.Base(got.Folder) != c.want.Folder || got.Demo != c.want.Demo || !strings.HasPrefix(got.Folder, home) {
			t.Errorf("%v: %+v", c.args, got)
		}
	}
}

func TestRun_Interrupted(t *testing.T) {
	x := newTerminal(t)
	x.do("blocked")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, stderr bytes.Buffer
	code := Run(ctx, []string{"--profile", x.folder, "blocked"}, nil, &out, &stderr, x.deps())
	if code != ExitFailure || out.Len() > 0 || !strings.Contains(stderr.String(), "Interrupted.") {
		t.Errorf("exit %d: %q %q", code, &out, &stderr)
	}
}
