package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/chatexport"
)

type importChatCmd struct {
	File     nonEmpty  `arg:"" optional:"" help:"The chat that WhatsApp exported: a text file, or a zip with one in it."`
	Customer *nonEmpty `help:"The customer's number, in any usual spelling, or another address, such as that of a group." placeholder:"PHONE"`
	Business *string   `help:"Which author in the file is the business; empty if only the customer or only members of a group wrote." placeholder:"NAME"`
	Zone     *nonEmpty `help:"The time zone of the phone that exported it, such as Asia/Kolkata; if left out, this computer's." placeholder:"ZONE"`
	DryRun   bool      `name:"dry-run" help:"Show what would happen, and change nothing."`
	Undo     int64     `help:"Undo the import with this number." placeholder:"ID"`
	JSON     bool      `name:"json" help:"Print the summary as JSON."`
	actorFlags
}

// Validate is called by kong: either a chat is brought in, or an import is undone.
func (c importChatCmd) Validate() error {
	switch {
	case c.Undo < 0:
		return errors.New("--undo: the number of an import is above 0")
	case c.Undo != 0 && (c.File != "" || c.Customer != nil || c.Business != nil || c.Zone != nil || c.DryRun):
		return errors.New("--undo takes the number of an import and nothing else")
	case c.Undo != 0:
		return nil
	case c.File == "":
		return errors.New(`expected "<file>"`)
	case c.Customer == nil || c.Business == nil:
		return errors.New("an exported chat does not say whose it is or who is the business: use --customer and --business")
	}
	return nil
}

func (c importChatCmd) Run(r *run) error {
	if c.Undo != 0 {
		return c.undo(r)
	}
	zone := time.Local
	if c.Zone != nil {
		var err error
		if zone, err = time.LoadLocation(string(*c.Zone)); err != nil {
			return data.UserErrorf("There is no time zone %s. Write it like Asia/Kolkata or Europe/Madrid.", data.OneLine(string(*c.Zone), 60))
		}
	}
	chat, err := chatexport.ReadFile(string(c.File))
	if err != nil {
		return app.FileError("read", string(c.File), err)
	}
	a, customer, err := r.openCustomer(string(*c.Customer))
	if err != nil {
		return err
	}
	defer a.Close()
	meter := newProgressMeter(r.err, "messages")
	sum, failed := chatexport.Import(r.ctx, a.Desk, chat, chatexport.Options{
		Customer: customer.ID, By: c.actorFlags.toActor(), Business: *c.Business, Zone: zone,
		File: filepath.Base(string(c.File)), DryRun: c.DryRun, OnProgress: meter.update,
	})
	meter.finish()
	if failed != nil && sum.New == 0 {
		return failed
	}
	if err := c.printSummary(r, customer, sum); err != nil {
		return err
	}
	if failed != nil {
		return data.UserErrorf("%s", chatexport.StoppedText(r.ctx, sum, failed))
	}
	if sum.NotUnderstood > 0 {
		return errReported
	}
	return nil
}

func (c importChatCmd) undo(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	out, err := a.UndoChatImport(r.ctx, c.actorFlags.toActor(), c.Undo)
	switch {
	case errors.Is(err, data.ErrNotFound):
		return data.UserErrorf("There is no import %d.", c.Undo)
	case err != nil:
		return err
	case c.JSON:
		return r.out.printJSON(struct {
			Undone   int64 `json:"undone"`
			Changed  bool  `json:"changed"`
			Messages int   `json:"messages"`
		}{c.Undo, out.Changed, out.Messages})
	case !out.Changed:
		r.out.printLine("Import %d was already undone. Nothing was changed.", c.Undo)
	default:
		r.out.printLine("%s taken out of the chat with %s.", data.Count(out.Messages, "message"), customerLabel(out.Customer))
	}
	return nil
}

func (c importChatCmd) printSummary(r *run, customer data.Customer, sum chatexport.Summary) error {
	for _, line := range sum.FirstUnread {
		fmt.Fprintln(r.err, line)
	}
	if more := sum.NotUnderstood - len(sum.FirstUnread); more > 0 {
		fmt.Fprintf(r.err, "and %s more\n", data.Count(more, "line"))
	}
	if c.JSON {
		return r.out.printJSON(sum)
	}
	if c.DryRun {
		r.out.printLine("Nothing was changed. The import would find:")
	}
	dates := string(sum.Dates)
	if !sum.DatesProved {
		dates += ", which no date proves"
	}
	from := "From the customer"
	if customer.IsGroup() {
		from = "From members"
	}
	fields := []field{
		{"Customer", customerLabel(customer)},
		{"Messages", formatInt(int64(sum.Messages))},
		{from, formatInt(int64(sum.FromCustomer))},
		{"From the business", formatInt(int64(sum.FromBusiness))},
		{"From WhatsApp itself", formatInt(int64(sum.Notices))},
		{"New here", formatInt(int64(sum.New))},
		{"Of these held", formatInt(int64(sum.Held))},
		{"Already here", formatInt(int64(sum.Already))},
		{"Blocks and unblocks there", formatInt(int64(sum.Blocks))},
		{"With media", formatInt(int64(sum.Media))},
		{"Not in the file", formatInt(int64(sum.Missing))},
		{"Lines not understood", formatInt(int64(sum.NotUnderstood))},
		{"First", formatTime(sum.First)},
		{"Last", formatTime(sum.Last)},
		{"Dates", dates},
		{"Time zone", sum.Zone},
	}
	if customer.IsGroup() {
		fields = slices.Insert(fields, 1, field{"Authors", formatInt(int64(sum.Authors))})
	}
	if sum.Import != 0 {
		fields = append(fields, field{"Undo with", fmt.Sprintf("latchdesk import-chat --undo %d", sum.Import)})
	}
	r.out.printFields(fields...)
	return nil
}
