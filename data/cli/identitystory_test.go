package cli

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// identityStory is what happens to people one after the other: deliveries, and what is
// typed in between.
type identityStory struct {
	name  string
	steps []string                // an object that is delivered, or the words of a command
	want  map[data.Address]string // the messages of whoever has an address, with ! in front of those that are held
	pairs int
	aside int64
}

// text is a message as MESSAGE_RECEIVED, with further fields.
func text(id, fields string) string {
	return `{"to":"918888888888","dtMessageId":"` + id + `","receivedAt":"2026-07-20T12:00:00.000Z","message":{"type":"TEXT","text":"` + id + `"},` + fields + `}`
}

// byEvent is the same by an event's name.
func byEvent(name, id, fields string) string { return text(id, `"event":"`+name+`",`+fields) }

// system is one of WhatsApp's own messages about a customer.
func system(fields, change string) string {
	return `{"event":"RAW_CLOUD_API_WEBHOOK","data":{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",` +
		`"messages":[{"id":"wamid.` + fmt.Sprint(len(change)) + `","timestamp":"1784548800","type":"system",` + fields + `"system":{` + change + `}}]}}]}]}}`
}

const (
	number, moved     = `"from":"919137979401"`, `"from":"919137979402"`
	userA, userB      = `"from":null,"userId":"IN.13491208655302741901"`, `"from":null,"userId":"IN.13491208655302741902"`
	withA, withB      = `"from":"919137979401","userId":"IN.13491208655302741901"`, `"from":"919137979401","userId":"IN.13491208655302741902"`
	idA, idB          = data.Address("IN.13491208655302741901"), data.Address("IN.13491208655302741902")
	inGroup           = `,"type":"wa_group","to":"120363404694233820"`
	group             = data.Address("120363404694233820@g.us")
	first             = data.Address("+919137979401")
	second            = data.Address("+919137979402")
	mexicoOld, mexico = data.Address("+5215512345678"), data.Address("+525512345678")
)

var identityStories = []identityStory{
	{
		name:  "with a number, without one, with it again",
		steps: []string{text("a", withA), text("b", userA), text("c", number), text("d", `"from":"IN.13491208655302741901"`)},
		want:  map[data.Address]string{first: "a b c d", idA: "a b c d"},
	},
	{
		name:  "blocked by the number, writes by the user id",
		steps: []string{text("a", withA), "block +919137979401", text("b", userA), text("c", number)},
		want:  map[data.Address]string{first: "a !b !c", idA: "a !b !c"},
	},
	{
		name:  "blocked by the user id, writes by the number",
		steps: []string{text("a", withA), "block IN.13491208655302741901", text("b", number), "unblock +919137979401"},
		want:  map[data.Address]string{first: "a b"},
	},
	{
		name:  "a number is handed on",
		steps: []string{text("a", withA), text("b", withB), text("c", userA), text("d", number)},
		want:  map[data.Address]string{first: "b d", idB: "b d", idA: "a c"}, pairs: 1,
	},
	{
		name:  "the number of a blocked person is handed on",
		steps: []string{text("a", withA), "block +919137979401", text("b", withB), text("c", userA), text("d", number)},
		want:  map[data.Address]string{first: "!b !d", idB: "!b !d", idA: "a !c"}, pairs: 1,
	},
	{
		name:  "two numbers that one message shows to be one person's, of whom one is blocked",
		steps: []string{text("a", userA), text("b", number), "block IN.13491208655302741901", text("c", withA), text("d", number)},
		want:  map[data.Address]string{idA: "a !c", first: "b !d"}, pairs: 1,
	},
	{
		name: "the number changes",
		steps: []string{
			text("a", number), "block +919137979401", system(number+",", `"type":"user_changed_number","wa_id":"919137979402"`), text("b", moved), text("c", number),
		},
		want: map[data.Address]string{first: "a !b !c", second: "a !b !c"},
	},
	{
		name: "number and user id change",
		steps: []string{
			text("a", withA), system(number+",", `"type":"user_changed_number","wa_id":"919137979402","user_id":"IN.13491208655302741902","previous_user_id":"IN.13491208655302741901"`),
			text("b", moved), text("c", userB), "block IN.13491208655302741901", text("d", moved),
		},
		want: map[data.Address]string{second: "a b c !d", idA: "a b c !d", idB: "a b c !d"},
	},
	{
		name: "the user id changes",
		steps: []string{
			text("a", userA), "block IN.13491208655302741901", system("", `"type":"user_changed_user_id","user_id":"IN.13491208655302741902","previous_user_id":"IN.13491208655302741901"`), text("b", userB),
		},
		want: map[data.Address]string{idA: "a !b", idB: "a !b"},
	},
	{
		name:  "a change of somebody who is not known",
		steps: []string{system(number+",", `"type":"user_changed_number","wa_id":"919137979402"`), text("a", moved)},
		want:  map[data.Address]string{second: "a", first: ""},
	},
	{
		name:  "a username passes to another person",
		steps: []string{text("a", userA+`,"username":"riya.d"`), "block IN.13491208655302741901", text("b", userB+`,"username":"riya.d"`)},
		want:  map[data.Address]string{idA: "a", idB: "b"},
	},
	{
		name:  "a blocked member writes in a group",
		steps: []string{text("a", number), "block +919137979401", text("b", number+inGroup), text("c", moved+inGroup)},
		want:  map[data.Address]string{first: "a", group: "!b c", second: ""},
	},
	{
		name:  "a blocked member is unblocked",
		steps: []string{text("a", number), "block +919137979401", text("b", number+inGroup), "unblock +919137979401"},
		want:  map[data.Address]string{first: "a", group: "b"},
	},
	{
		name:  "a member who was blocked by the other spelling",
		steps: []string{text("a", `"from":"525512345678"`), "block +5215512345678", text("b", `"from":"5215512345678"`+inGroup)},
		want:  map[data.Address]string{mexico: "a", mexicoOld: "a", group: "!b"},
	},
	{
		name: "one message by three events",
		steps: []string{
			byEvent("MESSAGE_RECEIVED", "a", number), byEvent("CALL_TO_WHATSAPP_MESSAGE_RECEIVED", "a", `"from":"+919137979401"`), byEvent("NEW_LEAD", "a", `"from":"+919137979401"`),
			byEvent("NEW_LEAD", "b", `"from":"+919137979401"`), byEvent("MESSAGE_RECEIVED", "b", number), "block +919137979401", byEvent("NEW_LEAD", "c", number), byEvent("MESSAGE_RECEIVED", "c", number),
		},
		want: map[data.Address]string{first: "a b !c"},
	},
	{
		name:  "events that are no message",
		steps: append(noMessages(), text("a", number)),
		want:  map[data.Address]string{first: "a", second: ""},
	},
	{
		name: "what cannot be understood",
		steps: []string{
			text("a", `"from":"919137979401,919137979402"`), text("b", `"username":"riya.d"`), text("c", `"from":"1234"`), text("d", `"from":"919137979401919137979401"`),
			text("e", `"from":"IN.13491208655302741901","userId":"IN.13491208655302741902"`), `{"event":"SOMETHING_NEW","from":"919137979401"}`,
			byEvent("CALL_SOMETHING_NEW", "g", number), byEvent("GROUP_SOMETHING_NEW", "h", number), text("f", number),
		},
		want: map[data.Address]string{first: "f"}, aside: 8,
	},
}

// noMessages are the events of DoubleTick's list that carry none, with a text in each.
func noMessages() (all []string) {
	for _, name := range strings.Fields(`CHAT_ASSIGNED_TO_AGENT ASSIGNED_AGENT_STATUS_CHANGED CHAT_UNASSIGNED UPDATE_CUSTOMER_CUSTOM_FIELD
		WIDGET_LEAD_RECEIVED VERIFIED_WIDGET_LEAD_RECEIVED CLOSE_CONVERSATION TEMPLATE_UPDATE ADD_TAG REMOVE_TAG CONVERSATION_OPENED
		CUSTOMER_BUSINESS_CHAT_OPEN CUSTOMER_NOTE_CREATED CUSTOMER_NOTE_UPDATED CUSTOMER_NOTE_DELETED POST_CALL_DISPOSITION CALL_MISSED
		CALL_ENDED MESSAGING_HANDOVER GROUP_CREATED GROUP_PARTICIPANT_JOINED`) {
		all = append(all, `{"event":"`+name+`","from":"+919137979402","to":"+918888888888","message":{"text":"no message"}}`)
	}
	return append(all, `{"assignedUserId":"user_1","customerPhone":"+919137979402","message":{"text":"no message"}}`)
}

// carriers are the ways by which any object comes in.
var carriers = map[string]func(p *everyPath, object string) (taken bool){
	"webhook":        func(p *everyPath, object string) bool { return p.hooked("POST", "", "application/json", object) },
	"webhook by PUT": func(p *everyPath, object string) bool { return p.hooked("PUT", "", "application/json", object) },
	"webhook by GET": func(p *everyPath, object string) bool { return p.hooked("GET", "?"+formOf(object).Encode(), "", "") },
	"webhook as a form": func(p *everyPath, object string) bool {
		return p.hooked("POST", "", "application/x-www-form-urlencoded", formOf(object).Encode())
	},
	"webhook with one field": func(p *everyPath, object string) bool {
		return p.hooked("POST", "", "application/x-www-form-urlencoded", url.Values{"payload": {object}}.Encode())
	},
	"receive": func(p *everyPath, object string) bool {
		a := p.try(object, "receive", "-")
		return a.code == ExitOK || a.code == ExitFailure && strings.Contains(a.err, "set aside")
	},
}

func (p *everyPath) hooked(method, query, contentType, body string) bool {
	p.t.Helper()
	code, _ := p.ask(method, p.webhook+query, contentType, body)
	return code == 200
}

// What happens to a person's number and user id, in groups, by several events, and what
// is no message at all: nobody escapes a block, nobody else is blocked, and each message
// is shown, held or set aside, however it is delivered.
func TestIdentity_EveryStoryByEveryCarrier(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(carriers)) {
		t.Run(name, func(t *testing.T) {
			for _, story := range identityStories {
				p := newEveryPath(t)
				for _, step := range story.steps {
					if !strings.HasPrefix(step, "{") {
						p.do(append(strings.Fields(step), "--as", "Ben")...)
					} else if !carriers[name](p, step) {
						t.Errorf("%s: not taken is %s", story.name, step)
					}
				}
				for address, want := range story.want {
					if got := p.messagesAt(address); got != want {
						t.Errorf("%s: %s has %q, want %q", story.name, address, got, want)
					}
				}
				pairs, err := p.account.Desk.Pairs(t.Context(), 10)
				p.must(err)
				aside, err := p.account.Desk.SetAsideTotal(t.Context())
				p.must(err)
				if len(pairs) != story.pairs || aside.Rows != story.aside {
					t.Errorf("%s: %d pairs and %d set aside, want %d and %d", story.name, len(pairs), aside.Rows, story.pairs, story.aside)
				}
				p.do("audit", "verify")
			}
		})
	}
}

// messagesAt returns the messages of whoever has an address, with ! in front of those
// that are held, in the order of their texts.
func (p *everyPath) messagesAt(a data.Address) string {
	p.t.Helper()
	c, err := p.account.Desk.FindCustomer(p.t.Context(), a)
	if err != nil {
		return ""
	}
	all, err := p.account.Desk.Messages(p.t.Context(), c.ID, data.ItemKey{}, 100)
	p.must(err)
	var texts []string
	for _, m := range all {
		if m.Hold == data.IsHeld {
			m.Text = "!" + m.Text
		}
		texts = append(texts, m.Text)
	}
	slices.SortFunc(texts, func(a, b string) int { return strings.Compare(strings.TrimPrefix(a, "!"), strings.TrimPrefix(b, "!")) })
	return strings.Join(texts, " ")
}
