package httpapi

import (
	"fmt"
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// What was done to a message stands with it, and is no message of its own.
func TestListChatMessages_Acts(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Helo")
	for i, m := range []data.Message{
		{Kind: data.ReactionMessage, Text: "👍"}, {Kind: data.EditMessage, Text: "Hello"}, {Kind: data.DeletionMessage},
		{Kind: data.EditMessage, Text: "Elsewhere", ReplyTo: "nowhere"},
	} {
		m.At, m.RemoteID = w.Now(), fmt.Sprint("act ", i)
		if m.ReplyTo == "" {
			m.ReplyTo = "remote 1"
		}
		_, err := w.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: riya}, Message: m}})
		w.must(err)
	}
	all := read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", string(riya)), "")).Messages
	if len(all) != 2 {
		t.Fatalf("%+v", all)
	}
	m := all[0]
	if m.Message.Text != "Hello" || !slices.Equal(*m.EarlierTexts, []string{"Helo"}) || m.DeletedTime == nil || len(*m.Reactions) != 1 || (*m.Reactions)[0].Emoji != "👍" {
		t.Errorf("%+v", m)
	}
	chats := read[ChatPage](w, w.asks("GET", "/chats", "")).Chats
	if last := chats[0].LastMessage; last == nil || last.Message.Text != "Hello" {
		t.Errorf("last is %+v", last)
	}
	if waits := all[1]; waits.Message.MessageType != "EDIT" || *waits.ReplyTo != "nowhere" {
		t.Errorf("%+v", waits)
	}
}
