package data

import "errors"

// ErrReused says that the mark of one request came with another.
var ErrReused = errors.New("this key was used for another request")

// IdempotencyKey marks a request, so that whoever lost the answer can ask again and the
// act is done once. The zero value marks nothing.
type IdempotencyKey struct {
	Key         string // as the caller chose it
	RequestHash string // tells one request from another
}

// SendRequest is what a message is sent with.
type SendRequest struct {
	Text        string
	ID          string // a UUID that the caller chose; a message is sent once by each
	Idempotency IdempotencyKey
}
