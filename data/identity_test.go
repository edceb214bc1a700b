package data_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestAddress_ShortCutsInTheMiddle(t *testing.T) {
	for a, want := range map[data.Address]string{
		"+919137979401":              "+91 91379 79401",
		"+12345678901234567890":      data.Phone("+12345678901234567890").Pretty(), // a number is never cut
		"IN.12345678901234567":       "IN.12345678901234567",
		"IN.123456789012345678":      "IN.1234567…345678",
		"IN.13491208655302741918":    "IN.1349120…741918",
		"instagram:ådåådåådåådåådå":  "instagram:…ådåådå",
		"120363012345678901@g.us":    "group 1203…678901",
		"generic_channel:abc":        "generic_channel:abc",
		"instagram:1234567890":       "instagram:1234567890",
		"instagram:12345678901":      "instagram:…678901",
		"12036301234567@g.us":        "group 12036301234567",
		"120363012345678@g.us":       "group 1203…345678",
		"IN.ENT.1349120865530274191": "IN.ENT.134…274191",
	} {
		if got := a.Short(); got != want {
			t.Errorf("%s is %s, want %s", a, got, want)
		}
	}
}

func TestSender_Identities(t *testing.T) {
	all := data.Sender{Phone: "+919137979401", UserID: "IN.1", Portfolio: "p", Handle: "instagram:ada", Username: "ada", Name: " Ada\n", GroupName: "Friends"}
	want := []data.Identity{
		{Kind: data.WhatsAppIdentity, Address: "+919137979401"},
		{Kind: data.UserIdentity, Address: "IN.1", Portfolio: "p"},
		{Kind: data.HandleIdentity, Address: "instagram:ada"},
	}
	if got := all.Identities(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := all.AuthorIdentities(); got != nil {
		t.Errorf("who writes outside of groups is the author %+v", got)
	}
	if got := all.CustomerName(); got != "Ada" {
		t.Errorf("%q", got)
	}
	if got := (data.Sender{Username: "ada"}).Identities(); got != nil {
		t.Errorf("a username is the identities %+v", got)
	}
	for _, i := range want {
		one := data.Sender{Portfolio: i.Portfolio}
		switch i.Kind {
		case data.WhatsAppIdentity:
			one.Phone = data.Phone(i.Address)
		case data.UserIdentity:
			one.UserID = string(i.Address)
		case data.HandleIdentity:
			one.Handle = string(i.Address)
		}
		if got := one.Identities(); !reflect.DeepEqual(got, []data.Identity{i}) {
			t.Errorf("%+v, want %+v alone", got, i)
		}
	}
	all.Group = "1203"
	if got := all.Identities(); !reflect.DeepEqual(got, []data.Identity{{Kind: data.GroupIdentity, Address: "1203@g.us"}}) {
		t.Errorf("a group: %+v", got)
	}
	if got := all.AuthorIdentities(); !reflect.DeepEqual(got, want) {
		t.Errorf("its author: %+v", got)
	}
	if got := all.CustomerName(); got != "Friends" {
		t.Errorf("a group is called %q", got)
	}
}

func TestNewIdentity_IsWhatItsFormSays(t *testing.T) {
	for a, want := range map[data.Address]data.IdentityKind{
		"+919137979401": data.PhoneIdentity, "1203@g.us": data.GroupIdentity, "instagram:ada": data.HandleIdentity, "IN.1349": data.UserIdentity,
	} {
		if got := data.NewIdentity(a); got != (data.Identity{Kind: want, Address: a}) {
			t.Errorf("%s: %+v", a, got)
		}
	}
}

func TestFindMatch_PrefersTheLetter(t *testing.T) {
	match := func(customer int64, a data.Address) data.Match {
		return data.Match{Customer: data.Customer{ID: customer, Address: a}, Identity: data.Identity{CustomerID: customer, Address: a}}
	}
	const old, dialled = "+5215512345678", "+525512345678"
	for name, c := range map[string]struct {
		matches []data.Match
		want    int64
		err     error
	}{
		"nobody":                 {nil, 0, data.ErrNotFound},
		"the only one":           {[]data.Match{match(1, old)}, 1, nil},
		"two of one customer":    {[]data.Match{match(1, old), match(1, old)}, 1, nil},
		"to the letter, first":   {[]data.Match{match(2, dialled), match(1, old)}, 2, nil},
		"to the letter, second":  {[]data.Match{match(1, old), match(2, dialled)}, 2, nil},
		"two, in other spelling": {[]data.Match{match(1, old), match(2, old)}, 0, data.ErrSeveral},
	} {
		got, err := data.FindMatch(dialled, c.matches)
		if got.Customer.ID != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: customer %d, %v", name, got.Customer.ID, err)
		}
	}
	_, err := data.FindMatch(dialled, []data.Match{match(1, old), match(2, old), match(1, old)})
	if several := (*data.SeveralError)(nil); !errors.As(err, &several) || len(several.Customers) != 2 || several.Address != dialled {
		t.Errorf("%v", err)
	}
}

func TestChooseSender_RanksWhatIsSurest(t *testing.T) {
	const now = data.Moment(1000)
	ids := []data.Identity{{Kind: data.WhatsAppIdentity, Address: "+525512345678"}, {Kind: data.UserIdentity, Address: "MX.1"}}
	match := func(customer int64, kind data.IdentityKind, a data.Address, seen data.Moment) data.Match {
		return data.Match{Customer: data.Customer{ID: customer}, Identity: data.Identity{Kind: kind, Address: a, LastSeen: seen}}
	}
	blocked := func(m data.Match) data.Match { m.Customer.Block = &data.Block{At: 1}; return m }
	user := match(1, data.UserIdentity, "MX.1", 1)
	exact := match(2, data.WhatsAppIdentity, "+525512345678", 2)
	other := match(3, data.PhoneIdentity, "+5215512345678", 9)
	later := match(4, data.PhoneIdentity, "+5215512345678", 10)
	for name, c := range map[string]struct {
		matches []data.Match
		want    int64
	}{
		"the user id before all":      {[]data.Match{blocked(other), exact, user}, 1},
		"the user id in front":        {[]data.Match{user, exact, blocked(later)}, 1},
		"the letter before a block":   {[]data.Match{blocked(later), exact}, 2},
		"a block before who is later": {[]data.Match{later, blocked(other)}, 3},
		"who was heard from last":     {[]data.Match{other, later}, 4},
		"and in the other order":      {[]data.Match{later, other}, 4},
		"the first of two alike":      {[]data.Match{other, match(5, data.PhoneIdentity, "+5215512345678", 9)}, 3},
		"one who was never heard":     {[]data.Match{match(6, data.PhoneIdentity, "+5215512345678", 0)}, 6},
	} {
		if got, ok := data.ChooseSender(ids, c.matches, now); !ok || got.Customer.ID != c.want {
			t.Errorf("%s: customer %d, %v", name, got.Customer.ID, ok)
		}
	}
	if _, ok := data.ChooseSender(ids, nil, now); ok {
		t.Error("somebody is found among nobody")
	}
}

func TestHasPassedOn_ByUserIDsOfOnePortfolio(t *testing.T) {
	user := func(a data.Address, portfolio string) data.Identity {
		return data.Identity{Kind: data.UserIdentity, Address: a, Portfolio: portfolio}
	}
	phone := data.Identity{Kind: data.WhatsAppIdentity, Address: "+919137979401"}
	for name, c := range map[string]struct {
		ids, known []data.Identity
		want       bool
	}{
		"no user ids":                      {[]data.Identity{phone}, []data.Identity{phone}, false},
		"none known":                       {[]data.Identity{phone, user("IN.2", "p")}, []data.Identity{phone}, false},
		"none came":                        {[]data.Identity{phone}, []data.Identity{phone, user("IN.1", "p")}, false},
		"the same":                         {[]data.Identity{user("IN.1", "p")}, []data.Identity{phone, user("IN.1", "p")}, false},
		"another":                          {[]data.Identity{phone, user("IN.2", "p")}, []data.Identity{phone, user("IN.1", "p")}, true},
		"another portfolio's":              {[]data.Identity{user("IN.2", "q")}, []data.Identity{user("IN.1", "p")}, false},
		"whose portfolio did not come":     {[]data.Identity{user("IN.2", "")}, []data.Identity{user("IN.1", "p")}, true},
		"whose portfolio is not known":     {[]data.Identity{user("IN.2", "p")}, []data.Identity{user("IN.1", "")}, true},
		"another, and the same is known":   {[]data.Identity{user("IN.2", "p")}, []data.Identity{user("IN.1", "p"), user("IN.2", "p")}, false},
		"a number that looks like another": {[]data.Identity{phone}, []data.Identity{user("IN.1", "")}, false},
	} {
		if got := data.HasPassedOn(c.ids, c.known); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
