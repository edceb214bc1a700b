package cli

import (
	"github.com/latchdesk/latchdesk/data"
)

// maxRefused is how many refused entries are listed.
const maxRefused = 1000

type accountRefusedCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// refused is the JSON of what DoubleTick refused of one customer.
type refused struct {
	At      data.Moment  `json:"at"`
	Address data.Address `json:"address"`
	Name    string       `json:"name"`
	Act     data.Op      `json:"act"`
	Why     string       `json:"why"`
	Status  *int         `json:"status"` // the HTTP status of the answer; null where DoubleTick cannot be asked
}

func (c accountRefusedCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Rejected(r.ctx, maxRefused)
	if err != nil {
		return err
	}
	if c.JSON {
		out := r.out.startList()
		for _, e := range list {
			one := refused{At: e.CreatedAt, Address: e.Address, Name: e.Customer.Name, Act: e.Op, Why: e.Text()}
			if e.HTTPStatus != 0 {
				one.Status = &e.HTTPStatus
			}
			if err := out.add(one); err != nil {
				return err
			}
		}
		out.end()
		return nil
	}
	rows := make([][]string, len(list))
	for i, e := range list {
		rows[i] = []string{formatTime(e.CreatedAt), customerLabel(e.Customer), opNames[e.Op], data.Clean(e.Text())}
	}
	if len(list) == 0 {
		r.out.printLine("DoubleTick has refused nothing.")
	}
	r.out.printTable(rows)
	return nil
}

// opNames are what DoubleTick is asked for, as a person reads it.
var opNames = map[data.Op]string{data.OpBlock: "block", data.OpUnblock: "unblock", data.OpSendText: "message"}
