// Package accounttest provides a desk that is joined to a DoubleTick account of its
// own making, for tests.
package accounttest

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

// The account's key and business number, and the moment at which tests begin.
const (
	Key    = "key_dt_4711"
	Number = data.Phone("+918888888888")
	Start  = data.Moment(1_784_547_587_000)
)

// Fault is what goes wrong with one request.
type Fault string

// The faults there are.
const (
	None         Fault = ""
	DropAfter    Fault = "the work is done, and the connection dropped"
	DropBefore   Fault = "the connection is dropped before the work"
	Silent       Fault = "the work is done, and the answer too late"
	HTML         Fault = "a page of somebody else"
	HTMLOK       Fault = "a page of somebody else, with 200"
	Half         Fault = "the work is done, and half the answer comes"
	TooMany      Fault = "429 with Retry-After"
	TooManyPlain Fault = "429"
	Broken       Fault = "500"
	BrokenAfter  Fault = "500 though the work is done"
	Gateway      Fault = "502 as a page"
	RefusedKey   Fault = "401"
	Redirect     Fault = "a redirect"
	Empty        Fault = "an empty answer with 200"
	OddTypes     Fault = "JSON that is no object"
)

// Faults are all but None.
var Faults = []Fault{DropAfter, DropBefore, Silent, HTML, HTMLOK, Half, TooMany, TooManyPlain, Broken, BrokenAfter, Gateway, RefusedKey, Redirect, Empty, OddTypes}

// Server behaves as DoubleTick does, its vices included.
type Server struct {
	MaxPage int // chats on a later page with which it does not fail; zero for any
	HTTP    *httptest.Server
	Off     atomic.Bool
	conns   sync.Map // the client's ends of connections, by their addresses

	Mu            sync.Mutex
	now           func() data.Moment
	next          func(method, path string) Fault // of a request; nil for none
	Key           string
	Blocked       map[string]bool
	Unknown       map[string]bool // customers it does not know
	Forbidden     map[string]bool // customers it answers with 403, key or no key
	StatusLag     time.Duration   // how long it does not know a text that arrived
	Texts         map[string]*Text
	Order         map[string][]string // what was done for a customer, in order
	Clean         map[string]int      // blocks and unblocks that were answered as they should be
	Asked         []string            // all requests, as they came
	Chats         []map[string]any
	History       map[string][]map[string]any // messages by customer
	Closed        map[string]bool             // whose 24 hours are over: a failure within a 2xx
	SecondShape   bool                        // messages come in the other shape
	pages         int                         // requests for a page
	StatusAskedAt []data.Moment               // when the status of texts was asked for
	Problems      []string                    // what a client must not do
}

// Text is one that arrived.
type Text struct {
	To, From, Body string
	Times          int // that it was delivered
	SentAt         data.Moment
}

// NewServer returns a stand-in that listens. Its clock is now.
func NewServer(now func() data.Moment) *Server {
	s := &Server{
		now: now, Key: Key, Blocked: map[string]bool{}, Unknown: map[string]bool{}, Forbidden: map[string]bool{}, Texts: map[string]*Text{},
		Order: map[string][]string{}, Clean: map[string]int{}, History: map[string][]map[string]any{}, Closed: map[string]bool{},
	}
	s.HTTP = httptest.NewServer(s)
	return s
}

// Dial connects to the stand-in, unless it is turned off.
func (s *Server) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.Off.Load() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err == nil {
		s.conns.Store(conn.LocalAddr().String(), conn)
	}
	return conn, err
}

// TurnOff has every connection refused, until TurnOn.
func (s *Server) TurnOff() {
	s.Off.Store(true)
	s.HTTP.CloseClientConnections()
}

// TurnOn ends TurnOff.
func (s *Server) TurnOn() { s.Off.Store(false) }

// Fail has the requests from now on go wrong as next returns; nil for none.
func (s *Server) Fail(next func(method, path string) Fault) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.next = next
}

// Requests returns all requests so far.
func (s *Server) Requests() []string {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return slices.Clone(s.Asked)
}

// WriteJSON answers a request.
func (s *Server) WriteJSON(w http.ResponseWriter, code int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	write(w, raw)
}

// WriteError answers a request with an error as DoubleTick words it.
func (s *Server) WriteError(w http.ResponseWriter, code int, message any) {
	s.WriteJSON(w, code, map[string]any{"statusCode": code, "message": message})
}

// write writes a body; nobody is left to be told where the client went away.
func write(w http.ResponseWriter, body []byte) { _, _ = w.Write(body) }

// drop ends the connection of a request with a reset.
func drop(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}

// ServeHTTP answers a request, or lets the fault happen that is its turn.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.Mu.Lock()
	defer s.Mu.Unlock()
	f := None
	if s.next != nil {
		f = s.next(r.Method, r.URL.Path)
	}
	s.Asked = append(s.Asked, r.Method+" "+r.URL.Path)
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "latchdesk/") || strings.Contains(r.URL.String(), Key) {
		s.Problems = append(s.Problems, "a request without a name, or with the key in its address")
	}
	switch f {
	case DropBefore:
		drop(w)
		return
	case HTML:
		w.WriteHeader(http.StatusServiceUnavailable)
		write(w, []byte("<!DOCTYPE html><h1>Down</h1>"))
		return
	case HTMLOK:
		write(w, []byte("<!DOCTYPE html><h1>Log in to this network</h1>"))
		return
	case TooMany:
		w.Header().Set("Retry-After", "7")
		s.WriteError(w, 429, "ThrottlerException: Too Many Requests")
		return
	case TooManyPlain:
		s.WriteError(w, 429, "Too Many Requests")
		return
	case Broken:
		s.WriteError(w, 500, "Internal server error")
		return
	case Gateway:
		w.WriteHeader(http.StatusBadGateway)
		write(w, []byte("<html>502</html>"))
		return
	case RefusedKey:
		s.WriteError(w, 401, "Unauthorized")
		return
	case Redirect:
		http.Redirect(w, r, "https://example.com/", http.StatusFound)
		return
	case Empty:
		return
	case OddTypes:
		write(w, []byte(`[true, null, 1e999]`))
		return
	}
	if r.Header.Get("Authorization") != s.Key {
		s.WriteError(w, 401, "Unauthorized")
		return
	}
	answer := httptest.NewRecorder()
	s.serve(answer, r, body)
	switch f {
	case DropAfter:
		drop(w)
	case Silent:
		// The client's time is up at once: a short one of the clock's would be up
		// for other requests, too, where the machine is slow.
		if conn, ok := s.conns.Load(r.RemoteAddr); ok {
			_ = conn.(net.Conn).SetReadDeadline(time.Now())
		}
		s.Mu.Unlock()
		<-r.Context().Done()
		s.Mu.Lock()
	case Half:
		w.Header().Set("Content-Length", fmt.Sprint(answer.Body.Len()+10))
		w.WriteHeader(answer.Code)
		write(w, answer.Body.Bytes()[:answer.Body.Len()/2])
		drop(w)
	case BrokenAfter:
		s.WriteError(w, 500, "Internal server error")
	default:
		if answer.Code == 201 && strings.HasPrefix(r.URL.Path, "/customer/") {
			var ask struct{ Phone string }
			_ = json.Unmarshal(body, &ask)
			s.Clean[ask.Phone]++
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		write(w, answer.Body.Bytes())
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	switch r.Method + " " + r.URL.Path {
	case "POST /customer/block", "POST /customer/unblock":
		s.serveBlock(w, strings.TrimPrefix(r.URL.Path, "/customer/"), body)
	case "POST /whatsapp/message/text":
		s.serveText(w, body)
	case "GET /whatsapp/message/status":
		s.serveStatus(w, r.URL.Query())
	case "GET /chats":
		s.serveChats(w, r.URL.Query())
	case "GET /chat-messages":
		s.serveMessages(w, r.URL.Query())
	default:
		s.WriteError(w, 404, "Cannot "+r.Method+" "+r.URL.Path)
	}
}

func (s *Server) serveBlock(w http.ResponseWriter, act string, body []byte) {
	var ask map[string]any
	_ = json.Unmarshal(body, &ask) // without a phone it is refused
	phone, ok := ask["phone"].(string)
	if !ok || len(phone) < 10 || len(phone) > 15 {
		s.WriteJSON(w, 400, map[string]any{"statusCode": 400, "message": []string{"phone must be a string"}, "error": "Not Found"})
		return
	}
	if s.Unknown[phone] {
		s.WriteError(w, 404, "Invalid Customer")
		return
	}
	if s.Forbidden[phone] {
		s.WriteError(w, 403, "Forbidden resource")
		return
	}
	s.Blocked[phone] = act == "block"
	s.Order[phone] = append(s.Order[phone], act)
	s.WriteJSON(w, 201, struct{}{})
}

func (s *Server) serveText(w http.ResponseWriter, body []byte) {
	var ask struct {
		To, From, MessageID string
		Content             struct{ Text string }
		TemplateName        any
	}
	if err := json.Unmarshal(body, &ask); err != nil || ask.Content.Text == "" || ask.TemplateName != nil {
		s.Problems = append(s.Problems, "no text: "+string(body))
		s.WriteError(w, 422, "content.text should not be empty")
		return
	}
	if s.Closed[ask.To] {
		s.WriteJSON(w, 201, map[string]any{"recipient": ask.To, "status": "FAILED", "messageId": ask.MessageID, "failedReason": "Re-engagement message (131047)"})
		return
	}
	t := s.Texts[ask.MessageID]
	if t == nil {
		t = &Text{To: ask.To, From: ask.From, Body: ask.Content.Text, SentAt: s.now()}
		s.Texts[ask.MessageID] = t
		s.Order[ask.To] = append(s.Order[ask.To], ask.Content.Text)
	}
	t.Times++ // nothing says that it would notice
	s.WriteJSON(w, 201, map[string]any{"recipient": ask.To, "status": "SENT", "messageId": ask.MessageID, "somethingNew": []int{1}})
}

func (s *Server) serveStatus(w http.ResponseWriter, q url.Values) {
	now := s.now()
	if n := len(s.StatusAskedAt); n > 0 && now-s.StatusAskedAt[n-1] < 1000 {
		s.Problems = append(s.Problems, fmt.Sprintf("the status of texts is asked for twice within %d ms", now-s.StatusAskedAt[n-1]))
	}
	s.StatusAskedAt = append(s.StatusAskedAt, now)
	t := s.Texts[q.Get("messageId")]
	if t == nil || now < t.SentAt.Add(s.StatusLag) {
		s.WriteError(w, 404, "Message not found")
		return
	}
	s.WriteJSON(w, 200, map[string]any{"messageId": q.Get("messageId"), "sentAt": t.SentAt, "deliveredAt": nil, "readAt": nil, "failedAt": nil})
}

// serveChats returns pages by a cursor that repeats the last row of the page before,
// and ignores every filter.
func (s *Server) serveChats(w http.ResponseWriter, q url.Values) {
	s.pages++
	limit, from := 10, 0
	_, _ = fmt.Sscan(q.Get("limit"), &limit)
	if limit < 1 || limit > 100 {
		s.WriteError(w, 422, "limit must be between 1 and 100")
		return
	}
	_, _ = fmt.Sscan(strings.TrimPrefix(q.Get("nextChatId"), "chat-"), &from)
	if from > 0 && s.MaxPage > 0 && limit > s.MaxPage {
		s.WriteError(w, 504, "Gateway Timeout")
		return
	}
	if from > 0 && q.Get("nextChatTimestamp") == "" {
		s.Problems = append(s.Problems, "a cursor without its time")
	}
	if from > 0 {
		from-- // the row before comes again
	}
	rows := s.Chats[min(from, len(s.Chats)):min(from+limit, len(s.Chats))]
	options := map[string]any{"hasMoreChats": false}
	if from+limit < len(s.Chats) {
		options = map[string]any{"hasMoreChats": true, "nextChatId": fmt.Sprint("chat-", from+limit), "nextChatTimestamp": Start}
	}
	s.WriteJSON(w, 200, map[string]any{"chats": rows, "paginationOptions": options, "unknownField": map[string]any{}})
}

func (s *Server) serveMessages(w http.ResponseWriter, q url.Values) {
	rows := slices.Clone(s.History[q.Get("customerNumber")])
	slices.Reverse(rows) // the order is not guaranteed
	if s.SecondShape {
		for i, row := range rows {
			rows[i] = otherShape(row, q)
		}
	}
	s.WriteJSON(w, 200, map[string]any{"messages": rows})
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
	_, _ = fmt.Sscan(fmt.Sprint(row["messageTime"]), &at)
	return map[string]any{
		"messageId": row["id"], "sender": from, "recipient": to, "message": row["message"].(map[string]any)["text"],
		"mediaUrl": nil, "timestamp": at.Time().UTC().Format(time.RFC3339Nano), "status": "DELIVERED",
	}
}

// AddMessage adds a message to a chat of the account; origin is CUSTOMER, USER or
// SYSTEM.
func (s *Server) AddMessage(customer, origin, id, words string, at data.Moment) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	row := map[string]any{
		"id": id, "messageOriginType": origin, "messageTime": int64(at), "message": map[string]any{"text": words, "messageType": "TEXT"},
		"senderUser": map[string]any{"name": "Bo of the web"},
	}
	s.History[customer] = append(s.History[customer], row)
	i := slices.IndexFunc(s.Chats, func(c map[string]any) bool { return c["phoneNumber"] == customer })
	if i < 0 {
		s.Chats = append(s.Chats, map[string]any{"phoneNumber": customer, "wabaNumber": strings.TrimPrefix(string(Number), "+"), "name": "C " + customer, "tagNames": []any{"new", nil, 7}, "isDone": "maybe"})
		i = len(s.Chats) - 1
	}
	c := s.Chats[i]
	last, _ := c["lastMessageTime"].(int64)
	c["lastMessageTime"], c["chatUpdatedTime"] = max(int64(at), last), int64(at)
	s.Chats = slices.Insert(slices.Delete(s.Chats, i, i+1), 0, c) // what moved last stands first
}
