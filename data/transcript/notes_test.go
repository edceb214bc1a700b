package transcript_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/transcript"
)

// What was written for the desk alone is in a transcript only where that was asked for,
// and says then what it is.
func TestWrite_Notes(t *testing.T) {
	c := newChat(t, "Riya D")
	c.receive(data.Message{Text: "Where is it?"})
	_, err := c.ImportChat(t.Context(), asha, desk.ChatImportRequest{Customer: c.customer, Messages: []data.Message{
		{Direction: data.Note, Kind: data.TextMessage, Text: "Owes us money", Author: "Bo", At: data.MomentOf(c.now.Add(-time.Minute))},
		{Direction: data.Note, Kind: data.TextMessage, Text: "Missed voice call", At: data.MomentOf(c.now.Add(-time.Hour))},
	}})
	c.must(err)
	for format, want := range map[transcript.Format][2]string{
		transcript.Text: {"  Note by Bo: Owes us money\n", "  Note: Missed voice call\n"},
		transcript.HTML: {"<p class=\"note\" dir=\"auto\"><small>Note by Bo · 12:00</small>\nOwes us money", "<small>Note · 11:01</small>\nMissed voice call"},
	} {
		without := c.write(transcript.Options{Format: format, Events: true})
		if strings.Contains(without, "money") || strings.Contains(without, "Missed") || !strings.Contains(without, "Where is it?") {
			t.Errorf("notes are handed out unasked:\n%s", without)
		}
		with := c.write(transcript.Options{Format: format, Notes: true})
		for _, note := range want {
			if !strings.Contains(with, note) {
				t.Errorf("%q is missing in\n%s", note, with)
			}
		}
	}
}

// What was done to a message stands below it.
func TestWrite_Acts(t *testing.T) {
	c := newChat(t, "Riya D")
	c.receive(data.Message{Text: "Helo"},
		data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "r1"},
		data.Message{Kind: data.EditMessage, Text: "Hello", ReplyTo: "r1"},
		data.Message{Kind: data.DeletionMessage, ReplyTo: "r1"})
	got := c.write(transcript.Options{Format: transcript.Text})
	want := "12:01  Riya D: Hello\n       (edited; before: Helo)\n       (deleted by the customer)\n       (reaction: 👍)\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
}
