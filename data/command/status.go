package command

import (
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

type statusCmd struct {
	Phone string `arg:"" help:"The customer's number, in any usual spelling."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c statusCmd) Run(r *run) error {
	s, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer s.Close()
	now := s.Now()
	if c.JSON {
		return r.out.json(toStatus(customer, now))
	}
	st := toStatus(customer, now)
	facts := []fact{
		{"Phone", customer.Phone.Pretty()},
		{"Name", customer.Name},
		{"Status", string(st.Status)},
	}
	if st.Status == data.Blocked {
		b := customer.Block
		facts = append(facts,
			fact{"By", b.By.Name}, fact{"Since", when(b.At)}, fact{"Until", when(b.Until)},
			fact{"Reason", b.Reason}, fact{"Note", b.Note})
	}
	r.out.facts(append(facts, fact{"Held", strconv.Itoa(customer.Held)})...)
	return nil
}

type blockedCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c blockedCmd) Run(r *run) error {
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	customers, err := s.BlockedCustomers(r.ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	if c.JSON {
		list := r.out.list()
		for _, customer := range customers {
			if err := list.add(toStatus(customer, now)); err != nil {
				return err
			}
		}
		list.end()
		return nil
	}
	if len(customers) == 0 {
		r.out.say("Nobody is blocked.")
		return nil
	}
	rows := [][]string{{"PHONE", "NAME", "BY", "SINCE", "UNTIL", "HELD", "REASON"}}
	for _, customer := range customers {
		b := customer.Block
		rows = append(rows, []string{
			string(customer.Phone), data.OneLine(customer.Name, 40), data.OneLine(b.By.Name, 40),
			when(b.At), when(b.Until), strconv.Itoa(customer.Held), b.Reason,
		})
	}
	r.out.table(rows)
	return nil
}

// status is a customer as programs read it.
type status struct {
	Phone     data.Phone  `json:"phone"`
	Name      string      `json:"name"`
	Status    data.Status `json:"status"`
	BlockedBy *string     `json:"blockedBy"`
	BlockedAt data.Moment `json:"blockedAt"`
	Reason    *string     `json:"reason"`
	Note      *string     `json:"note"`
	Until     data.Moment `json:"until"`
	Held      int         `json:"held"`
}

func toStatus(c data.Customer, now data.Moment) status {
	st := status{Phone: c.Phone, Name: c.Name, Status: c.Status(now), Held: c.Held}
	if st.Status == data.Blocked {
		b := c.Block
		st.BlockedBy, st.BlockedAt, st.Until = orNull(b.By.Name), b.At, b.Until
		st.Reason, st.Note = orNull(b.Reason), orNull(b.Note)
	}
	return st
}
