package doubletick

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// kinds are the types of message, by plainName: DoubleTick's names, and what others call
// the same.
var kinds = map[string]data.Kind{
	"TEXT": data.TextMessage, "IMAGE": data.ImageMessage, "VIDEO": data.VideoMessage, "AUDIO": data.AudioMessage,
	"STICKER": data.StickerMessage, "DOCUMENT": data.DocumentMessage, "LOCATION": data.LocationMessage,
	"CONTACTS": data.ContactsMessage, "BUTTON": data.ButtonMessage, "FLOW": data.FlowMessage,

	"GIF": data.VideoMessage, "VOICE": data.AudioMessage, "FILE": data.DocumentMessage, "CONTACT": data.ContactsMessage,
	"LIVE_LOCATION": data.LocationMessage,
	"LIST":          data.ButtonMessage, "LIST_REPLY": data.ButtonMessage, "LIST_RESPONSE": data.ButtonMessage,
	"BUTTON_REPLY": data.ButtonMessage, "QUICK_REPLY": data.ButtonMessage, "INTERACTIVE": data.ButtonMessage,
	"REACTION": data.ReactionMessage,
	"EDIT":     data.EditMessage, "EDITED": data.EditMessage, "MESSAGE_EDITED": data.EditMessage, "EDITED_MESSAGE": data.EditMessage,
	"DELETE": data.DeletionMessage, "DELETED": data.DeletionMessage, "REVOKE": data.DeletionMessage, "REVOKED": data.DeletionMessage,
	"MESSAGE_DELETED": data.DeletionMessage, "DELETED_MESSAGE": data.DeletionMessage, "MESSAGE_REVOKED": data.DeletionMessage,
	"CALL": data.CallMessage, "MISSED_CALL": data.CallMessage,
}

// titledKinds are types of which the words become text under a title.
var titledKinds = map[string]string{
	"ORDER": "Order", "POLL": "Poll", "POLL_CREATION": "Poll", "POLL_VOTE": "Poll", "POLL_RESPONSE": "Poll", "POLL_UPDATE": "Poll",
}

// fillContent fills in what a message carries, and reports whether that was understood.
// What was not becomes text that says so, with all words that are in it: no message is
// lost, and none of its words.
func fillContent(m *data.Message, body object) (understood bool) {
	media := body.object(body.line(40, "messageType", "type"))
	m.URL = webURL(firstNonEmpty(body.text("url", "mediaUrl"), media.text("url", "link", "mediaUrl")))
	m.File = firstNonEmpty(body.line(maxFileName, "fileName"), media.line(maxFileName, "fileName", "filename"))
	understood = setContent(m, body)
	m.Text = data.Clean(m.Text)
	return understood
}

// setContent sets the kind of a message, its text, and the message that it acts on.
//
// The fields of TEXT, media, LOCATION, CONTACTS, BUTTON and FLOW are documented. Those of
// the other types are not: they are assumed to be like Meta's, at the message itself or in
// an object within it.
func setContent(m *data.Message, body object) (understood bool) {
	name := body.line(40, "messageType", "type")
	plain := plainName(name)
	kind, known := kinds[plain]
	text, caption := body.said("text", "caption", "body", "payload"), body.said("caption", "text", "body", "payload")
	m.Kind, m.Text = kind, text
	switch kind {
	case data.LocationMessage:
		m.Text = firstNonEmpty(firstNonEmpty(locationText(body), locationText(body.object("location"))), text)
	case data.ContactsMessage:
		m.Text = firstNonEmpty(contactsText(body), text)
	case data.FlowMessage:
		m.Text = firstNonEmpty(flowText(body), text)
	case data.ButtonMessage:
		m.Text = firstNonEmpty(chosen(body, 0), text)
	case data.ReactionMessage, data.EditMessage, data.DeletionMessage:
		setAct(m, body)
		return true
	case data.TextMessage, data.CallMessage:
	default:
		m.Text = firstNonEmpty(caption, saidInside(body))
	}
	if known {
		if m.Text == "" && m.URL == "" && m.File == "" {
			m.Text = strings.Join(wordsIn(body), "\n")
			return m.Text == ""
		}
		return true
	}
	title, titled := titledKinds[plain]
	switch {
	case titled:
		if words := listed(body, plain); words != "" {
			m.Kind, m.Text = data.TextMessage, joinLines(title, words)
			return true
		}
	case name != "":
	case text != "" && body.said("text", "body") != "":
		m.Kind, m.Text = data.TextMessage, text
		return true
	case m.URL != "":
		m.Kind, m.Text = data.DocumentMessage, caption
		return true
	}
	m.Kind, m.Text = data.TextMessage, "Unsupported message"
	if name != "" {
		m.Text += " (" + name + ")"
	}
	m.Text = joinLines(m.Text, strings.Join(wordsIn(body), "\n"))
	return false
}

// said returns the first of the fields that holds words: itself, or in an object that
// lies in it.
func (o object) said(fields ...string) string {
	for _, name := range fields {
		if s := scalar(o.field(name)); s != "" {
			return s
		}
		if inner := o.object(name); inner != nil {
			if s := inner.text("body", "text", "caption", "title", "value"); s != "" {
				return s
			}
		}
	}
	return ""
}

// choices are the objects in which an answer to buttons or a list can lie.
var choices = []string{
	"list_reply", "listReply", "button_reply", "buttonReply", "quick_reply", "quickReply", "reply", "selectedRow", "selected",
	"interactive", "list", "button", "payload",
}

// maxChoice bounds how deep an answer can lie.
const maxChoice = 4

// chosen returns what the customer chose, with what was said of it.
func chosen(o object, depth int) string {
	if title := o.text("title", "text", "displayText"); title != "" {
		if more := o.text("description"); more != title {
			return joinLines(title, more)
		}
		return title
	}
	for _, field := range choices {
		inner := o.object(field)
		if inner == nil || depth == maxChoice {
			continue
		}
		if words := chosen(inner, depth+1); words != "" {
			return words
		}
	}
	if depth == 0 {
		return ""
	}
	return o.text("body", "name", "payload", "id")
}

// maxListed bounds how many lines an order or a poll has.
const maxListed = 100

// listed returns the words of an order or a poll, and what it holds, one a line.
func listed(body object, plain string) string {
	o := body
	for _, field := range []string{"order", "poll", strings.ToLower(plain)} {
		if inner := body.object(field); inner != nil {
			o = inner
		}
	}
	lines := []string{longLine(o.text("name", "question", "title")), data.Clean(firstNonEmpty(o.said("text"), body.said("text", "caption", "body")))}
	for _, field := range []string{
		"product_items", "productItems", "items", "products", "options", "pollOptions", "selectedOptions", "selected_options", "votes",
	} {
		list, _ := o.list(field)
		for _, raw := range list[:min(len(list), maxListed)] {
			lines = append(lines, longLine(firstNonEmpty(scalar(raw), item(raw))))
		}
	}
	return joinLines(lines...)
}

// item returns a line of an order, or an option of a poll.
func item(raw json.RawMessage) string {
	o, err := parseObject(raw)
	if err != nil {
		return ""
	}
	line := o.text("name", "title", "productName", "optionName", "text", "product_retailer_id", "productRetailerId", "id")
	if n := o.text("quantity"); n != "" {
		line = n + " × " + line
	}
	if price := o.text("item_price", "itemPrice", "price"); price != "" {
		line += ", " + strings.TrimSpace(price+" "+o.text("currency"))
	}
	return line
}

// setAct sets what is done to another message, and which it is. In an object that is named
// after the act the message can be named by other words than beside it.
func setAct(m *data.Message, body object) {
	inner := body.object("reaction", "edit", "edited", "editedMessage", "revoke", "delete", "deleted", "deletedMessage")
	for _, o := range []object{inner, body} {
		id := cleanID(o.name("original_message_id", "originalMessageId", "message_id", "messageId", "reactedMessageId", "targetMessageId", "parentMessageId"))
		if id != "" {
			m.ReplyTo = id
			break
		}
	}
	switch m.Kind {
	case data.ReactionMessage:
		m.Text = data.CleanLine(firstNonEmpty(firstNonEmpty(inner.text("emoji", "text", "reaction"), body.text("emoji")), body.said("reaction", "text", "body")), maxEmoji)
	case data.EditMessage:
		words := inner.object("message")
		m.Text = firstNonEmpty(firstNonEmpty(words.said("text", "caption", "body"), saidInside(words)), firstNonEmpty(inner.said("text", "caption", "body"), body.said("text", "caption", "body")))
	default:
		m.Text = ""
	}
	if m.Text == "" && m.Kind != data.DeletionMessage {
		m.Text = strings.Join(wordsIn(body), "\n")
	}
	if m.ReplyTo != "" && (m.ReplyTo == m.RemoteID || m.ReplyTo == m.WhatsAppID) {
		// It came by the id of the message itself, and would pass for its repetition.
		sum := sha256.Sum256([]byte(m.ReplyTo + "\n" + m.At.String() + "\n" + m.Text))
		m.RemoteID, m.WhatsAppID = string(m.Kind)+"-"+hex.EncodeToString(sum[:16]), ""
	}
}

// maxEmoji is how many characters a reaction has at most: some emoji have more than ten.
const maxEmoji = 20

// saidInside returns the words in the object that is named after a message's type.
func saidInside(message object) string {
	return message.object(message.line(40, "messageType", "type")).text("body", "caption", "text")
}

// Bounds on words that are kept of what was not understood.
const (
	maxWords      = 100
	maxWordsDepth = 6
)

// wordsIn returns the strings in an object, but for ids, addresses and types, in the order
// of the names of their fields.
func wordsIn(o object) []string { return appendWords(nil, o, 0) }

func appendWords(words []string, o object, depth int) []string {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if isTechnical(name) {
			continue
		}
		words = appendValue(words, o[name], depth)
	}
	return words
}

func appendValue(words []string, raw json.RawMessage, depth int) []string {
	if len(words) >= maxWords || depth > maxWordsDepth || len(raw) == 0 {
		return words
	}
	switch raw[0] {
	case '"':
		if text := data.Clean(strings.TrimSpace(scalar(raw))); text != "" {
			words = append(words, text)
		}
	case '{':
		if inner, err := parseObject(raw); err == nil {
			words = appendWords(words, inner, depth+1)
		}
	case '[':
		list, _ := listOf(raw)
		for _, one := range list {
			words = appendValue(words, one, depth+1)
		}
	}
	return words
}

// isTechnical reports whether a field holds what nobody says.
func isTechnical(name string) bool {
	switch lower := strings.ToLower(name); lower {
	case "type", "messagetype", "context", "url", "mediaurl", "link", "filename", "sha256", "hash", "mime_type", "mimetype", "timestamp":
		return true
	default:
		return lower == "id" || strings.HasSuffix(lower, "_id") || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID")
	}
}
