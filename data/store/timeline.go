package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// Timeline reads a stretch of what the chat shows: messages and events in one
// order.
func (r *Queries) Timeline(ctx context.Context, customer int64, span data.Span) (data.Page, error) {
	if span.Around != nil {
		return r.timelineAround(ctx, customer, *span.Around, span.Limit)
	}
	db := r.db.WithContext(ctx)
	ids, err := rowsOf(db, customer)
	if err != nil {
		return data.Page{}, err
	}
	items, err := messageItems(db, ids[0], span)
	if err != nil {
		return data.Page{}, fmt.Errorf("read the messages of customer %d: %w", customer, err)
	}
	events, err := eventItems(db, ids, span)
	if err != nil {
		return data.Page{}, fmt.Errorf("read the events of customer %d: %w", customer, err)
	}
	items = append(items, events...)
	slices.SortFunc(items, func(a, b data.Item) int {
		if a.Key.Less(b.Key) {
			return -1
		}
		return 1
	})
	return cutPage(items, span), nil
}

// timelineAround reads a third of a page above a place, and the rest from there on. Where
// less is there, more is read above.
func (r *Queries) timelineAround(ctx context.Context, customer int64, place data.ItemKey, limit int) (data.Page, error) {
	before := place
	before.ID-- // a span is open, and the place is to be in it
	below, err := r.Timeline(ctx, customer, data.Span{After: &before, Limit: limit - limit/3})
	if err != nil {
		return data.Page{}, err
	}
	above, err := r.Timeline(ctx, customer, data.Span{Before: &place, Limit: limit - len(below.Items)})
	if err != nil {
		return data.Page{}, err
	}
	return data.Page{Items: append(above.Items, below.Items...), Older: above.Older, Newer: below.Newer}, nil
}

func cutPage(items []data.Item, span data.Span) data.Page {
	more := len(items) > span.Limit
	if span.After != nil {
		return data.Page{Items: items[:min(span.Limit, len(items))], Older: true, Newer: more}
	}
	return data.Page{Items: items[max(0, len(items)-span.Limit):], Older: more, Newer: span.Before != nil}
}

// spanSQL is the condition of a stretch, with its arguments, and the order in which it is
// read. One row more than its limit reports whether there is more.
type spanSQL struct {
	where string
	args  []any
	order string
}

// end returns what ends a statement that reads the stretch, and its arguments.
func (s spanSQL) end(more ...string) string {
	for _, condition := range more {
		s.where += " AND " + condition
	}
	return s.where + " ORDER BY " + s.order + " LIMIT ?"
}

func messageSpan(customer int64, span data.Span) spanSQL {
	s := spanSQL{"customer_id = ? AND " + shown, []any{customer}, "at DESC, id DESC"}
	switch {
	case span.Before != nil && !span.Before.Event:
		s.where, s.args = s.where+" AND (at, id) < (?, ?)", append(s.args, span.Before.At, span.Before.ID)
	case span.Before != nil:
		s.where, s.args = s.where+" AND at <= ?", append(s.args, span.Before.At)
	case span.After != nil && !span.After.Event:
		s.where, s.args, s.order = s.where+" AND (at, id) > (?, ?)", append(s.args, span.After.At, span.After.ID), "at, id"
	case span.After != nil:
		s.where, s.args, s.order = s.where+" AND at > ?", append(s.args, span.After.At), "at, id"
	}
	s.args = append(s.args, span.Limit+1)
	return s
}

func eventSpan(customers []int64, span data.Span) spanSQL {
	s := spanSQL{"customer_id IN ?", []any{customers}, "at DESC, seq DESC"}
	switch {
	case span.Before != nil && span.Before.Event:
		s.where, s.args = s.where+" AND (at, seq) < (?, ?)", append(s.args, span.Before.At, span.Before.ID)
	case span.Before != nil:
		s.where, s.args = s.where+" AND at < ?", append(s.args, span.Before.At)
	case span.After != nil && span.After.Event:
		s.where, s.args, s.order = s.where+" AND (at, seq) > (?, ?)", append(s.args, span.After.At, span.After.ID), "at, seq"
	case span.After != nil:
		s.where, s.args, s.order = s.where+" AND at >= ?", append(s.args, span.After.At), "at, seq"
	}
	s.args = append(s.args, span.Limit+1)
	return s
}

// messageItems reads the messages of a stretch, with what was done to them. Most chats
// have nothing of the kind, and the conditions for it take long to compile: they are left
// out until the first reading shows that they matter.
func messageItems(db *gorm.DB, customer int64, span data.Span) ([]data.Item, error) {
	part := messageSpan(customer, span)
	items, acts, acted, err := scanMessages(db, part.end(), part.args)
	if err == nil && acts {
		items, _, acted, err = scanMessages(db, part.end(inPlace), part.args)
	}
	if err != nil || !acted {
		return items, err
	}
	return items, addActs(db, items)
}

// scanMessages reads messages, and reports whether acts are among them and whether
// acts name any of them.
func scanMessages(db *gorm.DB, end string, args []any) (items []data.Item, acts, acted bool, err error) {
	rows, err := db.Raw(`SELECT id, customer_id, identity_id, direction, at, untimed, recorded_at, kind, text, file, url, remote_id, whatsapp_id,
			business, reply_to, author, author_address, tick, failure, hold, held_for,
			EXISTS (SELECT 1 FROM message_acts WHERE target = remote_id AND remote_id <> '') OR
			EXISTS (SELECT 1 FROM message_acts WHERE target = whatsapp_id AND whatsapp_id <> '')
		FROM messages WHERE `+end, args...).Rows()
	if err != nil {
		return nil, false, false, err
	}
	defer rows.Close()
	for rows.Next() {
		// Plain types: those of our own take the driver's slow way.
		var m data.Message
		var at, recordedAt int64
		var direction, kind, author string
		var tick, hold int64
		var named bool
		if err := rows.Scan(&m.ID, &m.CustomerID, &m.IdentityID, &direction, &at, &m.Untimed, &recordedAt, &kind, &m.Text, &m.File, &m.URL, &m.RemoteID, &m.WhatsAppID,
			&m.Business, &m.ReplyTo, &m.Author, &author, &tick, &m.Failure, &hold, &m.HeldFor, &named); err != nil {
			return nil, false, false, err
		}
		m.Direction, m.At, m.RecordedAt, m.Kind = data.Direction(direction), data.Moment(at), data.Moment(recordedAt), data.Kind(kind)
		m.AuthorAddress, m.Status, m.Hold = data.Address(author), data.MessageStatus(tick), data.HoldState(hold)
		acts, acted = acts || m.Kind.IsAct(), acted || named
		items = append(items, data.Item{Key: data.ItemKey{At: m.At, ID: m.ID}, Message: &m})
	}
	return items, acts, acted, rows.Err()
}

// eventItems reads the events of a stretch.
func eventItems(db *gorm.DB, customers []int64, span data.Span) ([]data.Item, error) {
	part := eventSpan(customers, span)
	items, elsewhere, err := scanEvents(db, part.end(), part.args)
	if err == nil && elsewhere { // what an import brought may have been undone
		items, _, err = scanEvents(db, part.end(notUndone), part.args)
	}
	return items, err
}

// scanEvents reads events, and reports whether some were brought by an import.
func scanEvents(db *gorm.DB, end string, args []any) (items []data.Item, elsewhere bool, err error) {
	rows, err := db.Raw("SELECT seq, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE "+end, args...).Rows()
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var e eventRow
		var at, recordedAt int64
		var kind, phone, actorKind, way string
		var prev, hash sql.RawBytes
		if err := rows.Scan(&e.Seq, &at, &recordedAt, &kind, &e.CustomerID, &phone, &actorKind, &e.Actor, &way, &e.Detail, &prev, &hash); err != nil {
			return nil, false, err
		}
		e.At, e.RecordedAt, e.Kind, e.Phone = data.Moment(at), data.Moment(recordedAt), data.EventKind(kind), data.Phone(phone)
		e.ActorKind, e.Way, e.Prev, e.Hash = data.ActorKind(actorKind), data.Channel(way), slices.Clone(prev), slices.Clone(hash)
		event := e.event()
		elsewhere = elsewhere || slices.Contains(elsewhereKinds, e.Kind)
		items = append(items, data.Item{Key: data.ItemKey{At: e.At, Event: true, ID: e.Seq}, Event: &event})
	}
	return items, elsewhere, rows.Err()
}
