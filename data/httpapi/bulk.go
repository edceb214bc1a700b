package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// BlockCustomers blocks many customers.
func (s *Server) BlockCustomers(w http.ResponseWriter, r *http.Request, params BlockCustomersParams) {
	body, ok := decodeBody[BlockManyRequest](w, r)
	if !ok {
		return
	}
	once := idempotencyKey(r, params.IdempotencyKey)
	defer s.lockIdempotent(once)()
	if s.replay(w, r, once) {
		return
	}
	ask, ok := s.blockRequest(w, r, body.Reason, body.Note, body.Until)
	if !ok {
		return
	}
	s.runBulk(w, r, once, body.Phones, ask.Reason, func(ctx context.Context, ids []int64) (desk.BulkResult, error) {
		return s.desk.BlockMany(ctx, actor(body.Agent), ids, ask, nil)
	})
}

// UnblockCustomers unblocks many customers.
func (s *Server) UnblockCustomers(w http.ResponseWriter, r *http.Request, params UnblockCustomersParams) {
	body, ok := decodeBody[UnblockManyRequest](w, r)
	if !ok {
		return
	}
	once := idempotencyKey(r, params.IdempotencyKey)
	defer s.lockIdempotent(once)()
	if s.replay(w, r, once) {
		return
	}
	ask := data.UnblockRequest{Note: textOrEmpty(body.Note), Discard: body.Discard != nil && *body.Discard}
	s.runBulk(w, r, once, body.Phones, "", func(ctx context.Context, ids []int64) (desk.BulkResult, error) {
		return s.desk.UnblockMany(ctx, actor(body.Agent), ids, ask, nil)
	})
}

// lockIdempotent waits until no other request with an idempotency key acts in bulk: the same twice
// at once would share the work, and neither would answer for all of it.
func (s *Server) lockIdempotent(once data.IdempotencyKey) (done func()) {
	if once.Key == "" {
		return func() {}
	}
	s.idempotentMu.Lock()
	return s.idempotentMu.Unlock
}

// replay returns the answer of an earlier request with the same mark.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, once data.IdempotencyKey) bool {
	if once.Key == "" {
		return false
	}
	text, done, err := s.desk.FindResponse(r.Context(), once)
	if err != nil {
		s.writeDeskError(w, r, err)
		return true
	}
	if done {
		writeRawJSON(w, http.StatusOK, []byte(text))
	}
	return done
}

// runBulk finds who is meant, has the act done to all who are known, and tells
// what became of each. The response is kept under its idempotency key once all is done: before,
// the same once more does the rest.
func (s *Server) runBulk(w http.ResponseWriter, r *http.Request, once data.IdempotencyKey, phones []string, reason string, act func(context.Context, []int64) (desk.BulkResult, error)) {
	results := make([]ManyResult, len(phones))
	numbers := make([]data.Phone, len(phones))
	for i, phone := range phones {
		results[i].Phone = phone
		var err error
		if numbers[i], err = parsePhone(phone); err != nil {
			reject(&results[i], "phone must be a valid phone number")
		}
	}
	known, err := s.desk.CustomersByPhone(r.Context(), numbers)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	var ids []int64
	var places []int
	for i, phone := range numbers {
		c, ok := known[phone]
		switch {
		case phone == "":
		case !ok:
			reject(&results[i], "Invalid Customer")
		default:
			ids, places = append(ids, c.ID), append(places, i)
		}
	}
	done, err := act(r.Context(), ids)
	if errors.Is(err, data.ErrInvalid) {
		s.writeBlockError(w, r, reason, err)
		return
	}
	if err != nil {
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, desk.ExplainBulk(err))
		return
	}
	for i, one := range done.Results {
		setResult(&results[places[i]], one)
	}
	told := ManyResults{Results: results}
	for _, one := range results {
		switch one.Result {
		case ManyResultResultDone:
			told.Done++
		case ManyResultResultAlready:
			told.Already++
		default:
			told.Refused++
		}
	}
	if once.Key == "" {
		writeJSON(w, http.StatusOK, told)
		return
	}
	text, err := encodeJSON(told)
	if err == nil {
		err = s.desk.SaveResponse(r.Context(), once, string(text))
	}
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeRawJSON(w, http.StatusOK, text)
}

func reject(one *ManyResult, why string) {
	one.Result, one.Message = ManyResultResultRefused, &why
}

func setResult(one *ManyResult, r desk.ItemResult) {
	switch r.Status {
	case desk.ItemDone:
		one.Result = ManyResultResultDone
	case desk.ItemUnchanged:
		one.Result = ManyResultResultAlready
	default:
		reject(one, desk.Explain(r.Err))
	}
}
