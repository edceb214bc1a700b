package ui

import (
	"context"
	"runtime/debug"
	"time"
)

const (
	collectAt  = 50 // percent of growth; half of Go's usual, for some milliseconds more work a minute
	giveBackIn = time.Minute
)

// settled is when the window stands, and when the fonts of its first chats are
// read.
var settled = []time.Duration{2 * time.Second, 8 * time.Second}

// staySmall returns memory back to the system: what reading the fonts left once
// the window stands, and what much scrolling leaves after that. The desk is
// open all day, beside other programs.
func staySmall(ctx context.Context) {
	debug.SetGCPercent(collectAt)
	for turn := 0; ; turn++ {
		wait := giveBackIn
		if turn < len(settled) {
			wait = settled[turn]
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			debug.FreeOSMemory()
		}
	}
}
