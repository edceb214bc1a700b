package httpapi

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
	maxDeliveries = 1000
	maxNotes      = 20
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
	parts, err := splitDeliveries(raw)
	if err != nil {
		writeBadRequest(w, r, err.Error())
		return
	}
	in := webhookBatch{server: s, r: r, result: Taken{Notes: []string{}}}
	for _, part := range parts {
		if err := in.add(part); err != nil {
			s.writeDeskError(w, r, err)
			return
		}
	}
	if err := in.flush(); err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	if len(in.invalid) > 0 {
		writeBadRequest(w, r, in.invalid...)
		return
	}
	writeJSON(w, http.StatusOK, in.result)
}

// splitDeliveries returns the deliveries in a body that is JSON: the body, or what stands
// in its array.
func splitDeliveries(raw []byte) ([]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if raw[0] != '[' {
		return []json.RawMessage{raw}, nil
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, errors.New("the body must be JSON")
	}
	if len(parts) > maxDeliveries {
		return nil, errors.New("the body must contain no more than 1000 elements")
	}
	return parts, nil
}

// webhookBatch takes deliveries in their order, messages together.
type webhookBatch struct {
	server  *Server
	r       *http.Request
	pending []data.Incoming
	result  Taken
	invalid []string // messages that cannot be taken
}

func (in *webhookBatch) add(raw []byte) error {
	d := doubletick.Parse(raw)
	switch {
	case d.Incoming != nil:
		in.pending = append(in.pending, *d.Incoming)
	case d.Status != nil:
		return in.updateStatus(*d.Status)
	case looksLikeMessage(raw): // a sender that is told so may send it better
		if len(in.invalid) < maxNotes {
			in.invalid = append(in.invalid, errorText(d.Err))
		}
	default: // no use in sending it again
		in.addNote(errorText(d.Err))
	}
	return nil
}

// looksLikeMessage reports whether something that cannot be taken was meant as a
// message: it must not be lost with a friendly answer.
func looksLikeMessage(raw []byte) bool {
	var kind struct {
		Message json.RawMessage `json:"message"`
		From    json.RawMessage `json:"from"`
	}
	return json.Unmarshal(raw, &kind) == nil && kind.Message != nil && kind.From != nil
}

func (in *webhookBatch) addNote(text string) {
	if len(in.result.Notes) < maxNotes {
		in.result.Notes = append(in.result.Notes, text)
	}
}

// flush writes the messages that wait, all in one transaction.
func (in *webhookBatch) flush() error {
	if len(in.pending) == 0 {
		return nil
	}
	results, err := in.server.desk.Receive(in.r.Context(), in.pending)
	if err != nil {
		return err
	}
	in.pending = nil
	for _, result := range results {
		if result.Duplicate {
			in.result.AlreadyHere++
		} else {
			in.result.Taken++
		}
	}
	return nil
}

func (in *webhookBatch) updateStatus(u data.StatusUpdate) error {
	if err := in.flush(); err != nil {
		return err
	}
	err := in.server.desk.UpdateMessageStatus(in.r.Context(), u)
	switch {
	case errors.Is(err, data.ErrNotFound):
		in.addNote("no such message was sent from here")
	case err != nil:
		return err
	default:
		in.result.StatusUpdates++
	}
	return nil
}
