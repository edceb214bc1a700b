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

// startupDelays are the waits until the window is shown, and from there until the
// fonts of its first chats have been read.
var startupDelays = []time.Duration{2 * time.Second, 8 * time.Second}

// releaseMemory returns free memory to the system until ctx ends: first what reading
// the fonts has left, then what scrolling leaves. The desk is open all day, beside
// other programs.
func releaseMemory(ctx context.Context) {
	debug.SetGCPercent(gcPercent)
	for n := 0; ; n++ {
		wait := releaseInterval
		if n < len(startupDelays) {
			wait = startupDelays[n]
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			debug.FreeOSMemory()
		}
	}
}
