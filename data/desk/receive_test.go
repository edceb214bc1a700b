package desk_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// message is one that came in, whose id is its text.
func message(text string, at data.Moment) data.Message {
	return data.Message{Kind: data.TextMessage, At: at, Text: text, RemoteID: text}
}

func TestReceive(t *testing.T) {
	w := newWorld(t)
	w.clock.add(time.Minute)
	sent := data.Message{
		Kind: data.DocumentMessage, At: start, Text: "The bill", File: "bill.pdf", URL: "https://example.com/bill.pdf", RemoteID: "dt-1",
		WhatsAppID: "wamid.1", Business: "918888888888", ReplyTo: "wamid.0",
	}
	got := w.takesAs(data.Incoming{From: data.Sender{Phone: riya, Name: " Riya\nD "}, Message: sent})
	if !got.NewCustomer || got.Duplicate || got.Held || got.CustomerID == 0 || got.MessageID == 0 {
		t.Errorf("%+v", got)
	}
	if c := w.customer(got.CustomerID); c.Name != "Riya D" || c.Phone != riya || c.Version != 1 {
		t.Errorf("%+v", c)
	}
	want := sent
	want.ID, want.CustomerID, want.Direction, want.RecordedAt = got.MessageID, got.CustomerID, data.In, w.Now()
	want.IdentityID = w.identities(got.CustomerID)[0].ID
	if kept := w.messages(got.CustomerID); len(kept) != 1 || kept[0] != want {
		t.Errorf("%+v, want %+v", kept, want)
	}
	if chat := w.chat(got.CustomerID); chat.Unread != 1 || chat.Marked || chat.LastAt != start || chat.Preview != "Document · bill.pdf: The bill" {
		t.Errorf("%+v", chat)
	}
	w.tells(0, got.CustomerID, data.MessageChanged)
	again := w.takes(riya, "Hello")
	if again.NewCustomer || again.CustomerID != got.CustomerID || w.chat(got.CustomerID).Unread != 2 {
		t.Errorf("%+v", again)
	}
}

// A name is taken from the first message that brings one, and never from a
// later one.
func TestReceive_Names(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	for _, step := range []struct {
		name, want string
		version    int64
	}{
		{"", "", 1}, {"\x00 \u202e", "", 1}, {" Riya\x00 D ", "Riya D", 2}, {"Somebody", "Riya D", 2}, {"", "Riya D", 2},
	} {
		told := w.lastChange()
		w.takesAs(data.Incoming{From: data.Sender{Phone: riya, Name: step.name}, Message: message(step.name+step.want, start)})
		c := w.customer(id)
		if c.Name != step.want || c.Version != step.version {
			t.Errorf("%+q gives %q, version %d", step.name, c.Name, c.Version)
		}
		if step.name != "" && step.name != "Somebody" && step.want != "" {
			w.tells(told, id, data.CustomerChanged, data.MessageChanged)
		} else {
			w.tells(told, id, data.MessageChanged)
		}
	}
	w.must(w.Rename(t.Context(), asha, id, ""))
	w.takesAs(data.Incoming{From: data.Sender{Phone: riya, Name: "Riya Again"}, Message: message("later", start)})
	if c := w.customer(id); c.Name != "Riya Again" {
		t.Errorf("an emptied name stays %q", c.Name)
	}
	keys, err := w.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: "riya again"})
	if err != nil || len(keys) != 1 {
		t.Errorf("the name is not found: %v, %v", keys, err)
	}
}

// What comes again changes nothing, wherever the first one is by now.
func TestReceive_Duplicates(t *testing.T) {
	w := newWorld(t)
	first := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message("Hello", start)})
	again := func() {
		t.Helper()
		told, chat, c := w.lastChange(), w.chat(first.CustomerID), w.customer(first.CustomerID)
		shows, holds := w.shows(first.CustomerID), w.holds(first.CustomerID)
		w.clock.add(time.Second)
		got := w.takesAs(data.Incoming{From: data.Sender{Phone: riya, Name: "Riya"}, Message: message("Hello", start.Add(time.Hour))})
		if want := (data.Received{CustomerID: first.CustomerID, MessageID: first.MessageID, Duplicate: true}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		if now := w.chat(first.CustomerID); !reflect.DeepEqual(now, chat) {
			t.Errorf("the row became %+v, was %+v", now, chat)
		}
		if now := w.customer(first.CustomerID); !reflect.DeepEqual(now, c) {
			t.Errorf("the customer became %+v, was %+v", now, c)
		}
		if now := w.shows(first.CustomerID); now != shows || w.holds(first.CustomerID) != holds {
			t.Errorf("the chat shows %s", now)
		}
		w.tells(told, first.CustomerID)
	}
	again()
	w.must(w.SetRead(t.Context(), first.CustomerID, true))
	again()
	w.blocks(asha, first.CustomerID, data.BlockRequest{})
	again() // it came before the block, and is not held
	w.unblocks(asha, first.CustomerID)
	w.must(errorOf(w.Clear(t.Context(), asha, first.CustomerID)))
	again() // and stays away
	if got := w.shows(first.CustomerID); strings.Contains(got, "Hello") {
		t.Errorf("%s", got)
	}
}

// A held message that comes again is held once.
func TestReceive_HeldDuplicates(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	in := data.Incoming{From: data.Sender{Phone: riya}, Message: message("Held", start)}
	if got := w.takesAs(in); !got.Held || got.Duplicate {
		t.Errorf("%+v", got)
	}
	if got := w.takesAs(in); got.Held || !got.Duplicate {
		t.Errorf("%+v", got)
	}
	if got := w.customer(id).Held; got != 1 || w.holds(id) != "Held" {
		t.Errorf("%d held: %s", got, w.holds(id))
	}
	w.unblocks(asha, id)
	if got := w.takesAs(in); !got.Duplicate {
		t.Errorf("%+v", got)
	}
	if got := w.chat(id).Unread; got != 2 {
		t.Errorf("%d unread", got)
	}
}

// An id says which message it is, whoever it comes from: nobody is made known
// by a repetition.
func TestReceive_DuplicateFromAnotherNumber(t *testing.T) {
	w := newWorld(t)
	first := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message("Hello", start)})
	got := w.takesAs(data.Incoming{From: data.Sender{Phone: ada, Name: "Ada"}, Message: message("Hello", start)})
	if want := (data.Received{CustomerID: first.CustomerID, MessageID: first.MessageID, Duplicate: true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if c, err := w.FindCustomer(t.Context(), data.Address(ada)); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("%+v, %v", c, err)
	}
}

// Messages come in any order: the chat is in the order of their writing, and
// its row shows what was written last.
func TestReceive_OutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.clock.add(time.Hour)
	var id int64
	for _, step := range []struct {
		text    string
		at      data.Moment
		preview string
		place   data.Moment
	}{
		{"third", start + 30, "third", start + 30},
		{"first", start + 10, "third", start + 30},
		{"second", start + 20, "third", start + 30},
		{"fourth", start + 40, "fourth", start + 40},
		{"as late as the fourth", start + 40, "as late as the fourth", start + 40},
		{"long ago", 1, "as late as the fourth", start + 40},
	} {
		id = w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message(step.text, step.at)}).CustomerID
		if chat := w.chat(id); chat.Preview != step.preview || chat.ShownAt != step.place || chat.LastAt != step.place {
			t.Errorf("after %q the row shows %q at %v", step.text, chat.Preview, chat.LastAt)
		}
	}
	if got := w.shows(id); got != "long ago | first | second | third | fourth | as late as the fourth" {
		t.Errorf("%s", got)
	}
	if got := w.chat(id).Unread; got != 6 {
		t.Errorf("%d unread", got)
	}
}

// No clock but our own is believed where it says what cannot be.
func TestReceive_ImpossibleMoments(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name     string
		at, want data.Moment
	}{
		{"none", 0, start},
		{"before 1970", -1, start},
		{"long before 1970", -62_135_596_800_000, start},
		{"the year 9999", 253_402_300_799_999, start},
		{"a little more than a day ahead", start.Add(24*time.Hour) + 1, start},
		{"a day ahead", start.Add(24 * time.Hour), start.Add(24 * time.Hour)},
		{"in 1970", 1, 1},
		{"now", start, start},
	} {
		id := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message(c.name, c.at)}).CustomerID
		found := false
		for _, m := range w.messages(id) {
			if m.Text == c.name {
				found = true
				if m.At != c.want || m.RecordedAt != start {
					t.Errorf("%s: at %d, recorded at %d; want %d", c.name, m.At, m.RecordedAt, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: it is nowhere", c.name)
		}
	}
}

// What comes from a blocked customer is kept out of sight: no unread mark, no
// preview, no move in the list, nothing in the timeline.
func TestReceive_HoldsForBlockedCustomer(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.takes(ada, "Hello, too")
	w.must(w.SetRead(t.Context(), id, true))
	w.clock.add(time.Minute)
	w.blocks(asha, id, data.BlockRequest{})
	w.clock.add(time.Minute)
	w.takes(ada, "Newer")
	chat, shows, lists, counts := w.chat(id), w.shows(id), w.lists(data.AllChats), w.counts()
	for i, text := range []string{"Why?", "Hello??", "Answer me"} {
		w.clock.add(time.Minute)
		told := w.lastChange()
		if got := w.takes(riya, text); !got.Held || got.Duplicate || got.CustomerID != id {
			t.Errorf("%+v", got)
		}
		if got := w.customer(id).Held; got != i+1 {
			t.Errorf("%d are held, want %d", got, i+1)
		}
		w.tells(told, id, data.MessageChanged)
	}
	now := w.chat(id)
	if now.Customer.Held != 3 {
		t.Errorf("the row counts %d held", now.Customer.Held)
	}
	now.Customer.Held = 0
	if !reflect.DeepEqual(now, chat) || now.Unread != 0 {
		t.Errorf("the row became %+v, was %+v", now, chat)
	}
	if got := w.lists(data.AllChats); !reflect.DeepEqual(got, lists) || got[0] == id {
		t.Errorf("the list became %v, was %v", got, lists)
	}
	if got := w.counts(); got != counts {
		t.Errorf("the counts became %+v, were %+v", got, counts)
	}
	if got := w.shows(id); got != shows {
		t.Errorf("the chat shows %s", got)
	}
	if got := w.holds(id); got != "Why? | Hello?? | Answer me" {
		t.Errorf("held is %s", got)
	}
}

// The status at the moment it comes in decides, and never the moment that the
// message names.
func TestReceive_HoldIsDecidedOnArrival(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.clock.set(start.Add(time.Hour))
	w.blocks(asha, id, data.BlockRequest{})
	for text, at := range map[string]data.Moment{"before the block": start, "after it": start.Add(2 * time.Hour), "no moment": 0} {
		if got := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message(text, at)}); !got.Held {
			t.Errorf("%s: %+v", text, got)
		}
	}
	w.clock.add(time.Hour)
	w.unblocks(asha, id)
	if got := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message("while blocked, come late", start.Add(90*time.Minute))}); got.Held {
		t.Errorf("%+v", got)
	}
	// Nor can the message itself say what becomes of it.
	for _, hold := range []data.HoldState{data.IsHeld, data.Released, data.Discarded} {
		m := message("claims "+string(rune('0'+hold)), start)
		m.Hold, m.ID, m.CustomerID, m.Direction, m.Status, m.Author = hold, 1, 4711, data.Out, data.Read, "Asha"
		got := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: m})
		if got.Held || got.Duplicate || got.CustomerID != id {
			t.Errorf("%+v", got)
		}
		kept := w.messages(id)
		found := false
		for _, k := range kept {
			if k.Text == m.Text {
				found = k.Hold == data.NotHeld && k.Direction == data.In && k.Status == data.StatusNone && k.Author == ""
			}
		}
		if !found {
			t.Errorf("%d: %+v", hold, kept)
		}
	}
}

// An unblock brings everything back: at its own time, as unread, and marked as
// received while blocked.
func TestUnblock_ReleasesHeld(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(w.SetRead(t.Context(), id, true))
	w.clock.add(time.Minute)
	w.blocks(asha, id, data.BlockRequest{})
	w.clock.add(time.Minute)
	w.takes(riya, "Why?")
	w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: message("Written before", start+1)})
	w.clock.add(time.Minute)
	out := w.unblocks(bo, id)
	if !out.Changed || out.Customer.Held != 0 || w.customer(id).Held != 0 || w.holds(id) != "" {
		t.Errorf("%+v, held %s", out, w.holds(id))
	}
	if got := w.shows(id); got != "Hello | Written before | Customer blocked by Asha | Why? | Customer unblocked by Bo" {
		t.Errorf("%s", got)
	}
	for _, m := range w.messages(id) {
		if want := m.Text != "Hello"; (m.Hold == data.Released) != want || m.Hold != data.Released && m.Hold != data.NotHeld {
			t.Errorf("%q has the hold %d", m.Text, m.Hold)
		}
	}
	if chat := w.chat(id); chat.Unread != 2 || chat.LastAt != start.Add(2*time.Minute) || chat.ShownAt != w.Now() || chat.Preview != "Customer unblocked by Bo" {
		t.Errorf("%+v", chat)
	}
	if got := w.counts(); got != (data.Counts{All: 1, Unread: 1}) {
		t.Errorf("%+v", got)
	}
	events := w.events(id)
	if got := events[len(events)-1].Rest(); got != (data.Detail{Held: 2}) {
		t.Errorf("the event tells %+v", got)
	}
	// A second block and unblock bring nothing twice.
	w.blocks(asha, id, data.BlockRequest{})
	w.unblocks(asha, id)
	if got := w.chat(id).Unread; got != 2 {
		t.Errorf("%d unread", got)
	}
}

// What an unblock discards stays away, whatever comes later, and is not erased.
func TestUnblock_DiscardsHeld(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(w.SetRead(t.Context(), id, true))
	w.blocks(asha, id, data.BlockRequest{})
	first := data.Incoming{From: data.Sender{Phone: riya}, Message: message("Discarded", start)}
	w.takesAs(first)
	out, err := w.Unblock(t.Context(), bo, id, data.UnblockRequest{Discard: true})
	if err != nil || out.Customer.Held != 0 || w.customer(id).Held != 0 || w.holds(id) != "" {
		t.Errorf("%+v, %v", out, err)
	}
	events := w.events(id)
	if got := events[1].Rest(); got != (data.Detail{Discarded: 1}) {
		t.Errorf("the event tells %+v", got)
	}
	if got := w.takesAs(first); !got.Duplicate {
		t.Errorf("%+v", got)
	}
	w.blocks(asha, id, data.BlockRequest{})
	w.takes(riya, "Held")
	w.unblocks(asha, id)
	for _, m := range w.messages(id) {
		if m.Text == "Discarded" {
			t.Error("it came back")
		}
	}
	if chat := w.chat(id); chat.Unread != 1 {
		t.Errorf("%+v", chat)
	}
	if facts, err := w.Stats(t.Context()); err != nil || facts.Messages != 3 {
		t.Errorf("%+v, %v", facts, err)
	}
}

// A delivery is taken whole or not at all.
func TestReceive_AllOrNone(t *testing.T) {
	w := newWorld(t)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	batch := []data.Incoming{{From: data.Sender{Phone: riya}, Message: message("one", start)}, {From: data.Sender{Phone: ada}, Message: message("two", start)}, {From: data.Sender{Phone: riya}, Message: message("one", start)}}
	if got, err := w.Receive(stopped, batch); err == nil || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if w.counts() != (data.Counts{}) || w.lastChange() != 0 {
		t.Errorf("something was taken: %+v", w.counts())
	}
	got, err := w.Receive(t.Context(), batch)
	if err != nil || len(got) != 3 || got[0].Duplicate || got[1].Duplicate || !got[2].Duplicate || got[0].MessageID != got[2].MessageID {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := w.Receive(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("nothing: %+v, %v", got, err)
	}
}

// Whatever is written comes in, made harmless.
func TestReceive_HarmfulText(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{
		"a\x00b", "invoice\u202efdp.exe", "\xff\xfe", strings.Repeat("x", 2<<20), "नमस्ते\r\nمرحبا", strings.Repeat("😀", 1<<18), "\x1b[2J",
	} {
		in := data.Incoming{From: data.Sender{Phone: riya, Name: text}, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: text}}
		got := w.takesAs(in)
		kept := w.messages(got.CustomerID)
		if m := kept[len(kept)-1]; m.Text != data.Clean(text) {
			t.Errorf("%.20q is kept as %.20q", text, m.Text)
		}
		if again := w.takesAs(in); again.Duplicate {
			t.Errorf("%.20q: without an id nothing is a repetition", text)
		}
	}
	w.sound(0)
}

func TestSetRead(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.takes(riya, "Hello?")
	version := w.customer(id).Version
	for _, step := range []struct {
		read    bool
		unread  int
		marked  bool
		changed bool
	}{
		{false, 2, false, false}, // it is unread already
		{true, 0, false, true},
		{true, 0, false, false},
		{false, 0, true, true},
		{false, 0, true, false},
		{true, 0, false, true},
	} {
		told := w.lastChange()
		w.must(w.SetRead(t.Context(), id, step.read))
		chat := w.chat(id)
		if chat.Unread != step.unread || chat.Marked != step.marked {
			t.Errorf("read %v: %+v", step.read, chat)
		}
		if n, marked, err := w.Unread(t.Context(), id); n != step.unread || marked != step.marked || err != nil {
			t.Errorf("read %v: %d, %v, %v", step.read, n, marked, err)
		}
		if step.changed {
			w.tells(told, id, data.ReadChanged)
		} else {
			w.tells(told, id)
		}
		want := 0
		if step.unread > 0 || step.marked {
			want = 1
		}
		if n := w.counts().Unread; n != want || len(w.lists(data.UnreadChats)) != want {
			t.Errorf("read %v: %d are unread: %v", step.read, n, w.lists(data.UnreadChats))
		}
	}
	w.must(w.SetRead(t.Context(), id, false))
	w.takes(riya, "Still there?")
	if chat := w.chat(id); chat.Unread != 1 || !chat.Marked {
		t.Errorf("%+v", chat)
	}
	if got := w.customer(id).Version; got != version {
		t.Errorf("reading made version %d of %d", got, version)
	}
	w.must(w.SetRead(t.Context(), 4711, true)) // nobody's chat has nothing to read
}
