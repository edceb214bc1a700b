package store

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
)

// A checksum is a number of 62 bits, so that SQLite can add two of them. Sums are kept
// modulo 2^62, in no order: a message that goes to another customer is taken from the
// one sum and added to the other.

const (
	checksumMask = 1<<62 - 1
	noChecksum   = -1 // of a message of an older version, until it is filled
)

// sealed returns the checksum of what came in: which way, when, of what kind, the words
// and the ids. What becomes of a message later is not in it: its chat, whether it is held
// or cleared, how far an answer has come and why it failed.
func (r *messageRow) sealed() int64 {
	h := sha256.New()
	var buffer []byte
	for _, field := range []string{
		string(r.Direction), strconv.FormatInt(int64(r.At), 10), strconv.FormatBool(r.Untimed), strconv.FormatInt(int64(r.RecordedAt), 10),
		string(r.Kind), r.Text, r.File, r.URL, r.RemoteID, r.WhatsAppID, r.Business, r.ReplyTo, r.Author, string(r.AuthorAddress),
	} {
		buffer = binary.AppendUvarint(buffer[:0], uint64(len(field)))
		h.Write(append(buffer, field...))
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)) >> 2)
}

// messageSum is how many messages have a checksum, and the sum of these.
type messageSum struct{ count, sum int64 }

// less returns the sum that takes s away where it is added.
func (s messageSum) less() messageSum { return messageSum{-s.count, -s.sum & checksumMask} }

func (s messageSum) plus(other messageSum) messageSum {
	return messageSum{s.count + other.count, (s.sum + other.sum) & checksumMask}
}

// addSum adds to the sum of a customer, which is written at the end of the transaction.
func (t *Tx) addSum(customer int64, s messageSum) {
	if t.sums == nil {
		t.sums = map[int64]messageSum{}
	}
	t.sums[customer] = t.sums[customer].plus(s)
}

func (t *Tx) writeSums() error {
	for customer, s := range t.sums {
		if s == (messageSum{}) {
			continue
		}
		err := t.db.Exec("UPDATE customers SET messages = messages + ?, messages_sum = (messages_sum + ?) & ? WHERE id = ?", s.count, s.sum, int64(checksumMask), customer).Error
		if err != nil {
			return fmt.Errorf("write the checksum of the messages of customer %d: %w", customer, err)
		}
	}
	t.sums = nil
	return nil
}

// sumColumns are the columns of a messageSum. A checksum is added in two halves, since
// SQLite does not add beyond 63 bits.
const sumColumns = "count(*) AS count, coalesce(sum(checksum & 2147483647), 0) AS low, coalesce(sum(checksum >> 31), 0) AS high"

func sumOf(count, low, high int64) messageSum {
	return messageSum{count, int64((uint64(high)<<31 + uint64(low)) & checksumMask)}
}

// moveSum moves the sum of the messages with a condition, which are about to be moved
// themselves. Values are those of the condition.
func (t *Tx) moveSum(from, to int64, values map[string]any, condition string) error {
	var row struct{ Count, Low, High int64 }
	if err := t.db.Raw("SELECT "+sumColumns+" FROM messages WHERE checksum >= 0 AND "+condition, values).Scan(&row).Error; err != nil {
		return fmt.Errorf("add up the messages that go from customer %d to %d: %w", from, to, err)
	}
	s := sumOf(row.Count, row.Low, row.High)
	t.addSum(from, s.less())
	t.addSum(to, s)
	return nil
}

// setInMessages changes one column of the messages with a condition that is part of
// their checksum. The checksum of a message that was changed beside the program stays
// wrong.
func (t *Tx) setInMessages(column string, value any, set func(*messageRow), where string, args ...any) error {
	var rows []messageRow
	if err := t.db.Where(where, args...).Find(&rows).Error; err != nil {
		return fmt.Errorf("read the messages to change: %w", err)
	}
	for _, r := range rows {
		before := r.Checksum
		whole := before == r.sealed()
		set(&r)
		if whole {
			r.Checksum = r.sealed()
			t.addSum(r.CustomerID, messageSum{0, (r.Checksum - before) & checksumMask})
		}
		if err := t.db.Exec("UPDATE messages SET "+column+" = ?, checksum = ? WHERE id = ?", value, r.Checksum, r.ID).Error; err != nil {
			return fmt.Errorf("change message %d: %w", r.ID, err)
		}
	}
	return nil
}

// checksumsMigration is the migration that fills them.
const checksumsMigration = "202611300012_checksums"

// fillChecksums writes the checksums of messages of older versions.
func fillChecksums(tx *Tx, after int64, limit int) (next int64, more bool, err error) {
	var rows []messageRow
	if err := tx.db.Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error; err != nil {
		return 0, false, fmt.Errorf("read the messages behind %d: %w", after, err)
	}
	for _, r := range rows {
		next = r.ID
		if r.Checksum != noChecksum {
			continue
		}
		sum := r.sealed()
		if err := tx.db.Exec("UPDATE messages SET checksum = ? WHERE id = ?", sum, r.ID).Error; err != nil {
			return 0, false, fmt.Errorf("write the checksum of message %d: %w", r.ID, err)
		}
		tx.addSum(r.CustomerID, messageSum{1, sum})
	}
	return next, len(rows) == limit, nil
}
