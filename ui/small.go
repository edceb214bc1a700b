package ui

import (
	"context"
	"runtime/debug"
	"time"
)

const (
	collectAt  = 50 // percent of growth; half of Go's usual, for some milliseconds more work a minute
	settled    = 2 * time.Second
	giveBackIn = time.Minute
)

// staySmall gives memory back to the system: what reading the fonts left once
// the window stands, and what much scrolling leaves after that. The desk is
// open all day, beside other programs.
func staySmall(ctx context.Context) {
	debug.SetGCPercent(collectAt)
	wait := time.NewTimer(settled)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
			debug.FreeOSMemory()
			wait.Reset(giveBackIn)
		}
	}
}
