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

// accountStatus is how the desk stands with DoubleTick, as the database has it.
type accountStatus struct {
	account    data.Account
	connection data.Connection
	counts     data.OutboxCounts
}

// loadAccountStatus reads that.
func (w *Window) loadAccountStatus(ctx context.Context) (j accountStatus, err error) {
	if j.account, err = w.Desk.Account(ctx); err != nil || !j.account.Joined() {
		return j, err
	}
	if j.connection, err = w.Desk.Connection(ctx); err != nil {
		return j, err
	}
	j.counts, err = w.Desk.OutboxCounts(ctx)
	return j, err
}

// refreshAccountStatus reads anew how the desk stands with DoubleTick, and shows it.
func (w *Window) refreshAccountStatus() {
	async.Load(w.accountSlot, w.loadAccountStatus, func(j accountStatus) {
		other := j.account.JoinedAt != w.accountStatus.account.JoinedAt
		w.accountStatus = j
		w.showConnection()
		if other {
			w.chat.Reload() // what one account is told says nothing of another
		}
	})
}

// showConnection says it in the list's header; nothing where the desk is joined to none.
func (w *Window) showConnection() {
	j := w.accountStatus
	if j.account.Joined() {
		icon, words := connectionTexts(j, w.Desk.Now())
		w.statusBar.Set(icon, outboxText(j.counts), words...)
	}
	if j.account.Joined() != w.statusBar.Visible() {
		if w.statusBar.Visible() {
			w.statusBar.Hide()
		} else {
			w.statusBar.Show()
		}
		w.chatList.Root.Refresh()
	}
	if w.accountDialog != nil {
		w.accountDialog.update(j, w.Desk.Now())
	}
}

// longOfflineAfter is how long nothing answers before it is said since when.
const longOfflineAfter = 5 * time.Minute

// connectionTexts are what the sign says, the longest first, with its drawing.
func connectionTexts(j accountStatus, now data.Moment) (fyne.Resource, []string) {
	l := j.connection
	switch {
	case j.account.Paused || l.State == data.Paused:
		return theme.Icon("pause", theme.Muted), []string{"DoubleTick paused", "Paused"}
	case l.State == data.Online:
		return theme.Icon("cloud", theme.Muted), []string{"DoubleTick online", "Online"}
	case l.State == data.Offline && now >= l.Since.Add(longOfflineAfter):
		since := sinceText(l.Since, now)
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline " + since, "Offline " + since, "Offline"}
	case l.State == data.Offline:
		return theme.Icon("cloud-off", theme.Muted), []string{"DoubleTick offline", "Offline"}
	case l.State == data.KeyRefused:
		return theme.Icon("key", theme.Danger), []string{withDefault(l.Reason, "DoubleTick does not take the key"), "Key refused"}
	case l.State == data.Fetching:
		words := []string{"Fetching chats… " + widgets.FormatCount(l.Chats)}
		if l.Failed > 0 {
			words = append([]string{words[0] + ", " + pluralize(l.Failed, "page") + " failed"}, words...)
		}
		return theme.Icon("cloud-down", theme.Muted), words
	}
	return theme.Icon("clock", theme.Muted), []string{"DoubleTick has not answered yet", "No answer yet"}
}

// withDefault is what was said, or else what is meant.
func withDefault(said, meant string) string {
	if said == "" {
		return meant
	}
	return said
}

func sinceText(since, now data.Moment) string {
	if since.SameDay(now) {
		return "since " + since.TimeOfDay()
	}
	return "since " + since.Time().Format("2 Jan 15:04")
}

// outboxText say what DoubleTick has not taken; nothing where it has all.
func outboxText(c data.OutboxCounts) string {
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
