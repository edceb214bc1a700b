package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/fetch"
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// everyPath is one profile and all the ways into it: the command line, the HTTP server
// with its webhook, and the account that is fetched.
type everyPath struct {
	*terminal
	account *accounttest.World
	syncer  *fetch.Syncer
	server  string
	key     string
	webhook string
}

func newEveryPath(t *testing.T) *everyPath {
	t.Helper()
	p := &everyPath{terminal: newTerminal(t)}
	p.do("blocked") // makes the profile
	p.account = accounttest.New(t, p.folder, t.Cleanup)
	p.account.MoveTo(data.MomentOf(noon))
	p.syncer = fetch.NewSyncer(p.account.Desk, p.account.Breaker)
	l, err := httpapi.Listen(p.account.Desk, p.folder, httpapi.Config{Listen: "127.0.0.1:0"})
	p.must(err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := waittest.Receive(t, "the end of the server", ended); err != nil {
			t.Error(err)
		}
	})
	p.server = l.URL()
	p.key, err = httpapi.APIKey(p.folder).Value()
	p.must(err)
	secret, err := httpapi.WebhookSecret(p.folder).Value()
	p.must(err)
	p.webhook = httpapi.WebhookPath + secret
	return p
}

func (p *everyPath) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// ask asks the server.
func (p *everyPath) ask(method, target, contentType, body string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(waittest.Context(p.t), method, p.server+target, strings.NewReader(body))
	p.must(err)
	r.Header.Set("Authorization", p.key)
	r.Header.Set("Content-Type", contentType)
	got, err := http.DefaultClient.Do(r)
	p.must(err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	p.must(err)
	return got.StatusCode, string(text)
}

// hook sends something to the webhook, which must take it.
func (p *everyPath) hook(method, query, contentType, body string) {
	p.t.Helper()
	if code, text := p.ask(method, p.webhook+query, contentType, body); code != http.StatusOK {
		p.t.Fatalf("the webhook answered %s%s with %d %s", query, body, code, text)
	}
}

// deliveryPath is a way by which messages come in.
type deliveryPath struct {
	name string
	send func(p *everyPath, messages []written)
	// not reports whether somebody cannot come this way.
	not func(identityRow) bool
}

// each returns how messages are sent that go one by one.
func each(send func(p *everyPath, m written)) func(*everyPath, []written) {
	return func(p *everyPath, messages []written) {
		for _, m := range messages {
			send(p, m)
		}
	}
}

// deliveryPaths are all there are.
var deliveryPaths = []deliveryPath{
	{name: "webhook", send: each(func(p *everyPath, m written) { p.hook("POST", "", "application/json", m.received()) })},
	{name: "webhook by PUT", send: each(func(p *everyPath, m written) { p.hook("PUT", "", "application/json", m.received()) })},
	{name: "webhook by GET", send: each(func(p *everyPath, m written) { p.hook("GET", "?"+formOf(m.received()).Encode(), "", "") })},
	{name: "webhook as a form", send: each(func(p *everyPath, m written) {
		p.hook("POST", "", "application/x-www-form-urlencoded", formOf(m.received()).Encode())
	})},
	{name: "webhook as multipart", send: each(func(p *everyPath, m written) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		fields := formOf(m.received())
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			p.must(form.WriteField(name, fields.Get(name)))
		}
		p.must(form.Close())
		p.hook("POST", "", form.FormDataContentType(), body.String())
	})},
	{name: "webhook with Meta's body", send: each(func(p *everyPath, m written) { p.hook("POST", "", "application/json", m.meta()) }), not: identityRow.isElsewhere},
	{name: "webhook with a list", send: func(p *everyPath, messages []written) {
		var all []string
		for _, m := range messages {
			all = append(all, m.received())
		}
		p.hook("POST", "", "application/json", "["+strings.Join(all, ",")+"]")
	}},
	{name: "receive", send: func(p *everyPath, messages []written) {
		var lines strings.Builder
		for _, m := range messages {
			lines.WriteString(m.received() + "\n")
		}
		p.receives(lines.String())
	}},
	{name: "receive with Meta's body", send: func(p *everyPath, messages []written) {
		var lines strings.Builder
		for _, m := range messages {
			lines.WriteString(m.meta() + "\n")
		}
		p.receives(lines.String())
	}, not: identityRow.isElsewhere},
	{name: "fetching", send: (*everyPath).fetches},
}

func (r identityRow) isElsewhere() bool { return r.handle != "" }

// receives pipes deliveries into latchdesk receive, of which it must take all.
func (p *everyPath) receives(lines string) {
	p.t.Helper()
	if a := p.try(lines, "receive", "-"); a.code != ExitOK || a.err != "" {
		p.t.Fatalf("receive: exit %d\n%s%s", a.code, a.out, a.err)
	}
}

// fetches has the account hold messages, and fetches it.
func (p *everyPath) fetches(messages []written) {
	p.t.Helper()
	s := p.account.Server
	s.Mu.Lock()
	s.Chats = nil
	for _, m := range messages {
		message := map[string]any{
			"id": m.id, "messageOriginType": "CUSTOMER", "messageTime": int64(p.account.Now()),
			"message": map[string]any{"text": m.text, "messageType": "TEXT"},
		}
		row := m.fields()
		row["wabaNumber"], row["name"], row["chatType"] = "918888888888", m.row.name, "INDIVIDUAL"
		row["lastMessageTime"], row["chatUpdatedTime"], row["lastMessage"] = int64(p.account.Now()), int64(p.account.Now()), message
		from, customer := row["from"], strings.Trim(m.row.from, `"`)
		delete(row, "from")
		switch {
		case m.row.group != "":
			row["chatType"], row["phoneNumber"], customer = "WA_GROUP", m.row.group, m.row.group
		case m.row.handle != "":
			row["phoneNumber"], row["providerType"] = nil, "INSTAGRAM"
			delete(row, "integrationType")
		case from != nil:
			row["phoneNumber"] = from
		}
		s.Chats = append(s.Chats, row)
		s.History[customer] = append(s.History[customer], message)
	}
	s.Mu.Unlock()
	p.account.Move(time.Minute)
	sum, err := p.syncer.FetchAll(p.t.Context())
	if err != nil || sum.Failed != 0 || sum.New != len(messages) {
		p.t.Fatalf("of %d messages was fetched %+v, %v", len(messages), sum, err)
	}
}

// written is a message that somebody wrote.
type written struct {
	row      identityRow
	id, text string
}

// fields are those that name the sender, as MESSAGE_RECEIVED has them.
func (m written) fields() map[string]any {
	o := map[string]any{}
	if m.row.from != "" {
		o["from"] = json.RawMessage(m.row.from)
	}
	for name, value := range map[string]string{"userId": m.row.user, "parentUserId": m.row.parent, "username": m.row.username, "customerHandle": m.row.handle} {
		if value != "" {
			o[name] = value
		}
	}
	if m.row.handle != "" {
		o["integrationType"] = "INSTAGRAM"
	}
	return o
}

// received is the message as MESSAGE_RECEIVED.
func (m written) received() string {
	o := m.fields()
	o["to"], o["messageId"], o["dtMessageId"], o["receivedAt"] = "918888888888", "wamid."+m.id, m.id, "2026-07-20T12:00:00.000Z"
	o["contact"], o["message"] = map[string]any{"name": m.row.name}, map[string]any{"type": "TEXT", "text": m.text}
	if m.row.group != "" {
		o["type"], o["to"], o["groupName"] = "wa_group", m.row.group, m.row.name
	}
	return encode(o)
}

// meta is the message as Meta's own body, handed on as RAW_CLOUD_API_WEBHOOK.
func (m written) meta() string {
	contact := map[string]any{"profile": map[string]any{"name": m.row.name, "username": m.row.username}}
	message := map[string]any{"id": m.id, "timestamp": "1784548800", "type": "text", "text": map[string]any{"body": m.text}}
	if m.row.from != "" {
		message["from"] = json.RawMessage(m.row.from)
		if m.row.user == "" {
			contact["wa_id"] = json.RawMessage(m.row.from)
		}
	}
	if m.row.user != "" {
		contact["user_id"], message["from_user_id"] = m.row.user, m.row.user
	}
	if m.row.parent != "" {
		contact["parent_user_id"] = m.row.parent
	}
	if m.row.group != "" {
		message["group_id"] = m.row.group
	}
	return rawMeta(map[string]any{"contacts": []any{contact}, "messages": []any{message}})
}

// rawMeta is a value of Meta's in the body that DoubleTick hands on.
func rawMeta(value map[string]any) string {
	value["messaging_product"], value["metadata"] = "whatsapp", map[string]any{"display_phone_number": "918888888888"}
	body := map[string]any{"object": "whatsapp_business_account", "entry": []any{
		map[string]any{"id": "1", "changes": []any{map[string]any{"field": "messages", "value": value}}},
	}}
	return encode(map[string]any{"event": "RAW_CLOUD_API_WEBHOOK", "data": body})
}

func encode(o any) string {
	raw, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// formOf returns a JSON object as the fields of a form, message[text] for what lies
// within.
func formOf(object string) url.Values {
	dec := json.NewDecoder(strings.NewReader(object))
	dec.UseNumber()
	var o map[string]any
	if err := dec.Decode(&o); err != nil {
		panic(err)
	}
	form := url.Values{}
	placeFields(form, "", o)
	return form
}

func placeFields(form url.Values, within string, o map[string]any) {
	for name, value := range o {
		if within != "" {
			name = within + "[" + name + "]"
		}
		switch value := value.(type) {
		case map[string]any:
			placeFields(form, name, value)
		case []any:
			form.Set(name, encode(value))
		case nil:
			form.Set(name, "null")
		default:
			form.Set(name, fmt.Sprint(value))
		}
	}
}

// blockPath is a way to block.
type blockPath struct {
	name  string
	block func(p *everyPath, spelling string)
}

var blockPaths = []blockPath{
	{"the command line", func(p *everyPath, spelling string) { p.do("block", "--as", "Ben", spelling) }},
	{"HTTP", func(p *everyPath, spelling string) {
		if len(spelling) < 10 || len(spelling) > 15 { // which DoubleTick's own path does not take
			code, text := p.ask("POST", "/customers/block", "application/json", encode(map[string]any{"phones": []string{spelling}}))
			if code != http.StatusOK || !strings.Contains(text, `"done":1`) {
				p.t.Errorf("block %q: %d %s", spelling, code, text)
			}
			return
		}
		if code, text := p.ask("POST", "/customer/block", "application/json", encode(map[string]any{"phone": spelling})); code != http.StatusCreated {
			p.t.Errorf("block %q: %d %s", spelling, code, text)
		}
	}},
	{"a list", func(p *everyPath, spelling string) {
		file := p.write("list.csv", "name,phone\n,\""+spelling+"\"\n")
		var sum struct{ New, Changed, Same, Refused int }
		a := p.try("", "import", file, "--json")
		if err := json.Unmarshal([]byte(a.out), &sum); err != nil || sum.Changed != 1 || sum.New+sum.Same+sum.Refused != 0 {
			p.t.Errorf("import %q: exit %d %s%s", spelling, a.code, a.out, a.err)
		}
	}},
}

// found is what a program is told of a customer.
type found struct {
	Phone  *string
	Status data.Status
	Held   int
	IDs    []struct{ Address data.Address }
}

// lookUps are the ways to ask for a customer; ok is false for nobody.
var lookUps = map[string]func(p *everyPath, spelling string) (f found, ok bool){
	"the command line": func(p *everyPath, spelling string) (f found, ok bool) {
		a := p.try("", "status", "--json", "--", spelling)
		return f, a.code == ExitOK && json.Unmarshal([]byte(a.out), &f) == nil
	},
	"HTTP": func(p *everyPath, spelling string) (f found, ok bool) {
		code, text := p.ask("GET", "/customer/status?phone="+url.QueryEscape(spelling), "", "")
		return f, code == http.StatusOK && json.Unmarshal([]byte(text), &f) == nil
	},
}
