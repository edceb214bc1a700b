package doubletick

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// Messages returns the messages of a chat, in no certain order, and the time of
// the newest row, which can be one of the system's own that is left out. Only a chat
// with a number to ask with has any: see Chat.Customer. That a group's messages are
// asked for by its id is assumed.
func (c *Client) Messages(ctx context.Context, of Chat) (messages []data.Message, newest data.Moment, r Result) {
	query := url.Values{"wabaNumber": {of.Business}, "customerNumber": {of.Customer}}
	r = c.interpret(c.call(ctx, c.http, c.pageTimeout, http.MethodGet, "/chat-messages", query, nil), func(body []byte) (a data.OpResult, ok bool) {
		messages, newest, ok = parseMessages(body, of)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return messages, newest, r
}

// parseMessages reads the messages of a chat in either of the shapes there are;
// false where raw is neither.
func parseMessages(raw []byte, of Chat) (messages []data.Message, newest data.Moment, ok bool) {
	o, err := parseObject(raw)
	if err != nil {
		return nil, 0, false
	}
	rows, ok := o.list("messages", "data")
	if !ok {
		return nil, 0, false
	}
	for _, row := range objectsOf(rows) {
		newest = max(newest, row.moment(timeFields...))
		if m, ok := parseMessage(row, of); ok {
			messages = append(messages, m)
		}
	}
	return messages, newest, true
}

// timeFields are the fields in which a message says when it was written.
var timeFields = []string{"messageTime", "timestamp", "createdAt"}

// parseMessage reads a row; false where it is neither the customer's nor ours.
func parseMessage(row object, of Chat) (data.Message, bool) {
	m := data.Message{
		At:       row.moment(timeFields...),
		RemoteID: cleanID(row.name("dtMessageId", "id", "messageId")),
		Business: businessNumber(of.Business),
		Failure:  row.line(maxReason, "failMessage", "failedReason"),
	}
	m.Status, _ = parseStatus(row.text("status", "messageStatus"))
	if other := cleanID(row.name("messageId", "wamid")); other != m.RemoteID {
		m.WhatsAppID = other
	}
	var ok bool
	if m.Direction, ok = direction(row, of); !ok {
		return m, false
	}
	switch {
	case m.Direction == data.Out:
		m.Author = userName(row.object("senderUser"))
	case of.With.Group != "":
		m.AuthorAddress = memberAddress(row, of)
		m.Author = memberName(row, m.AuthorAddress)
	}
	body := row.object("message")
	if body == nil {
		body = object{"text": row.field("message"), "messageType": row.field("messageType")}
	}
	if webURL(body.text("url", "mediaUrl")) == "" {
		body["mediaUrl"], body["url"] = row.field("mediaUrl"), nil
	}
	fillContent(&m, body)
	if m.RemoteID == "" { // the same every time it comes
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", of.Key(), m.At, m.Direction, m.Text))
		m.RemoteID = "fetched-" + hex.EncodeToString(sum[:16])
	}
	return m, true
}

// userName returns the name of one of the account's users.
func userName(user object) string {
	return user.line(data.MaxName, "name", "userName", "fullName")
}

// memberObjects are the objects in which a row may tell of the member who wrote. Which
// of them the name stands in is not documented.
var memberObjects = []string{"contact", "senderContact", "participant", "senderUser", "customer"}

// memberName returns what the member of a group who wrote is called: by name, or else
// by address.
func memberName(row object, address data.Address) string {
	for _, field := range memberObjects {
		if name := userName(row.object(field)); name != "" {
			return name
		}
	}
	if name := row.line(data.MaxName, "senderName", "participantName", "customerName"); name != "" {
		return name
	}
	if address != "" {
		return string(address)
	}
	return data.CleanLine(row.text(memberFields...), data.MaxName)
}

// memberFields are the fields in which a row may name the member who wrote by number or
// user id: sender is documented, and the others are those of a delivery.
var memberFields = []string{"sender", "from", "participant"}

// memberAddress returns the address of the member of a group who wrote, and nothing
// where the row has none: the group's own id and the business are nobody's.
func memberAddress(row object, of Chat) data.Address {
	candidates := []string{row.text(memberFields[0]), row.text(memberFields[1]), row.text(memberFields[2])}
	for _, field := range memberObjects {
		candidates = append(candidates, row.object(field).text("phoneNumber", "phone"))
	}
	for _, text := range append(candidates, row.text("userId")) {
		if id := userID(text); id != "" {
			return data.Address(id)
		}
		phone, err := deliveredPhone(text)
		if err == nil && !strings.HasSuffix(text, groupMark) && !slices.Contains([]string{digits(of.With.Group), digits(of.Customer), digits(of.Business)}, digits(string(phone))) {
			return data.Address(phone)
		}
	}
	return ""
}

// direction returns which way a message went: by who wrote it, or by whose number
// its sender has.
func direction(row object, of Chat) (data.Direction, bool) {
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
	case sender != "" && sender == digits(of.Customer):
		return data.In, true
	case of.With.Group != "" && sender != "" && sender != digits(of.Business):
		return data.In, true
	case sender != "" && sender == digits(of.Business), recipient != "" && recipient == digits(of.Customer):
		return data.Out, true
	}
	return "", false
}

// digits returns the digits of a number, without the zeros it begins with.
func digits(number string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number), "0")
}
