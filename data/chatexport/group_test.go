package chatexport

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// inGroup returns the desk with a group, in which somebody has written.
func (w *world) inGroup() *world {
	w.t.Helper()
	id := w.hears("+442079460958", "Ada", "Hello", now.Add(-48*time.Hour))
	return &world{w.Desk, w.t, id, ""}
}

// hears lets a member write in the group.
func (w *world) hears(phone data.Phone, name, text string, at time.Time) int64 {
	w.t.Helper()
	got, err := w.Receive(context.Background(), []data.Incoming{{
		From:    data.Sender{Group: "120363041", GroupName: "Buyers", Phone: phone, Name: name},
		Message: data.Message{Kind: data.TextMessage, At: data.MomentOf(at), Text: text, Author: name, RemoteID: name + text + at.String()},
	}})
	w.must(err)
	return got[0].CustomerID
}

// says is what the chat shows, each with its author.
func (w *world) says() []string {
	w.t.Helper()
	page, err := w.Timeline(context.Background(), w.customer, data.Span{Limit: 10_000})
	w.must(err)
	var lines []string
	for _, item := range page.Items {
		if m := item.Message; m != nil {
			by := m.Author
			if m.AuthorAddress != "" {
				by += " " + string(m.AuthorAddress)
			}
			lines = append(lines, fmt.Sprintf("%s %s: %s", m.Direction, by, m.Text))
		}
	}
	return lines
}

const groupExport = `19/07/2026, 12:10 - Meera: Who sells lamps?
19/07/2026, 12:11 - ~ Bo: ok
19/07/2026, 12:11 - Meera: ok
19/07/2026, 12:12 - Northwind Lamps: We do.
19/07/2026, 12:13 - ` + "\u202a+91 91379 79402\u202c" + `: How much?
19/07/2026, 12:14 - Meera added Carl
`

// The chat of a group comes in with its authors' names, once, whatever of it is here, and
// goes out again.
func TestImport_ChatOfAGroup(t *testing.T) {
	w := newWorld(t).inGroup()
	sum := w.imports(groupExport)
	if sum.Authors != 4 || sum.New != 6 || sum.FromCustomer != 4 || sum.FromBusiness != 1 || sum.Notices != 1 {
		t.Errorf("%+v", sum)
	}
	want := []string{
		"in Ada +442079460958: Hello", "in Meera: Who sells lamps?", "in Bo: ok", "in Meera: ok", "out Northwind Lamps: We do.",
		"in +91 91379 79402 +919137979402: How much?", "note WhatsApp: Meera added Carl",
	}
	same(t, "it shows", w.says(), want)
	if again := w.imports(groupExport); again.New != 0 || again.Already != 6 {
		t.Errorf("the same once more: %+v", again)
	}
	longer := w.imports(groupExport + "19/07/2026, 12:15 - Carl: Hi\n")
	if longer.New != 1 || longer.Already != 6 || longer.Authors != 5 {
		t.Errorf("a longer one: %+v", longer)
	}
	same(t, "it shows", w.says(), append(slices.Clone(want), "in Carl: Hi"))
	out, err := w.UndoChatImport(context.Background(), asha, longer.Import)
	w.must(err)
	if out.Messages != 1 {
		t.Errorf("%+v", out)
	}
	_, err = w.UndoChatImport(context.Background(), asha, sum.Import)
	w.must(err)
	same(t, "after the undo", w.says(), want[:1])
}

// What was delivered is here by whatever name; the same author's comes before all others.
func TestImport_ChatOfAGroupOfWhichSomeIsHere(t *testing.T) {
	w := newWorld(t).inGroup()
	minute := time.Date(2026, 7, 19, 12, 11, 0, 0, time.UTC)
	w.hears("+919137979403", "Meera Kapoor", "Who sells lamps?", minute.Add(-time.Minute)) // whom the phone calls Meera
	w.hears("+919137979404", "Meera", "ok", minute)
	w.hears("+919137979402", "Riya", "How much?", minute.Add(2*time.Minute))
	sum := w.imports(groupExport)
	if sum.Already != 3 || sum.New != 3 {
		t.Errorf("%+v", sum)
	}
	got := w.says()
	for _, want := range []string{"in Bo: ok", "in Meera +919137979404: ok", "in Riya +919137979402: How much?", "in Meera Kapoor +919137979403: Who sells lamps?"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if again := w.imports(groupExport); again.New != 0 {
		t.Errorf("the same once more: %+v", again)
	}
}

// What a member wrote during the member's block is held by it, if the export names the
// member by number.
func TestImport_ChatOfAGroupHoldsForAMember(t *testing.T) {
	w := newWorld(t)
	member := w.with("+919137979402")
	group := w.inGroup()
	_, err := w.Block(context.Background(), asha, member.customer, data.BlockRequest{})
	w.must(err)
	during := "21/07/2026, 12:30 - +91 91379 79402: during\n21/07/2026, 12:30 - Meera: by a name\n"
	sum := group.imports(groupExport+during, func(*Options) {})
	if sum.Held != 1 {
		t.Errorf("%+v", sum)
	}
	held := func() (texts []string) {
		messages, err := w.Held(context.Background(), member.customer, 10)
		w.must(err)
		for _, m := range messages {
			texts = append(texts, m.Text)
		}
		c, err := w.Customer(context.Background(), member.customer)
		w.must(err)
		if c.Held != len(texts) {
			t.Errorf("%d are counted of %q", c.Held, texts)
		}
		return texts
	}
	same(t, "it is held", held(), []string{"during"})
	if got := group.says(); slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "during") }) {
		t.Errorf("the group shows %q", got)
	}
	_, err = w.UndoChatImport(context.Background(), asha, sum.Import)
	w.must(err)
	same(t, "after the undo is held", held(), nil)

	// Discarded, it does not come in again.
	again := group.imports(groupExport + during)
	_, err = w.Unblock(context.Background(), asha, member.customer, data.UnblockRequest{Discard: true})
	w.must(err)
	if third := group.imports(groupExport + during); again.New != 8 || third.New != 0 {
		t.Errorf("%+v, then %+v", again, third)
	}
	out, err := w.UndoChatImport(context.Background(), asha, again.Import)
	w.must(err)
	if out.Messages != 8 {
		t.Errorf("the undo took out %d", out.Messages)
	}
}

// On an iPhone WhatsApp speaks under the group's name, which is no author's.
func TestParse_GroupNoticesOfAnIPhone(t *testing.T) {
	const lines = "[19/07/2026, 12:09:00] Buyers: \u200eMessages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.\n" +
		"[19/07/2026, 12:09:10] Buyers: \u200eMeera added you\n" +
		"[19/07/2026, 12:10:00] Meera: Who sells lamps?\n" +
		"[19/07/2026, 12:11:00] Bo: \u200eimage omitted\n" +
		"[19/07/2026, 12:12:00] Northwind Lamps: We do.\n"
	chat, err := Parse(lines, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := chat.authorNames(); !slices.Equal(got, []string{"Meera", "Bo", "Northwind Lamps"}) {
		t.Errorf("the authors are %q", got)
	}
	if e := chat.Entries[1]; e.Kind != NoticeEntry || e.Text != "Meera added you" {
		t.Errorf("%+v", e)
	}
	// A member can have the group's name.
	chat, err = Parse(lines+"[19/07/2026, 12:13:00] Buyers: I, too\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(chat.Authors) != 4 || chat.Entries[1].Kind != MessageEntry {
		t.Errorf("%+v, %+v", chat.Authors, chat.Entries[1])
	}
}
