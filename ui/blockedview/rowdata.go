package blockedview

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// rowData is a block as its row shows it: every text is made once, when it is read.
type rowData struct {
	id        int64 // of the customer, or of the event that ended a past block
	customer  int64
	initials  string
	seed      string
	name      string
	phone     string
	why       string
	who       string
	end       string
	endDetail string // under the end
	restRole  fyne.ThemeColorName
	held      string
	chat      bool // there is a chat to open
	past      bool
}

const maxNoteShown = 80 // more of a note is not shown in a row

func rowDataOf(c data.BlockedCustomer, now data.Moment, periods data.ReviewPeriods) rowData {
	b := c.Block
	v := rowData{
		id: c.ID, customer: c.ID, chat: c.Chat,
		initials: data.Initials(c.Name), seed: string(c.Phone),
		name: c.Title(), why: reasonText(b.Reason), who: "by " + blockerName(b.By) + " · " + shortDate(b.At, now),
		restRole: theme.Muted,
	}
	if c.Name != "" {
		v.phone = c.Phone.Pretty()
	}
	if b.Note != "" {
		v.why += " · " + data.OneLine(b.Note, maxNoteShown)
	}
	if b.UnblockRequestedAt != 0 {
		v.who += " · asked to be unblocked " + shortDate(b.UnblockRequestedAt, now)
	}
	v.end = "For good"
	var rest []string
	if b.Until != 0 {
		v.end = "Until " + shortDate(b.Until, now)
		rest = append(rest, b.Until.Remaining(now)+" left")
	}
	switch {
	case b.Due(now, periods):
		rest = append([]string{"Review due"}, rest...)
		v.restRole = theme.Caution
	case b.Review != 0:
		rest = append(rest, "review "+shortDate(b.Review, now))
	}
	v.endDetail = strings.Join(rest, " · ")
	if c.Held > 0 {
		v.held = widgets.FormatCount(c.Held) + " held"
	}
	return v
}

// endLabels says how a block ended.
var endLabels = map[data.EventKind]string{
	data.UnblockedEvent:  "Unblocked",
	data.BlockEndedEvent: "Ended by itself",
	data.UndoneEvent:     "Undone",
}

func pastRowDataOf(b data.PastBlock, now data.Moment) rowData {
	v := rowData{
		id: b.Seq, customer: b.CustomerID, chat: b.Chat, past: true,
		initials: data.Initials(b.Name), seed: string(b.Phone),
		name: b.Name, phone: b.Phone.Pretty(),
		why: reasonText(b.Reason), who: "Blocked",
		end: endLabels[b.How], endDetail: shortDate(b.Ended, now), restRole: theme.Muted,
	}
	if b.Name == "" {
		v.name, v.phone = v.phone, ""
	}
	if b.By != "" {
		v.who += " by " + b.By
	}
	if b.At != 0 {
		v.who += " · " + shortDate(b.At, now)
		v.endDetail += " · after " + b.Ended.Remaining(b.At)
	}
	if b.EndedBy != "" {
		v.end += " by " + b.EndedBy
	}
	return v
}

func reasonText(text string) string {
	if text == "" {
		return "No reason"
	}
	return text
}

// blockerName names who blocked, or says by which way where there is nobody to name.
func blockerName(a data.Actor) string {
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

// shortDate says a moment as short as a row needs it: the time today, else the date.
func shortDate(m, now data.Moment) string {
	t := m.Time()
	switch {
	case m.SameDay(now):
		return m.TimeOfDay()
	case t.Year() == now.Time().Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}
