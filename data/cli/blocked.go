package cli

import (
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

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
	now := a.Now()
	if c.JSON {
		list := r.out.startList()
		for _, customer := range customers {
			if err := list.add(toStatus(customer, now)); err != nil {
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
			string(customer.Phone), data.OneLine(customer.Name, 40), data.OneLine(b.By.Name, 40),
			formatTime(b.At), formatTime(b.Until), strconv.Itoa(customer.Held), b.Reason,
		})
	}
	r.out.printTable(rows)
	return nil
}
