package clock

import "time"

var processStart = time.Now()

// sinceProcessStart is by Go's own steady reading, which may stop during sleep.
func sinceProcessStart() time.Duration { return time.Since(processStart) }
