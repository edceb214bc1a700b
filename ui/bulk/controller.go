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

// BulkController asks on one window.
type BulkController struct {
	Canvas fyne.Canvas
	Desk   *desk.Desk
	Runner *async.Runner
	Actor  func() data.Actor
	// OnDone is told what was done, with what can take it back, once the agent
	// has seen what there is to see; whole reports that all were reached.
	OnDone func(want data.Status, m desk.BulkResult, whole bool)

	cancel func() // ends what is being done; nil while nothing is
}

// bulkAction is one of the things that can be done to many customers.
type bulkAction struct {
	want  data.Status // what they are to be; empty for an undo
	count int
	run   func(context.Context, func(desk.Progress)) (desk.BulkResult, error)
}

// dialogData is what is read before the dialog opens, so that it opens whole.
type dialogData struct {
	data.Selection
	names   []string // of the first who are to be changed
	reasons []string

	unwarned      []int64 // whom nothing speaks against blocking
	unwarnedNames []string
	warnings      []string // the signs that blocking the others is a mistake
	tooMany       bool     // so many blocks at once are a sign in themselves
}

const (
	maxNamed = 3
	// maxAssessed is how many customers are looked at for signs of a mistake: the
	// dialog waits for it.
	maxAssessed = 300
)

// Open opens the dialog that brings customers to the wanted status; an empty one
// means that they are blocked, or unblocked where all of them are blocked.
func (a *BulkController) Open(customers []int64, want data.Status) {
	if len(customers) == 0 || a.cancel != nil {
		return
	}
	agent := a.Actor().Name
	async.Load(a.Runner.NewSlot(), func(ctx context.Context) (k dialogData, err error) {
		if k.Selection, err = a.Desk.Selected(ctx, customers); err != nil {
			return k, err
		}
		if want == "" {
			if want = data.Blocked; len(k.Active) == 0 {
				want = data.Active
			}
		}
		if k.names, err = a.customerNames(ctx, firstN(k.affected(want), maxNamed)); err != nil || want == data.Active {
			return k, err
		}
		if k.reasons, err = a.Desk.Reasons(ctx); err != nil {
			return k, err
		}
		return k, a.assess(ctx, &k, agent)
	}, func(k dialogData) {
		switch {
		case len(k.affected(want)) == 0:
			widgets.NewNotice(a.Canvas, dialogTitle(want, len(customers)), nothingToDoText(want, len(customers)), "OK").Show()
		case want == data.Active:
			a.showUnblock(k)
		default:
			a.showBlock(k)
		}
	})
}

// affected are those who are not yet as they are wanted.
func (k dialogData) affected(want data.Status) []int64 {
	if want == data.Active {
		return k.Blocked
	}
	return k.Active
}

func firstN(ids []int64, n int) []int64 { return ids[:min(n, len(ids))] }

func (a *BulkController) customerNames(ctx context.Context, ids []int64) ([]string, error) {
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

// tooManyBlocks is the guard's rule about many blocks in a short time.
const tooManyBlocks = "many-blocks"

// assess looks at the first of those to be blocked as the dialog for one does.
func (a *BulkController) assess(ctx context.Context, k *dialogData, agent string) error {
	found := map[string][]int64{}
	for i, id := range k.Active {
		if i >= maxAssessed {
			k.unwarned = append(k.unwarned, id)
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
			if w.ID == tooManyBlocks {
				k.tooMany = true
				continue
			}
			plain = false
			found[w.ID] = append(found[w.ID], id)
		}
		if plain {
			k.unwarned = append(k.unwarned, id)
		}
	}
	for _, rule := range precheck.Rules() {
		if ids := found[rule.ID]; len(ids) > 0 {
			names, err := a.customerNames(ctx, firstN(ids, maxNamed))
			if err != nil {
				return err
			}
			k.warnings = append(k.warnings, rule.Title+": "+joinNames(names, len(ids)))
		}
	}
	if len(k.warnings) > 0 && len(k.Active) > maxAssessed {
		k.warnings = append(k.warnings, "Only the first "+widgets.FormatCount(maxAssessed)+" were looked at for such signs.")
	}
	var err error
	k.unwarnedNames, err = a.customerNames(ctx, firstN(k.unwarned, maxNamed))
	return err
}

// Undo takes back what was done to many customers.
func (a *BulkController) Undo(undos []data.Undo) {
	by := a.Actor()
	a.run(nil, bulkAction{count: len(undos), run: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
		return a.Desk.UndoMany(ctx, by, undos, told)
	}})
}

// Stop ends what is being done between two pieces.
func (a *BulkController) Stop() {
	if a.cancel != nil {
		a.cancel()
	}
}

const (
	// progressDelay is how long the work may take before it is worth a dialog.
	progressDelay = 200 * time.Millisecond
	// progressInterval is how often the dialog is told how far the work is.
	progressInterval = 100 * time.Millisecond
)

// run has the action done. The dialog that asked, where there is one, stays until
// it is clear that it takes longer than a moment.
func (a *BulkController) run(asked *widgets.Dialog, d bulkAction) {
	if a.cancel != nil {
		return
	}
	if asked != nil {
		asked.SetBusy(true)
	}
	p := newProgressDialog(a.Canvas, d, a.Stop)
	var m desk.BulkResult
	var names []string
	a.cancel = a.Runner.Go(func(ctx context.Context) (err error) {
		m, err = d.run(ctx, a.throttle(p.update))
		names = a.describeRejected(m)
		return err
	}, func(err error) {
		a.cancel = nil
		p.close()
		if asked != nil {
			asked.SetBusy(false)
			if err != nil && m.All == 0 && asked.Open() {
				asked.SetError(desk.Explain(err))
				return
			}
			asked.Close()
		}
		a.showResult(d, m, names, err)
	})
	time.AfterFunc(progressDelay, func() {
		a.Runner.RunOnUI(func() {
			if p.closed {
				return
			}
			if asked != nil {
				asked.Close()
			}
			p.dialog.Show()
		})
	})
}

// throttle has show called on the interface's goroutine with what is told last, a
// few times a second however often it is told.
func (a *BulkController) throttle(show func(desk.Progress)) func(desk.Progress) {
	var mu sync.Mutex
	var last desk.Progress
	var shown time.Time
	pending := false
	return func(now desk.Progress) {
		mu.Lock()
		last = now
		wait := pending || time.Since(shown) < progressInterval
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

// maxRejectedNamed is how many of those who were refused are named.
const maxRejectedNamed = 50

// describeRejected names who was refused and says why.
func (a *BulkController) describeRejected(m desk.BulkResult) []string {
	var lines []string
	for _, r := range m.Results {
		if r.Status != desk.ItemRefused || len(lines) == maxRejectedNamed {
			continue
		}
		line := "A customer"
		if names, err := a.customerNames(a.Runner.Context(), []int64{r.CustomerID}); err == nil {
			line = names[0]
		}
		if errors.Is(r.Err, data.ErrChanged) {
			line += ": someone changed this customer meanwhile"
		}
		lines = append(lines, line)
	}
	return lines
}
