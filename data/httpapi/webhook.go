package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

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
		writeBadRequest(w, r, "the body is incomplete")
		return
	}
	deliveries, err := parseBody(raw, r.Header.Get("Content-Type"))
	if err != nil {
		writeBadRequest(w, r, err.Error())
		return
	}
	s.takeDeliveries(w, r, deliveries)
}

// TakeDeliveryByPut does the same for a webhook that is registered with PUT.
func (s *Server) TakeDeliveryByPut(w http.ResponseWriter, r *http.Request, secret string) {
	s.TakeDelivery(w, r, secret)
}

// TakeDeliveryByQuery takes a delivery whose fields are those of the query.
func (s *Server) TakeDeliveryByQuery(w http.ResponseWriter, r *http.Request, _ string) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(query) == 0 {
		writeBadRequest(w, r, "the query must contain a delivery")
		return
	}
	s.takeDeliveries(w, r, parseForm(query, []byte(r.URL.RawQuery)))
}

// takeDeliveries writes deliveries and answers.
func (s *Server) takeDeliveries(w http.ResponseWriter, r *http.Request, deliveries []doubletick.Delivery) {
	notes := deliveryNotes{}
	importer := receive.Importer{Desk: s.desk, Policy: receive.StopAtFirst, MaxBatch: maxDeliveries, OnSkip: notes.addSkipped, OnSetAside: notes.addSetAside}
	for _, d := range deliveries {
		if err := importer.Add(r.Context(), d); err != nil {
			s.writeDeskError(w, r, err)
			return
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

// parseBody reads the deliveries in a body that is JSON or, by its type, a form. What
// is no delivery at all is an error.
func parseBody(raw []byte, contentType string) ([]doubletick.Delivery, error) {
	if !json.Valid(raw) {
		form, err := readForm(raw, contentType)
		if err != nil {
			return nil, errors.New("the body must be JSON or a form")
		}
		return parseForm(form, raw), nil
	}
	parts, err := splitDeliveries(raw)
	if err != nil {
		return nil, err
	}
	var all []doubletick.Delivery
	for _, part := range parts {
		for _, d := range doubletick.Parse(part) {
			d.Raw = part // what is no object, too
			all = append(all, d)
		}
	}
	return all, nil
}

// readForm returns the fields of a form.
func readForm(raw []byte, contentType string) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return url.ParseQuery(string(raw))
	}
	form, err := multipart.NewReader(bytes.NewReader(raw), params["boundary"]).ReadForm(maxBodyBytes)
	if err != nil {
		return nil, err
	}
	return form.Value, form.RemoveAll()
}

// parseForm reads a form. What it holds no delivery of is kept as the fields of the form;
// where encoding makes those too long to be set aside, as the body that they came in.
func parseForm(form url.Values, body []byte) []doubletick.Delivery {
	all := doubletick.ParseForm(form)
	for i := range all {
		if len(all[i].Raw) == 0 {
			all[i].Raw = []byte(form.Encode())
		}
		if len(all[i].Raw) > data.MaxSetAsideRaw {
			all[i].Raw = body
		}
	}
	return all
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
