package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// sinceBoot counts sleep, and no setting of the clock; see clock_gettime(2).
func sinceBoot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		return sinceProcessStart()
	}
	return time.Duration(ts.Nano())
}
