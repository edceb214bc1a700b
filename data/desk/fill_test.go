package desk

import (
	"testing"
	"time"
)

// A chunk of what is filled is made so large that nobody waits long behind it.
func TestNextFill_FollowsTheTimeThatItTook(t *testing.T) {
	for _, c := range []struct {
		limit int
		took  time.Duration
		want  int
	}{
		{400, maxChunk, 400},
		{400, maxChunk / 2, 400},
		{400, maxChunk/2 - 1, 800},
		{400, maxChunk + 1, 200},
		{minFill, time.Minute, minFill},
		{maxFill, 0, maxFill},
	} {
		if got := nextFill(c.limit, c.took); got != c.want {
			t.Errorf("%d rows in %v: then %d, want %d", c.limit, c.took, got, c.want)
		}
	}
	for limit, chunks := minFill, 0; limit < maxFill; chunks++ {
		limit = nextFill(limit, time.Millisecond)
		if chunks > 20 {
			t.Fatalf("after %d quick chunks there are only %d rows in one", chunks, limit)
		}
	}
}
