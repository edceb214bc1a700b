package clock

import "time"

var start = time.Now()

// sinceStart is by Go's own steady reading, which may stop during sleep.
func sinceStart() time.Duration { return time.Since(start) }
