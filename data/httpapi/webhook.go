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
	notes := deliveryNotes{}
	importer := receive.Importer{Desk: s.desk, Policy: receive.StopAtFirst, MaxBatch: maxDeliveries, OnSkip: notes.addSkipped, OnSetAside: notes.addSetAside}
	for _, part := range parts {
		for _, d := range doubletick.Parse(part) {
			d.Raw = part // what is no object, too
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
	sum := importer.Summary()
	writeJSON(w, http.StatusOK, Taken{
		Taken: int(sum.Taken), AlreadyHere: int(sum.AlreadyHere), StatusUpdates: int(sum.StatusUpdates), SetAside: int(sum.SetAside), Notes: notes,
	})
}

// splitDeliveries returns the deliveries in a body that is JSON: the body itself,
// or the elements of its array.
func splitDeliveries(raw []byte) ([]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	switch raw[0] {
	case '{':
		return []json.RawMessage{raw}, nil
	case '[':
	default:
		return nil, errors.New("the body must be a JSON object, or an array of them")
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

// deliveryNotes say what is to be known of deliveries that came in well, at most
// maxNotes.
type deliveryNotes []string

func (n *deliveryNotes) addSkipped(d doubletick.Delivery, err error) {
	if d.Status != nil && errors.Is(err, data.ErrNotFound) {
		n.add("no such message was sent from here")
		return
	}
	n.add(errorText(err))
}

func (n *deliveryNotes) addSetAside(d doubletick.Delivery) { n.add("set aside: " + errorText(d.Err)) }

func (n *deliveryNotes) add(text string) {
	if len(*n) < maxNotes {
		*n = append(*n, text)
	}
}
