package httpapi

import (
	"errors"
	"net/http"

	"github.com/latchdesk/latchdesk/data"
)

// ListPairs returns a page of the pairs that are to be decided, or of all that a
// customer is part of.
func (s *Server) ListPairs(w http.ResponseWriter, r *http.Request, params ListPairsParams) {
	var after int64
	if params.Cursor != nil {
		var ok bool
		if _, after, ok = parseCursor(*params.Cursor); !ok {
			writeBadRequest(w, r, invalidCursor)
			return
		}
	}
	limit := valueOr(params.Limit, 100)
	var pairs []data.Pair
	var err error
	if params.Phone == nil {
		pairs, err = s.desk.PairsAfter(r.Context(), after, limit+1)
	} else {
		c, ok := s.customer(w, r, "phone", *params.Phone)
		if !ok {
			return
		}
		pairs, err = s.desk.PairsOf(r.Context(), c.ID)
		pairs = pairsAfter(pairs, after)
	}
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	page := PairPage{Pairs: []Pair{}}
	if len(pairs) > limit {
		pairs = pairs[:limit]
		page.Next = formatCursor(0, pairs[limit-1].ID)
	}
	var ids []int64
	for _, p := range pairs {
		ids = append(ids, p.First, p.Second)
	}
	customers, err := s.desk.CustomersByID(r.Context(), ids)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	now := s.desk.Now()
	for _, p := range pairs {
		first, second := customers[p.First], customers[p.Second]
		page.Pairs = append(page.Pairs, Pair{
			ID: p.ID, First: string(first.Address), Second: string(second.Address), Reason: PairReason(p.Reason), At: p.At.Time().UTC(),
			State: PairState(p.State), DecidedAt: nullableTime(p.DecidedAt), Blocked: first.Status(now) == data.Blocked,
		})
	}
	writeJSON(w, http.StatusOK, page)
}

// pairsAfter returns the pairs that began after the one with the id after, without
// those that an update has found and not begun.
func pairsAfter(pairs []data.Pair, after int64) []data.Pair {
	var later []data.Pair
	for _, p := range pairs {
		if p.ID > after && p.State != data.PairFound {
			later = append(later, p)
		}
	}
	return later
}

// JoinPair makes one customer of two.
func (s *Server) JoinPair(w http.ResponseWriter, r *http.Request, id int64, params JoinPairParams) {
	s.decidePair(w, r, id, data.JoinTwo, params.IdempotencyKey)
}

// KeepPairApart decides that two customers are two.
func (s *Server) KeepPairApart(w http.ResponseWriter, r *http.Request, id int64, params KeepPairApartParams) {
	s.decidePair(w, r, id, data.KeepApart, params.IdempotencyKey)
}

// SplitPair undoes JoinPair.
func (s *Server) SplitPair(w http.ResponseWriter, r *http.Request, id int64, params SplitPairParams) {
	s.decidePair(w, r, id, data.SplitTwo, params.IdempotencyKey)
}

// AskPairAgain undoes KeepPairApart.
func (s *Server) AskPairAgain(w http.ResponseWriter, r *http.Request, id int64, params AskPairAgainParams) {
	s.decidePair(w, r, id, data.AskAgain, params.IdempotencyKey)
}

// decidePair does the act with a pair.
func (s *Server) decidePair(w http.ResponseWriter, r *http.Request, id int64, act data.PairAct, key *IdempotencyKey) {
	body, ok := decodeBody[KeepApartRequest](w, r) // the contract lets discard through where it means something
	if !ok {
		return
	}
	req := data.PairRequest{Act: act, Discard: body.Discard != nil && *body.Discard, Idempotency: idempotencyKey(r, key)}
	err := s.desk.DecidePair(r.Context(), actor(body.Agent), id, req)
	switch {
	case err == nil:
		writeJSON(w, http.StatusCreated, Done{})
	case errors.Is(err, data.ErrNotFound):
		writeError(w, http.StatusNotFound, "Invalid Pair")
	case errors.Is(err, data.ErrChanged):
		s.writePairChanged(w, r, id, act)
	case errors.Is(err, data.ErrInvalid): // the pair as it stands, not the request
		writeError(w, http.StatusUnprocessableEntity, errorText(err))
	default:
		s.writeDeskError(w, r, err)
	}
}

// writePairChanged writes the response to an act that the state of a pair does not
// allow.
func (s *Server) writePairChanged(w http.ResponseWriter, r *http.Request, id int64, act data.PairAct) {
	p, err := s.desk.Pair(r.Context(), id)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	message := "There is no such pair yet"
	switch {
	case p.State == data.PairApart && act == data.AskAgain:
		message = "One of these two has since been joined with another customer, and must be split from that one first"
	case p.State == data.PairApart:
		message = "These two are already kept apart"
	case p.State == data.PairJoined:
		message = "These two are already joined"
	case p.State == data.PairOpen:
		message = "This pair is still undecided"
	}
	writeError(w, http.StatusConflict, message)
}
