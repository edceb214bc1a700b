package store

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// AddBusiness records that customers write to a business number.
func (t *Tx) AddBusiness(number string) error {
	if number == "" || t.business == number {
		return nil
	}
	if err := t.db.Exec("INSERT OR IGNORE INTO business_numbers (number) VALUES (?)", number).Error; err != nil {
		return fmt.Errorf("file a business number: %w", err)
	}
	t.business = number
	return nil
}

// IsBusiness reports whether customers wrote to a number, as far as that was recorded, and
// it is not a customer's.
func (t *Tx) IsBusiness(number string) (bool, error) {
	var known bool
	if err := t.db.Raw(`SELECT EXISTS (SELECT 1 FROM business_numbers WHERE number IN (?, ?))
		AND NOT EXISTS (SELECT 1 FROM identities WHERE match_key = ? AND moved_at = 0)`, number, strings.TrimPrefix(number, "+"), data.MatchKey(data.Address(number))).Scan(&known).Error; err != nil {
		return false, fmt.Errorf("look for a business number: %w", err)
	}
	return known, nil
}

// sentHere finds what was sent from here in a chat, may have gone out, and has no id of
// WhatsApp's yet, by its words.
const sentHere = `SELECT id FROM messages m WHERE customer_id = @customer AND ` + shown + ` AND at >= @since
	AND direction = 'out' AND text = @text AND whatsapp_id = ''
	AND (tick IN (2, 3, 4) OR tick = 6 AND EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.message_id > 0 AND o.state = 'asked'))
	ORDER BY at, id LIMIT 1`

// AdoptEcho sets, for what was sent from here with the same words since a moment, the id under
// which it came back, and returns the message, zero where there is none.
func (t *Tx) AdoptEcho(customer int64, text, id string, since data.Moment) (int64, error) {
	var message int64
	err := t.db.Raw(sentHere, sql.Named("customer", customer), sql.Named("text", text), sql.Named("since", since)).Scan(&message).Error
	if err == nil && message != 0 {
		err = t.setInMessages("whatsapp_id", id, func(r *messageRow) { r.WhatsAppID = id }, "id = ?", message)
	}
	if err != nil {
		return 0, fmt.Errorf("look for what came back to customer %d: %w", customer, err)
	}
	return message, nil
}
