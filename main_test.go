package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// TestMain lets the test binary be the program, or a worker to be killed.
func TestMain(m *testing.M) {
	if os.Getenv("LATCHDESK_TEST_AS") == "program" {
		main()
	}
	if folder := os.Getenv("LATCHDESK_TEST_WORKER"); folder != "" {
		fmt.Fprintln(os.Stderr, work(folder))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// start runs the test binary as something else.
func start(t *testing.T, as string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(waittest.Context(t), self, args...)
	cmd.Env = append(os.Environ(), as)
	return cmd
}

// The program as its users' scripts see it: answers, errors and exit codes.
func TestProgram(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "desk")
	for _, c := range []struct {
		line     string
		code     int
		out, err string
	}{
		{"version", 0, "Latchdesk " + version() + "\n", ""},
		{"--profile " + folder + " block --add --as Ben +46701234567", 0, "+46 70 123 45 67 is now blocked.\n", ""},
		{"--profile " + folder + " status +46701234568", 1, "", "latchdesk: +46 70 123 45 68 is not known here.\n"},
		{"--profile " + folder + " levitate", 2, "", "latchdesk: unexpected argument levitate\nSee latchdesk --help.\n"},
	} {
		cmd := start(t, "LATCHDESK_TEST_AS=program", strings.Fields(c.line)...)
		var out, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &stderr
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != c.code || out.String() != c.out || stderr.String() != c.err {
			t.Errorf("%s: exit %d, %q, %q", c.line, code, &out, &stderr)
		}
	}
}

// The name and the version stand in FyneApp.toml alone.
func TestCard(t *testing.T) {
	var meta struct {
		Details struct {
			Icon, Name, ID, Version string
			Build                   int
		}
		Migrations map[string]bool
	}
	if _, err := toml.DecodeFile("FyneApp.toml", &meta); err != nil {
		t.Fatal(err)
	}
	if d := meta.Details; d.Name != "Latchdesk" || d.ID != "io.github.latchdesk.Latchdesk" || d.Build < 1 || !meta.Migrations["fyneDo"] {
		t.Errorf("%+v", meta)
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version()) || version() != meta.Details.Version {
		t.Errorf("the version is %q", version())
	}
	if _, err := os.Stat(meta.Details.Icon); err != nil {
		t.Error(err)
	}
}

// The crash test: a worker acts as fast as it can, says what was acknowledged,
// and is killed at some moment, fifty times, or a thousand times in .ci/long,
// which sets LATCHDESK_LONG. Whatever it said is there.

const (
	crashFolders     = 5
	crashFoldersLong = 100
	crashKills       = 10 // in each folder
	crashLoad        = 4  // customers that are acted on at once
)

func crashPhone(i int) data.Phone { return data.Phone(fmt.Sprintf("+4670123456%d", i)) }

// work acts on each customer in a goroutine of its own until it is killed. A
// line on stdout is an acknowledgement: the customer, what was done, the id.
func work(folder string) error {
	ctx := context.Background()
	s, err := app.ProfileRef{Folder: folder}.Open(ctx, time.Now)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for i := range crashLoad {
		go func() { failed <- workOn(ctx, s, i) }()
	}
	return <-failed
}

func workOn(ctx context.Context, s *app.App, i int) error {
	by := data.Actor{Kind: data.AgentActor, Name: "Worker", Channel: data.ViaCommand}
	c, err := s.Add(ctx, data.Address(crashPhone(i)), "")
	for n := 0; err == nil; n++ {
		var did, id string
		switch rand.IntN(6) {
		case 0:
			did, err = acted(data.BlockedEvent, func() (data.Outcome, error) { return s.Block(ctx, by, c.ID, data.BlockRequest{}) })
		case 1:
			did, err = acted(data.UnblockedEvent, func() (data.Outcome, error) { return s.Unblock(ctx, by, c.ID, data.UnblockRequest{}) })
		case 2:
			did = "message"
			var m data.Message
			m, err = s.Send(ctx, by, c.ID, "out")
			id = m.RemoteID
			if errors.Is(err, data.ErrBlocked) {
				did, err = "", nil
			}
		default:
			did, id = "message", fmt.Sprintf("%d-%d-%d", os.Getpid(), i, n)
			_, err = s.Receive(ctx, []data.Incoming{{From: data.Sender{Phone: c.Phone}, Message: data.Message{Kind: data.TextMessage, Text: "in", RemoteID: id}}})
		}
		if err == nil && did != "" {
			_, err = fmt.Printf("%d %s %s\n", i, did, id)
		}
	}
	return err
}

// acted names the event of an act, or nothing where the act changed nothing.
func acted(kind data.EventKind, act func() (data.Outcome, error)) (string, error) {
	done, err := act()
	if err != nil || !done.Changed {
		return "", err
	}
	return string(kind), nil
}

// promised is what was acknowledged of one customer.
type promised struct {
	events   []string
	messages map[string]bool
}

func TestKilledAtAnyMoment(t *testing.T) {
	folders := crashFolders
	if os.Getenv("LATCHDESK_LONG") != "" {
		folders = crashFoldersLong
	}
	for n := range folders {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "desk")
			kept := make([]promised, crashLoad)
			for i := range kept {
				kept[i].messages = map[string]bool{}
			}
			for kill := range crashKills {
				acks := 0
				if kill%5 > 0 { // else it is killed while it opens the profile
					acks = 1 + rand.IntN(40)
				}
				runAndKill(t, folder, acks, kept)
				findAll(t, folder, kept)
			}
			if total := len(kept[0].events) + len(kept[0].messages); total == 0 {
				t.Error("nothing was ever done")
			}
		})
	}
}

// runAndKill lets a worker run until it has acknowledged something so many
// times, kills it soon after, and notes all that it said.
func runAndKill(t *testing.T, folder string, acks int, kept []promised) {
	t.Helper()
	begun := time.Now()
	cmd := start(t, "LATCHDESK_TEST_WORKER="+folder)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func(within time.Duration) {
		time.AfterFunc(rand.N(within), func() { cmd.Process.Kill() })
	}
	if acks == 0 {
		kill(100 * time.Millisecond)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		i, err := strconv.Atoi(words[0])
		if err != nil {
			t.Fatal(err)
		}
		if words[1] == "message" {
			kept[i].messages[words[2]] = true
		} else {
			kept[i].events = append(kept[i].events, words[1])
		}
		if n == acks {
			kill(3 * time.Millisecond)
		}
	}
	_ = cmd.Wait() // it tells of the kill
	if time.Since(begun) >= waittest.Deadline {
		t.Fatalf("the worker did not end within %v", waittest.Deadline)
	}
	if stderr.Len() > 0 {
		t.Fatalf("the worker failed: %s", &stderr)
	}
}

// findAll opens the profile and finds what was acknowledged, and at most the
// one act more that each customer was in the middle of.
func findAll(t *testing.T, folder string, kept []promised) {
	t.Helper()
	s, err := app.ProfileRef{Folder: folder}.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range kept {
		c, err := s.FindCustomer(t.Context(), data.Address(crashPhone(i)))
		if errors.Is(err, data.ErrNotFound) && len(kept[i].events)+len(kept[i].messages) == 0 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		more := findEvents(t, s, c, &kept[i]) + findMessages(t, s, c, &kept[i])
		if more > 1 {
			t.Errorf("customer %d: %d acts were done that nobody acknowledged", i, more)
		}
	}
}

func findEvents(t *testing.T, s *app.App, c data.Customer, kept *promised) (more int) {
	t.Helper()
	events, err := s.Events(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, string(e.Kind))
	}
	if len(kinds) < len(kept.events) || !slices.Equal(kinds[:len(kept.events)], kept.events) {
		t.Fatalf("%s: the events\n%v do not begin with\n%v", c.Phone, kinds, kept.events)
	}
	blocked := len(kinds) > 0 && kinds[len(kinds)-1] == string(data.BlockedEvent)
	if blocked != (c.Status(s.Now()) == data.Blocked) {
		t.Errorf("%s: status %s after %v", c.Phone, c.Status(s.Now()), kinds)
	}
	more = len(kinds) - len(kept.events)
	kept.events = kinds
	return more
}

func findMessages(t *testing.T, s *app.App, c data.Customer, kept *promised) (more int) {
	t.Helper()
	messages, err := s.Messages(t.Context(), c.ID, data.ItemKey{}, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	held, unread := 0, 0
	found := map[string]bool{}
	for _, m := range messages {
		found[m.RemoteID] = true
		switch {
		case m.Hold == data.IsHeld:
			held++
		case m.Direction == data.In:
			unread++
		}
	}
	for id := range kept.messages {
		if !found[id] {
			t.Errorf("%s: message %s was acknowledged and is lost", c.Phone, id)
		}
	}
	if count, _, err := s.Unread(t.Context(), c.ID); err != nil || count != unread || c.Held != held {
		t.Errorf("%s: %d unread, %d held; the messages say %d, %d (%v)", c.Phone, count, c.Held, unread, held, err)
	}
	more = len(found) - len(kept.messages)
	kept.messages = found
	return more
}

const module = "github.com/latchdesk/latchdesk"

// forbidden returns why the package in folder must not import what it imports,
// or an empty text.
func forbidden(folder, imported string, test bool) string {
	own, ours := strings.CutPrefix(imported, module+"/")
	within := func(name, parent string) bool { return name == parent || strings.HasPrefix(name, parent+"/") }
	switch {
	case !ours && within(folder, "data") && strings.HasPrefix(imported, "fyne.io/"):
		return "nothing under data knows the screen"
	case !ours && within(folder, "ui") && !test && (strings.HasPrefix(imported, "gorm.io/") || strings.HasPrefix(imported, "github.com/glebarez/")):
		return "nothing under ui knows the database"
	case imported == "modernc.org/sqlite":
		return "a second driver of the same name panics"
	case !ours || test:
		return ""
	case strings.HasSuffix(own, "test"):
		return "it is for tests"
	case within(folder, "assets"):
		return "assets stand alone"
	case folder == "data":
		return "data imports nothing of this project"
	case within(folder, "data") && within(own, "ui"):
		return "arrows run from ui to data"
	case folder == "data/store" && own != "data":
		return "store stands on data alone"
	case folder == "data/desk" && own != "data" && own != "data/store" && own != "data/clock":
		return "desk stands on store, clock and data"
	case folder == "data/profile" && own != "data":
		return "profile stands on data alone"
	case within(own, "data/store") && folder != "data/desk" && folder != "data/app":
		return "only desk and app reach the store"
	case within(folder, "data") && folder != "data/cli" && own == "data/app":
		return "a profile is put together for the window and the command line alone"
	case own == "data/cli" && folder != ".":
		return "nothing stands on the command line"
	case slices.Contains([]string{"ui/widgets", "ui/theme", "ui/native", "ui/async", "ui/listview"}, folder) && within(own, "data"):
		return "what draws knows nothing of the desk"
	case folder == "data/doubletick" && own != "data" && own != "data/clock":
		return "the wire knows neither desk nor database"
	case folder == "data/outbox" && own == "data/fetch", folder == "data/fetch" && own == "data/outbox":
		return "outbox and fetch share the connection alone"
	}
	return ""
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		bad              bool
	}{
		{"data", "strings", false},
		{"data", module + "/data/store", true},
		{"data/store", module + "/data", false},
		{"data/store", module + "/data/desk", true},
		{"data/store", "gorm.io/gorm", false},
		{"data/desk", module + "/data/store", false},
		{"data/desk", module + "/ui", true},
		{"data/desk", module + "/data/app", true},
		{"data/app", module + "/data/desk", false},
		{"data/app", module + "/ui/chat", true},
		{"data/app", module + "/data/store", false},
		{"data/httpapi", module + "/data/desk", false},
		{"data/httpapi", module + "/data/store", true},
		{"data/httpapi", module + "/data/app", true},
		{"data/cli", module + "/data/app", false},
		{"data/cli", module + "/data/store", true},
		{"data/profile", module + "/data/store", true},
		{"data/desk", module + "/data/clock", false},
		{"data/app", module + "/data/cli", true},
		{".", module + "/data/cli", false},
		{".", module + "/data/store", true},
		{"ui", module + "/ui/uitest", true},
		{"ui/chat", module + "/data", false},
		{"ui/widgets", module + "/data", true},
		{"ui/widgets", module + "/ui/theme", false},
		{"ui/async", module + "/data/desk", true},
		{"data/demo", "fyne.io/fyne/v2", true},
		{"data/demo", module + "/assets", false},
		{"data/doubletick", module + "/data", false},
		{"data/doubletick", module + "/data/desk", true},
		{"data/outbox", module + "/data/connection", false},
		{"data/outbox", module + "/data/fetch", true},
		{"data/fetch", module + "/data/outbox", true},
		{"assets", module + "/data", true},
		{"ui", module + "/data/desk", false},
		{"ui", module + "/data/store", true},
		{"ui/chat", "gorm.io/gorm", true},
		{"ui/chat", "github.com/glebarez/sqlite", true},
		{"ui/chat", "fyne.io/fyne/v2", false},
		{".", module + "/ui", false},
		{"data/store", "modernc.org/sqlite", true},
	} {
		if why := forbidden(c.folder, c.imported, false); (why != "") != c.bad {
			t.Errorf("%s imports %s: %q", c.folder, c.imported, why)
		}
	}
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), "."), entry.IsDir() && file == "dist":
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := path.Dir(filepath.ToSlash(file))
		seen[folder] = true
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			test := strings.HasSuffix(file, "_test.go") || strings.HasSuffix(folder, "test") // a package such as uitest is for tests
			if why := forbidden(folder, imported, test); why != "" {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{".", "data", "data/desk", "data/store", "data/app", "data/cli", "data/httpapi", "assets", "ui", "ui/widgets", "ui/listview"} {
		if !seen[folder] {
			t.Errorf("no Go file was found in %s", folder)
		}
	}
}

// The top level stays what it is; whoever adds to it has misplaced something.
func TestTopLevel(t *testing.T) {
	allowed := strings.Fields("main.go main_test.go ui data assets findings FyneApp.toml go.mod go.sum README.md")
	for _, name := range topLevel(t) {
		if !slices.Contains(allowed, name) && !strings.HasPrefix(name, ".") {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}

// topLevel names what git knows there, or what is there without git, but for
// what is built.
func topLevel(t *testing.T) []string {
	t.Helper()
	var names []string
	if listed, err := exec.CommandContext(waittest.Context(t), "git", "ls-files").Output(); err == nil && len(listed) > 0 {
		for file := range strings.Lines(string(listed)) {
			name, _, _ := strings.Cut(strings.TrimSpace(file), "/")
			names = append(names, name)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "dist" {
			names = append(names, entry.Name())
		}
	}
	return names
}
