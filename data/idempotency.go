package data

import "errors"

// ErrReused says that the idempotency key of one request came with another.
var ErrReused = errors.New("this key was used for another request")

// IdempotencyKey names a request, so that a caller who lost the response can repeat it
// and it is carried out once. It is remembered for 24 hours. The zero value stands for
// a request without a key.
type IdempotencyKey struct {
	Key         string // as the caller chose it
	RequestHash string // by which another request with the same key is recognised
}

// SendRequest is a request to send a message.
type SendRequest struct {
	Text        string
	ID          string // a UUID that the caller chose for the message; a second request with it sends nothing
	Idempotency IdempotencyKey
}
