package desk

import (
	"context"
	"errors"

	"github.com/latchdesk/latchdesk/data"
)

// NewIncoming returns how many messages came in after the one with the id after
// that the agent may be notified of, by customer, and the newest id it looked at.
func (d *Desk) NewIncoming(ctx context.Context, after int64) (news map[int64]int, last int64, err error) {
	counts, last, err := d.queries.IncomingAfter(ctx, after)
	if err != nil {
		return nil, after, err
	}
	news = map[int64]int{}
	for id, n := range counts {
		c, err := d.Customer(ctx, id)
		if errors.Is(err, data.ErrNotFound) {
			continue // the world was reset meanwhile
		}
		if err != nil {
			return nil, after, err
		}
		if data.Decide(c, d.Now(), data.NotifyingTraffic).Action != data.Deliver {
			continue
		}
		unread, _, err := d.Unread(ctx, id)
		if err != nil {
			return nil, after, err
		}
		if n = min(n, unread); n > 0 { // what is fetched of an account's past comes in read
			news[id] = n
		}
	}
	return news, last, nil
}
