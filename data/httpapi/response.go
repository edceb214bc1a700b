package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// writeJSON writes value as JSON without a trailing newline, as DoubleTick does.
func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := data.EncodeJSON(value)
	if err != nil { // no value of ours should
		slog.Error("cannot write an answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	writeRawJSON(w, status, text)
}

func writeRawJSON(w http.ResponseWriter, status int, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that has gone needs no response
}

// errorNames are the names that DoubleTick has for a status in an error. Other
// statuses have none.
var errorNames = map[int]string{
	http.StatusForbidden:             "Forbidden",
	http.StatusMethodNotAllowed:      "Method Not Allowed",
	http.StatusConflict:              "Conflict",
	http.StatusRequestEntityTooLarge: "Payload Too Large",
	http.StatusUnprocessableEntity:   "Unprocessable Entity",
	http.StatusTooManyRequests:       "Too Many Requests",
	http.StatusServiceUnavailable:    "Service Unavailable",
}

// writeError writes an error response.
func writeError(w http.ResponseWriter, status int, message string) {
	p := Problem{StatusCode: status, Message: message}
	if name := errorNames[status]; name != "" {
		p.Error = &name
	}
	writeJSON(w, status, p)
}

// writeRetryAfter is writeError for a request that may be repeated after a time,
// which is rounded up to seconds.
func writeRetryAfter(w http.ResponseWriter, status int, after time.Duration, message string) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((after+time.Second-1)/time.Second))))
	writeError(w, status, message)
}

// writeBadRequest writes all that is wrong with a request. DoubleTick itself calls
// this error Not Found in its two calls.
func writeBadRequest(w http.ResponseWriter, r *http.Request, messages ...string) {
	name := "Bad Request"
	if r.URL.Path == "/customer/block" || r.URL.Path == "/customer/unblock" {
		name = "Not Found"
	}
	writeJSON(w, http.StatusBadRequest, Problems{StatusCode: http.StatusBadRequest, Message: messages, Error: name})
}

func writeUnauthorized(w http.ResponseWriter) { writeError(w, http.StatusUnauthorized, "Unauthorized") }

// writeNotFound writes the response for an unknown path.
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
	case errors.Is(err, data.ErrSeveral):
		s.writeSeveral(w, r, err)
	case errors.Is(err, data.ErrInvalid), errors.Is(err, data.ErrPhone):
		writeBadRequest(w, r, errorText(err))
	case errors.Is(err, data.ErrBlocked):
		writeError(w, http.StatusUnprocessableEntity, desk.Explain(err))
	case errors.Is(err, data.ErrReused):
		writeError(w, http.StatusUnprocessableEntity, "This Idempotency-Key or messageId was used for another request")
	case errors.Is(err, data.ErrSetAsideFull):
		slog.Error("cannot answer", "route", r.Pattern, "cause", data.ErrSetAsideFull)
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Minute, desk.Explain(err))
	case r.Context().Err() != nil || errors.Is(err, context.Canceled):
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, "The desk is closing")
	case cause != nil:
		slog.Error("cannot answer", "route", r.Pattern, "cause", cause)
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, desk.Explain(err))
	default: // not logged: its text may hold a customer's number
		slog.Error("cannot answer", "route", r.Pattern)
		writeError(w, http.StatusInternalServerError, "Internal server error")
	}
}

// writeSeveral writes the response to an address that several customers have: a
// conflict that names them, and on the paths that are DoubleTick's a bad request.
func (s *Server) writeSeveral(w http.ResponseWriter, r *http.Request, err error) {
	several := (*data.SeveralError)(nil)
	if !errors.As(err, &several) || !slices.Contains(ownPaths, r.Pattern) {
		writeBadRequest(w, r, desk.Explain(err))
		return
	}
	conflict := Conflict{StatusCode: http.StatusConflict, Message: desk.Explain(err), Error: "Conflict"}
	now := s.desk.Now()
	for _, c := range several.Customers {
		conflict.Customers = append(conflict.Customers, CustomerName{
			Address: string(c.Address), Phone: data.NullIfEmpty(string(c.Phone)), Name: c.Name, Username: data.NullIfEmpty(c.Username),
			Status: CustomerNameStatus(c.Status(now)),
		})
	}
	writeJSON(w, http.StatusConflict, conflict)
}

// ownPaths are the paths that look up one customer and are none of DoubleTick's.
var ownPaths = []string{"GET /customer/status", "GET /customers/{phone}/events", "GET /pairs"}

// errorText returns the text of an error of the desk without that of the sentinel
// errors it wraps.
func errorText(err error) string {
	text := err.Error()
	for _, sentinel := range []error{data.ErrInvalid, data.ErrPhone} {
		text = strings.ReplaceAll(text, ": "+sentinel.Error(), "")
		text = strings.ReplaceAll(text, sentinel.Error()+": ", "")
	}
	return text
}
