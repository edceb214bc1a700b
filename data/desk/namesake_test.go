package desk_test

import (
	"fmt"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Customers whose names read the same are known as such, and so are those without name,
// username and number.
func TestChats_SharesName(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct {
		name string
		want bool
	}{
		{"Łukasz", true},
		{"lukasz", true},
		{"Lukasz K", false},
		{"Lukas", false},
		{"O’Neil", true},
		{"O'Neil", true},
		{"", false},
	} {
		defer func(id int64) {
			if got := w.chat(id).SharesName; got != c.want {
				t.Errorf("%q: %v", c.name, got)
			}
		}(w.from(data.Sender{Phone: data.Phone(fmt.Sprintf("+9191379794%02d", i+10)), Name: c.name}, "Hello").CustomerID)
	}
	id := w.from(data.Sender{UserID: "IN.13491208655302741918"}, "Hello").CustomerID
	if !w.chat(id).SharesName {
		t.Error("who has no number is not told apart")
	}
}
