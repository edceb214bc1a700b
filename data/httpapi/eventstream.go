package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	changeBatchSize    = 500              // read at once
	streamWriteTimeout = 10 * time.Second // to a reader who does not read
	retryAfter         = 3 * time.Second  // when a reader comes again
)

// FollowChanges streams what changes until the reader goes or the server ends.
func (s *Server) FollowChanges(w http.ResponseWriter, r *http.Request, params FollowChangesParams) {
	if !s.acquireStream() {
		writeRetryAfter(w, http.StatusServiceUnavailable, retryAfter, "Too many streams are open")
		return
	}
	defer s.releaseStream()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	news := make(chan struct{}, 1)
	err := s.desk.Subscribe(ctx, func([]data.Change) {
		select {
		case news <- struct{}{}:
		default: // it is awake already
		}
	})
	if err != nil {
		s.writeDeskError(w, r, err)
		return
	}
	f := &eventStream{server: s, w: w, control: http.NewResponseController(w)}
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
	if err := f.control.SetReadDeadline(time.Time{}); err != nil { // else the server's own would end the stream
		return
	}
	first := fmt.Sprintf("retry: %d\nid: %d\n\n", retryAfter.Milliseconds(), from)
	if reset {
		first += formatEvent(Change{Seq: from, Kind: ChangeKindReset})
	}
	if f.send(first) != nil {
		return
	}
	f.lastID = from
	beat := time.NewTicker(s.heartbeat)
	defer beat.Stop()
	for {
		if f.sendChanges(ctx) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-beat.C:
			if f.send(": still here\n\n") != nil {
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

// resumeFrom finds the change that a stream follows on, and whether what came after
// the one that the reader knows is lost.
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
	if seen < 0 || seen > last || seen < first-1 { // no number, of another database, or pruned
		return last, true, nil
	}
	return seen, false, nil
}

// eventStream is one reader's.
type eventStream struct {
	server  *Server
	w       http.ResponseWriter
	control *http.ResponseController
	lastID  int64 // what was sent
}

// sendChanges sends all changes since the last one.
func (f *eventStream) sendChanges(ctx context.Context) error {
	for {
		changes, err := f.server.desk.ChangesAfter(ctx, f.lastID, changeBatchSize)
		if err != nil || len(changes) == 0 {
			return err
		}
		if changes[0].Seq > f.lastID+1 {
			if first, _, err := f.server.desk.ChangesKept(ctx); err != nil || first > f.lastID+1 { // pruned beneath a slow reader
				return errors.Join(err, f.send(formatEvent(Change{Seq: f.lastID, Kind: ChangeKindReset})))
			}
		}
		ids := make([]int64, len(changes))
		for i, c := range changes {
			ids[i] = c.CustomerID
		}
		known, err := f.server.desk.Known(ctx, ids)
		if err != nil {
			return err
		}
		var b strings.Builder
		now := f.server.desk.Now()
		for _, c := range changes {
			if told := ChangeKind(c.Kind); told.Valid() && told != ChangeKindReset { // a window that is called is nobody else's
				b.WriteString(formatEvent(toChange(c, known, now)))
			}
		}
		if err := f.send(b.String()); err != nil {
			return err
		}
		f.lastID = changes[len(changes)-1].Seq
	}
}

func toChange(c data.Change, known map[int64]data.Customer, now data.Moment) Change {
	told := Change{Seq: c.Seq, Kind: ChangeKind(c.Kind)}
	if of, ok := known[c.CustomerID]; ok {
		phone, status := string(of.Phone), ChangeStatus(of.Status(now))
		told.Phone, told.Name, told.Status, told.Held = &phone, nullIfEmpty(of.Name), &status, &of.Held
	}
	return told
}

// formatEvent is a change as a stream carries it: no line of it can hold a break.
func formatEvent(c Change) string {
	text, err := encodeJSON(c)
	if err != nil {
		return "" // a struct of texts and numbers
	}
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", c.Seq, c.Kind, text)
}

// send writes at once, and gives up on who does not read.
func (f *eventStream) send(text string) error {
	if text == "" {
		return nil
	}
	if err := f.control.SetWriteDeadline(time.Now().Add(streamWriteTimeout)); err != nil {
		return err
	}
	if _, err := f.w.Write([]byte(text)); err != nil {
		return err
	}
	return f.control.Flush()
}
