package transcript_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/transcript"
)

// Two messages an hour apart that read the same on the clock are told apart.
func TestWrite_HourThatComesTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	local := time.Local
	time.Local = berlin
	t.Cleanup(func() { time.Local = local })
	c := newChat(t, "Riya")
	c.now = time.Date(2026, 10, 25, 0, 29, 0, 0, time.UTC)
	c.receive(data.Message{Text: "first"})
	c.now = c.now.Add(59 * time.Minute)
	c.receive(data.Message{Text: "second"})
	for _, format := range []transcript.Format{transcript.Text, transcript.HTML} {
		got := strings.ReplaceAll(c.write(transcript.Options{Format: format}), "&#43;", "+")
		_, got, _ = strings.Cut(got, "Sunday, 25 October 2026, UTC+02:00")
		first, second, changed := strings.Cut(got, "Sunday, 25 October 2026, UTC+01:00")
		if !changed || !strings.Contains(first, "02:30") || !strings.Contains(first, "first") || !strings.Contains(second, "02:30") || !strings.Contains(second, "second") {
			t.Errorf("%s: %s", format, got)
		}
	}
}
