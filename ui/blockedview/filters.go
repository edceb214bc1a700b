package blockedview

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	allReasons = "All reasons"
	noReason   = "No reason"
	allAgents  = "All agents"
	reviewDue  = "Review due"
)

// endFilters and orderFilters are what can be chosen, the usual first.
var (
	endFilters = []struct {
		label string
		end   data.BlockEnd
	}{
		{"Any end", data.AnyEnd},
		{"For good", data.NoEnd},
		{"Within a day", data.EndsInADay},
		{"Within a week", data.EndsInAWeek},
		{reviewDue, data.ReviewDue},
	}
	orderFilters = []struct {
		label string
		order data.BlockOrder
	}{
		{"Newest first", data.NewestBlock},
		{"By name", data.ByName},
		{"Ends soonest", data.EndsSoonest},
		{"Most held", data.MostHeld},
	}
)

// filters narrows and orders the blocks in force, besides the search.
type filters struct {
	reason, agent, end, order *widgets.Select
	resetting                 bool
}

func newFilters(changed func()) *filters {
	f := &filters{}
	onChanged := func(string) {
		if !f.resetting {
			changed()
		}
	}
	var endLabels, orderLabels []string
	for _, e := range endFilters {
		endLabels = append(endLabels, e.label)
	}
	for _, o := range orderFilters {
		orderLabels = append(orderLabels, o.label)
	}
	f.resetting = true
	f.reason = newFilterSelect([]string{allReasons}, onChanged)
	f.agent = newFilterSelect([]string{allAgents}, onChanged)
	f.end = newFilterSelect(endLabels, onChanged)
	f.order = newFilterSelect(orderLabels, onChanged)
	f.resetting = false
	return f
}

func newFilterSelect(options []string, changed func(string)) *widgets.Select {
	s := widgets.NewSelect("", options, changed)
	s.SetSelected(options[0])
	return s
}

// setChoices offers the reasons and agents that occur.
func (f *filters) setChoices(c data.BlockedChoices) {
	reasons := []string{allReasons}
	if c.NoReason {
		reasons = append(reasons, noReason)
	}
	f.reason.SetOptions(append(reasons, c.Reasons...))
	f.agent.SetOptions(append([]string{allAgents}, c.Agents...))
}

// reset clears the filters and keeps the order.
func (f *filters) reset() {
	f.resetting = true
	defer func() { f.resetting = false }()
	f.reason.SetSelected(allReasons)
	f.agent.SetSelected(allAgents)
	f.end.SetSelected(endFilters[0].label)
}

// query returns what is asked for, with a search.
func (f *filters) query(search string) data.BlockedQuery {
	q := data.BlockedQuery{Search: search}
	switch reason := f.reason.Selected(); reason {
	case allReasons:
	case noReason:
		q.NoReason = true
	default:
		q.Reason = reason
	}
	if agent := f.agent.Selected(); agent != allAgents {
		q.Agent = agent
	}
	for _, e := range endFilters {
		if e.label == f.end.Selected() {
			q.End = e.end
		}
	}
	for _, o := range orderFilters {
		if o.label == f.order.Selected() {
			q.Order = o.order
		}
	}
	return q
}

// filterBarLayout puts the tabs, the search and the choices in one line where there
// is room, else the choices under the rest.
type filterBarLayout struct {
	choices []*widgets.Select
	width   float32
}

const (
	barGap        float32 = 8
	oneLineWidth  float32 = 1180 // the width that all have room in
	choiceWidth   float32 = 152
	controlHeight float32 = 36
)

// shown returns the choices, or none while they are hidden, as all are at once.
func (b *filterBarLayout) shown() []*widgets.Select {
	if b.choices[0].Visible() {
		return b.choices
	}
	return nil
}

func (b *filterBarLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	if b.width >= oneLineWidth || len(b.shown()) == 0 {
		return fyne.NewSize(600, controlHeight)
	}
	return fyne.NewSize(600, 2*controlHeight+barGap)
}

func (b *filterBarLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	tabs, search, choices := objects[0], objects[1], b.shown()
	n := float32(len(choices))
	x, y, each := float32(0), controlHeight+barGap, (size.Width-(n-1)*barGap)/n
	left := tabs.MinSize().Width + 2*barGap
	right := size.Width
	if size.Width >= oneLineWidth {
		each = choiceWidth
		right -= n * (each + barGap)
		x, y = right+barGap, 0
	}
	tabs.Resize(fyne.NewSize(left, controlHeight))
	search.Resize(fyne.NewSize(right-left, controlHeight))
	search.Move(fyne.NewPos(left, 0))
	for _, c := range choices {
		c.Resize(fyne.NewSize(each, controlHeight))
		c.Move(fyne.NewPos(x, y))
		x += each + barGap
	}
}
