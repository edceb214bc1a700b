package desk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/store"
)

// ImportRow is one row of a list of blocks from elsewhere.
type ImportRow struct {
	Line   int // line number in the list
	Phone  data.Phone
	Name   string
	By     string      // empty: the agent who imports
	At     data.Moment // zero: the block is made now
	Reason string      // one of the desk's, or any other word, which is kept
	Note   string
	Until  data.Moment
	Fault  error // why Phone is no number; the row is refused with it unless Phone was delivered, and is a customer's
}

// ImportRequest is a request to import a list of blocks.
type ImportRequest struct {
	By         string // who imports it
	Rows       iter.Seq[ImportRow]
	DryRun     bool                   // count, and change nothing
	Refused    func(ImportRow, error) // is called with each row that is not valid; may be nil
	OnProgress func(ImportResult)     // is called after each chunk; may be nil
}

// ImportResult counts what became of the rows of a list.
type ImportResult struct {
	Blocked      int
	NewCustomers int // of those blocked
	Changed      int // were blocked already, and the list changed their blocks
	Already      int // were blocked already, as the list says
	Kept         int // were blocked already, for longer than the list says, and stay so
	Duplicates   int // their customers are those of earlier rows
	Refused      int
}

// Rows returns the number of all rows.
func (n ImportResult) Rows() int {
	return n.Blocked + n.Changed + n.Already + n.Kept + n.Duplicates + n.Refused
}

// Import blocks the customers of a list. A number that is not known here becomes a
// customer without a chat, and for who is already blocked a row is what a block is
// (Block.Reblock in package data). The block has the agent and the moment of the list; the
// event is recorded now, as imported, and carries both. Customers are written in
// chunks so small that nobody waits long behind them, each whole or not at all. If
// Import returns an error, the result counts what was written, and the same list
// again adds the rest.
func (d *Desk) Import(ctx context.Context, req ImportRequest) (ImportResult, error) {
	reasons, err := d.Reasons(ctx)
	if err != nil {
		return ImportResult{}, err
	}
	req.By = data.CleanName(req.By)
	if req.Refused == nil {
		req.Refused = func(ImportRow, error) {}
	}
	if req.OnProgress == nil {
		req.OnProgress = func(ImportResult) {}
	}
	in := &blockImporter{desk: d, req: req, reasons: reasons, had: map[int64]bool{}, added: map[string]bool{}, budget: maxChunk, yieldedAt: time.Now()}
	err = in.run(ctx)
	return in.result, err
}

// blockImporter is one import being done.
type blockImporter struct {
	desk      *Desk
	req       ImportRequest
	reasons   []string
	had       map[int64]bool  // the customers of earlier rows who are known here
	added     map[string]bool // the match keys of those who were not
	result    ImportResult
	pending   []ImportRow   // good rows that are not written yet
	budget    time.Duration // of the next piece
	yieldedAt time.Time
}

const (
	// lookupBatch is how many rows are looked up together.
	lookupBatch = 100
	// readAhead is how many rows wait to be written, so that no transaction
	// waits for the list.
	readAhead = 4096

	// SQLite lets other processes look for their turn at ever longer distances,
	// up to 100 ms. So from time to time they are given more than that: then each
	// that waits has had its turn.
	yieldEvery = 600 * time.Millisecond
	yieldFor   = 105 * time.Millisecond
)

func (in *blockImporter) run(ctx context.Context) error {
	for row := range in.req.Rows {
		if err := ctx.Err(); err != nil {
			return stopped(err)
		}
		if err := in.check(&row); err != nil {
			in.result.Refused++
			in.req.Refused(row, err)
			continue
		}
		if in.pending = append(in.pending, row); len(in.pending) == readAhead {
			if err := in.importPending(ctx, readAhead/2); err != nil {
				return err
			}
		}
	}
	if err := in.importPending(ctx, 0); err != nil {
		return err
	}
	in.req.OnProgress(in.result)
	return nil
}

func stopped(err error) error { return fmt.Errorf("import: %w", err) }

// check cleans a row, or returns why it cannot be taken.
func (in *blockImporter) check(row *ImportRow) error {
	row.Name = data.CleanName(row.Name)
	row.By = data.CleanName(row.By)
	row.Note = data.Clean(row.Note)
	if utf8.RuneCountInString(row.Note) > data.MaxNote {
		return fmt.Errorf("%w: the note is longer than %d characters", data.ErrInvalid, data.MaxNote)
	}
	row.Reason = in.reason(row.Reason)
	now := in.desk.Now()
	switch {
	case row.At < 0:
		return fmt.Errorf("%w: it was blocked before 1970", data.ErrInvalid)
	case row.At > now:
		return fmt.Errorf("%w: it was blocked in the future, %s", data.ErrInvalid, row.At.Relative(now))
	case row.Until != 0 && row.Until <= row.At:
		return fmt.Errorf("%w: the block ends before it begins", data.ErrInvalid)
	}
	return in.desk.checkFuture("its end", row.Until)
}

// reason returns the reason of this desk that text is, or text itself where it is none:
// another desk's word still says why.
func (in *blockImporter) reason(text string) string {
	if reason, err := data.FindReason(in.reasons, text); err == nil {
		return reason
	}
	return data.CleanLine(text, data.MaxReason)
}

// importPending takes the pending rows, chunk by chunk, until at most left remain.
func (in *blockImporter) importPending(ctx context.Context, left int) error {
	take := in.importChunk
	if in.req.DryRun {
		take = in.countChunk
	}
	for len(in.pending) > left {
		if err := ctx.Err(); err != nil {
			return stopped(err)
		}
		taken, err := take(ctx)
		if err != nil {
			return stopped(err)
		}
		in.pending = in.pending[taken:]
		in.req.OnProgress(in.result)
	}
	return nil
}

// countChunk counts what would become of a batch of the pending rows, and returns
// its size.
func (in *blockImporter) countChunk(ctx context.Context) (int, error) {
	some := in.pending[:min(lookupBatch, len(in.pending))]
	known, err := in.desk.MatchesOfAll(ctx, addresses(some))
	if err != nil {
		return 0, err
	}
	now := in.desk.Now()
	for _, row := range some {
		c, ok, err := customerOf(row, known)
		if err != nil {
			in.result.Refused++
			in.req.Refused(row, err)
			continue
		}
		in.count(&in.result, row, c, ok, now)
	}
	return len(some), nil
}

// count counts a row and returns what comes of it, which is empty for a duplicate: whom
// an earlier row had, in whatever spelling.
func (in *blockImporter) count(sum *ImportResult, row ImportRow, c data.Customer, known bool, now data.Moment) data.BlockResult {
	key := data.MatchKey(data.Address(row.Phone))
	if known && in.had[c.ID] || !known && in.added[key] {
		sum.Duplicates++
		return ""
	}
	if known {
		in.had[c.ID] = true
	} else {
		in.added[key] = true
	}
	return sum.add(row, c, known, now)
}

// importChunk writes as many of the pending rows as its budget allows, in one
// transaction, and returns how many.
func (in *blockImporter) importChunk(ctx context.Context) (int, error) {
	taken, sum := 0, in.result
	budget, err := in.desk.writeChunk(ctx, in.budget, func(tx *store.Tx, end time.Time) error {
		inserter, err := tx.NewCustomerInserter()
		for err == nil && taken < len(in.pending) && time.Now().Before(end) {
			some := in.pending[taken:min(taken+lookupBatch, len(in.pending))]
			err = in.importBatch(tx, inserter, some, &sum)
			taken += len(some)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	in.budget, in.result = budget, sum
	if taken < len(in.pending) {
		in.yield(ctx)
	}
	return taken, nil
}

// yield leaves the database to others for a moment.
func (in *blockImporter) yield(ctx context.Context) {
	if time.Since(in.yieldedAt) < yieldEvery {
		_ = clock.Sleep(ctx, yieldInterval) // ctx is checked before the next chunk
		return
	}
	_ = clock.Sleep(ctx, yieldFor) // ctx is checked before the next chunk
	in.yieldedAt = time.Now()
}

func (in *blockImporter) importBatch(tx *store.Tx, inserter *store.CustomerInserter, some []ImportRow, sum *ImportResult) error {
	known, err := tx.MatchesOfAll(addresses(some))
	if err != nil {
		return err
	}
	now := in.desk.Now()
	for _, row := range some {
		c, ok, err := customerOf(row, known)
		if err != nil {
			sum.Refused++
			in.req.Refused(row, err)
			continue
		}
		result := in.count(sum, row, c, ok, now)
		if result != data.NewlyBlocked && result != data.BlockChanged {
			continue
		}
		block, e := in.block(row, now)
		switch {
		case result == data.BlockChanged:
			err = in.changeKnown(tx, c, row, e)
		case ok:
			err = in.blockKnown(tx, c, row, block, e)
		default:
			c, err = blockNew(tx, inserter, data.Customer{Address: data.Address(row.Phone), Phone: row.Phone, Name: row.Name, Block: &block}, e)
			in.had[c.ID] = true
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// block returns the block as the list has it, and the event as it happens now.
func (in *blockImporter) block(row ImportRow, now data.Moment) (data.Block, data.Event) {
	detail := data.Detail{
		ImportedAt: int64(row.At), ImportedBy: row.By,
		Reason: row.Reason, Note: row.Note, Until: int64(row.Until),
	}
	if row.At == 0 {
		row.At = now
	}
	if row.By == "" {
		row.By = in.req.By
	}
	by := data.Actor{Kind: data.ImportActor, Name: row.By, Channel: data.ViaImport}
	block := data.Block{By: by, At: row.At, Reason: row.Reason, Note: row.Note, Until: row.Until}
	by.Name = in.req.By
	return block, data.Event{At: now, RecordedAt: now, Kind: data.BlockedEvent, Actor: by, Detail: detail.Canonical()}
}

// blockKnown blocks who is known here, and takes the name from the list only
// where there is none.
func (in *blockImporter) blockKnown(tx *store.Tx, c data.Customer, row ImportRow, block data.Block, e data.Event) error {
	if c.PairedWith != 0 { // another row of the list may have blocked them together
		var err error
		if c, err = tx.Customer(c.ID); err != nil {
			return err
		}
		if c.Status(e.At) == data.Blocked {
			return in.changeKnown(tx, c, row, e)
		}
	}
	if err := expireIfDue(tx, &c, e.At); err != nil {
		return err
	}
	if c.Name == "" && row.Name != "" {
		if err := tx.SetName(&c, row.Name); err != nil {
			return err
		}
	}
	if err := tx.SetBlock(&c, &block); err != nil {
		return err
	}
	e.CustomerID, e.Phone = c.ID, data.Phone(c.Address)
	e, err := tx.Append(e)
	if err != nil {
		return err
	}
	if err := tx.ShowEvent(e); err != nil {
		return err
	}
	if err := enqueue(tx, c, data.OpBlock, e.Seq, e.RecordedAt); err != nil {
		return err
	}
	if err := lendBlock(tx, c, e.Actor, e.At); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// changeKnown changes the block of who is already blocked as a row asks for; e is the
// event of a block by the row.
func (in *blockImporter) changeKnown(tx *store.Tx, c data.Customer, row ImportRow, e data.Event) error {
	if c.PairedWith != 0 { // another row of the list may have changed it
		var err error
		if c, err = tx.Customer(c.ID); err != nil {
			return err
		}
	}
	out := data.Outcome{Customer: c}
	more := data.Detail{ImportedAt: int64(row.At), ImportedBy: row.By}
	return reblock(tx, &out, e.Actor, row.request(), e.RecordedAt, more)
}

// blockNew adds who is not known here, without a chat.
func blockNew(tx *store.Tx, inserter *store.CustomerInserter, c data.Customer, e data.Event) (data.Customer, error) {
	c, err := inserter.Add(c)
	if err != nil {
		return c, err
	}
	e.CustomerID, e.Phone = c.ID, data.Phone(c.Address)
	if e, err = tx.Append(e); err != nil {
		return c, err
	}
	if err := enqueue(tx, c, data.OpBlock, e.Seq, e.RecordedAt); err != nil {
		return c, err
	}
	return c, tx.Changed(data.CustomerChanged, c.ID)
}

// add counts a row and returns what comes of it.
func (n *ImportResult) add(row ImportRow, c data.Customer, known bool, now data.Moment) data.BlockResult {
	result := data.NewlyBlocked
	if c.Status(now) == data.Blocked {
		_, result = c.Block.Reblock(row.request())
	}
	switch result {
	case data.BlockChanged:
		n.Changed++
	case data.BlockSame:
		n.Already++
	case data.BlockKept:
		n.Kept++
	default:
		if !known {
			n.NewCustomers++
		}
		n.Blocked++
	}
	return result
}

// request returns the row as a request to block.
func (row ImportRow) request() data.BlockRequest {
	return data.BlockRequest{Reason: row.Reason, Note: row.Note, Until: row.Until}
}

func addresses(rows []ImportRow) []data.Address {
	list := make([]data.Address, len(rows))
	for i, row := range rows {
		list[i] = data.Address(row.Phone)
	}
	return list
}

// customerOf returns the customer with the number of a row, and whether there is one.
// It returns a *data.SeveralError where the number is that of several, and the row's
// Fault where nobody has it.
func customerOf(row ImportRow, known map[data.Address][]data.Match) (data.Customer, bool, error) {
	a := data.Address(row.Phone)
	m, err := data.FindMatch(a, known[a])
	if errors.Is(err, data.ErrNotFound) {
		return m.Customer, false, row.Fault
	}
	return m.Customer, err == nil, err
}
