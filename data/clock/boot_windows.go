package clock

import (
	"time"

	"golang.org/x/sys/windows"
)

// sinceBoot counts sleep, and no setting of the clock; see GetTickCount64.
func sinceBoot() time.Duration { return windows.DurationSinceBoot() }
