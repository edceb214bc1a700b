package doubletick

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
)

const (
	// callTimeout is how long an answer may take, and pageTimeout how long a page
	// may, which takes seconds and hangs at times.
	callTimeout = 20 * time.Second
	pageTimeout = 30 * time.Second
	// maxResponse is how many bytes of an answer are read.
	maxResponse = 8 << 20
	// maxIdleConns is how many idle connections are kept.
	maxIdleConns = 4
)

// Client calls the API of one DoubleTick account. It may be used by several
// goroutines.
type Client struct {
	base, key, agent         string
	http                     *http.Client
	oneShot                  *http.Client  // with a connection for each request: net/http repeats one by itself where a used connection broke
	statusLimiter            *rate.Limiter // of requests for the status of texts
	statusSlot               chan struct{} // held while waiting for the limiter
	callTimeout, pageTimeout time.Duration
	now                      func() data.Moment
	sleep                    func(context.Context, time.Duration) error
}

// Config is what a Client is made from. Base, Key and Version are required.
type Config struct {
	Base    string // where the API is, like https://public.doubletick.io
	Key     string
	Version string // of the program, for the User-Agent

	Now     func() data.Moment                                                   // nil for the system's clock
	Sleep   func(context.Context, time.Duration) error                           // nil for clock.Sleep
	Timeout time.Duration                                                        // for each answer; zero for the usual ones
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil for the usual dialer
}

// NewClient returns a client. The caller closes it.
func NewClient(cfg Config) *Client {
	c := &Client{
		base: cfg.Base, key: cfg.Key, agent: "latchdesk/" + cfg.Version,
		statusLimiter: rate.NewLimiter(1, 1), statusSlot: make(chan struct{}, 1),
		callTimeout: callTimeout, pageTimeout: pageTimeout,
		now: cfg.Now, sleep: cfg.Sleep,
	}
	if c.now == nil {
		c.now = func() data.Moment { return data.MomentOf(time.Now()) }
	}
	if c.sleep == nil {
		c.sleep = clock.Sleep
	}
	if cfg.Timeout != 0 {
		c.callTimeout, c.pageTimeout = cfg.Timeout, cfg.Timeout
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	c.statusLimiter.AllowN(c.now().Time(), 1) // the client before may have just asked
	many := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            cfg.Dial,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    maxIdleConns,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
	one := many.Clone()
	one.DisableKeepAlives = true
	// A redirect would take the key to somebody else.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.http = &http.Client{CheckRedirect: stay, Transport: many}
	c.oneShot = &http.Client{CheckRedirect: stay, Transport: one}
	return c
}

// Close closes the idle connections.
func (c *Client) Close() {
	c.http.CloseIdleConnections()
	c.oneShot.CloseIdleConnections()
}

// Result is the result of a request, and what it says about the connection.
type Result struct {
	data.OpResult
	State      data.ConnectionState // Online, Offline, Paused or KeyRefused
	RetryAfter time.Duration        // how long DoubleTick asks to be left alone
}

// reply is the answer to a request, not yet interpreted.
type reply struct {
	sent   bool // something may have reached DoubleTick
	code   int
	header http.Header
	body   []byte
	err    error
}

// call sends one request. Its reply is bounded in time and size.
func (c *Client) call(ctx context.Context, with *http.Client, timeout time.Duration, method, path string, query url.Values, body any) reply {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }})
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return reply{err: err}
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, content)
	if err != nil {
		return reply{err: err}
	}
	req.Header.Set("Authorization", c.key)
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := with.Do(req)
	if err != nil {
		return reply{sent: sent.Load(), err: err}
	}
	defer resp.Body.Close()
	r := reply{sent: true, code: resp.StatusCode, header: resp.Header}
	r.body, r.err = io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if r.err == nil && len(r.body) > maxResponse {
		r.err = errors.New("the answer is too long")
	}
	return r
}

// What the agent reads of a connection that does not work.
const (
	msgUnreachable    = "DoubleTick cannot be reached"
	msgNoAnswer       = "DoubleTick did not answer"
	msgCutOff         = "DoubleTick's answer broke off"
	msgNotDoubleTick  = "Something that is not DoubleTick answered"
	msgKeyRejected    = "DoubleTick does not accept the key"
	msgPauseRequested = "DoubleTick asks for a pause"
)

// interpret returns what a reply means. It parses the body of a 2xx with read, which
// returns false if the body is not an answer of DoubleTick's.
func (c *Client) interpret(r reply, read func([]byte) (data.OpResult, bool)) Result {
	code := r.code
	lost := Result{OpResult: data.OpResult{Kind: data.ResultUnknown, HTTPStatus: code}, State: data.Offline}
	switch {
	case r.err != nil && !r.sent:
		lost.Kind, lost.Message = data.ResultNotSent, msgUnreachable
		return lost
	case code == 0:
		lost.Message = msgNoAnswer
		return lost
	case code < 200 || code >= 300:
		return c.interpretError(r)
	case r.err != nil:
		lost.HTTPStatus, lost.Message = 0, msgCutOff
		return lost
	}
	if o, err := parseObject(r.body); err == nil {
		// A refusal can come with a 2xx.
		if inner, err := strconv.Atoi(o.text("statusCode")); err == nil && inner >= 400 && inner < 600 {
			r.code = inner
			return c.interpretError(r)
		}
	}
	a, ok := read(r.body)
	if !ok {
		lost.Message = fmt.Sprintf("%s (%d)", msgNotDoubleTick, code)
		return lost
	}
	a.HTTPStatus = code
	return Result{OpResult: a, State: data.Online}
}

// interpretError returns what a reply other than a 2xx means. It decides whether a
// request is retried (ResultRetryLater, ResultUnknown) or not (ResultRejected).
func (c *Client) interpretError(r reply) Result {
	o, err := parseObject(r.body)
	a := data.OpResult{HTTPStatus: r.code, Kind: data.ResultRetryLater}
	switch {
	case r.code == 401 && !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("<")):
		a.Message = msgKeyRejected
		return Result{OpResult: a, State: data.KeyRefused}
	case r.code == 403 && len(bytes.TrimSpace(r.body)) == 0: // of this request; the key is 401's
		a.Message = "DoubleTick refused it (403)"
		return Result{OpResult: a, State: data.Online}
	case r.code == 429:
		a.Message = msgPauseRequested
		return Result{OpResult: a, State: data.Paused, RetryAfter: retryAfter(r.header.Get("Retry-After"), c.now())}
	case r.code == 425:
		a.Message = msgPauseRequested
		return Result{OpResult: a, State: data.Online}
	case r.code == 408:
		a.Kind, a.Message = data.ResultUnknown, msgNoAnswer
		return Result{OpResult: a, State: data.Offline}
	case r.code >= 500:
		a.Kind, a.Message = data.ResultUnknown, fmt.Sprintf("DoubleTick is having problems (%d)", r.code)
		return Result{OpResult: a, State: data.Offline, RetryAfter: retryAfter(r.header.Get("Retry-After"), c.now())}
	case r.code >= 400 && err == nil:
		a.Kind, a.Message = data.ResultRejected, errorText(o)
		if a.Message == "" {
			a.Message = fmt.Sprintf("DoubleTick refused it (%d)", r.code)
		}
		return Result{OpResult: a, State: data.Online}
	case r.code >= 300 && r.code < 400:
		a.Message = fmt.Sprintf("The address redirects elsewhere (%d), and the key is not sent there", r.code)
		return Result{OpResult: a, State: data.Offline}
	}
	a.Message = fmt.Sprintf("%s (%d)", msgNotDoubleTick, r.code)
	return Result{OpResult: a, State: data.Offline}
}

// errorText returns the words of an error, which are a string or a list.
func errorText(o object) string {
	if words := o.line(maxReason, "message"); words != "" {
		return words
	}
	list, _ := o.list("message")
	var all []string
	for _, v := range list[:min(len(list), 10)] {
		if s := data.CleanLine(scalar(v), maxReason); s != "" {
			all = append(all, s)
		}
	}
	if len(all) > 0 {
		return data.CleanLine(strings.Join(all, "; "), maxReason)
	}
	return o.line(maxReason, "error", "errorMessage")
}

// maxRetryAfter is the longest pause that DoubleTick can ask for.
const maxRetryAfter = time.Hour

// retryAfter returns the duration of a Retry-After header, which holds seconds or a
// date, and zero if it is neither or is past. It is at most maxRetryAfter.
func retryAfter(text string, now data.Moment) time.Duration {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if !(n > 0) { // NaN, too
			return 0
		}
		return time.Duration(min(n, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(maxRetryAfter, max(0, at.Sub(now.Time())))
}

// PostStatus blocks or unblocks a customer, as op says. Repeating it changes nothing.
func (c *Client) PostStatus(ctx context.Context, op data.Op, phone data.Phone) Result {
	r := c.call(ctx, c.http, c.callTimeout, http.MethodPost, "/customer/"+string(op), nil, struct {
		Phone data.Phone `json:"phone"`
	}{phone})
	return c.interpret(r, func(body []byte) (data.OpResult, bool) {
		_, err := parseObject(body)
		// DoubleTick can answer with an empty body, too; with 200 anybody does.
		ok := err == nil || len(bytes.TrimSpace(body)) == 0 && (r.code == http.StatusCreated || r.code == http.StatusNoContent)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
}
