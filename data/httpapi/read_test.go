package httpapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const unknown = `{"statusCode":404,"message":"Invalid Customer"}`

func (w *world) misses(target, why string) {
	w.t.Helper()
	w.expects(target, w.asks("GET", target, ""), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Bad Request"}`)
}

func TestServer_CustomerStatus(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	st := read[CustomerStatus](w, w.asks("GET", "/customer/status"+query("phone", string(riya)), ""))
	if st.Status != CustomerStatusStatusActive || st.Name != "Riya D" || st.Phone == nil || *st.Phone != string(riya) || st.BlockedAt != nil || st.BlockedBy != nil {
		t.Errorf("%+v", st)
	}
	w.asks("POST", "/customer/block", `{"phone":"+919137979401","reason":"Scam","note":"n","until":"1h","agent":"Bo"}`)
	w.hears(riya, "Let me in")
	for _, target := range []string{query("phone", string(riya)), "?phone=+919137979401", "?phone=919137979401", "?phone=00919137979401"} {
		st = read[CustomerStatus](w, w.asks("GET", "/customer/status"+target, ""))
		if st.Status != CustomerStatusStatusBlocked || *st.BlockedBy != "Bo" || *st.Reason != "Scam" || *st.Note != "n" || st.Held != 1 ||
			data.MomentOf(*st.BlockedAt) != start || data.MomentOf(*st.Until) != start.Add(time.Hour) {
			t.Errorf("%s: %+v", target, st)
		}
	}
	w.at.Add(time.Hour.Milliseconds())
	if st = read[CustomerStatus](w, w.asks("GET", "/customer/status?phone=919137979401", "")); st.Status != CustomerStatusStatusActive {
		t.Errorf("after its end: %+v", st)
	}
	w.expects("a stranger", w.asks("GET", "/customer/status"+query("phone", string(ada)), ""), 404, unknown)
	w.misses("/customer/status", "phone must be a string")
	w.misses("/customer/status?phone=", "phone must be a valid phone number")
	w.misses("/customer/status?phone=riya", "phone must be a valid phone number")
	w.misses("/customer/status?phone="+strings.Repeat("9", 65), "phone must be a valid phone number")
	w.misses("/customer/status?phone="+strings.Repeat("9", 257), "phone must be shorter than or equal to 256 characters")
}

// blockedPages reads the list to its end and gives the numbers on it.
func (w *world) blockedPages(filter string) (phones []string) {
	w.t.Helper()
	for cursor := ""; ; {
		page := read[BlockedPage](w, w.asks("GET", "/customers/blocked?"+filter+cursor, ""))
		for _, c := range page.Customers {
			phones = append(phones, *c.Phone)
		}
		if page.Next == nil {
			return phones
		}
		cursor = "&cursor=" + *page.Next
	}
}

func TestServer_BlockedPages(t *testing.T) {
	w := newWorld(t)
	if got := w.blockedPages(""); len(got) != 0 {
		t.Errorf("%v are blocked", got)
	}
	var all []string
	for i := range 25 {
		p := data.Phone(fmt.Sprintf("+4670%07d", i))
		c, err := w.Add(t.Context(), data.Address(p), fmt.Sprint("Number ", i))
		w.must(err)
		ask := data.BlockRequest{Reason: []string{"Spam", "Scam", ""}[i%3]}
		if i%5 == 0 {
			ask.Until = start.Add(12 * time.Hour)
		}
		_, err = w.Block(t.Context(), data.Actor{Kind: data.AgentActor, Name: []string{"Bo", "Asha"}[i%2], Channel: data.ViaWindow}, c.ID, ask)
		w.must(err)
		all = append([]string{string(p)}, all...)
		if i%4 != 0 {
			w.at.Add(1) // some at the same moment
		}
	}
	for _, limit := range []int{1, 3, 25, 26, 1000} {
		if got := w.blockedPages(fmt.Sprint("limit=", limit)); !slices.Equal(got, all) {
			t.Errorf("by %d: %v", limit, got)
		}
	}
	for filter, want := range map[string]int{"reason=spam&limit=2": 9, "reason=&limit=2": 8, "reason=Unheard": 0, "agent=Bo&limit=5": 13, "end=day": 5, "end=none": 20, "end=week": 5, "end=review": 0, "search=Number+1": 12, "unknown=x": 25} {
		if got := w.blockedPages(filter); len(got) != want {
			t.Errorf("%s: %d, want %d", filter, len(got), want)
		}
	}
	page := read[BlockedPage](w, w.asks("GET", "/customers/blocked?limit=10", ""))
	w.asks("POST", "/customer/unblock", phone(data.Phone(*page.Customers[9].Phone))) // where the next page begins
	if rest := read[BlockedPage](w, w.asks("GET", "/customers/blocked?limit=10&cursor="+*page.Next, "")); *rest.Customers[0].Phone != all[10] {
		t.Errorf("the next page begins with %+v", rest.Customers[0])
	}
	w.misses("/customers/blocked?limit=0", "limit must not be less than 1")
	w.misses("/customers/blocked?limit=1001", "limit must not be greater than 1000")
	w.misses("/customers/blocked?limit=ten", "limit must be an integer number")
	w.misses("/customers/blocked?limit=99999999999999999999999", "limit must be an integer number")
	w.misses("/customers/blocked?end=soon", "end must be one of the following values: none, day, week, review")
	for _, cursor := range []string{"x", "1", "1.", ".1", "1.x", "-1.5", "1.0", "99999999999999999999.1", "1.1.1"} {
		w.misses("/customers/blocked?cursor="+cursor, invalidCursor)
	}
}

func TestServer_CustomerEvents(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	for i := range 5 {
		w.at.Add(1000)
		w.asks("POST", "/customer/block", fmt.Sprintf(`{"phone":"+919137979401","note":"%d <&>","until":"7d"}`, i))
		w.asks("POST", "/customer/unblock", phone(riya))
	}
	var got []Event
	for cursor := ""; ; {
		page := read[EventPage](w, w.asks("GET", "/customers/+919137979401/events?limit=3"+cursor, ""))
		got = append(got, page.Events...)
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + *page.Next
	}
	want, err := w.Events(t.Context(), id)
	w.must(err)
	slices.Reverse(want)
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i, e := range want {
		if g := got[i]; g.Seq != e.Seq || g.Hash != fmt.Sprintf("%x", e.Hash) || g.Prev != fmt.Sprintf("%x", e.Prev) || g.Text != e.Text() ||
			data.MomentOf(g.At) != e.At || g.Way != EventWayAPI || g.ActorKind != EventActorKindAPI || g.Phone != string(riya) {
			t.Errorf("got  %+v\nwant %+v", g, e)
		}
	}
	if note, until := got[1].Detail["note"], got[1].Detail["until"]; note != "4 <&>" || until == nil {
		t.Errorf("%v", got[1].Detail)
	}
	w.expects("a stranger", w.asks("GET", "/customers/442079460958/events", ""), 404, unknown)
	w.misses("/customers/riya/events", "phone must be a valid phone number")
	w.misses("/customers/919137979401/events?cursor=0", invalidCursor)
}

// chatPages reads the chats to the end.
func (w *world) chatPages(limit int) (chats []Chat) {
	w.t.Helper()
	for cursor := ""; ; {
		page := read[ChatPage](w, w.asks("GET", fmt.Sprintf("/chats?limit=%d%s", limit, cursor), ""))
		chats = append(chats, page.Chats...)
		next := page.PaginationOptions
		if next.HasMoreChats != (next.NextChatID != nil) || next.HasMoreChats != (next.NextChatTimestamp != nil) {
			w.t.Fatalf("%+v", next)
		}
		if !next.HasMoreChats {
			return chats
		}
		cursor = fmt.Sprintf("&nextChatId=%s&nextChatTimestamp=%d", *next.NextChatID, *next.NextChatTimestamp)
	}
}

func TestServer_Chats(t *testing.T) {
	w := newWorld(t)
	if got := w.chatPages(10); len(got) != 0 {
		t.Errorf("%v", got)
	}
	id := w.hears(riya, "Where is my parcel?")
	w.must(w.SetTags(t.Context(), id, []string{"vip", "late"}))
	w.at.Add(1000)
	_, err := w.Send(t.Context(), asha, id, "On its way")
	w.must(err)
	for i := range 12 {
		w.hears(data.Phone(fmt.Sprintf("+4670%07d", i)), "Hej")
		if i%3 == 0 {
			w.at.Add(1)
		}
	}
	chats := w.chatPages(5)
	if len(chats) != 13 {
		t.Fatalf("%d chats", len(chats))
	}
	last := chats[12]
	if *last.PhoneNumber != string(riya) || last.Name != "Riya D" || *last.WabaNumber != "+918888888888" || !slices.Equal(last.TagNames, []string{"late", "vip"}) ||
		last.UnreadCount != 1 || *last.LastMessageTime != int64(start)+1000 || last.LastMessage.Message.Text != "On its way" || *last.LastMessage.Status != MessageStatusKEPT ||
		last.LastMessage.SenderUser.Name != "Asha" || last.LastMessage.MessageOriginType != MessageMessageOriginTypeUSER || !slices.Equal(last.EligibleMessageTypes, []ChatEligibleMessageTypes{ChatEligibleMessageTypesANY}) {
		t.Errorf("%+v %+v", last, last.LastMessage)
	}
	w.at.Add(25 * time.Hour.Milliseconds())
	if last = w.chatPages(100)[12]; !slices.Equal(last.EligibleMessageTypes, []ChatEligibleMessageTypes{ChatEligibleMessageTypesTEMPLATE}) {
		t.Errorf("after a day: %v", last.EligibleMessageTypes)
	}
	w.asks("POST", "/customer/block", phone(riya))
	w.hears(riya, "Held")
	last = w.chatPages(100)[12] // still
	if *last.PhoneNumber != string(riya) || last.Status != ChatStatusBlocked || len(last.EligibleMessageTypes) != 0 || last.HeldCount != 1 || last.LastMessage.Message.Text != "On its way" ||
		last.ChatUpdatedTime != w.at.Load() || *last.LastMessageTime != int64(start)+1000 {
		t.Errorf("blocked: %+v", last)
	}
	w.misses("/chats?nextChatId=5", "nextChatId and nextChatTimestamp must be sent together")
	w.misses("/chats?nextChatId=x&nextChatTimestamp=1", "nextChatId is not valid")
	w.misses("/chats?nextChatId=99999999999999999999&nextChatTimestamp=1", "nextChatId is not valid")
	w.misses("/chats?limit=101", "limit must not be greater than 100")
	w.misses("/chats?nextChatId=5&nextChatTimestamp=now", "nextChatTimestamp must be an integer number")
}

// messagePages reads a chat to its beginning and gives its texts, oldest first.
func (w *world) messagePages(filter string) (texts []string) {
	w.t.Helper()
	for cursor := ""; ; {
		page := read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", string(riya))+filter+cursor, ""))
		var some []string
		for _, m := range page.Messages {
			some = append(some, m.Message.Text)
		}
		texts = append(some, texts...)
		if page.Next == nil {
			return texts
		}
		cursor = "&cursor=" + *page.Next
	}
}

func TestServer_ChatMessages(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "1")
	var want []string
	for i := 1; i <= 9; i++ {
		want = append(want, fmt.Sprint(i))
		switch {
		case i == 1:
		case i%2 == 0:
			_, err := w.Send(t.Context(), asha, id, fmt.Sprint(i))
			w.must(err)
		default:
			w.hears(riya, fmt.Sprint(i))
		}
		if i%3 == 0 {
			w.at.Add(1000)
		}
	}
	for _, limit := range []int{1, 2, 4, 9, 1000} {
		if got := w.messagePages(fmt.Sprint("&limit=", limit)); !slices.Equal(got, want) {
			t.Errorf("by %d: %v", limit, got)
		}
	}
	w.asks("POST", "/customer/block", phone(riya))
	w.hears(riya, "held")
	if got := w.messagePages(""); !slices.Equal(got, want) {
		t.Errorf("what is held is given: %v", got)
	}
	if got := w.messagePages("&held=true&limit=2"); !slices.Equal(got, append(slices.Clone(want), "held")) {
		t.Errorf("what is held is not given: %v", got)
	}
	if got := w.messagePages("&wabaNumber=918888888888"); !slices.Equal(got, []string{"1", "3", "5", "7", "9"}) {
		t.Errorf("by business number: %v", got)
	}
	_, err := w.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: ada}, Message: data.Message{Kind: data.TextMessage, Text: "old", RemoteID: "old", Business: "918888888888"}}})
	w.must(err)
	if old := read[MessagePage](w, w.asks("GET", "/chat-messages?customerNumber=442079460958&wabaNumber=918888888888", "")).Messages; len(old) != 1 || *old[0].WabaNumber != "+918888888888" {
		t.Errorf("kept without a plus sign: %+v", old)
	}
	m := read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", string(riya), "limit", "1", "held", "true"), "")).Messages[0]
	if !m.Held || m.MessageOriginType != MessageMessageOriginTypeCUSTOMER || m.Message.MessageType != "TEXT" || m.ID != "remote 6" || m.Status != nil || m.SenderUser != nil {
		t.Errorf("%+v", m)
	}
	w.expects("a stranger", w.asks("GET", "/chat-messages?customerNumber=46701234567", ""), 404, unknown)
	w.misses("/chat-messages", "customerNumber must be a string")
	w.misses("/chat-messages?customerNumber=919137979401&wabaNumber=x", "wabaNumber must be a valid phone number")
	w.misses("/chat-messages?customerNumber=919137979401&held=maybe", "held must be a boolean value")
	w.misses("/chat-messages?customerNumber=919137979401&cursor=x", invalidCursor)
}
