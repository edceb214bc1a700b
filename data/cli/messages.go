package cli

import (
	"errors"
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

// messagePage is how many messages are in memory at once.
const messagePage = 500

type messagesCmd struct {
	Phone string `arg:"" help:"The customer's number, in any usual spelling, or another address: a user id, a group, a handle."`
	Held  bool   `help:"Only held messages."`
	Raw   bool   `help:"Include the delivery as it came in, for messages that were not understood."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c messagesCmd) Run(r *run) error {
	a, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer a.Close()
	read := a.Messages
	if c.Held {
		read = a.HeldMessages
	}
	list := r.out.startList()
	found, after, groups := false, data.ItemKey{}, map[int64]data.Customer{}
	for {
		page, err := read(r.ctx, customer.ID, after, messagePage)
		if err != nil {
			return err
		}
		for _, m := range page {
			found, after = true, data.ItemKey{At: m.At, ID: m.ID}
			out := toMessage(m)
			if m.CustomerID != customer.ID {
				if groups[m.CustomerID].ID == 0 {
					if groups[m.CustomerID], err = a.Customer(r.ctx, m.CustomerID); err != nil {
						return err
					}
				}
				out.Group = toGroup(groups[m.CustomerID])
			}
			if c.Raw {
				raw, err := a.Raw(r.ctx, m.ID)
				if err != nil && !errors.Is(err, data.ErrNotFound) {
					return err
				}
				out.Raw = string(raw)
			}
			if !c.JSON {
				r.printMessage(m, groups[m.CustomerID], out.Raw)
			} else if err := list.add(out); err != nil {
				return err
			}
		}
		if len(page) < messagePage {
			break
		}
	}
	if c.JSON {
		list.end()
	} else if !found && c.Held {
		r.out.printLine("There are no held messages.")
	} else if !found {
		r.out.printLine("There are no messages.")
	}
	return nil
}

// message is the JSON of a message.
type message struct {
	ID        string         `json:"id"`
	At        data.Moment    `json:"at"`
	Direction data.Direction `json:"direction"`
	Text      string         `json:"text"`
	Held      bool           `json:"held"`
	Author    *author        `json:"author"`
	Group     *author        `json:"group,omitempty"`   // where it was written, if not in the customer's own chat
	Untimed   bool           `json:"untimed,omitempty"` // at is when it came in
	ReplyTo   string         `json:"replyTo,omitempty"` // the message that it answers or acts on
	Raw       string         `json:"raw,omitempty"`     // the delivery, where it was not understood
}

// author is the JSON of the member of a group, or of the agent, who wrote a message, and
// of the group that it was written in.
type author struct {
	Name    *string `json:"name"`
	Address *string `json:"address"`
}

// toAuthor returns the JSON of who wrote a message, nil where it is the customer.
func toAuthor(m data.Message) *author {
	if m.Author == "" && m.AuthorAddress == "" {
		return nil
	}
	return &author{Name: data.NullIfEmpty(m.Author), Address: data.NullIfEmpty(string(m.AuthorAddress))}
}

func toGroup(c data.Customer) *author {
	return &author{Name: data.NullIfEmpty(c.Name), Address: data.NullIfEmpty(string(c.Address))}
}

// toMessage returns the JSON of a message. Its id is that of the network, or the
// desk's own number if the network has none.
func toMessage(m data.Message) message {
	id := m.RemoteID
	if id == "" {
		id = strconv.FormatInt(m.ID, 10)
	}
	return message{ID: id, At: m.At, Direction: m.Direction, Text: messageText(m), Held: m.Hold == data.IsHeld, Author: toAuthor(m), Untimed: m.Untimed, ReplyTo: m.ReplyTo}
}

// messageText returns the text of a message, after what else it carries.
func messageText(m data.Message) string {
	label := m.Carries()
	if label == "" || m.Text == "" {
		return label + m.Text
	}
	return label + ": " + m.Text
}

// printMessage prints a message; group is where it was written, if not in the customer's
// own chat.
func (r *run) printMessage(m data.Message, group data.Customer, raw string) {
	direction := string(m.Direction)
	if m.Hold == data.IsHeld {
		direction = "held"
	}
	head, text := formatTime(m.At)+"  "+pad(direction, 4)+"  ", messageText(m)
	switch {
	case group.ID != 0:
		text = "in " + customerLabel(group) + ": " + text
	case m.Direction == data.In && m.Author != "":
		text = m.Author + ": " + text
	}
	if raw != "" {
		text += "\n" + data.Clean(raw)
	}
	r.out.printLine("%s%s", head, indent(text, len(head)))
}
