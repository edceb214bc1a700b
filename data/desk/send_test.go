package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
)

func TestSend(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(w.SaveDraft(t.Context(), id, "Dear Ri"))
	told := w.lastChange()
	w.clock.add(time.Minute)

	got, err := w.Send(t.Context(), asha, id, " \n Dear Riya,\n\twelcome. \n")
	w.must(err)

	want := data.Message{
		ID: got.ID, CustomerID: id, IdentityID: w.identities(id)[0].ID, Direction: data.Out, At: w.Now(), RecordedAt: w.Now(), Kind: data.TextMessage,
		Text: "Dear Riya,\n\twelcome.", RemoteID: got.RemoteID, Author: "Asha", Status: data.KeptHere,
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if u, err := uuid.Parse(got.RemoteID); err != nil || u.Version() != 4 || u.Variant() != uuid.RFC4122 || u.String() != got.RemoteID {
		t.Errorf("%q is no UUID v4", got.RemoteID)
	}
	if kept := w.messages(id); len(kept) != 2 || kept[1] != want {
		t.Errorf("%+v", kept)
	}
	if chat := w.chat(id); chat.Preview != "You: Dear Riya, welcome." || chat.LastAt != w.Now() || chat.Unread != 1 {
		t.Errorf("%+v", chat)
	}
	if draft, err := w.Draft(t.Context(), id); draft != "" || err != nil {
		t.Errorf("the draft is still %q, %v", draft, err)
	}
	w.tells(told, id, data.MessageChanged)
	again, err := w.Send(t.Context(), asha, id, "Dear Riya,\n\twelcome.")
	w.must(err)
	if again.RemoteID == got.RemoteID {
		t.Error("two messages share an id")
	}
}

func TestSend_Limits(t *testing.T) {
	w := newWorld(t)
	c, err := w.Add(t.Context(), data.Address(riya), "")
	w.must(err)
	told := w.lastChange()
	for name, text := range map[string]string{
		"nothing":             "",
		"blanks":              " \n\t\u00a0 ",
		"control characters":  "\x00\x1b\u202e",
		"one character more":  strings.Repeat("ä", data.MaxSend+1),
		"a megabyte":          strings.Repeat("x", 1<<20),
		"a megabyte of marks": strings.Repeat("\u202e", 1<<20),
	} {
		if m, err := w.Send(t.Context(), asha, c.ID, text); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	w.tells(told, c.ID)
	if chat := w.chat(c.ID); chat.Customer.ID != 0 {
		t.Errorf("there is a chat %+v", chat)
	}
	for name, text := range map[string]string{
		"one character":       "x",
		"as many as there go": strings.Repeat("ä", data.MaxSend),
		"between blanks":      strings.Repeat(" ", 5000) + strings.Repeat("😀", data.MaxSend) + "\n\n\n",
		"with broken UTF-8":   "a\xffb",
	} {
		m, err := w.Send(t.Context(), asha, c.ID, text)
		if want := strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd")); err != nil || m.Text != want {
			t.Errorf("%s: %d bytes, %v; want %d", name, len(m.Text), err, len(want))
		}
	}
	if n := len(w.messages(c.ID)); n != 4 {
		t.Errorf("%d messages", n)
	}
}

// To who is blocked nothing goes, whoever asks, and what was half written
// stays.
func TestSend_ToBlockedCustomerIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(w.SaveDraft(t.Context(), id, "Dear Ri"))
	w.blocks(asha, id, data.BlockRequest{})
	told, chat := w.lastChange(), w.chat(id)
	for _, by := range []data.Actor{asha, bo, {Kind: data.APIActor, Channel: data.ViaAPI}, {Kind: data.ScheduleActor, Channel: data.ViaSchedule}, {}} {
		if m, err := w.Send(t.Context(), by, id, "Hello"); !errors.Is(err, data.ErrBlocked) {
			t.Errorf("%+v: %+v, %v", by, m, err)
		}
	}
	w.tells(told, id)
	if got := w.chat(id); got.LastAt != chat.LastAt || got.Preview != chat.Preview {
		t.Errorf("%+v", got)
	}
	if got := w.shows(id); got != "Hello | Customer blocked by Asha" {
		t.Errorf("%s", got)
	}
	w.unblocks(asha, id)
	if draft, err := w.Draft(t.Context(), id); draft != "Dear Ri" || err != nil {
		t.Errorf("the draft is %q, %v", draft, err)
	}
	if _, err := w.Send(t.Context(), asha, id, "Dear Riya"); err != nil {
		t.Error(err)
	}
}

// Ticks move forward only, by our own id or WhatsApp's, and only of what was
// sent from here.
func TestUpdateMessageStatus(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	m, err := w.Send(t.Context(), asha, id, "Hello")
	w.must(err)
	for _, step := range []struct {
		news    data.MessageStatus
		want    data.MessageStatus
		failure string
		told    int
	}{
		{data.Sent, data.Sent, "", 1},
		{data.Sent, data.Sent, "", 0},
		{data.Failed, data.Failed, "131047", 1},
		{data.Sent, data.Failed, "131047", 0},
		{data.Read, data.Read, "", 1},
		{data.Delivered, data.Read, "", 0},
		{data.Failed, data.Read, "", 0},
	} {
		before := w.lastChange()
		w.must(w.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: m.RemoteID, Status: step.news, Failure: "131047"}))
		got := w.messages(id)[1]
		if got.Status != step.want || got.Failure != step.failure {
			t.Errorf("news %d: tick %d, failure %q; want %d, %q", step.news, got.Status, got.Failure, step.want, step.failure)
		}
		if told := w.since(before); len(told) != step.told {
			t.Errorf("news %d: told is %+v", step.news, told)
		}
	}
	for _, other := range []string{"remote 1", "", "nobody's"} { // what came in has no ticks
		if err := w.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: other, Status: data.Read}); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if got := w.messages(id)[0].Status; got != data.StatusNone {
		t.Errorf("what came in has the tick %d", got)
	}
}

func TestSaveDraft(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	other := w.takes(ada, "Hello").CustomerID
	chat := w.chat(id)
	for text, want := range map[string]string{
		"Dear Riya,\n\t…": "Dear Riya,\n\t…",
		"  blanks stay ":  "  blanks stay ",
		"a\x00b\u202e":    "ab",
		"":                "",
	} {
		w.must(w.SaveDraft(t.Context(), id, text))
		if got, err := w.Draft(t.Context(), id); got != want || err != nil {
			t.Errorf("%+q: %+q, %v", text, got, err)
		}
		if got, err := w.Draft(t.Context(), other); got != "" || err != nil {
			t.Errorf("the other has %+q, %v", got, err)
		}
	}
	told := w.lastChange()
	w.must(w.SaveDraft(t.Context(), id, "Dear"))
	w.tells(told, id, data.DraftChanged)
	w.blocks(asha, id, data.BlockRequest{})
	w.must(w.SaveDraft(t.Context(), id, "Dear Riya")) // half written before the block was seen
	w.unblocks(asha, id)
	if got, err := w.another().Draft(t.Context(), id); got != "Dear Riya" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if now := w.chat(id); now.LastAt != chat.LastAt || now.Unread != chat.Unread {
		t.Errorf("a draft moved the chat: %+v", now)
	}
}
