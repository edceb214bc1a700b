package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// WebhookPath is what stands before the secret in the path that deliveries are
// sent to.
const WebhookPath = "/webhook/"

// Bounds on one delivery.
const (
	mostDeliveries = 1000
	mostNotes      = 20
)

// authenticateWebhook reports whether the path of a delivery holds the secret, and refuses it
// otherwise.
func (s *Server) authenticateWebhook(w http.ResponseWriter, r *http.Request) bool {
	right, err := s.webhookSecret.Matches(r.PathValue("secret"))
	switch {
	case err != nil:
		slog.Error("cannot read the secret of the webhook", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The secret cannot be read")
	case !right && !s.limiter.delayFailedAuth(r.Context(), remoteIP(r)):
		writeRetryAfter(w, http.StatusTooManyRequests, maxDelay, "Too many wrong secrets")
	case !right:
		writeNotFound(w, r, "/webhook")
	}
	return right && err == nil
}

// TakeDelivery takes what DoubleTick delivers. It answers after the commit, so
// that nothing is lost of what it has taken.
func (s *Server) TakeDelivery(w http.ResponseWriter, r *http.Request, _ string) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		writeBadRequest(w, r, "the body did not come whole")
		return
	}
	parts, err := split(raw)
	if err != nil {
		writeBadRequest(w, r, err.Error())
		return
	}
	in := intake{server: s, r: r, told: Taken{Notes: []string{}}}
	for _, part := range parts {
		if err := in.take(part); err != nil {
			s.writeDeskError(w, r, err)
			return
		}
	}
	if err := in.flush(); err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	if len(in.bad) > 0 {
		writeBadRequest(w, r, in.bad...)
		return
	}
	writeJSON(w, http.StatusOK, in.told)
}

// split returns the deliveries in a body that is JSON: the body, or what stands
// in its array.
func split(raw []byte) ([]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if raw[0] != '[' {
		return []json.RawMessage{raw}, nil
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, errors.New("the body must be JSON")
	}
	if len(parts) > mostDeliveries {
		return nil, errors.New("the body must contain no more than 1000 elements")
	}
	return parts, nil
}

// intake takes deliveries in their order, messages together.
type intake struct {
	server *Server
	r      *http.Request
	batch  []data.Incoming
	told   Taken
	bad    []string // messages that cannot be taken
}

func (in *intake) take(raw []byte) error {
	d := doubletick.Parse(raw)
	switch {
	case d.Incoming != nil:
		in.batch = append(in.batch, *d.Incoming)
	case d.Tick != nil:
		return in.moveTick(*d.Tick)
	case isMessage(raw): // a sender that is told so may send it better
		if len(in.bad) < mostNotes {
			in.bad = append(in.bad, errorText(d.Err))
		}
	default: // no use in sending it again
		in.note(errorText(d.Err))
	}
	return nil
}

// isMessage reports whether something that cannot be taken was meant as a
// message: it must not be lost with a friendly answer.
func isMessage(raw []byte) bool {
	var kind struct {
		Message json.RawMessage `json:"message"`
		From    json.RawMessage `json:"from"`
	}
	return json.Unmarshal(raw, &kind) == nil && kind.Message != nil && kind.From != nil
}

func (in *intake) note(text string) {
	if len(in.told.Notes) < mostNotes {
		in.told.Notes = append(in.told.Notes, text)
	}
}

// flush writes the messages that wait, all in one transaction.
func (in *intake) flush() error {
	if len(in.batch) == 0 {
		return nil
	}
	results, err := in.server.desk.Receive(in.r.Context(), in.batch)
	if err != nil {
		return err
	}
	in.batch = nil
	for _, result := range results {
		if result.Duplicate {
			in.told.AlreadyHere++
		} else {
			in.told.Taken++
		}
	}
	return nil
}

func (in *intake) moveTick(u data.StatusUpdate) error {
	if err := in.flush(); err != nil {
		return err
	}
	err := in.server.desk.UpdateMessageStatus(in.r.Context(), u)
	switch {
	case errors.Is(err, data.ErrNotFound):
		in.note("no such message was sent from here")
	case err != nil:
		return err
	default:
		in.told.StatusUpdates++
	}
	return nil
}
