package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/latchdesk/latchdesk/data"
)

type customerRow struct {
	ID            int64        `gorm:"primaryKey"`
	Phone         data.Address // the one that is written to
	Name          string
	Username      string
	Search        string
	Version       int64
	BlockedAt     data.Moment
	BlockedBy     string
	BlockedKind   data.ActorKind
	BlockedWay    data.Channel
	BlockedReason string
	BlockedNote   string
	BlockedUntil  data.Moment
	BlockedReview data.Moment
	BlockedAsked  data.Moment
	Held          int

	BlockedBorrowed int64
	PairedWith      int64
	JoinedInto      int64
	JoinedAddress   data.Address
}

func (customerRow) TableName() string { return "customers" }

func (r customerRow) customer() data.Customer {
	c := data.Customer{
		ID: r.ID, Phone: r.Phone.Phone(), Address: r.Phone, Name: r.Name, Username: r.Username, Version: r.Version, Held: r.Held,
		PairedWith: r.PairedWith,
	}
	if r.BlockedAt != 0 {
		c.Block = &data.Block{
			By:                 data.Actor{Kind: r.BlockedKind, Name: r.BlockedBy, Channel: r.BlockedWay},
			At:                 r.BlockedAt,
			Reason:             r.BlockedReason,
			Note:               r.BlockedNote,
			Until:              r.BlockedUntil,
			Review:             r.BlockedReview,
			UnblockRequestedAt: r.BlockedAsked,
			Borrowed:           r.BlockedBorrowed,
		}
	}
	return c
}

func customersOf(rows []customerRow) []data.Customer {
	customers := make([]data.Customer, len(rows))
	for i, row := range rows {
		customers[i] = row.customer()
	}
	return customers
}

// searchText returns what a search looks through: the name, the digits of the numbers
// in each of their spellings, other addresses, and the user name, a line each.
func searchText(name, username string, ids []data.Identity) string {
	text := data.SearchName(name)
	for _, i := range ids {
		address := data.SearchKey(strings.TrimPrefix(string(i.Address), "+"))
		text += "\n" + address
		if key := data.SearchKey(strings.TrimPrefix(i.Key(), "+")); key != address {
			text += "\n" + key
		}
	}
	if username != "" {
		text += "\n@" + data.SearchKey(username)
	}
	return text
}

// Customer reads a customer by id. Who was joined is read as the one they were joined
// into.
func (r *Queries) Customer(ctx context.Context, id int64) (data.Customer, error) {
	return findCustomer(r.db.WithContext(ctx), id)
}

// CustomersByID reads those of the customers that exist, without their tags. Who was
// joined is read as the one they were joined into.
func (r *Queries) CustomersByID(ctx context.Context, ids []int64) (map[int64]data.Customer, error) {
	return customersByID(r.db.WithContext(ctx), ids)
}

// CustomersByID reads the same within the transaction.
func (t *Tx) CustomersByID(ids []int64) (map[int64]data.Customer, error) {
	return customersByID(t.db, ids)
}

func customersByID(db *gorm.DB, ids []int64) (map[int64]data.Customer, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("read %d customers: %w", len(ids), err)
	}
	var rows []customerRow
	if err := db.Raw("SELECT * FROM customers WHERE id IN (SELECT value FROM json_each(?))", string(list)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read %d customers: %w", len(ids), err)
	}
	found := make(map[int64]data.Customer, len(rows))
	for _, row := range rows {
		if found[row.ID] = row.customer(); row.JoinedInto != 0 {
			if found[row.ID], err = findCustomer(db, row.JoinedInto); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// BlockedCustomers reads all who are blocked now, by phone number.
func (r *Queries) BlockedCustomers(ctx context.Context) ([]data.Customer, error) {
	var rows []customerRow
	// The plus keeps SQLite from walking all customers by phone for the order's sake.
	err := r.db.WithContext(ctx).Where(blockedNow, r.now()).Order("+phone").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the blocked customers: %w", err)
	}
	return customersOf(rows), nil
}

// Due returns at most limit customers whose block has reached its end at now,
// though nobody wrote that down yet.
func (r *Queries) Due(ctx context.Context, now data.Moment, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.WithContext(ctx).Raw("SELECT id FROM customers WHERE blocked_until > 0 AND blocked_until <= ? ORDER BY blocked_until LIMIT ?", now, limit).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("look for blocks that have ended: %w", err)
	}
	return ids, nil
}

// blockedNow is Customer.Status in SQL; its argument is the moment.
const blockedNow = "blocked_at > 0 AND (blocked_until = 0 OR blocked_until > ?)"

func findCustomer(db *gorm.DB, id int64) (data.Customer, error) {
	var row customerRow
	err := db.Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return data.Customer{}, fmt.Errorf("%d: %w", id, data.ErrNotFound)
	}
	if err != nil {
		return data.Customer{}, fmt.Errorf("read customer %d: %w", id, err)
	}
	if row.JoinedInto != 0 {
		return findCustomer(db.Session(&gorm.Session{NewDB: true}), row.JoinedInto)
	}
	c := row.customer()
	if err := db.Session(&gorm.Session{NewDB: true}).Raw("SELECT tag FROM tags WHERE customer_id = ? ORDER BY tag", c.ID).Scan(&c.Tags).Error; err != nil {
		return c, fmt.Errorf("read the tags of customer %d: %w", c.ID, err)
	}
	return c, nil
}

// Customer reads a customer within the transaction.
func (t *Tx) Customer(id int64) (data.Customer, error) { return findCustomer(t.db, id) }

// AddCustomer adds a customer without a chat, who is written to at the address of
// i, which nobody may have, and returns the identity with its id.
func (t *Tx) AddCustomer(i data.Identity, name string) (data.Customer, data.Identity, error) {
	row := customerRow{Phone: i.Address, Name: name, Search: searchText(name, "", []data.Identity{i}), Version: 1}
	if err := t.db.Create(&row).Error; err != nil {
		return data.Customer{}, i, fmt.Errorf("add a customer: %w", err)
	}
	identity := identityRow{
		CustomerID: row.ID, Kind: i.Kind, Address: i.Address, MatchKey: i.Key(), Portfolio: i.Portfolio,
		Business: i.Business, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen,
	}
	if err := t.db.Create(&identity).Error; err != nil {
		return data.Customer{}, i, fmt.Errorf("add a customer: %w", err)
	}
	return row.customer(), identity.identity(), nil
}

// SetBlock writes the customer's block, nil for none, and its next version.
func (t *Tx) SetBlock(c *data.Customer, b *data.Block) error {
	if b == nil {
		b = &data.Block{}
	}
	set := map[string]any{
		"blocked_at": b.At, "blocked_by": b.By.Name, "blocked_kind": b.By.Kind, "blocked_way": b.By.Channel,
		"blocked_reason": b.Reason, "blocked_note": b.Note, "blocked_until": b.Until,
		"blocked_review": b.Review, "blocked_asked": b.UnblockRequestedAt, "blocked_borrowed": b.Borrowed,
	}
	if err := t.updateCustomer(c, set); err != nil {
		return err
	}
	if c.Block = b; b.At == 0 {
		c.Block = nil
	}
	return nil
}

// SetName writes the customer's name and next version.
func (t *Tx) SetName(c *data.Customer, name string) error {
	if err := t.updateCustomer(c, map[string]any{"name": name}); err != nil {
		return err
	}
	c.Name = name
	return t.refreshSearch(*c)
}

// SetTags replaces the customer's tags and writes the next version.
func (t *Tx) SetTags(c *data.Customer, tags []string) error {
	if err := t.db.Exec("DELETE FROM tags WHERE customer_id = ?", c.ID).Error; err != nil {
		return fmt.Errorf("set the tags of customer %d: %w", c.ID, err)
	}
	for _, tag := range tags {
		if err := t.db.Exec("INSERT INTO tags (customer_id, tag) VALUES (?, ?)", c.ID, tag).Error; err != nil {
			return fmt.Errorf("set the tags of customer %d: %w", c.ID, err)
		}
	}
	if err := t.updateCustomer(c, map[string]any{}); err != nil {
		return err
	}
	c.Tags = tags
	return nil
}

// updateCustomer writes set and the next version, provided that the version is
// still the one that was read.
func (t *Tx) updateCustomer(c *data.Customer, set map[string]any) error {
	set["version"] = c.Version + 1
	done := t.db.Table("customers").Where("id = ? AND version = ?", c.ID, c.Version).Updates(set)
	if done.Error != nil {
		return fmt.Errorf("write customer %d: %w", c.ID, done.Error)
	}
	if done.RowsAffected != 1 {
		return fmt.Errorf("write customer %d: %w", c.ID, data.ErrChanged)
	}
	c.Version++
	return nil
}

// fillCustomer writes set and leaves the version: by which address somebody writes is
// nothing that whoever decides on them meanwhile has to look at again.
func (t *Tx) fillCustomer(c *data.Customer, set map[string]any) error {
	if err := t.db.Table("customers").Where("id = ?", c.ID).Updates(set).Error; err != nil {
		return fmt.Errorf("write customer %d: %w", c.ID, err)
	}
	return nil
}

// addHeld moves the count of held messages.
func (t *Tx) addHeld(c *data.Customer, by int) error {
	c.Held += by
	return t.db.Exec("UPDATE customers SET held = held + ? WHERE id = ?", by, c.ID).Error
}

// AddAgent remembers that somebody of this name works here.
func (t *Tx) AddAgent(name string) error {
	return t.db.Exec("INSERT OR IGNORE INTO agents (name) VALUES (?)", name).Error
}

// Agents lists all who have worked here, by name.
func (r *Queries) Agents(ctx context.Context) ([]string, error) {
	var names []string
	return names, r.db.WithContext(ctx).Raw("SELECT name FROM agents ORDER BY name").Scan(&names).Error
}

// SaveDraft keeps what is half written to a customer; nothing is kept of
// empty text.
func (t *Tx) SaveDraft(customer int64, text string) error {
	if text == "" {
		return t.db.Exec("DELETE FROM drafts WHERE customer_id = ?", customer).Error
	}
	row := struct {
		CustomerID int64 `gorm:"primaryKey"`
		Text       string
	}{customer, text}
	return t.db.Table("drafts").Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Draft reads what is half written to a customer.
func (r *Queries) Draft(ctx context.Context, customer int64) (string, error) {
	var text string
	return text, r.db.WithContext(ctx).Raw("SELECT text FROM drafts WHERE customer_id = ?", customer).Scan(&text).Error
}
