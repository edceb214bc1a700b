package store

import (
	"fmt"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Messages of an older version get their checksums in small steps, while others are
// added and changed, and in the end all is as if they had always had them.
func TestFillChecksums(t *testing.T) {
	s := openTemp(t)
	differences := func() (found []string) {
		t.Helper()
		if err := s.CheckState(t.Context(), nil, func(d data.StateDifference) { found = append(found, d.String()) }); err != nil {
			t.Fatal(err)
		}
		return found
	}
	add := func(tx *Tx, c *data.Customer, n int) error {
		for i := range n {
			m := data.Message{Direction: data.In, Kind: data.TextMessage, At: data.Moment(1000 + i), RecordedAt: 1000, Text: fmt.Sprint("Hello ", i)}
			if _, _, err := tx.AddMessage(c, m); err != nil {
				return err
			}
		}
		return nil
	}
	var c data.Customer
	err := s.Write(t.Context(), func(tx *Tx) (err error) {
		if c, _, err = tx.AddCustomer(data.NewIdentity("+919137979401"), ""); err != nil {
			return err
		}
		return add(tx, &c, 7)
	})
	if err != nil {
		t.Fatal(err)
	}
	alter(t, s.Path, "UPDATE messages SET checksum = -1", "UPDATE customers SET messages = 0, messages_sum = 0")
	if found := differences(); len(found) != 7 {
		t.Errorf("without checksums: %q", found)
	}
	alter(t, s.Path, "INSERT INTO settings (key, value) VALUES ('fill:202611300012_checksums', '0')")
	for more := true; more; {
		if found := differences(); found != nil {
			t.Errorf("while they are filled: %q", found)
		}
		if more, err = s.Fill(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SettleTimes(c.ID, 1000) }); err != nil {
			t.Fatal(err)
		}
	}
	if found := differences(); found != nil {
		t.Errorf("in the end: %q", found)
	}
	alter(t, s.Path, "UPDATE messages SET text = 'forged' WHERE id = 3")
	if found := differences(); len(found) != 1 {
		t.Errorf("a forged text: %q", found)
	}
}

// What was changed beside the program stays so when the program changes the row.
func TestSetInMessages_LeavesWrongWhatIsWrong(t *testing.T) {
	s := openTemp(t)
	var id int64
	err := s.Write(t.Context(), func(tx *Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity("+919137979401"), "")
		if err != nil {
			return err
		}
		id, _, err = tx.AddMessage(&c, data.Message{Direction: data.Out, Kind: data.TextMessage, At: 1000, RecordedAt: 1000, Text: "Hello", RemoteID: "r1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	alter(t, s.Path, "UPDATE messages SET text = 'forged'")
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.SetRemoteID(id, "wamid.1") }); err != nil {
		t.Fatal(err)
	}
	found := 0
	if err := s.CheckState(t.Context(), nil, func(data.StateDifference) { found++ }); err != nil || found != 1 {
		t.Errorf("%d differences, %v", found, err)
	}
}
