package doubletick_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// envelope is what a delivery has around its message, with every field that is read.
const envelope = `{"to":"918888888888","from":"919137979401","messageId":"wamid.8","dtMessageId":"dt-8",
 "receivedAt":"2026-11-20T11:39:47Z","contact":{"name":"Riya"},"callbackData":null,"integrationType":"WHATSAPP",
 "dtLastMessageId":"dt-7","lastMessageOrigin":"USER","isAgentOffline":false,"customerId":"c-1","dtCustomerId":"d-1",
 "userId":"IN.13491208655302741918","parentUserId":"IN.ENT.11815799212886844830","metaBusinessPortfolioId":"p-1",
 "username":"riya","isFirstMessage":false,"status":"received","message":%s}`

// mutatedMessages are messages of all kinds, in DoubleTick's words and in others'.
var mutatedMessages = []string{
	`{"type":"TEXT","text":"How to proceed?","context":{"id":"wamid.7","from":"918888888888"}}`,
	`{"type":"TEXT","text":{"body":"How to proceed?"}}`,
	`{"type":"IMAGE","url":"https://example.com/a.jpg","caption":"the bill","context":{}}`,
	`{"type":"VIDEO","url":"https://example.com/a.mp4","caption":"the yard","context":{}}`,
	`{"type":"AUDIO","url":"https://example.com/a.ogg","context":{}}`,
	`{"type":"STICKER","url":"https://example.com/a.webp","context":{}}`,
	`{"type":"DOCUMENT","url":"https://example.com/a.pdf","fileName":"bill.pdf","caption":"the bill","context":{}}`,
	`{"type":"LOCATION","latitude":18.52,"longitude":73.85,"name":"Office","address":"1 Road","context":{}}`,
	`{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"Asha"},"phones":[{"phone":"+919876543210"}]}],"context":{}}`,
	`{"type":"BUTTON","text":"Yes","payload":"p-1","id":"b-1","context":{"id":"wamid.7"}}`,
	`{"type":"FLOW","flowResponse":[{"id":"size","value":"XL"}],"context":{}}`,
	`{"type":"LIST","list":{"title":"Monday","description":"9 to 12"},"context":{}}`,
	`{"type":"INTERACTIVE","interactive":{"type":"button_reply","button_reply":{"id":"y","title":"Yes"}},"context":{}}`,
	`{"type":"ORDER","order":{"text":"by noon","product_items":[{"product_retailer_id":"tea","quantity":2}]},"context":{}}`,
	`{"type":"POLL","poll":{"name":"When?","options":["Monday","Friday"]},"context":{}}`,
	`{"type":"CALL","text":"Missed","context":{}}`,
	`{"type":"hologram","hologram":{"shown":[{"by":"Bo"}]},"context":{}}`,
}

// groupEnvelope is a message of a group's member.
const groupEnvelope = `{"event":"WA_GROUP_MESSAGE_RECEIVED","type":"wa_group","groupId":"120363041234567890","groupName":"Buyers",
 "to":"120363041234567890","from":"919137979401","wabaNumber":"918888888888","messageId":"wamid.8","dtMessageId":"dt-8",
 "receivedAt":"2026-11-20T11:39:47Z","contact":{"name":"Riya"},"message":{"type":"TEXT","text":"hi","context":{}}}`

// handleEnvelope is a message on another channel.
const handleEnvelope = `{"integrationType":"INSTAGRAM","customerHandle":"riya.d","to":"shop","from":"17841400000000001","messageId":"mid.8",
 "dtMessageId":"dt-8","receivedAt":"2026-11-20T11:39:47Z","contact":{"name":"Riya"},"message":{"type":"TEXT","text":"hi","context":{}}}`

// metaMutated is a body of Meta's.
const metaMutated = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
 "metadata":{"display_phone_number":"918888888888","phone_number_id":"7"},"contacts":[{"wa_id":"919137979401","user_id":"IN.13491208655302741918","profile":{"name":"Riya","username":"riya"}}],
 "messages":[{"from":"919137979401","from_user_id":"IN.13491208655302741918","id":"wamid.8","timestamp":"1784547587","type":"text","text":{"body":"hi"},"context":{"id":"wamid.7","from":"918888888888"}}]}}]}]}`

// reads is what may change of a delivery with the field at a path, or with what lies in
// it, by the name of a data.Incoming's field. The word set aside stands for a delivery
// that is not usable without the field. A path that is not here may change nothing.
var reads = map[string]string{
	"to":                      "Business",
	"from":                    "Phone",
	"messageId":               "WhatsAppID",
	"dtMessageId":             "RemoteID",
	"receivedAt":              "At",
	"contact":                 "Name",
	"integrationType":         "",
	"userId":                  "UserID",
	"parentUserId":            "ParentUserID",
	"metaBusinessPortfolioId": "Portfolio",
	"username":                "Username",
	"message":                 "Kind Text File URL ReplyTo set-aside",
	"message.context":         "ReplyTo",
	"message.type":            "Kind Text",
	"message.poll":            "Text Kind",
	"message.order":           "Text Kind",
	"message.url":             "URL",
	"message.fileName":        "File",
	"message.":                "Text",
}

var groupReads = map[string]string{
	"event": "set-aside", // by another name it is another event
	"type":  "", "groupId": "Group", "groupName": "GroupName", "to": "Group", "wabaNumber": "Business", "from": "Phone Author set-aside",
	"contact": "Name Author", "messageId": "WhatsAppID", "dtMessageId": "RemoteID", "receivedAt": "At",
	"message": "Kind Text File URL ReplyTo set-aside", "message.type": "Kind Text", "message.context": "ReplyTo", "message.": "Text",
}

var handleReads = map[string]string{
	"integrationType": "Phone Handle", "customerHandle": "Handle", "from": "Handle", "to": "Business",
	"contact": "Name", "messageId": "WhatsAppID", "dtMessageId": "RemoteID", "receivedAt": "At",
	"message": "Kind Text File URL ReplyTo set-aside", "message.type": "Kind Text", "message.context": "ReplyTo", "message.": "Text",
}

const metaValue = "entry.0.changes.0.value"

var metaReads = map[string]string{
	"entry": "set-aside", "entry.0": "set-aside", "entry.0.changes": "set-aside", "entry.0.changes.0": "set-aside", metaValue: "set-aside",
	"entry.0.id": "", "entry.0.changes.0.field": "", metaValue + ".messaging_product": "",
	metaValue + ".metadata": "Business", metaValue + ".contacts": "Name Username",
	metaValue + ".messages": "set-aside", metaValue + ".messages.0": "set-aside",
	metaValue + ".messages.0.from": "Phone Name Username", metaValue + ".messages.0.from_user_id": "UserID",
	metaValue + ".messages.0.id": "set-aside RemoteID WhatsAppID", metaValue + ".messages.0.timestamp": "At",
	metaValue + ".messages.0.type": "Kind Text set-aside", metaValue + ".messages.0.text": "Text", metaValue + ".messages.0.context": "ReplyTo",
}

// oddValues are what is put into the place of a value.
func oddValues(value any) []any {
	text := fmt.Sprint(value)
	if b, err := json.Marshal(value); err == nil && text == "" {
		text = string(b)
	}
	return []any{
		nil, "",
		[]any{},
		map[string]any{},
		json.Number("0"), json.Number("-1"), true, "42", text,
		map[string]any{"a": map[string]any{"b": []any{json.Number("1"), "c"}}},
		strings.Repeat("x", 5000),
		[]any{value},
	}
}

// Nothing usable is refused, and nothing changes but what is read from a field, whatever
// stands in it, and in whichever order the fields are written.
func TestParse_ValuesOfUnexpectedType(t *testing.T) {
	tried := 0
	for _, message := range mutatedMessages {
		tried += tryMutations(t, fmt.Sprintf(envelope, message), reads)
	}
	tried += tryMutations(t, groupEnvelope, groupReads)
	tried += tryMutations(t, handleEnvelope, handleReads)
	tried += tryMutations(t, metaMutated, metaReads)
	if tried < 5000 {
		t.Errorf("only %d mutations were tried", tried)
	}
	t.Logf("%d mutations", tried)
}

func tryMutations(t *testing.T, raw string, reads map[string]string) (tried int) {
	t.Helper()
	root := decoded(t, raw)
	base := parseOne(t, inOrder(root, false))
	if base.Err != nil || base.Incoming == nil {
		t.Fatalf("%s: %v", raw, base.Err)
	}
	for _, path := range pathsOf(root, nil) {
		var place any
		replaceAt(root, path, func(v any) any { place = v; return v })
		for _, odd := range oddValues(place) {
			replaceAt(root, path, func(any) any { return odd })
			for _, reversed := range []bool{false, true} {
				tried++
				mutated := inOrder(root, reversed)
				all := doubletick.Parse(mutated)
				if problem := compare(*base.Incoming, all, allowed(strings.Join(path, "."), reads)); problem != "" {
					t.Errorf("%s = %.60s: %s in %.900s", strings.Join(path, "."), inOrder(odd, false), problem, mutated)
				}
			}
			replaceAt(root, path, func(any) any { return place })
		}
	}
	return tried
}

// allowed returns the fields that a path may change.
func allowed(path string, reads map[string]string) []string {
	if fields, ok := reads[path]; ok {
		return strings.Fields(fields)
	}
	for prefix := path; prefix != ""; {
		cut := strings.LastIndexByte(prefix, '.')
		if cut < 0 {
			break
		}
		prefix = prefix[:cut]
		if fields, ok := reads[prefix]; ok && prefix != "message" {
			return strings.Fields(strings.ReplaceAll(fields, "set-aside", ""))
		}
	}
	if strings.HasPrefix(path, "message.") {
		return strings.Fields(reads["message."])
	}
	return nil
}

// compare returns what differs from base that may not.
func compare(base data.Incoming, all []doubletick.Delivery, may []string) string {
	if len(all) != 1 {
		return fmt.Sprintf("%d deliveries", len(all))
	}
	got := all[0]
	if got.Incoming == nil {
		if slices.Contains(may, "set-aside") && got.Err != nil {
			return ""
		}
		return fmt.Sprintf("not a message: %v %s", got.Err, got.Ignored)
	}
	var bad []string
	for _, pair := range [][2]reflect.Value{
		{reflect.ValueOf(base.From), reflect.ValueOf(got.Incoming.From)},
		{reflect.ValueOf(base.Message), reflect.ValueOf(got.Incoming.Message)},
	} {
		for i := range pair[0].NumField() {
			name := pair[0].Type().Field(i).Name
			if !pair[0].Field(i).Equal(pair[1].Field(i)) && !slices.Contains(may, name) {
				bad = append(bad, fmt.Sprintf("%s became %.60v", name, pair[1].Field(i)))
			}
		}
	}
	return strings.Join(bad, ", ")
}

func decoded(t *testing.T, raw string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		t.Fatal(err)
	}
	return root
}

// inOrder writes the fields of objects in the order of their names, or the other way
// round.
func inOrder(v any, reversed bool) []byte {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		if reversed {
			slices.Reverse(names)
		}
		fields := make([][]byte, len(names))
		for i, name := range names {
			fields[i] = slices.Concat(inOrder(name, false), []byte(":"), inOrder(v[name], reversed))
		}
		return slices.Concat([]byte("{"), bytes.Join(fields, []byte(",")), []byte("}"))
	case []any:
		all := make([][]byte, len(v))
		for i := range v {
			all[i] = inOrder(v[i], reversed)
		}
		return slices.Concat([]byte("["), bytes.Join(all, []byte(",")), []byte("]"))
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// pathsOf returns the places of all values.
func pathsOf(v any, path []string) (all [][]string) {
	if path != nil {
		all = append(all, path)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, pathsOf(v[name], append(slices.Clone(path), name))...)
		}
	case []any:
		for i := range v {
			all = append(all, pathsOf(v[i], append(slices.Clone(path), fmt.Sprint(i)))...)
		}
	}
	return all
}

// replaceAt replaces the value at a path.
func replaceAt(v any, path []string, with func(any) any) {
	switch v := v.(type) {
	case map[string]any:
		if len(path) == 1 {
			v[path[0]] = with(v[path[0]])
			return
		}
		replaceAt(v[path[0]], path[1:], with)
	case []any:
		var i int
		fmt.Sscan(path[0], &i)
		if len(path) == 1 {
			v[i] = with(v[i])
			return
		}
		replaceAt(v[i], path[1:], with)
	}
}

// A field that is there and says nothing is as good as missing.
func TestParse_EmptyFields(t *testing.T) {
	base := parseOne(t, []byte(received(`{}`)))
	for _, name := range []string{
		"event", "eventType", "eventName", "type", "chatType", "groupId", "groupName", "group", "wabaNumber", "userId", "parentUserId",
		"username", "metaBusinessPortfolioId", "customerHandle", "integrationType", "channelType", "providerType", "contact",
		"statusTimestamp", "assignedUserId", "tagId", "noteId", "callId", "inviteLink", "templateId", "data", "payload", "body", "json",
		"entry", "changes", "messaging_product", "messages", "statuses", "reaction", "interactive", "context", "errors",
	} {
		for _, empty := range []string{`null`, `""`, `[]`, `{}`, `0`, `false`, `" "`} {
			raw := received(`{"` + name + `":` + empty + `}`)
			if problem := compare(*base.Incoming, doubletick.Parse([]byte(raw)), nil); problem != "" {
				t.Errorf("%s", problem+" in "+raw)
			}
		}
	}
}

// What names nothing is no id: two messages that have it would be taken for one.
func TestParse_IDsThatNameNothing(t *testing.T) {
	for _, none := range []string{`null`, `""`, `" "`, `[]`, `{}`, `0`, `-1`, `true`, `false`} {
		got := parseOne(t, []byte(received(`{"dtMessageId":`+none+`}`)))
		if got.Err != nil || got.Incoming.Message.RemoteID != "wamid.1" {
			t.Errorf("dtMessageId %s: %+v", none, got)
		}
		got = parseOne(t, []byte(received(`{"messageId":`+none+`}`)))
		if got.Err != nil || got.Incoming.Message.RemoteID != "dt-1" || got.Incoming.Message.WhatsAppID != "" {
			t.Errorf("messageId %s: %+v", none, got)
		}
		got = parseOne(t, []byte(received(`{"messageId":`+none+`,"dtMessageId":`+none+`}`)))
		if got.Incoming != nil || got.Err == nil {
			t.Errorf("both %s: %+v", none, got)
		}
	}
}
