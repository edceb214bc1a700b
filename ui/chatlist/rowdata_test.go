package chatlist

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// A customer with a username alone has its first letter for an avatar, and a group has
// the sign of one, whatever it is called.
func TestRowDataOf_Avatar(t *testing.T) {
	for _, c := range []struct {
		customer data.Customer
		initials string
		group    bool
	}{
		{data.Customer{Address: "IN.1349", Username: "ada.lovelace"}, "A", false},
		{data.Customer{Address: "120363012345678901@g.us", Name: "Family"}, "F", true},
		{data.Customer{Address: "120363012345678901@g.us"}, "#", true},
	} {
		v := rowDataOf(data.Chat{Customer: c.customer}, 1)
		if v.initials != c.initials || v.group != c.group {
			t.Errorf("%+v: %+v", c.customer, v)
		}
	}
}
