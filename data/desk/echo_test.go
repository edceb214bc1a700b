package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const shop = data.Phone("+918888888888")

// writesToShop has the customer write to the shop.
func (w *world) writesToShop(from data.Phone, text string) data.Received {
	w.t.Helper()
	w.count++
	return w.takesAs(data.Incoming{From: data.Sender{Phone: from}, Message: data.Message{
		Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count), Business: string(shop),
	}})
}

// echo is what the shop sent, as it comes in.
func echo(to data.Phone, text string, at data.Moment) data.Incoming {
	return data.Incoming{AfterUser: true, From: data.Sender{Phone: shop, Name: "Riya"}, Message: data.Message{
		Kind: data.TextMessage, At: at, Text: text, RemoteID: "dt " + text, WhatsAppID: "wa " + text, Business: string(to),
	}}
}

// What the shop sent stands in the chat that it went to, as sent, and the shop is no
// customer: whether the customer is known or not, and however often it comes.
func TestReceive_Echo(t *testing.T) {
	for name, begin := range map[string]func(w *world){
		"a customer wrote to the number": func(w *world) { w.writesToShop(riya, "Hello") },
		"it is the account's": func(w *world) {
			w.must(w.Join(w.t.Context(), data.Account{Base: "https://public.doubletick.io", Number: shop}))
		},
	} {
		w := newWorld(t)
		begin(w)
		for _, to := range []data.Phone{riya, ada} {
			in := echo(to, "Sent to "+string(to), w.Now())
			first := w.takesAs(in)
			again := w.takesAs(in)
			if first.Duplicate || !again.Duplicate || again.MessageID != first.MessageID || first.Held {
				t.Errorf("%s: %+v, again %+v", name, first, again)
			}
			m, err := w.Message(t.Context(), first.MessageID)
			w.must(err)
			if m.Direction != data.Out || m.Status != data.Sent || m.Business != string(shop) || m.Author != "" || w.customer(first.CustomerID).Phone != to {
				t.Errorf("%s: %+v", name, m)
			}
			if c := w.customer(first.CustomerID); c.Name != "" {
				t.Errorf("%s: the customer is called %q", name, c.Name)
			}
			unread := 0
			if to == riya && name == "a customer wrote to the number" {
				unread = 1
			}
			if chat := w.chat(first.CustomerID); chat.Unread != unread || chat.Preview != "You: Sent to "+string(to) {
				t.Errorf("%s: %+v", name, chat)
			}
		}
		if _, err := w.FindCustomer(t.Context(), data.Address(shop)); err == nil {
			t.Errorf("%s: the shop is a customer", name)
		}
		if n := w.counts(); n.All != 2 {
			t.Errorf("%s: %d chats", name, n.All)
		}
	}
}

// The echo of what was sent from here is that row.
func TestReceive_EchoOfTheOutbox(t *testing.T) {
	w := newWorld(t)
	w.must(w.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: shop}))
	c := w.writesToShop(riya, "Hello").CustomerID
	w.clock.add(time.Second)
	sent, err := w.Send(t.Context(), asha, c, "Here it is")
	w.must(err)
	entries, err := w.EntriesOf(t.Context(), c)
	w.must(err)
	account, err := w.Account(t.Context())
	w.must(err)
	claimed, ok, err := w.ClaimEntry(t.Context(), account.JoinedAt, entries[0].ID)
	w.must(err)
	if !ok {
		t.Fatalf("%+v", claimed)
	}
	for _, in := range []data.Incoming{echo(riya, "Here it is", w.Now()), echo(riya, "Here it is", w.Now())} {
		if got := w.takesAs(in); !got.Duplicate || got.MessageID != sent.ID {
			t.Errorf("%+v", got)
		}
	}
	byID := echo(riya, "Other words", w.Now())
	byID.Message.RemoteID = sent.RemoteID
	if got := w.takesAs(byID); !got.Duplicate || got.MessageID != sent.ID {
		t.Errorf("by its id: %+v", got)
	}
	other := echo(riya, "Here it is", w.Now()) // it was written once more, elsewhere
	other.Message.RemoteID, other.Message.WhatsAppID = "dt other", "wa other"
	if got := w.takesAs(other); got.Duplicate {
		t.Errorf("%+v", got)
	}
	if got := w.shows(c); got != "Hello | Here it is | Here it is" {
		t.Error(got)
	}
}

// What is still to be sent has not come back: somebody wrote the same elsewhere.
func TestReceive_EchoOfTheSameWords(t *testing.T) {
	w := newWorld(t)
	w.must(w.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: shop}))
	c := w.writesToShop(riya, "Hello").CustomerID
	_, err := w.Send(t.Context(), asha, c, "Yes")
	w.must(err)
	if got := w.takesAs(echo(riya, "Yes", w.Now())); got.Duplicate {
		t.Errorf("%+v", got)
	}
}

// Two of our numbers that write to each other are customers of each other, and so is who
// writes after a customer did.
func TestReceive_NoEcho(t *testing.T) {
	w := newWorld(t)
	w.writesToShop(riya, "Hello")
	w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{
		Kind: data.TextMessage, At: start, Text: "Hello, other shop", RemoteID: "x", Business: string(ada),
	}})
	got := w.takesAs(echo(ada, "From shop to shop", start))
	if m, err := w.Message(t.Context(), got.MessageID); err != nil || m.Direction != data.In || w.customer(m.CustomerID).Phone != shop {
		t.Errorf("%+v, %v", m, err)
	}
	in := echo("+46701234567", "After a customer", start)
	in.AfterUser, in.AfterCustomer = false, true
	if m, err := w.Message(t.Context(), w.takesAs(in).MessageID); err != nil || m.Direction != data.In {
		t.Errorf("%+v, %v", m, err)
	}
}

// What was sent elsewhere to a blocked customer did go out, and is shown so.
func TestReceive_EchoToABlockedCustomer(t *testing.T) {
	w := newWorld(t)
	c := w.writesToShop(riya, "Hello").CustomerID
	w.blocks(asha, c, data.BlockRequest{})
	if got := w.takesAs(echo(riya, "Sent", w.Now())); got.Held || w.customer(c).Held != 0 {
		t.Errorf("%+v", got)
	}
}

// Whoever was taken for the business, because an echo came in before any customer, is a
// customer all the same: a block holds what they write, to the shop and in a group.
func TestReceive_EchoBeforeAnyCustomer(t *testing.T) {
	w := newWorld(t)
	first := echo(riya, "Sent before", w.Now())
	first.AfterUser = false
	w.takesAs(first)
	c := w.customer(w.writesToShop(riya, "Hello").CustomerID)
	if c.Phone != riya {
		t.Fatalf("it is %s's message", c.Phone)
	}
	w.blocks(asha, c.ID, data.BlockRequest{})
	for _, after := range []bool{false, true} {
		for _, group := range []string{"", "120363012345678901"} {
			w.count++
			in := data.Incoming{AfterUser: after, From: data.Sender{Phone: riya, Group: group}, Message: data.Message{
				Kind: data.TextMessage, At: w.Now(), Text: "Again", RemoteID: fmt.Sprint("remote ", w.count), Business: string(shop),
			}}
			if got := w.takesAs(in); !got.Held {
				t.Errorf("after a user %t, in the group %q: %+v", after, group, got)
			}
		}
	}
}
