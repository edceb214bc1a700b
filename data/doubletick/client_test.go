package doubletick

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

const (
	testKey    = "key_dt_4711"
	testNumber = data.Phone("+918888888888")
	riya       = data.Phone("+919137979401")
	start      = data.Moment(1_784_547_587_000)
)

// serve returns a client of a server that answers everything in one way.
func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then is it seen that the other side went
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	c := NewClient(Config{
		Base: server.URL, Key: testKey, Version: "1.2.3", Timeout: waittest.Deadline,
		Now:   func() data.Moment { return start },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	t.Cleanup(c.Close)
	return c
}

// drop ends the connection of a request with a reset.
func drop(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}
}

// What an answer means, by its code and its body.
func TestClient_Results(t *testing.T) {
	const wrong = `{"statusCode":%d,"message":"%s"}`
	no := func(code int, words string) string { return fmt.Sprintf(wrong, code, words) }
	for _, c := range []struct {
		code        int
		body        string
		block, text data.ResultKind
		link        data.ConnectionState
		words       string // of the block; of the text where the block says nothing
	}{
		{201, `{}`, data.ResultOK, data.ResultOK, data.Online, ""},
		{201, ``, data.ResultOK, data.ResultUnknown, data.Online, ""},
		{200, ``, data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{200, `{"status":"SENT","messageId":"x"}`, data.ResultOK, data.ResultOK, data.Online, ""},
		{200, `{"status":"FAILED","failMessage":"Closed"}`, data.ResultOK, data.ResultRejected, data.Online, ""},
		{200, `{"status":"something new"}`, data.ResultOK, data.ResultOK, data.Online, ""},
		{200, `{"status":7,"messageId":{}}`, data.ResultOK, data.ResultOK, data.Online, ""},
		{200, `{"statusCode":404,"message":"Invalid Customer"}`, data.ResultRejected, data.ResultRejected, data.Online, "Invalid Customer"},
		{200, `<html>`, data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{200, `{"status":`, data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{200, `{} {}`, data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{200, `null`, data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{200, strings.Repeat("[", 20_000), data.ResultUnknown, data.ResultUnknown, data.Offline, "Something that is not DoubleTick answered (200)"},
		{400, `{"statusCode":400,"message":["phone must be a string","and so on"],"error":"Not Found"}`, data.ResultRejected, data.ResultRejected, data.Online, "phone must be a string; and so on"},
		{404, no(404, "Invalid Customer"), data.ResultRejected, data.ResultRejected, data.Online, "Invalid Customer"},
		{422, `{"statusCode":422}`, data.ResultRejected, data.ResultRejected, data.Online, "DoubleTick refused it (422)"},
		{404, `<html>`, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "Something that is not DoubleTick answered (404)"},
		{401, no(401, "Unauthorized"), data.ResultRetryLater, data.ResultRetryLater, data.KeyRefused, "DoubleTick does not accept the key"},
		{401, ``, data.ResultRetryLater, data.ResultRetryLater, data.KeyRefused, "DoubleTick does not accept the key"},
		{403, ``, data.ResultRetryLater, data.ResultRetryLater, data.Online, "DoubleTick refused it (403)"},
		{403, no(403, "Forbidden resource"), data.ResultRejected, data.ResultRejected, data.Online, "Forbidden resource"},
		{403, `{}`, data.ResultRejected, data.ResultRejected, data.Online, "DoubleTick refused it (403)"},
		{403, `no`, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "Something that is not DoubleTick answered (403)"},
		{403, `<html>`, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "Something that is not DoubleTick answered (403)"},
		{408, ``, data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick did not answer"},
		{425, ``, data.ResultRetryLater, data.ResultRetryLater, data.Online, "DoubleTick asks for a pause"},
		{429, no(429, "Too many"), data.ResultRetryLater, data.ResultRetryLater, data.Paused, "DoubleTick asks for a pause"},
		{500, no(500, "Oh"), data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick is having problems (500)"},
		{502, `<html>`, data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick is having problems (502)"},
		{302, ``, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "The address redirects elsewhere (302), and the key is not sent there"},
	} {
		api := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != testKey || r.Header.Get("User-Agent") != "latchdesk/1.2.3" {
				t.Errorf("%v", r.Header)
			}
			if c.code == 302 {
				w.Header().Set("Location", "https://example.com/")
			}
			w.WriteHeader(c.code)
			io.WriteString(w, c.body)
		})
		name := fmt.Sprintf("%d %.60s", c.code, c.body)
		v := api.PostStatus(t.Context(), data.OpBlock, riya)
		if v.Kind != c.block || v.State != c.link || v.Message != c.words || v.HTTPStatus != c.code && v.HTTPStatus != 404 {
			t.Errorf("%s: a block is %+v", name, v)
		}
		if v := api.SendText(t.Context(), testNumber, riya, "id", "Hello"); v.Kind != c.text {
			t.Errorf("%s: a text is %+v", name, v)
		}
	}
}

// Half an answer, none, too much and nobody: each is told from the others.
func TestClient_NoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		words  string
	}{
		"half": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"a":`)
		}, "DoubleTick's answer broke off"},
		"none":     {func(w http.ResponseWriter, _ *http.Request) { drop(w) }, "DoubleTick did not answer"},
		"too late": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "DoubleTick did not answer"},
		"too slow": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "DoubleTick's answer broke off"},
		"too slow, byte by byte": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}, "DoubleTick's answer broke off"},
		"too much":  {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat(" ", maxResponse+2)) }, "DoubleTick's answer broke off"},
		"long head": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) }, "DoubleTick did not answer"},
	} {
		api := serve(t, c.answer)
		if strings.HasPrefix(name, "too") {
			api.callTimeout = 200 * time.Millisecond
		}
		if name == "too much" {
			api.callTimeout = waittest.Deadline
		}
		v := api.PostStatus(t.Context(), data.OpBlock, riya)
		for strings.HasPrefix(name, "too slow") && v.Message != c.words && api.callTimeout < waittest.Deadline { // the machine was slower still
			api.callTimeout *= 4
			v = api.PostStatus(t.Context(), data.OpBlock, riya)
		}
		if v.Kind != data.ResultUnknown || v.HTTPStatus != 0 || v.Message != c.words || v.State != data.Offline {
			t.Errorf("%s: %+v", name, v)
		}
	}
	server := httptest.NewServer(nil)
	server.Close()
	api := NewClient(Config{Base: server.URL, Key: testKey, Version: "1.2.3"})
	if v := api.PostStatus(t.Context(), data.OpBlock, riya); v.Kind != data.ResultNotSent || v.Message != "DoubleTick cannot be reached" || v.State != data.Offline {
		t.Errorf("nobody: %+v", v)
	}
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a stranger got the key") }))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	api = NewClient(Config{Base: secure.URL, Key: testKey, Version: "1.2.3"})
	if v := api.PostStatus(t.Context(), data.OpBlock, riya); v.Kind != data.ResultNotSent {
		t.Errorf("a stranger's certificate: %+v", v)
	}
}

// A redirect is followed by no request: it would take the key to somebody else.
func TestClient_RedirectNotFollowed(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a stranger was asked %s with the key %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer stranger.Close()
	api := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	_, status := api.MessageStatus(t.Context(), "id")
	_, chats := api.Chats(t.Context(), Cursor{}, 1)
	for name, r := range map[string]Result{"block": api.PostStatus(t.Context(), data.OpBlock, riya), "status": status, "chats": chats} {
		if r.Kind != data.ResultRetryLater || r.State != data.Offline || r.HTTPStatus != 307 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "0": 0, "-5": 0, "1.5": 1500 * time.Millisecond,
		"1e99": time.Hour, "86400": time.Hour, "NaN": 0, "Inf": time.Hour, "soon": 0,
		start.Add(90 * time.Second).Time().UTC().Format(http.TimeFormat): 90 * time.Second,
		start.Add(-time.Hour).Time().UTC().Format(http.TimeFormat):       0,
		start.Add(48 * time.Hour).Time().UTC().Format(http.TimeFormat):   time.Hour,
	} {
		if got := retryAfter(text, start); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// What became of a text, by what is said of it.
func TestParseMessageStatus(t *testing.T) {
	for body, want := range map[string]DeliveryStatus{
		`{"messageId":"x","sentAt":"2026-07-20T11:39:47Z"}`:                                {Known: true, Status: data.Sent},
		`{"sentAt":1784547587000,"deliveredAt":1784547588000}`:                             {Known: true, Status: data.Delivered},
		`{"sentAt":1,"deliveredAt":1,"readAt":"2026-07-20","errorCode":5}`:                 {Known: true, Status: data.Read},
		`{"sentAt":1,"failedAt":1784547587000,"failedReason":"Closed","errorCode":131047}`: {Known: true, Status: data.Failed, Failure: "Closed (131047)"},
		`{"messageId":"x","errorCode":131047}`:                                             {Known: true, Status: data.Failed, Failure: "DoubleTick could not send it (no reason given) (131047)"},
		`{"messageId":"x","sentAt":null,"deliveredAt":null}`:                               {Pending: true},
		`{"messageId":"another","sentAt":null}`:                                            {},
		`{}`:                                                                               {},
		`{"data":{"sentAt":5}}`:                                                            {Known: true, Status: data.Sent},
		`{"sentAt":false,"deliveredAt":0,"readAt":{},"failedAt":[]}`:                       {},
	} {
		if got, ok := parseMessageStatus([]byte(body), "x"); !ok || got != want {
			t.Errorf("%s: %+v, %v", body, got, ok)
		}
	}
}
