package history

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// What the selects show where they leave nothing out.
const (
	everybody  = "Everybody"
	everything = "Everything"
)

// filter is what is chosen of the history.
type filter struct {
	bar     *fyne.Container
	query   data.EventQuery
	changed func(data.EventQuery)

	agent, kind *widgets.Select
	kinds       map[string]data.EventKind // by their labels
	desk        *desk.Desk
	slot        *async.Slot
}

func newFilter(d *desk.Desk, w *async.Runner, customer int64, changed func(data.EventQuery)) *filter {
	f := &filter{
		query: data.EventQuery{Customer: customer}, changed: changed,
		kinds: map[string]data.EventKind{}, desk: d, slot: w.NewSlot(),
	}
	f.agent = widgets.NewSelect("Who", []string{everybody}, nil)
	f.agent.SetSelected(everybody)
	f.agent.OnChanged = func(string) { f.apply() }
	f.kind = widgets.NewSelect("What", []string{everything}, nil)
	f.kind.SetSelected(everything)
	f.kind.OnChanged = func(string) { f.apply() }
	f.bar = container.New(twoColumnLayout{}, f.agent, f.kind)
	if customer != 0 {
		only := widgets.NewCheck("This customer only", nil)
		only.SetChecked(true)
		only.OnChanged = func(on bool) {
			f.query.Customer = 0
			if on {
				f.query.Customer = customer
			}
			f.apply()
		}
		f.bar = container.NewBorder(nil, nil, only, nil, f.bar)
	}
	return f
}

func (f *filter) apply() {
	f.query.Agent, f.query.Kind = "", f.kinds[f.kind.Selected()]
	if agent := f.agent.Selected(); agent != everybody {
		f.query.Agent = agent
	}
	f.changed(f.query)
}

// loadChoices offers the agents and kinds that occur in the history. That takes its
// time in a long one, so the list is read beside it.
func (f *filter) loadChoices() {
	type choices struct {
		agents []string
		kinds  []data.EventKind
	}
	async.Load(f.slot, func(ctx context.Context) (c choices, err error) {
		c.agents, c.kinds, err = f.desk.EventChoices(ctx)
		return c, err
	}, func(c choices) {
		labels := []string{everything}
		for _, kind := range c.kinds {
			labels = append(labels, kindLabel(kind))
			f.kinds[kindLabel(kind)] = kind
		}
		f.kind.SetOptions(labels)
		f.agent.SetOptions(append([]string{everybody}, c.agents...))
	})
}

// kindLabel returns a kind of event in words, also one of a newer version.
func kindLabel(kind data.EventKind) string {
	text := strings.ReplaceAll(string(kind), "_", " ")
	if text == "" {
		return "Other"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// twoColumnLayout puts two objects beside each other, equally wide.
type twoColumnLayout struct{}

func (twoColumnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(objects[1].MinSize().Width+8, 0)
}

func (twoColumnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	half := fyne.NewSize((size.Width-8)/2, size.Height)
	objects[0].Resize(half)
	objects[1].Resize(half)
	objects[1].Move(fyne.NewPos(size.Width-half.Width, 0))
}
