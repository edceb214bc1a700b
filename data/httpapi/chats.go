package httpapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// ListChats returns a page of the chats, in DoubleTick's shape.
func (s *Server) ListChats(w http.ResponseWriter, r *http.Request, params ListChatsParams) {
	var after *data.ChatKey
	if params.NextChatID != nil || params.NextChatTimestamp != nil {
		if params.NextChatID == nil || params.NextChatTimestamp == nil {
			writeBadRequest(w, r, "nextChatId and nextChatTimestamp must be sent together")
			return
		}
		id, err := strconv.ParseInt(*params.NextChatID, 10, 64)
		if err != nil {
			writeBadRequest(w, r, "nextChatId is not valid")
			return
		}
		after = &data.ChatKey{ID: id, LastAt: data.Moment(*params.NextChatTimestamp)}
	}
	limit := valueOr(params.Limit, 10)
	chats, err := s.desk.ChatPage(r.Context(), after, limit+1)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	page := ChatPage{Chats: []Chat{}}
	if len(chats) > limit {
		chats = chats[:limit]
		last := chats[limit-1]
		id, at := strconv.FormatInt(last.Customer.ID, 10), int64(last.LastAt)
		page.PaginationOptions = ChatCursor{HasMoreChats: true, NextChatID: &id, NextChatTimestamp: &at}
	}
	ids := make([]int64, len(chats))
	for i, c := range chats {
		ids[i] = c.Customer.ID
	}
	words, err := s.desk.LastWords(r.Context(), ids)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	addresses, err := s.desk.IdentitiesOfAll(r.Context(), ids)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	now := s.desk.Now()
	for _, c := range chats {
		chat := toChat(c, words[c.Customer.ID], now)
		chat.Ids = toIdentities(addresses[c.Customer.ID])
		page.Chats = append(page.Chats, chat)
	}
	writeJSON(w, http.StatusOK, page)
}

// customerServiceWindow is how long after a customer's last message WhatsApp lets a
// business send any text.
const customerServiceWindow = 24 * time.Hour

func toChat(c data.Chat, words data.LastWords, now data.Moment) Chat {
	chat := Chat{
		Name: c.Customer.Name, PhoneNumber: data.NullIfEmpty(string(c.Customer.Phone)), Username: data.NullIfEmpty(c.Customer.Username), UnreadCount: c.Unread, ChatUpdatedTime: int64(c.ShownAt),
		TagNames: append([]string{}, c.Customer.Tags...), EligibleMessageTypes: []ChatEligibleMessageTypes{},
		Status: ChatStatus(c.Customer.Status(now)), HeldCount: c.Customer.Held,
	}
	if m := words.Last; m != nil {
		last, at := toMessage(*m), int64(m.At)
		chat.LastMessage, chat.LastMessageTime, chat.WabaNumber = &last, &at, businessNumber(m)
	}
	if m := words.In; m != nil && chat.WabaNumber == nil {
		chat.WabaNumber = businessNumber(m)
	}
	switch {
	case chat.Status == ChatStatusBlocked:
	case words.In != nil && words.In.At.Add(customerServiceWindow) > now:
		chat.EligibleMessageTypes = append(chat.EligibleMessageTypes, ChatEligibleMessageTypesANY)
	default:
		chat.EligibleMessageTypes = append(chat.EligibleMessageTypes, ChatEligibleMessageTypesTEMPLATE)
	}
	return chat
}

// ListChatMessages returns a page of a chat's messages, in DoubleTick's shape.
func (s *Server) ListChatMessages(w http.ResponseWriter, r *http.Request, params ListChatMessagesParams) {
	q := data.MessageQuery{Held: params.Held != nil && *params.Held}
	if text := textOrEmpty(params.WabaNumber); text != "" {
		business, err := parsePhone(*params.WabaNumber)
		if err != nil {
			writeBadRequest(w, r, "wabaNumber must be a valid phone number")
			return
		}
		q.Business = string(business)
	}
	if params.Cursor != nil {
		at, id, ok := parseCursor(*params.Cursor)
		if !ok {
			writeBadRequest(w, r, invalidCursor)
			return
		}
		q.Before = &data.ItemKey{At: data.Moment(at), ID: id}
	}
	c, ok := s.customer(w, r, "customerNumber", params.CustomerNumber)
	if !ok {
		return
	}
	limit := valueOr(params.Limit, 100)
	q.Customer, q.Limit = c.ID, limit+1
	messages, err := s.desk.MessagePage(r.Context(), q)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	page := MessagePage{Messages: []Message{}}
	if len(messages) > limit {
		messages = messages[:limit]
		last := messages[limit-1]
		page.Next = formatCursor(int64(last.At), last.ID)
	}
	acts, err := s.desk.Acts(r.Context(), messages)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	for _, m := range slices.Backward(messages) {
		page.Messages = append(page.Messages, withActs(toMessage(m), m, acts[m.ID]))
	}
	writeJSON(w, http.StatusOK, page)
}

func toMessage(m data.Message) Message {
	out := Message{
		ID: m.RemoteID, MessageOriginType: MessageMessageOriginTypeCUSTOMER, MessageTime: int64(m.At), WabaNumber: businessNumber(&m), Held: m.Hold == data.IsHeld,
		Message: MessageBody{Text: m.Text, MessageType: strings.ToUpper(string(m.Kind)), MediaURL: data.NullIfEmpty(m.URL), FileName: data.NullIfEmpty(m.File)},
	}
	out.Author = toAuthor(m)
	if out.ID == "" {
		out.ID = "local-" + strconv.FormatInt(m.ID, 10)
	}
	out.ReplyTo = data.NullIfEmpty(m.ReplyTo)
	if m.Untimed {
		out.Untimed = &m.Untimed
	}
	if m.Direction == data.Out {
		status := toMessageStatus(m.Status)
		out.MessageOriginType, out.Status, out.SenderUser = MessageMessageOriginTypeUSER, &status, &SenderUser{Name: m.Author}
		out.FailedReason = data.NullIfEmpty(m.Failure)
	}
	return out
}

// toAuthor returns who wrote a message, nil where it is the customer.
func toAuthor(m data.Message) *Author {
	if m.Author == "" && m.AuthorAddress == "" {
		return nil
	}
	return &Author{Name: data.NullIfEmpty(m.Author), Address: data.NullIfEmpty(string(m.AuthorAddress))}
}

// withActs returns out with what was done to m.
func withActs(out Message, m data.Message, acts *data.Acts) Message {
	if acts == nil {
		return out
	}
	out.Message.Text = acts.Words(m)
	if before := acts.Before(m); before != nil {
		out.EarlierTexts = &before
	}
	if acts.DeletedAt != 0 {
		at := int64(acts.DeletedAt)
		out.DeletedTime = &at
	}
	var reactions []Reaction
	for _, r := range acts.Reactions {
		reaction := Reaction{Emoji: r.Emoji, MessageOriginType: ReactionMessageOriginTypeCUSTOMER, Name: data.NullIfEmpty(r.By), Time: int64(r.At)}
		if r.Direction == data.Out {
			reaction.MessageOriginType = ReactionMessageOriginTypeUSER
		}
		reactions = append(reactions, reaction)
	}
	if reactions != nil {
		out.Reactions = &reactions
	}
	return out
}

// businessNumber returns the business number that a message passed through, in
// E.164 if it can be parsed; nil if there is none.
func businessNumber(m *data.Message) *string {
	if phone, err := parsePhone(m.Business); err == nil {
		return data.NullIfEmpty(string(phone))
	}
	return data.NullIfEmpty(m.Business)
}

// toDetail decodes the detail of an event and keeps numbers as they are written.
func toDetail(e data.Event) map[string]any {
	detail := map[string]any{}
	dec := json.NewDecoder(strings.NewReader(e.Detail))
	dec.UseNumber()
	_ = dec.Decode(&detail) // a broken detail counts as empty
	return detail
}
