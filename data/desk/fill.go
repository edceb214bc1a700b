package desk

import (
	"context"
	"time"

	"github.com/latchdesk/latchdesk/data/clock"
)

const (
	// minFill and maxFill bound how many rows are filled in one transaction.
	minFill, maxFill = 20, 5000
	// fillRest is how long the disk is left to others after a transaction, as a
	// multiple of the time that it took: nobody waits for what is filled.
	fillRest = 3
)

// Fill writes what migrations left to be filled later, in chunks so small that
// nobody waits long behind them, until nothing is left or ctx ends. Whatever stops
// it, it goes on from the last chunk the next time.
func (d *Desk) Fill(ctx context.Context) error {
	for limit := minFill; ; {
		begun := time.Now()
		more, err := d.store.Fill(ctx, limit)
		if err != nil || !more {
			return err
		}
		took := time.Since(begun)
		limit = nextFill(limit, took)
		if err := clock.Sleep(ctx, fillRest*took); err != nil {
			return err
		}
	}
}

// nextFill returns how many rows to fill in one transaction after one of limit rows
// took so long: as many as fit between half of maxChunk and all of it.
func nextFill(limit int, took time.Duration) int {
	switch {
	case took > maxChunk:
		limit /= 2
	case took < maxChunk/2:
		limit *= 2
	}
	return min(maxFill, max(minFill, limit))
}

// Fills lists the migrations of which something is still to be filled.
func (d *Desk) Fills(ctx context.Context) ([]string, error) { return d.queries.Fills(ctx) }
