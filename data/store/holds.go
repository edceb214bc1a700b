package store

import (
	"database/sql"
	"fmt"
	"maps"

	"github.com/latchdesk/latchdesk/data"
)

// Two blocks can hold what a member wrote in a group: the member's and the group's. It
// is in one of these states, and a message of one customer's own chat in the same
// ones but for the member's:
//
//	                     hold  held_for  out of it by
//	shown                0, 2  0         clear, undo of an unblock that let go of it
//	held by the member   1     member    unblock of the member: shown, or held by the group where that is blocked
//	held by the group    1     0         unblock of the group: shown
//	discarded            3     0, member undo of the unblock that discarded it: held
//	cleared, withdrawn   any   any       nothing
//
// An unblock of the member leaves held_for to no row. Each end of a block of the two
// notes in released_in_groups what it no longer holds, and its undo goes by that: it
// takes a message back from the other's block or from the timeline, and leaves alone
// what the other discarded. What was discarded names the member again then, so that
// the member's block holds it if that, too, is undone.

// Release brings the held messages of a customer into the timeline, as unread; event is
// what let them go.
func (t *Tx) Release(c *data.Customer, event int64) error { return t.letGo(c, data.Released, event) }

// Discard keeps the held messages of a customer out of sight for good; event is what
// did it.
func (t *Tx) Discard(c *data.Customer, event int64) error { return t.letGo(c, data.Discarded, event) }

func (t *Tx) letGo(c *data.Customer, to data.HoldState, event int64) error {
	if c.IsGroup() {
		if err := t.noteReleased(event, "customer_id = ? AND hold = 1", c.ID); err != nil {
			return err
		}
	}
	if c.Held > 0 {
		var acts int // nobody has to read them
		err := t.db.Raw("SELECT count(*) FROM messages WHERE customer_id = ? AND hold = 1 AND held_for = 0 AND "+isAct, c.ID).Scan(&acts).Error
		if err != nil {
			return fmt.Errorf("count held messages: %w", err)
		}
		done := t.db.Exec("UPDATE messages SET hold = ?, released_by = ? WHERE customer_id = ? AND hold = 1 AND held_for = 0", to, event, c.ID)
		if done.Error != nil {
			return fmt.Errorf("let go of held messages: %w", done.Error)
		}
		if err := t.addHeld(c, -c.Held); err != nil {
			return err
		}
		if n := int(done.RowsAffected); n > 0 && to == data.Released {
			if err := t.raiseUnread(c.ID, n-acts); err != nil {
				return err
			}
		}
	}
	return t.letGoInGroups(c.ID, to, event)
}

// noteReleased notes that event lets go of the messages with a condition.
func (t *Tx) noteReleased(event int64, condition string, args ...any) error {
	err := t.db.Exec("INSERT OR IGNORE INTO released_in_groups (event, message_id) SELECT ?, id FROM messages WHERE "+condition, append([]any{event}, args...)...).Error
	if err != nil {
		return fmt.Errorf("note what is let go of in groups: %w", err)
	}
	return nil
}

// letGoInGroups lets go of what the member wrote in groups. Where the group is blocked
// as well, its own block holds from now on what is not discarded.
func (t *Tx) letGoInGroups(member int64, to data.HoldState, event int64) error {
	const theirs = "held_for = ? AND held_for > 0"
	var groups []struct {
		CustomerID int64
		Count      int
		Acts       int
		Blocked    bool
	}
	err := t.db.Raw(`SELECT m.customer_id, sum(m.hold = 1) AS count, sum(m.hold = 1 AND m.`+isAct+`) AS acts, c.blocked_at > 0 AS blocked FROM messages m JOIN customers c ON c.id = m.customer_id
		WHERE m.held_for = ? AND m.held_for > 0 AND m.hold IN (1, 3) GROUP BY m.customer_id`, member).Scan(&groups).Error
	if err != nil {
		return fmt.Errorf("let go of messages held in groups: %w", err)
	}
	if len(groups) == 0 {
		return nil
	}
	if err := t.noteReleased(event, theirs+" AND hold IN (1, 3)", member); err != nil {
		return err
	}
	for _, g := range groups {
		handed := g.Blocked && to == data.Released
		set, args := "hold = ?, released_by = ?, held_for = 0", []any{to, event}
		if handed {
			set, args = "held_for = 0", nil
		}
		err := t.db.Exec("UPDATE messages SET "+set+" WHERE "+theirs+" AND hold = 1 AND customer_id = ?", append(args, member, g.CustomerID)...).Error
		switch {
		case err != nil:
			return fmt.Errorf("let go of messages held in groups: %w", err)
		case g.Count == 0:
			continue
		case handed:
			err = t.addHeld(&data.Customer{ID: g.CustomerID}, g.Count)
		case to == data.Released:
			err = t.raiseUnread(g.CustomerID, g.Count-g.Acts)
		}
		if err != nil {
			return err
		}
		if err := t.Changed(data.MessageChanged, g.CustomerID); err != nil {
			return err
		}
	}
	if err := t.db.Exec("UPDATE messages SET held_for = 0 WHERE "+theirs+" AND hold = 3", member).Error; err != nil {
		return fmt.Errorf("let go of messages held in groups: %w", err)
	}
	return nil
}

// raiseUnread counts n more messages as unread, and shows the newest message
// where nothing newer happened.
func (t *Tx) raiseUnread(customer int64, n int) error {
	last, err := t.newestShown(customer)
	if err != nil {
		return err
	}
	return t.touchChat(customer, last.At, last.Preview(), n)
}

// newestShown returns the newest message that the chat of a customer shows, without an
// id where there is none.
func (t *Tx) newestShown(customer int64) (data.Message, error) {
	var rows []messageRow
	if err := t.db.Where("customer_id = ? AND "+shown, customer).Order("at DESC, id DESC").Limit(1).Find(&rows).Error; err != nil {
		return data.Message{}, fmt.Errorf("read the newest message of customer %d: %w", customer, err)
	}
	if len(rows) == 0 {
		return data.Message{}, nil
	}
	return rows[0].message(), nil
}

// releasedBy are the messages that an event let go of and that nobody cleared since.
const releasedBy = `id IN (SELECT id FROM messages WHERE released_by = @event AND released_by > 0 AND (customer_id = @customer OR held_for = @customer)
	UNION SELECT message_id FROM released_in_groups WHERE event = @event) AND cleared_at = 0`

// UndoRelease puts back what an event let go of, as if it had never been seen, but not
// what was cleared since, or discarded by another event; it returns how many messages
// the customer's block holds again.
func (t *Tx) UndoRelease(c *data.Customer, event int64) (int, error) {
	args := []any{sql.Named("event", event), sql.Named("customer", c.ID)}
	var rows []struct {
		CustomerID, HeldFor int64
		Hold                data.HoldState
		Other               bool // another event let go of it since
		Act                 bool
		Count               int
	}
	err := t.db.Raw("SELECT customer_id, held_for, hold, released_by <> @event AS other, "+isAct+" AS act, count(*) AS count FROM messages WHERE "+releasedBy+
		" AND hold IN (1, 2, 3) GROUP BY customer_id, held_for, hold, released_by <> @event, act", args...).Scan(&rows).Error
	if err != nil {
		return 0, fmt.Errorf("hold messages again: %w", err)
	}
	held, unseen := map[int64]int{}, map[int64]int{} // by customer, and by chat
	for _, r := range rows {
		inChat := r.CustomerID == c.ID
		switch {
		case r.Hold == data.Discarded && r.Other, r.Hold == data.IsHeld && (inChat || r.HeldFor != 0):
			continue
		case r.Hold == data.IsHeld: // from the group's block
			held[r.CustomerID] -= r.Count
		case r.Hold == data.Released && r.Act:
			unseen[r.CustomerID] += 0 // nobody had to read it
		case r.Hold == data.Released:
			unseen[r.CustomerID] += r.Count
		}
		if inChat && r.Hold == data.Discarded && r.HeldFor != 0 {
			held[r.HeldFor] += r.Count
		} else {
			held[c.ID] += r.Count
		}
	}
	before := map[int64]data.Message{}
	for chat := range unseen {
		if before[chat], err = t.newestShown(chat); err != nil {
			return 0, err
		}
	}
	const still = "hold = 3 AND released_by <> @event"
	for _, statement := range []string{
		"UPDATE messages SET hold = 1, released_by = 0, held_for = iif(hold = 2, 0, held_for) WHERE " + releasedBy + " AND customer_id = @customer AND (hold = 2 OR hold = 3 AND released_by = @event)",
		"UPDATE messages SET held_for = @customer, hold = iif(" + still + ", 3, 1), released_by = iif(" + still + ", released_by, 0) WHERE " + releasedBy +
			" AND customer_id <> @customer AND (hold IN (2, 3) OR hold = 1 AND held_for = 0)",
		"DELETE FROM released_in_groups WHERE event = @event",
	} {
		if err := t.db.Exec(statement, args...).Error; err != nil {
			return 0, fmt.Errorf("hold messages again: %w", err)
		}
	}
	for chat, n := range unseen {
		if err := t.unsee(chat, before[chat], n); err != nil {
			return 0, err
		}
	}
	for customer, n := range held {
		if customer == c.ID {
			continue
		}
		if err := t.addHeld(&data.Customer{ID: customer}, n); err != nil {
			return 0, err
		}
	}
	touched := maps.Clone(held)
	maps.Copy(touched, unseen)
	for customer := range touched {
		if customer == c.ID {
			continue
		}
		if err := t.Changed(data.MessageChanged, customer); err != nil {
			return 0, err
		}
	}
	return held[c.ID], t.addHeld(c, held[c.ID])
}

// unsee counts n messages fewer as unread in a chat whose newest message was before,
// no longer shows that one in the list if it is held now, and puts the chat back to
// where it stood.
func (t *Tx) unsee(chat int64, before data.Message, n int) error {
	last, err := t.newestShown(chat)
	if err != nil {
		return err
	}
	err = t.db.Exec("UPDATE chats SET unread = max(0, unread - ?) WHERE customer_id = ?", n, chat).Error
	if err == nil && last.ID != before.ID {
		err = t.db.Exec("UPDATE chats SET preview = ?, shown_at = ? WHERE customer_id = ? AND preview = ?", last.Preview(), last.At, chat, before.Preview()).Error
	}
	if err != nil {
		return fmt.Errorf("hold messages again: %w", err)
	}
	return t.placeChat(chat)
}
