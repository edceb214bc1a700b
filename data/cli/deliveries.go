package cli

import (
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// deliveryJSON is the JSON of a delivery that was set aside.
type deliveryJSON struct {
	ID     int64       `json:"id"`
	At     data.Moment `json:"at"` // when it first came in
	LastAt data.Moment `json:"lastAt"`
	Count  int64       `json:"count"` // how often it came in
	From   *string     `json:"from"`  // the address of who wrote it, null where that cannot be told
	Size   int64       `json:"size"`  // in bytes
	Reason string      `json:"reason"`
}

func deliveryJSONOf(d data.SetAside) deliveryJSON {
	return deliveryJSON{ID: d.ID, At: d.At, LastAt: d.LastAt, Count: d.Count, From: data.NullIfEmpty(string(d.From)), Size: d.Size, Reason: d.Reason}
}

type deliveriesListCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c deliveriesListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	ids, err := a.SetAsideIDs(r.ctx)
	if err != nil {
		return err
	}
	list := r.out.startList()
	for some := range slices.Chunk(ids, 500) {
		rows, err := a.SetAsideRows(r.ctx, some)
		if err != nil {
			return err
		}
		if !c.JSON {
			r.out.printTable(deliveryTable(rows))
			continue
		}
		for _, d := range rows {
			if err := list.add(deliveryJSONOf(d)); err != nil {
				return err
			}
		}
	}
	switch {
	case c.JSON:
		list.end()
	case len(ids) == 0:
		r.out.printLine("No deliveries are set aside.")
	}
	return nil
}

// deliveryTable returns a row for each delivery.
func deliveryTable(deliveries []data.SetAside) (rows [][]string) {
	for _, d := range deliveries {
		rows = append(rows, []string{formatInt(d.ID), formatTime(d.At), formatInt(d.Count) + "×", string(d.From), d.Reason})
	}
	return rows
}

type deliveriesShowCmd struct {
	ID   int64 `arg:"" help:"The delivery's number, as printed by list."`
	Raw  bool  `help:"Print the delivery as it came in, and nothing else." xor:"as"`
	JSON bool  `name:"json" help:"Print JSON." xor:"as"`
}

func (c deliveriesShowCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	d, err := a.FindSetAside(r.ctx, c.ID)
	switch {
	case err != nil:
		return err
	case c.Raw:
		_, err := r.out.Write(d.Raw)
		return err
	case c.JSON:
		return r.out.printJSON(struct {
			deliveryJSON
			State  data.SetAsideState `json:"state"`
			By     *string            `json:"by"` // who had it taken or dropped
			DoneAt data.Moment        `json:"doneAt"`
			Raw    string             `json:"raw"` // empty once it was taken or dropped
		}{deliveryJSONOf(d), d.State, data.NullIfEmpty(d.By.Name), d.DoneAt, string(d.Raw)})
	}
	r.out.printFields(
		field{"Delivery", formatInt(d.ID)}, field{"Came in", formatTime(d.At)}, field{"Last came in", formatTime(d.LastAt)},
		field{"How often", formatInt(d.Count)}, field{"From", string(d.From)}, field{"Size", formatSize(d.Size)},
		field{"Reason", d.Reason}, field{"State", deliveryState(d)}, field{"Text", string(d.Raw)},
	)
	return nil
}

// deliveryState returns what became of a delivery, in words.
func deliveryState(d data.SetAside) string {
	text := "set aside"
	if d.State != data.SetAsideKept {
		text = string(d.State) + " " + formatTime(d.DoneAt)
	}
	if d.By.Name != "" {
		text += " by " + d.By.Name
	}
	return text
}

type deliveriesRetryCmd struct {
	IDs  []int64 `arg:"" optional:"" name:"id" help:"The deliveries' numbers; if left out, all of them."`
	JSON bool    `name:"json" help:"Print JSON."`
	actorFlags
}

func (c deliveriesRetryCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	sum, err := a.RetrySetAside(r.ctx, c.toActor(), c.IDs...)
	if err != nil {
		return err
	}
	if c.JSON {
		return r.out.printJSON(sum)
	}
	r.out.printLine("%s", sum)
	return nil
}

type deliveriesDropCmd struct {
	ID int64 `arg:"" help:"The delivery's number."`
	actorFlags
}

func (c deliveriesDropCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.DropSetAside(r.ctx, c.toActor(), c.ID); err != nil {
		return err
	}
	r.out.printLine("Delivery %d was dropped. Its text was deleted.", c.ID)
	return nil
}

// explainSetAside says on stderr how many deliveries were set aside, and where they
// are.
func (r *run) explainSetAside(count int64) {
	_ = r.out.Flush() // so that the summary comes first
	what := "1 delivery was"
	if count > 1 {
		what = formatInt(count) + " deliveries were"
	}
	fmt.Fprintf(r.err, "latchdesk: %s not understood and set aside; see latchdesk deliveries list\n", what)
}
