package data

import (
	"testing"
	"time"
)

func TestCopyState_Text(t *testing.T) {
	const now = Moment(1_784_547_587_000)
	for _, c := range []struct {
		state CopyState
		want  string
	}{
		{CopyState{}, ""},
		{CopyState{SoundAt: now}, ""},
		{CopyState{SoundAt: now.Add(-48 * time.Hour)}, ""},
		{CopyState{SoundAt: now.Add(-49 * time.Hour)}, "No daily copy for 2 days"},
		{CopyState{SoundAt: now.Add(-9 * 24 * time.Hour), Failure: "The disk is full."}, "No daily copy for 9 days"},
		{CopyState{SoundAt: now.Add(-time.Hour), Failure: "The disk is full."}, "The daily copy failed"},
		{CopyState{Failure: "The disk is full."}, "No daily copy"},
	} {
		if got := c.state.Text(now); got != c.want {
			t.Errorf("%+v: %q, want %q", c.state, got, c.want)
		}
	}
}
