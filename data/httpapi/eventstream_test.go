package httpapi

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// reader is one who follows a stream.
type reader struct {
	w     *world
	lines *bufio.Scanner
	last  string // the id that came last
	stop  func()
}

// listen serves over a real connection.
func (w *world) listen() *httptest.Server {
	w.t.Helper()
	l := httptest.NewServer(w.server.handler)
	w.server.hosts = hostAllowlist{scheme: "http", withPort: map[string]bool{strings.TrimPrefix(l.URL, "http://"): true}}
	w.t.Cleanup(func() {
		w.server.cancel()
		l.Close()
	})
	return l
}

// streams opens a stream, and holds its beginning against the contract.
func (w *world) streams(base, query string, changes ...with) *reader {
	w.t.Helper()
	ctx, cancel := context.WithCancel(waittest.Context(w.t))
	r, err := http.NewRequestWithContext(ctx, "GET", base+"/events"+query, nil)
	w.must(err)
	r.Header.Set("Authorization", w.key)
	for _, change := range changes {
		change(r)
	}
	got, err := http.DefaultClient.Do(r)
	w.must(err)
	w.must(w.holds(r, reply{got.StatusCode, got.Header, ""}))
	w.t.Cleanup(func() { cancel(); got.Body.Close() })
	return &reader{w: w, lines: bufio.NewScanner(got.Body), stop: cancel}
}

// next returns the next event, and what a reader would keep of it; ok is false
// where the stream has ended.
func (r *reader) next() (kind string, c Change, ok bool) {
	r.w.t.Helper()
	for r.lines.Scan() {
		field, value, _ := strings.Cut(r.lines.Text(), ": ")
		switch field {
		case "id":
			r.last = value
		case "event":
			kind = value
		case "data":
			var raw any
			r.w.must(json.Unmarshal([]byte(value), &raw))
			r.w.must(r.w.contract.Components.Schemas["Change"].Value.VisitJSON(raw))
			r.w.must(json.Unmarshal([]byte(value), &c))
			if kind != string(c.Kind) || r.last != fmt.Sprint(c.Seq) {
				r.w.t.Errorf("event %s with id %s carries %s", kind, r.last, value)
			}
		case "":
			if kind != "" {
				return kind, c, true
			}
		case "retry":
		default:
			r.w.t.Errorf("a line says %q", r.lines.Text())
		}
	}
	return "", c, false
}

// comes fails unless the next event is of this kind.
func (r *reader) comes(want ChangeKind) Change {
	r.w.t.Helper()
	_, c, ok := r.next()
	if !ok || c.Kind != want {
		r.w.t.Fatalf("%+v, %v comes, want %s", c, ok, want)
	}
	return c
}

func TestStream_SendsChanges(t *testing.T) {
	w := newWorld(t)
	w.follow()
	id := w.hears(riya, "Hello")
	at := w.listen().URL
	r := w.streams(at, "")
	w.asks("POST", "/customer/block", phone(riya), host(strings.TrimPrefix(at, "http://")))
	if c := r.comes(ChangeKindCustomer); *c.Phone != string(riya) || *c.Name != "Riya D" || *c.Status != ChangeStatusBlocked || *c.Held != 0 {
		t.Errorf("%+v", c)
	}
	w.hears(riya, "held")
	if c := r.comes(ChangeKindMessage); *c.Held != 1 {
		t.Errorf("%+v", c)
	}
	w.must(w.SaveDraft(t.Context(), id, "x"))
	r.comes(ChangeKindDraft)
	w.must(w.RequestActivate(t.Context())) // which is nobody else's
	w.must(w.SaveReasons(t.Context(), []string{"Rain"}))
	if c := r.comes(ChangeKindSettings); c.Phone != nil || c.Status != nil {
		t.Errorf("%+v", c)
	}
	all := w.streams(at, "?after=0")
	if c := all.comes(ChangeKindMessage); c.Seq != 1 {
		t.Errorf("from the beginning comes %+v", c)
	}
	again := w.streams(at, "?after=1", header("Last-Event-ID", "2"))
	if c := again.comes(ChangeKindMessage); c.Seq != 3 {
		t.Errorf("after 2 comes %+v", c)
	}
	w.server.cancel()
	for _, r := range []*reader{r, all, again} {
		for ok := true; ok; {
			_, _, ok = r.next() // until the server ends it
		}
	}
}

// prunes forgets changes, as happens where there are very many.
func (w *world) prunes(upTo int64) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.store.Path)
	w.must(err)
	defer db.Close()
	_, err = db.ExecContext(w.t.Context(), "DELETE FROM changes WHERE seq <= ?", upTo)
	w.must(err)
}

// Where what was missed is not known any more, the reader is told.
func TestStream_Reset(t *testing.T) {
	w := newWorld(t)
	w.follow()
	w.hears(riya, "Hello")
	at := w.listen().URL
	for range 5 {
		w.must(w.SaveReasons(t.Context(), []string{"Rain"}))
	}
	last, err := w.LastChange(t.Context())
	w.must(err)
	w.prunes(3)
	for name, id := range map[string]string{"pruned": "2", "none": "0", "beyond": strconv.FormatInt(last+1, 10), "no number": "x", "below zero": "-1", "too large": "99999999999999999999"} {
		r := w.streams(at, "", header("Last-Event-ID", id))
		if c := r.comes(ChangeKindReset); c.Seq != last {
			t.Errorf("%s: %+v", name, c)
		}
		r.stop()
	}
	for name, id := range map[string]int64{"the one before the first": 3, "the first": 4} {
		if c := w.streams(at, "", header("Last-Event-ID", fmt.Sprint(id))).comes(ChangeKindSettings); c.Seq != id+1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	r := w.streams(at, "", header("Last-Event-ID", fmt.Sprint(last)))
	w.must(w.SaveReasons(t.Context(), []string{"Snow"}))
	if c := r.comes(ChangeKindSettings); c.Seq != last+1 {
		t.Errorf("the last: %+v", c)
	}
	w.expects("a bad number", w.asks("GET", "/events?after=x", "", host(strings.TrimPrefix(at, "http://"))), 400, `{"statusCode":400,"message":["after must be an integer number"],"error":"Bad Request"}`)
}

func TestStream_Head(t *testing.T) {
	w := newWorld(t)
	if got := w.asks("HEAD", "/events", ""); got.status != 200 || got.body != "" || w.server.streams != 0 {
		t.Errorf("%d %q", got.status, got.body)
	}
}

func TestStream_Heartbeat(t *testing.T) {
	w := newWorld(t)
	w.server.heartbeat = time.Millisecond
	r := w.streams(w.listen().URL, "")
	for beats := 0; beats < 3; {
		if !r.lines.Scan() {
			t.Fatal("it ended")
		}
		if r.lines.Text() == ": still here" {
			beats++
		}
	}
}

func TestStream_Limit(t *testing.T) {
	w := newWorld(t)
	at := w.listen().URL
	var open []*reader
	for range maxStreams {
		open = append(open, w.streams(at, ""))
	}
	got := w.asks("GET", "/events", "", host(strings.TrimPrefix(at, "http://")))
	w.expects("one more", got, 503, `{"statusCode":503,"message":"Too many streams are open","error":"Service Unavailable"}`)
	open[0].stop()
	left := func() bool {
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		return w.server.streams < maxStreams
	}
	waittest.Until(t, "the server to notice that a stream has gone", left)
	w.streams(at, "")
}

// A reader who comes back after the server was started anew, with changes made
// meanwhile, has every one of them once.
func TestStream_ResumesAfterRestart(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	const rounds = 4
	last, seen := "1", []int64{}
	for round := range rounds {
		ctx, cancel := context.WithCancel(t.Context())
		l, err := Listen(w.Desk, w.folder, Config{Listen: "127.0.0.1:0"})
		w.must(err)
		served, followed := make(chan error, 1), make(chan error, 1)
		go func() { served <- l.Serve(ctx) }()
		go func() { followed <- w.Watch(ctx) }()
		r := w.streams(l.URL(), "", header("Last-Event-ID", last))
		for range 3 {
			w.asks("POST", "/customer/block", phone(riya))
			w.asks("POST", "/customer/unblock", phone(riya))
		}
		for range 6 + 2*min(round, 1) { // those of this round, and those made while nobody listened
			seen = append(seen, r.comes(ChangeKindCustomer).Seq)
		}
		cancel() // while it is being read
		w.must(waittest.Receive(t, "the end of the server", served))
		w.must(waittest.Receive(t, "the end of Follow", followed))
		for ok := true; ok; {
			var c Change
			if _, c, ok = r.next(); ok {
				seen = append(seen, c.Seq)
			}
		}
		last = r.last
		w.must(w.store.Close())
		w.open()
		w.asks("POST", "/customer/block", phone(riya))
		w.asks("POST", "/customer/unblock", phone(riya))
	}
	for i, seq := range seen {
		if seq != int64(i)+2 {
			t.Fatalf("seen are %v", seen)
		}
	}
	if want := rounds*6 + (rounds-1)*2; len(seen) != want {
		t.Errorf("%d changes were seen, want %d", len(seen), want)
	}
}
