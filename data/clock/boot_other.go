//go:build !linux && !windows

package clock

import "time"

func sinceBoot() time.Duration { return sinceProcessStart() }
