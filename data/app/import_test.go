package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// openTemp opens a new profile in a temp folder.
func openTemp(t *testing.T) *App {
	t.Helper()
	a, err := ProfileRef{Folder: filepath.Join(t.TempDir(), "desk"), Version: "1.2.3"}.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// delivery is one message on one line.
func delivery(from, id, text string) string {
	return fmt.Sprintf(`{"to":"918888888888","from":%q,"dtMessageId":%q,"receivedAt":"2026-07-20T10:00:00.000Z","message":{"type":"TEXT","text":%q}}`, from, id, text)
}

func TestApp_ImportMessages(t *testing.T) {
	a := openTemp(t)
	if _, err := a.BlockAddress(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Ben"}, "+46701234567", data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := delivery("919137979401", "1", "one") + "\n" + delivery("46701234567", "2", "two") + "\n"
	for _, c := range []struct{ text, want string }{
		{good, "2 messages taken (1 held)."},
		{good + "scrap\n", "0 messages taken, 2 already here, 1 refused.\nline 3: not a JSON object: \"scrap\""},
	} {
		got, err := a.ImportMessages(t.Context(), write("deliveries", c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("what is said:\n got %s\nwant %s", got, c.want)
		}
	}
	got, err := a.ImportMessages(t.Context(), write("scrap", strings.Repeat("scrap\n", 15)))
	if err != nil || strings.Count(got, "\n") != maxShownErrors+1 || !strings.HasSuffix(got, "\n… and 5 lines more") {
		t.Errorf("%v: %s", err, got)
	}
	if _, err := a.ImportMessages(t.Context(), "/nowhere"); err == nil || err.Error() != "There is no file /nowhere." {
		t.Error(err)
	}
}
