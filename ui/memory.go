package ui

import (
	"context"
	"runtime/debug"
	"time"
)

const (
	gcPercent       = 50 // percent of growth; half of Go's usual, for some milliseconds more work a minute
	releaseInterval = time.Minute
)

// startupDelays is when the window stands, and when the fonts of its first chats are
// read.
var startupDelays = []time.Duration{2 * time.Second, 8 * time.Second}

// releaseMemory returns memory back to the system: what reading the fonts left once
// the window stands, and what much scrolling leaves after that. The desk is
// open all day, beside other programs.
func releaseMemory(ctx context.Context) {
	debug.SetGCPercent(gcPercent)
	for turn := 0; ; turn++ {
		wait := releaseInterval
		if turn < len(startupDelays) {
			wait = startupDelays[turn]
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			debug.FreeOSMemory()
		}
	}
}
