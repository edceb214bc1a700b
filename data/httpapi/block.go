package httpapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// BlockCustomer blocks a customer.
func (s *Server) BlockCustomer(w http.ResponseWriter, r *http.Request, params BlockCustomerParams) {
	body, ok := decodeBody[BlockRequest](w, r)
	if !ok {
		return
	}
	request, ok := s.blockRequest(w, r, body.Reason, body.Note, body.Until)
	if !ok {
		return
	}
	c, ok := s.customerOrLength(w, r, body.Phone)
	if !ok {
		return
	}
	request.Idempotency = idempotencyKey(r, params.IdempotencyKey)
	out, err := s.desk.Block(r.Context(), actor(body.Agent), c.ID, request)
	if err != nil {
		s.writeBlockError(w, r, request.Reason, err)
		return
	}
	if out.Result != "" { // empty for a request that an earlier version did under the same key
		w.Header().Set("Latchdesk-Result", string(out.Result))
	}
	writeJSON(w, http.StatusCreated, Done{})
}

// UnblockCustomer unblocks a customer.
func (s *Server) UnblockCustomer(w http.ResponseWriter, r *http.Request, params UnblockCustomerParams) {
	body, ok := decodeBody[UnblockRequest](w, r)
	if !ok {
		return
	}
	c, ok := s.customerOrLength(w, r, body.Phone)
	if !ok {
		return
	}
	request := data.UnblockRequest{Note: textOrEmpty(body.Note), Discard: body.Discard != nil && *body.Discard, Idempotency: idempotencyKey(r, params.IdempotencyKey)}
	if _, err := s.desk.Unblock(r.Context(), actor(body.Agent), c.ID, request); err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, Done{})
}

// blockRequest returns the request to the desk for what a call asks for. Whether
// the desk has such a reason is checked when it blocks. If ok is false, the call
// has been answered.
func (s *Server) blockRequest(w http.ResponseWriter, r *http.Request, reason, note, until *string) (request data.BlockRequest, ok bool) {
	request = data.BlockRequest{Reason: textOrEmpty(reason), Note: textOrEmpty(note)}
	if text := textOrEmpty(until); text != "" {
		var err error
		if request.Until, err = data.ParseTerm(text, s.desk.Now()); err != nil {
			writeBadRequest(w, r, "until: "+errorText(err))
			return request, false
		}
	}
	return request, true
}

// writeBlockError writes the response to an error of a block. A reason that the
// desk does not have is answered with those that it has.
func (s *Server) writeBlockError(w http.ResponseWriter, r *http.Request, reason string, err error) {
	if reason == "" || !errors.Is(err, data.ErrInvalid) {
		s.writeDeskError(w, r, err)
		return
	}
	reasons, readErr := s.desk.Reasons(r.Context())
	if readErr != nil {
		s.writeDeskError(w, r, readErr)
		return
	}
	if _, unknown := data.FindReason(reasons, reason); unknown != nil {
		writeBadRequest(w, r, "reason must be one of the following values: "+strings.Join(reasons, ", "))
		return
	}
	s.writeDeskError(w, r, err)
}
