package httpapi

import (
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// middleware wraps next in what every request passes, outermost first.
func (s *Server) middleware(next http.Handler) http.Handler {
	return holdConnection(s.logRequests(s.setHeaders(s.limitRate(s.checkHost(s.checkOrigin(next))))))
}

// logRequests counts each request for the log. A panic of next is logged and answered
// with status 500.
func (s *Server) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := newStatusRecorder(w, r)
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				slog.Error("a request failed", "route", r.Pattern, "stack", string(debug.Stack()))
				if rec.status == 0 {
					writeError(rec, http.StatusInternalServerError, "Internal server error")
				}
			}
			s.requests.add(r, rec.status)
		}()
		next.ServeHTTP(rec, r)
	})
}

// logMethod returns the method for the log: an unknown one may hold anything.
func logMethod(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// setHeaders sets the headers that every response has. Once half of the
// connections are taken it ends each after its response, so that idle clients
// cannot keep others out. It also ends each whose request may have been framed in two
// ways: net/http hides a Content-Length that stood beside Transfer-Encoding, and in
// HTTP/1.0 the Transfer-Encoding, so that a proxy in front may have seen the end of
// the request elsewhere (RFC 9112, section 6.1). So may one that takes what follows a
// CONNECT for a tunnel's.
func (s *Server) setHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.connections.count() > maxConnections/2 || len(r.TransferEncoding) > 0 || !r.ProtoAtLeast(1, 1) || r.Method == http.MethodConnect {
			h.Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// limitRate answers with status 429 where one address sends too many requests.
func (s *Server) limitRate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.limiter.allow(remoteIP(r)) {
			writeRetryAfter(w, http.StatusTooManyRequests, time.Second, "Too many requests")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkHost refuses requests for other hosts than this server's.
func (s *Server) checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.hosts.allows(r.Host) {
			writeError(w, http.StatusForbidden, "This host name is not one of the server's")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkOrigin refuses requests from web pages of other origins.
func (s *Server) checkOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isCrossOrigin(r, s.hosts) {
			writeError(w, http.StatusForbidden, "Requests from other web pages are not answered")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isCrossOrigin reports whether a request comes from a page of another origin.
func isCrossOrigin(r *http.Request, hosts hostAllowlist) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !hosts.isSameOrigin(origin, r.Host) {
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

// remoteIP returns the address of the client without the port.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
