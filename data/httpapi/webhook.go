package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/receive"
)

// WebhookPath is the path of the webhook up to the secret, with which it ends.
const WebhookPath = "/webhook/"

// Bounds on one webhook request.
const (
	maxDeliveries = 1000
	maxNotes      = 20
)

// TakeDelivery takes what DoubleTick delivers. It answers after the commit, so
// that nothing it has acknowledged is lost.
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
	skipped := skippedDeliveries{notes: []string{}}
	importer := receive.Importer{Desk: s.desk, Policy: receive.StopAtFirst, MaxBatch: maxDeliveries, OnSkip: skipped.add}
	for _, part := range parts {
		skipped.raw = part
		for _, d := range doubletick.Parse(part) {
			if err := importer.Add(r.Context(), d); err != nil {
				s.writeDeskError(w, r, err)
				return
			}
		}
	}
	if err := importer.Flush(r.Context()); err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	if len(skipped.invalid) > 0 {
		writeBadRequest(w, r, skipped.invalid...)
		return
	}
	sum := importer.Summary()
	writeJSON(w, http.StatusOK, Taken{
		Taken: int(sum.Taken), AlreadyHere: int(sum.AlreadyHere), StatusUpdates: int(sum.StatusUpdates), Notes: skipped.notes,
	})
}

// splitDeliveries returns the deliveries in a body that is JSON: the body itself,
// or the elements of its array.
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

// skippedDeliveries collects what is wrong with deliveries, at most maxNotes of
// each kind.
type skippedDeliveries struct {
	raw     json.RawMessage // the delivery that is being added
	invalid []string        // meant as messages: the sender is told, and may send them better
	notes   []string        // others, which it is no use to send again
}

func (s *skippedDeliveries) add(d doubletick.Delivery, err error) {
	switch {
	case d.Status != nil && errors.Is(err, data.ErrNotFound):
		s.notes = appendNote(s.notes, "no such message was sent from here")
	case looksLikeMessage(s.raw):
		s.invalid = appendNote(s.invalid, errorText(err))
	default:
		s.notes = appendNote(s.notes, errorText(err))
	}
}

func appendNote(notes []string, text string) []string {
	if len(notes) == maxNotes {
		return notes
	}
	return append(notes, text)
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
