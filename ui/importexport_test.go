package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestImportExport_ExportsList(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	a.click("Menu")
	a.opensMenu()
	a.click("Export blocked list…")
	a.asks("Export blocked customers")
	path := filepath.Join(t.TempDir(), "list.csv")
	a.fill(0, path)
	a.press("Enter")
	a.asks("List exported")
	a.sees("1 customer written to " + path)
	list, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(list), "46701234567,Walter Quist,,,Asha Rao,") {
		t.Errorf("%s, %v", list, err)
	}
}

func TestImportExport_ImportsAfterPreview(t *testing.T) {
	a := sit(t, newWorld(t))
	path := filepath.Join(t.TempDir(), "list.csv")
	list := "phone,name,reason\n+46701234567,,Spam\n+447700900111,Promo King,Spam\nnonsense,,\n+46701234567,,\n"
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	a.importExport.previewList(path)
	a.asks("Import blocked customers")
	a.sees("4 rows")
	a.sees("1 new: not known here before, would be blocked")
	a.sees("1 changed: known here and active, would be blocked")
	a.sees("1 the same: in the list before")
	a.sees("1 refused")
	a.says("line 4: \"nonsense\": this is not a phone number")
	if got := a.customer(walter).Block; got != nil {
		t.Fatalf("the preview blocked: %+v", got)
	}
	a.click("Block 2 customers")
	a.sees("1 new: not known here before, blocked")
	a.sees("1 changed: known here and active, blocked")
	a.sees("1 the same: in the list before")
	a.sees("1 refused")
	if c := a.customer(walter); c.Status(a.Desk.Now()) != data.Blocked || c.Block.Reason != "Spam" {
		t.Errorf("the desk has %+v", c)
	}
	a.click("Save refused rows…")
	a.asks("Save refused rows")
	refused := filepath.Join(t.TempDir(), "refused.csv")
	a.fill(0, refused)
	a.press("Enter")
	a.asks("Refused rows saved")
	a.sees("1 row written to " + refused + ". Each has its line and why it was refused.")
	if text, err := os.ReadFile(refused); err != nil || !strings.HasPrefix(string(text), "line,why,phone,name,reason,note,by,at,until\n4,") {
		t.Errorf("%s, %v", text, err)
	}
	a.press("Enter")
	a.asks("Import blocked customers")
	a.click("Close")
	a.free()
}

// Where no column is recognised, the window asks for it with the first rows in sight,
// and the choice can be corrected from the preview.
func TestListImport_AsksForColumns(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		if a.settings.Theme == theme.Dark {
			a.window.Resize(fyne.NewSize(640, 700))
		}
		path := filepath.Join(t.TempDir(), "people.csv")
		if err := os.WriteFile(path, []byte("Who,Code,Ruf 1,Ruf 2\nPromo King,77,+447700900111,+447700900112\nWalter,78,+46701234567,\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		a.importExport.previewList(path)
		a.asks("Choose columns")
		for _, text := range []string{"people.csv", "Phone numbers: Ruf 1", "Names: None", "Promo King", "77", "+46701234567"} {
			a.sees(text)
		}
		a.picture(a.settings.Theme + "-columns")
		a.chooses("None", "Who")
		a.click("Continue")
		a.asks("Import blocked customers")
		a.sees("Phone numbers from Ruf 1")
		a.sees("1 new: not known here before, would be blocked")
		a.click("Choose columns…")
		a.asks("Choose columns")
		a.press("Escape") // back to the preview
		a.asks("Import blocked customers")
		a.click("Choose columns…")
		a.asks("Choose columns")
		a.chooses("Ruf 1", "Ruf 2")
		a.press("Enter")
		a.asks("Import blocked customers")
		a.sees("Phone numbers from Ruf 2")
		a.says("line 3: the phone number is missing")
		a.picture(a.settings.Theme + "-preview")
		a.click("Block 1 customer")
		a.sees("1 new: not known here before, blocked")
		a.picture(a.settings.Theme + "-result")
		if c := a.customer("+447700900112"); c.Status(a.Desk.Now()) != data.Blocked {
			t.Errorf("the desk has %+v", c)
		}
		if c := a.customer(walter); c.Block != nil {
			t.Errorf("the desk has %+v", c)
		}
	})
}

// Several columns of numbers that belong together are offered as one choice.
func TestListImport_SeveralColumns(t *testing.T) {
	a := sit(t, newWorld(t))
	path := filepath.Join(t.TempDir(), "contacts.csv")
	if err := os.WriteFile(path, []byte("First Name,Phone 1 - Value,Phone 2 - Value\nPromo,+447700900111,+447700900112\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.importExport.previewList(path)
	a.asks("Import blocked customers")
	a.sees("Phone numbers from Phone 1 - Value, Phone 2 - Value")
	a.sees("2 rows")
	a.click("Choose columns…")
	a.asks("Choose columns")
	a.sees("Phone numbers: Phone 1 - Value, Phone 2 - Value")
	a.press("Enter")
	a.asks("Import blocked customers")
	a.sees("2 new: not known here before, would be blocked")
	a.press("Escape")
	a.free()
}

func TestImportExport_EmptyList(t *testing.T) {
	a := sit(t, newWorld(t))
	a.importExport.previewList(filepath.Join(t.TempDir(), "none.csv"))
	a.asks("Something went wrong")
}
