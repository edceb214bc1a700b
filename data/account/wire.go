package account

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Bounds on what an answer may bring, in characters.
const (
	maxID    = 256
	maxURL   = 2048
	maxFile  = 255
	maxWords = 300
)

// page is a page of the account's chats.
type page struct {
	chats []chat
	odd   int    // rows that are no chat
	next  cursor // where more are; empty where there are none
}

// cursor is where a page begins, in DoubleTick's own words.
type cursor struct{ id, at string }

// chat is a row of a page.
type chat struct {
	phone    data.Phone
	customer string // the number as it was written, to ask with
	business string // the same of the business number
	name     string
	tags     []string
	lastAt   data.Moment // of its last message
	updated  string      // with the phone it tells a row from its repetition
}

// key is what a chat is known by: a customer can write to several numbers.
func (c chat) key() string { return string(c.phone) + " " + c.business }

// parsePage reads a page of chats; false where it is none.
func parsePage(raw []byte) (page, bool) {
	t, ok := parseObject(raw)
	if !ok {
		return page{}, false
	}
	rows, ok := t.objects("chats", "data")
	if !ok {
		return page{}, false
	}
	var p page
	for _, row := range objectsOf(rows) {
		c, ok := parseChat(row)
		if !ok {
			p.odd++
			continue
		}
		p.chats = append(p.chats, c)
	}
	p.odd += len(rows) - len(objectsOf(rows))
	options := t.object("paginationOptions")
	if options.boolean("hasMoreChats") {
		p.next = cursor{id: options.text("nextChatId"), at: options.text("nextChatTimestamp")}
	}
	return p, true
}

func parseChat(row jsonObject) (chat, bool) {
	c := chat{
		customer: row.line(64, "phoneNumber", "customerPhone", "phone"),
		business: row.line(64, "wabaNumber"),
		name:     row.line(data.MaxName, "name", "customerName"),
		lastAt:   row.moment("lastMessageTime", "chatUpdatedTime"),
		updated:  row.line(64, "chatUpdatedTime", "lastMessageTime"),
	}
	phone, err := data.ParsePhone(c.customer, "")
	if err != nil {
		return c, false
	}
	c.phone = phone
	tags, _ := row.objects("tagNames")
	for _, tag := range tags[:min(len(tags), data.MaxTags)] {
		c.tags = append(c.tags, word(tag))
	}
	return c, true
}

// parseMessages reads the messages of a chat in either of the shapes there are;
// false where it is none. What is the system's own is left out.
func parseMessages(raw []byte, of chat) (messages []data.Message, newest data.Moment, ok bool) {
	t, ok := parseObject(raw)
	if !ok {
		return nil, 0, false
	}
	rows, ok := t.objects("messages", "data")
	if !ok {
		return nil, 0, false
	}
	for _, row := range objectsOf(rows) {
		newest = max(newest, row.moment(times...))
		if m, ok := parseMessage(row, of); ok {
			messages = append(messages, m)
		}
	}
	return messages, newest, true
}

// times are the fields in which a message says when it was written.
var times = []string{"messageTime", "timestamp", "createdAt"}

func parseMessage(row jsonObject, of chat) (data.Message, bool) {
	m := data.Message{
		At:       row.moment(times...),
		RemoteID: id(row.text("dtMessageId", "id", "messageId")),
		Business: of.business,
		Status:   statuses[strings.ToUpper(row.text("status", "messageStatus"))],
		Failure:  row.line(maxWords, "failMessage", "failedReason"),
	}
	if phone, err := data.ParsePhone(m.Business, ""); err == nil {
		m.Business = string(phone)
	}
	if other := id(row.text("messageId", "wamid")); other != m.RemoteID {
		m.WhatsAppID = other
	}
	var ok bool
	if m.Direction, ok = direction(row, of); !ok {
		return m, false
	}
	if m.Direction == data.Out {
		m.Author = row.object("senderUser").line(data.MaxName, "name", "userName", "fullName")
	}
	body := row.object("message")
	if body == nil {
		body = jsonObject{"text": row["message"], "messageType": row["messageType"], "url": row["mediaUrl"]}
	}
	describe(&m, body, row)
	if m.RemoteID == "" { // the same every time it comes
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", of.key(), m.At, m.Direction, m.Text))
		m.RemoteID = "fetched-" + hex.EncodeToString(sum[:16])
	}
	return m, true
}

// direction tells which way a message went: by who wrote it, or by whose number
// its sender has.
func direction(row jsonObject, of chat) (data.Direction, bool) {
	switch strings.ToUpper(row.text("messageOriginType", "originType")) {
	case "CUSTOMER":
		return data.In, true
	case "USER", "BOT", "AGENT":
		return data.Out, true
	case "":
	default:
		return "", false
	}
	sender := digits(row.text("sender", "from"))
	recipient := digits(row.text("recipient", "to"))
	switch {
	case sender != "" && sender == digits(of.customer):
		return data.In, true
	case sender != "" && sender == digits(of.business), recipient != "" && recipient == digits(of.customer):
		return data.Out, true
	}
	return "", false
}

func digits(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s), "0")
}

// kinds are the types of message by DoubleTick's names.
var kinds = map[string]data.Kind{
	"TEXT": data.TextMessage, "IMAGE": data.ImageMessage, "VIDEO": data.VideoMessage, "AUDIO": data.AudioMessage,
	"STICKER": data.StickerMessage, "DOCUMENT": data.DocumentMessage, "LOCATION": data.LocationMessage,
	"CONTACTS": data.ContactsMessage, "BUTTON": data.ButtonMessage, "FLOW": data.FlowMessage,
}

// describe fills in what a message carries. What is of no known type is kept as text
// that says so: no message is lost.
func describe(m *data.Message, body, row jsonObject) {
	m.URL = address(body.text("url", "mediaUrl"))
	if m.URL == "" {
		m.URL = address(row.text("mediaUrl"))
	}
	m.File = body.line(maxFile, "fileName", "filename")
	m.Text = data.Clean(body.text("text", "caption", "body", "payload"))
	name := data.CleanLine(body.text("messageType", "type"), 40)
	kind, known := kinds[strings.ToUpper(name)]
	switch {
	case known:
		m.Kind = kind
	case name == "" && m.Text == "" && m.URL != "":
		m.Kind = data.DocumentMessage
	case name == "" && m.Text != "":
		m.Kind = data.TextMessage
	default:
		m.Kind = data.TextMessage
		words := "Unsupported message"
		if name != "" {
			words += " (" + name + ")"
		}
		m.Text = strings.TrimSpace(words + "\n" + m.Text)
	}
}

// id cleans an id. One that is too long counts as missing: cut, it could be
// taken for another.
func id(text string) string {
	clean := data.CleanLine(text, maxID+1)
	if utf8.RuneCountInString(clean) > maxID {
		return ""
	}
	return clean
}

// address returns a web address that can be offered to a browser, or nothing.
func address(raw string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > 4*maxURL || data.CleanLine(raw, maxURL) != raw {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return raw
}

// statuses are the statuses of a text by DoubleTick's names.
var statuses = map[string]data.MessageStatus{
	"SENT": data.Sent, "DELIVERED": data.Delivered, "READ": data.Read, "FAILED": data.Failed,
}

// failures are parts of statuses that say that a text did not go out.
var failures = []string{"FAIL", "ERROR", "REJECT", "INVALID", "UNDELIVER", "EXPIRED", "BLOCK", "DENIED"}

// parseSent is what came of a text that was taken with a 2xx, which can still carry a
// failure; false where the answer is none.
func parseSent(raw []byte) (data.OpResult, bool) {
	t, ok := parseObject(raw)
	if !ok {
		return data.OpResult{}, false
	}
	if list, ok := t.objects("messages"); ok && len(objectsOf(list)) > 0 && t.text("messageId") == "" {
		t = objectsOf(list)[0]
	}
	status := strings.ToUpper(t.line(60, "status"))
	for _, part := range failures {
		if strings.Contains(status, part) {
			return data.OpResult{Kind: data.ResultRejected, Message: failureText(t, status)}, true
		}
	}
	return data.OpResult{Kind: data.ResultOK, Status: max(statuses[status], data.Sent), RemoteID: id(t.text("messageId"))}, true
}

// failureText is why a text failed, in DoubleTick's words.
func failureText(t jsonObject, otherwise string) string {
	if words := t.line(maxWords, "failedReason", "failMessage", "errorMessage", "reason"); words != "" {
		return words
	}
	if words := errorText(t); words != "" {
		return words
	}
	return "DoubleTick could not send it (" + otherwise + ")"
}

// errorText returns the words of an error, which are one or a list.
func errorText(t jsonObject) string {
	if words := t.line(maxWords, "message"); words != "" {
		return words
	}
	list, _ := t.objects("message")
	var all []string
	for _, v := range list[:min(len(list), 10)] {
		if s := data.CleanLine(word(v), maxWords); s != "" {
			all = append(all, s)
		}
	}
	if len(all) > 0 {
		return data.CleanLine(strings.Join(all, "; "), maxWords)
	}
	return t.line(maxWords, "error", "errorMessage")
}

// deliveryStatus is what DoubleTick knows of a text.
type deliveryStatus struct {
	known   bool
	pending bool // it knows of it, but it went nowhere yet
	status  data.MessageStatus
	failure string
}

// parseMessageStatus reads what DoubleTick knows of a text with this id; false where the
// answer is none.
func parseMessageStatus(raw []byte, of string) (deliveryStatus, bool) {
	t, ok := parseObject(raw)
	if !ok {
		return deliveryStatus{}, false
	}
	if inner := t.object("data", "message"); inner != nil {
		t = inner
	}
	f := deliveryStatus{known: true}
	given := func(field string) bool {
		s := t.text(field)
		return s != "" && s != "0" && s != "false"
	}
	switch {
	case given("readAt"):
		f.status = data.Read
	case given("deliveredAt"):
		f.status = data.Delivered
	case given("failedAt") || given("errorCode") && !given("sentAt"):
		f.status, f.failure = data.Failed, failureText(t, "no reason given")
		if code := t.line(20, "errorCode"); code != "" && !strings.Contains(f.failure, code) {
			f.failure += " (" + code + ")"
		}
	case given("sentAt"):
		f.status = data.Sent
	default:
		f.known, f.pending = false, t.text("messageId", "id") == of
	}
	return f, true
}
