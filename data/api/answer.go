package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// answer writes a value as JSON, without a line break at its end: as DoubleTick.
func answer(w http.ResponseWriter, status int, value any) {
	text, err := plainJSON(value)
	if err != nil { // a value of ours that is no JSON
		slog.Error("cannot write an answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	write(w, status, text)
}

// plainJSON is JSON in which nothing is escaped that need not be.
func plainJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func write(w http.ResponseWriter, status int, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // who has gone needs no answer
}

// names are what DoubleTick calls a status in an error, where it says so; the
// others have none.
var names = map[int]string{
	http.StatusForbidden:             "Forbidden",
	http.StatusMethodNotAllowed:      "Method Not Allowed",
	http.StatusRequestEntityTooLarge: "Payload Too Large",
	http.StatusUnprocessableEntity:   "Unprocessable Entity",
	http.StatusTooManyRequests:       "Too Many Requests",
	http.StatusServiceUnavailable:    "Service Unavailable",
}

// refuse says why there is no answer.
func refuse(w http.ResponseWriter, status int, why string) {
	p := Problem{StatusCode: status, Message: why}
	if name := names[status]; name != "" {
		p.Error = &name
	}
	answer(w, status, p)
}

// refuseLater is refuse for what may be asked again after a while.
func refuseLater(w http.ResponseWriter, status int, after time.Duration, why string) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((after+time.Second-1)/time.Second))))
	refuse(w, status, why)
}

// misunderstood lists what is wrong with a request. The odd error of the two
// calls that are DoubleTick's is theirs.
func misunderstood(w http.ResponseWriter, r *http.Request, why ...string) {
	name := "Bad Request"
	if r.URL.Path == "/customer/block" || r.URL.Path == "/customer/unblock" {
		name = "Not Found"
	}
	answer(w, http.StatusBadRequest, Problems{StatusCode: http.StatusBadRequest, Message: why, Error: name})
}

func unauthorized(w http.ResponseWriter) { refuse(w, http.StatusUnauthorized, "Unauthorized") }

// unknownPath is what is said where there is nothing.
func unknownPath(w http.ResponseWriter, r *http.Request, path string) {
	name := "Not Found"
	answer(w, http.StatusNotFound, Problem{StatusCode: http.StatusNotFound, Message: "Cannot " + r.Method + " " + path, Error: &name})
}

// fail says why the desk did not do what was asked.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	cause := store.Cause(err)
	switch {
	case errors.Is(err, data.ErrNotFound):
		refuse(w, http.StatusNotFound, "Invalid Customer")
	case errors.Is(err, data.ErrInvalid), errors.Is(err, data.ErrPhone):
		misunderstood(w, r, plain(err))
	case errors.Is(err, data.ErrBlocked):
		refuse(w, http.StatusUnprocessableEntity, desk.Explain(err))
	case errors.Is(err, data.ErrReused):
		refuse(w, http.StatusUnprocessableEntity, "This Idempotency-Key or messageId was used for another request")
	case r.Context().Err() != nil || errors.Is(err, context.Canceled):
		refuseLater(w, http.StatusServiceUnavailable, time.Second, "The desk is closing")
	case cause != nil:
		slog.Error("cannot answer", "route", r.Pattern, "cause", cause)
		refuseLater(w, http.StatusServiceUnavailable, time.Second, desk.Explain(err))
	default: // what it says may hold a customer's number
		slog.Error("cannot answer", "route", r.Pattern)
		refuse(w, http.StatusInternalServerError, "Internal server error")
	}
}

// plain says an error of the desk without the words by which it is compared.
func plain(err error) string {
	text := err.Error()
	for _, known := range []error{data.ErrInvalid, data.ErrPhone} {
		text = strings.ReplaceAll(text, ": "+known.Error(), "")
		text = strings.ReplaceAll(text, known.Error()+": ", "")
	}
	return text
}
