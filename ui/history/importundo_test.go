package history

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// Under the list the newest import of a chat can be undone; once it is, the one
// before it.
func TestImportUndo_OffersNewest(t *testing.T) {
	d := newDesk(t)
	var events []int64
	for _, c := range []struct{ address, name string }{{"+919137979401", "Meera"}, {"+46701234567", ""}} {
		customer, err := d.Add(t.Context(), data.Address(c.address), c.name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.ImportChat(t.Context(), asha, desk.ChatImportRequest{Customer: customer.ID, File: "chat.txt", Messages: []data.Message{
			{Direction: data.In, Kind: data.TextMessage, At: data.MomentOf(noon), Text: "hello"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, got.Event)
	}
	a := look(t, d, 0, theme.Light)
	for i, want := range []string{"Undo the import into the chat with +46 70 123 45 67, today at 14:05…", "Undo the import into the chat with Meera, today at 14:05…"} {
		a.sees(want)
		if _, err := d.UndoChatImport(t.Context(), asha, events[1-i]); err != nil {
			t.Fatal(err)
		}
		a.until(want+" is gone", func() bool { return !a.says(want) })
	}
	a.sees("chat.txt · 1 message")
	a.sees("Import of a chat undone by Asha Rao")
}
