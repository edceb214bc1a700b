package history

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// view is an event as its row shows it: every text is made once, when it is read.
type view struct {
	icon string
	role fyne.ThemeColorName

	text, detail string
	name, phone  string
	time, way    string
}

// signs are the icons of what matters most; the rest has a clock.
var signs = map[data.EventKind]view{
	data.BlockedEvent:    {icon: "block", role: theme.Danger},
	data.UnblockedEvent:  {icon: "unblock", role: theme.Accent},
	data.BlockEndedEvent: {icon: "unblock", role: theme.Accent},
	data.RenamedEvent:    {icon: "pencil", role: theme.Muted},
	data.ClearedEvent:    {icon: "trash", role: theme.Muted},
	data.ClosedEvent:     {icon: "check", role: theme.Muted},
	data.AssignedEvent:   {icon: "person", role: theme.Muted},
}

// ways say by which door an act came.
var ways = map[data.Channel]string{
	data.ViaWindow:   "in the window",
	data.ViaCommand:  "by command",
	data.ViaAPI:      "through the API",
	data.ViaImport:   "by import",
	data.ViaSchedule: "by itself, when due",
}

func viewOf(r data.Record, now data.Moment) view {
	v := signs[r.Kind]
	if v.icon == "" {
		v.icon, v.role = "clock", theme.Muted
	}
	v.text, v.detail = r.Text(), detailOf(r.Event, now)
	v.name, v.phone = r.Name, r.Phone.Pretty()
	if v.name == "" {
		v.name, v.phone = v.phone, ""
	}
	v.time, v.way = stamp(r.At, now), ways[r.Actor.Channel]
	if v.way == "" {
		v.way = string(r.Actor.Channel)
	}
	return v
}

// missing is shown where an event should be that is not there.
func missing(seq int64) view {
	return view{
		icon: "warning", role: theme.Danger,
		text: fmt.Sprintf("Event %d is missing", seq), detail: "It was written down here once, and was removed since.",
	}
}

// late is how long after it happened an event may be written down without a word.
const late = time.Minute

// detailOf says what an event's text leaves out.
func detailOf(e data.Event, now data.Moment) string {
	d := e.Rest()
	var parts []string
	if d.Reason != "" {
		parts = append(parts, d.Reason)
	}
	if d.Until != 0 && e.Kind == data.BlockedEvent {
		parts = append(parts, "until "+stamp(data.Moment(d.Until), now))
	}
	if d.Note != "" {
		parts = append(parts, data.OneLine(d.Note, data.MaxNote))
	}
	if d.ImportedAt != 0 {
		parts = append(parts, strings.TrimSpace("in the list since "+stamp(data.Moment(d.ImportedAt), now)+" "+by(d.ImportedBy)))
	}
	if d.Held != 0 {
		parts = append(parts, fmt.Sprintf("%d held", d.Held))
	}
	if d.Discarded != 0 {
		parts = append(parts, fmt.Sprintf("%d discarded", d.Discarded))
	}
	if e.RecordedAt > e.At.Add(late) {
		parts = append(parts, "written down "+e.RecordedAt.Relative(now))
	}
	return strings.Join(parts, " · ")
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + name
}

// stamp says a moment of the past or the future shortly, with its time.
func stamp(m, now data.Moment) string {
	if m.SameDay(now) {
		return m.TimeOfDay()
	}
	return m.Time().Format("2 Jan 2006") + " " + m.TimeOfDay()
}
