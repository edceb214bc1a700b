package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// decodeBody reads a body that the contract has nothing against.
func decodeBody[T any](w http.ResponseWriter, r *http.Request) (body T, ok bool) {
	if err := json.Unmarshal(r.Body.(requestBody).declared, &body); err != nil { // what the contract took for what it asks for
		writeBadRequest(w, r, "the body cannot be understood")
		return body, false
	}
	return body, true
}

// idempotencyKey returns the key of a request that is to be done once; zero without a key. What
// it is told apart by is what was asked: method, path and body.
func idempotencyKey(r *http.Request, key *IdempotencyKey) data.IdempotencyKey {
	if key == nil {
		return data.IdempotencyKey{}
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", r.Method, r.URL.Path)
	_, _ = io.Copy(sum, r.Body) // which is in memory
	return data.IdempotencyKey{Key: *key, RequestHash: hex.EncodeToString(sum.Sum(nil))}
}

// parsePhone reads a phone number. In a query a plus sign that was not escaped
// comes as a blank.
func parsePhone(text string) (data.Phone, error) {
	if rest, blank := strings.CutPrefix(text, " "); blank {
		text = "+" + rest
	}
	return data.ParsePhone(text, "")
}

// customer finds who is meant by the number in the field; where nobody is, it
// says so.
func (s *Server) customer(w http.ResponseWriter, r *http.Request, field, phone string) (c data.Customer, ok bool) {
	of, err := parsePhone(phone)
	if err != nil {
		writeBadRequest(w, r, field+" must be a valid phone number")
		return c, false
	}
	if c, err = s.desk.CustomerByPhone(r.Context(), of); err != nil {
		s.writeDeskError(w, r, err)
		return c, false
	}
	return c, true
}

// blockRequest makes what a block is asked with of what a call gave. Whether
// the desk has such a reason is seen when it blocks.
func (s *Server) blockRequest(w http.ResponseWriter, r *http.Request, reason, note, until *string) (ask data.BlockRequest, ok bool) {
	ask = data.BlockRequest{Reason: textOrEmpty(reason), Note: textOrEmpty(note)}
	if text := textOrEmpty(until); text != "" {
		var err error
		if ask.Until, err = data.ParseTerm(text, s.desk.Now()); err != nil {
			writeBadRequest(w, r, "until: "+errorText(err))
			return ask, false
		}
	}
	return ask, true
}

// writeBlockError says why a block was not made: a reason that the desk does not have
// is answered with those that it has.
func (s *Server) writeBlockError(w http.ResponseWriter, r *http.Request, reason string, err error) {
	if reason == "" || !errors.Is(err, data.ErrInvalid) {
		s.writeDeskError(w, r, err)
		return
	}
	reasons, failed := s.desk.Reasons(r.Context())
	if failed != nil {
		s.writeDeskError(w, r, failed)
		return
	}
	if _, unknown := data.FindReason(reasons, reason); unknown != nil {
		writeBadRequest(w, r, "reason must be one of the following values: "+strings.Join(reasons, ", "))
		return
	}
	s.writeDeskError(w, r, err)
}

// hasReason reports whether the desk has a reason. Where that cannot be read it is
// not held against the caller.
func (s *Server) hasReason(r *http.Request, reason string) bool {
	if reason == "" {
		return true
	}
	reasons, err := s.desk.Reasons(r.Context())
	if err != nil {
		return true
	}
	_, err = data.FindReason(reasons, reason)
	return err == nil
}

// textOrEmpty is an optional text; null is none.
func textOrEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return strings.TrimSpace(*text)
}

// BlockCustomer blocks a customer.
func (s *Server) BlockCustomer(w http.ResponseWriter, r *http.Request, params BlockCustomerParams) {
	body, ok := decodeBody[BlockRequest](w, r)
	if !ok {
		return
	}
	ask, ok := s.blockRequest(w, r, body.Reason, body.Note, body.Until)
	if !ok {
		return
	}
	c, ok := s.customer(w, r, "phone", body.Phone)
	if !ok {
		return
	}
	ask.Idempotency = idempotencyKey(r, params.IdempotencyKey)
	out, err := s.desk.Block(r.Context(), actor(body.Agent), c.ID, ask)
	if err == nil && !out.Changed && ask.Idempotency.Key == "" && !s.hasReason(r, ask.Reason) {
		err = data.ErrInvalid // the desk did not need to look at the reason
	}
	if err != nil {
		s.writeBlockError(w, r, ask.Reason, err)
		return
	}
	writeJSON(w, http.StatusCreated, Done{})
}

// UnblockCustomer unblocks a customer.
func (s *Server) UnblockCustomer(w http.ResponseWriter, r *http.Request, params UnblockCustomerParams) {
	body, ok := decodeBody[UnblockRequest](w, r)
	if !ok {
		return
	}
	c, ok := s.customer(w, r, "phone", body.Phone)
	if !ok {
		return
	}
	ask := data.UnblockRequest{Note: textOrEmpty(body.Note), Discard: body.Discard != nil && *body.Discard, Idempotency: idempotencyKey(r, params.IdempotencyKey)}
	if _, err := s.desk.Unblock(r.Context(), actor(body.Agent), c.ID, ask); err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, Done{})
}
