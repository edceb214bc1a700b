package blocked

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// view is a block as its row shows it: every text is made once, when it is read.
type view struct {
	id       int64 // of the customer, or of the event that ended a past block
	customer int64
	initials string
	seed     string
	name     string
	phone    string
	why      string
	who      string
	end      string
	rest     string // under the end
	restRole fyne.ThemeColorName
	held     string
	chat     bool // there is a chat to open
	past     bool
}

const longNote = 80 // more of a note is not shown in a row

func viewOf(c data.BlockedCustomer, now data.Moment, periods data.ReviewPeriods) view {
	b := c.Block
	v := view{
		id: c.ID, customer: c.ID, chat: c.Chat,
		initials: data.Initials(c.Name), seed: string(c.Phone),
		name: c.Title(), why: reason(b.Reason), who: "by " + whom(b.By) + " · " + day(b.At, now),
		restRole: theme.Muted,
	}
	if c.Name != "" {
		v.phone = c.Phone.Pretty()
	}
	if b.Note != "" {
		v.why += " · " + data.OneLine(b.Note, longNote)
	}
	if b.UnblockRequestedAt != 0 {
		v.who += " · asked to be unblocked " + day(b.UnblockRequestedAt, now)
	}
	v.end = "For good"
	var rest []string
	if b.Until != 0 {
		v.end = "Until " + day(b.Until, now)
		rest = append(rest, b.Until.Remaining(now)+" left")
	}
	switch {
	case b.Due(now, periods):
		rest = append([]string{"Review due"}, rest...)
		v.restRole = theme.Caution
	case b.Review != 0:
		rest = append(rest, "review "+day(b.Review, now))
	}
	v.rest = strings.Join(rest, " · ")
	if c.Held > 0 {
		v.held = widgets.FormatCount(c.Held) + " held"
	}
	return v
}

// hows says how a block ended.
var hows = map[data.EventKind]string{
	data.UnblockedEvent:  "Unblocked",
	data.BlockEndedEvent: "Ended by itself",
	data.UndoneEvent:     "Undone",
}

func pastViewOf(b data.PastBlock, now data.Moment) view {
	v := view{
		id: b.Seq, customer: b.CustomerID, chat: b.Chat, past: true,
		initials: data.Initials(b.Name), seed: string(b.Phone),
		name: b.Name, phone: b.Phone.Pretty(),
		why: reason(b.Reason), who: "Blocked",
		end: hows[b.How], rest: day(b.Ended, now), restRole: theme.Muted,
	}
	if b.Name == "" {
		v.name, v.phone = v.phone, ""
	}
	if b.By != "" {
		v.who += " by " + b.By
	}
	if b.At != 0 {
		v.who += " · " + day(b.At, now)
		v.rest += " · after " + b.Ended.Remaining(b.At)
	}
	if b.EndedBy != "" {
		v.end += " by " + b.EndedBy
	}
	return v
}

func reason(text string) string {
	if text == "" {
		return "No reason"
	}
	return text
}

// whom names who blocked, or says by which way where there is nobody to name.
func whom(a data.Actor) string {
	switch {
	case a.Name != "":
		return a.Name
	case a.Kind == data.APIActor:
		return "the API"
	case a.Kind == data.ImportActor:
		return "an import"
	}
	return "somebody"
}

// day says a moment as short as a row needs it: the time today, else the date.
func day(m, now data.Moment) string {
	t := m.Time()
	switch {
	case m.SameDay(now):
		return m.TimeOfDay()
	case t.Year() == now.Time().Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}
