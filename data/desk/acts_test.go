package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// act returns what is done to the message with an id, and has an id of its own.
func act(id, to string, kind data.Kind, text string, at data.Moment) data.Message {
	return data.Message{Kind: kind, At: at, Text: text, RemoteID: id, WhatsAppID: "wa " + id, ReplyTo: to}
}

// acts says what was done to the messages of a chat, each behind its words.
func (w *world) acts(id int64) string {
	w.t.Helper()
	page, err := w.Timeline(w.t.Context(), id, data.Span{Limit: 1000})
	w.must(err)
	var all []string
	for _, item := range page.Items {
		if item.Message == nil {
			continue
		}
		text := string(item.Message.Kind) + " " + item.Message.Text
		if a := item.Acts; a != nil {
			text = string(item.Message.Kind) + " " + a.Words(*item.Message)
			for _, before := range a.Before(*item.Message) {
				text += " (was " + before + ")"
			}
			for _, r := range a.Reactions {
				text += " " + r.Emoji + string(r.Direction)
			}
			if a.DeletedAt != 0 {
				text += " deleted"
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, " | ")
}

func (w *world) takesMessage(m data.Message) data.Received {
	w.t.Helper()
	return w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: m})
}

// A reaction, an edit and a deletion are done to their message, by either of its ids,
// in whichever order they come.
func TestActs(t *testing.T) {
	for _, id := range []string{"dt-1", "wamid.1"} {
		hello := data.Message{Kind: data.TextMessage, At: start, Text: "Helo", RemoteID: "dt-1", WhatsAppID: "wamid.1"}
		story := []data.Message{
			hello,
			act("r1", id, data.ReactionMessage, "👍", start+1),
			act("e1", id, data.EditMessage, "Hello", start+2),
			act("r2", id, data.ReactionMessage, "❤", start+3),
			act("e2", id, data.EditMessage, "Hello!", start+4),
			act("d1", id, data.DeletionMessage, "", start+5),
		}
		for turn := range story {
			w := newWorld(t)
			var got data.Received
			for _, m := range append(slices.Clone(story[turn:]), story[:turn]...) {
				got = w.takesMessage(m)
				w.takesMessage(m) // it comes again
			}
			if got, want := w.acts(got.CustomerID), "text Hello! (was Helo) (was Hello) ❤in deleted"; got != want {
				t.Errorf("by %s, beginning with %d: %s, want %s", id, turn, got, want)
			}
			if chat := w.chat(got.CustomerID); chat.Unread != 1 {
				t.Errorf("%d count as unread", chat.Unread)
			}
			if n, _, err := w.NewIncoming(t.Context(), 0); err != nil || len(n) != 1 {
				t.Errorf("%d are notified of (%v)", n, err)
			}
		}
	}
}

func TestActs_ReactionTakenBack(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("Hello", start)).CustomerID
	w.takesMessage(act("r1", "Hello", data.ReactionMessage, "👍", start+1))
	w.takesMessage(act("r2", "Hello", data.ReactionMessage, "", start+2))
	if got := w.acts(c); got != "text Hello" {
		t.Error(got)
	}
	if chat := w.chat(c); chat.Preview != "Reaction taken back" {
		t.Errorf("%q", chat.Preview)
	}
}

// What names a message that is not here stands by itself meanwhile: its words are not lost
// if that never comes. What names none is text.
func TestActs_WithoutTheirMessage(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(act("e1", "elsewhere", data.EditMessage, "Hello", start)).CustomerID
	w.takesMessage(act("d1", "", data.DeletionMessage, "", start+1))
	w.takesMessage(act("e2", "", data.EditMessage, "Bye", start+2))
	if got, want := w.acts(c), "edit Hello | text Deleted a message | text Edited: Bye"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Nobody edits or deletes what another wrote, and nothing acts on another chat.
func TestActs_OfOthers(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("Hello", start)).CustomerID
	w.clock.add(time.Second)
	out, err := w.Send(t.Context(), asha, c, "Yes?")
	w.must(err)
	w.takesMessage(act("e1", out.RemoteID, data.EditMessage, "No", start+1))
	w.takesMessage(act("d1", out.RemoteID, data.DeletionMessage, "", start+2))
	w.takesMessage(act("r1", out.RemoteID, data.ReactionMessage, "👍", start+3))
	other := w.takesAs(data.Incoming{From: data.Sender{Phone: ada}, Message: act("e2", "Hello", data.EditMessage, "Bye", start+4)}).CustomerID
	if got, want := w.acts(c), "text Hello | edit No | text Yes? 👍in"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := w.acts(other), "edit Bye"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The words of an edit are in sight where those before are not any more.
func TestActs_EditOfWhatIsOutOfSight(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("at 5", start)).CustomerID
	w.must(errorOf(w.Clear(t.Context(), asha, c)))
	w.takesMessage(act("e1", "at 5", data.EditMessage, "at 6", start+1))
	if got, want := w.acts(c), "edit at 6"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// suppressed are all the kinds of what comes from a customer, each with an id of its own.
func suppressed(at data.Moment) []data.Message {
	var all []data.Message
	for i, kind := range []data.Kind{
		data.TextMessage, data.ImageMessage, data.VideoMessage, data.AudioMessage, data.StickerMessage, data.DocumentMessage,
		data.LocationMessage, data.ContactsMessage, data.ButtonMessage, data.FlowMessage, data.MediaMessage, data.CallMessage,
		data.ReactionMessage, data.EditMessage, data.DeletionMessage,
	} {
		all = append(all, act(fmt.Sprint(kind), "before", kind, "x"+string(kind), at.Add(time.Duration(i+1)*time.Second)))
	}
	return all
}

// Whatever a blocked customer does is held, by every way in, leaves no trace until the
// unblock, takes effect then, and not at all if it is discarded.
func TestSuppression_OfEveryKind(t *testing.T) {
	ways := map[string]func(w *world, c int64, m data.Message){
		"delivered": func(w *world, _ int64, m data.Message) { w.takesMessage(m) },
		"set aside": func(w *world, _ int64, m data.Message) {
			in := data.Incoming{From: data.Sender{Phone: riya}, Message: m}
			_, err := w.Take(w.t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(m.RemoteID), Reason: "odd"}}})
			w.must(err)
			ids, err := w.SetAsideIDs(w.t.Context())
			w.must(err)
			_, err = w.Reread(w.t.Context(), asha, []data.Reading{{ID: ids[0], Messages: []data.Incoming{in}}})
			w.must(err)
		},
		"fetched": func(w *world, _ int64, m data.Message) {
			joined, err := w.Account(w.t.Context())
			w.must(err)
			if !joined.Joined() {
				w.must(w.Join(w.t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}))
				joined, err = w.Account(w.t.Context())
				w.must(err)
			}
			m.Direction = data.In
			_, err = w.SyncChat(w.t.Context(), joined.JoinedAt, data.RemoteChat{With: data.Sender{Phone: riya}, Messages: []data.Message{m}})
			w.must(err)
		},
	}
	for way, comes := range ways {
		for _, discard := range []bool{false, true} {
			w := newWorld(t)
			c := w.takesMessage(message("before", start)).CustomerID
			w.clock.add(time.Minute)
			w.blocks(asha, c, data.BlockRequest{})
			w.clock.add(time.Minute)
			acts, chat, told := w.acts(c), w.chat(c), w.lastMessage()
			all := suppressed(w.Now())
			w.clock.add(time.Minute)
			for i, m := range all {
				comes(w, c, m)
				if now := w.chat(c); w.acts(c) != acts || now.Unread != chat.Unread || now.Preview != chat.Preview || now.ShownAt != chat.ShownAt || now.LastAt != chat.LastAt {
					t.Errorf("%s: %s leaves a trace: %s, %+v", way, m.Kind, w.acts(c), now)
				}
				if held := w.customer(c).Held; held != i+1 {
					t.Errorf("%s: %d are held after %s", way, held, m.Kind)
				}
			}
			if n, _, err := w.NewIncoming(t.Context(), told); err != nil || len(n) != 0 {
				t.Errorf("%s: %d are notified of", way, n)
			}
			_, err := w.Unblock(t.Context(), asha, c, data.UnblockRequest{Discard: discard})
			w.must(err)
			got := w.acts(c)
			if discard && got != acts {
				t.Errorf("%s: discarded, and yet %s", way, got)
			}
			if !discard && (!strings.HasPrefix(got, "text xedit (was before) xreactionin deleted | text xtext | image ximage") || !strings.HasSuffix(got, "call xcall")) {
				t.Errorf("%s: unblocked, the chat has %s", way, got)
			}
			if now := w.chat(c); !discard && now.Unread != chat.Unread+len(all)-3 {
				t.Errorf("%s: %d count as unread of %d", way, now.Unread, len(all))
			}
		}
	}
}

// An undo of the unblock takes back what was done to messages, too.
func TestSuppression_UndoOfAnUnblock(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("before", start)).CustomerID
	w.blocks(asha, c, data.BlockRequest{})
	for _, m := range suppressed(start) {
		w.takesMessage(m)
	}
	unread, held := w.chat(c).Unread, w.customer(c).Held
	out := w.unblocks(asha, c)
	_, err := w.Undo(t.Context(), asha, out.Undo)
	w.must(err)
	if got := w.acts(c); got != "text before" || w.chat(c).Unread != unread || w.customer(c).Held != held {
		t.Errorf("%s, %d unread, %d held", got, w.chat(c).Unread, w.customer(c).Held)
	}
}

func (w *world) lastMessage() int64 {
	w.t.Helper()
	id, err := w.LastMessageID(w.t.Context())
	w.must(err)
	return id
}
