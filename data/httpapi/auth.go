package httpapi

import (
	"log/slog"
	"net/http"
)

// authenticate reports whether the request carries the API key; if not, it has
// been answered.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) bool {
	key := r.Header.Get("Authorization")
	if key == "" {
		writeUnauthorized(w)
		return false
	}
	matches, err := s.apiKey.Matches(key)
	switch {
	case err != nil:
		slog.Error("cannot read the key of the API", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The key cannot be read")
	case !matches && !s.limiter.delayFailedAuth(r.Context(), remoteIP(r)):
		writeRetryAfter(w, http.StatusTooManyRequests, maxDelay, "Too many wrong keys")
	case !matches:
		writeUnauthorized(w)
	}
	return matches && err == nil
}

// authenticateWebhook reports whether the path of a delivery holds the secret; if
// not, the request has been answered.
func (s *Server) authenticateWebhook(w http.ResponseWriter, r *http.Request) bool {
	matches, err := s.webhookSecret.Matches(r.PathValue("secret"))
	switch {
	case err != nil:
		slog.Error("cannot read the secret of the webhook", "error", err)
		writeError(w, http.StatusServiceUnavailable, "The secret cannot be read")
	case !matches && !s.limiter.delayFailedAuth(r.Context(), remoteIP(r)):
		writeRetryAfter(w, http.StatusTooManyRequests, maxDelay, "Too many wrong secrets")
	case !matches:
		writeNotFound(w, r, "/webhook")
	}
	return matches && err == nil
}
