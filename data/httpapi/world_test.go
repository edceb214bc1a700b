package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // as main does
	os.Exit(m.Run())
}

const (
	start = data.Moment(1_784_547_587_000)
	riya  = data.Phone("+919137979401")
	ada   = data.Phone("+442079460958")
)

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}

// world is a server over a desk of its own, and a client that holds every
// answer against the contract.
type world struct {
	*desk.Desk
	t      testing.TB
	store  *store.Store
	server *Server
	key    string
	folder string
	at     atomic.Int64 // the desk's clock
	count  int

	held     sync.Mutex
	contract *openapi3.T
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, folder: t.TempDir()}
	w.at.Store(int64(start))
	w.open()
	return w
}

// open opens the desk and a server over it; the one before, if any, is gone.
func (w *world) open() {
	w.t.Helper()
	var err error
	w.store, err = store.Open(context.Background(), filepath.Join(w.folder, "latchdesk.db"), func() time.Time { return data.Moment(w.at.Load()).Time() })
	w.must(err)
	w.t.Cleanup(func() { w.store.Close() })
	w.Desk = desk.New(w.store)
	w.server, err = newServer(w.Desk, w.folder, hostAllowlist{scheme: "http", withPort: map[string]bool{"example.com": true}})
	w.must(err)
	w.server.limiter.sleep = func(context.Context, time.Duration) error { return nil }
	w.key, err = w.server.apiKey.Value()
	w.must(err)
	w.contract, err = loadContract(assets.OpenAPI)
	w.must(err)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// follow lets the desk tell what changes until the test ends.
func (w *world) follow() {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	d := w.Desk
	go func() {
		defer close(done)
		_ = d.Watch(ctx)
	}()
	w.t.Cleanup(func() { cancel(); waittest.Receive(w.t, "the end of Follow", done) })
}

// hears lets a customer write.
func (w *world) hears(phone data.Phone, text string) int64 {
	w.t.Helper()
	w.count++
	got, err := w.Receive(w.t.Context(), []data.Incoming{{From: data.Sender{Phone: phone, Name: "Riya D"}, Message: data.Message{
		Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count), Business: "+918888888888",
	}}})
	w.must(err)
	return got[0].CustomerID
}

func (w *world) customer(id int64) data.Customer {
	w.t.Helper()
	c, err := w.Customer(w.t.Context(), id)
	w.must(err)
	return c
}

// kinds are the kinds of a customer's events.
func (w *world) kinds(id int64) string {
	w.t.Helper()
	events, err := w.Events(w.t.Context(), id)
	w.must(err)
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// reply is an answer that the contract has nothing against.
type reply struct {
	status int
	header http.Header
	body   string
}

// with changes a request before it is asked.
type with func(*http.Request)

func header(name, value string) with { return func(r *http.Request) { r.Header.Set(name, value) } }
func once(key string) with           { return header("Idempotency-Key", key) }
func withKey(key string) with        { return header("Authorization", key) }

func noKey(r *http.Request) { r.Header.Del("Authorization") }

// asks asks with the right key, and holds the answer against the contract.
func (w *world) asks(method, target, body string, changes ...with) reply {
	w.t.Helper()
	r := httptest.NewRequest(method, "http://example.com"+target, strings.NewReader(body))
	r.Header.Set("Authorization", w.key)
	for _, change := range changes {
		change(r)
	}
	rec := httptest.NewRecorder()
	w.server.handler.ServeHTTP(rec, r)
	got := reply{rec.Code, rec.Result().Header, rec.Body.String()}
	if why := w.holds(r, got); why != nil {
		w.t.Errorf("%s %s answered %d %s: %v", method, target, got.status, got.body, why)
	}
	return got
}

// holds says what the contract has against an answer.
func (w *world) holds(r *http.Request, got reply) error {
	w.held.Lock()
	defer w.held.Unlock()
	if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Content-Type") == "" {
		return fmt.Errorf("its header is %v", got.header)
	}
	route, params := w.route(r)
	if route == nil { // nothing that the contract has: an error in the one shape of all
		var value any
		if err := json.Unmarshal([]byte(got.body), &value); err != nil {
			return err
		}
		return w.contract.Components.Schemas["Problem"].Value.VisitJSON(value)
	}
	kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	in := openapi3filter.RequestValidationInput{Request: r, PathParams: params, QueryParams: r.URL.Query(), Route: route}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &in, Status: got.status, Header: got.header, Body: io.NopCloser(strings.NewReader(got.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, ExcludeResponseBody: kind == "text/event-stream" || kind == "text/html"},
	})
}

func (w *world) route(r *http.Request) (*routers.Route, map[string]string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for place, item := range w.contract.Paths.Map() {
		op := item.GetOperation(method)
		params := map[string]string{}
		asked, want := strings.Split(r.URL.Path, "/"), strings.Split(place, "/")
		same := op != nil && len(asked) == len(want)
		for i := 0; same && i < len(want); i++ {
			if name, ok := strings.CutPrefix(want[i], "{"); ok {
				params[strings.TrimSuffix(name, "}")] = asked[i]
			} else {
				same = asked[i] == want[i]
			}
		}
		if same {
			return &routers.Route{Spec: w.contract, Path: place, PathItem: item, Method: method, Operation: op}, params
		}
	}
	return nil, nil
}

// expects fails unless the answer is exactly this.
func (w *world) expects(what string, got reply, status int, body string) {
	w.t.Helper()
	if got.status != status || got.body != body {
		w.t.Errorf("%s:\n got %d %s\nwant %d %s", what, got.status, got.body, status, body)
	}
}

// read takes an answer apart.
func read[T any](w *world, got reply) (value T) {
	w.t.Helper()
	if got.status/100 != 2 {
		w.t.Fatalf("%d %s", got.status, got.body)
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(got.body)))
	dec.DisallowUnknownFields()
	w.must(dec.Decode(&value))
	return value
}

func phone(p data.Phone) string { return `{"phone":"` + string(p) + `"}` }

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "?" + q.Encode()
}
