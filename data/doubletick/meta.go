package doubletick

import (
	"encoding/json"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// maxItems bounds how many deliveries one object of Meta's may hold. Meta sends up to
// 1,000 at once.
const maxItems = 10_000

// isMeta reports whether an object is the body of a webhook of Meta's Cloud API, or
// one of the values in it.
func isMeta(o object) bool {
	if o.has("message") { // as almost all are
		return false
	}
	_, entries := o.list("entry")
	_, changes := o.list("changes")
	return entries || changes || o.has("messaging_product")
}

// appendMeta appends what a body of Meta's holds: entry[].changes[].value, each with
// messages, statuses or neither.
//
// The shape is that of Meta's references of the messages webhook as of August 2026,
// those of system, group and standby messages among them. What the agent of Meta's own
// answered (message_echoes) is no message of the customer's.
func appendMeta(all []Delivery, o object) []Delivery {
	before := len(all)
	entries := o.objects("entry")
	if len(entries) == 0 {
		entries = []object{o}
	}
	for _, entry := range entries {
		changes := entry.objects("changes")
		if len(changes) == 0 {
			changes = []object{entry}
		}
		for _, change := range changes {
			value := change.object("value")
			if value == nil {
				value = change
			}
			if all = appendMetaValue(all, value, change.line(60, "field")); len(all)-before > maxItems {
				return append(all[:before+maxItems], Delivery{Err: invalid("it holds more than %d deliveries", maxItems)})
			}
		}
	}
	return all
}

// appendMetaValue appends the messages and statuses of a value, each by itself, or the
// name of what else it is about.
func appendMetaValue(all []Delivery, value object, field string) []Delivery {
	messages, _ := value.list("messages")
	statuses, _ := value.list("statuses")
	contacts := newContacts(value.objects("contacts"))
	for _, raw := range messages[:min(len(messages), maxItems+1)] {
		all = append(all, parseMetaMessage(raw, value, contacts))
	}
	for _, raw := range statuses[:min(len(statuses), maxItems+1)] {
		all = append(all, parseMetaStatus(raw))
	}
	switch {
	case len(messages)+len(statuses) > 0:
	case field != "" && field != "messages":
		all = append(all, Delivery{Ignored: field})
	case value.has("message_echoes"):
		all = append(all, Delivery{Ignored: "message_echoes"})
	case value.has("errors"):
		all = append(all, Delivery{Ignored: "errors"})
	default:
		all = append(all, Delivery{Err: invalid("Meta's delivery holds no messages and no statuses")})
	}
	return all
}

func parseMetaMessage(raw json.RawMessage, value object, contacts contacts) (d Delivery) {
	o, err := parseObject(raw)
	if err != nil {
		d.Err = invalid("one of the messages is not a JSON object")
		return d
	}
	if strings.EqualFold(o.text("type"), "system") {
		return parseMetaSystem(o)
	}
	in := &data.Incoming{Message: data.Message{
		Direction:  data.In,
		At:         o.moment("timestamp"),
		WhatsAppID: cleanID(o.name("id")),
		Business:   businessNumber(value.object("metadata").text("display_phone_number", "phone_number_id")),
		ReplyTo:    cleanID(o.object("context").name("id")),
	}}
	in.Message.RemoteID = in.Message.WhatsAppID // until DoubleTick's own is known
	if in.Message.RemoteID == "" {
		d.Err = invalid("a message of Meta's has no usable id")
		return d
	}
	if in.From, err = metaSender(o, contacts); err != nil {
		d.Err = err
		return d
	}
	if in.From.Group != "" {
		in.Message.Author = authorOf(in.From)
	}
	d.Incoming, d.keepRaw = in, !fillContent(&in.Message, metaContent(o))
	return d
}

// metaSender reads who wrote a message. A contact is its sender's if an id says so, or
// if there is no other.
func metaSender(o object, contacts contacts) (data.Sender, error) {
	contact := contacts.of(o)
	profile := contact.object("profile")
	s := data.Sender{
		UserID:       firstNonEmpty(userID(o.text("from_user_id")), userID(contact.text("user_id"))),
		ParentUserID: firstNonEmpty(userID(o.text("from_parent_user_id")), userID(contact.text("parent_user_id"))),
		Username:     username(firstNonEmpty(profile.name("username"), contact.name("username"))),
		Name:         firstNonEmpty(profile.line(data.MaxName, "name"), contact.line(data.MaxName, "name")),
	}
	err := setFrom(&s, firstNonEmpty(o.text("from"), contact.text("wa_id")))
	if o.has("group_id") {
		if s.Group = groupID(o.text("group_id")); s.Group == "" {
			return s, invalid("the group that it was written in has no usable id")
		}
		return s, err
	}
	return s, requireSender(&s, err)
}

// contacts are those of a value, by number and by user id.
type contacts struct {
	byID map[string]object
	only object // nil where there are several
}

func newContacts(all []object) contacts {
	c := contacts{byID: make(map[string]object, len(all))}
	for _, contact := range all {
		for _, id := range []string{contact.text("wa_id"), contact.text("user_id")} {
			if id != "" && c.byID[id] == nil {
				c.byID[id] = contact
			}
		}
	}
	if len(all) == 1 {
		c.only = all[0]
	}
	return c
}

// of returns the contact who wrote a message; nil where that cannot be told.
func (c contacts) of(message object) object {
	for _, id := range []string{message.text("from"), message.text("from_user_id")} {
		if contact := c.byID[id]; contact != nil {
			return contact
		}
	}
	return c.only
}

// parseMetaSystem reads a message of WhatsApp's own about a customer.
func parseMetaSystem(o object) (d Delivery) {
	system := o.object("system")
	kind := strings.ToLower(system.line(60, "type"))
	switch kind {
	case "user_changed_number", "customer_changed_number", "user_changed_user_id":
		d.Change, d.Err = parseIdentityChange(o, system)
	case "":
		d.Err = invalid("a system message does not say what it is about")
	default:
		d.Ignored = "system " + kind
	}
	return d
}

// parseIdentityChange reads user_changed_number, which names the new number and both
// user ids, and user_changed_user_id, which names the user ids alone. Where the new
// number stands has changed: in new_wa_id, and since version 12 in wa_id.
func parseIdentityChange(o, system object) (*data.IdentityChange, error) {
	c := &data.IdentityChange{
		From: data.Sender{UserID: userID(system.text("previous_user_id")), ParentUserID: userID(system.text("previous_parent_user_id"))},
		To:   data.Sender{UserID: userID(system.text("user_id")), ParentUserID: userID(system.text("parent_user_id"))},
		At:   o.moment("timestamp"),
	}
	if id := userID(o.text("from_user_id")); c.From.UserID == "" && id != c.To.UserID {
		c.From.UserID = id
	}
	if err := setFrom(&c.From, o.text("from")); err != nil {
		return nil, err
	}
	if c.From.Phone == "" {
		c.From.Phone, _ = deliveredPhone(system.text("customer"))
	}
	if err := setFrom(&c.To, system.text("new_wa_id", "wa_id")); err != nil {
		return nil, err
	}
	switch {
	case c.From.Phone == "" && c.From.UserID == "":
		return nil, invalid("it does not say who changed the number or the user id")
	case c.To.Phone == "" && c.To.UserID == "":
		return nil, invalid("it does not say what the number or the user id changed to")
	}
	return c, nil
}

// parseMetaStatus reads a status of a message that was sent.
func parseMetaStatus(raw json.RawMessage) (d Delivery) {
	o, err := parseObject(raw)
	if err != nil {
		d.Err = invalid("one of the statuses is not a JSON object")
		return d
	}
	name := strings.ToLower(o.line(40, "status"))
	switch name {
	case "deleted", "pending", "warning":
		d.Ignored = "status " + name
		return d
	case "played": // a voice message
		name = "read"
	}
	status, ok := parseStatus(name)
	u := &data.StatusUpdate{MessageID: cleanID(o.name("id")), Status: status, At: o.moment("timestamp")}
	switch {
	case !ok:
		d.Err = invalid("its status %q is unknown", name)
		return d
	case u.MessageID == "":
		d.Err = invalid("the status names no usable id")
		return d
	}
	if status == data.Failed {
		u.Failure = metaFailure(o)
	}
	d.Status = u
	return d
}

// metaFailure returns why a message failed, in Meta's words.
func metaFailure(status object) string {
	for _, e := range status.objects("errors") {
		if words := firstNonEmpty(e.object("error_data").line(maxReason, "details"), e.line(maxReason, "message", "title", "code")); words != "" {
			return words
		}
	}
	return ""
}
