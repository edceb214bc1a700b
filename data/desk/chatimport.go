package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/store"
)

// ChatImportRequest is a request to bring a chat that was exported elsewhere into a
// customer's chat.
type ChatImportRequest struct {
	Customer int64
	File     string // the export's name, for the history
	// Messages are those of the export, in its order: direction, moment, kind, text,
	// file and author of each.
	Messages []data.Message
	// Blocks say when the customer was blocked and unblocked in the program that the
	// export is from. They change no status here.
	Blocks     []BlockElsewhere
	DryRun     bool                  // count, and change nothing
	OnProgress func(done, total int) // is called after each chunk, in messages; may be nil
}

// BlockElsewhere is a block or an unblock in another program.
type BlockElsewhere struct {
	At   data.Moment
	Kind data.EventKind // BlockedElsewhereEvent or UnblockedElsewhereEvent
}

// ChatImportResult counts what became of an exported chat.
type ChatImportResult struct {
	Event     int64 // stands for the import, and undoes it; zero if nothing was new
	New       int   // messages that were not here
	Held      int   // of those: written during the block in force
	Already   int   // messages that were here
	NewBlocks int   // blocks and unblocks elsewhere that were not here
}

// ImportChat brings an exported chat into a customer's chat. A message is here
// already if one of the same direction and text was written in the same minute;
// each that is here stands for one of the export, in order, in a group before all
// others for one of the same author. So the same export
// twice changes nothing, and a longer one adds what is new. Messages come in as
// read and nobody is notified; one that the customer wrote during the block in force
// is held, and in a group one whose author's address is that of a member who was
// blocked then. One event stands for the import, and UndoChatImport undoes it.
//
// Messages are written in chunks so small that nobody waits long behind them. If
// ImportChat returns an error, what was written before stays, the result counts it,
// and the same export again adds the rest.
func (d *Desk) ImportChat(ctx context.Context, by data.Actor, req ChatImportRequest) (ChatImportResult, error) {
	if req.OnProgress == nil {
		req.OnProgress = func(int, int) {}
	}
	by.Name = data.CleanName(by.Name)
	in := &chatImporter{desk: d, by: by, req: req, lines: newLineMatcher(), budget: maxChunk}
	if err := in.run(ctx); err != nil {
		return in.result, fmt.Errorf("import a chat: %w", err)
	}
	return in.result, nil
}

// chatItem is a message of an exported chat, or a block in another program.
type chatItem struct {
	message data.Message
	block   data.EventKind // empty for a message
}

// chatItems returns what an export has, in the order of its moments.
func chatItems(req ChatImportRequest, group bool, now data.Moment) []chatItem {
	items := make([]chatItem, 0, len(req.Messages)+len(req.Blocks))
	for _, m := range req.Messages {
		items = append(items, chatItem{message: exportedMessage(m, group, now)})
	}
	for _, b := range req.Blocks {
		items = append(items, chatItem{message: data.Message{At: b.At}, block: b.Kind})
	}
	slices.SortStableFunc(items, func(a, b chatItem) int { return int(min(1, max(-1, a.message.At-b.message.At))) })
	return items
}

// exportedMessage returns a message of an export as it is kept.
func exportedMessage(m data.Message, group bool, now data.Moment) data.Message {
	file, author := data.CleanLine(m.File, data.MaxName), data.CleanName(m.Author)
	kept := incoming(m, now)
	if m.Direction == data.Out {
		kept = hasMessage(m, now)
	}
	kept.Direction, kept.File = m.Direction, file
	switch {
	case m.Direction == data.Note:
		kept.Author = author
	case m.Direction == data.In && group:
		kept.Author, kept.AuthorAddress = author, m.AuthorAddress
	}
	return kept
}

// chatImporter is one import being done.
type chatImporter struct {
	desk  *Desk
	by    data.Actor
	req   ChatImportRequest
	items []chatItem

	group  bool      // the chat is a group's
	hidden lineIndex // cleared and discarded messages, and blocks elsewhere that are here
	lines  *lineMatcher

	event  int64 // zero until the first chunk is written
	done   int   // items
	budget time.Duration
	result ChatImportResult
}

// lineBatch is how many items are looked up together.
const lineBatch = 500

func (in *chatImporter) run(ctx context.Context) error {
	c, err := in.desk.Customer(ctx, in.req.Customer)
	if err != nil {
		return err
	}
	in.group = c.IsGroup()
	in.items = chatItems(in.req, in.group, in.desk.Now())
	if err := in.readHidden(ctx); err != nil {
		return err
	}
	plan, err := in.plan(ctx)
	if err != nil {
		return err
	}
	if in.req.DryRun || plan.New+plan.NewBlocks == 0 {
		in.result = plan
		return nil
	}
	for in.done < len(in.items) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := in.importChunk(ctx, plan.New); err != nil {
			return err
		}
		in.req.OnProgress(in.done, len(in.items))
		if in.done < len(in.items) {
			_ = clock.Sleep(ctx, yieldInterval) // ctx is checked before the next chunk
		}
	}
	return nil
}

// readHidden reads what is here and is not shown: it is rare, and no index has it.
func (in *chatImporter) readHidden(ctx context.Context) error {
	in.hidden = lineIndex{}
	err := in.desk.queries.HiddenMessages(ctx, in.req.Customer, func(m data.Message) { in.hidden.add(keyOf(m), m, in.group) })
	if err != nil || len(in.req.Blocks) == 0 {
		return err
	}
	blocks, err := in.desk.queries.BlocksElsewhere(ctx, in.req.Customer)
	for _, e := range blocks {
		in.hidden.add(lineKey{data.Direction(e.Kind), int64(e.At / minute), ""}, data.Message{ID: -e.Seq}, false)
	}
	return err
}

// plan returns what the import would do now.
func (in *chatImporter) plan(ctx context.Context) (ChatImportResult, error) {
	var sum ChatImportResult
	c, err := in.desk.Customer(ctx, in.req.Customer)
	if err != nil {
		return sum, err
	}
	now, lines := in.desk.Now(), newLineMatcher()
	for rest := in.items; len(rest) > 0; {
		some := rest[:min(lineBatch, len(rest))]
		rest = rest[len(some):]
		here := lineIndex{}
		from, to := span(some)
		if err := in.desk.queries.MessagesBetween(ctx, c.ID, from, to, 0, func(m data.Message) { here.add(keyOf(m), m, in.group) }); err != nil {
			return sum, err
		}
		matches, err := in.desk.queries.MatchesOfAll(ctx, authorsOf(some))
		if err != nil {
			return sum, err
		}
		for i, isHere := range lines.match(some, here, in.hidden, in.group) {
			sum.add(some[i], isHere, holdPast(&some[i].message, c, matches, now))
		}
	}
	return sum, nil
}

// span returns the whole minutes in which the items lie.
func span(items []chatItem) (from, to data.Moment) {
	first, last := items[0].message.At, items[len(items)-1].message.At
	return first / minute * minute, (last/minute + 1) * minute
}

// add counts an item.
func (n *ChatImportResult) add(item chatItem, here, held bool) {
	switch {
	case item.block != "" && !here:
		n.NewBlocks++
	case item.block != "":
	case here:
		n.Already++
	default:
		n.New++
		if held {
			n.Held++
		}
	}
}

// heldAsPast reports whether a message of the past is held: its customer wrote it
// during the block in force.
func heldAsPast(c data.Customer, m data.Message, now data.Moment) bool {
	return m.Direction == data.In && c.Status(now) == data.Blocked && m.At >= c.Block.At
}

// holdPast holds a message of the past where the block of its chat's customer does, or
// in a group that of a member who has its author's address. It reports whether it is
// held.
func holdPast(m *data.Message, c data.Customer, matches map[data.Address][]data.Match, now data.Moment) bool {
	m.Hold, m.HeldFor = data.NotHeld, 0
	if one := holdingMember(toMembers(m.AuthorAddress, matches[m.AuthorAddress]), func(c data.Customer) bool { return heldAsPast(c, *m, now) }); one.ID != 0 {
		m.Hold, m.HeldFor = data.IsHeld, one.ID
	} else if heldAsPast(c, *m, now) {
		m.Hold = data.IsHeld
	}
	return m.Hold == data.IsHeld
}

// authorsOf returns the addresses of the authors of items, each once.
func authorsOf(items []chatItem) []data.Address {
	var all []data.Address
	for _, i := range items {
		if a := i.message.AuthorAddress; a != "" && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// importChunk writes as many items as its budget allows, in one transaction. The
// first one writes the event as well.
func (in *chatImporter) importChunk(ctx context.Context, planned int) error {
	sum, done, event := in.result, in.done, in.event
	budget, err := in.desk.writeChunk(ctx, in.budget, func(tx *store.Tx, end time.Time) error {
		c, err := tx.Customer(in.req.Customer)
		if err != nil {
			return err
		}
		now := in.desk.Now()
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		var begun data.Event
		if event == 0 {
			if begun, err = in.begin(tx, c, now, planned); err != nil {
				return err
			}
			event = begun.Seq
		}
		inserter := tx.NewHistoryInserter(c.ID, event)
		for done < len(in.items) {
			some := in.items[done:min(done+lineBatch, len(in.items))]
			if err := in.importBatch(tx, inserter, c, event, some, now, &sum); err != nil {
				return err
			}
			if done += len(some); time.Now().After(end) {
				break
			}
		}
		if err := inserter.Close(&c); err != nil {
			return err
		}
		if begun.Seq != 0 { // what came in may have made the chat's row, and is older
			if err := tx.ShowEvent(begun); err != nil {
				return err
			}
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
	if err != nil {
		return err
	}
	sum.Event = event
	in.result, in.done, in.event, in.budget = sum, done, event, budget
	return nil
}

// begin writes the event that stands for the import.
func (in *chatImporter) begin(tx *store.Tx, c data.Customer, now data.Moment, planned int) (data.Event, error) {
	detail := data.Detail{File: data.CleanLine(in.req.File, data.MaxName), Messages: planned}
	e, err := appendEvent(tx, c, data.ChatImportedEvent, in.by, now, now, detail)
	if err != nil {
		return e, err
	}
	return e, tx.AddChatImport(store.ChatImport{Event: e.Seq, CustomerID: c.ID})
}

func (in *chatImporter) importBatch(tx *store.Tx, inserter *store.HistoryInserter, c data.Customer, event int64, some []chatItem, now data.Moment, sum *ChatImportResult) error {
	here := lineIndex{}
	from, to := span(some)
	if err := tx.MessagesBetween(c.ID, from, to, event, func(m data.Message) { here.add(keyOf(m), m, in.group) }); err != nil {
		return err
	}
	matches, err := tx.MatchesOfAll(authorsOf(some))
	if err != nil {
		return err
	}
	for i, isHere := range in.lines.match(some, here, in.hidden, in.group) {
		item := some[i]
		sum.add(item, isHere, holdPast(&item.message, c, matches, now))
		switch {
		case isHere:
			continue
		case item.block != "":
			if err := in.appendBlock(tx, c, event, item, now); err != nil {
				return err
			}
			continue
		}
		if err := inserter.Add(item.message); err != nil {
			return err
		}
	}
	return nil
}

// appendBlock records a block in another program as an event of the past, which the
// chat's row does not show.
func (in *chatImporter) appendBlock(tx *store.Tx, c data.Customer, event int64, item chatItem, now data.Moment) error {
	_, err := tx.Append(data.Event{
		At: item.message.At, RecordedAt: now, Kind: item.block, CustomerID: c.ID, Phone: data.Phone(c.Address),
		Actor:  data.Actor{Kind: data.ImportActor, Name: in.by.Name, Channel: data.ViaImport},
		Detail: data.Detail{Of: event}.Canonical(),
	})
	return err
}

// ChatImportUndone is what an undo of an import did.
type ChatImportUndone struct {
	Customer data.Customer
	Changed  bool // false if it was undone before
	Messages int  // that were taken out again
}

// UndoChatImport takes out again what an import brought, whose event has the sequence
// event. The messages stay as rows that nobody sees, and the undo is an event. It
// returns data.ErrNotFound if there is no such import.
func (d *Desk) UndoChatImport(ctx context.Context, by data.Actor, event int64) (out ChatImportUndone, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		in, err := tx.ChatImport(event)
		if err != nil {
			return err
		}
		if out.Customer, err = tx.Customer(in.CustomerID); err != nil || in.UndoneBy != 0 {
			return err
		}
		c, now := &out.Customer, d.Now()
		if err := expireIfDue(tx, c, now); err != nil {
			return err
		}
		if out.Messages, err = tx.Withdraw(c, event); err != nil {
			return err
		}
		e, err := appendEvent(tx, *c, data.UndoneEvent, by, now, now, data.Detail{From: string(data.ChatImportedEvent), Messages: out.Messages, Of: event})
		if err != nil {
			return err
		}
		out.Changed = true
		if err := tx.SetChatImportUndone(event, e.Seq); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
	if err != nil {
		return out, fmt.Errorf("undo the import of a chat: %w", err)
	}
	return out, nil
}

// LastChatImport returns the event of the newest import that is not undone, into the
// chat of a customer or of anybody where that is 0, or data.ErrNotFound.
func (d *Desk) LastChatImport(ctx context.Context, customer int64) (data.Record, error) {
	return d.queries.LastChatImport(ctx, customer)
}
