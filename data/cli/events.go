package cli

import (
	"github.com/latchdesk/latchdesk/data"
)

type eventsCmd struct {
	Phone string `arg:"" help:"The customer's number, in any usual spelling, or another address: a user id, a group, a handle."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

func (c eventsCmd) Run(r *run) error {
	a, customer, err := r.openCustomer(c.Phone)
	if err != nil {
		return err
	}
	defer a.Close()
	events, err := a.Events(r.ctx, customer.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		list := r.out.startList()
		for _, e := range events {
			if err := list.add(event{At: e.At, Kind: e.Kind, Actor: data.NullIfEmpty(e.Actor.Name)}); err != nil {
				return err
			}
		}
		list.end()
		return nil
	}
	for _, e := range events {
		r.out.printLine("%s  %s", formatTime(e.At), data.Clean(e.Text()))
	}
	if len(events) == 0 {
		r.out.printLine("Nothing has happened yet.")
	}
	return nil
}

// event is the JSON of an event.
type event struct {
	At    data.Moment    `json:"at"`
	Kind  data.EventKind `json:"kind"`
	Actor *string        `json:"actor"`
}
