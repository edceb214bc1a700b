package cli

import (
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

type statusCmd struct {
	Phone string `arg:"" help:"The customer's number, in any usual spelling."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c statusCmd) Run(r *run) error {
	a, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer a.Close()
	now := a.Now()
	if c.JSON {
		return r.out.printJSON(toStatus(customer, now))
	}
	st := toStatus(customer, now)
	fields := []field{
		{"Phone", customer.Phone.Pretty()},
		{"Name", customer.Name},
		{"Status", string(st.Status)},
	}
	if st.Status == data.Blocked {
		b := customer.Block
		fields = append(fields,
			field{"By", b.By.Name}, field{"Since", formatTime(b.At)}, field{"Until", formatTime(b.Until)},
			field{"Reason", b.Reason}, field{"Note", b.Note})
	}
	r.out.printFields(append(fields, field{"Held", strconv.Itoa(customer.Held)})...)
	return nil
}

// status is the JSON of a customer.
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
		st.BlockedBy, st.BlockedAt, st.Until = data.NullIfEmpty(b.By.Name), b.At, b.Until
		st.Reason, st.Note = data.NullIfEmpty(b.Reason), data.NullIfEmpty(b.Note)
	}
	return st
}
