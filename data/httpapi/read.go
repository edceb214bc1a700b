package httpapi

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// GetCustomerStatus returns whether a customer is blocked, and how.
func (s *Server) GetCustomerStatus(w http.ResponseWriter, r *http.Request, params GetCustomerStatusParams) {
	c, ok := s.customer(w, r, "phone", params.Phone)
	if !ok {
		return
	}
	ids, err := s.desk.Identities(r.Context(), c.ID)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	pairs, err := s.desk.PairedWith(r.Context(), []data.Customer{c})
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, toStatus(c, ids, pairs, s.desk.Now()))
}

func toStatus(c data.Customer, ids []data.Identity, pairs map[int64]data.Customer, now data.Moment) CustomerStatus {
	st := CustomerStatus{
		Phone: data.NullIfEmpty(string(c.Phone)), Name: c.Name, Status: CustomerStatusStatus(c.Status(now)), Held: c.Held,
		Username: data.NullIfEmpty(c.Username), Ids: toIdentities(ids),
		PairOf: data.NullIfEmpty(string(pairs[c.ID].Address)),
	}
	if b := c.Block; st.Status == CustomerStatusStatusBlocked {
		st.BlockedBy, st.BlockedAt, st.Until = data.NullIfEmpty(b.By.Name), nullableTime(b.At), nullableTime(b.Until)
		st.Reason, st.Note = data.NullIfEmpty(b.Reason), data.NullIfEmpty(b.Note)
	}
	return st
}

func toIdentities(ids []data.Identity) []Identity {
	all := make([]Identity, len(ids))
	for n, i := range ids {
		all[n] = Identity{
			Kind: IdentityKind(i.Kind), Address: string(i.Address), Business: data.NullIfEmpty(i.Business),
			FirstSeen: nullableTime(i.FirstSeen), LastSeen: nullableTime(i.LastSeen),
		}
	}
	return all
}

// identitiesOf returns the addresses of customers by their ids.
func (s *Server) identitiesOf(ctx context.Context, customers []data.Customer) (map[int64][]data.Identity, error) {
	ids := make([]int64, len(customers))
	for i, c := range customers {
		ids[i] = c.ID
	}
	return s.desk.IdentitiesOfAll(ctx, ids)
}

// nullableTime returns a moment for JSON: null if it is zero.
func nullableTime(m data.Moment) *time.Time {
	if m == 0 {
		return nil
	}
	t := m.Time().UTC()
	return &t
}

// ListBlocked returns a page of the blocked customers.
func (s *Server) ListBlocked(w http.ResponseWriter, r *http.Request, params ListBlockedParams) {
	q := data.BlockedQuery{Search: textOrEmpty(params.Search), Reason: textOrEmpty(params.Reason), Agent: textOrEmpty(params.Agent)}
	q.NoReason = params.Reason != nil && q.Reason == ""
	if q.Reason != "" {
		reasons, err := s.desk.Reasons(r.Context())
		if err != nil {
			s.writeDeskError(w, r, err)
			return
		}
		if known, err := data.FindReason(reasons, q.Reason); err == nil { // else one that the desk had in the past
			q.Reason = known
		}
	}
	if params.End != nil {
		q.End = data.BlockEnd(*params.End)
	}
	var after *data.BlockedKey
	if params.Cursor != nil {
		at, id, ok := parseCursor(*params.Cursor)
		if !ok {
			writeBadRequest(w, r, invalidCursor)
			return
		}
		after = &data.BlockedKey{At: data.Moment(at), ID: id}
	}
	limit := valueOr(params.Limit, 100)
	customers, err := s.desk.BlockedPage(r.Context(), q, after, limit+1) // one more shows whether there is a next page
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	page := BlockedPage{Customers: []CustomerStatus{}}
	if len(customers) > limit {
		customers = customers[:limit]
		last := customers[limit-1]
		page.Next = formatCursor(int64(last.Block.At), last.ID)
	}
	ids, err := s.identitiesOf(r.Context(), customers)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	pairs, err := s.desk.PairedWith(r.Context(), customers)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	now := s.desk.Now()
	for _, c := range customers {
		page.Customers = append(page.Customers, toStatus(c, ids[c.ID], pairs, now))
	}
	writeJSON(w, http.StatusOK, page)
}

// ListCustomerEvents returns a page of what happened to a customer.
func (s *Server) ListCustomerEvents(w http.ResponseWriter, r *http.Request, phone string, params ListCustomerEventsParams) {
	c, ok := s.customer(w, r, "phone", phone)
	if !ok {
		return
	}
	limit := valueOr(params.Limit, 100)
	q := data.EventQuery{Customer: c.ID, Limit: limit + 1}
	if params.Cursor != nil {
		if _, q.Before, ok = parseCursor(*params.Cursor); !ok {
			writeBadRequest(w, r, invalidCursor)
			return
		}
	}
	records, err := s.desk.EventsPage(r.Context(), q)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	page := EventPage{Events: []Event{}}
	if len(records) > limit {
		records = records[:limit]
		page.Next = formatCursor(0, records[limit-1].Seq)
	}
	for _, e := range records {
		page.Events = append(page.Events, toEvent(e.Event))
	}
	writeJSON(w, http.StatusOK, page)
}

func toEvent(e data.Event) Event {
	return Event{
		Seq: e.Seq, At: e.At.Time().UTC(), RecordedAt: e.RecordedAt.Time().UTC(), Kind: string(e.Kind), Text: e.Text(),
		Phone: string(e.Phone), ActorKind: EventActorKind(e.Actor.Kind), Actor: e.Actor.Name, Way: EventWay(e.Actor.Channel),
		Detail: toDetail(e), Prev: hex.EncodeToString(e.Prev), Hash: hex.EncodeToString(e.Hash),
	}
}

const invalidCursor = "cursor must be the next from a page"

// formatCursor returns where a page ended as a cursor: a moment, or 0 where the
// order has none, and an id.
func formatCursor(at, id int64) *string {
	text := fmt.Sprintf("%d.%d", at, id)
	return &text
}

// parseCursor is the inverse of formatCursor.
func parseCursor(text string) (at, id int64, ok bool) {
	first, second, ok := strings.Cut(text, ".")
	if !ok {
		return 0, 0, false
	}
	at, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	id, err = strconv.ParseInt(second, 10, 64)
	return at, id, err == nil && at >= 0 && id > 0
}
