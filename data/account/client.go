package account

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
)

const (
	// callTimeout is how long an answer may take; a page of chats takes seconds, and
	// hangs at times.
	callTimeout = 20 * time.Second
	pageTimeout = 30 * time.Second
	// maxResponse is how much of an answer is read.
	maxResponse = 8 << 20
	// perPage is the most chats a page was ever seen to work with.
	perPage = 50
	// perSmallPage is what is asked for where a page of that size did not come.
	perSmallPage = 10
)

// client asks one DoubleTick account.
type client struct {
	base, key, agent         string
	joined                   data.Moment // the account that it asks
	http                     *http.Client
	oneShot                  *http.Client  // which asks a question once: Go repeats one on its own where a used connection broke
	statusLimiter            *rate.Limiter // of asking for the status of texts
	statusSlot               chan struct{} // who asks for it
	callTimeout, pageTimeout time.Duration
	now                      func() data.Moment
	sleep                    func(context.Context, time.Duration) error
}

func newClient(base, key, version string, now func() data.Moment, pause func(context.Context, time.Duration) error) *client {
	many := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    maxInFlight,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
	one := many.Clone()
	one.DisableKeepAlives = true
	turn := rate.NewLimiter(1, 1)
	turn.AllowN(now().Time(), 1) // the one before may have just asked
	// Who is sent elsewhere would carry the key there.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{
		base: base, key: key, agent: "latchdesk/" + version,
		statusLimiter: turn, statusSlot: make(chan struct{}, 1), now: now, sleep: pause,
		callTimeout: callTimeout, pageTimeout: pageTimeout,
		http:    &http.Client{CheckRedirect: stay, Transport: many},
		oneShot: &http.Client{CheckRedirect: stay, Transport: one},
	}
}

// dialer makes a connection.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// setDialer has all connections made in another way.
func (c *client) setDialer(dial dialer) {
	for _, by := range []*http.Client{c.http, c.oneShot} {
		by.Transport.(*http.Transport).DialContext = dial
	}
}

// close ends the connections that wait to be used again.
func (c *client) close() {
	c.http.CloseIdleConnections()
	c.oneShot.CloseIdleConnections()
}

// outcome is what came of asking, and what that tells of the link.
type outcome struct {
	data.OpResult
	state      data.ConnectionState
	retryAfter time.Duration // how long DoubleTick asks to be left alone
}

// reply is what came back, as it came.
type reply struct {
	sent   bool // something may have reached DoubleTick
	code   int
	header http.Header
	body   []byte
	err    error
}

// call sends one request. What comes back is bounded in time and size.
func (c *client) call(ctx context.Context, by *http.Client, long time.Duration, method, path string, query url.Values, body any) reply {
	ctx, cancel := context.WithTimeout(ctx, long)
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
	resp, err := by.Do(req)
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

// What the agent reads of a link that does not hold.
const (
	msgUnreachable    = "DoubleTick cannot be reached"
	msgNoAnswer       = "DoubleTick did not answer"
	msgCutOff         = "DoubleTick's answer broke off"
	msgNotDoubleTick  = "Something that is not DoubleTick answered"
	msgKeyRejected    = "DoubleTick does not take the key"
	msgPauseRequested = "DoubleTick asks for a pause"
)

// interpret makes of a reply what it means. What took asks is read by read, which
// tells false where that is no answer of DoubleTick's.
func (c *client) interpret(r reply, read func([]byte) (data.OpResult, bool)) outcome {
	code := r.code
	lost := outcome{OpResult: data.OpResult{Kind: data.ResultUnknown, HTTPStatus: code}, state: data.Offline}
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
	if t, ok := parseObject(r.body); ok {
		// A no can come as a yes.
		if inner, err := strconv.Atoi(t.text("statusCode")); err == nil && inner >= 400 && inner < 600 {
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
	return outcome{OpResult: a, state: data.Online}
}

// interpretError makes of a reply that is no 2xx what it means.
func (c *client) interpretError(r reply) outcome {
	t, ours := parseObject(r.body)
	a := data.OpResult{HTTPStatus: r.code, Kind: data.ResultRetryLater}
	switch {
	case (r.code == 401 || r.code == 403) && !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("<")):
		a.Message = msgKeyRejected
		return outcome{OpResult: a, state: data.KeyRefused}
	case r.code == 429:
		a.Message = msgPauseRequested
		return outcome{OpResult: a, state: data.Paused, retryAfter: retryAfter(r.header.Get("Retry-After"), c.now())}
	case r.code == 425:
		a.Message = msgPauseRequested
		return outcome{OpResult: a, state: data.Online}
	case r.code == 408:
		a.Kind, a.Message = data.ResultUnknown, msgNoAnswer
		return outcome{OpResult: a, state: data.Offline}
	case r.code >= 500:
		a.Kind, a.Message = data.ResultUnknown, fmt.Sprintf("DoubleTick has trouble of its own (%d)", r.code)
		return outcome{OpResult: a, state: data.Offline, retryAfter: retryAfter(r.header.Get("Retry-After"), c.now())}
	case r.code >= 400 && ours:
		a.Kind, a.Message = data.ResultRejected, errorText(t)
		if a.Message == "" {
			a.Message = fmt.Sprintf("DoubleTick refused it (%d)", r.code)
		}
		return outcome{OpResult: a, state: data.Online}
	case r.code >= 300 && r.code < 400:
		a.Message = fmt.Sprintf("The address leads elsewhere (%d), and the key is not taken there", r.code)
		return outcome{OpResult: a, state: data.Offline}
	}
	a.Message = fmt.Sprintf("%s (%d)", msgNotDoubleTick, r.code)
	return outcome{OpResult: a, state: data.Offline}
}

// maxRetryAfter is how long DoubleTick can ask to be left alone.
const maxRetryAfter = time.Hour

// retryAfter reads seconds or a date; zero where it is neither, or past.
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

// postStatus tells of a block or an unblock.
func (c *client) postStatus(ctx context.Context, act data.Op, phone data.Phone) outcome {
	r := c.call(ctx, c.http, c.callTimeout, http.MethodPost, "/customer/"+string(act), nil, struct {
		Phone data.Phone `json:"phone"`
	}{phone})
	return c.interpret(r, func(body []byte) (data.OpResult, bool) {
		_, ok := parseObject(body)
		// Nothing is what DoubleTick says, too; with 200 it is what anybody says.
		ok = ok || len(bytes.TrimSpace(body)) == 0 && (r.code == http.StatusCreated || r.code == http.StatusNoContent)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
}

// sendText sends a text, by an id of ours.
func (c *client) sendText(ctx context.Context, from, to data.Phone, id, text string) outcome {
	type content struct {
		Text string `json:"text"`
	}
	r := c.call(ctx, c.http, c.callTimeout, http.MethodPost, "/whatsapp/message/text", nil, struct {
		To      data.Phone `json:"to"`
		From    data.Phone `json:"from"`
		ID      string     `json:"messageId"`
		Content content    `json:"content"`
	}{to, from, id, content{text}})
	v := c.interpret(r, parseSent)
	if v.RemoteID == id {
		v.RemoteID = ""
	}
	return v
}

// getMessageStatus asks what became of a text, at most once a second.
func (c *client) getMessageStatus(ctx context.Context, id string) (deliveryStatus, outcome) {
	went := outcome{OpResult: data.OpResult{Kind: data.ResultUnknown, Message: msgNoAnswer}, state: data.Offline}
	select {
	case <-ctx.Done():
		return deliveryStatus{}, went
	case c.statusSlot <- struct{}{}:
		defer func() { <-c.statusSlot }()
	}
	if err := c.sleep(ctx, c.statusLimiter.ReserveN(c.now().Time(), 1).DelayFrom(c.now().Time())); err != nil {
		return deliveryStatus{}, went
	}
	r := c.call(ctx, c.oneShot, c.callTimeout, http.MethodGet, "/whatsapp/message/status", url.Values{"messageId": {id}}, nil)
	var f deliveryStatus
	v := c.interpret(r, func(body []byte) (a data.OpResult, ok bool) {
		f, ok = parseMessageStatus(body, id)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return f, v // a no means that it is not known
}

// fetchPage fetches a page of chats.
func (c *client) fetchPage(ctx context.Context, at cursor, limit int) (page, outcome) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if at.id != "" {
		query.Set("nextChatId", at.id)
	}
	if at.at != "" {
		query.Set("nextChatTimestamp", at.at)
	}
	var p page
	v := c.interpret(c.call(ctx, c.http, c.pageTimeout, http.MethodGet, "/chats", query, nil), func(body []byte) (a data.OpResult, ok bool) {
		p, ok = parsePage(body)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return p, v
}

// fetchMessages fetches the messages of a chat, and tells when the newest of
// them was written, of those too that are the system's own.
func (c *client) fetchMessages(ctx context.Context, of chat) (messages []data.Message, newest data.Moment, v outcome) {
	query := url.Values{"wabaNumber": {of.business}, "customerNumber": {of.customer}}
	v = c.interpret(c.call(ctx, c.http, c.pageTimeout, http.MethodGet, "/chat-messages", query, nil), func(body []byte) (a data.OpResult, ok bool) {
		messages, newest, ok = parseMessages(body, of)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return messages, newest, v
}
