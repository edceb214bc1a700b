package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

type identityRow struct {
	ID         int64 `gorm:"primaryKey"`
	CustomerID int64
	Kind       data.IdentityKind
	Address    data.Address
	MatchKey   string
	Portfolio  string
	Business   string
	FirstSeen  data.Moment
	LastSeen   data.Moment
	MovedAt    data.Moment
}

func (identityRow) TableName() string { return "identities" }

func (r identityRow) identity() data.Identity {
	return data.Identity{
		ID: r.ID, CustomerID: r.CustomerID, Kind: r.Kind, Address: r.Address, Portfolio: r.Portfolio,
		Business: r.Business, FirstSeen: r.FirstSeen, LastSeen: r.LastSeen,
	}
}

// matchesQuery finds customers by match keys, with a row for each of their tags; it
// repeats the condition of the index identities_key. Of blocks it reads all, since a
// delivery may end one. A statement is compiled anew each time it runs, and that is most
// of what a look-up costs: so it sorts nothing and has no query within it.
const matchesQuery = `SELECT i.id, i.kind, i.address, i.match_key, i.portfolio, i.business, i.first_seen, i.last_seen,
		c.id, c.phone, c.name, c.username, c.version, c.held, c.blocked_at, c.blocked_by, c.blocked_kind, c.blocked_way,
		c.blocked_reason, c.blocked_note, c.blocked_until, c.blocked_review, c.blocked_asked,
		c.blocked_borrowed, c.paired_with, t.tag
	FROM identities i JOIN customers c ON c.id = i.customer_id LEFT JOIN tags t ON t.customer_id = c.id
	WHERE i.moved_at = 0 AND i.match_key `

// FindCustomer returns the customer with the address: the one that has it to the
// letter, or else the only one by its match key. It returns data.ErrNotFound where
// there is none, and a *data.SeveralError where several have it by their keys.
func (r *Queries) FindCustomer(ctx context.Context, a data.Address) (data.Customer, error) {
	return findByAddress(r.db.WithContext(ctx), a)
}

// FindCustomer returns the same within the transaction.
func (t *Tx) FindCustomer(a data.Address) (data.Customer, error) {
	return findByAddress(t.db, a)
}

func findByAddress(db *gorm.DB, a data.Address) (data.Customer, error) {
	matches, err := findMatches(db, a)
	if err != nil {
		return data.Customer{}, err
	}
	m, err := data.FindMatch(a, matches)
	return m.Customer, err
}

// Matches returns who has the address or another spelling of it, whoever was heard
// from last first.
func (t *Tx) Matches(a data.Address) ([]data.Match, error) { return findMatches(t.db, a) }

func findMatches(db *gorm.DB, a data.Address) ([]data.Match, error) {
	key := data.MatchKey(a)
	byKey, err := readMatches(db, "= ?", key)
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", a, err)
	}
	return byKey[key], nil
}

// MatchesOfAll returns the same for each of the addresses that is known here.
func (r *Queries) MatchesOfAll(ctx context.Context, addresses []data.Address) (map[data.Address][]data.Match, error) {
	return matchesOfAll(r.db.WithContext(ctx), addresses)
}

// MatchesOfAll returns the same within the transaction.
func (t *Tx) MatchesOfAll(addresses []data.Address) (map[data.Address][]data.Match, error) {
	return matchesOfAll(t.db, addresses)
}

func matchesOfAll(db *gorm.DB, addresses []data.Address) (map[data.Address][]data.Match, error) {
	if len(addresses) == 0 {
		return nil, nil
	}
	keys := make([]string, len(addresses))
	for i, a := range addresses {
		keys[i] = data.MatchKey(a)
	}
	// One value that holds all: the driver looks for each value among all of them.
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("look for %d customers: %w", len(addresses), err)
	}
	byKey, err := readMatches(db, "IN (SELECT value FROM json_each(?))", string(list))
	if err != nil {
		return nil, fmt.Errorf("look for %d customers: %w", len(addresses), err)
	}
	found := make(map[data.Address][]data.Match, len(byKey))
	for i, a := range addresses {
		if matches := byKey[keys[i]]; len(matches) > 0 {
			found[a] = matches
		}
	}
	return found, nil
}

// readMatches returns the matches by their keys, those of a key in the order of Matches.
func readMatches(db *gorm.DB, condition, arg string) (map[string][]data.Match, error) {
	rows, err := db.Raw(matchesQuery+condition, arg).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byKey := map[string][]data.Match{}
	for rows.Next() {
		// Plain types: those of our own take the driver's slow way.
		var m data.Match
		c, i := &m.Customer, &m.Identity
		var b data.Block
		var kind, address, key, phone, actorKind, channel string
		var first, last, at, until, review, asked int64
		var tag sql.NullString
		err := rows.Scan(&i.ID, &kind, &address, &key, &i.Portfolio, &i.Business, &first, &last,
			&c.ID, &phone, &c.Name, &c.Username, &c.Version, &c.Held, &at, &b.By.Name, &actorKind, &channel,
			&b.Reason, &b.Note, &until, &review, &asked,
			&b.Borrowed, &c.PairedWith, &tag)
		if err != nil {
			return nil, err
		}
		matches := byKey[key]
		if n := len(matches) - 1; n >= 0 && matches[n].Identity.ID == i.ID {
			matches[n].Customer.Tags = append(matches[n].Customer.Tags, tag.String)
			continue
		}
		i.CustomerID, i.Kind, i.Address = c.ID, data.IdentityKind(kind), data.Address(address)
		i.FirstSeen, i.LastSeen = data.Moment(first), data.Moment(last)
		if tag.Valid {
			c.Tags = []string{tag.String}
		}
		c.Address = data.Address(phone)
		if c.Phone = c.Address.Phone(); at != 0 {
			b.By.Kind, b.By.Channel, b.At = data.ActorKind(actorKind), data.Channel(channel), data.Moment(at)
			b.Until, b.Review, b.UnblockRequestedAt = data.Moment(until), data.Moment(review), data.Moment(asked)
			c.Block = &b
		}
		byKey[key] = append(matches, m)
	}
	for _, matches := range byKey {
		for _, m := range matches {
			slices.Sort(m.Customer.Tags)
		}
		slices.SortFunc(matches, func(a, b data.Match) int {
			return cmp.Or(cmp.Compare(b.Identity.LastSeen, a.Identity.LastSeen), cmp.Compare(b.Identity.ID, a.Identity.ID))
		})
	}
	return byKey, rows.Err()
}

// Identities returns the identities that a customer has now, the one that is written
// to first.
func (r *Queries) Identities(ctx context.Context, customer int64) ([]data.Identity, error) {
	return identitiesOf(r.db.WithContext(ctx), customer)
}

// Identities returns the same within the transaction.
func (t *Tx) Identities(customer int64) ([]data.Identity, error) {
	return identitiesOf(t.db, customer)
}

// identitiesOf reads the identities that a customer has now.
func identitiesOf(db *gorm.DB, customer int64) ([]data.Identity, error) {
	var rows []identityRow
	err := db.Raw(`SELECT i.* FROM identities i JOIN customers c ON c.id = i.customer_id
		WHERE i.customer_id = ? AND i.moved_at = 0 ORDER BY i.address <> c.phone, i.id`, customer).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the addresses of customer %d: %w", customer, err)
	}
	all := make([]data.Identity, len(rows))
	for i, row := range rows {
		all[i] = row.identity()
	}
	return all, nil
}

// IdentitiesOfAll returns the same for each of the customers.
func (r *Queries) IdentitiesOfAll(ctx context.Context, customers []int64) (map[int64][]data.Identity, error) {
	list, err := json.Marshal(customers)
	if err != nil {
		return nil, fmt.Errorf("read the addresses of %d customers: %w", len(customers), err)
	}
	var rows []identityRow
	err = r.db.WithContext(ctx).Raw(`SELECT i.* FROM identities i JOIN customers c ON c.id = i.customer_id
		WHERE i.customer_id IN (SELECT value FROM json_each(?)) AND i.moved_at = 0 ORDER BY i.address <> c.phone, i.id`, string(list)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the addresses of %d customers: %w", len(customers), err)
	}
	all := make(map[int64][]data.Identity, len(customers))
	for _, row := range rows {
		all[row.CustomerID] = append(all[row.CustomerID], row.identity())
	}
	return all, nil
}

// AddIdentity files an address under a customer. Nobody may have it.
func (t *Tx) AddIdentity(c *data.Customer, i data.Identity) (data.Identity, error) {
	row := identityRow{
		CustomerID: c.ID, Kind: i.Kind, Address: i.Address, MatchKey: i.Key(), Portfolio: i.Portfolio,
		Business: i.Business, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen,
	}
	if err := t.db.Create(&row).Error; err != nil {
		return i, fmt.Errorf("file an address under customer %d: %w", c.ID, err)
	}
	return row.identity(), t.refreshSearch(*c)
}

// MoveIdentity takes an address away from its customer and files it under another.
func (t *Tx) MoveIdentity(i data.Identity, to *data.Customer, now data.Moment) (data.Identity, error) {
	if err := t.RetireIdentity(i, now); err != nil {
		return i, err
	}
	from, err := t.Customer(i.CustomerID)
	if err != nil {
		return i, err
	}
	if err := t.refreshSearch(from); err != nil {
		return i, err
	}
	return t.AddIdentity(to, i)
}

// RetireIdentity takes an address away from its customer. If it is the one that is
// written to, another must be set first.
func (t *Tx) RetireIdentity(i data.Identity, now data.Moment) error {
	if err := t.db.Exec("UPDATE identities SET moved_at = ? WHERE id = ?", now, i.ID).Error; err != nil {
		return fmt.Errorf("take an address from customer %d: %w", i.CustomerID, err)
	}
	return nil
}

// SeeIdentity records that a message came from the identity at a moment.
func (t *Tx) SeeIdentity(i data.Identity) error {
	err := t.db.Exec("UPDATE identities SET kind = ?, portfolio = ?, business = ?, first_seen = ?, last_seen = ? WHERE id = ?",
		string(i.Kind), i.Portfolio, i.Business, int64(i.FirstSeen), int64(i.LastSeen), i.ID).Error
	if err != nil {
		return fmt.Errorf("write when customer %d was last heard from: %w", i.CustomerID, err)
	}
	return nil
}

// SetAddress makes one of the customer's addresses the one that is written to. The
// version stays.
func (t *Tx) SetAddress(c *data.Customer, a data.Address) error {
	if err := t.fillCustomer(c, map[string]any{"phone": a}); err != nil {
		return err
	}
	c.Address, c.Phone = a, a.Phone()
	return nil
}

// SetUsername writes the customer's user name. The version stays.
func (t *Tx) SetUsername(c *data.Customer, name string) error {
	if err := t.fillCustomer(c, map[string]any{"username": name}); err != nil {
		return err
	}
	c.Username = name
	return t.refreshSearch(*c)
}

// refreshSearch writes anew what a search for the customer looks through.
func (t *Tx) refreshSearch(c data.Customer) error {
	ids, err := identitiesOf(t.db, c.ID)
	if err != nil {
		return err
	}
	if err := t.db.Exec("UPDATE customers SET search = ? WHERE id = ?", searchText(c.Name, c.Username, ids), c.ID).Error; err != nil {
		return fmt.Errorf("write what finds customer %d: %w", c.ID, err)
	}
	return nil
}

// fillSearch writes anew what a search looks through, for at most limit customers
// behind after.
func fillSearch(tx *Tx, after int64, limit int) (next int64, more bool, err error) {
	var rows []customerRow
	if err := tx.db.Raw("SELECT * FROM customers WHERE id > ? ORDER BY id LIMIT ?", after, limit).Scan(&rows).Error; err != nil {
		return 0, false, fmt.Errorf("read the customers behind %d: %w", after, err)
	}
	for _, row := range rows {
		if err := tx.refreshSearch(row.customer()); err != nil {
			return 0, false, err
		}
		next = row.ID
	}
	return next, len(rows) == limit, nil
}

// identityIndexes are made when the rows are there: an index made of a million rows at
// once costs a fraction of one that grows with each of them.
const identityIndexes = `CREATE UNIQUE INDEX identities_key ON identities (match_key, address) WHERE moved_at = 0;
CREATE INDEX identities_customer ON identities (customer_id, address);`

// fileNumbers files the number of each customer as an identity.
func fileNumbers(tx *gorm.DB, progress func(done, total int64)) error {
	err := inChunks(tx, "customers", 5000, progress, func(after, last int64) error {
		odd, err := oddNumbers(tx, after, last)
		if err != nil {
			return err
		}
		err = tx.Exec(`INSERT INTO identities (customer_id, kind, address, match_key)
			SELECT value ->> 'customer', value ->> 'kind', value ->> 'address', value ->> 'key' FROM json_each(?)`, odd).Error
		if err != nil {
			return err
		}
		// Most numbers are what they are compared by, and SQLite copies them by itself.
		return tx.Exec(`INSERT INTO identities (customer_id, kind, address, match_key)
			SELECT id, ?, phone, phone FROM customers WHERE id > ? AND id <= ? AND id NOT IN (SELECT value ->> 'customer' FROM json_each(?))`,
			string(data.PhoneIdentity), after, last, odd).Error
	})
	if err != nil {
		return err
	}
	return tx.Exec(identityIndexes).Error
}

// oddNumbers returns in JSON the identities of those of some customers whose match key
// is not their number, or who have none.
func oddNumbers(tx *gorm.DB, after, last int64) (string, error) {
	rows, err := tx.Raw("SELECT id, phone FROM customers WHERE id > ? AND id <= ?", after, last).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	odd := []map[string]any{}
	for rows.Next() {
		var id int64
		var phone string
		if err := rows.Scan(&id, &phone); err != nil {
			return "", err
		}
		if i := data.NewIdentity(data.Address(phone)); i.Kind != data.PhoneIdentity || i.Key() != phone {
			odd = append(odd, map[string]any{"customer": id, "kind": i.Kind, "address": i.Address, "key": i.Key()})
		}
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	list, err := json.Marshal(odd)
	return string(list), err
}
