package httpapi

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// addApart adds a customer for each of the addresses, whoever has their keys already,
// as a database of an earlier version has them.
func (w *world) addApart(addresses ...data.Address) {
	w.t.Helper()
	for _, a := range addresses {
		w.must(w.store.Write(w.t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.AddCustomer(data.NewIdentity(a), "")
			return err
		}))
	}
}

func (w *world) status(address string) CustomerStatus {
	w.t.Helper()
	return read[CustomerStatus](w, w.asks("GET", "/customer/status"+query("phone", address), ""))
}

func TestServer_HoldsForEverySpellingOfALine(t *testing.T) {
	for _, c := range []struct{ delivered, typed, other string }{
		{"+5215512345678", "525512345678", "+525512345679"},
		{"+525512345678", "5215512345678", "+525512345679"},
		{"+5491123456789", "+541123456789", "+541123456780"},
		{"+541123456789", "+5491123456789", "+541123456780"},
		{"+553188887777", "5531988887777", "+5531988887778"},
		{"+5511988887777", "+551188887777", "+5511988887778"},
		{"+553132345678", "553132345678", "+5531932345678"},
		{"+22507123456", "2250707123456", "+2250507123456"},
		{"+2250545123456", "22545123456", "+2250745123456"},
		{"+22520312345", "2252720312345", "+2252520312345"},
		{"+22997123456", "2290197123456", "+22997123457"},
		{"+2290197123456", "22997123456", "+22997123457"},
	} {
		w := newWorld(t)
		w.hears(data.Phone(c.delivered), "Hello")
		w.expects("block "+c.typed, w.asks("POST", "/customer/block", `{"phone":"`+c.typed+`"}`), 201, `{}`)
		if st := w.status(c.delivered); st.Status != CustomerStatusStatusBlocked || *st.Phone != c.delivered || st.Ids[0].Address != c.delivered {
			t.Errorf("after block %s: %+v", c.typed, st)
		}
		w.hears(data.Phone(c.delivered), "Again")
		if st := w.status(c.typed); st.Held != 1 {
			t.Errorf("%s: %d held", c.typed, st.Held)
		}
		w.expects(c.other, w.asks("GET", "/customer/status"+query("phone", c.other), ""), 404, unknown)
	}
}

func TestServer_TakesAddressesThatAreNoNumber(t *testing.T) {
	const ada, group = "IN.13491208655302741918", "120363012345678901@g.us"
	w := newWorld(t)
	w.addApart(ada, group, "+12345")
	many := func(act string) string {
		return w.asks("POST", "/customers/"+act, fmt.Sprintf(`{"phones":[%q,%q,"+12345",%q,"@ada"]}`, ada, group, strings.ToLower(ada))).body
	}
	const refused = `{"phone":"in.13491208655302741918","result":"refused","message":"phone must be a valid phone number"},{"phone":"@ada","result":"refused","message":"phone must be a valid phone number"}]}`
	if got, want := many("block"), `{"done":3,"already":0,"refused":2,"changed":0,"kept":0,"results":[{"phone":"`+ada+`","result":"done"},{"phone":"`+group+`","result":"done"},{"phone":"+12345","result":"done"},`+refused; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	st := w.status(ada)
	if st.Phone != nil || st.Status != CustomerStatusStatusBlocked || len(st.Ids) != 1 || st.Ids[0].Kind != IdentityKindUser || st.Ids[0].Address != ada {
		t.Errorf("%+v", st)
	}
	if body := w.asks("GET", "/customer/status"+query("phone", ada), "").body; !strings.HasPrefix(body, `{`) || !strings.Contains(body, `"phone":null`) {
		t.Errorf("%s", body)
	}
	events := read[EventPage](w, w.asks("GET", "/customers/"+url.PathEscape(group)+"/events", ""))
	if len(events.Events) != 1 || events.Events[0].Phone != group {
		t.Errorf("%+v", events)
	}
	if page := read[BlockedPage](w, w.asks("GET", "/customers/blocked?search=1349", "")); len(page.Customers) != 1 || page.Customers[0].Phone != nil || page.Customers[0].Ids[0].Address != ada {
		t.Errorf("%+v", page)
	}
	many("unblock")
	if st := w.status("+12345"); st.Status != CustomerStatusStatusActive {
		t.Errorf("%+v", st)
	}
}

func TestServer_NamesEveryAddress(t *testing.T) {
	w := newWorld(t)
	_, err := w.Receive(t.Context(), []data.Incoming{{
		From:    data.Sender{UserID: "IN.1349", Username: "ada"},
		Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "Hi", RemoteID: "m1", Business: "+918888888888"},
	}})
	w.must(err)
	page := read[ChatPage](w, w.asks("GET", "/chats", ""))
	if c := page.Chats[0]; c.PhoneNumber != nil || *c.Username != "ada" || c.Ids[0].Address != "IN.1349" || *c.Ids[0].Business != "+918888888888" || data.MomentOf(*c.Ids[0].LastSeen) != start {
		t.Errorf("%+v", c)
	}
	if body := w.asks("GET", "/chat-messages"+query("customerNumber", "IN.1349"), "").body; !strings.Contains(body, `"Hi"`) {
		t.Error(body)
	}
}

func TestServer_RefusesAnAddressOfSeveral(t *testing.T) {
	w := newWorld(t)
	const asked = "+5491123456789" // nobody's to the letter
	w.addApart("+541123456789", "+54111523456789")
	var conflict Conflict
	w.must(json.Unmarshal([]byte(w.asks("GET", "/customer/status"+query("phone", asked), "").body), &conflict))
	if conflict.StatusCode != 409 || len(conflict.Customers) != 2 || !strings.Contains(conflict.Message, "2 customers") {
		t.Errorf("%+v", conflict)
	}
	if got := w.asks("GET", "/customers/"+url.PathEscape(asked)+"/events", ""); got.status != 409 {
		t.Errorf("events: %+v", got)
	}
	for _, c := range []struct{ method, target, body string }{
		{"POST", "/customer/block", `{"phone":"` + asked + `"}`},
		{"POST", "/customer/unblock", `{"phone":"` + asked + `"}`},
		{"GET", "/chat-messages" + query("customerNumber", asked), ""},
		{"POST", "/whatsapp/message/text", `{"to":"` + asked + `","content":{"text":"Hi"}}`},
	} {
		got := w.asks(c.method, c.target, c.body)
		if got.status != 400 || !strings.Contains(got.body, `"message":["+54 9 11 2345-6789 is known here as 2 customers`) {
			t.Errorf("%s: %d %s", c.target, got.status, got.body)
		}
	}
	if got := w.asks("POST", "/customers/block", `{"phones":["`+asked+`"]}`).body; !strings.Contains(got, `"refused":1`) || !strings.Contains(got, "2 customers") {
		t.Error(got)
	}
	w.expects("to the letter", w.asks("POST", "/customer/block", `{"phone":"+541123456789"}`), 201, `{}`)
}

// Many are found as one is: to the letter first, whatever else the letters can be read
// as.
func TestServer_FindsManyToTheLetterFirst(t *testing.T) {
	w := newWorld(t)
	w.addApart("+541123456789", "+54111523456789")
	for _, address := range []string{"+541123456789", "+54111523456789"} {
		if got := w.asks("POST", "/customers/block", `{"phones":["`+address+`"]}`).body; !strings.Contains(got, `"done":1`) {
			t.Errorf("%s: %s", address, got)
		}
		if st := w.status(address); st.Status != CustomerStatusStatusBlocked || *st.Phone != address {
			t.Errorf("%+v", st)
		}
	}
}

// What the desk can hold for an address, a program can name.
func TestServer_TakesTheLongestAddresses(t *testing.T) {
	for _, address := range []string{
		"IN.ENT." + strings.Repeat("a", 128), strings.Repeat("9", 128) + "@g.us", "generic_channel:" + strings.Repeat("अ", 128),
	} {
		w := newWorld(t)
		w.addApart(data.Address(address))
		if got := w.asks("POST", "/customers/block", fmt.Sprintf(`{"phones":[%q]}`, address)).body; !strings.Contains(got, `"done":1`) {
			t.Errorf("%s: %s", address, got)
		}
		if st := w.status(address); st.Status != CustomerStatusStatusBlocked {
			t.Errorf("%+v", st)
		}
		for _, target := range []string{"/customers/" + url.PathEscape(address) + "/events", "/chat-messages" + query("customerNumber", address)} {
			if got := w.asks("GET", target, ""); got.status != 200 {
				t.Errorf("%s: %d %s", target, got.status, got.body)
			}
		}
		if got := w.asks("POST", "/whatsapp/message/text", fmt.Sprintf(`{"to":%q,"content":{"text":"Hi"}}`, address)); got.status != 422 {
			t.Errorf("text: %d %s", got.status, got.body)
		}
		if got := w.asks("POST", "/customers/unblock", fmt.Sprintf(`{"phones":[%q]}`, address)).body; !strings.Contains(got, `"done":1`) {
			t.Errorf("%s: %s", address, got)
		}
	}
}
