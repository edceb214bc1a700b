package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

func host(name string) with { return func(r *http.Request) { r.Host = name } }

// A page in the agent's browser does not reach the server, whatever it asks
// for.
func TestMiddleware_RefusesCrossOrigin(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	w.server.hosts = hostAllowlist{scheme: "http", withPort: map[string]bool{"127.0.0.1:8787": true, "localhost:8787": true, "[::1]:8787": true}, anyPort: []string{"desk.example.net"}}
	const (
		noHost   = `{"statusCode":403,"message":"This host name is not one of the server's","error":"Forbidden"}`
		noOrigin = `{"statusCode":403,"message":"Requests from other web pages are not answered","error":"Forbidden"}`
	)
	here := host("127.0.0.1:8787")
	for _, target := range []string{"/healthz", "/openapi.json", "/docs", "/chats"} {
		for name, c := range map[string]struct {
			status int
			body   string
			how    []with
		}{
			"plain":               {200, "", []with{here}},
			"by name":             {200, "", []with{host("LOCALHOST:8787")}},
			"by IPv6":             {200, "", []with{host("[::1]:8787")}},
			"through a tunnel":    {200, "", []with{host("desk.example.net")}},
			"with a port":         {200, "", []with{host("desk.example.net:443")}},
			"its own page":        {200, "", []with{here, header("Origin", "http://127.0.0.1:8787"), header("Sec-Fetch-Site", "same-origin")}},
			"typed":               {200, "", []with{here, header("Sec-Fetch-Site", "none")}},
			"tunnel's page":       {200, "", []with{host("desk.example.net"), header("Origin", "https://desk.example.net")}},
			"another port":        {403, noHost, []with{host("127.0.0.1:8788")}},
			"no port":             {403, noHost, []with{host("127.0.0.1")}},
			"a name made to fit":  {403, noHost, []with{host("attacker.example:8787")}},
			"a longer name":       {403, noHost, []with{host("127.0.0.1:8787.attacker.example")}},
			"below the tunnel":    {403, noHost, []with{host("x.desk.example.net")}},
			"no host":             {403, noHost, []with{host("")}},
			"another page":        {403, noOrigin, []with{here, header("Origin", "https://attacker.example")}},
			"a page next door":    {403, noOrigin, []with{here, header("Origin", "http://127.0.0.1:3000")}},
			"a page of no origin": {403, noOrigin, []with{here, header("Origin", "null")}},
			"an empty origin":     {403, noOrigin, []with{here, header("Origin", "")}},
			"another way to here": {403, noOrigin, []with{here, header("Origin", "http://localhost:8787")}},
			"a picture":           {403, noOrigin, []with{here, header("Sec-Fetch-Site", "cross-site")}},
			"a picture next door": {403, noOrigin, []with{here, header("Sec-Fetch-Site", "same-site")}},
			"two origins": {403, noOrigin, []with{here, func(r *http.Request) {
				r.Header["Origin"] = []string{"http://127.0.0.1:8787", "https://attacker.example"}
			}}},
		} {
			got := w.asks("GET", target, "", c.how...)
			if got.status != c.status || c.body != "" && got.body != c.body {
				t.Errorf("%s, %s: %d %s", target, name, got.status, got.body)
			}
			if got.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s, %s: a page may read it", target, name)
			}
		}
	}
	w.expects("what a page asks before", w.asks("OPTIONS", "/customer/block", "", here, noKey), 405, `{"statusCode":405,"message":"This path takes POST","error":"Method Not Allowed"}`)
}

// Everything but three pages and the webhook needs the key.
func TestMiddleware_NeedsKey(t *testing.T) {
	w := newWorld(t)
	open := map[string]bool{"/healthz": true, "/openapi.json": true, "/docs": true, "/webhook/{secret}": true}
	for place, item := range w.contract.Paths.Map() {
		for method := range item.Operations() {
			if open[place] {
				continue
			}
			target := strings.NewReplacer("{phone}", "919137979401").Replace(place)
			w.expects(method+" "+place, w.asks(method, target, "not JSON", noKey), 401, `{"statusCode":401,"message":"Unauthorized"}`)
			w.expects(method+" "+place, w.asks(method, target, "not JSON", withKey("wrong")), 401, `{"statusCode":401,"message":"Unauthorized"}`)
		}
	}
	for target := range map[string]bool{"/healthz": true, "/openapi.json": true, "/docs": true} {
		if got := w.asks("GET", target, "", noKey); got.status != 200 {
			t.Errorf("%s: %d", target, got.status)
		}
	}
}

func TestServer_RefusesLargeRequests(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	const large = `{"statusCode":413,"message":"The body is larger than 1 MB","error":"Payload Too Large"}`
	body := func(n int) string { return `{"phone":"+919137979401","x":"` + strings.Repeat("x", n-32) + `"}` }
	if n := len(body(maxBodyBytes)); n != maxBodyBytes {
		t.Fatalf("%d bytes", n)
	}
	w.expects("just so", w.asks("POST", "/customer/block", body(maxBodyBytes)), 201, `{}`)
	w.expects("a byte more", w.asks("POST", "/customer/block", body(maxBodyBytes+1)), 413, large)
	w.expects("of no known size", w.asks("POST", "/customer/block", body(maxBodyBytes+1), func(r *http.Request) { r.ContentLength = -1 }), 413, large)
	w.expects("said to be large", w.asks("POST", "/customer/block", phone(riya), func(r *http.Request) { r.ContentLength = 1 << 40 }), 413, large)
	got := w.asks("POST", "/customer/block", body(maxBodyBytes+1), func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 2, 0 })
	if w.expects("over HTTP/2", got, 413, large); got.header.Get("Connection") != "" {
		t.Error("over HTTP/2 the end of the connection cuts the answer off")
	}
	if got := w.asks("GET", "/healthz", body(maxBodyBytes+1)); got.status != 200 {
		t.Errorf("where none is read: %d", got.status)
	}
}

// patient is an answer that knows until when the server reads.
type patient struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (p *patient) SetReadDeadline(t time.Time) error {
	p.until = t
	return nil
}

// Nobody waits for the rest of a body that will not be looked at: who shows no
// key must not hold a connection with it.
func TestMiddleware_DoesNotWaitForBody(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	for _, c := range []struct {
		target, key string
		status      int
		waits       bool
	}{
		{"/customer/block", w.key, 201, true},
		{"/customer/block", "", 401, false},
		{"/customer/block", "x", 401, false},
		{"/webhook/x", w.key, 404, false},
		{"/chats", w.key, 405, false},
	} {
		r := httptest.NewRequest("POST", "http://example.com"+c.target, strings.NewReader(phone(riya)))
		r.Header.Set("Authorization", c.key)
		got := &patient{ResponseRecorder: httptest.NewRecorder()}
		w.server.handler.ServeHTTP(got, r)
		closes := got.Header().Get("Connection") == "close"
		if got.Code != c.status || closes == c.waits || got.until.IsZero() != c.waits {
			t.Errorf("%s with %.1q: %d, closes: %v, reads until %v", c.target, c.key, got.Code, closes, got.until)
		}
	}
}

// watch is a clock, and a bed in which nobody sleeps long.
type watch struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func (c *watch) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *watch) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *watch) sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	return nil
}

func TestRateLimiter_RefusesBursts(t *testing.T) {
	w := newWorld(t)
	c := &watch{at: start.Time()}
	w.server.limiter = newRateLimiter(10, 20, c.now)
	ask := func(from string) reply {
		return w.asks("GET", "/healthz", "", func(r *http.Request) { r.RemoteAddr = from })
	}
	for i := range 20 {
		if got := ask("192.0.2.1:1000"); got.status != 200 {
			t.Fatalf("request %d: %d", i, got.status)
		}
	}
	got := ask("192.0.2.1:2000")
	w.expects("one more", got, 429, `{"statusCode":429,"message":"Too many requests","error":"Too Many Requests"}`)
	if after := got.header.Get("Retry-After"); after != "1" {
		t.Errorf("again after %q", after)
	}
	if got := ask("192.0.2.2:1000"); got.status != 200 {
		t.Error("another address waits, too")
	}
	c.add(time.Second)
	for i := range 10 {
		if got := ask("192.0.2.1:1000"); got.status != 200 {
			t.Errorf("a second later, request %d: %d", i, got.status)
		}
	}
	if got := ask("192.0.2.1:1000"); got.status != 429 {
		t.Error("the eleventh in a second is answered")
	}
}

// Of addresses beyond number only so many are remembered, and not for long.
func TestRateLimiter_ForgetsClients(t *testing.T) {
	c := &watch{at: start.Time()}
	p := newRateLimiter(10, 20, c.now)
	for i := range maxClients + 500 {
		p.allow(string(rune('a'+i%26)) + strings.Repeat("x", i/26))
	}
	if n := len(p.clients); n > maxClients+1 {
		t.Errorf("%d are remembered", n)
	}
	c.add(2 * clientTTL)
	p.allow("somebody")
	if n := len(p.clients); n != 1 {
		t.Errorf("%d are remembered after a while", n)
	}
}

func TestRateLimiter_DelaysFailedAuth(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	c := &watch{at: start.Time()}
	w.server.limiter = newRateLimiter(requestsPerSecond, requestBurst, c.now)
	w.server.limiter.sleep = c.sleep
	for range 9 {
		w.asks("POST", "/customer/block", phone(riya), withKey("guess"))
	}
	for i, want := range []time.Duration{50, 100, 200, 400, 800, 1600, 2000, 2000, 2000} {
		if c.slept[i] != want*time.Millisecond {
			t.Errorf("wrong key %d is answered after %v", i+1, c.slept[i])
		}
	}
	w.expects("the right key between", w.asks("POST", "/customer/block", phone(riya)), 201, `{}`)
	if len(c.slept) != 9 {
		t.Error("the right key waited")
	}
	w.asks("POST", "/webhook/guess", "{}")
	if len(c.slept) != 10 {
		t.Error("a wrong secret is answered at once")
	}
	c.add(clientTTL + time.Second)
	w.asks("POST", "/customer/block", phone(riya), withKey("guess"))
	if last := c.slept[10]; last != 50*time.Millisecond {
		t.Errorf("after a while it takes %v", last)
	}
}

// A crowd of wrong keys is turned away at once where too many wait already; the
// right key goes through.
func TestRateLimiter_RefusesManyFailedAuths(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	wake, asleep := make(chan struct{}), make(chan struct{}, maxDelayed)
	w.server.limiter.sleep = func(context.Context, time.Duration) error {
		asleep <- struct{}{}
		select {
		case <-wake:
		case <-time.After(waittest.Deadline): // the test has failed by now
		}
		return nil
	}
	var crowd sync.WaitGroup
	for range maxDelayed {
		crowd.Go(func() { w.asks("POST", "/customer/block", phone(riya), withKey("guess")) })
	}
	for range maxDelayed {
		waittest.Receive(t, "a wrong key to be delayed", asleep)
	}
	got := w.asks("POST", "/customer/block", phone(riya), withKey("guess"))
	w.expects("one more", got, 429, `{"statusCode":429,"message":"Too many wrong keys","error":"Too Many Requests"}`)
	w.expects("the right key", w.asks("POST", "/customer/block", phone(riya)), 201, `{}`)
	close(wake)
	waittest.Return(t, "all wrong keys to be answered", crowd.Wait)
}

// What is noted of requests names neither secrets nor customers nor what they
// wrote.
func TestMiddleware_LogsNoSecrets(t *testing.T) {
	log := logTo(t)
	w := newWorld(t)
	w.hears(riya, "Hello")
	secret, err := w.server.webhookSecret.Value()
	w.must(err)
	w.deliver(message("a", "private words"))
	w.asks("POST", "/customer/block", `{"phone":"+919137979401","note":"private words"}`, once("private-key"))
	w.asks("GET", "/customers/919137979401/events", "")
	w.asks("GET", "/customer/status?phone=919137979401", "")
	w.asks("GET", "/919137979401", "")
	w.asks("POST", "/whatsapp/message/text", text(""))
	w.asks("POST", "/customer/block", `{"phone":"919137979401`)
	w.asks("POST", "/customer/block", phone(riya), withKey("private-guess"))
	w.asks("919137979401", "/chats", "")
	w.must(w.store.Close())
	if got := w.asks("GET", "/customer/status?phone=919137979401", ""); got.status != 500 {
		t.Errorf("with a closed database: %d %s", got.status, got.body)
	}
	w.server.requests.flush()
	for _, hidden := range []string{secret, w.key, "9137979401", "private"} {
		if strings.Contains(log.String(), hidden) {
			t.Errorf("%q is noted:\n%s", hidden, log)
		}
	}
	if !strings.Contains(log.String(), "POST /webhook/{secret} 200: 1") {
		t.Errorf("what is noted is\n%s", log)
	}
}

// A handler that panics is an answer, and the server goes on.
func TestMiddleware_SurvivesPanic(t *testing.T) {
	w := newWorld(t)
	w.server.handler = w.server.middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("customer +919137979401") }))
	w.expects("a panic", w.asks("GET", "/healthz", ""), 500, `{"statusCode":500,"message":"Internal server error"}`)
}
