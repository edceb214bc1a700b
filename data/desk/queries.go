package desk

import (
	"context"
	"errors"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// What can be asked of the desk. Queries read what is committed and change
// nothing; a block whose end is past counts as over in each of them, whether or
// not that was recorded yet.

// Now returns the moment by the desk's clock.
func (d *Desk) Now() data.Moment { return d.queries.Now() }

// Customers

// Customer returns the customer with the id, or data.ErrNotFound.
func (d *Desk) Customer(ctx context.Context, id int64) (data.Customer, error) {
	return d.queries.Customer(ctx, id)
}

// FindCustomer returns the customer with the address: the one that has it to the
// letter, or else the only one by its match key. It returns data.ErrNotFound where
// there is none, and a *data.SeveralError where several have it by their keys.
func (d *Desk) FindCustomer(ctx context.Context, a data.Address) (data.Customer, error) {
	return d.queries.FindCustomer(ctx, a)
}

// maxAddress bounds an address that is looked for, in bytes.
const maxAddress = 1024

// FindTyped returns the customer with the address that a person or a program wrote in
// text, at a desk in a country, and the address. What is known here to the letter is
// found, whatever it is; all else is judged by data.ParseAddress. Beside the errors of
// FindCustomer it returns data.ErrPhone, with no address, where text is none.
func (d *Desk) FindTyped(ctx context.Context, text, country string) (c data.Customer, a data.Address, err error) {
	if letters := strings.TrimSpace(text); letters != "" && len(letters) <= maxAddress {
		for _, a := range data.KnownAs(letters) {
			if c, err = d.FindCustomer(ctx, a); !errors.Is(err, data.ErrNotFound) {
				return c, a, err
			}
		}
	}
	if a, err = data.ParseAddress(text, country); err != nil {
		return c, "", err
	}
	c, err = d.FindCustomer(ctx, a)
	return c, a, err
}

// Identities returns the addresses that a customer has now, the one that is written
// to first.
func (d *Desk) Identities(ctx context.Context, customer int64) ([]data.Identity, error) {
	return d.queries.Identities(ctx, customer)
}

// IdentitiesOfAll returns the same for each of the customers.
func (d *Desk) IdentitiesOfAll(ctx context.Context, customers []int64) (map[int64][]data.Identity, error) {
	return d.queries.IdentitiesOfAll(ctx, customers)
}

// MatchesOfAll returns who has each of the addresses, or another spelling of it, for
// those that are known here: data.FindMatch picks the customer.
func (d *Desk) MatchesOfAll(ctx context.Context, addresses []data.Address) (map[data.Address][]data.Match, error) {
	return d.queries.MatchesOfAll(ctx, addresses)
}

// CustomersByID returns those of the customers that exist, without their tags.
func (d *Desk) CustomersByID(ctx context.Context, ids []int64) (map[int64]data.Customer, error) {
	return d.queries.CustomersByID(ctx, ids)
}

// Selected returns the customers with the ids by their status now, in the order of
// ids.
func (d *Desk) Selected(ctx context.Context, ids []int64) (data.Selection, error) {
	return d.queries.Selected(ctx, ids)
}

// Draft returns what is half written to a customer, or an empty text.
func (d *Desk) Draft(ctx context.Context, customer int64) (string, error) {
	return d.queries.Draft(ctx, customer)
}

// Blocked customers

// BlockedIDs returns the ids of all who are blocked now and match, in the order
// that q asks for.
func (d *Desk) BlockedIDs(ctx context.Context, q data.BlockedQuery) ([]int64, error) {
	return d.queries.BlockedIDs(ctx, q)
}

// BlockedRows returns those of the customers who are blocked now, in no order and
// without their tags.
func (d *Desk) BlockedRows(ctx context.Context, ids []int64) ([]data.BlockedCustomer, error) {
	return d.queries.BlockedRows(ctx, ids)
}

// BlockedPage returns at most limit of those who are blocked now and match, the
// newest block first and without their tags. It begins behind after, or at the
// first if that is nil.
func (d *Desk) BlockedPage(ctx context.Context, q data.BlockedQuery, after *data.BlockedKey, limit int) ([]data.Customer, error) {
	return d.queries.BlockedPage(ctx, q, after, limit)
}

// BlockedCustomers returns all who are blocked now, by number and without their
// tags.
func (d *Desk) BlockedCustomers(ctx context.Context) ([]data.Customer, error) {
	return d.queries.BlockedCustomers(ctx)
}

// EachBlocked calls each with all who are blocked now, by number and without
// their tags, until it returns an error. They are read as of one moment, however
// long that takes.
func (d *Desk) EachBlocked(ctx context.Context, each func(data.Customer) error) error {
	return d.queries.EachBlocked(ctx, each)
}

// LastBlocked returns at most limit of those who are blocked now, the newest
// block first and without their tags.
func (d *Desk) LastBlocked(ctx context.Context, limit int) ([]data.Customer, error) {
	return d.queries.LastBlocked(ctx, limit)
}

// BlockedChoices returns the reasons and agents of all blocks in force.
func (d *Desk) BlockedChoices(ctx context.Context) (data.BlockedChoices, error) {
	return d.queries.BlockedChoices(ctx)
}

// BlockedCounts returns the numbers on the lists of blocks.
func (d *Desk) BlockedCounts(ctx context.Context) (data.BlockedCounts, error) {
	return d.queries.BlockedCounts(ctx)
}

// CountDue returns how many blocks in force are due for a review.
func (d *Desk) CountDue(ctx context.Context) (int, error) { return d.queries.CountDue(ctx) }

// PastIDs returns the blocks that are over, newest first, each by the sequence of
// the event that ended it. A search narrows them to the customers it finds.
func (d *Desk) PastIDs(ctx context.Context, search string) ([]int64, error) {
	return d.queries.PastIDs(ctx, search)
}

// PastBlocks returns the blocks that the events with these sequences ended, in no
// order.
func (d *Desk) PastBlocks(ctx context.Context, seqs []int64) ([]data.PastBlock, error) {
	return d.queries.PastBlocks(ctx, seqs)
}

// BlocksBy returns how many blocks an agent has made since a moment, among the
// newest events of the desk.
func (d *Desk) BlocksBy(ctx context.Context, agent string, since data.Moment) (int, error) {
	return d.queries.BlocksBy(ctx, agent, since)
}

// Chats and messages

// ChatKeys returns the places of the chats that match, top first.
func (d *Desk) ChatKeys(ctx context.Context, q data.ChatQuery) ([]data.ChatKey, error) {
	return d.queries.ChatKeys(ctx, q)
}

// Chats returns the rows of those of the customers who have a chat, in no order
// and without their tags.
func (d *Desk) Chats(ctx context.Context, ids []int64) ([]data.Chat, error) {
	return d.queries.Chats(ctx, ids)
}

// ChatPage returns at most limit rows of the chat list, top first and with their
// customers' tags. It begins behind after, or at the top if that is nil.
func (d *Desk) ChatPage(ctx context.Context, after *data.ChatKey, limit int) ([]data.Chat, error) {
	return d.queries.ChatPage(ctx, after, limit)
}

// Counts returns the numbers on the lists of chats.
func (d *Desk) Counts(ctx context.Context) (data.Counts, error) { return d.queries.Counts(ctx) }

// Unread returns how many messages of a chat nobody has read, and whether it was
// marked as unread by hand.
func (d *Desk) Unread(ctx context.Context, customer int64) (count int, marked bool, err error) {
	return d.queries.Unread(ctx, customer)
}

// UnreadMessages returns what nobody has read in a chat.
func (d *Desk) UnreadMessages(ctx context.Context, customer int64) (data.Unread, error) {
	return d.queries.UnreadMessages(ctx, customer)
}

// Timeline returns a stretch of a chat: messages and events, oldest first.
func (d *Desk) Timeline(ctx context.Context, customer int64, span data.Span) (data.Page, error) {
	return d.queries.Timeline(ctx, customer, span)
}

// Acts returns what was done to messages and is in sight, by their ids.
func (d *Desk) Acts(ctx context.Context, messages []data.Message) (map[int64]*data.Acts, error) {
	return d.queries.Acts(ctx, messages)
}

// Raw returns the delivery that a message was read from, as it came in. It is kept where
// what the message carries was not understood; else Raw returns data.ErrNotFound.
func (d *Desk) Raw(ctx context.Context, message int64) ([]byte, error) {
	return d.queries.Raw(ctx, message)
}

// Messages returns at most limit messages of a customer that come after a place,
// oldest first: those in the chat and those held, but neither cleared nor
// discarded ones. The zero key begins at the first.
func (d *Desk) Messages(ctx context.Context, customer int64, after data.ItemKey, limit int) ([]data.Message, error) {
	return d.queries.Messages(ctx, customer, after, limit)
}

// HeldMessages returns at most limit held messages of a customer that come after a
// place, oldest first: those in the chat, and those that the customer wrote in groups.
// The zero key begins at the first.
func (d *Desk) HeldMessages(ctx context.Context, customer int64, after data.ItemKey, limit int) ([]data.Message, error) {
	return d.queries.HeldMessages(ctx, customer, after, limit)
}

// MessagePage returns messages of a chat that leave or reach the desk, newest
// first: no notes.
func (d *Desk) MessagePage(ctx context.Context, q data.MessageQuery) ([]data.Message, error) {
	return d.queries.MessagePage(ctx, q)
}

// NewestMessages returns the newest messages of a chat, oldest first, with no
// more of the text than the beginning of what the customer wrote; older reports
// whether there are more.
func (d *Desk) NewestMessages(ctx context.Context, customer int64, limit int) (messages []data.Message, older bool, err error) {
	return d.queries.NewestMessages(ctx, customer, limit)
}

// LastWords returns what was written last to and by each of the customers.
func (d *Desk) LastWords(ctx context.Context, customers []int64) (map[int64]data.LastWords, error) {
	return d.queries.LastWords(ctx, customers)
}

// Held returns at most limit of a customer's held messages, oldest first.
func (d *Desk) Held(ctx context.Context, customer int64, limit int) ([]data.Message, error) {
	return d.queries.Held(ctx, customer, limit)
}

// Message returns the message with the id, or data.ErrNotFound.
func (d *Desk) Message(ctx context.Context, id int64) (data.Message, error) {
	return d.queries.Message(ctx, id)
}

// LastMessageID returns the id of the message that was written down last, zero if
// there is none. NewIncoming and SentBetween go on from there.
func (d *Desk) LastMessageID(ctx context.Context) (int64, error) {
	return d.queries.LastMessageID(ctx)
}

// SentBetween returns the outgoing messages of all customers with ids above after
// and up to upTo, in that order.
func (d *Desk) SentBetween(ctx context.Context, after, upTo int64) ([]data.Message, error) {
	return d.queries.SentBetween(ctx, after, upTo)
}

// CountSent returns how many outgoing messages a chat has up to the one with the
// id upTo.
func (d *Desk) CountSent(ctx context.Context, customer, upTo int64) (int, error) {
	return d.queries.CountSent(ctx, customer, upTo)
}

// Events and changes

// Events returns all events of a customer in the order they were recorded.
func (d *Desk) Events(ctx context.Context, customer int64) ([]data.Event, error) {
	return d.queries.Events(ctx, customer)
}

// EventsPage returns a page of the history, newest first.
func (d *Desk) EventsPage(ctx context.Context, q data.EventQuery) ([]data.Record, error) {
	return d.queries.EventsPage(ctx, q)
}

// NewestEvents returns the newest events of a customer, newest first and without
// their hashes; earlier reports whether there are more.
func (d *Desk) NewestEvents(ctx context.Context, customer int64, limit int) (events []data.Event, earlier bool, err error) {
	return d.queries.NewestEvents(ctx, customer, limit)
}

// EventChoices returns all agents who did something and all kinds of event there
// are, each in order. It reads the whole history.
func (d *Desk) EventChoices(ctx context.Context) (agents []string, kinds []data.EventKind, err error) {
	return d.queries.EventChoices(ctx)
}

// VerifyEvents checks the whole chain of events. It returns how many events were
// sound before the first that is not, which it returns as a data.Flaw and
// data.ErrDamaged.
func (d *Desk) VerifyEvents(ctx context.Context) (count int64, err error) {
	return d.queries.VerifyEvents(ctx)
}

// WalkEvents calls each with every event in order, whether its address was ever
// filed under the customer that its row points to, and the head of the chain, until
// it returns an error.
// It returns the head. All is read as of one moment, however long that takes.
func (d *Desk) WalkEvents(ctx context.Context, each func(e data.Event, filed bool, head data.Head) error) (head data.Head, err error) {
	return d.queries.WalkEvents(ctx, each)
}

// LastChange returns the sequence of the newest change.
func (d *Desk) LastChange(ctx context.Context) (int64, error) { return d.queries.LastChange(ctx) }

// ChangesAfter returns at most limit changes with a sequence above seq, oldest
// first.
func (d *Desk) ChangesAfter(ctx context.Context, seq int64, limit int) ([]data.Change, error) {
	return d.queries.ChangesAfter(ctx, seq, limit)
}

// ChangesKept returns the sequences of the oldest and the newest change that can
// be resumed from, zeros if there is none.
func (d *Desk) ChangesKept(ctx context.Context) (first, last int64, err error) {
	return d.queries.ChangesKept(ctx)
}

// Account and outbox

// Account returns the account that the desk is joined to.
func (d *Desk) Account(ctx context.Context) (data.Account, error) { return d.queries.Account(ctx) }

// Connection returns the state of the connection to the account.
func (d *Desk) Connection(ctx context.Context) (data.Connection, error) {
	return d.queries.Connection(ctx)
}

// SyncedAt returns the moment of the last message with which a chat of the
// account was synced, zero if it never was.
func (d *Desk) SyncedAt(ctx context.Context, chat string) (data.Moment, error) {
	return d.queries.SyncedAt(ctx, chat)
}

// RemoteStatus returns what DoubleTick knows of a customer's status.
func (d *Desk) RemoteStatus(ctx context.Context, customer int64) (data.RemoteStatus, error) {
	return d.queries.RemoteStatus(ctx, customer)
}

// EntriesOf returns a customer's outbox entries that are open or rejected, and
// the newest block or unblock, oldest first.
func (d *Desk) EntriesOf(ctx context.Context, customer int64) ([]data.OutboxEntry, error) {
	return d.queries.EntriesOf(ctx, customer)
}

// EntriesByMessage returns the newest outbox entry of each of the messages that
// has one.
func (d *Desk) EntriesByMessage(ctx context.Context, messages []int64) (map[int64]data.OutboxEntry, error) {
	return d.queries.EntriesByMessage(ctx, messages)
}

// OutboxCounts returns the numbers of outbox entries that are not done.
func (d *Desk) OutboxCounts(ctx context.Context) (data.OutboxCounts, error) {
	return d.queries.OutboxCounts(ctx)
}

// Rejected is an outbox entry that DoubleTick rejected, with its customer.
type Rejected struct {
	data.OutboxEntry
	Customer data.Customer
}

// Rejected returns at most limit of what DoubleTick rejected, the newest first.
func (d *Desk) Rejected(ctx context.Context, limit int) ([]Rejected, error) {
	entries, err := d.queries.RejectedEntries(ctx, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(entries))
	for i, e := range entries {
		ids[i] = e.CustomerID
	}
	customers, err := d.queries.CustomersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Rejected, len(entries))
	for i, e := range entries {
		list[i] = Rejected{e, customers[e.CustomerID]}
	}
	return list, nil
}

// DueEntries returns at most limit outbox entries that are due at now, those that
// have waited longest first, and of each customer the first open one at most.
func (d *Desk) DueEntries(ctx context.Context, now data.Moment, limit int) ([]data.OutboxEntry, error) {
	return d.queries.DueEntries(ctx, now, limit)
}

// NextEntryDue returns the moment at which the next outbox entry is due, zero if
// none is open.
func (d *Desk) NextEntryDue(ctx context.Context) (data.Moment, error) {
	return d.queries.NextEntryDue(ctx)
}

// InFlightTexts returns at most limit texts that were sent since a moment and
// whose last status is still to come, the newest first.
func (d *Desk) InFlightTexts(ctx context.Context, since data.Moment, limit int) ([]data.Message, error) {
	return d.queries.InFlightTexts(ctx, since, limit)
}

// FindResponse reports whether the request with the key was done already, and
// returns the response to it. It returns data.ErrReused if the key came with
// another request.
func (d *Desk) FindResponse(ctx context.Context, key data.IdempotencyKey) (response string, done bool, err error) {
	return d.queries.FindResponse(ctx, key)
}

// Settings and the database as a whole

// Settings returns the settings, with their defaults where none were saved.
func (d *Desk) Settings(ctx context.Context) (data.Settings, error) { return d.queries.Settings(ctx) }

// Reasons returns the reasons for a block.
func (d *Desk) Reasons(ctx context.Context) ([]string, error) { return d.queries.Reasons(ctx) }

// ReviewPeriods returns after how many days blocks are reviewed.
func (d *Desk) ReviewPeriods(ctx context.Context) (data.ReviewPeriods, error) {
	return d.queries.ReviewPeriods(ctx)
}

// DisabledRules returns the ids of the precheck rules that are switched off.
func (d *Desk) DisabledRules(ctx context.Context) ([]string, error) {
	return d.queries.DisabledRules(ctx)
}

// Agents returns the names of all who have worked here, in order.
func (d *Desk) Agents(ctx context.Context) ([]string, error) { return d.queries.Agents(ctx) }

// Stats returns what the database holds.
func (d *Desk) Stats(ctx context.Context) (data.Stats, error) { return d.queries.Stats(ctx) }

// IsEmpty reports whether nothing was ever kept in the database.
func (d *Desk) IsEmpty(ctx context.Context) (bool, error) { return d.queries.IsEmpty(ctx) }
