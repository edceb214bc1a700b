package blockdialog

import (
	"context"
	"errors"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// bulkDialogData is what is read before the dialog about many customers opens.
type bulkDialogData struct {
	data.Selection
	names   []string // of the first customers who are to be acted on
	reasons []string

	warned        []int64 // customers against whose block something speaks
	warnedNames   []string
	unwarned      []int64 // the others who are to be acted on
	unwarnedNames []string
	warnings      []string // about those who are warned of
	tooMany       bool     // so many blocks at once are a warning in themselves
}

const (
	maxNamed    = 3
	maxAssessed = 300 // customers; the dialog waits for it
)

// OpenMany opens the dialog that brings customers to the wanted status. An empty
// status means that they are blocked, or unblocked if all of them are blocked.
// While an act on many customers is running it does nothing.
func (c *Controller) OpenMany(customers []int64, want data.Status) {
	if len(customers) == 0 || c.stopBulk != nil {
		return
	}
	agent := c.actor().Name
	dialogs.Load(c.dialogs, func(ctx context.Context) (loaded bulkDialogData, err error) {
		if loaded.Selection, err = c.desk.Selected(ctx, customers); err != nil {
			return loaded, err
		}
		if want == "" {
			if want = data.Blocked; len(loaded.Active) == 0 {
				want = data.Active
			}
		}
		if loaded.names, err = c.customerNames(ctx, firstN(loaded.affected(want), maxNamed)); err != nil || want == data.Active {
			return loaded, err
		}
		if loaded.reasons, err = c.desk.Reasons(ctx); err != nil {
			return loaded, err
		}
		return loaded, c.assessMany(ctx, &loaded, agent)
	}, func(loaded bulkDialogData) {
		switch {
		case len(loaded.affected(want)) == 0:
			c.dialogs.Notify(bulkTitle(want, len(customers)), nothingToDoText(want, len(customers)))
		case want == data.Active:
			c.showUnblockMany(loaded)
		default:
			c.showBlockMany(loaded)
		}
	})
}

// affected returns the customers who are acted on. Those who are already blocked are
// among whom a block is for, since it may be stricter than theirs.
func (b bulkDialogData) affected(want data.Status) []int64 {
	if want == data.Active {
		return b.Blocked
	}
	return slices.Concat(b.Active, b.Blocked)
}

func firstN(ids []int64, n int) []int64 { return ids[:min(n, len(ids))] }

func (c *Controller) customerNames(ctx context.Context, ids []int64) ([]string, error) {
	var names []string
	for _, id := range ids {
		customer, err := c.desk.Customer(ctx, id)
		switch {
		case errors.Is(err, data.ErrNotFound):
			names = append(names, "Somebody who is no longer here")
		case err != nil:
			return nil, err
		default:
			names = append(names, data.OneLine(customer.Title(), 40))
		}
	}
	return names, nil
}

// tooManyBlocks is the ID of precheck's rule about many blocks in a short time.
const tooManyBlocks = "many-blocks"

// assessMany collects the warnings about the first customers who are to be blocked.
func (c *Controller) assessMany(ctx context.Context, loaded *bulkDialogData, agent string) error {
	found := map[string][]int64{}
	for i, id := range loaded.Active {
		if i >= maxAssessed {
			loaded.unwarned = append(loaded.unwarned, id)
			continue
		}
		facts, err := precheck.Collect(ctx, c.desk, id, agent)
		if errors.Is(err, data.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		facts.RecentBlocks += len(loaded.Active) - 1
		warned := false
		for _, w := range facts.Warnings() {
			if w.ID == tooManyBlocks {
				loaded.tooMany = true
				continue
			}
			warned = true
			found[w.ID] = append(found[w.ID], id)
		}
		if warned {
			loaded.warned = append(loaded.warned, id)
		} else {
			loaded.unwarned = append(loaded.unwarned, id)
		}
	}
	loaded.unwarned = append(loaded.unwarned, loaded.Blocked...)
	for _, rule := range precheck.Rules() {
		if ids := found[rule.ID]; len(ids) > 0 {
			names, err := c.customerNames(ctx, firstN(ids, maxNamed))
			if err != nil {
				return err
			}
			loaded.warnings = append(loaded.warnings, rule.Title+": "+joinNames(names, len(ids)))
		}
	}
	if len(loaded.warnings) > 0 && len(loaded.Active) > maxAssessed {
		loaded.warnings = append(loaded.warnings, "Only the first "+widgets.FormatCount(maxAssessed)+" were checked for such signs.")
	}
	var err error
	if loaded.warnedNames, err = c.customerNames(ctx, firstN(loaded.warned, maxNamed)); err != nil {
		return err
	}
	loaded.unwarnedNames, err = c.customerNames(ctx, firstN(loaded.unwarned, maxNamed))
	return err
}
