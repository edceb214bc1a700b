package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	changeBatchSize    = 500              // changes read at once
	streamWriteTimeout = 10 * time.Second // for a client that does not read
	retryAfter         = 3 * time.Second  // before a client connects again
)

// FollowChanges streams changes as server-sent events until the client goes or the
// server ends.
func (s *Server) FollowChanges(w http.ResponseWriter, r *http.Request, params FollowChangesParams) {
	if !s.acquireStream() {
		writeRetryAfter(w, http.StatusServiceUnavailable, retryAfter, "Too many streams are open")
		return
	}
	defer s.releaseStream()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	wake := make(chan struct{}, 1)
	err := s.desk.Subscribe(ctx, func([]data.Change) {
		select {
		case wake <- struct{}{}:
		default: // it is to wake already
		}
	})
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	stream := &eventStream{server: s, w: w, control: http.NewResponseController(w)}
	from, reset, err := s.resumeFrom(ctx, params)
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if err := stream.control.SetReadDeadline(time.Time{}); err != nil { // else the server's own would end the stream
		return
	}
	first := fmt.Sprintf("retry: %d\nid: %d\n\n", retryAfter.Milliseconds(), from)
	if reset {
		first += formatEvent(Change{Seq: from, Kind: ChangeKindReset})
	}
	if stream.send(first) != nil {
		return
	}
	stream.lastID = from
	ticker := time.NewTicker(s.heartbeat)
	defer ticker.Stop()
	for {
		if stream.sendChanges(ctx) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-ticker.C:
			if stream.send(": still here\n\n") != nil {
				return
			}
		}
	}
}

func (s *Server) acquireStream() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams >= maxStreams {
		return false
	}
	s.streams++
	return true
}

func (s *Server) releaseStream() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams--
}

// resumeFrom returns the sequence number of the change after which a stream begins,
// and whether changes that the client has not seen are lost, so that it must read
// everything anew.
func (s *Server) resumeFrom(ctx context.Context, params FollowChangesParams) (from int64, reset bool, err error) {
	first, last, err := s.desk.ChangesKept(ctx)
	if err != nil {
		return 0, false, err
	}
	seen := int64(-1)
	switch {
	case params.LastEventID != nil:
		if n, err := strconv.ParseInt(strings.TrimSpace(*params.LastEventID), 10, 64); err == nil && n >= 0 {
			seen = n
		}
	case params.After != nil:
		seen = *params.After
	default:
		return last, false, nil
	}
	if seen < 0 || seen > last || seen < first-1 { // not a number, from another database, or pruned
		return last, true, nil
	}
	return seen, false, nil
}

// eventStream is the stream to one client.
type eventStream struct {
	server  *Server
	w       http.ResponseWriter
	control *http.ResponseController
	lastID  int64 // sequence number of the last change sent
}

// sendChanges sends all changes since the last one sent.
func (s *eventStream) sendChanges(ctx context.Context) error {
	for {
		changes, err := s.server.desk.ChangesAfter(ctx, s.lastID, changeBatchSize)
		if err != nil || len(changes) == 0 {
			return err
		}
		if changes[0].Seq > s.lastID+1 {
			if first, _, err := s.server.desk.ChangesKept(ctx); err != nil || first > s.lastID+1 { // pruned while the client was slow
				return errors.Join(err, s.send(formatEvent(Change{Seq: s.lastID, Kind: ChangeKindReset})))
			}
		}
		ids := make([]int64, len(changes))
		for i, c := range changes {
			ids[i] = c.CustomerID
		}
		customers, err := s.server.desk.CustomersByID(ctx, ids)
		if err != nil {
			return err
		}
		words, err := s.groupWords(ctx, changes, customers)
		if err != nil {
			return err
		}
		setAside, err := s.countSetAside(ctx, changes)
		if err != nil {
			return err
		}
		var b strings.Builder
		now := s.server.desk.Now()
		for _, c := range changes {
			if kind := ChangeKind(c.Kind); kind.Valid() && kind != ChangeKindReset { // the others, such as the activation of a window, are internal
				change := toChange(c, customers, words, now)
				if c.Kind == data.SetAsideChanged {
					change.SetAside = &setAside
				}
				b.WriteString(formatEvent(change))
			}
		}
		if err := s.send(b.String()); err != nil {
			return err
		}
		s.lastID = changes[len(changes)-1].Seq
	}
}

// groupWords returns what was written last in the groups in which messages changed.
func (s *eventStream) groupWords(ctx context.Context, changes []data.Change, customers map[int64]data.Customer) (map[int64]data.LastWords, error) {
	var groups []int64
	for _, c := range changes {
		if c.Kind == data.MessageChanged && customers[c.CustomerID].IsGroup() {
			groups = append(groups, c.CustomerID)
		}
	}
	if len(groups) == 0 {
		return nil, nil
	}
	return s.server.desk.LastWords(ctx, groups)
}

// countSetAside returns how many deliveries are set aside, if that has changed.
func (s *eventStream) countSetAside(ctx context.Context, changes []data.Change) (int, error) {
	if !slices.ContainsFunc(changes, func(c data.Change) bool { return c.Kind == data.SetAsideChanged }) {
		return 0, nil
	}
	total, err := s.server.desk.SetAsideTotal(ctx)
	return int(total.Rows), err
}

func toChange(c data.Change, customers map[int64]data.Customer, words map[int64]data.LastWords, now data.Moment) Change {
	change := Change{Seq: c.Seq, Kind: ChangeKind(c.Kind)}
	if customer, ok := customers[c.CustomerID]; ok {
		status := ChangeStatus(customer.Status(now))
		change.Phone, change.Address = data.NullIfEmpty(string(customer.Phone)), data.NullIfEmpty(string(customer.Address))
		change.Name, change.Status, change.Held = data.NullIfEmpty(customer.Name), &status, &customer.Held
		if last := words[c.CustomerID].Last; last != nil && c.Kind == data.MessageChanged {
			change.Author = toAuthor(*last)
		}
	}
	return change
}

// formatEvent returns a change as a server-sent event. JSON holds no line breaks
// that could end its data.
func formatEvent(c Change) string {
	text, err := data.EncodeJSON(c)
	if err != nil {
		return "" // cannot happen: it holds texts and numbers only
	}
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", c.Seq, c.Kind, text)
}

// send writes text and flushes it. It fails for a client that does not read within
// streamWriteTimeout.
func (s *eventStream) send(text string) error {
	if text == "" {
		return nil
	}
	if err := s.control.SetWriteDeadline(time.Now().Add(streamWriteTimeout)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
