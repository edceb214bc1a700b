package doubletick

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

// Page is a page of the account's chats.
type Page struct {
	Chats []Chat
	Odd   [][]byte // rows that name nobody, as they came
	Next  Cursor   // where more are; zero where there are none
}

// Cursor is where a page begins, in DoubleTick's own words; zero for the first.
type Cursor struct{ ID, At string }

// Chat is a row of a page.
type Chat struct {
	With     data.Sender
	Customer string // the number as it was written, to ask with; empty where there is none
	Business string // the same of the business number, or a handle
	Tags     []string
	LastAt   data.Moment    // of its last message
	Last     []data.Message // the last message, if the row has it and there is no number to ask with
	Updated  string         // with the key it distinguishes a row from its repetition
}

// Key returns what a chat is known by: a customer can write to several numbers.
func (c Chat) Key() string {
	ids := c.With.Identities()
	if len(ids) == 0 {
		return " " + c.Business
	}
	return string(ids[0].Address) + " " + c.Business
}

// Chats returns the page of at most limit chats that begins at the cursor.
func (c *Client) Chats(ctx context.Context, at Cursor, limit int) (Page, Result) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if at.ID != "" {
		query.Set("nextChatId", at.ID)
	}
	if at.At != "" {
		query.Set("nextChatTimestamp", at.At)
	}
	var p Page
	r := c.interpret(c.call(ctx, c.http, c.pageTimeout, http.MethodGet, "/chats", query, nil), func(body []byte) (a data.OpResult, ok bool) {
		p, ok = parsePage(body)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return p, r
}

// parsePage reads a page of chats; false where raw is none.
func parsePage(raw []byte) (Page, bool) {
	o, err := parseObject(raw)
	if err != nil {
		return Page{}, false
	}
	rows, ok := o.list("chats", "data")
	if !ok {
		return Page{}, false
	}
	var p Page
	for _, raw := range rows {
		row, err := parseObject(raw)
		if err != nil {
			p.Odd = append(p.Odd, raw)
			continue
		}
		if c, ok := parseChat(row); ok {
			p.Chats = append(p.Chats, c)
		} else {
			p.Odd = append(p.Odd, raw)
		}
	}
	if options := o.object("paginationOptions"); options.isTrue("hasMoreChats") {
		p.Next = Cursor{ID: options.text("nextChatId"), At: options.text("nextChatTimestamp")}
	}
	return p, true
}

// parseChat reads a row; false where it names nobody.
//
// A group has its id and its name where a customer has number and name. A row of
// another channel, or of a customer with a username, has null for a number. That the
// row then has the fields of MESSAGE_RECEIVED (userId, username, customerHandle) is
// assumed.
func parseChat(row object) (Chat, bool) {
	c := Chat{
		Customer: cleanShort(row.text("phoneNumber", "customerPhone", "phone"), maxShort),
		Business: row.line(64, "wabaNumber"),
		LastAt:   row.moment("lastMessageTime", "chatUpdatedTime"),
		Updated:  row.line(64, "chatUpdatedTime", "lastMessageTime"),
	}
	name := row.line(data.MaxName, "name", "customerName")
	channel := otherChannel(row)
	switch {
	case isGroupWord(row.text("chatType")):
		c.With = data.Sender{Group: groupID(firstNonEmpty(row.name("groupId"), c.Customer)), GroupName: name}
		c.Customer = firstNonEmpty(c.Customer, c.With.Group)
	case channel != "":
		c.With = data.Sender{Handle: handleOn(channel, row.text("customerHandle", "username", "phoneNumber")), Name: name}
	default:
		c.With = data.Sender{
			UserID:       userID(row.text("userId")),
			ParentUserID: userID(row.text("parentUserId")),
			Portfolio:    cleanShort(row.name("metaBusinessPortfolioId"), maxShort),
			Username:     username(row.name("username")),
			Name:         name,
		}
		if requireSender(&c.With, setFrom(&c.With, c.Customer)) != nil {
			return c, false
		}
		if c.With.Phone == "" {
			c.Customer = "" // it cannot be asked with
		}
	}
	if c.Customer == "" {
		c.Last = lastMessage(row, c)
	}
	tags, _ := row.list("tagNames")
	for _, tag := range tags[:min(len(tags), data.MaxTags)] {
		c.Tags = append(c.Tags, scalar(tag))
	}
	return c, len(c.With.Identities()) > 0
}

// lastMessage returns the last message of a chat as its row has it. Without an id and a
// direction it is left out: delivered again, it could not be recognised.
func lastMessage(row object, of Chat) []data.Message {
	last := row.object("lastMessage")
	if last.name("dtMessageId", "id", "messageId") == "" {
		return nil
	}
	m, ok := parseMessage(last, of)
	if !ok {
		return nil
	}
	if m.At == 0 {
		m.At = of.LastAt
	}
	return []data.Message{m}
}
