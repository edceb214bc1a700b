package history

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// rowData is what the row of an event shows. Texts are formatted once, when the
// event is read.
type rowData struct {
	icon string
	role fyne.ThemeColorName

	text, detail string
	name, phone  string
	time, way    string

	pair int64 // that the event decided, and that is decided so still; zero for none
}

// eventIcons are the icons of what matters most; the rest has a clock.
var eventIcons = map[data.EventKind]rowData{
	data.BlockedEvent:    {icon: "block", role: theme.Danger},
	data.UnblockedEvent:  {icon: "unblock", role: theme.Accent},
	data.BlockEndedEvent: {icon: "unblock", role: theme.Accent},
	data.RenamedEvent:    {icon: "pencil", role: theme.Muted},
	data.ClearedEvent:    {icon: "trash", role: theme.Muted},
	data.ClosedEvent:     {icon: "check", role: theme.Muted},
	data.AssignedEvent:   {icon: "person", role: theme.Muted},

	data.ChatImportedEvent:       {icon: "inbox", role: theme.Muted},
	data.BlockedElsewhereEvent:   {icon: "block", role: theme.Muted},
	data.UnblockedElsewhereEvent: {icon: "unblock", role: theme.Muted},
}

// originLabels are the words for the channel through which an act came.
var originLabels = map[data.Channel]string{
	data.ViaWindow:   "in the window",
	data.ViaCommand:  "by command",
	data.ViaAPI:      "through the API",
	data.ViaImport:   "by import",
	data.ViaSchedule: "by itself, when due",
}

func rowDataOf(r data.Record, now data.Moment) rowData {
	v := eventIcons[r.Kind]
	if v.icon == "" {
		v.icon, v.role = "clock", theme.Muted
	}
	v.text, v.detail = r.Text(), detailText(r.Event, now)
	v.name, v.phone = r.Name, data.Address(r.Phone).Short()
	if v.name == "" {
		v.name, v.phone = v.phone, ""
	}
	v.time, v.way = formatTime(r.At, now), originLabels[r.Actor.Channel]
	if v.way == "" {
		v.way = string(r.Actor.Channel)
	}
	return v
}

// missingEvent is shown where an event should be that is not there.
func missingEvent(seq int64) rowData {
	return rowData{
		icon: "warning", role: theme.Danger,
		text: fmt.Sprintf("Event %d is missing", seq), detail: "It was recorded here once, and has been removed since.",
	}
}

// lateAfter is how long after it happened an event may be recorded without a remark.
const lateAfter = time.Minute

// detailText returns what an event's text leaves out.
func detailText(e data.Event, now data.Moment) string {
	d := e.Rest()
	var parts []string
	switch {
	case d.Reason != "":
		parts = append(parts, d.Reason)
	case e.Kind == data.BlockedEvent && e.Actor.Channel == data.ViaImport && d.Note == "":
		parts = append(parts, "no reason in the list")
	}
	switch {
	case e.Kind != data.BlockedEvent:
	case d.Until == 0:
		parts = append(parts, "for good")
	default:
		parts = append(parts, "until "+formatTime(data.Moment(d.Until), now))
	}
	if d.Note != "" {
		parts = append(parts, data.OneLine(d.Note, data.MaxNote))
	}
	if d.ImportedAt != 0 {
		parts = append(parts, strings.TrimSpace("in the list since "+formatTime(data.Moment(d.ImportedAt), now)+" "+byText(d.ImportedBy)))
	}
	if d.File != "" {
		parts = append(parts, d.File)
	}
	if d.Messages != 0 {
		parts = append(parts, data.Count(d.Messages, "message"))
	}
	if d.Held != 0 {
		parts = append(parts, fmt.Sprintf("%d held", d.Held))
	}
	if d.Discarded != 0 {
		parts = append(parts, fmt.Sprintf("%d discarded", d.Discarded))
	}
	if e.RecordedAt > e.At.Add(lateAfter) {
		parts = append(parts, "recorded "+e.RecordedAt.Relative(now))
	}
	return strings.Join(parts, " · ")
}

func byText(name string) string {
	if name == "" {
		return ""
	}
	return "by " + name
}

// formatTime formats a moment with its time, and its date unless that is today.
func formatTime(m, now data.Moment) string {
	if m.SameDay(now) {
		return m.TimeOfDay()
	}
	return m.Time().Format("2 Jan 2006") + " " + m.TimeOfDay()
}
