package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// printed is what a test reads of the JSON of a customer.
type printed struct {
	Phone  *string
	Name   string
	Status data.Status
	IDs    []struct{ Address string }
}

// A block falls on the customer whichever way an id of WhatsApp is written, and on
// nobody else.
func TestBlock_HoldsForEverySpellingOfALine(t *testing.T) {
	for _, c := range []struct {
		name, delivered, typed string
		other                  string // another line that looks alike
	}{
		{"Mexico, the old 1 delivered", "5215512345678", "+52 55 1234 5678", "+525512345679"},
		{"Mexico, the old 1 typed", "525512345678", "5215512345678", "+525512345679"},
		{"Argentina, the 9 delivered", "5491123456789", "+54 11 2345-6789", "+541123456780"},
		{"Argentina, typed with 15", "5491123456789", "+54 11 15 2345-6789", "+543511523456"},
		{"Argentina, the 9 typed", "541123456789", "+5491123456789", "+541123456780"},
		{"Brazil, a mobile without the 9 delivered", "553188887777", "+55 31 98888-7777", "+5531988887778"},
		{"Brazil, a mobile with the 9 delivered", "5511988887777", "551188887777", "+5511988887778"},
		{"Brazil, a landline", "553132345678", "+55 31 3234-5678", "+5531932345678"},
		{"Ivory Coast, eight digits delivered", "22507123456", "+225 07 07 12 34 56", "+2250507123456"},
		{"Ivory Coast, eight digits typed", "2250545123456", "22545123456", "+2250745123456"},
		{"Ivory Coast, a landline", "22520312345", "+2252720312345", "+2252520312345"},
		{"Benin, eight digits delivered", "22997123456", "+229 01 97 12 34 56", "+22997123457"},
		{"Benin, ten digits delivered", "2290197123456", "22997123456", "+22997123457"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newTerminal(t)
			x.try(strings.Replace(hello, "919137979401", c.delivered, 1), "receive", "-")
			x.do("block", c.typed)
			var st printed
			if err := json.Unmarshal([]byte(x.do("status", c.delivered, "--json")), &st); err != nil {
				t.Fatal(err)
			}
			if st.Status != data.Blocked || *st.Phone != "+"+c.delivered || st.Name != "Asha Rao" || len(st.IDs) != 1 {
				t.Fatalf("after block %s there is %+v", c.typed, st)
			}
			if a := x.try("", "status", c.other); a.code != ExitFailure || !strings.Contains(a.err, "is not known here") {
				t.Errorf("%s is taken for %s: %+v", c.other, c.delivered, a)
			}
			x.try(strings.Replace(secondHello, "919137979401", c.delivered, 1), "receive", "-")
			if out := x.do("messages", c.typed, "--held", "--json"); !strings.Contains(out, `"m2"`) {
				t.Errorf("what came later is not held: %s", out)
			}
			x.do("unblock", c.delivered)
			if out := x.do("events", c.typed); strings.Count(out, "\n") != 2 {
				t.Errorf("events: %s", out)
			}
		})
	}
}

func TestBlock_ByAnAddressThatIsNoNumber(t *testing.T) {
	const ada, group, handle = "IN.13491208655302741918", "120363012345678901@g.us", "instagram:ada.lovelace"
	x := newTerminal(t)
	for _, address := range []string{ada, group, handle} {
		if a := x.try("", "block", address); a.code != ExitFailure || !strings.Contains(a.err, "--add") {
			t.Fatalf("block %s: %+v", address, a)
		}
		x.do("block", "--add", address)
		var st printed
		if err := json.Unmarshal([]byte(x.do("status", address, "--json")), &st); err != nil {
			t.Fatal(err)
		}
		if st.Phone != nil || st.Status != data.Blocked || len(st.IDs) != 1 || st.IDs[0].Address != address {
			t.Errorf("%s: %+v", address, st)
		}
		if out := x.do("status", address, "--json"); !strings.HasPrefix(out, `{"phone":null,`) {
			t.Errorf("%s: %s", address, out)
		}
	}
	if list := x.do("blocked"); strings.Count(list, "\n") != 4 || !strings.Contains(list, ada) {
		t.Errorf("blocked: %s", list)
	}
	x.do("unblock", ada)
	same(t, "status", x.do("status", ada), "User id  "+ada+"\nStatus   active\nHeld     0\n")
	if a := x.try("", "status", strings.ToLower(ada)); a.code != ExitFailure || !strings.Contains(a.err, "two capital letters") {
		t.Errorf("in small letters: %+v", a)
	}
	if a := x.try("", "block", "--add", "@ada"); a.code != ExitFailure || !strings.Contains(a.err, "search for it") {
		t.Errorf("a username: %+v", a)
	}
}

func TestStatus_NamesEveryAddress(t *testing.T) {
	x := newTerminal(t)
	s := x.desk()
	from := data.Sender{Phone: asha, UserID: "IN.1349", Username: "asha.rao", Name: "Asha Rao"}
	_, err := s.Receive(t.Context(), []data.Incoming{{From: from, Message: data.Message{Kind: data.TextMessage, Text: "Hi", At: data.MomentOf(noon), RemoteID: "m1"}}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "text", x.do("status", "IN.1349"), "Phone     +91 91379 79401\nName      Asha Rao\nUsername  @asha.rao\nUser id   IN.1349\nStatus    active\nHeld      0\n")
	at := `"business":null,"firstSeen":"2026-07-20T12:00:00.000Z","lastSeen":"2026-07-20T12:00:00.000Z"}`
	same(t, "JSON", x.do("status", asha, "--json"), `{"phone":"+919137979401","name":"Asha Rao","status":"active","blockedBy":null,"blockedAt":null,"reason":null,"note":null,"until":null,"held":0,`+
		`"username":"asha.rao","ids":[{"kind":"whatsapp","address":"+919137979401",`+at+`,{"kind":"user","address":"IN.1349",`+at+`],"pairOf":null}`+"\n")
}

// An address that several customers have is no one's until it is written to the
// letter; what was delivered is found by its letters, number or not.
func TestBlock_RefusesAnAddressOfSeveral(t *testing.T) {
	x := newTerminal(t)
	x.do("blocked") // makes the database
	addApart(t, x.folder, "+5491123456789", "+54111523456789", "+12345", "+123456789012345678")
	for _, act := range [][]string{{"block"}, {"unblock"}, {"status"}, {"messages"}, {"events"}} {
		a := x.try("", append(act, "+54 11 2345 6789")...)
		if a.code != ExitFailure || !strings.Contains(a.err, "2 customers") || !strings.Contains(a.err, "+5491123456789") || !strings.Contains(a.err, "+54111523456789") {
			t.Errorf("%v: %+v", act, a)
		}
	}
	for _, address := range []string{"+5491123456789", "+54111523456789", "+12345", "+123456789012345678"} {
		x.do("block", address)
	}
	if list := x.do("blocked"); strings.Count(list, "\n") != 5 {
		t.Error(list)
	}
	if a := x.try("", "status", "+12346"); a.code != ExitFailure || !strings.Contains(a.err, "too short") {
		t.Errorf("an id that nobody has: %+v", a)
	}
	if a := x.try("", "status", fmt.Sprint("+", strings.Repeat("1", 10_000))); a.code != ExitFailure {
		t.Errorf("ten thousand digits: %+v", a)
	}
}

// addApart adds a customer for each of the addresses, whoever has their keys already,
// as a database of an earlier version has them.
func addApart(t *testing.T, folder string, addresses ...data.Address) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(folder, "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, a := range addresses {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.AddCustomer(data.NewIdentity(a), "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
