package httpapi

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// hostAllowlist are the names by which the server may be asked for: a page elsewhere
// that had its own name point here would ask for that name.
type hostAllowlist struct {
	scheme   string
	withPort map[string]bool // with the port
	anyPort  []string        // with any port: those of tunnels
}

// allows reports whether the server is called so.
func (h hostAllowlist) allows(host string) bool {
	host = strings.ToLower(host)
	if h.withPort[host] {
		return true
	}
	name := host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	for _, known := range h.anyPort {
		if name == known {
			return true
		}
	}
	return false
}

// isSameOrigin reports whether a page of the origin was given by this server, as it was
// asked for.
func (h hostAllowlist) isSameOrigin(origin, host string) bool {
	scheme, rest, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(rest, host) && (scheme == h.scheme || scheme == "https") // a tunnel adds TLS
}

// middleware refuses requests that may not pass, and logs each request: the method
// and the route, never the path, a header or a body.
func (s *Server) middleware(inside http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		began := time.Now()
		w := &statusRecorder{ResponseWriter: out}
		if r.ProtoMajor == 1 && r.ContentLength != 0 {
			w.body = &bodyTracker{ReadCloser: r.Body}
			r.Body = w.body
		}
		defer func() {
			if failed := recover(); failed != nil && failed != http.ErrAbortHandler {
				slog.Error("a request failed", "route", r.Pattern, "stack", string(debug.Stack()))
				if w.status == 0 {
					writeError(w, http.StatusInternalServerError, "Internal server error")
				}
			}
			slog.Info("answered", "method", logMethod(r), "route", r.Pattern, "status", w.status, "took", time.Since(began).Round(time.Microsecond))
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.openConns.Load() > maxConnections/2 { // who is idle must not keep others out
			h.Set("Connection", "close")
		}
		switch {
		case !s.limiter.allow(remoteIP(r)):
			writeRetryAfter(w, http.StatusTooManyRequests, time.Second, "Too many requests")
		case !s.hosts.allows(r.Host):
			writeError(w, http.StatusForbidden, "This host is not known here")
		case isCrossOrigin(r, s.hosts):
			writeError(w, http.StatusForbidden, "Pages of other origins are not answered")
		default:
			inside.ServeHTTP(w, r)
		}
	})
}

// trackConn counts open connections.
func (s *Server) trackConn(_ net.Conn, now http.ConnState) {
	switch now {
	case http.StateNew:
		s.openConns.Add(1)
	case http.StateClosed:
		s.openConns.Add(-1)
	}
}

// isCrossOrigin reports whether a request comes from a page of another origin.
func isCrossOrigin(r *http.Request, known hostAllowlist) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !known.isSameOrigin(origin, r.Host) {
			return true
		}
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	return false
}

// authenticate reports whether the request shows the key, and refuses it otherwise.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) bool {
	shown := r.Header.Get("Authorization")
	if shown == "" {
		writeUnauthorized(w)
		return false
	}
	right, err := s.apiKey.Matches(shown)
	if err != nil {
		slog.Error("cannot read the key of the API", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The key cannot be read")
		return false
	}
	if right {
		return true
	}
	if !s.limiter.delayFailedAuth(r.Context(), remoteIP(r)) {
		writeRetryAfter(w, http.StatusTooManyRequests, maxDelay, "Too many wrong keys")
		return false
	}
	writeUnauthorized(w)
	return false
}

// remoteIP returns the address of the client without the port.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// logMethod names the method for the log: one that nobody knows may be a word of
// somebody's.
func logMethod(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// statusRecorder is a ResponseWriter that remembers the status.
type statusRecorder struct {
	http.ResponseWriter
	status int
	body   *bodyTracker // that is to come on a connection of its own; nil for none
}

// WriteHeader sends the status.
func (n *statusRecorder) WriteHeader(status int) {
	if n.status == 0 {
		n.status = status
		if n.body != nil && !n.body.started { // else the server would wait for it, before the answer and after
			n.Header().Set("Connection", "close")
			_ = http.NewResponseController(n.ResponseWriter).SetReadDeadline(time.Now()) // which every server of ours can
		}
	}
	n.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the answer.
func (n *statusRecorder) Write(p []byte) (int, error) {
	if n.status == 0 {
		n.status = http.StatusOK
	}
	return n.ResponseWriter.Write(p)
}

// Unwrap lets a stream flush.
func (n *statusRecorder) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// bodyTracker remembers whether anybody has begun to read a body.
type bodyTracker struct {
	io.ReadCloser
	started bool
}

// Read reads from the body.
func (u *bodyTracker) Read(p []byte) (int, error) {
	u.started = true
	return u.ReadCloser.Read(p)
}
