package account

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// serve returns a client of a server that answers everything in one way.
func serve(t *testing.T, answer http.HandlerFunc) *client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then is it seen that the other side went
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	c := newClient(server.URL, theKey, "1.2.3", func() data.Moment { return start }, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	t.Cleanup(c.close)
	c.callTimeout, c.pageTimeout = waittest.Deadline, waittest.Deadline
	return c
}

// What an answer means, by its code and its body.
func TestWhatAnAnswerMeans(t *testing.T) {
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
		{401, no(401, "Unauthorized"), data.ResultRetryLater, data.ResultRetryLater, data.KeyRefused, "DoubleTick does not take the key"},
		{403, ``, data.ResultRetryLater, data.ResultRetryLater, data.KeyRefused, "DoubleTick does not take the key"},
		{403, `<html>`, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "Something that is not DoubleTick answered (403)"},
		{408, ``, data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick did not answer"},
		{425, ``, data.ResultRetryLater, data.ResultRetryLater, data.Online, "DoubleTick asks for a pause"},
		{429, no(429, "Too many"), data.ResultRetryLater, data.ResultRetryLater, data.Paused, "DoubleTick asks for a pause"},
		{500, no(500, "Oh"), data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick has trouble of its own (500)"},
		{502, `<html>`, data.ResultUnknown, data.ResultUnknown, data.Offline, "DoubleTick has trouble of its own (502)"},
		{302, ``, data.ResultRetryLater, data.ResultRetryLater, data.Offline, "The address leads elsewhere (302), and the key is not taken there"},
	} {
		api := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != theKey || r.Header.Get("User-Agent") != "latchdesk/1.2.3" {
				t.Errorf("%v", r.Header)
			}
			if c.code == 302 {
				w.Header().Set("Location", "https://example.com/")
			}
			w.WriteHeader(c.code)
			io.WriteString(w, c.body)
		})
		name := fmt.Sprintf("%d %.60s", c.code, c.body)
		v := api.postStatus(t.Context(), data.OpBlock, riya)
		if v.Kind != c.block || v.state != c.link || v.Message != c.words || v.HTTPStatus != c.code && v.HTTPStatus != 404 {
			t.Errorf("%s: a block is %+v", name, v)
		}
		if v := api.sendText(t.Context(), theNumber, riya, "id", "Hello"); v.Kind != c.text {
			t.Errorf("%s: a text is %+v", name, v)
		}
	}
}

// Half an answer, none, too much and nobody: each is told from the others.
func TestAnswersThatDoNotCome(t *testing.T) {
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
		v := api.postStatus(t.Context(), data.OpBlock, riya)
		for name == "too slow" && v.Message != c.words && api.callTimeout < waittest.Deadline { // the machine was slower still
			api.callTimeout *= 4
			v = api.postStatus(t.Context(), data.OpBlock, riya)
		}
		if v.Kind != data.ResultUnknown || v.HTTPStatus != 0 || v.Message != c.words || v.state != data.Offline {
			t.Errorf("%s: %+v", name, v)
		}
	}
	server := httptest.NewServer(nil)
	server.Close()
	api := newClient(server.URL, theKey, "1.2.3", func() data.Moment { return start }, sleep)
	if v := api.postStatus(t.Context(), data.OpBlock, riya); v.Kind != data.ResultNotSent || v.Message != "DoubleTick cannot be reached" || v.state != data.Offline {
		t.Errorf("nobody: %+v", v)
	}
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a stranger got the key") }))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	api = newClient(secure.URL, theKey, "1.2.3", func() data.Moment { return start }, sleep)
	if v := api.postStatus(t.Context(), data.OpBlock, riya); v.Kind != data.ResultNotSent {
		t.Errorf("a stranger's certificate: %+v", v)
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
func TestFate(t *testing.T) {
	for body, want := range map[string]deliveryStatus{
		`{"messageId":"x","sentAt":"2026-07-20T11:39:47Z"}`:                                {known: true, status: data.Sent},
		`{"sentAt":1784547587000,"deliveredAt":1784547588000}`:                             {known: true, status: data.Delivered},
		`{"sentAt":1,"deliveredAt":1,"readAt":"2026-07-20","errorCode":5}`:                 {known: true, status: data.Read},
		`{"sentAt":1,"failedAt":1784547587000,"failedReason":"Closed","errorCode":131047}`: {known: true, status: data.Failed, failure: "Closed (131047)"},
		`{"messageId":"x","errorCode":131047}`:                                             {known: true, status: data.Failed, failure: "DoubleTick could not send it (no reason given) (131047)"},
		`{"messageId":"x","sentAt":null,"deliveredAt":null}`:                               {pending: true},
		`{"messageId":"another","sentAt":null}`:                                            {},
		`{}`:                                                                               {},
		`{"data":{"sentAt":5}}`:                                                            {known: true, status: data.Sent},
		`{"sentAt":false,"deliveredAt":0,"readAt":{},"failedAt":[]}`:                       {},
	} {
		if got, ok := parseMessageStatus([]byte(body), "x"); !ok || got != want {
			t.Errorf("%s: %+v, %v", body, got, ok)
		}
	}
}

// The test of a connection says what it found, or what is wrong.
func TestTry(t *testing.T) {
	there := newStandIn(func() data.Moment { return start })
	defer there.server.Close()
	try := func() string {
		t.Helper()
		found, err := TestConnection(t.Context(), there.server.URL, theKey, "1.2.3")
		if err != nil {
			return err.Error()
		}
		return found.Text(theNumber)
	}
	if got := try(); got != "Connected. The account has no chats yet." {
		t.Errorf("%s", got)
	}
	there.writes(bare(riya), "CUSTOMER", "a", "Hello", start)
	if got := try(); got != "Connected. Business number: +91 88888 88888." {
		t.Errorf("%s", got)
	}
	there.chats[0]["wabaNumber"] = "14155550123"
	if got := try(); got != "Connected, but the chats seen came to +1 415-555-0123, not to +91 88888 88888." {
		t.Errorf("%s", got)
	}
	for f, want := range map[fault]string{
		refusedKey: "DoubleTick does not take the key.", broken: "DoubleTick has trouble of its own (500).", htmlYes: "Something that is not DoubleTick answered (200).",
		dropBefore: "DoubleTick did not answer.", tooMany: "DoubleTick asks for a pause.",
	} {
		there.fail(func(string, string) fault { return f })
		if got := try(); got != want {
			t.Errorf("%s: %s", f, got)
		}
	}
	if n := len(there.blocked) + len(there.texts); n != 0 {
		t.Errorf("%d things were changed", n)
	}
	for _, c := range []struct{ base, key string }{{"http://example.com", theKey}, {"https://example.com", ""}, {"https://example.com", "two words"}} {
		if _, err := TestConnection(t.Context(), c.base, c.key, "1"); err == nil {
			t.Errorf("%+v", c)
		}
	}
}
