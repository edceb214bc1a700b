package account

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// status is how the desk stands with DoubleTick, as the database has it.
type status struct {
	account    data.Account
	connection data.Connection
	counts     data.OutboxCounts
}

func (c *Controller) loadStatus(ctx context.Context) (s status, err error) {
	if s.account, err = c.desk.Account(ctx); err != nil || !s.account.Joined() {
		return s, err
	}
	if s.connection, err = c.desk.Connection(ctx); err != nil {
		return s, err
	}
	s.counts, err = c.desk.OutboxCounts(ctx)
	return s, err
}

// longOfflineAfter is how long DoubleTick is offline before the status bar says since when.
const longOfflineAfter = 5 * time.Minute

// connectionTexts returns the icon of the status bar and its texts, the longest first.
func connectionTexts(s status, now data.Moment) (fyne.Resource, []string) {
	connection := s.connection
	switch {
	case s.account.Paused || connection.State == data.Paused:
		return theme.Icon("pause", theme.Muted), []string{"DoubleTick paused", "Paused"}
	case connection.State == data.Online:
		return theme.Icon("cloud", theme.Muted), []string{"DoubleTick online", "Online"}
	case connection.State == data.Offline && now >= connection.Since.Add(longOfflineAfter):
		since := sinceText(connection.Since, now)
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline " + since, "Offline " + since, "Offline"}
	case connection.State == data.Offline:
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline", "Offline"}
	case connection.State == data.KeyRefused:
		return theme.Icon("key", theme.Danger), []string{withDefault(connection.Reason, "DoubleTick does not accept the key"), "Key refused"}
	case connection.State == data.Fetching:
		texts := []string{"Fetching chats… " + widgets.FormatCount(connection.Chats)}
		if connection.Failed > 0 {
			texts = append([]string{texts[0] + ", " + data.Count(connection.Failed, "page") + " failed"}, texts...)
		}
		return theme.Icon("cloud-down", theme.Muted), texts
	}
	return theme.Icon("clock", theme.Muted), []string{"DoubleTick has not answered yet", "No answer yet"}
}

func withDefault(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func sinceText(since, now data.Moment) string {
	if since.SameDay(now) {
		return "since " + since.TimeOfDay()
	}
	return "since " + since.Time().Format("2 Jan 15:04")
}

// outboxText says what DoubleTick has not taken, if anything.
func outboxText(c data.OutboxCounts) string {
	var parts []string
	switch {
	case c.Waiting == 1:
		parts = append(parts, "1 waiting")
	case c.Waiting > 1:
		parts = append(parts, widgets.FormatCount(c.Waiting)+" waiting")
	}
	if c.Refused > 0 {
		parts = append(parts, widgets.FormatCount(c.Refused)+" refused")
	}
	return strings.Join(parts, ", ")
}

// statusText says in sentences how the desk stands with DoubleTick.
func statusText(s status, now data.Moment) string {
	connection := s.connection
	var text string
	switch {
	case s.account.Paused:
		text = "Paused here: nothing is sent or fetched."
	case connection.State == data.Online:
		text = "DoubleTick answers."
	case connection.State == data.Offline:
		text = withDefault(connection.Reason, "DoubleTick does not answer") + ", since " + strings.TrimPrefix(connection.Since.Relative(now), "on ") + "."
	case connection.State == data.Paused:
		text = withDefault(connection.Reason, "DoubleTick asks for a pause") + "."
	case connection.State == data.KeyRefused:
		text = withDefault(connection.Reason, "DoubleTick does not accept the key") + ". Nothing is sent until there is a new one."
	case connection.State == data.Fetching:
		text = "Chats are being fetched, " + widgets.FormatCount(connection.Chats) + " so far."
		if connection.Failed > 0 {
			text += " " + data.Count(connection.Failed, "page") + " could not be fetched."
		}
	default:
		text = "DoubleTick has not been asked yet."
	}
	switch c := s.counts; {
	case c.Waiting == 1:
		text += " 1 message or block is waiting to be sent."
	case c.Waiting > 1:
		text += " " + widgets.FormatCount(c.Waiting) + " messages and blocks are waiting to be sent."
	}
	if s.counts.Refused > 0 {
		text += " " + widgets.FormatCount(s.counts.Refused) + " refused."
	}
	return text
}
