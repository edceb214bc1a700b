// Package clock has a time that runs steadily: while the program runs,
// setting the computer's clock moves nothing, and sleep counts.
package clock

import "time"

// Monotonic returns a clock that starts at the computer's time and goes on by what
// has really passed since. After a restart the computer is believed again.
func Monotonic() func() time.Time {
	began, from := time.Now().Round(0), sinceBoot() // Round takes Go's own steady reading off, which stops during sleep
	return func() time.Time { return began.Add(sinceBoot() - from) }
}
