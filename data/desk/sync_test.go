package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func (w *world) pulls(chat data.RemoteChat) data.SyncResult {
	w.t.Helper()
	if chat.With.Phone == "" {
		chat.With.Phone = riya
	}
	a, err := w.Account(w.t.Context())
	w.must(err)
	got, err := w.SyncChat(w.t.Context(), a.JoinedAt, chat)
	w.must(err)
	return got
}

func past(id, text string, at data.Moment) data.Message {
	return data.Message{Direction: data.In, Kind: data.TextMessage, RemoteID: id, Text: text, At: at}
}

// History comes in by its time, read, whatever order it comes in; what is newer
// than the account comes in as if it had been delivered.
func TestPull(t *testing.T) {
	w := newJoined(t)
	told := w.lastChange()
	chat := data.RemoteChat{
		With: data.Sender{Name: "Riya D"}, Tags: []string{"vip", "vip", ""}, Key: "c", LastAt: start.Add(time.Second),
		Messages: []data.Message{
			past("new", "new", start.Add(time.Second)),
			{Direction: data.Out, Kind: data.TextMessage, RemoteID: "theirs", Text: "answer", At: start.Add(-time.Minute), Author: "Bo", Status: data.Read},
			past("old", "old", start.Add(-time.Hour)),
			past("old", "old", start.Add(-time.Hour)),
		},
	}
	got := w.pulls(chat)
	if got.NewMessages != 3 || !got.NewCustomer {
		t.Errorf("%+v", got)
	}
	id := got.CustomerID
	if got := w.shows(id); got != "old | answer | new" {
		t.Errorf("%s", got)
	}
	if c := w.chat(id); c.Unread != 1 || c.Preview != "new" || c.Customer.Name != "Riya D" || !slices.Equal(w.customer(id).Tags, []string{"vip"}) {
		t.Errorf("%+v", c)
	}
	if m := w.messages(id)[1]; m.Author != "Bo" || m.Status != data.Read || m.Direction != data.Out {
		t.Errorf("%+v", m)
	}
	w.tells(told, id, data.CustomerChanged, data.MessageChanged)
	if at, err := w.SyncedAt(t.Context(), "c"); at != start.Add(time.Second) || err != nil {
		t.Errorf("%v, %v", at, err)
	}
	told = w.lastChange()
	chat.With.Name, chat.Tags = "Somebody", []string{"new"}
	if got := w.pulls(chat); got.NewMessages != 0 || got.NewCustomer {
		t.Errorf("once more: %+v", got)
	}
	if w.customer(id).Name != "Riya D" || len(w.customer(id).Tags) != 1 {
		t.Errorf("%+v", w.customer(id))
	}
	w.tells(told, id)
	w.must(w.Resync(t.Context()))
	if at, err := w.SyncedAt(t.Context(), "c"); at != 0 || err != nil {
		t.Errorf("%v, %v", at, err)
	}
}

// What was written within the block in force is held, and so is what comes now.
func TestPullOfABlockedCustomer(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.blocks(asha, id, data.BlockRequest{})
	w.clock.add(time.Hour)
	w.must(w.Join(t.Context(), account))
	w.pulls(data.RemoteChat{Messages: []data.Message{
		past("a", "before the block", start.Add(-time.Minute)),
		past("b", "within the block", start.Add(time.Minute)),
		past("c", "now", w.Now()),
		{Direction: data.Out, Kind: data.TextMessage, RemoteID: "d", Text: "from elsewhere", At: start.Add(time.Minute)},
	}})
	if got := w.shows(id); got != "before the block | Customer blocked by Asha | from elsewhere" {
		t.Errorf("%s", got)
	}
	if got := w.holds(id); got != "within the block | now" {
		t.Errorf("%s", got)
	}
	if c := w.chat(id); c.Unread != 0 || c.Customer.Held != 2 {
		t.Errorf("%+v", c)
	}
}

// What we sent comes back as ours: only its ticks move. So does what was
// delivered, by either of its ids.
func TestPullOfWhatIsHere(t *testing.T) {
	w := newJoined(t)
	id := w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "Hello", RemoteID: "dt", WhatsAppID: "wamid"}}).CustomerID
	m, err := w.Send(t.Context(), asha, id, "one")
	w.must(err)
	w.tellsAll()
	other, err := w.Send(t.Context(), asha, id, "two")
	w.must(err)
	w.answers(w.taken().ID, data.OpResult{Kind: data.ResultOK, RemoteID: "their name"})
	got := w.pulls(data.RemoteChat{Messages: []data.Message{
		past("wamid", "Hello", w.Now()),
		{Direction: data.Out, RemoteID: m.RemoteID, Text: "one", At: w.Now(), Status: data.Delivered},
		{Direction: data.Out, RemoteID: "their name", Text: "two", At: w.Now(), Status: data.Read},
	}})
	if got.NewMessages != 0 {
		t.Errorf("%+v", got)
	}
	messages := w.messages(id)
	if len(messages) != 3 || messages[1].Status != data.Delivered || messages[2].Status != data.Read || messages[2].RemoteID != other.RemoteID {
		t.Errorf("%+v", messages)
	}
	if on, err := w.InFlightTexts(t.Context(), 0, 10); len(on) != 1 || on[0].ID != m.ID || err != nil {
		t.Errorf("%+v, %v", on, err)
	}
}

// What was fetched by WhatsApp's id is known when the webhook brings it.
func TestFetchedThenDelivered(t *testing.T) {
	w := newJoined(t)
	at := w.Now().Add(time.Second)
	got := w.pulls(data.RemoteChat{Messages: []data.Message{past("wamid.1", "Hello", at)}})
	w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{Kind: data.TextMessage, At: at, Text: "Hello", RemoteID: "dt-uuid", WhatsAppID: "wamid.1"}})
	if shows, unread := w.shows(got.CustomerID), w.chat(got.CustomerID).Unread; shows != "Hello" || unread != 1 {
		t.Errorf("shows %q, %d unread", shows, unread)
	}
}
