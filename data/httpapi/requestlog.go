package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// requestLog counts the requests that were answered. The log gets a line a minute:
// a line for each would push an error of the night out of it by the morning.
type requestLog struct {
	mu     sync.Mutex
	counts map[answered]int
}

// answered is what is noted of a request: the method and the route, but never the path,
// a header or a body, and the status.
type answered struct {
	request string
	status  int
}

// requestLogInterval is the time between two lines.
const requestLogInterval = time.Minute

// maxAnswered is how many kinds of answers a line names; of the others it has the number.
const maxAnswered = 20

// add counts a request.
func (l *requestLog) add(r *http.Request, status int) {
	request := r.Pattern
	if method, _, ok := strings.Cut(request, " "); !ok || method != logMethod(r) {
		request = strings.TrimSpace(logMethod(r) + " " + request)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[answered]int{}
	}
	l.counts[answered{request, status}]++
}

// run writes a line a minute until ctx ends, and then the last one.
func (l *requestLog) run(ctx context.Context) {
	ticker := time.NewTicker(requestLogInterval)
	defer ticker.Stop()
	defer l.flush()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			l.flush()
		}
	}
}

// flush writes what was counted, unless that is nothing.
func (l *requestLog) flush() {
	l.mu.Lock()
	counts := l.counts
	l.counts = nil
	l.mu.Unlock()
	if len(counts) == 0 {
		return
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, b answered) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.request, b.request), cmp.Compare(a.status, b.status))
	})
	total, others := 0, 0
	var named []string
	for _, kind := range kinds {
		total += counts[kind]
		if len(named) == maxAnswered {
			others += counts[kind]
			continue
		}
		named = append(named, fmt.Sprintf("%s %d: %d", kind.request, kind.status, counts[kind]))
	}
	if others > 0 {
		named = append(named, fmt.Sprintf("others: %d", others))
	}
	slog.Info("answered", "requests", total, "by", strings.Join(named, ", "))
}
