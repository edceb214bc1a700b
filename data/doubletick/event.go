package doubletick

import (
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// What an event is called.
//
// DoubleTick documents the names of its events and for some their fields. Whether a
// delivery says its own name differs: those of groups have it in event or eventType,
// the sample of CHAT_ASSIGNED_TO_AGENT has none, and a real MESSAGE_RECEIVED has none
// either. So the name counts where it is known, and otherwise the fields tell events
// apart. That type can hold the name, that a name can be written as message.received,
// and that a delivery can be wrapped in data or payload, is assumed.

// messageEvents are the events that carry a message of a customer. The same message
// can come by several of them, with one dtMessageId. That all have the fields of
// MESSAGE_RECEIVED is documented of some and assumed of the others.
var messageEvents = nameSet(
	"MESSAGE_RECEIVED", "CALL_TO_WHATSAPP_MESSAGE_RECEIVED", "NEW_LEAD", "STANDBY_MESSAGE_RECEIVED", groupMessageEvent,
)

const (
	groupMessageEvent = "WA_GROUP_MESSAGE_RECEIVED"
	statusEvent       = "MESSAGE_STATUS_UPDATE"
	metaEvent         = "RAW_CLOUD_API_WEBHOOK"
)

// ignoredEvents are the events that carry nothing for the desk. The text of
// CHAT_ASSIGNED_TO_AGENT is DoubleTick's own and no message.
var ignoredEvents = nameSet(
	"ADD_TAG", "ASSIGNED_AGENT_STATUS_CHANGED", "CALL_ACCEPTED", "CALL_ENDED", "CALL_INCOMING_INITIATED",
	"CALL_MISSED", "CALL_NOT_PICKED", "CALL_OUTGOING_INITIATED", "CALL_PERMISSION_REPLY_RECEIVED",
	"CHAT_ASSIGNED_TO_AGENT", "CHAT_UNASSIGNED", "CLOSE_CONVERSATION", "CONVERSATION_OPENED",
	"CUSTOMER_BUSINESS_CHAT_OPEN", "CUSTOMER_NOTE_CREATED", "CUSTOMER_NOTE_DELETED", "CUSTOMER_NOTE_UPDATED",
	"CUSTOMER_UPDATE", "GROUP_CREATED", "GROUP_PARTICIPANT_JOINED", "GROUP_PARTICIPANT_LEFT",
	"GROUP_PARTICIPANT_REMOVED", "MESSAGING_HANDOVER", "POST_CALL_DISPOSITION", "REMOVE_TAG", "TEMPLATE_UPDATE",
	"UPDATE_CUSTOMER_CUSTOM_FIELD", "VERIFIED_WIDGET_LEAD_RECEIVED", "WIDGET_LEAD_RECEIVED",
)

// ignoredFamilies are the beginnings of names of further such events, of which there
// are more than are documented.
var ignoredFamilies = []string{"CALL_", "GROUP_"}

// otherEvents are the events that carry something else than one message.
var otherEvents = nameSet(statusEvent, metaEvent)

// nameSet returns names by what plainName makes of them.
func nameSet(names ...string) map[string]string {
	set := map[string]string{}
	for _, name := range names {
		set[plainName(name)] = name
	}
	return set
}

// plainName returns a name in capitals, with an underscore for each character that is
// no letter or digit.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}

// event is what an object says of the event that it is.
type event struct {
	name string // as it is documented, or else as it is written; empty where there is none
	kind eventKind
}

type eventKind int

const (
	unnamedEvent eventKind = iota
	unknownEvent
	messageEvent
	ignoredEvent
	ignoredFamily // one of a family of which the name is not documented
	otherEvent
)

// eventOf returns what event an object says it is. What stands in type counts only if it
// is a documented name.
func eventOf(o object) event {
	name := data.CleanLine(o.name("event", "eventType", "eventName"), 60)
	if name == "" {
		if e := namedEvent(data.CleanLine(o.name("type"), 60)); e.kind > unknownEvent && e.kind != ignoredFamily {
			return e
		}
		return event{}
	}
	return namedEvent(name)
}

func namedEvent(name string) event {
	plain := plainName(name)
	if known, ok := messageEvents[plain]; ok {
		return event{known, messageEvent}
	}
	if known, ok := ignoredEvents[plain]; ok {
		return event{known, ignoredEvent}
	}
	if known, ok := otherEvents[plain]; ok {
		return event{known, otherEvent}
	}
	for _, family := range ignoredFamilies {
		if strings.HasPrefix(plain, family) {
			return event{plain, ignoredFamily}
		}
	}
	return event{name, unknownEvent}
}

// ignoredShapes are fields by which an event that does not say its name is known to
// be one of those that carry nothing.
var ignoredShapes = []struct{ field, name string }{
	{"assignedUserId", "CHAT_ASSIGNED_TO_AGENT"},
	{"tagId", "ADD_TAG or REMOVE_TAG"},
	{"noteId", "CUSTOMER_NOTE"},
	{"callId", "CALL"},
	{"inviteLink", "GROUP_CREATED"},
	{"groupCreatedAt", "GROUP_CREATED"},
	{"templateId", "TEMPLATE_UPDATE"},
}

// wrappers are fields in which the delivery proper may lie, as an object or as its
// JSON in a string.
var wrappers = []string{"data", "payload", "body", "rawPayload", "rawBody", "json"}

// maxWrapped bounds how often a delivery may be wrapped.
const maxWrapped = 3

// appendDeliveries appends what is read from the one JSON object that raw is, by
// checkObject or the splitter: at least one delivery.
func appendDeliveries(all []Delivery, line int, raw []byte) []Delivery {
	o, err := parseObject(raw)
	if err != nil {
		return append(all, Delivery{Line: line, Err: err})
	}
	before := len(all)
	all = appendObject(all, o, event{}, 0)
	for i := before; i < len(all); i++ {
		all[i].Line, all[i].Part, all[i].Raw = line, i-before, raw
		if all[i].keepRaw {
			all[i].Incoming.Raw = string(raw)
		}
	}
	return all
}

// appendObject appends what an object holds. The event is the one that something around
// the object told of.
func appendObject(all []Delivery, o object, e event, wrapped int) []Delivery {
	if own := eventOf(o); own.kind != unnamedEvent {
		e = own
	}
	if isMeta(o) {
		return appendMeta(all, o)
	}
	var d Delivery
	switch {
	case e.kind == ignoredEvent, e.kind == ignoredFamily && !o.holdsMessage():
		d.Ignored = e.name
	case o.holdsMessage() && (e.kind == messageEvent || e.kind == unnamedEvent):
		d = parseIncoming(o, e.name)
	case e.name == statusEvent, e.kind == unnamedEvent && o.field("statusTimestamp") != nil:
		d.Status, d.Err = parseStatusUpdate(o)
	default:
		if wrapped < maxWrapped {
			for _, field := range wrappers {
				if inner := o.wrapped(field); inner != nil {
					return appendObject(all, inner, e, wrapped+1)
				}
			}
		}
		d.Ignored, d.Err = unknownDelivery(o, e)
	}
	return append(all, d)
}

// holdsMessage reports whether the object is a message of a customer by its fields.
func (o object) holdsMessage() bool {
	return o.has("message") && (o.has("from") || o.has("dtMessageId") || o.has("messageId"))
}

// wrapped returns the object in a field, which may be written as a string of JSON.
func (o object) wrapped(field string) object {
	if inner := o.object(field); inner != nil {
		return inner
	}
	text := o.text(field)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") || checkObject([]byte(strings.TrimSpace(text))) != nil {
		return nil
	}
	inner, _ := parseObject([]byte(text))
	return inner
}

// unknownDelivery returns the name of an event that carries nothing, as its fields tell,
// or why the object cannot be taken.
func unknownDelivery(o object, e event) (ignored string, err error) {
	switch e.kind {
	case unnamedEvent:
	case messageEvent:
		return "", invalid("the event %s has no message with an id", e.name)
	case otherEvent:
		return "", invalid("the event %s holds nothing that can be read", e.name)
	default:
		return "", invalid("the event %q is unknown", e.name)
	}
	for _, shape := range ignoredShapes {
		if o.has(shape.field) {
			return shape.name, nil
		}
	}
	return "", invalid("it is neither a message (from, message) nor a status (statusTimestamp)")
}

func parseStatusUpdate(o object) (*data.StatusUpdate, error) {
	status, ok := parseStatus(o.text("status"))
	if !ok {
		return nil, invalid("its status %q is unknown", o.line(40, "status"))
	}
	u := &data.StatusUpdate{MessageID: cleanID(o.name("messageId")), Status: status, At: o.moment("statusTimestamp")}
	if u.MessageID == "" {
		return nil, invalid("the status names no usable messageId")
	}
	if status == data.Failed {
		u.Failure = o.line(maxReason, "failMessage")
	}
	return u, nil
}
