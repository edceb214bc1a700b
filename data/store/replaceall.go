package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// ReplaceAll puts the stories in the place of all that is kept but the settings
// and the changes. Customers and messages get their ids in the order in which
// they come, so the same stories make the same database. It tells how many
// messages are written.
func (t *Tx) ReplaceAll(stories iter.Seq[data.SeedChat], written func(messages int)) error {
	tables, rest, err := t.dropAll()
	if err != nil {
		return fmt.Errorf("empty the database: %w", err)
	}
	if err := t.createAll(tables); err != nil {
		return err
	}
	b := t.newSeeder()
	for s := range stories {
		if err := b.add(s); err != nil {
			return err
		}
		written(int(b.message))
	}
	if err := b.finish(); err != nil {
		return err
	}
	return t.createAll(rest) // an index over what is there costs a fraction of one kept up row by row
}

// dropAll drops all tables with what hangs on them, and gives the SQL that
// makes them anew, word for word as the database keeps it. To drop is quicker
// than to delete, and the only way to empty a table that refuses deletion.
func (t *Tx) dropAll() (tables, rest []string, err error) {
	var all []struct{ Name, Type, SQL string }
	err = t.db.Raw(`SELECT name, type, sql FROM sqlite_master WHERE sql <> ''
		AND tbl_name NOT IN ('migrations', 'settings', 'changes', 'chain') AND tbl_name NOT LIKE 'sqlite\_%' ESCAPE '\'
		ORDER BY rowid`).Scan(&all).Error
	if err != nil {
		return nil, nil, err
	}
	for _, made := range all {
		if made.Type == "table" {
			tables = append(tables, made.SQL)
		} else {
			rest = append(rest, made.SQL)
		}
	}
	for _, made := range slices.Backward(all) { // who points to others was made after them, and goes before
		if made.Type != "table" {
			continue
		}
		if err := t.db.Exec("DROP TABLE " + made.Name).Error; err != nil {
			return nil, nil, err
		}
	}
	return tables, rest, nil
}

func (t *Tx) createAll(statements []string) error {
	for _, statement := range statements {
		if err := t.db.Exec(statement).Error; err != nil {
			return fmt.Errorf("make the tables anew: %w", err)
		}
	}
	return nil
}

// seeder fills empty tables.
type seeder struct {
	tx                                             *Tx
	identities                                     *bulkInserter
	customers, tags, chats, messages, drafts, rows *bulkInserter
	customer, message                              int64 // the ids given last
	events                                         []data.Event
}

func (t *Tx) newSeeder() *seeder {
	customers := t.newInserter("customers", nil, "id, phone, name, search, held, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note, blocked_until, messages, messages_sum")
	return &seeder{
		tx:         t,
		customers:  customers,
		identities: t.newInserter("identities", customers, "customer_id, kind, address, match_key, last_seen"),
		tags:       t.newInserter("tags", customers, "customer_id, tag"),
		chats:      t.newInserter("chats", customers, "customer_id, last_at, shown_at, preview, unread, marked"),
		messages:   t.newInserter("messages", customers, "id, customer_id, direction, at, recorded_at, kind, text, file, url, remote_id, whatsapp_id, business, reply_to, author, tick, failure, hold, checksum"),
		drafts:     t.newInserter("drafts", customers, "customer_id, text"),
		rows:       t.newInserter("events", customers, "seq, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash"),
	}
}

func (b *seeder) add(s data.SeedChat) error {
	b.customer++
	id, c := b.customer, s.Chat.Customer
	block := data.Block{}
	if c.Block != nil {
		block = *c.Block
	}
	i := data.NewIdentity(c.Address)
	var sum messageSum
	for _, m := range s.Messages {
		sum = sum.plus(messageSum{1, seedRow(m).Checksum})
	}
	if err := b.customers.add(id, c.Address, c.Name, searchText(c.Name, "", []data.Identity{i}), c.Held,
		block.At, block.By.Name, block.By.Kind, block.By.Channel, block.Reason, block.Note, block.Until, sum.count, sum.sum); err != nil {
		return err
	}
	if err := b.identities.add(id, i.Kind, i.Address, i.Key(), s.Chat.LastAt); err != nil {
		return err
	}
	for _, tag := range c.Tags {
		if err := b.tags.add(id, tag); err != nil {
			return err
		}
	}
	if err := b.chats.add(id, s.Chat.LastAt, s.Chat.ShownAt, s.Chat.Preview, s.Chat.Unread, s.Chat.Marked); err != nil {
		return err
	}
	if s.Draft != "" {
		if err := b.drafts.add(id, s.Draft); err != nil {
			return err
		}
	}
	for _, m := range s.Messages {
		b.message++
		if err := b.messages.add(b.message, id, m.Direction, m.At, m.RecordedAt, m.Kind, m.Text, m.File, m.URL, m.RemoteID,
			m.WhatsAppID, m.Business, m.ReplyTo, m.Author, m.Status, m.Failure, m.Hold, seedRow(m).Checksum); err != nil {
			return err
		}
	}
	for _, e := range s.Events {
		e.CustomerID = id
		b.events = append(b.events, e)
	}
	return nil
}

// seedRow returns the row of a message of a story, as far as it has a checksum.
func seedRow(m data.Message) messageRow {
	row := messageRow{
		Direction: m.Direction, At: m.At, RecordedAt: m.RecordedAt, Kind: m.Kind, Text: m.Text, File: m.File, URL: m.URL, RemoteID: m.RemoteID,
		WhatsAppID: m.WhatsAppID, Business: m.Business, ReplyTo: m.ReplyTo, Author: m.Author,
	}
	row.Checksum = row.sealed()
	return row
}

// finish chains the events of all customers in the order in which they were
// written down, and writes what is left.
func (b *seeder) finish() error {
	slices.SortStableFunc(b.events, func(x, y data.Event) int { return cmp.Compare(x.RecordedAt, y.RecordedAt) })
	prev := []byte{}
	for i, e := range b.events {
		e.Seq, e.Prev = int64(i+1), prev
		e.Hash = e.Sum()
		if err := b.rows.add(e.Seq, e.At, e.RecordedAt, e.Kind, e.CustomerID, e.Phone, e.Actor.Kind, e.Actor.Name, e.Actor.Channel, e.Detail, e.Prev, e.Hash); err != nil {
			return err
		}
		prev = e.Hash
	}
	for _, rest := range []*bulkInserter{b.customers, b.identities, b.tags, b.chats, b.messages, b.drafts, b.rows} {
		if err := rest.flush(); err != nil {
			return err
		}
	}
	count := len(b.events)
	if err := b.tx.db.Exec("UPDATE chain SET seq = ?, count = ?, hash = ? WHERE id = 1", count, count, prev).Error; err != nil {
		return fmt.Errorf("write the head of the events: %w", err)
	}
	return nil
}

// Compact frees the room that a rebuild needed, as far as others who have
// the file open let it.
func (s *Store) Compact(ctx context.Context) error {
	db := s.writer.WithContext(ctx)
	var pages struct{ Free, All int64 }
	if err := db.Raw("SELECT f.freelist_count AS free, p.page_count AS \"all\" FROM pragma_freelist_count f, pragma_page_count p").Scan(&pages).Error; err != nil {
		return explain("tidy", s.Path, err)
	}
	if pages.Free > pages.All/2 {
		if err := db.Exec("VACUUM").Error; err != nil {
			return explain("tidy", s.Path, err)
		}
	}
	return explain("tidy", s.Path, db.Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error)
}
