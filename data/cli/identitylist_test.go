package cli

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Every list that people bring is imported by the command line: rows are new, changed,
// the same or refused, the refused ones are saved with their reasons, whoever was read
// is blocked by every look-up, and the same list again changes nothing.
func TestIdentity_EveryListByTheCommandLine(t *testing.T) {
	folder := filepath.Join("..", "blocklist", "testdata", "lists")
	for _, c := range []struct {
		file          string
		fresh, refuse int
		blocked       []string
	}{
		{"doubletick.csv", 1, 0, []string{"+919137979401", "919137979402@c.us"}},
		{"chatwoot.csv", 2, 1, []string{"+447400123101", "+447400123103"}},
		{"freepbx.csv", 2, 1, []string{"+46701740605", "+46701740606"}},
		{"google.csv", 4, 2, []string{"+447400123102", "+46701740607"}},
		{"phone-blocker.txt", 3, 3, []string{"+447400123101", "+46701740605", "+447400123102"}},
		{"sms-ie.ndjson", 2, 2, []string{"+46701740605", "+447400123101"}},
		{"spamblocker.csv", 1, 4, []string{"+447400123101"}},
		{"contacts.vcf", 5, 1, []string{"+573001234567", "+525512345678", "waid=5215512345678"}},
		{"spreadsheet.csv", 9, 1, []string{"+447400123101", "+46701740605"}},
		{"utf16.csv", 9, 1, []string{"+447400123108"}},
	} {
		p := newEveryPath(t)
		settings, err := p.account.Desk.Settings(t.Context())
		p.must(err)
		settings.Country, settings.Agent = "SE", "Ben"
		p.must(p.account.Desk.SaveSettings(t.Context(), settings))
		p.receives(text("a", `"from":"919137979402"`)) // who is known already
		rejected := filepath.Join(t.TempDir(), "rejected.csv")
		type summary struct{ Rows, New, Changed, Same, Refused int }
		imports := func(args ...string) (sum summary) {
			t.Helper()
			a := p.try("", append([]string{"import", filepath.Join(folder, c.file), "--json"}, args...)...)
			if err := json.Unmarshal([]byte(a.out), &sum); err != nil {
				t.Fatalf("%s: exit %d %s%s: %v", c.file, a.code, a.out, a.err, err)
			}
			return sum
		}
		changed := 0
		if c.file == "doubletick.csv" {
			changed = 1
		}
		want := summary{c.fresh + changed + c.refuse, c.fresh, changed, 0, c.refuse}
		if sum := imports("--dry-run"); sum != want {
			t.Errorf("%s: a dry run says %+v, want %+v", c.file, sum, want)
		}
		if sum := imports("--rejected", rejected); sum != want {
			t.Errorf("%s: %+v, want %+v", c.file, sum, want)
		}
		if rows := readCSV(t, rejected); len(rows) != c.refuse {
			t.Errorf("%s: %d rows are saved as refused: %q", c.file, len(rows), rows)
		}
		want = summary{Rows: want.Rows, Same: want.New + want.Changed, Refused: want.Refused}
		if sum := imports(); sum != want {
			t.Errorf("%s once more: %+v, want %+v", c.file, sum, want)
		}
		for _, spelling := range c.blocked {
			for way, lookUp := range lookUps {
				if f, ok := lookUp(p, spelling); !ok || f.Status != data.Blocked {
					t.Errorf("%s: %s finds by %q: %v, %+v", c.file, way, spelling, ok, f)
				}
			}
		}
	}
}

// readCSV returns the rows of a file below its header, none where there is no file.
func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d rows, %v", path, len(rows), err)
	}
	return rows[1:]
}
