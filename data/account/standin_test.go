package account

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	theKey    = "key_dt_4711"
	theNumber = data.Phone("+918888888888")
	start     = data.Moment(1_784_547_587_000)
)

// fault is what goes wrong with one request.
type fault string

const (
	none         fault = ""
	dropAfter    fault = "the work is done, and the connection dropped"
	dropBefore   fault = "the connection is dropped before the work"
	silent       fault = "the work is done, and the answer too late"
	html         fault = "a page of somebody else"
	htmlYes      fault = "a page of somebody else, with 200"
	half         fault = "the work is done, and half the answer comes"
	tooMany      fault = "429 with Retry-After"
	tooManyPlain fault = "429"
	broken       fault = "500"
	brokenAfter  fault = "500 though the work is done"
	gateway      fault = "502 as a page"
	refusedKey   fault = "401"
	elsewhere    fault = "a redirect"
	empty        fault = "an empty answer with 200"
	oddTypes     fault = "JSON that is no object"
)

var faults = []fault{dropAfter, dropBefore, silent, html, htmlYes, half, tooMany, tooManyPlain, broken, brokenAfter, gateway, refusedKey, elsewhere, empty, oddTypes}

// standIn behaves as DoubleTick does, its vices included.
type standIn struct {
	most   int // chats on a later page with which it does not fail; zero for any
	server *httptest.Server
	off    atomic.Bool
	conns  sync.Map // the client's ends of connections, by their addresses

	mu      sync.Mutex
	now     func() data.Moment
	next    func(method, path string) fault // of a request; nil for none
	key     string
	blocked map[string]bool
	unknown map[string]bool // customers it does not know
	texts   map[string]*text
	order   map[string][]string // what was done for a customer, in order
	clean   map[string]int      // blocks and unblocks that were answered as they should be
	asked   []string            // all requests, as they came
	chats   []map[string]any
	history map[string][]map[string]any // messages by customer
	closed  map[string]bool             // whose 24 hours are over: a failure within a 2xx
	second  bool                        // messages come in the other shape
	pages   int                         // requests for a page
	status  []data.Moment               // when the status of texts was asked for
	problem []string                    // what a client must not do
}

// text is one that arrived.
type text struct {
	to, from, body string
	times          int // that it was delivered
	sentAt         data.Moment
}

func newStandIn(now func() data.Moment) *standIn {
	s := &standIn{
		now: now, key: theKey, blocked: map[string]bool{}, unknown: map[string]bool{}, texts: map[string]*text{},
		order: map[string][]string{}, clean: map[string]int{}, history: map[string][]map[string]any{}, closed: map[string]bool{},
	}
	s.server = httptest.NewServer(s)
	return s
}

// dial reaches the stand-in, unless it is switched off.
func (s *standIn) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.off.Load() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		s.conns.Store(conn.LocalAddr().String(), conn)
	}
	return conn, err
}

// turnOff has nothing listen any more, until turnOn.
func (s *standIn) turnOff() {
	s.off.Store(true)
	s.server.CloseClientConnections()
}

func (s *standIn) turnOn() { s.off.Store(false) }

// fail has the requests from now on go wrong as next says.
func (s *standIn) fail(next func(method, path string) fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = next
}

// requests are all there were.
func (s *standIn) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

func (s *standIn) say(w http.ResponseWriter, code int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write(raw)
}

func (s *standIn) refuse(w http.ResponseWriter, code int, message any) {
	s.say(w, code, map[string]any{"statusCode": code, "message": message})
}

func drop(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.(*net.TCPConn).SetLinger(0) // a reset, not an end
		conn.Close()
	}
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := none
	if s.next != nil {
		f = s.next(r.Method, r.URL.Path)
	}
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "latchdesk/") || strings.Contains(r.URL.String(), theKey) {
		s.problem = append(s.problem, "a request without a name, or with the key in its address")
	}
	switch f {
	case dropBefore:
		drop(w)
		return
	case html:
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, "<!DOCTYPE html><h1>Down</h1>")
		return
	case htmlYes:
		io.WriteString(w, "<!DOCTYPE html><h1>Log in to this network</h1>")
		return
	case tooMany:
		w.Header().Set("Retry-After", "7")
		s.refuse(w, 429, "ThrottlerException: Too Many Requests")
		return
	case tooManyPlain:
		s.refuse(w, 429, "Too Many Requests")
		return
	case broken:
		s.refuse(w, 500, "Internal server error")
		return
	case gateway:
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "<html>502</html>")
		return
	case refusedKey:
		s.refuse(w, 401, "Unauthorized")
		return
	case elsewhere:
		http.Redirect(w, r, "https://example.com/", http.StatusFound)
		return
	case empty:
		return
	case oddTypes:
		io.WriteString(w, `[true, null, 1e999]`)
		return
	}
	if r.Header.Get("Authorization") != s.key {
		s.refuse(w, 401, "Unauthorized")
		return
	}
	answer := httptest.NewRecorder()
	s.work(answer, r, body)
	switch f {
	case dropAfter:
		drop(w)
	case silent:
		// The client's time is up at once: a short one of the clock's would be up
		// for other requests, too, where the machine is slow.
		if conn, ok := s.conns.Load(r.RemoteAddr); ok {
			_ = conn.(net.Conn).SetReadDeadline(time.Now())
		}
		s.mu.Unlock()
		<-r.Context().Done()
		s.mu.Lock()
	case half:
		w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()+10))
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
		drop(w)
	case brokenAfter:
		s.refuse(w, 500, "Internal server error")
	default:
		if answer.Code == 201 && strings.HasPrefix(r.URL.Path, "/customer/") {
			var ask struct{ Phone string }
			json.Unmarshal(body, &ask)
			s.clean[ask.Phone]++
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	}
}

func (s *standIn) work(w http.ResponseWriter, r *http.Request, body []byte) {
	switch r.Method + " " + r.URL.Path {
	case "POST /customer/block", "POST /customer/unblock":
		s.setStatus(w, strings.TrimPrefix(r.URL.Path, "/customer/"), body)
	case "POST /whatsapp/message/text":
		s.takeText(w, body)
	case "GET /whatsapp/message/status":
		s.tellStatus(w, r.URL.Query())
	case "GET /chats":
		s.tellChats(w, r.URL.Query())
	case "GET /chat-messages":
		s.tellMessages(w, r.URL.Query())
	default:
		s.refuse(w, 404, "Cannot "+r.Method+" "+r.URL.Path)
	}
}

func (s *standIn) setStatus(w http.ResponseWriter, act string, body []byte) {
	var ask map[string]any
	json.Unmarshal(body, &ask)
	phone, ok := ask["phone"].(string)
	if !ok || len(phone) < 10 || len(phone) > 15 {
		s.say(w, 400, map[string]any{"statusCode": 400, "message": []string{"phone must be a string"}, "error": "Not Found"})
		return
	}
	if s.unknown[phone] {
		s.refuse(w, 404, "Invalid Customer")
		return
	}
	s.blocked[phone] = act == "block"
	s.order[phone] = append(s.order[phone], act)
	s.say(w, 201, struct{}{})
}

func (s *standIn) takeText(w http.ResponseWriter, body []byte) {
	var ask struct {
		To, From, MessageID string
		Content             struct{ Text string }
		TemplateName        any
	}
	if err := json.Unmarshal(body, &ask); err != nil || ask.Content.Text == "" || ask.TemplateName != nil {
		s.problem = append(s.problem, "no text: "+string(body))
		s.refuse(w, 422, "content.text should not be empty")
		return
	}
	if s.closed[ask.To] {
		s.say(w, 201, map[string]any{"recipient": ask.To, "status": "FAILED", "messageId": ask.MessageID, "failedReason": "Re-engagement message (131047)"})
		return
	}
	t := s.texts[ask.MessageID]
	if t == nil {
		t = &text{to: ask.To, from: ask.From, body: ask.Content.Text, sentAt: s.now()}
		s.texts[ask.MessageID] = t
		s.order[ask.To] = append(s.order[ask.To], ask.Content.Text)
	}
	t.times++ // nothing says that it would notice
	s.say(w, 201, map[string]any{"recipient": ask.To, "status": "SENT", "messageId": ask.MessageID, "somethingNew": []int{1}})
}

func (s *standIn) tellStatus(w http.ResponseWriter, q url.Values) {
	now := s.now()
	if n := len(s.status); n > 0 && now-s.status[n-1] < 1000 {
		s.problem = append(s.problem, fmt.Sprintf("the status of texts is asked for twice within %d ms", now-s.status[n-1]))
	}
	s.status = append(s.status, now)
	t := s.texts[q.Get("messageId")]
	if t == nil {
		s.refuse(w, 404, "Message not found")
		return
	}
	s.say(w, 200, map[string]any{"messageId": q.Get("messageId"), "sentAt": t.sentAt, "deliveredAt": nil, "readAt": nil, "failedAt": nil})
}

// tellChats returns pages by a cursor that repeats the last row of the page before,
// and ignores every filter.
func (s *standIn) tellChats(w http.ResponseWriter, q url.Values) {
	s.pages++
	limit, from := 10, 0
	fmt.Sscan(q.Get("limit"), &limit)
	if limit < 1 || limit > 100 {
		s.refuse(w, 422, "limit must be between 1 and 100")
		return
	}
	fmt.Sscan(strings.TrimPrefix(q.Get("nextChatId"), "chat-"), &from)
	if from > 0 && s.most > 0 && limit > s.most {
		s.refuse(w, 504, "Gateway Timeout")
		return
	}
	if from > 0 && q.Get("nextChatTimestamp") == "" {
		s.problem = append(s.problem, "a cursor without its time")
	}
	if from > 0 {
		from-- // the row before comes again
	}
	rows := s.chats[min(from, len(s.chats)):min(from+limit, len(s.chats))]
	options := map[string]any{"hasMoreChats": false}
	if from+limit < len(s.chats) {
		options = map[string]any{"hasMoreChats": true, "nextChatId": fmt.Sprint("chat-", from+limit), "nextChatTimestamp": start}
	}
	s.say(w, 200, map[string]any{"chats": rows, "paginationOptions": options, "unknownField": map[string]any{}})
}

func (s *standIn) tellMessages(w http.ResponseWriter, q url.Values) {
	rows := slices.Clone(s.history[q.Get("customerNumber")])
	slices.Reverse(rows) // the order is not guaranteed
	if s.second {
		for i, row := range rows {
			rows[i] = otherShape(row, q)
		}
	}
	s.say(w, 200, map[string]any{"messages": rows})
}

// otherShape is the row as the description has it.
func otherShape(row map[string]any, q url.Values) map[string]any {
	from, to := q.Get("customerNumber"), q.Get("wabaNumber")
	if row["messageOriginType"] != "CUSTOMER" {
		from, to = to, from
	}
	if row["messageOriginType"] == "SYSTEM" {
		from, to = "system", ""
	}
	at := data.Moment(0)
	fmt.Sscan(fmt.Sprint(row["messageTime"]), &at)
	return map[string]any{
		"messageId": row["id"], "sender": from, "recipient": to, "message": row["message"].(map[string]any)["text"],
		"mediaUrl": nil, "timestamp": at.Time().UTC().Format(time.RFC3339Nano), "status": "DELIVERED",
	}
}

// writes puts a message into a chat of the account; origin is CUSTOMER, USER or
// SYSTEM.
func (s *standIn) writes(customer, origin, id, words string, at data.Moment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := map[string]any{
		"id": id, "messageOriginType": origin, "messageTime": int64(at), "message": map[string]any{"text": words, "messageType": "TEXT"},
		"senderUser": map[string]any{"name": "Bo of the web"},
	}
	s.history[customer] = append(s.history[customer], row)
	i := slices.IndexFunc(s.chats, func(c map[string]any) bool { return c["phoneNumber"] == customer })
	if i < 0 {
		s.chats = append(s.chats, map[string]any{"phoneNumber": customer, "wabaNumber": strings.TrimPrefix(string(theNumber), "+"), "name": "C " + customer, "tagNames": []any{"new", nil, 7}, "isDone": "maybe"})
		i = len(s.chats) - 1
	}
	c := s.chats[i]
	last, _ := c["lastMessageTime"].(int64)
	c["lastMessageTime"], c["chatUpdatedTime"] = max(int64(at), last), int64(at)
	s.chats = slices.Insert(slices.Delete(s.chats, i, i+1), 0, c) // what moved last stands first
}
