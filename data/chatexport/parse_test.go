package chatexport

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	nnbsp = "\u202F"
	nbsp  = "\u00A0"
	thin  = "\u2009"
)

// wall returns what a clock shows.
func wall(text string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	panic(text)
}

// Every shape of date, time and separator, alone in a file of its own.
func TestParse_Shapes(t *testing.T) {
	for _, c := range []struct{ line, at string }{
		{"20/07/2026, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"[20/07/2026, 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"[20/07/26, 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"\u200E[20/07/2026, 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"\uFEFF[20/07/2026, 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"7/20/26, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"7/20/2026, 11:39 PM - Meera: hello", "2026-07-20 23:39"},
		{"20/7/2026 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"20.07.2026, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"20.07.26, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"20-07-2026 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"2026/07/20, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"2026/7/20 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"2026-07-20, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"[2026-07-20, 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"20. 7. 2026. 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"13. 6. 2018. 21:25 - Meera: hello", "2018-06-13 21:25"},
		{"2026. 7. 20. 오후 11:39 - Meera: hello", "2026-07-20 23:39"},
		{"[2026. 7. 20. 오전 11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"13.6.2018 klo 21.25.15: Meera: hello", "2018-06-13 21:25:15"},
		{"[13.6.2018 klo 21.25.15] Meera: hello", "2018-06-13 21:25:15"},
		{"13.6.2018 klo 21.25 - Meera: hello", "2018-06-13 21:25"},
		{"20/07/2026, 11:39" + nnbsp + "PM - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39" + nbsp + "PM - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39" + thin + "PM - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39 pm - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39 p. m. - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39" + nnbsp + "p." + nbsp + "m. - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39 p.m. - Meera: hello", "2026-07-20 23:39"},
		{"20/07/2026, 11:39 a. m. - Meera: hello", "2026-07-20 11:39"},
		{"20/07/2026, 12:05 AM - Meera: hello", "2026-07-20 00:05"},
		{"20/07/2026, 12:05 PM - Meera: hello", "2026-07-20 12:05"},
		{"[2026/07/20 午前11:39:47] Meera: hello", "2026-07-20 11:39:47"},
		{"[2026/07/20 午後11:39:47] Meera: hello", "2026-07-20 23:39:47"},
		{"2026/7/20 下午11:39 - Meera: hello", "2026-07-20 23:39"},
		{"2026/7/20 11:39 下午 - Meera: hello", "2026-07-20 23:39"},
		{"2026/7/20 上午12:05 - Meera: hello", "2026-07-20 00:05"},
		{"2026/7/20 中午12:05 - Meera: hello", "2026-07-20 12:05"},
		{"2026/7/20 凌晨1:05 - Meera: hello", "2026-07-20 01:05"},
		{"20/07/2026, 11:39 ص - Meera: hello", "2026-07-20 11:39"},
		{"20\u200F/7\u200F/2026 م 11:39 - Meera: hello", "2026-07-20 23:39"},
		{"٢٠\u200F/٧\u200F/٢٠٢٦، ١١:٣٩ م - Meera: hello", "2026-07-20 23:39"},
		{"२०/७/२०२६, ११:३९ अपराह्न - Meera: hello", "2026-07-20 23:39"},
		{"20/7/26, 24:05 - Meera: hello", "2026-07-20 00:05"},
		{"20/7/26, 11:39 – Meera: hello", "2026-07-20 11:39"},
		{"29/02/2024, 11:39 - Meera: hello", "2024-02-29 11:39"},
		{"20/7/2569 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"29/2/2567 11:39 - Meera: hello", "2024-02-29 11:39"},
		{"[๒๐/๗/๒๕๖๙ ๑๑:๓๙:๔๗] Meera: hello", "2026-07-20 11:39:47"},
		{"20/7/69, 11:39 - Meera: hello", "2026-07-20 11:39"},
		{"\u202A20/07/2026\u202C, 11:39 - \u202AMeera\u202C: hello", "2026-07-20 11:39"},
		{"[20/07/2026, 11:39:47] ~" + nnbsp + "Meera: hello", "2026-07-20 11:39:47"},
	} {
		chat, err := Parse(c.line+"\n", nil)
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
			continue
		}
		e := chat.Entries[0]
		if len(chat.Entries) != 1 || !e.Wall.Equal(wall(c.at)) || e.Author != "Meera" || e.Text != "hello" || e.Kind != MessageEntry || chat.NotUnderstood != 0 {
			t.Errorf("%q: %+v, %d not understood", c.line, chat.Entries, chat.NotUnderstood)
		}
	}
}

// What is almost a head is none: it goes on with the message before it.
func TestParse_NoHeads(t *testing.T) {
	for _, line := range []string{
		"20/07/2026", "20/07/2026, 11:39", "20/07/2026, 11:39 Meera: hello", "11:39 - Meera: hello", "20/07 11:39 - Meera: hello",
		"[20/07/2026, 11:39:47 Meera: hello", "20/07/2026, 11:39 -Meera: hello", "20/07/2026, 25:39 - Meera: hello", "20/07/2026, 11:60 - Meera: hello",
		"20/07/2026, 1139 - Meera: hello", "120/07/2026, 11:39 - Meera: hello", "20/07/20261, 11:39 - Meera: hello", "1. 2. and 3. are done", "",
	} {
		chat, err := Parse("20/07/2026, 11:38 - Meera: one\n"+line+"\nthree", nil)
		if err != nil || len(chat.Entries) != 1 || chat.NotUnderstood != 0 {
			t.Errorf("%q: %+v, %v", line, chat, err)
			continue
		}
		if got, want := chat.Entries[0].Text, "one\n"+line+"\nthree"; got != want {
			t.Errorf("the text is %q, not %q", got, want)
		}
		if _, err := Parse(line, nil); err == nil {
			t.Errorf("%q is a chat", line)
		}
	}
}

// Day or month first is decided once for the whole file.
func TestParse_DateOrder(t *testing.T) {
	for _, c := range []struct {
		dates  string
		order  DateOrder
		proved bool
		first  string
	}{
		{"1/2/2026 3/4/2026", DayFirst, false, "2026-02-01"},
		{"1/2/2026 13/4/2026", DayFirst, true, "2026-02-01"},
		{"1/2/2026 4/13/2026", MonthFirst, true, "2026-01-02"},
		{"1/2/26 4/13/26", MonthFirst, true, "2026-01-02"},
		{"2026/1/2 2026/1/13", YearFirst, true, "2026-01-02"},
		{"2026-1-2", YearFirst, true, "2026-01-02"},
		{"1/2/2026 4/13/2026 4/14/2026 14/4/2026", MonthFirst, true, "2026-01-02"},
	} {
		text := ""
		for _, date := range strings.Fields(c.dates) {
			text += date + ", 11:39 - Meera: hello\n"
		}
		chat, err := Parse(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		first := chat.Entries[0].Wall.Format(time.DateOnly)
		if chat.Order != c.order || chat.OrderProved != c.proved || first != c.first {
			t.Errorf("%s: %s, proved %v, first on %s", c.dates, chat.Order, chat.OrderProved, first)
		}
	}
}

// One line after the other, as the table of what WhatsApp writes has them.
func TestParse_Content(t *testing.T) {
	const android, iphone = "20/07/2026, 11:39 - ", "[20/07/2026, 11:39:47] "
	for _, c := range []struct {
		text string
		want Entry
	}{
		{android + "Meera: <Media omitted>", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera: <Multimedia omitido>", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera: <Medien ausgeschlossen>", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera: <Mídia oculta>", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera: <Media omitted>\nlook at it", Entry{Media: data.MediaMessage, Missing: true, Text: "look at it"}},
		{android + "Meera: IMG-20260720-WA0001.jpg (file attached)\nthe torn box", Entry{Media: data.ImageMessage, File: "IMG-20260720-WA0001.jpg", Text: "the torn box"}},
		{android + "Meera: \u200EIMG-20260720-WA0002.jpg (file attached)", Entry{Media: data.ImageMessage, File: "IMG-20260720-WA0002.jpg", Missing: true}},
		{android + "Meera: PTT-20260720-WA0003.opus (some words)", Entry{Media: data.AudioMessage, File: "PTT-20260720-WA0003.opus", Missing: true}},
		{android + "Meera: order form.pdf (archivo adjunto)", Entry{Media: data.DocumentMessage, File: "order form.pdf", Missing: true}},
		{android + "Meera: Ben.vcf (Datei angehängt)", Entry{Media: data.ContactsMessage, File: "Ben.vcf", Missing: true}},
		{android + "Meera: see report.pdf (page 4)", Entry{Text: "see report.pdf (page 4)"}},
		{iphone + "Meera: \u200Eimage omitted", Entry{Media: data.ImageMessage, Missing: true}},
		{iphone + "Meera: \u200Eimagen omitida", Entry{Media: data.ImageMessage, Missing: true}},
		{iphone + "Meera: \u200EBild weggelassen", Entry{Media: data.ImageMessage, Missing: true}},
		{iphone + "Meera: \u200Eáudio ocultado", Entry{Media: data.AudioMessage, Missing: true}},
		{iphone + "Meera: \u200EGIF omitted", Entry{Media: data.ImageMessage, Missing: true}},
		{iphone + "Meera: \u200Evidéo absente", Entry{Media: data.VideoMessage, Missing: true}},
		{iphone + "Meera: bill.pdf • 2 pages \u200Edocument omitted", Entry{Media: data.DocumentMessage, Missing: true, File: "bill.pdf"}},
		{iphone + "Meera: \u200Ebill.pdf • \u200E2 pages \u200Edocument omitted", Entry{Media: data.DocumentMessage, Missing: true, File: "bill.pdf"}},
		{iphone + "Meera: \u200E<attached: 00000012-PHOTO-2026-07-20-11-39-47.jpg>", Entry{Media: data.ImageMessage, File: "00000012-PHOTO-2026-07-20-11-39-47.jpg", Missing: true}},
		{iphone + "Meera: \u200E<adjunto: 00000013-STICKER.webp>", Entry{Media: data.StickerMessage, File: "00000013-STICKER.webp", Missing: true}},
		{iphone + "Meera: the torn box \u200E<Anhang: 00000014-PHOTO.jpg>", Entry{Media: data.ImageMessage, File: "00000014-PHOTO.jpg", Missing: true, Text: "the torn box"}},
		{iphone + "Meera: \u200E<attached: ../../etc/passwd.txt>", Entry{Text: "<attached: ../../etc/passwd.txt>"}},
		{android + "Meera: ", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera:", Entry{Media: data.MediaMessage, Missing: true}},
		{android + "Meera: The blue one, please. <This message was edited>", Entry{Text: "The blue one, please.", Edited: true}},
		{iphone + "Meera: The blue one, please. \u200E<This message was edited>", Entry{Text: "The blue one, please.", Edited: true}},
		{android + "Meera: La azul. <Se editó este mensaje.>", Entry{Text: "La azul.", Edited: true}},
		{android + "Meera: This message was deleted", Entry{Text: "This message was deleted", Deleted: true}},
		{iphone + "Meera: \u200EYou deleted this message.", Entry{Text: "You deleted this message.", Deleted: true}},
		{android + "Meera: Diese Nachricht wurde gelöscht.", Entry{Text: "Diese Nachricht wurde gelöscht.", Deleted: true}},
		{iphone + "Meera: \u200EPOLL:\nWhich one?\n\u200EOPTION: blue (\u200E2 votes)\n\u200EOPTION: red (\u200E0 votes)", Entry{Text: "POLL:\nWhich one?\nOPTION: blue (2 votes)\nOPTION: red (0 votes)"}},
		{android + "Meera: POLL:\nWhich one?\nOPTION: blue (2 votes)", Entry{Text: "POLL:\nWhich one?\nOPTION: blue (2 votes)"}},
		{android + "Meera: location: https://maps.google.com/?q=12.97,77.59", Entry{Media: data.LocationMessage, Text: "https://maps.google.com/?q=12.97,77.59"}},
		{iphone + "Meera: \u200ELocation: https://maps.google.com/?q=12.97,77.59", Entry{Media: data.LocationMessage, Text: "https://maps.google.com/?q=12.97,77.59"}},
		{android + "Meera: Standort: https://foursquare.com/v/4b05", Entry{Media: data.LocationMessage, Text: "https://foursquare.com/v/4b05"}},
		{android + "Meera: meet here: https://example.com", Entry{Text: "meet here: https://example.com"}},
		{android + "Meera: ask @\u2068Ben Ray\u2069 or \u202A+91 91379 79401\u202C", Entry{Text: "ask @Ben Ray or +91 91379 79401"}},
		{android + "Meera: 👩\u200D👧 क्\u200Dष", Entry{Text: "👩\u200D👧 क्\u200Dष"}},
		{android + "Meera: one\n\ntwo: three\n", Entry{Text: "one\n\ntwo: three"}},
		{android + "\u202A+91 91379 79401\u202C: hello", Entry{Author: "+91 91379 79401", Text: "hello"}},

		{android + "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.", Entry{Kind: StandingEntry, Author: "-", Text: "Messages and calls are end-to-end encrypted. No one outside of this chat can read them."}},
		{iphone + "Meera: \u200EMessages and calls are end-to-end encrypted. Only people in this chat can read them.", Entry{Kind: StandingEntry, Author: "-", Text: "Messages and calls are end-to-end encrypted. Only people in this chat can read them."}},
		{android + "Los mensajes y las llamadas están cifrados de extremo a extremo.", Entry{Kind: StandingEntry, Author: "-", Text: "Los mensajes y las llamadas están cifrados de extremo a extremo."}},
		{android + "Missed voice call", Entry{Kind: NoticeEntry, Author: "-", Text: "Missed voice call"}},
		{android + "You blocked this contact. Tap to unblock.", Entry{Kind: BlockEntry, Author: "-", Text: "You blocked this contact. Tap to unblock."}},
		{iphone + "Meera: \u200EYou blocked this contact. Tap to unblock.", Entry{Kind: BlockEntry, Author: "-", Text: "You blocked this contact. Tap to unblock."}},
		{android + "You unblocked this contact.", Entry{Kind: UnblockEntry, Author: "-", Text: "You unblocked this contact."}},
		{android + "Bloqueaste a este contacto.", Entry{Kind: BlockEntry, Author: "-", Text: "Bloqueaste a este contacto."}},
		{android + "Desbloqueaste a este contacto.", Entry{Kind: UnblockEntry, Author: "-", Text: "Desbloqueaste a este contacto."}},
		{android + "Du hast diesen Kontakt blockiert.", Entry{Kind: BlockEntry, Author: "-", Text: "Du hast diesen Kontakt blockiert."}},
		{android + "Du hast die Blockierung dieses Kontakts aufgehoben.", Entry{Kind: UnblockEntry, Author: "-", Text: "Du hast die Blockierung dieses Kontakts aufgehoben."}},
		{android + "Você bloqueou este contato. Toque para desbloquear.", Entry{Kind: BlockEntry, Author: "-", Text: "Você bloqueou este contato. Toque para desbloquear."}},
		{android + "bloqueou este contato", Entry{Kind: BlockEntry, Author: "-", Text: "bloqueou este contato"}},
		{android + "Você desbloqueou este contato", Entry{Kind: UnblockEntry, Author: "-", Text: "Você desbloqueou este contato"}},
		// What a customer writes is no event.
		{iphone + "Meera: You blocked this contact.", Entry{Text: "You blocked this contact."}},
		{iphone + "Meera: Messages and calls are end-to-end encrypted.", Entry{Text: "Messages and calls are end-to-end encrypted."}},
	} {
		chat, err := Parse(c.text, map[string]bool{"img-20260720-wa0001.jpg": true})
		if err != nil || len(chat.Entries) != 1 {
			t.Errorf("%q: %+v, %v", c.text, chat, err)
			continue
		}
		switch c.want.Author {
		case "":
			c.want.Author = "Meera"
		case "-":
			c.want.Author = ""
		}
		got := chat.Entries[0]
		got.Line, got.Wall = 0, time.Time{}
		if got != c.want {
			t.Errorf("%q:\n got %+v\nwant %+v", c.text, got, c.want)
		}
	}
}

// A date of another calendar is never read as one of ours: its line is counted, shown and
// kept, and a file of them says why it is none.
func TestParse_OtherCalendars(t *testing.T) {
	for _, date := range []string{"۱۴۰۵/۴/۲۹", "1405/04/29", "29/4/1405", "1448/02/05", "5/2/1448"} {
		line := date + ", 11:40 - Meera: two"
		if _, err := Parse(line, nil); !errors.Is(err, ErrCalendar) {
			t.Errorf("%s alone: %v", date, err)
		}
		chat, err := Parse("20/07/2026, 11:39 - Meera: one\n"+line+"\n20/07/2026, 11:41 - Meera: three", nil)
		if err != nil || len(chat.Entries) != 2 || chat.Entries[0].Text != "one\n"+line || chat.NotUnderstood != 1 || chat.FirstUnread[0].Reason != calendarProblem {
			t.Errorf("%s: %+v, %v", date, chat, err)
		}
	}
	for _, date := range []string{"29/4/05", "5/2/48", "1/1/51", "20/7/1999", "20/7/2551"} { // before WhatsApp, or years from now
		if chat, err := Parse("20/07/2026, 11:39 - Meera: one\n"+date+", 11:40 - Meera: two", nil); err != nil || chat.NotUnderstood == 0 && chat.Entries[1].Wall.Year() < 2040 {
			t.Errorf("%s: %+v, %v", date, chat, err)
		}
	}
}

// A line that is not understood is counted, shown and kept.
func TestParse_NotUnderstood(t *testing.T) {
	chat, err := Parse(strings.Join([]string{
		"Chat with Meera", "",
		"20/07/2026, 11:39 - Meera: one",
		"45/07/2026, 11:40 - Meera: two",
		"[20/07/2026, 11:41:00] Ben: three",
		"20/07/2026, 11:42 - Ben: four",
	}, "\r\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range chat.Entries {
		texts = append(texts, e.Text)
	}
	want := "Chat with Meera|one\n45/07/2026, 11:40 - Meera: two\n[20/07/2026, 11:41:00] Ben: three|four"
	if got := strings.Join(texts, "|"); got != want {
		t.Errorf("the texts are %q", got)
	}
	if e := chat.Entries[0]; e.Kind != UnreadEntry || !e.Wall.Equal(wall("2026-07-20 11:39")) {
		t.Errorf("the first entry is %+v", e)
	}
	if chat.NotUnderstood != 3 || len(chat.FirstUnread) != 3 || chat.FirstUnread[1].String() != "line 4: its date does not exist: 45/07/2026, 11:40 - Meera: two" {
		t.Errorf("%d lines: %v", chat.NotUnderstood, chat.FirstUnread)
	}
	if len(chat.Authors) != 2 || chat.Authors[0] != (Author{"Meera", 1}) || chat.Authors[1] != (Author{"Ben", 1}) {
		t.Errorf("the authors are %v", chat.Authors)
	}
}

// Whatever stands in a file, none of its words is lost, and there is at most one entry
// for each line.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"20/07/2026, 11:39 - Meera: hello\nand more\n20/07/2026, 11:40 - You blocked this contact.",
		"[7/20/26, 11:39:47" + nnbsp + "PM] Meera: \u200E<attached: a.jpg>\n\u200E[7/20/26, 11:40:00" + nnbsp + "PM] Ben: \u200Eimage omitted",
		"13.6.2018 klo 21.25.15: Meera: POLL:\nx\nOPTION: y (1 vote)", "2026. 7. 20. 오전 11:39 - a: b", "٢٠/٧/٢٠٢٦، ١١:٣٩ ص - a: b",
		"before\n99/99/9999, 11:39 - a: b\n1/1/26, 1:01 - a:", "[1/1/26, 1:01] a: \xff\x00", "\n\n", ": ", "[", "1/1/26, 1:01 - ~: x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		chat, err := Parse(decode([]byte(text)), nil)
		if err != nil {
			return
		}
		if lines := strings.Count(text, "\n") + 1; len(chat.Entries) == 0 || len(chat.Entries) > lines || chat.NotUnderstood > lines {
			t.Fatalf("%d entries, %d not understood of %d lines", len(chat.Entries), chat.NotUnderstood, lines)
		}
		messages := 0
		for _, e := range chat.Entries {
			if e.Wall.Year() < 2009 || e.Wall.Year() > 2100 || data.Clean(e.Text) != e.Text || data.CleanLine(e.Author, maxAuthor) != e.Author {
				t.Fatalf("%+v", e)
			}
			if e.Kind == MessageEntry {
				messages++
			}
		}
		for _, a := range chat.Authors {
			messages -= a.Messages
		}
		if messages != 0 {
			t.Fatalf("%d messages stand under no author", messages)
		}
		again, err := Parse(decode([]byte(text)), nil)
		if err != nil || len(again.Entries) != len(chat.Entries) {
			t.Fatalf("the second time: %v", err)
		}
	})
}
