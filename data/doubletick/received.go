package doubletick

import (
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// parseIncoming reads a message as MESSAGE_RECEIVED and the other events of
// messageEvents have it. The name is that of the event, empty where it has none.
func parseIncoming(o object, name string) (d Delivery) {
	body := o.object("message")
	if text := o.field("message"); text[0] == '"' {
		body = object{"type": []byte(`"TEXT"`), "text": text}
	}
	in := &data.Incoming{Message: data.Message{
		Direction:  data.In,
		At:         o.moment("receivedAt"),
		RemoteID:   cleanID(o.name("dtMessageId")),
		WhatsAppID: cleanID(o.name("messageId")),
		ReplyTo:    cleanID(body.object("context").name("id")),
	}}
	origin := strings.TrimSpace(o.text("lastMessageOrigin"))
	in.AfterCustomer, in.AfterUser = strings.EqualFold(origin, "CUSTOMER"), strings.EqualFold(origin, "USER")
	m := &in.Message
	if m.RemoteID == "" {
		m.RemoteID = m.WhatsAppID
	}
	if m.RemoteID == "" {
		d.Err = invalid("it has no usable dtMessageId or messageId")
		return d
	}
	if in.From, d.Err = parseSender(o, isGroup(o, name)); d.Err != nil {
		return d
	}
	if in.From.Group == "" {
		m.Business = businessNumber(o.text("to"))
		waba := businessNumber(o.text("wabaNumber"))
		in.Echo = waba != "" && waba == string(in.From.Phone) && waba != m.Business && strings.HasPrefix(m.Business, "+")
	} else {
		m.Business = businessNumber(o.text("wabaNumber"))
		m.Author = authorOf(in.From)
	}
	d.Incoming, d.keepRaw = in, !fillContent(m, body)
	return d
}

// isGroup reports whether a message was written in a group: type is wa_group then,
// and it has an event of its own.
func isGroup(o object, name string) bool {
	return name == groupMessageEvent || isGroupWord(o.text("type")) || isGroupWord(o.text("chatType")) ||
		groupID(o.name("groupId")) != "" || strings.HasSuffix(o.text("from"), groupMark)
}

func isGroupWord(word string) bool { return strings.EqualFold(strings.TrimSpace(word), "wa_group") }
