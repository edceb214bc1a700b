package httpapi

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
)

// writeJSON writes value as JSON without a trailing line break, as DoubleTick does.
func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := encodeJSON(value)
	if err != nil { // a value of ours that is no JSON
		slog.Error("cannot write an answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	writeRawJSON(w, status, text)
}

// encodeJSON returns JSON without HTML escaping.
func encodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func writeRawJSON(w http.ResponseWriter, status int, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // who has gone needs no answer
}

// errorNames are what DoubleTick calls a status in an error, where it says so; the
// others have none.
var errorNames = map[int]string{
	http.StatusForbidden:             "Forbidden",
	http.StatusMethodNotAllowed:      "Method Not Allowed",
	http.StatusRequestEntityTooLarge: "Payload Too Large",
	http.StatusUnprocessableEntity:   "Unprocessable Entity",
	http.StatusTooManyRequests:       "Too Many Requests",
	http.StatusServiceUnavailable:    "Service Unavailable",
}

// writeError writes an error response with its reason.
func writeError(w http.ResponseWriter, status int, why string) {
	p := Problem{StatusCode: status, Message: why}
	if name := errorNames[status]; name != "" {
		p.Error = &name
	}
	writeJSON(w, status, p)
}

// writeRetryAfter is writeError for a request that may be repeated after a while.
func writeRetryAfter(w http.ResponseWriter, status int, after time.Duration, why string) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((after+time.Second-1)/time.Second))))
	writeError(w, status, why)
}

// writeBadRequest writes all that is wrong with a request. The odd error of the two
// calls that are DoubleTick's is theirs.
func writeBadRequest(w http.ResponseWriter, r *http.Request, why ...string) {
	name := "Bad Request"
	if r.URL.Path == "/customer/block" || r.URL.Path == "/customer/unblock" {
		name = "Not Found"
	}
	writeJSON(w, http.StatusBadRequest, Problems{StatusCode: http.StatusBadRequest, Message: why, Error: name})
}

func writeUnauthorized(w http.ResponseWriter) { writeError(w, http.StatusUnauthorized, "Unauthorized") }

// writeNotFound writes the response for a path that does not exist.
func writeNotFound(w http.ResponseWriter, r *http.Request, path string) {
	name := "Not Found"
	writeJSON(w, http.StatusNotFound, Problem{StatusCode: http.StatusNotFound, Message: "Cannot " + r.Method + " " + path, Error: &name})
}

// writeDeskError writes the response to an error of the desk.
func (s *Server) writeDeskError(w http.ResponseWriter, r *http.Request, err error) {
	cause := desk.Cause(err)
	switch {
	case errors.Is(err, data.ErrNotFound):
		writeError(w, http.StatusNotFound, "Invalid Customer")
	case errors.Is(err, data.ErrInvalid), errors.Is(err, data.ErrPhone):
		writeBadRequest(w, r, errorText(err))
	case errors.Is(err, data.ErrBlocked):
		writeError(w, http.StatusUnprocessableEntity, desk.Explain(err))
	case errors.Is(err, data.ErrReused):
		writeError(w, http.StatusUnprocessableEntity, "This Idempotency-Key or messageId was used for another request")
	case r.Context().Err() != nil || errors.Is(err, context.Canceled):
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, "The desk is closing")
	case cause != nil:
		slog.Error("cannot answer", "route", r.Pattern, "cause", cause)
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, desk.Explain(err))
	default: // what it says may hold a customer's number
		slog.Error("cannot answer", "route", r.Pattern)
		writeError(w, http.StatusInternalServerError, "Internal server error")
	}
}

// errorText says an error of the desk without the words by which it is compared.
func errorText(err error) string {
	text := err.Error()
	for _, known := range []error{data.ErrInvalid, data.ErrPhone} {
		text = strings.ReplaceAll(text, ": "+known.Error(), "")
		text = strings.ReplaceAll(text, known.Error()+": ", "")
	}
	return text
}
