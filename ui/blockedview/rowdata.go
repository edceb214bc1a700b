package blockedview

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// rowData is what the row of a block shows. Texts are formatted once, when the
// block is read.
type rowData struct {
	id         int64 // of the customer, or of the event that ended a past block
	customer   int64
	initials   string
	seed       string
	group      bool
	name       string
	phone      string
	why        string
	who        string
	end        string
	endDetail  string // under the end
	detailRole fyne.ThemeColorName
	held       string
	chat       bool // there is a chat to open
	past       bool
}

const maxNoteShown = 80 // more of a note is not shown in a row

func rowDataOf(c data.BlockedCustomer, now data.Moment, periods data.ReviewPeriods) rowData {
	b := c.Block
	v := rowData{
		id: c.ID, customer: c.ID, chat: c.Chat,
		initials: c.Initials(), seed: string(c.Address), group: c.IsGroup(),
		name: c.Title(), why: reasonText(b.Reason), who: "by " + blockerName(b.By) + " · " + shortDate(b.At, now),
		detailRole: theme.Muted,
	}
	if data.IsVisible(c.Name) || c.Phone == "" {
		v.phone = c.Contact()
	}
	if b.Note != "" {
		v.why += " · " + data.OneLine(b.Note, maxNoteShown)
	}
	if b.UnblockRequestedAt != 0 {
		v.who += " · asked to be unblocked " + shortDate(b.UnblockRequestedAt, now)
	}
	v.end = "For good"
	var details []string
	if b.Until != 0 {
		v.end = "Until " + shortDate(b.Until, now)
		if b.Until.SameDay(now) {
			details = append(details, b.Until.Remaining(now)+" left")
		} else {
			v.end = "Until " + b.Until.Time().Format("Mon ") + shortDate(b.Until, now)
			details = append(details, "at "+b.Until.TimeOfDay())
		}
	}
	switch {
	case b.Due(now, periods):
		details = append([]string{"Review due"}, details...)
		v.detailRole = theme.Caution
	case b.Review != 0:
		details = append(details, "review "+shortDate(b.Review, now))
	}
	v.endDetail = strings.Join(details, " · ")
	if c.Held > 0 {
		v.held = widgets.FormatCount(c.Held) + " held"
	}
	return v
}

// endLabels are the words for how a block ended.
var endLabels = map[data.EventKind]string{
	data.UnblockedEvent:  "Unblocked",
	data.BlockEndedEvent: "Ended by itself",
	data.UndoneEvent:     "Undone",
}

func pastRowDataOf(b data.PastBlock, now data.Moment) rowData {
	v := rowData{
		id: b.Seq, customer: b.CustomerID, chat: b.Chat, past: true,
		initials: data.Initials(b.Name), seed: string(b.Phone), group: data.Customer{Address: data.Address(b.Phone)}.IsGroup(),
		name: b.Name, phone: data.Address(b.Phone).Short(),
		why: reasonText(b.Reason), who: "Blocked",
		end: endLabels[b.How], endDetail: shortDate(b.Ended, now), detailRole: theme.Muted,
	}
	if !data.IsVisible(b.Name) {
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

// blockerName returns who blocked, or what did where there is nobody to name.
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

// shortDate formats a moment for a row: the time if it is today, else the date.
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
