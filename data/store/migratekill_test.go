package store_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

const (
	killedCustomers = 2000
	killedChunk     = 100 // rows in each chunk of the migration and of what is filled
	migrationKills  = 25  // .ci/long runs the test 20 times
)

// TestMigrationWorker is no test but what TestMigrationKilled kills: it opens a
// database that has a migration before it, fills what is left for later, and says how
// far it has come.
func TestMigrationWorker(t *testing.T) {
	path := os.Getenv("LATCHDESK_TEST_MIGRATION")
	if path == "" {
		t.Log("TestMigrationKilled runs this in another process")
		return
	}
	store.LaterInGo(t, later, moods, writeMoods(killedChunk), fillLengths)
	ctx := data.WithMigrationProgress(t.Context(), func(p data.MigrationProgress) {
		fmt.Println([]string{"waits", "copies", "writes", "ends"}[p.Stage])
	})
	s, err := store.Open(ctx, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("opened")
	for more := true; more; {
		if more, err = s.Fill(ctx, killedChunk); err != nil {
			t.Fatal(err)
		}
		fmt.Println("fills")
	}
	closeStore(t, s)
}

// A migration is killed at any moment, of its copy, its writing, its commit and of
// what is filled later. After each kill the database is whole, and as it was or
// migrated; the next process goes on; and every copy is one of the old database.
func TestMigrationKilled(t *testing.T) {
	template := newPath(t)
	crowdAt(t, template, killedCustomers)
	old := read(t, template)
	before := dump(t, template)
	store.LaterInGo(t, later, moods, writeMoods(killedChunk), fillLengths)
	path := newPath(t)
	var undone, done, filled int
	state := "all"
	for kill := range migrationKills {
		if state == "all" || filled > 0 && kill%5 == 0 { // from the beginning again
			for _, companion := range []string{"-wal", "-shm"} {
				_ = os.Remove(path + companion)
			}
			if err := os.WriteFile(path, old, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// In each five one falls while the process starts, two while it migrates, and
		// two while it fills or commits.
		line, count := "", 0
		switch kill % 5 {
		case 1:
			line, count = "copies", 1
		case 2:
			line, count = "writes", 1+rand.IntN(killedCustomers/killedChunk+2)
		case 3:
			line, count = "writes", killedCustomers/killedChunk+1
		case 4:
			line, count = "fills", 1+rand.IntN(killedCustomers/killedChunk)
		}
		killWorker(t, path, line, count)
		switch state = wholeAfterKill(t, path, before); state {
		case "":
			undone++
		case "0":
			done++
		default:
			filled++
		}
		if t.Failed() {
			t.Fatalf("after kill %d, at %d × %q", kill, count, line)
		}
	}
	t.Logf("of %d kills %d left the old database, %d the new one, and %d one that was being filled", migrationKills, undone, done, filled)
	if undone == 0 || filled == 0 {
		t.Errorf("no kill fell into the migration, or none into what is filled")
	}
	s := openAt(t, path)
	for more := true; more; {
		var err error
		if more, err = s.Fill(t.Context(), killedChunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got := rawText(t, rawOpen(t, path), "SELECT count(length) FROM messages"); got != fmt.Sprint(killedCustomers) {
		t.Errorf("%s messages are filled", got)
	}
}

// killWorker lets a worker run until it has said line count times, and kills it soon
// after. Where there is no line it is killed soon after its start.
func killWorker(t *testing.T, path, line string, count int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	worker := exec.CommandContext(waittest.Context(t), self, "-test.run", "^TestMigrationWorker$")
	worker.Env = append(os.Environ(), "LATCHDESK_TEST_MIGRATION="+path)
	out, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func(within time.Duration) { time.AfterFunc(rand.N(within), func() { worker.Process.Kill() }) }
	if line == "" {
		kill(300 * time.Millisecond)
	}
	var said bytes.Buffer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if lines.Text() == line {
			if count--; count == 0 {
				kill(4 * time.Millisecond)
			}
		}
	}
	_ = worker.Wait() // it tells of the kill
	if time.Since(begun) >= waittest.Deadline {
		t.Fatalf("the worker did not end within %v", waittest.Deadline)
	}
	if strings.Contains(said.String(), "FAIL") {
		t.Fatalf("the worker failed:\n%s", &said)
	}
}

// wholeAfterKill checks a database that is the one of which before is the dump, or was
// migrated whole. It returns how far it is filled: nothing where it is the old one,
// else the position, or "all".
func wholeAfterKill(t *testing.T, path, before string) (position string) {
	t.Helper()
	if err := store.Check(t.Context(), path); err != nil {
		t.Error(err)
	}
	for _, copied := range store.Backups(path) {
		if err := store.Check(t.Context(), copied); err != nil {
			t.Error(err)
		}
		if dump(t, copied) != before {
			t.Errorf("%s is no copy of the old database", filepath.Base(copied))
		}
	}
	db := rawOpen(t, path)
	defer db.Close()
	if rawText(t, db, "SELECT count(*) FROM migrations WHERE id = ?", later) == "0" {
		if dump(t, path) != before {
			t.Error("the migration was undone, and yet something is different")
		}
		return ""
	}
	if len(store.Backups(path)) == 0 {
		t.Error("it was migrated without a copy")
	}
	if got := rawText(t, db, "SELECT count(*) || ' ' || (SELECT count(*) FROM customers WHERE mood = 'calm') FROM moods"); got != fmt.Sprintf("%d %[1]d", killedCustomers) {
		t.Errorf("it is migrated in part: %s", got)
	}
	position = rawText(t, db, "SELECT coalesce((SELECT value FROM settings WHERE key = 'fill:' || ?), 'all')", later)
	want := position
	if position == "all" {
		want = fmt.Sprint(killedCustomers)
	}
	if got := rawText(t, db, "SELECT count(length) FROM messages"); got != want {
		t.Errorf("%s are filled, and the position is %s", got, position)
	}
	return position
}
