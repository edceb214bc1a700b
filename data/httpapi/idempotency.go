package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"github.com/latchdesk/latchdesk/data"
)

// idempotencyKey returns the key of a request that is to be done only once, with
// a hash of its method, path and body by which another request with the same key
// is told apart. It returns the zero key if header is nil.
func idempotencyKey(r *http.Request, header *IdempotencyKey) data.IdempotencyKey {
	if header == nil {
		return data.IdempotencyKey{}
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", r.Method, r.URL.Path)
	_, _ = io.Copy(sum, r.Body) // which is in memory
	return data.IdempotencyKey{Key: *header, RequestHash: hex.EncodeToString(sum.Sum(nil))}
}

// lockIdempotent waits until no other bulk request with an idempotency key runs,
// and returns the function that ends the wait of the next. Two of the same at
// once would share the work, and neither would answer for all of it.
func (s *Server) lockIdempotent(key data.IdempotencyKey) (unlock func()) {
	if key.Key == "" {
		return func() {}
	}
	s.idempotentMu.Lock()
	return s.idempotentMu.Unlock
}

// replay writes the stored response to an earlier request with the same key. It
// reports whether the request has been answered, with that or with an error.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, key data.IdempotencyKey) bool {
	if key.Key == "" {
		return false
	}
	text, found, err := s.desk.FindResponse(r.Context(), key)
	if err != nil {
		s.writeDeskError(w, r, err)
		return true
	}
	if found {
		writeRawJSON(w, http.StatusOK, []byte(text))
	}
	return found
}
