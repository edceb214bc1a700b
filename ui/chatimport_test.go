package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"github.com/latchdesk/latchdesk/data"
)

// exportedChat writes a chat as WhatsApp exports it.
func exportedChat(t *testing.T, name string, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

var walterExport = []string{
	"08/03/2026, 09:00 - Walter Quist: Are you there on Sundays?",
	"08/03/2026, 09:01 - Northwind: We are, until noon.",
	"08/03/2026, 09:02 - Walter Quist: <Media omitted>",
	"45/03/2026, 09:03 - Walter Quist: late",
	"08/03/2026, 09:04 - You blocked this contact.",
}

// incomingOf counts the messages of a customer that the chat shows.
func (a *agent) shownTexts(phone data.Phone) string {
	a.t.Helper()
	page, err := a.Desk.Timeline(a.t.Context(), a.customer(phone).ID, data.Span{Limit: 100})
	if err != nil {
		a.t.Fatal(err)
	}
	var texts []string
	for _, item := range page.Items {
		if item.Message != nil {
			texts = append(texts, item.Message.Text)
		}
	}
	return strings.Join(texts, " | ")
}

// A file is dropped on the open chat, the dialog says what it has and guesses who is
// the business, the chat comes in without a sound, and the toast takes it out again.
func TestChatImport_DropAndUndo(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), mode)
		a.click("Walter Quist")
		a.sees("+46 70 123 45 67")
		before := a.shownTexts(walter)
		file := exportedChat(t, "WhatsApp Chat with Walter.txt", walterExport...)
		a.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(file)})
		a.asks("Import chat")

		for _, text := range []string{
			"Business: Northwind", "3 new messages", "Blocks and unblocks on WhatsApp: 1, which change nothing here", "1 message whose media are not in the file", "1 line not understood, kept as text",
			"From 8 Mar 2026 09:00 to 8 Mar 2026 09:04", "Dates are read as day/month/year, though no date in it shows which",
			"line 4: its date does not exist: 45/03/2026, 09:03 - Walter Quist: late",
		} {
			a.sees(text)
		}
		a.picture("chatimport-" + a.settings.Theme)
		a.click("Import")
		a.sees("3 messages imported")
		a.sees("We are, until noon.")
		a.sees("Blocked on WhatsApp")
		if n := len(a.program.notices); n != 0 {
			t.Errorf("%d notices: %v", n, a.program.notices)
		}
		if c := a.customer(walter); c.Status(a.Desk.Now()) != data.Active {
			t.Errorf("the desk has %+v", c)
		}
		a.click("Undo")
		a.loses("We are, until noon.")
		a.sees("Import of a chat undone by Asha Rao")
		if got := a.shownTexts(walter); got != before {
			t.Errorf("the chat shows %q, and did show %q", got, before)
		}
	})
}

// Nothing is brought in before it is known who is the business; with another answer
// the summary is another.
func TestChatImport_AsksWhoIsTheBusiness(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("+46 70 123 45 67")
	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", "08/03/2026, 09:00 - Somebody: one", "08/03/2026, 09:01 - Northwind: two"))
	a.asks("Import chat")
	a.sees("2 messages in it")
	a.click("Import")
	a.sees("Choose which author is the business, so that it is clear who wrote what.")
	a.click("Business: ")
	a.click("Northwind")
	a.sees("2 new messages")
	a.loses("Choose which author is the business, so that it is clear who wrote what.")
	a.click("Import")
	a.sees("2 messages imported")
	m, err := a.Desk.Messages(t.Context(), a.customer(walter).ID, data.ItemKey{}, 2)
	if err != nil || m[0].Direction != data.In || m[1].Direction != data.Out || m[1].Author != "Northwind" {
		t.Errorf("%+v, %v", m, err)
	}

	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", "08/03/2026, 09:00 - Walter Quist: one"))
	a.asks("Import chat")
	a.sees("Business: nobody, only the customer wrote")
	a.sees("0 new messages")
	a.click("Import")
	a.sees("Everything in it is already here, so there is nothing to import.")
	a.press("Escape")
	a.free()
}

// The zone is another than this computer's, or there is none of that name.
func TestChatImport_Zone(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("+46 70 123 45 67")
	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", "08/03/2026, 09:00 - Walter Quist: one"))
	a.asks("Import chat")
	a.sees("1 new message")
	a.press("Tab")
	a.write("Asia/Kolkat")
	a.sees("There is no time zone with this name.")
	a.click("Import")
	a.sees("Latchdesk is still checking what would be imported.")
	a.click("Asia/Kolkat")
	a.press("End")
	a.write("a")
	a.sees("Time zone Asia/Kolkata (UTC+05:30)")
	a.click("Import")
	a.sees("1 message imported")
	m, err := a.Desk.Messages(t.Context(), a.customer(walter).ID, data.ItemKey{}, 1)
	if want := data.MomentOf(time.Date(2026, 3, 8, 3, 30, 0, 0, time.UTC)); err != nil || m[0].At != want {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestChatImport_Refuses(t *testing.T) {
	a := sit(t, newWorld(t))
	drop := func(files ...string) {
		t.Helper()
		var uris []fyne.URI
		for _, f := range files {
			uris = append(uris, storage.NewFileURI(f))
		}
		a.dropped(fyne.Position{}, uris)
	}
	file := exportedChat(t, "chat.txt", walterExport...)
	says := func(text string) {
		t.Helper()
		a.asks("Import chat")
		a.sees(text)
		a.press("Enter")
		a.free()
	}
	drop(file)
	says("Open the customer's chat first, and drop the file there.")
	a.click("Walter Quist")
	a.sees("+46 70 123 45 67")
	drop(file, file)
	says("Drop one file at a time.")
	drop(file + ".csv")
	says("This is not a chat exported by WhatsApp, which is a text file or a zip.")
	group := exportedChat(t, "chat.txt", append(walterExport, "08/03/2026, 09:05 - Carl: hi")...)
	drop(group)
	says("This is the chat of a group: Walter Quist, Northwind, Carl wrote in it. Only what one customer and the business wrote can be imported into a customer's chat. Import it into the chat of the group, which is in the list once somebody has written in it.")
	nothing := exportedChat(t, "chat.txt", "nothing")
	drop(nothing)
	says(nothing + " cannot be imported: this is not a chat exported by WhatsApp: no line begins with a date and a time.")
	a.press("F1")
	a.asks("Shortcuts")
	drop(file)
	a.asks("Shortcuts")
}

// A long import says how far it is. Stopped, it says what came in, and offers to undo
// that.
func TestChatImport_Stop(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("+46 70 123 45 67")
	var lines []string
	for i := range 30_000 {
		lines = append(lines, fmt.Sprintf("%02d/02/2026, %02d:%02d - Walter Quist: message %d", i/1440+1, i/60%24, i%60, i))
	}
	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", lines...))
	a.asks("Import chat")
	a.sees("30000 new messages")
	a.click("Import")
	a.asks("Importing chat")
	a.until("it says how far it is", func() bool { return strings.Contains(strings.Join(a.texts(), "\n"), " of 30000 messages") })
	a.click("Stop")
	a.asks("Import chat")
	a.until("it says what came in", func() bool {
		return strings.Contains(strings.Join(a.texts(), "\n"), "The import was stopped. Before that, ")
	})
	a.press("Enter")
	a.free()
	a.click("Undo")
	a.sees("Import of a chat undone by Asha Rao")
}

// The history undoes the import too, after it has asked.
func TestChatImport_UndoFromHistory(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("+46 70 123 45 67")
	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", "08/03/2026, 09:00 - Walter Quist: one"))
	a.asks("Import chat")
	a.sees("1 new message")
	a.click("Import")
	a.sees("1 message imported")
	a.press("Ctrl+H")
	a.asks("History")
	a.sees("chat.txt · 1 message")
	a.click("Undo the import into the chat with Walter Quist, today at 14:05…")
	a.asks("Undo import")
	a.sees("Are you sure you want to undo the import of chat.txt into the chat with Walter Quist?")
	a.press("Enter")
	a.asks("History")
	a.sees("Import of a chat undone by Asha Rao")
	a.loses("Undo the import into the chat with Walter Quist, today at 14:05…")
	if got := a.shownTexts(walter); strings.Contains(got, "one |") {
		t.Errorf("the chat shows %q", got)
	}
}

// The chat of a group is brought into a group: all but the business are its members.
func TestChatImport_OfAGroup(t *testing.T) {
	a := sit(t, newUsernameWorld(t))
	a.click("Family")
	a.sees("group 1203…678901")
	a.chatImport.read(a.chat.Customer(), exportedChat(t, "chat.txt", append(walterExport, "08/03/2026, 09:05 - Carl: hi")...))
	a.asks("Import chat")
	a.sees("Which author is the business? All others are members of the group.")
	a.choice("Northwind").SetSelected("Northwind")
	a.sees("4 new messages")
	a.sees("3 authors")
	a.click("Import")
	a.sees("4 messages imported")
	a.sees("Carl · 09:05")
}
