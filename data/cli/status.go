package cli

import (
	"strconv"

	"github.com/latchdesk/latchdesk/data"
)

type statusCmd struct {
	Phone string `arg:"" help:"The customer's number, in any usual spelling, or another address: a user id, a group, a handle."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c statusCmd) Run(r *run) error {
	a, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer a.Close()
	ids, err := a.Identities(r.ctx, customer.ID)
	if err != nil {
		return err
	}
	pairs, err := a.PairedWith(r.ctx, []data.Customer{customer})
	if err != nil {
		return err
	}
	st := toStatus(customer, ids, pairs, a.Now())
	if c.JSON {
		return r.out.printJSON(st)
	}
	fields := []field{
		{"Phone", customer.Phone.Pretty()},
		{"Name", customer.Name},
	}
	if customer.Username != "" {
		fields = append(fields, field{"Username", "@" + customer.Username})
	}
	for _, i := range ids {
		if i.Address != data.Address(customer.Phone) {
			fields = append(fields, field{identityNames[i.Kind], i.Address.Pretty()})
		}
	}
	fields = append(fields, field{"Status", string(st.Status)})
	if st.Status == data.Blocked {
		b := customer.Block
		fields = append(fields,
			field{"By", b.By.Name}, field{"Since", formatTime(b.At)}, field{"Until", formatEnd(b.Until)},
			field{"Reason", b.Reason}, field{"Note", b.Note})
	}
	if other, ok := pairs[customer.ID]; ok {
		fields = append(fields, field{"Same person?", customerLabel(other) + "; to be decided with latchdesk pairs"})
	}
	r.out.printFields(append(fields, field{"Held", strconv.Itoa(customer.Held)})...)
	return nil
}

// identityNames are the kinds of identity as a person reads them.
var identityNames = map[data.IdentityKind]string{
	data.PhoneIdentity:    "Phone, too",
	data.WhatsAppIdentity: "Phone, too",
	data.UserIdentity:     "User id",
	data.GroupIdentity:    "Group",
	data.HandleIdentity:   "Handle",
}

// status is the JSON of a customer.
type status struct {
	Phone     *string     `json:"phone"`
	Name      string      `json:"name"`
	Status    data.Status `json:"status"`
	BlockedBy *string     `json:"blockedBy"`
	BlockedAt data.Moment `json:"blockedAt"`
	Reason    *string     `json:"reason"`
	Note      *string     `json:"note"`
	Until     data.Moment `json:"until"`
	Held      int         `json:"held"`
	Username  *string     `json:"username"`
	IDs       []identity  `json:"ids"`
	PairOf    *string     `json:"pairOf"` // the address of who may be the same person, as long as that is not decided
}

// identity is the JSON of one address of a customer.
type identity struct {
	Kind      data.IdentityKind `json:"kind"`
	Address   data.Address      `json:"address"`
	Business  *string           `json:"business"`
	FirstSeen data.Moment       `json:"firstSeen"`
	LastSeen  data.Moment       `json:"lastSeen"`
}

func toStatus(c data.Customer, ids []data.Identity, pairs map[int64]data.Customer, now data.Moment) status {
	st := status{
		Phone: data.NullIfEmpty(string(c.Phone)), Name: c.Name, Status: c.Status(now), Held: c.Held, Username: data.NullIfEmpty(c.Username), IDs: []identity{},
		PairOf: data.NullIfEmpty(string(pairs[c.ID].Address)),
	}
	for _, i := range ids {
		st.IDs = append(st.IDs, identity{i.Kind, i.Address, data.NullIfEmpty(i.Business), i.FirstSeen, i.LastSeen})
	}
	if st.Status == data.Blocked {
		b := c.Block
		st.BlockedBy, st.BlockedAt, st.Until = data.NullIfEmpty(b.By.Name), b.At, b.Until
		st.Reason, st.Note = data.NullIfEmpty(b.Reason), data.NullIfEmpty(b.Note)
	}
	return st
}
