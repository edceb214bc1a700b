package cli

import (
	"encoding/json"
	"strings"

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
			d := e.Rest()
			if err := list.add(event{
				At: e.At, Kind: e.Kind, Actor: data.NullIfEmpty(e.Actor.Name),
				Seq: e.Seq, ActorKind: e.Actor.Kind, Way: e.Actor.Channel, Text: e.Text(),
				Reason: data.NullIfEmpty(d.Reason), Note: data.NullIfEmpty(d.Note), Until: data.Moment(d.Until), Detail: json.RawMessage(e.Detail),
			}); err != nil {
				return err
			}
		}
		list.end()
		return nil
	}
	for _, e := range events {
		r.out.printLine("%s  %s", formatTime(e.At), data.Clean(strings.Join(append([]string{e.Text()}, eventDetail(e)...), " · ")))
	}
	if len(events) == 0 {
		r.out.printLine("Nothing has happened yet.")
	}
	return nil
}

// event is the JSON of an event.
type event struct {
	At        data.Moment     `json:"at"`
	Kind      data.EventKind  `json:"kind"`
	Actor     *string         `json:"actor"`
	Seq       int64           `json:"seq"`
	ActorKind data.ActorKind  `json:"actorKind"`
	Way       data.Channel    `json:"way"`
	Text      string          `json:"text"`
	Reason    *string         `json:"reason"`
	Note      *string         `json:"note"`
	Until     data.Moment     `json:"until"`
	Detail    json.RawMessage `json:"detail"`
}

// channelNames are the channels as a person reads them.
var channelNames = map[data.Channel]string{
	data.ViaWindow:   "in the window",
	data.ViaCommand:  "by command",
	data.ViaAPI:      "through the API",
	data.ViaImport:   "by import",
	data.ViaSchedule: "by itself",
}

// eventDetail returns what an event's text leaves out: why, until when, and by which way.
func eventDetail(e data.Event) (parts []string) {
	d := e.Rest()
	switch {
	case d.Reason != "" && e.Kind != data.ReasonEvent:
		parts = append(parts, d.Reason)
	case e.Kind == data.BlockedEvent && e.Actor.Channel == data.ViaImport && d.Note == "":
		parts = append(parts, "no reason in the list")
	}
	switch {
	case e.Kind != data.BlockedEvent:
	case d.Until == 0:
		parts = append(parts, "for good")
	default:
		parts = append(parts, "until "+formatTime(data.Moment(d.Until)))
	}
	if d.Note != "" {
		parts = append(parts, data.OneLine(d.Note, data.MaxNote))
	}
	if d.ImportedAt != 0 || d.ImportedBy != "" {
		since := "in the list"
		if d.ImportedAt != 0 {
			since += " since " + formatTime(data.Moment(d.ImportedAt))
		}
		if d.ImportedBy != "" {
			since += " by " + d.ImportedBy
		}
		parts = append(parts, since)
	}
	if name := channelNames[e.Actor.Channel]; name != "" {
		parts = append(parts, name)
	}
	return parts
}
