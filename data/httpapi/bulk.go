package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
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
	key := idempotencyKey(r, params.IdempotencyKey)
	defer s.lockIdempotent(key)()
	if s.replay(w, r, key) {
		return
	}
	request, ok := s.blockRequest(w, r, body.Reason, body.Note, body.Until)
	if !ok {
		return
	}
	s.runBulk(w, r, key, body.Phones, request.Reason, func(ctx context.Context, ids []int64) (desk.BulkResult, error) {
		return s.desk.BlockMany(ctx, actor(body.Agent), ids, request, nil)
	})
}

// UnblockCustomers unblocks many customers.
func (s *Server) UnblockCustomers(w http.ResponseWriter, r *http.Request, params UnblockCustomersParams) {
	body, ok := decodeBody[UnblockManyRequest](w, r)
	if !ok {
		return
	}
	key := idempotencyKey(r, params.IdempotencyKey)
	defer s.lockIdempotent(key)()
	if s.replay(w, r, key) {
		return
	}
	request := data.UnblockRequest{Note: textOrEmpty(body.Note), Discard: body.Discard != nil && *body.Discard}
	s.runBulk(w, r, key, body.Phones, "", func(ctx context.Context, ids []int64) (desk.BulkResult, error) {
		return s.desk.UnblockMany(ctx, actor(body.Agent), ids, request, nil)
	})
}

// runBulk looks up the customers, applies the act to all who are known, and
// answers with what became of each. The response is stored under its idempotency
// key when all is done: before, the same request again does the rest.
func (s *Server) runBulk(w http.ResponseWriter, r *http.Request, key data.IdempotencyKey, phones []string, reason string, apply func(context.Context, []int64) (desk.BulkResult, error)) {
	results := make([]ManyResult, len(phones))
	typed := make([]typedAddress, len(phones))
	var addresses []data.Address
	for i, phone := range phones {
		results[i].Phone = phone
		typed[i] = parseTyped(phone)
		addresses = append(append(addresses, typed[i].letters...), typed[i].address)
	}
	known, err := s.desk.MatchesOfAll(r.Context(), addresses)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	var ids []int64
	var positions []int
	for i, a := range typed {
		m, err := a.find(known)
		switch {
		case errors.Is(err, data.ErrSeveral):
			reject(&results[i], desk.Explain(err))
		case errors.Is(err, data.ErrPhone):
			reject(&results[i], "phone must be a valid phone number")
		case err != nil:
			reject(&results[i], "Invalid Customer")
		default:
			ids, positions = append(ids, m.Customer.ID), append(positions, i)
		}
	}
	done, err := apply(r.Context(), ids)
	if errors.Is(err, data.ErrInvalid) {
		s.writeBlockError(w, r, reason, err)
		return
	}
	if err != nil {
		writeRetryAfter(w, http.StatusServiceUnavailable, time.Second, desk.ExplainBulk(err))
		return
	}
	for i, item := range done.Results {
		setResult(&results[positions[i]], item)
	}
	response := ManyResults{Results: results}
	for _, item := range results {
		switch item.Result {
		case ManyResultResultDone:
			response.Done++
		case ManyResultResultChanged:
			response.Changed++
		case ManyResultResultAlready:
			response.Already++
		case ManyResultResultKept:
			response.Kept++
		default:
			response.Refused++
		}
	}
	if key.Key == "" {
		writeJSON(w, http.StatusOK, response)
		return
	}
	text, err := data.EncodeJSON(response)
	if err == nil {
		err = s.desk.SaveResponse(r.Context(), key, string(text))
	}
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeRawJSON(w, http.StatusOK, text)
}

// typedAddress is an address as a program wrote it: its letters, and what they can be
// read as, or why that is nothing.
type typedAddress struct {
	letters []data.Address
	address data.Address
	err     error
}

func parseTyped(text string) typedAddress {
	text = withPlus(text)
	a, err := data.ParseAddress(text, "")
	return typedAddress{letters: data.KnownAs(strings.TrimSpace(text)), address: a, err: err}
}

// find returns the customer with the address among those known, as Desk.FindTyped does:
// what is known to the letter is found, whatever else the letters can be read as.
func (t typedAddress) find(known map[data.Address][]data.Match) (data.Match, error) {
	var m data.Match
	var err error
	for _, a := range t.letters {
		if m, err = data.FindMatch(a, known[a]); !errors.Is(err, data.ErrNotFound) {
			return m, err
		}
	}
	if t.err != nil {
		return m, t.err
	}
	return data.FindMatch(t.address, known[t.address])
}

func reject(item *ManyResult, message string) {
	item.Result, item.Message = ManyResultResultRefused, &message
}

func setResult(item *ManyResult, r desk.ItemResult) {
	switch r.Status {
	case desk.ItemDone:
		item.Result = ManyResultResultDone
	case desk.ItemChanged:
		item.Result = ManyResultResultChanged
	case desk.ItemKept:
		item.Result = ManyResultResultKept
	case desk.ItemUnchanged:
		item.Result = ManyResultResultAlready
	default:
		reject(item, desk.Explain(r.Err))
	}
}
