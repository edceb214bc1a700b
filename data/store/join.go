package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// A joined customer keeps its row. What is moved away from it and back is here.

// rowsOf returns the id of a customer, or of the one it was joined into, and behind it
// those of all whose rows were joined into that one.
func rowsOf(db *gorm.DB, customer int64) ([]int64, error) {
	for {
		var into int64
		var others bool
		err := scanFirst(db.Raw(`SELECT joined_into, EXISTS (SELECT 1 FROM customers o WHERE o.joined_into = c.id AND o.joined_into > 0)
			FROM customers c WHERE id = ?`, customer), &into, &others)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return []int64{customer}, nil
		case err != nil:
			return nil, fmt.Errorf("look into whom customer %d was joined: %w", customer, err)
		case into != 0:
			customer = into
		case others:
			return rowsOfJoined(db, customer)
		default:
			return []int64{customer}, nil
		}
	}
}

// rowsOfJoined returns the id of a row, and behind it those of the rows that were
// joined into it.
func rowsOfJoined(db *gorm.DB, row int64) ([]int64, error) {
	ids := []int64{row}
	for i := 0; i < len(ids); i++ {
		var joined []int64
		if err := db.Raw("SELECT id FROM customers WHERE joined_into = ? AND joined_into > 0", ids[i]).Scan(&joined).Error; err != nil {
			return nil, fmt.Errorf("look who was joined into customer %d: %w", row, err)
		}
		ids = append(ids, joined...)
	}
	return ids, nil
}

// Joined is what a split gives back of a join.
type Joined struct {
	Addresses     []data.Address // of the one who was joined, the one that is written to first
	LastIdentity  int64          // the identities of the other that came with the join have greater ids
	FirstTags     []string
	SecondTags    []string
	FirstAddress  data.Address // that was written to
	FirstName     string
	FirstUser     string  // its user name
	FirstChat     bool    // it had a chat
	SecondBlocked bool    // the one who was joined was blocked, as its history says
	HeldFor       []int64 // what the one who was joined wrote in groups and was held
}

// SaveJoined keeps with a pair what a split gives back.
func (t *Tx) SaveJoined(pair int64, j Joined) error {
	text, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("keep what pair %d was: %w", pair, err)
	}
	if err := t.db.Exec("UPDATE pairs SET kept = ? WHERE id = ?", string(text), pair).Error; err != nil {
		return fmt.Errorf("keep what pair %d was: %w", pair, err)
	}
	return nil
}

// Joined returns what is kept of a join.
func (t *Tx) Joined(pair int64) (j Joined, err error) {
	var text string
	if err := t.db.Raw("SELECT kept FROM pairs WHERE id = ?", pair).Scan(&text).Error; err != nil {
		return j, fmt.Errorf("read what pair %d was: %w", pair, err)
	}
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return j, fmt.Errorf("read what pair %d was: %w: %w", pair, data.ErrDamaged, err)
	}
	return j, nil
}

// JoinedInto returns the customer into whom the row of a customer was joined, zero
// where it was not.
func (t *Tx) JoinedInto(customer int64) (into int64, err error) {
	if err := t.db.Raw("SELECT joined_into FROM customers WHERE id = ?", customer).Scan(&into).Error; err != nil {
		return 0, fmt.Errorf("look into whom customer %d was joined: %w", customer, err)
	}
	return into, nil
}

// all runs statements, each with the same named values.
func (t *Tx) all(what string, values map[string]any, statements ...string) error {
	for _, s := range statements {
		if err := t.db.Exec(s, values).Error; err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

// movable are the conditions of the messages that a join and a split move, each with
// an index of its own. What was cleared or discarded stays where it is: nobody sees
// it, and no index has it.
var movable = []string{shown, "hold = 1"}

// told are those of the outbox entries that go with them: each has an index, too.
var told = []string{"act IN ('block', 'unblock')", "act NOT IN ('block', 'unblock')"}

// Join moves all that is the customer from's to the customer into, whose block it
// leaves alone, and makes the row of from one that was joined. It returns what a split
// gives back, without the blocks.
func (t *Tx) Join(into, from *data.Customer, now data.Moment) (Joined, error) {
	j := Joined{
		FirstTags: into.Tags, SecondTags: from.Tags,
		FirstAddress: into.Address, FirstName: into.Name, FirstUser: into.Username,
	}
	what := fmt.Sprintf("join customer %d into %d", from.ID, into.ID)
	ids, err := identitiesOf(t.db, from.ID)
	if err != nil {
		return j, err
	}
	if len(ids) == 0 {
		return j, fmt.Errorf("%s: %w: it has no address", what, data.ErrInvalid)
	}
	for _, i := range ids {
		j.Addresses = append(j.Addresses, i.Address)
	}
	var chat int
	if err := t.db.Raw("SELECT (SELECT coalesce(max(id), 0) FROM identities)").Scan(&j.LastIdentity).Error; err != nil {
		return j, fmt.Errorf("%s: %w", what, err)
	}
	if err := t.db.Raw("SELECT EXISTS (SELECT 1 FROM chats WHERE customer_id = ?)", into.ID).Scan(&chat).Error; err != nil {
		return j, fmt.Errorf("%s: %w", what, err)
	}
	j.FirstChat = chat != 0
	if err := t.db.Raw("SELECT id FROM messages WHERE held_for = ? AND held_for > 0", from.ID).Scan(&j.HeldFor).Error; err != nil {
		return j, fmt.Errorf("%s: %w", what, err)
	}

	values := map[string]any{"into": into.ID, "from": from.ID, "identity": ids[0].ID, "address": from.Address, "free": fmt.Sprint("joined:", from.ID)}
	for _, which := range movable {
		if err := t.moveSum(from.ID, into.ID, values, "customer_id = @from AND "+which); err != nil {
			return j, err
		}
		if err := t.all(what, values,
			"UPDATE messages SET identity_id = @identity WHERE customer_id = @from AND identity_id = 0 AND "+which,
			"UPDATE messages SET customer_id = @into WHERE customer_id = @from AND "+which); err != nil {
			return j, err
		}
	}
	for _, which := range told {
		if err := t.all(what, values,
			"UPDATE outbox SET address = @address WHERE customer_id = @from AND address = '' AND "+which,
			"UPDATE outbox SET customer_id = @into WHERE customer_id = @from AND "+which); err != nil {
			return j, err
		}
	}
	err = t.all(what, values,
		"UPDATE chat_imports SET customer_id = @into WHERE customer_id = @from",
		"UPDATE messages SET held_for = @into WHERE held_for = @from AND held_for > 0",
		// The row of the chat shows what happened last.
		`INSERT INTO chats (customer_id, last_at, shown_at, preview, unread, marked) SELECT @into, last_at, shown_at, preview, unread, marked FROM chats WHERE customer_id = @from
			ON CONFLICT (customer_id) DO UPDATE SET
				preview = CASE WHEN excluded.shown_at > shown_at THEN excluded.preview ELSE preview END,
				shown_at = max(shown_at, excluded.shown_at), last_at = max(last_at, excluded.last_at), unread = unread + excluded.unread, marked = max(marked, excluded.marked)`,
		"DELETE FROM chats WHERE customer_id = @from",
		`INSERT INTO drafts (customer_id, text) SELECT @into, text FROM drafts WHERE customer_id = @from
			ON CONFLICT (customer_id) DO UPDATE SET text = text || char(10) || excluded.text`,
		"DELETE FROM drafts WHERE customer_id = @from",
		"INSERT OR IGNORE INTO tags (customer_id, tag) SELECT @into, tag FROM tags WHERE customer_id = @from",
		"UPDATE customers SET phone = @free, joined_into = @into, joined_address = @address, held = 0, paired_with = 0 WHERE id = @from")
	if err != nil {
		return j, err
	}
	if err := t.SetBlock(from, nil); err != nil {
		return j, err
	}
	held := from.Held
	from.Held, from.PairedWith = 0, 0
	for _, i := range ids {
		if _, err := t.MoveIdentity(i, into, now); err != nil {
			return j, err
		}
	}
	if err := t.addHeld(into, held); err != nil {
		return j, err
	}
	if into.Phone == "" && from.Phone != "" {
		if err := t.SetAddress(into, from.Address); err != nil {
			return j, err
		}
	}
	if into.Name == "" && from.Name != "" {
		if err := t.SetName(into, from.Name); err != nil {
			return j, err
		}
	}
	if into.Username == "" && from.Username != "" {
		if err := t.SetUsername(into, from.Username); err != nil {
			return j, err
		}
	}
	into.Tags = append(slices.Clone(into.Tags), from.Tags...)
	slices.Sort(into.Tags)
	into.Tags = slices.Compact(into.Tags)
	return j, t.updateCustomer(into, map[string]any{})
}

// Split moves back to the customer with the id from what came from or went to its
// addresses, and takes the row out of into. It returns the customer, with no block.
func (t *Tx) Split(into *data.Customer, from int64, j Joined, now data.Moment) (data.Customer, error) {
	what := fmt.Sprintf("split customer %d from %d", from, into.ID)
	none := data.Customer{}
	ids, err := identitiesOf(t.db, into.ID)
	if err != nil {
		return none, err
	}
	var back, stay []data.Identity
	for _, i := range ids {
		if slices.Contains(j.Addresses, i.Address) {
			back = append(back, i)
		} else {
			stay = append(stay, i)
		}
	}
	if len(back) == 0 || len(stay) == 0 {
		return none, fmt.Errorf("%s: %w: one of the two would have no address left", what, data.ErrInvalid)
	}
	slices.SortFunc(back, func(a, b data.Identity) int {
		return slices.Index(j.Addresses, a.Address) - slices.Index(j.Addresses, b.Address)
	})

	// Its addresses are its own again.
	if slices.ContainsFunc(back, func(i data.Identity) bool { return i.Address == into.Address }) {
		address := stay[0].Address
		if slices.ContainsFunc(stay, func(i data.Identity) bool { return i.Address == j.FirstAddress }) {
			address = j.FirstAddress
		}
		if err := t.SetAddress(into, address); err != nil {
			return none, err
		}
	}
	rows, err := rowsOfJoined(t.db, from)
	if err != nil {
		return none, err
	}
	values := map[string]any{"into": into.ID, "from": from, "address": back[0].Address, "rows": rows, "last": j.LastIdentity, "addresses": j.Addresses}
	if err := t.all(what, values, "UPDATE customers SET phone = @address, joined_into = 0, joined_address = '' WHERE id = @from"); err != nil {
		return none, err
	}
	c, err := t.Customer(from)
	if err != nil {
		return none, err
	}
	const theirs = "identity_id IN (SELECT id FROM identities WHERE customer_id IN @rows OR id > @last AND address IN @addresses)"
	var unread, all int
	if err := t.db.Raw("SELECT coalesce(max(unread), 0) FROM chats WHERE customer_id = ?", into.ID).Scan(&all).Error; err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	values["unread"] = all
	err = t.db.Raw("SELECT count(*) FROM (SELECT identity_id FROM messages WHERE customer_id = @into AND "+shown+
		" AND direction = 'in' AND NOT "+isAct+" ORDER BY at DESC, id DESC LIMIT @unread) WHERE "+theirs, values).Scan(&unread).Error
	if err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	values["unread"] = unread
	for _, which := range movable {
		if err := t.moveSum(into.ID, from, values, "customer_id = @into AND "+which+" AND "+theirs); err != nil {
			return none, err
		}
		if err := t.all(what, values, "UPDATE messages SET customer_id = @from WHERE customer_id = @into AND "+which+" AND "+theirs); err != nil {
			return none, err
		}
	}
	for _, i := range back {
		if _, err := t.MoveIdentity(i, &c, now); err != nil {
			return none, err
		}
	}

	held, err := json.Marshal(j.HeldFor)
	if err != nil {
		return none, fmt.Errorf("%s: %w", what, err)
	}
	values["held"] = string(held)
	if err := t.all(what, values, "UPDATE messages SET held_for = @from WHERE id IN (SELECT value FROM json_each(@held)) AND held_for = @into"); err != nil {
		return none, err
	}

	if err := t.splitHeldInGroups(into.ID, from, back, stay); err != nil {
		return none, err
	}

	// So is what else came with it, and what was done since stays on both.
	values["first"], values["second"] = append([]string{""}, j.FirstTags...), append([]string{""}, j.SecondTags...)
	for _, which := range told {
		if err := t.all(what, values, "UPDATE outbox SET customer_id = @from WHERE customer_id = @into AND address IN @addresses AND "+which); err != nil {
			return none, err
		}
	}
	err = t.all(what, values,
		"UPDATE chat_imports SET customer_id = @from WHERE customer_id = @into AND event IN (SELECT seq FROM events WHERE customer_id IN @rows)",
		"INSERT OR IGNORE INTO tags (customer_id, tag) SELECT @from, tag FROM tags WHERE customer_id = @into AND tag NOT IN @first",
		"DELETE FROM tags WHERE customer_id = @from AND tag IN @second AND tag NOT IN (SELECT tag FROM tags WHERE customer_id = @into)",
		"DELETE FROM tags WHERE customer_id = @into AND tag IN @second AND tag NOT IN @first",
		"INSERT INTO chats (customer_id, unread) SELECT @from, @unread WHERE EXISTS (SELECT 1 FROM messages WHERE customer_id = @from AND "+shown+
			") OR EXISTS (SELECT 1 FROM messages WHERE customer_id IN @rows AND "+cleared+") ON CONFLICT (customer_id) DO UPDATE SET unread = excluded.unread",
		"UPDATE chats SET unread = unread - @unread WHERE customer_id = @into",
		recountHeld("@from"), recountHeld("@into"))
	if err != nil {
		return none, err
	}
	for _, id := range []int64{into.ID, from} {
		if err := t.placeChat(id); err != nil {
			return none, err
		}
	}
	if !j.FirstChat {
		err := t.all(what, values, "DELETE FROM chats WHERE customer_id = @into AND NOT EXISTS (SELECT 1 FROM messages WHERE customer_id = @into AND "+shown+")")
		if err != nil {
			return none, err
		}
	}
	if into.Name == c.Name && j.FirstName == "" && into.Name != "" {
		if err := t.SetName(into, ""); err != nil {
			return none, err
		}
	}
	if into.Username == c.Username && j.FirstUser == "" && into.Username != "" {
		if err := t.SetUsername(into, ""); err != nil {
			return none, err
		}
	}
	for _, one := range []*data.Customer{into, &c} {
		if err := t.updateCustomer(one, map[string]any{}); err != nil {
			return none, err
		}
		if err := t.refreshSearch(*one); err != nil {
			return none, err
		}
		if *one, err = t.Customer(one.ID); err != nil {
			return none, err
		}
	}
	return c, nil
}

// splitHeldInGroups has the block of the customer from hold what was held in groups
// for into and was written by one of the addresses back, or by another spelling of
// one that is none of the addresses stay.
func (t *Tx) splitHeldInGroups(into, from int64, back, stay []data.Identity) error {
	what := fmt.Sprintf("split customer %d from %d", from, into)
	var authors, theirs []data.Address
	err := t.db.Raw("SELECT DISTINCT author_address FROM messages WHERE held_for = ? AND held_for > 0 AND author_address <> ''", into).Scan(&authors).Error
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	for _, a := range authors {
		exact := func(i data.Identity) bool { return i.Address == a }
		alike := func(i data.Identity) bool { return i.Key() == data.MatchKey(a) }
		if slices.ContainsFunc(back, exact) ||
			!slices.ContainsFunc(stay, exact) && slices.ContainsFunc(back, alike) && !slices.ContainsFunc(stay, alike) {
			theirs = append(theirs, a)
		}
	}
	list, err := json.Marshal(theirs)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return t.all(what, map[string]any{"from": from, "into": into, "authors": string(list)},
		"UPDATE messages SET held_for = @from WHERE held_for = @into AND held_for > 0 AND author_address IN (SELECT value FROM json_each(@authors))")
}

// recountHeld returns the statement that counts anew what is held of a customer.
func recountHeld(id string) string {
	return "UPDATE customers SET held = (SELECT count(*) FROM messages WHERE customer_id = " + id + " AND hold = 1 AND held_for = 0)" +
		" + (SELECT count(*) FROM messages WHERE held_for = " + id + " AND held_for > 0 AND hold = 1) WHERE id = " + id
}
