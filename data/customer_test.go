package data_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func TestStatusAtTheEdges(t *testing.T) {
	for _, b := range blocks {
		c := data.Customer{Block: b.block}
		if got := c.Status(noon); got != b.want {
			t.Errorf("block %s: %s, want %s", b.name, got, b.want)
		}
		if b.block != nil && b.block.Ended(noon) != (b.want == data.Active) {
			t.Errorf("block %s: Ended tells otherwise than Status", b.name)
		}
	}
}

func TestABlockEndsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		until := data.Moment(rapid.Int64Range(0, 100).Draw(t, "until"))
		c := data.Customer{Block: &data.Block{Until: until}}
		early := data.Moment(rapid.Int64Range(0, 200).Draw(t, "early"))
		late := data.Moment(rapid.Int64Range(int64(early), 200).Draw(t, "late"))
		if c.Status(early) == data.Active && c.Status(late) == data.Blocked {
			t.Fatalf("ended at %d, blocked again at %d", early, late)
		}
		if until == 0 && c.Status(late) != data.Blocked {
			t.Fatal("a block without an end ended")
		}
	})
}

func TestTitle(t *testing.T) {
	for want, c := range map[string]data.Customer{
		"Riya D":           {Name: "Riya D", Phone: "+919137979401"},
		"+91 91379 79401":  {Phone: "+919137979401"},
		"+46 70 123 45 67": {Phone: "+46701234567", Username: "riya"},
		"@riya":            {Address: "IN.1349", Username: "riya"},
		"Group":            {Address: "120363012345678901@g.us"},
		"No number":        {Address: "IN.1349"},
	} {
		if got := c.Title(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCustomer_InitialsAreThoseOfTheNameOrTheUsername(t *testing.T) {
	for _, c := range []struct {
		customer data.Customer
		want     string
	}{
		{data.Customer{Name: "Riya D", Username: "ada"}, "RD"},
		{data.Customer{Username: "ada.lovelace", Address: "IN.1349"}, "A"},
		{data.Customer{Username: "007_bond", Address: "IN.1349"}, "B"},
		{data.Customer{Username: "007", Address: "IN.1349"}, "#"},
		{data.Customer{Phone: "+46701234567", Username: "ada"}, "#"}, // the title is the number
		{data.Customer{Name: "007", Username: "ada"}, "#"},
		{data.Customer{Address: "IN.1349"}, "#"},
	} {
		if got := c.customer.Initials(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.customer, got, c.want)
		}
	}
}

func TestCustomer_ContactStandsBesideTheTitle(t *testing.T) {
	for want, c := range map[string]data.Customer{
		"+46 70 123 45 67":  {Name: "Ada", Phone: "+46701234567", Address: "+46701234567", Username: "ada"},
		"@ada · IN.1349":    {Name: "Ada", Address: "IN.1349", Username: "ada"},
		"IN.1349120…741918": {Address: "IN.13491208655302741918", Username: "ada"},
		"IN.1349":           {Address: "IN.1349"},
		"group 1203…678901": {Address: "120363012345678901@g.us"},
		"instagram:ada":     {Address: "instagram:ada"},
	} {
		if got := c.Contact(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCustomer_ContactsAreAllThatIsKnown(t *testing.T) {
	c := data.Customer{Address: "IN.13491208655302741918", Username: "ada"}
	ids := []data.Identity{{Address: "IN.13491208655302741918"}, {Address: "+46701234567"}, {Address: "instagram:ada"}}
	if got, want := strings.Join(c.Contacts(ids, data.Address.Short), " · "), "+46 70 123 45 67 · @ada · IN.1349120…741918 · instagram:ada"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := strings.Join(c.Contacts(nil, data.Address.Pretty), " · "), "@ada · IN.13491208655302741918"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
