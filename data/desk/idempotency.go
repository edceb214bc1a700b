package desk

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// findRequest reports whether the request with this key was done already, whatever
// happened since, and returns its answer. Without a key it was not. It returns
// data.ErrReused if the key came with another request.
func findRequest(tx *store.Tx, key data.IdempotencyKey, now data.Moment) (answer string, done bool, err error) {
	if key.Key == "" {
		return "", false, nil
	}
	return tx.FindResponse(key, now)
}

// saveRequest remembers the request with this key as done, with its answer, in the
// transaction of its act. Without a key there is nothing to remember.
func saveRequest(tx *store.Tx, key data.IdempotencyKey, answer string, now data.Moment) error {
	if key.Key == "" {
		return nil
	}
	return tx.SaveResponse(key, answer, now)
}

// SaveResponse remembers the response to a request whose acts were done one by
// one, each of which can be repeated.
func (d *Desk) SaveResponse(ctx context.Context, key data.IdempotencyKey, response string) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.SaveResponse(key, response, d.Now()) })
}
