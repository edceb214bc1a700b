package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestImportExport_ExportsList(t *testing.T) {
	a := sit(t, newWorld(t))
	a.blocksWalter()
	a.click("Menu")
	a.opensMenu()
	a.click("Export blocked list…")
	a.asks("Export Blocked Customers")
	path := filepath.Join(t.TempDir(), "list.csv")
	for _, text := range a.texts() {
		if strings.HasSuffix(text, ".csv") {
			a.click(text)
		}
	}
	a.press("Ctrl+A")
	a.write(path)
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
	a.asks("Import Blocked Customers")
	a.sees("2 customers would be blocked, 1 of them not known here before")
	a.sees("1 there more than once")
	a.sees("1 row that cannot be taken")
	if got := a.customer(walter).Block; got != nil {
		t.Fatalf("the preview blocked: %+v", got)
	}
	a.click("Block 2 customers")
	a.sees("2 customers blocked, 1 of them not known here before\n1 there more than once\n1 row that cannot be taken")
	if c := a.customer(walter); c.Status(a.Desk.Now()) != data.Blocked || c.Block.Reason != "Spam" {
		t.Errorf("the desk has %+v", c)
	}
}

func TestImportExport_EmptyList(t *testing.T) {
	a := sit(t, newWorld(t))
	a.importExport.previewList(filepath.Join(t.TempDir(), "none.csv"))
	a.asks("That did not work")
}
