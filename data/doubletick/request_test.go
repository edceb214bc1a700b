package doubletick

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestNewClient_TakesWhatIsGiven(t *testing.T) {
	usual := NewClient(Config{Base: "https://public.doubletick.io", Key: testKey, Version: "1"})
	defer usual.Close()
	if usual.callTimeout != callTimeout || usual.pageTimeout != pageTimeout || usual.now == nil || usual.sleep == nil {
		t.Errorf("%+v", usual)
	}
	if callTimeout != 20*time.Second || pageTimeout != 30*time.Second {
		t.Errorf("an answer may take %v, a page %v", callTimeout, pageTimeout)
	}
	if many := usual.http.Transport.(*http.Transport); many.TLSHandshakeTimeout != 10*time.Second || many.IdleConnTimeout != time.Minute {
		t.Errorf("a handshake may take %v, and a connection is kept for %v", many.TLSHandshakeTimeout, many.IdleConnTimeout)
	}
	if at := usual.now(); at < start { // any time since this was written
		t.Errorf("the clock shows %v", at)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	defer server.Close()
	var dialled, slept int
	given := NewClient(Config{
		Base: "http://doubletick.invalid", Key: testKey, Version: "1", Timeout: waittest.Deadline,
		Now:   func() data.Moment { return start },
		Sleep: func(context.Context, time.Duration) error { slept++; return nil },
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			dialled++
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
	defer given.Close()
	if given.callTimeout != waittest.Deadline || given.pageTimeout != waittest.Deadline || given.now() != start {
		t.Errorf("%+v", given)
	}
	if _, r := given.MessageStatus(t.Context(), "id"); r.Kind != data.ResultOK || dialled != 1 || slept != 1 {
		t.Errorf("%+v after %d connections and %d pauses", r, dialled, slept)
	}
}

// What goes out is exactly this: DoubleTick is asked nothing that it does not document.
func TestClient_Requests(t *testing.T) {
	var asked string
	api := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"chats":[],"messages":[]}`) })
	api.http.Transport, api.oneShot.Transport = recorder{&asked, api.http.Transport}, recorder{&asked, api.oneShot.Transport}
	const id = "3c176d90-844c-4ac2-a267-5744bb5c1db7"
	for want, ask := range map[string]func(){
		`POST /customer/block application/json {"phone":"+919137979401"}`:                                                                                func() { api.PostStatus(t.Context(), data.OpBlock, riya) },
		`POST /whatsapp/message/text application/json {"to":"+919137979401","from":"+918888888888","messageId":"` + id + `","content":{"text":"Hello"}}`: func() { api.SendText(t.Context(), testNumber, riya, id, "Hello") },
		`GET /whatsapp/message/status?messageId=` + id + `  `:                                                                                            func() { api.MessageStatus(t.Context(), id) },
		`GET /chats?limit=5  `:                                         func() { api.Chats(t.Context(), Cursor{}, 5) },
		`GET /chats?limit=5&nextChatId=a&nextChatTimestamp=b  `:        func() { api.Chats(t.Context(), Cursor{"a", "b"}, 5) },
		`GET /chats?limit=5&nextChatId=a  `:                            func() { api.Chats(t.Context(), Cursor{ID: "a"}, 5) },
		`GET /chat-messages?customerNumber=91&wabaNumber=918888888  `:  func() { api.Messages(t.Context(), Chat{Customer: "91", Business: "918888888"}) },
		`GET /chat-messages?customerNumber=&wabaNumber=918888888888  `: func() { api.Messages(t.Context(), Chat{Business: "918888888888"}) },
	} {
		asked = ""
		if ask(); asked != want {
			t.Errorf("asked is\n%s, want\n%s", asked, want)
		}
	}
}

// recorder notes a request as it is written.
type recorder struct {
	asked *string
	next  http.RoundTripper
}

func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.GetBody != nil {
		content, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	*r.asked = fmt.Sprintf("%s %s %s %s", req.Method, strings.TrimPrefix(req.URL.String(), "http://"+req.URL.Host), req.Header.Get("Content-Type"), body)
	return r.next.RoundTrip(req)
}

// The ends of the ranges of codes.
func TestClient_ResultsAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		code  int
		body  string
		kind  data.ResultKind
		words string
	}{
		{200, `{"statusCode":399}`, data.ResultOK, ""},
		{200, `{"statusCode":400,"message":"No"}`, data.ResultRejected, "No"},
		{200, `{"statusCode":599}`, data.ResultUnknown, "DoubleTick is having problems (599)"},
		{200, `{"statusCode":600}`, data.ResultOK, ""},
		{299, `{}`, data.ResultOK, ""},
		{300, `{}`, data.ResultRetryLater, "The address redirects elsewhere (300), and the key is not sent there"},
		{399, `{}`, data.ResultRetryLater, "The address redirects elsewhere (399), and the key is not sent there"},
		{400, `<html>`, data.ResultRetryLater, "Something that is not DoubleTick answered (400)"},
		{400, `{"message":[],"error":"Bad Request"}`, data.ResultRejected, "Bad Request"},
		{400, `{"message":["a","b"],"error":"Bad Request"}`, data.ResultRejected, "a; b"},
	} {
		api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.code)
			io.WriteString(w, c.body)
		})
		if r := api.PostStatus(t.Context(), data.OpBlock, riya); r.Kind != c.kind || r.Message != c.words {
			t.Errorf("%d %s: %+v", c.code, c.body, r)
		}
	}
}

func TestClient_ReadsTheLongestAnswer(t *testing.T) {
	for extra, want := range map[int]data.ResultKind{0: data.ResultOK, 1: data.ResultUnknown} {
		api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "{}"+strings.Repeat(" ", maxResponse-len("{}")+extra))
		})
		if r := api.PostStatus(t.Context(), data.OpBlock, riya); r.Kind != want {
			t.Errorf("%d bytes too many: %+v", extra, r)
		}
	}
}

func TestClient_SendTextNamesAnotherIDAlone(t *testing.T) {
	for answer, want := range map[string]data.OpResult{
		`{"messageId":"ours"}`:                                  {Kind: data.ResultOK, HTTPStatus: 201, Status: data.Sent},
		`{"messageId":"theirs","status":"DELIVERED"}`:           {Kind: data.ResultOK, HTTPStatus: 201, Status: data.Delivered, RemoteID: "theirs"},
		`{"messages":[{"messageId":"theirs"}]}`:                 {Kind: data.ResultOK, HTTPStatus: 201, Status: data.Sent, RemoteID: "theirs"},
		`{"messageId":"ours","messages":[{"status":"FAILED"}]}`: {Kind: data.ResultOK, HTTPStatus: 201, Status: data.Sent},
		`{"messages":[{"status":"FAILED","reason":"Closed"}]}`:  {Kind: data.ResultRejected, HTTPStatus: 201, Message: "Closed"},
	} {
		api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, answer)
		})
		if got := api.SendText(t.Context(), testNumber, riya, "ours", "Hello"); got.OpResult != want {
			t.Errorf("%s: %+v, want %+v", answer, got.OpResult, want)
		}
	}
}
