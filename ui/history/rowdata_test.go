package history

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// Of a block that a list brought it is said who, when and why, whatever the list leaves
// out.
func TestShow_ImportedBlockSaysWhoWhenWhy(t *testing.T) {
	d := newDesk(t)
	rows := []desk.ImportRow{{Phone: "+46701234567", At: data.MomentOf(noon) - 1_000}}
	if _, err := d.Import(t.Context(), desk.ImportRequest{By: "Asha Rao", Rows: slices.Values(rows)}); err != nil {
		t.Fatal(err)
	}
	a := look(t, d, 0, theme.Light)
	a.sees("Customer blocked by Asha Rao")
	a.sees("by import")
	a.sees("no reason in the list · for good · in the list since 14:04")
}
