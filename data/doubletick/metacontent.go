package doubletick

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// metaContent returns what a message of Meta's carries as DoubleTick would write it.
func metaContent(o object) object {
	name := o.line(40, "type")
	inner := o.object(name)
	body := object{"type": quoted(strings.ToUpper(name))}
	switch strings.ToLower(name) {
	case "text":
		body["text"] = inner.field("body")
	case "voice":
		body["type"], body["url"] = quoted("AUDIO"), inner.field("url")
	case "image", "video", "audio", "sticker", "document":
		body["caption"], body["url"], body["fileName"] = inner.field("caption"), inner.field("url"), inner.field("filename")
		if !inner.has("url") {
			body["url"] = inner.field("link")
		}
	case "location":
		for _, field := range []string{"latitude", "longitude", "name", "address"} {
			body[field] = inner.field(field)
		}
	case "contacts":
		body["contacts"] = o.field("contacts")
	case "button":
		body["text"], body["payload"] = inner.field("text"), inner.field("payload")
	case "interactive":
		return interactiveContent(inner)
	case "reaction", "edit", "revoke", "order":
		body[strings.ToLower(name)] = o.field(name)
	case "unsupported", "unknown", "":
		body["type"], body["text"] = nil, o.field("text")
	default:
		body["content"] = o.field(name)
	}
	return body
}

// interactiveContent returns the answer to buttons, a list or a form.
func interactiveContent(inner object) object {
	for _, field := range []string{"button_reply", "list_reply"} {
		if reply := inner.object(field); reply != nil {
			return object{"type": quoted("BUTTON"), "text": quoted(joinLines(reply.text("title"), reply.text("description"))), "payload": reply.field("id")}
		}
	}
	reply := inner.object("nfm_reply")
	if reply == nil {
		return object{"type": quoted("interactive " + inner.line(40, "type"))}
	}
	body := object{"type": quoted("FLOW"), "text": reply.field("body")}
	answers := reply.wrapped("response_json")
	type answer struct {
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
	}
	var all []answer
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if id != "flow_token" {
			all = append(all, answer{id, answers[id]})
		}
	}
	if raw, err := json.Marshal(all); err == nil && len(all) > 0 {
		body["flowResponse"] = raw
	}
	return body
}

// quoted returns text as a JSON string.
func quoted(text string) json.RawMessage {
	raw, err := json.Marshal(text)
	if err != nil {
		return nil
	}
	return raw
}
