package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// Account reads the account that the desk is joined to. A demo is joined to
// none, whatever its settings say.
func (r *Queries) Account(ctx context.Context) (data.Account, error) {
	return findAccount(r.db.WithContext(ctx))
}

// Account reads the account once in a transaction: every act asks for it.
func (t *Tx) Account() (data.Account, error) {
	if t.account != nil {
		return *t.account, nil
	}
	a, err := findAccount(t.db)
	if err == nil {
		t.account = &a
	}
	return a, err
}

func findAccount(db *gorm.DB) (a data.Account, err error) {
	rows, err := db.Raw("SELECT key, value FROM settings WHERE key IN ('account_base', 'account_joined', 'account_number', 'account_paused', 'demo')").Rows()
	if err != nil {
		return a, fmt.Errorf("read the account: %w", err)
	}
	defer rows.Close()
	demo := false
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return a, fmt.Errorf("read the account: %w", err)
		}
		switch key {
		case "account_base":
			a.Base = value
		case "account_joined":
			at, _ := strconv.ParseInt(value, 10, 64) // what is no number is no account
			a.JoinedAt = data.Moment(at)
		case "account_number":
			a.Number = data.Phone(value)
		case "account_paused":
			a.Paused = value == "true"
		case "demo":
			demo = value == "true"
		}
	}
	if demo {
		a = data.Account{}
	}
	if err := rows.Err(); err != nil {
		return a, fmt.Errorf("read the account: %w", err)
	}
	return a, nil
}

// SaveAccount keeps the account.
func (t *Tx) SaveAccount(a data.Account) error {
	t.account = nil
	for _, row := range [][2]string{
		{"account_base", a.Base},
		{"account_joined", strconv.FormatInt(int64(a.JoinedAt), 10)},
		{"account_number", string(a.Number)},
		{"account_paused", strconv.FormatBool(a.Paused)},
	} {
		if err := t.set(row[0], row[1]); err != nil {
			return err
		}
	}
	return nil
}

// Connection reads how things stand with the account.
func (r *Queries) Connection(ctx context.Context) (data.Connection, error) {
	return findConnection(r.db.WithContext(ctx))
}

// Connection reads the same within the transaction.
func (t *Tx) Connection() (data.Connection, error) { return findConnection(t.db) }

func findConnection(db *gorm.DB) (data.Connection, error) {
	var kept string
	if err := db.Raw("SELECT value FROM settings WHERE key = 'account_link'").Scan(&kept).Error; err != nil {
		return data.Connection{}, fmt.Errorf("read how the account stands: %w", err)
	}
	var l connectionJSON
	if json.Unmarshal([]byte(kept), &l) != nil {
		return data.Connection{}, nil // nobody has told yet
	}
	return data.Connection{State: l.State, Since: data.Moment(l.Since), Reason: l.Why, Chats: l.Chats, Failed: l.Failed}, nil
}

// connectionJSON writes moments as numbers: their own JSON is for people.
type connectionJSON struct {
	State         data.ConnectionState
	Since         int64
	Why           string
	Chats, Failed int
}

// SaveConnection keeps how things stand with the account.
func (t *Tx) SaveConnection(l data.Connection) error {
	text, err := json.Marshal(connectionJSON{State: l.State, Since: int64(l.Since), Why: l.Reason, Chats: l.Chats, Failed: l.Failed})
	if err != nil {
		return fmt.Errorf("save how the account stands: %w", err)
	}
	return t.set("account_link", string(text))
}

// SyncedAt returns the last message with which a chat of the account was
// fetched; zero where it never was.
func (r *Queries) SyncedAt(ctx context.Context, chat string) (data.Moment, error) {
	var at int64
	if err := r.db.WithContext(ctx).Raw("SELECT at FROM fetched WHERE chat = ?", chat).Scan(&at).Error; err != nil {
		return 0, fmt.Errorf("read how far the account is fetched: %w", err)
	}
	return data.Moment(at), nil
}

// SaveSynced keeps the last message with which a chat was fetched.
func (t *Tx) SaveSynced(chat string, at data.Moment) error {
	err := t.db.Exec("INSERT INTO fetched (chat, at) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET at = excluded.at", chat, at).Error
	if err != nil {
		return fmt.Errorf("write how far the account is fetched: %w", err)
	}
	return nil
}

// ForgetSynced has all chats of the account fetched anew.
func (t *Tx) ForgetSynced() error {
	if err := t.db.Exec("DELETE FROM fetched").Error; err != nil {
		return fmt.Errorf("forget how far the account is fetched: %w", err)
	}
	return nil
}
