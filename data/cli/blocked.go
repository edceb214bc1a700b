package cli

import (
	"slices"
	"strconv"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

// blockedChunk is how many customers' addresses are read at once.
const blockedChunk = 500

type blockedCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c blockedCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	customers, err := a.BlockedCustomers(r.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		list := r.out.startList()
		for chunk := range slices.Chunk(customers, blockedChunk) {
			if err := printStatuses(r, a, list, chunk); err != nil {
				return err
			}
		}
		list.end()
		return nil
	}
	if len(customers) == 0 {
		r.out.printLine("Nobody is blocked.")
		return nil
	}
	rows := [][]string{{"PHONE", "NAME", "BY", "SINCE", "UNTIL", "HELD", "REASON"}}
	for _, customer := range customers {
		b := customer.Block
		rows = append(rows, []string{
			data.OneLine(string(customer.Address), 40), data.OneLine(customer.Name, 40), data.OneLine(b.By.Name, 40),
			formatTime(b.At), formatEnd(b.Until), strconv.Itoa(customer.Held), b.Reason,
		})
	}
	r.out.printTable(rows)
	return nil
}

// printStatuses adds customers to a list of JSON, with all their addresses.
func printStatuses(r *run, a *app.App, list *jsonList, customers []data.Customer) error {
	keys := make([]int64, len(customers))
	for i, c := range customers {
		keys[i] = c.ID
	}
	pairs, err := a.PairedWith(r.ctx, customers)
	if err != nil {
		return err
	}
	ids, err := a.IdentitiesOfAll(r.ctx, keys)
	if err != nil {
		return err
	}
	now := a.Now()
	for _, c := range customers {
		if err := list.add(toStatus(c, ids[c.ID], pairs, now)); err != nil {
			return err
		}
	}
	return nil
}
