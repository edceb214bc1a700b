package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm/clause"

	"github.com/latchdesk/latchdesk/data"
)

// BenchmarkChecksum writes a batch of messages as they come in, 50 from 20 customers, and
// the same without checksums and sums. Both take turns; what is told is the median of
// each and, as x-without, how many times the one without ours takes.
func BenchmarkChecksum(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir()+"/latchdesk.db", time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var customers []data.Customer
	err = s.Write(b.Context(), func(tx *Tx) error {
		for i := range 20 {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprintf("+4670123%04d", i))), "")
			if err != nil {
				return err
			}
			customers = append(customers, c)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	count := 0
	batch := func(add func(tx *Tx, c *data.Customer, m data.Message) error) error {
		return s.Write(b.Context(), func(tx *Tx) error {
			for range 50 {
				count++
				m := data.Message{
					Direction: data.In, Kind: data.TextMessage, At: data.Moment(count), RecordedAt: data.Moment(count), Text: fmt.Sprintf("Where is my order %d?", count),
					RemoteID: fmt.Sprint("dt-", count), WhatsAppID: fmt.Sprint("wamid.", count), Business: "918888888888",
				}
				if err := add(tx, &customers[count*7%20], m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	with := func(tx *Tx, c *data.Customer, m data.Message) error {
		_, _, err := tx.AddMessage(c, m)
		return err
	}
	without := func(tx *Tx, c *data.Customer, m data.Message) error {
		row := messageRowOf(m)
		row.CustomerID, row.Checksum = c.ID, noChecksum
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
		if err := tx.addAct(row.ID, m); err != nil {
			return err
		}
		return tx.touchChat(c.ID, m.At, m.Preview(), 1)
	}
	var took [2][]time.Duration
	for b.Loop() {
		for which, add := range []func(*Tx, *data.Customer, data.Message) error{with, without} {
			start := time.Now()
			if err := batch(add); err != nil {
				b.Fatal(err)
			}
			took[which] = append(took[which], time.Since(start))
		}
	}
	for _, t := range took {
		slices.Sort(t)
	}
	ours, theirs := took[0][len(took[0])/2], took[1][len(took[1])/2]
	b.ReportMetric(float64(ours), "ns/op")
	b.ReportMetric(float64(theirs), "without-ns/op")
	b.ReportMetric(float64(ours)/float64(theirs), "x-without")
}
