package receive

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// reads reads deliveries from text, as a file or a pipe has them.
func (i *Importer) reads(t *testing.T, text string) {
	t.Helper()
	if err := i.ReadAll(t.Context(), strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

func newImporter(t *testing.T) *Importer {
	t.Helper()
	return &Importer{Desk: newDesk(t), OnSkip: func(d doubletick.Delivery, err error) { t.Errorf("%s: %v", d.Raw, err) }}
}

// shows returns the texts of a customer's messages, each with its author.
func shows(t *testing.T, d *desk.Desk, a data.Address) string {
	t.Helper()
	c, err := d.FindCustomer(t.Context(), a)
	if err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	messages, err := d.Messages(t.Context(), c.ID, data.ItemKey{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range messages {
		all = append(all, strings.TrimPrefix(m.Author+": "+m.Text, ": "))
	}
	return strings.Join(all, " | ")
}

// One message that comes by several events, DoubleTick's and Meta's, in whatever
// order, is one message.
func TestImporter_OneMessageByManyEvents(t *testing.T) {
	event := func(name string) string {
		return `{"event":"` + name + `","to":"918888888888","from":"919137979401","messageId":"wamid.1","dtMessageId":"dt-1","message":{"type":"TEXT","text":"hi"}}`
	}
	meta := `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"918888888888"},` +
		`"contacts":[{"wa_id":"919137979401"}],"messages":[{"id":"wamid.1","from":"919137979401","timestamp":"1784547587","type":"text","text":{"body":"hi"}}]}}]}]}`
	all := []string{event("MESSAGE_RECEIVED"), event("CALL_TO_WHATSAPP_MESSAGE_RECEIVED"), event("NEW_LEAD"), event("STANDBY_MESSAGE_RECEIVED"), meta, `{"event":"RAW_CLOUD_API_WEBHOOK","data":` + meta + `}`}
	for first := range all {
		i := newImporter(t)
		i.reads(t, all[first]+"\n"+strings.Join(all, "\n"))
		if want := (Summary{Taken: 1, AlreadyHere: int64(len(all))}); i.Summary() != want {
			t.Errorf("%d first: %+v", first, i.Summary())
		}
		if got := shows(t, i.Desk, "+919137979401"); got != "hi" {
			t.Errorf("%d first: %s", first, got)
		}
	}
}

// Whoever writes is a customer of this desk, by the address to the letter.
func TestImporter_TakesEverySender(t *testing.T) {
	i := newImporter(t)
	var input strings.Builder
	n := 0
	message := func(fields string) {
		n++
		fmt.Fprintf(&input, `{"to":"918888888888","dtMessageId":"%d","message":{"type":"TEXT","text":"%d"},%s}`+"\n", n, n, fields)
	}
	message(`"from":"5215512345678"`)
	message(`"from":"22507123456"`)
	message(`"from":"12345678901234567890"`)
	message(`"from":null,"userId":"IN.13491208655302741918","username":"riya.d","contact":{"name":"Riya"}`)
	message(`"from":"","userId":"IN.13491208655302741918"`)
	message(`"from":"IN.13491208655302741919"`)
	message(`"from":"919137979401","type":"wa_group","to":"120363404694233820","groupName":"Neighbours","contact":{"name":"Riya"}`)
	message(`"from":"919137979402","type":"wa_group","to":"120363404694233820"`)
	message(`"from":"17841400000000000","integrationType":"INSTAGRAM","customerHandle":"riya.d"`)
	i.reads(t, input.String())
	if want := (Summary{Taken: int64(n)}); i.Summary() != want {
		t.Fatalf("%+v", i.Summary())
	}
	for address, want := range map[data.Address]string{
		"+5215512345678": "1", "+22507123456": "2", "+12345678901234567890": "3", "IN.13491208655302741918": "4 | 5", "IN.13491208655302741919": "6",
		data.GroupAddress("120363404694233820"): "Riya: 7 | +919137979402: 8", "instagram:riya.d": "9",
	} {
		if got := shows(t, i.Desk, address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if c, err := i.Desk.FindCustomer(t.Context(), "+919137979401"); err == nil {
		t.Errorf("a group's member became a customer: %+v", c)
	}
}

// Events that hold nothing for the desk are counted, a new number of somebody who is
// not known here among them, and what is not understood keeps
// what it was read from.
func TestImporter_CountsIgnoredAndKeepsRaw(t *testing.T) {
	i := newImporter(t)
	var kept []string
	i.OnSkip = func(d doubletick.Delivery, err error) { kept = append(kept, string(d.Raw)) }
	i.OnSetAside = func(d doubletick.Delivery) { kept = append(kept, string(d.Raw)) }
	bad := `{"from":"919137979401,919137979402","dtMessageId":"1","message":"hi"}`
	change := `{"messaging_product":"whatsapp","messages":[{"id":"wamid.1","from":"919137979401","type":"system","system":{"type":"user_changed_number","wa_id":"919137979402"}}]}`
	i.reads(t, `{"event":"ADD_TAG","from":"+919137979401"}`+"\n"+bad+"\n{broken\n"+change+"\n"+`{"event":"CHAT_ASSIGNED_TO_AGENT","message":{"text":"x"}}`+"\n")
	if want := (Summary{Ignored: 3, Refused: 1, SetAside: 1}); i.Summary() != want {
		t.Errorf("%+v", i.Summary())
	}
	slices.Sort(kept) // what is set aside is told of once it is written
	if !slices.Equal(kept, []string{"", bad}) {
		t.Errorf("%q", kept)
	}
	if got := i.Summary().String(); got != "0 messages taken, 1 set aside, 1 refused, 3 other events." {
		t.Error(got)
	}
}

// Who changes number or user id is the same customer afterwards.
func TestImporter_IdentityChanges(t *testing.T) {
	i := newImporter(t)
	message := func(id, fields string) string {
		return `{"dtMessageId":"` + id + `","message":"` + id + `",` + fields + "}\n"
	}
	system := func(fields, system string) string {
		return `{"messaging_product":"whatsapp","messages":[{"id":"wamid.1","timestamp":"1784547587","type":"system",` + fields + `"system":{` + system + "}}]}\n"
	}
	i.reads(t, message("a", `"from":"919137979401","userId":"IN.1"`)+
		system(`"from":"919137979401",`, `"type":"user_changed_number","wa_id":"919137979402","user_id":"IN.2","previous_user_id":"IN.1"`)+
		message("b", `"from":"919137979402"`)+
		system(``, `"type":"user_changed_user_id","user_id":"IN.3","previous_user_id":"IN.2"`)+
		message("c", `"from":null,"userId":"IN.3"`))
	if got := i.Summary(); got.Taken != 3 || got.Refused != 0 {
		t.Errorf("%+v", got)
	}
	if got := shows(t, i.Desk, "+919137979402"); got != "a | b | c" {
		t.Error(got)
	}
}
