package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Whatever comes in, the answer is one of the contract's, and never that the
// desk failed.

func fuzzed(f *testing.F) *world {
	w := newWorld(f)
	w.hears(riya, "Hello")
	w.asks("POST", "/customer/block", `{"phone":"+919137979401","reason":"Spam"}`)
	w.hears(riya, "held")
	return w
}

// bearable fails where an answer is the desk's own fault.
func (w *world) bearable(t *testing.T, method, target, body string, changes ...with) {
	t.Helper()
	was := w.t
	w.t = t
	defer func() { w.t = was }()
	if got := w.asks(method, target, body, changes...); got.status >= 500 {
		t.Errorf("%s %s %q is answered with %d %s", method, target, body, got.status, got.body)
	}
}

func FuzzBodies(f *testing.F) {
	w := fuzzed(f)
	for _, seed := range []string{
		phone(riya), `{"phone":"+919137979401","reason":"scam","note":"x","until":"7d","agent":"Bo"}`, `{"phones":["+919137979401",""],"until":"2026-08-01T00:00:00Z"}`,
		text(`,"messageId":"` + uuid + `"`), message("a", "x"), `[` + message("b", "y") + `,{"messageId":"a","status":"READ","statusTimestamp":1}]`,
		`{"phone":1e400}`, `[[[]]]`, `{"phone":"\ud800","note":"\u0000\u202e"}`, `{"content":{"text":{}},"to":null}`, `{"a":1,"a":2,"A":3}`, "\xff\xfe", ``, ` `, `null`,
	} {
		f.Add(seed)
	}
	secret, err := w.server.webhookSecret.Value()
	w.must(err)
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range []string{"/customer/block", "/customer/unblock", "/customers/block", "/customers/unblock", "/whatsapp/message/text", "/pairs/1/join", "/pairs/1/keep-apart", "/pairs/1/split", "/pairs/1/ask-again", "/webhook/" + secret} {
			w.bearable(t, "POST", target, body)
		}
	})
}

func FuzzQueries(f *testing.F) {
	w := fuzzed(f)
	for _, seed := range []string{
		"phone=+919137979401", "customerNumber=919137979401&limit=1&held=true", "cursor=1.1", "cursor=9223372036854775807.9223372036854775807", "cursor=-1.-1", "nextChatId=1&nextChatTimestamp=1",
		"limit=0x10", "limit=1&limit=2", "end=week&reason=&agent=%00&search=%25_'\"", "phone=%ff", "%zz", ";", "a;b=c&limit=", "limit=1e3", "held=", "nextChatTimestamp=-9223372036854775808&nextChatId=0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, target := range []string{"/customer/status", "/customers/blocked", "/customers/+919137979401/events", "/chats", "/chat-messages", "/pairs"} {
			w.bearable(t, "GET", target, "", func(r *http.Request) { r.URL.RawQuery = query })
		}
	})
}

func FuzzHeaders(f *testing.F) {
	w := fuzzed(f)
	f.Add("Idempotency-Key", "k")
	f.Add("Authorization", "")
	f.Add("Origin", "http://example.com")
	f.Add("Host", "example.com:80")
	f.Add("Content-Type", "multipart/form-data; boundary=")
	f.Add("Sec-Fetch-Site", "same-origin")
	f.Fuzz(func(t *testing.T, name, value string) {
		w.bearable(t, "POST", "/customer/block", phone(riya), func(r *http.Request) {
			r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			r.Host = value
		})
		w.bearable(t, "POST", "/customer/block", phone(riya), func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = []string{value, value} })
		w.bearable(t, "POST", "/customer/unblock", phone(riya), once(value))
	})
}

func FuzzPaths(f *testing.F) {
	w := fuzzed(f)
	for _, seed := range []string{"/pairs/1/join", "/pairs/9223372036854775808/split", "/pairs/0x1/join", "/customers/+919137979401/events", "/customers/%2B919137979401/events", "/customers//events", "/customers/%2f/events", "/webhook/x", "/webhook/", "/", "", "*", "/../docs", "/docs/", "/customers/{phone}/events"} {
		f.Add("GET", seed)
		f.Add("POST", seed)
	}
	f.Fuzz(func(t *testing.T, method, place string) {
		w.bearable(t, "GET", "/", "", func(r *http.Request) {
			r.Method, r.URL.Path, r.URL.RawPath = method, place, ""
			if method == http.MethodConnect || r.URL.Path == "/events" {
				r.Method, r.URL.Path = "GET", "/"
			}
		})
	})
}

// Whatever a reader says it saw last, a stream begins: after that, or anew.
func FuzzLastEventID(f *testing.F) {
	w := fuzzed(f)
	for _, seed := range []string{"", "0", "1", "3", "4", "-1", "9223372036854775807", "9223372036854775808", "1 ", "+1", "1e1", "x\x00", "0x1", strings.Repeat("1", 64)} {
		f.Add(seed)
	}
	last, err := w.LastChange(context.Background())
	w.must(err)
	f.Fuzz(func(t *testing.T, id string) {
		from, reset, err := w.server.resumeFrom(t.Context(), FollowChangesParams{LastEventID: &id})
		if err != nil || from < 0 || from > last || reset && from != last {
			t.Errorf("%q begins at %d, %v, %v", id, from, reset, err)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"1.1", "0.1", "", ".", "1", "-1.1", "1.0", "9223372036854775808.1", "1.1.1", "+1.1", " 1.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, id, ok := parseCursor(text)
		if !ok {
			return
		}
		if at < 0 || id <= 0 {
			t.Errorf("%q reads as %d, %d", text, at, id)
		}
		if a, i, ok := parseCursor(*formatCursor(at, id)); !ok || a != at || i != id {
			t.Errorf("%q reads as %d, %d, and that as %d, %d", text, at, id, a, i)
		}
	})
}

// A stream with any header ends when its reader goes.
func TestStream_EndsWithClient(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, "GET", "http://example.com/events?after=0", nil)
	r.Header.Set("Authorization", w.key)
	w.server.heartbeat = time.Hour
	w.server.handler.ServeHTTP(httptest.NewRecorder(), r)
	if w.server.streams != 0 {
		t.Error("it is still open")
	}
}
