// Package bulk asks before many customers are blocked or unblocked at once, has
// the desk do it while it shows how far it is, and says what became of each.
package bulk

import (
	"context"
	"errors"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Asker asks on one window.
type Asker struct {
	Canvas fyne.Canvas
	Desk   *desk.Desk
	Runner *async.Runner
	Actor  func() data.Actor
	// OnDone is told what was done, with what can take it back, once the agent
	// has seen what there is to see; whole reports that all were reached.
	OnDone func(want data.Status, m desk.BulkResult, whole bool)

	stop func() // ends what is being done; nil while nothing is
}

// deed is one of the things that can be done to many customers.
type deed struct {
	want  data.Status // what they are to be; empty for an undo
	count int
	do    func(context.Context, func(desk.Progress)) (desk.BulkResult, error)
}

// known is what is read before the dialog opens, so that it opens whole.
type known struct {
	data.Selection
	names   []string // of the first who are to be changed
	reasons []string

	sure      []int64 // whom nothing speaks against blocking
	sureNames []string
	doubts    []string // the signs that blocking the others is a mistake
	hasty     bool     // so many blocks at once are a sign in themselves
}

const (
	namedFirst = 3
	// lookedAt is how many customers are looked at for signs of a mistake: the
	// dialog waits for it.
	lookedAt = 300
)

// Ask opens the dialog that brings customers to the wanted status; an empty one
// means that they are blocked, or unblocked where all of them are blocked.
func (a *Asker) Ask(customers []int64, want data.Status) {
	if len(customers) == 0 || a.stop != nil {
		return
	}
	agent := a.Actor().Name
	async.Load(a.Runner.NewSlot(), func(ctx context.Context) (k known, err error) {
		if k.Selection, err = a.Desk.Selected(ctx, customers); err != nil {
			return k, err
		}
		if want == "" {
			if want = data.Blocked; len(k.Active) == 0 {
				want = data.Active
			}
		}
		if k.names, err = a.names(ctx, first(k.changing(want), namedFirst)); err != nil || want == data.Active {
			return k, err
		}
		if k.reasons, err = a.Desk.Reasons(ctx); err != nil {
			return k, err
		}
		return k, a.doubt(ctx, &k, agent)
	}, func(k known) {
		switch {
		case len(k.changing(want)) == 0:
			widgets.NewNotice(a.Canvas, titleOf(want, len(customers)), nothingToDo(want, len(customers)), "OK").Show()
		case want == data.Active:
			a.askUnblock(k)
		default:
			a.askBlock(k)
		}
	})
}

// changing are those who are not yet as they are wanted.
func (k known) changing(want data.Status) []int64 {
	if want == data.Active {
		return k.Blocked
	}
	return k.Active
}

func first(ids []int64, n int) []int64 { return ids[:min(n, len(ids))] }

func (a *Asker) names(ctx context.Context, ids []int64) ([]string, error) {
	var names []string
	for _, id := range ids {
		c, err := a.Desk.Customer(ctx, id)
		switch {
		case errors.Is(err, data.ErrNotFound):
			names = append(names, "Somebody who is not here any more")
		case err != nil:
			return nil, err
		default:
			names = append(names, data.OneLine(c.Title(), 40))
		}
	}
	return names, nil
}

// hasty is the guard's rule about many blocks in a short time.
const hasty = "many-blocks"

// doubt looks at the first of those to be blocked as the dialog for one does.
func (a *Asker) doubt(ctx context.Context, k *known, agent string) error {
	found := map[string][]int64{}
	for i, id := range k.Active {
		if i >= lookedAt {
			k.sure = append(k.sure, id)
			continue
		}
		facts, err := precheck.Collect(ctx, a.Desk, id, agent)
		if errors.Is(err, data.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		facts.RecentBlocks += len(k.Active) - 1
		plain := true
		for _, w := range facts.Warnings() {
			if w.ID == hasty {
				k.hasty = true
				continue
			}
			plain = false
			found[w.ID] = append(found[w.ID], id)
		}
		if plain {
			k.sure = append(k.sure, id)
		}
	}
	for _, rule := range precheck.Rules() {
		if ids := found[rule.ID]; len(ids) > 0 {
			names, err := a.names(ctx, first(ids, namedFirst))
			if err != nil {
				return err
			}
			k.doubts = append(k.doubts, rule.Title+": "+andMore(names, len(ids)))
		}
	}
	if len(k.doubts) > 0 && len(k.Active) > lookedAt {
		k.doubts = append(k.doubts, "Only the first "+widgets.FormatCount(lookedAt)+" were looked at for such signs.")
	}
	var err error
	k.sureNames, err = a.names(ctx, first(k.sure, namedFirst))
	return err
}

// Undo takes back what was done to many customers.
func (a *Asker) Undo(undos []data.Undo) {
	by := a.Actor()
	a.start(nil, deed{count: len(undos), do: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
		return a.Desk.UndoMany(ctx, by, undos, told)
	}})
}

// Stop ends what is being done between two pieces.
func (a *Asker) Stop() {
	if a.stop != nil {
		a.stop()
	}
}

const (
	// soon is how long the work may take before it is worth a dialog.
	soon = 200 * time.Millisecond
	// tellEvery is how often the dialog is told how far the work is.
	tellEvery = 100 * time.Millisecond
)

// start has the deed done. The dialog that asked, where there is one, stays until
// it is clear that it takes longer than a moment.
func (a *Asker) start(asked *widgets.Dialog, d deed) {
	if a.stop != nil {
		return
	}
	if asked != nil {
		asked.SetBusy(true)
	}
	p := newProgress(a.Canvas, d, a.Stop)
	var m desk.BulkResult
	var names []string
	a.stop = a.Runner.Go(func(ctx context.Context) (err error) {
		m, err = d.do(ctx, a.gather(p.set))
		names = a.refused(m)
		return err
	}, func(err error) {
		a.stop = nil
		p.end()
		if asked != nil {
			asked.SetBusy(false)
			if err != nil && m.All == 0 && asked.Open() {
				asked.SetError(desk.Explain(err))
				return
			}
			asked.Close()
		}
		a.tell(d, m, names, err)
	})
	time.AfterFunc(soon, func() {
		a.Runner.RunOnUI(func() {
			if p.over {
				return
			}
			if asked != nil {
				asked.Close()
			}
			p.dialog.Show()
		})
	})
}

// gather has show called on the interface's goroutine with what is told last, a
// few times a second however often it is told.
func (a *Asker) gather(show func(desk.Progress)) func(desk.Progress) {
	var mu sync.Mutex
	var last desk.Progress
	var shown time.Time
	pending := false
	return func(now desk.Progress) {
		mu.Lock()
		last = now
		wait := pending || time.Since(shown) < tellEvery
		if !wait {
			pending, shown = true, time.Now()
		}
		mu.Unlock()
		if wait {
			return
		}
		a.Runner.RunOnUI(func() {
			mu.Lock()
			p := last
			pending = false
			mu.Unlock()
			show(p)
		})
	}
}

// mostRefused is how many of those who were refused are named.
const mostRefused = 50

// refused names who was refused and says why.
func (a *Asker) refused(m desk.BulkResult) []string {
	var lines []string
	for _, r := range m.Results {
		if r.Status != desk.ItemRefused || len(lines) == mostRefused {
			continue
		}
		line := "A customer"
		if names, err := a.names(a.Runner.Context(), []int64{r.CustomerID}); err == nil {
			line = names[0]
		}
		if errors.Is(r.Err, data.ErrChanged) {
			line += ": someone changed this customer meanwhile"
		}
		lines = append(lines, line)
	}
	return lines
}
