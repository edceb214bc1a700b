package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// joined is how the desk stands with DoubleTick, as the database has it.
type joined struct {
	account data.Account
	link    data.Connection
	counts  data.OutboxCounts
}

// readJoined reads that.
func (w *Window) readJoined(ctx context.Context) (j joined, err error) {
	if j.account, err = w.Desk.Account(ctx); err != nil || !j.account.Joined() {
		return j, err
	}
	if j.link, err = w.Desk.Connection(ctx); err != nil {
		return j, err
	}
	j.counts, err = w.Desk.OutboxCounts(ctx)
	return j, err
}

// readAccount reads anew how the desk stands with DoubleTick, and shows it.
func (w *Window) readAccount() {
	async.Load(w.accountSlot, w.readJoined, func(j joined) {
		other := j.account.JoinedAt != w.joined.account.JoinedAt
		w.joined = j
		w.showLink()
		if other {
			w.chat.Reload() // what one account is told says nothing of another
		}
	})
}

// showLink says it in the list's header; nothing where the desk is joined to none.
func (w *Window) showLink() {
	j := w.joined
	if j.account.Joined() {
		icon, words := linkWords(j, w.Desk.Now())
		w.statusBar.Set(icon, countWords(j.counts), words...)
	}
	if j.account.Joined() != w.statusBar.Visible() {
		if w.statusBar.Visible() {
			w.statusBar.Hide()
		} else {
			w.statusBar.Show()
		}
		w.list.Root.Refresh()
	}
	if w.sheet != nil {
		w.sheet.show(j, w.Desk.Now())
	}
}

// longOffline is how long nothing answers before it is said since when.
const longOffline = 5 * time.Minute

// linkWords are what the sign says, the longest first, with its drawing.
func linkWords(j joined, now data.Moment) (fyne.Resource, []string) {
	l := j.link
	switch {
	case j.account.Paused || l.State == data.Paused:
		return theme.Icon("pause", theme.Muted), []string{"DoubleTick paused", "Paused"}
	case l.State == data.Online:
		return theme.Icon("cloud", theme.Muted), []string{"DoubleTick online", "Online"}
	case l.State == data.Offline && now >= l.Since.Add(longOffline):
		since := sinceWords(l.Since, now)
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline " + since, "Offline " + since, "Offline"}
	case l.State == data.Offline:
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline", "Offline"}
	case l.State == data.KeyRefused:
		return theme.Icon("key", theme.Danger), []string{orElse(l.Reason, "DoubleTick does not take the key"), "Key refused"}
	case l.State == data.Fetching:
		words := []string{"Fetching chats… " + widgets.FormatCount(l.Chats)}
		if l.Failed > 0 {
			words = append([]string{words[0] + ", " + countOf(l.Failed, "page") + " failed"}, words...)
		}
		return theme.Icon("cloud-down", theme.Muted), words
	}
	return theme.Icon("clock", theme.Muted), []string{"DoubleTick has not answered yet", "No answer yet"}
}

// orElse is what was said, or else what is meant.
func orElse(said, meant string) string {
	if said == "" {
		return meant
	}
	return said
}

func sinceWords(since, now data.Moment) string {
	if since.SameDay(now) {
		return "since " + since.TimeOfDay()
	}
	return "since " + since.Time().Format("2 Jan 15:04")
}

// countWords say what DoubleTick has not taken; nothing where it has all.
func countWords(c data.OutboxCounts) string {
	var parts []string
	switch {
	case c.Waiting == 1:
		parts = append(parts, "1 waits")
	case c.Waiting > 1:
		parts = append(parts, widgets.FormatCount(c.Waiting)+" wait")
	}
	if c.Refused > 0 {
		parts = append(parts, widgets.FormatCount(c.Refused)+" refused")
	}
	return strings.Join(parts, ", ")
}
