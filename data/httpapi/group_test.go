package httpapi

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// hearsInGroup lets a member write in a group.
func (w *world) hearsInGroup(phone data.Phone, name, text string) int64 {
	w.t.Helper()
	got, err := w.Receive(w.t.Context(), []data.Incoming{{
		From:    data.Sender{Group: "120363012345678901", GroupName: "Buyers", Phone: phone, Name: name},
		Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: text, Author: name},
	}})
	w.must(err)
	return got[0].CustomerID
}

// Messages, the list of chats and the stream name who wrote in a group.
func TestServer_NamesTheAuthorsInAGroup(t *testing.T) {
	w := newWorld(t)
	w.follow()
	at := w.listen().URL
	r := w.streams(at, "")
	is := func(what string, a *Author, name, address string) {
		t.Helper()
		if a == nil || textOf(a.Name) != name || textOf(a.Address) != address {
			t.Errorf("%s: %+v, want %s %s", what, a, name, address)
		}
	}
	group := w.hearsInGroup(riya, "Riya D", "How much?")
	is("the stream", r.comes(ChangeKindMessage).Author, "Riya D", string(riya))
	here := host(strings.TrimPrefix(at, "http://"))
	messages := read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", "120363012345678901@g.us"), "", here)).Messages
	is("messages", messages[0].Author, "Riya D", string(riya))
	chats := read[ChatPage](w, w.asks("GET", "/chats", "", here)).Chats
	is("chats", chats[0].LastMessage.Author, "Riya D", string(riya))

	// Of what is held the stream names nobody: it says who wrote last what is shown.
	member := w.hears(riya, "Hello")
	if c := r.comes(ChangeKindMessage); c.Author != nil {
		t.Errorf("of a person: %+v", c.Author)
	}
	_, err := w.Block(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha"}, member, data.BlockRequest{})
	w.must(err)
	r.comes(ChangeKindCustomer)
	w.hearsInGroup("+442079460958", "Ada", "Ten")
	is("the stream", r.comes(ChangeKindMessage).Author, "Ada", "+442079460958")
	w.hearsInGroup(riya, "Riya D", "held")
	for range 2 { // of the member and of the group
		if c := r.comes(ChangeKindMessage); *c.Name == "Buyers" {
			is("the stream, held", c.Author, "Ada", "+442079460958")
		}
	}
	_, err = w.Send(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha"}, group, "Thanks")
	w.must(err)
	messages = read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", "120363012345678901@g.us"), "", here)).Messages
	is("of an agent", messages[len(messages)-1].Author, "Asha", "null")
}

// textOf returns what is not null.
func textOf(text *string) string {
	if text == nil {
		return "null"
	}
	return *text
}
