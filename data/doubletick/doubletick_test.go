package doubletick_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

func TestParse_RealDelivery(t *testing.T) {
	raw, err := os.ReadFile("testdata/received.json")
	if err != nil {
		t.Fatal(err)
	}
	want := data.Incoming{
		From: data.Sender{Phone: "+919137979401", Name: "Riya D"},
		Message: data.Message{
			Direction:  data.In,
			At:         data.MomentOf(time.Date(2026, 7, 20, 11, 39, 47, 443e6, time.UTC)),
			Kind:       data.TextMessage,
			Text:       "How to proceed with that?",
			RemoteID:   "3c176d90-844c-4ac2-a267-5744bb5c1db7",
			WhatsAppID: "wamid.HBgM…",
			Business:   "+918888888888",
		},
		AfterUser: true,
	}
	got := parseOne(t, raw)
	if got.Err != nil || got.Line != 1 || got.Status != nil || !reflect.DeepEqual(got.Incoming, &want) {
		t.Errorf("got %+v, %v", got.Incoming, got.Err)
	}
}

// parseOne returns the one delivery that there must be.
func parseOne(t testing.TB, raw []byte) doubletick.Delivery {
	t.Helper()
	all := doubletick.Parse(raw)
	if len(all) != 1 {
		t.Fatalf("%d deliveries in %.200s", len(all), raw)
	}
	return all[0]
}

// received is a message with fields put over it; nil takes one away.
func received(fields string) string {
	all := map[string]any{
		"from": "919137979401", "to": "918888888888", "messageId": "wamid.1", "dtMessageId": "dt-1",
		"receivedAt": "2026-07-20T11:39:47.443Z", "message": map[string]any{"type": "TEXT", "text": "hi"},
	}
	var over map[string]json.RawMessage
	if err := json.Unmarshal([]byte(fields), &over); err != nil {
		panic(fmt.Sprintf("%s: %v", fields, err))
	}
	for name, value := range over {
		if all[name] = value; string(value) == `"gone"` {
			delete(all, name)
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestParse_MessageKinds(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("x", 2048-len("https://example.com/"))
	for _, c := range []struct {
		name, message string
		want          data.Message // Kind, Text, File, URL, ReplyTo
	}{
		{"text", `{"type":"TEXT","text":"one\ntwo"}`, data.Message{Kind: data.TextMessage, Text: "one\ntwo"}},
		{"type in small letters", `{"type":" text ","text":"hi"}`, data.Message{Kind: data.TextMessage, Text: "hi"}},
		{"text of a number", `{"type":"TEXT","text":42}`, data.Message{Kind: data.TextMessage, Text: "42"}},
		{"empty text", `{"type":"TEXT"}`, data.Message{Kind: data.TextMessage}},
		{"reply", `{"type":"TEXT","text":"yes","context":{"id":"wamid.0","from":"918888888888"}}`, data.Message{Kind: data.TextMessage, Text: "yes", ReplyTo: "wamid.0"}},
		{"no context", `{"type":"TEXT","text":"yes","context":null}`, data.Message{Kind: data.TextMessage, Text: "yes"}},
		{"image", `{"type":"IMAGE","url":"https://example.com/a.jpg","caption":"the bill"}`, data.Message{Kind: data.ImageMessage, Text: "the bill", URL: "https://example.com/a.jpg"}},
		{"image, text for a caption", `{"type":"IMAGE","url":"https://example.com/a.jpg","text":"the bill"}`, data.Message{Kind: data.ImageMessage, Text: "the bill", URL: "https://example.com/a.jpg"}},
		{"image without anything", `{"type":"IMAGE"}`, data.Message{Kind: data.ImageMessage}},
		{"video", `{"type":"VIDEO","url":"http://example.com/a.mp4"}`, data.Message{Kind: data.VideoMessage, URL: "http://example.com/a.mp4"}},
		{"audio", `{"type":"AUDIO","url":"https://example.com/a.ogg"}`, data.Message{Kind: data.AudioMessage, URL: "https://example.com/a.ogg"}},
		{"sticker", `{"type":"STICKER","url":"https://example.com/a.webp"}`, data.Message{Kind: data.StickerMessage, URL: "https://example.com/a.webp"}},
		{"document", `{"type":"DOCUMENT","url":"https://example.com/1","fileName":"bill\n2026.pdf","caption":"here"}`, data.Message{Kind: data.DocumentMessage, Text: "here", File: "bill 2026.pdf", URL: "https://example.com/1"}},
		{"document with a long name", `{"type":"DOCUMENT","fileName":"` + strings.Repeat("é", 300) + `"}`, data.Message{Kind: data.DocumentMessage, File: strings.Repeat("é", 255)}},
		{"location", `{"type":"LOCATION","latitude":18.5204,"longitude":-73.8567,"name":"Office","address":"1 Road,\nPune"}`, data.Message{Kind: data.LocationMessage, Text: "Office\n1 Road, Pune\n18.5204, -73.8567"}},
		{"location as strings", `{"type":"LOCATION","latitude":"18.52","longitude":"73"}`, data.Message{Kind: data.LocationMessage, Text: "18.52, 73"}},
		{"location off the earth", `{"type":"LOCATION","latitude":91,"longitude":73,"name":"Office"}`, data.Message{Kind: data.LocationMessage, Text: "Office"}},
		{"location that is no number", `{"type":"LOCATION","latitude":"NaN","longitude":73,"address":"Pune"}`, data.Message{Kind: data.LocationMessage, Text: "Pune"}},
		{"half a location", `{"type":"LOCATION","latitude":18.5}`, data.Message{Kind: data.LocationMessage}},
		{"contacts", `{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"Asha\nRao"},"phones":[{"phone":"+91 98765 43210"},{"phone":"1"}]},{"name":{"formatted_name":"Bo"}},{"phones":[{"phone":"+46 70"}]},{}]}`, data.Message{Kind: data.ContactsMessage, Text: "Asha Rao: +91 98765 43210, 1\nBo\n+46 70"}},
		{"contacts that are none", `{"type":"CONTACTS","contacts":[1,null,"x",{"name":"y","phones":7}]}`, data.Message{Kind: data.ContactsMessage, Text: "y"}},
		{"button", `{"type":"BUTTON","text":"Yes","payload":"p-1","id":"b"}`, data.Message{Kind: data.ButtonMessage, Text: "Yes"}},
		{"button without words", `{"type":"BUTTON","payload":"p-1"}`, data.Message{Kind: data.ButtonMessage, Text: "p-1"}},
		{"flow", `{"type":"FLOW","flowResponse":[{"id":"size","value":"L\nXL"},{"id":"count","value":2},{"id":"gift","value":true},{"id":"tags","value":["a","b"]},{"id":"more","value":{"x":1}},{"id":"none","value":null},{"value":"alone"}]}`, data.Message{Kind: data.FlowMessage, Text: "size: L XL\ncount: 2\ngift: true\ntags: a, b\nmore: {\"x\":1}\nnone\nalone"}},
		{"flow that is none", `{"type":"FLOW","flowResponse":"x"}`, data.Message{Kind: data.FlowMessage, Text: "x"}},
		{"a plain string", `"hello"`, data.Message{Kind: data.TextMessage, Text: "hello"}},

		{"unknown type", `{"type":"POLL"}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message (POLL)"}},
		{"unknown type with words and media", `{"type":"ORDER\u0000\u202e","text":"two","url":"https://example.com/o"}`, data.Message{Kind: data.TextMessage, Text: "Order\ntwo", URL: "https://example.com/o"}},
		{"unknown type, endless", `{"type":"` + strings.Repeat("X", 5000) + `","caption":"c"}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message (" + strings.Repeat("X", 40) + ")\nc"}},
		{"no type", `{"text":"hi"}`, data.Message{Kind: data.TextMessage, Text: "hi"}},
		{"no type, no words", `{}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message"}},
		{"a type that is no string", `{"type":[],"caption":"c"}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message\nc"}},
		{"a number for a message", `7`, data.Message{Kind: data.TextMessage, Text: "Unsupported message"}},

		{"URL at its bound", `{"type":"IMAGE","url":"` + long + `"}`, data.Message{Kind: data.ImageMessage, URL: long}},
		{"URL beyond its bound", `{"type":"IMAGE","url":"` + long + `x"}`, data.Message{Kind: data.ImageMessage}},
		{"URL with blanks around", `{"type":"IMAGE","url":" https://example.com/a "}`, data.Message{Kind: data.ImageMessage, URL: "https://example.com/a"}},
		{"file URL", `{"type":"IMAGE","url":"file:///etc/passwd"}`, data.Message{Kind: data.ImageMessage}},
		{"script URL", `{"type":"IMAGE","url":"javascript:alert(1)"}`, data.Message{Kind: data.ImageMessage}},
		{"data URL", `{"type":"IMAGE","url":"data:text/html,x"}`, data.Message{Kind: data.ImageMessage}},
		{"URL in capitals", `{"type":"IMAGE","url":"HTTPS://example.com/a"}`, data.Message{Kind: data.ImageMessage, URL: "HTTPS://example.com/a"}},
		{"URL without a host", `{"type":"IMAGE","url":"https:///a"}`, data.Message{Kind: data.ImageMessage}},
		{"path", `{"type":"IMAGE","url":"/etc/passwd"}`, data.Message{Kind: data.ImageMessage}},
		{"URL that reads otherwise", `{"type":"IMAGE","url":"https://example.com/\u202egpj.exe"}`, data.Message{Kind: data.ImageMessage}},
		{"URL of two lines", `{"type":"IMAGE","url":"https://example.com/\nb"}`, data.Message{Kind: data.ImageMessage}},

		{"NUL, escapes, overrides", `{"type":"TEXT","text":"a\u0000b\u001b[31m\u202ec\ufeff\r\nd"}`, data.Message{Kind: data.TextMessage, Text: "ab[31mc\nd"}},
		{"half a surrogate", `{"type":"TEXT","text":"\ud83d!"}`, data.Message{Kind: data.TextMessage, Text: "\ufffd!"}},
		{"broken UTF-8", "{\"type\":\"TEXT\",\"text\":\"\xff!\"}", data.Message{Kind: data.TextMessage, Text: "\ufffd!"}},
		{"joined emoji and Hindi", `{"type":"TEXT","text":"👩\u200d👩\u200d👧 ❤\ufe0f नमस्ते"}`, data.Message{Kind: data.TextMessage, Text: "👩\u200d👩\u200d👧 ❤\ufe0f नमस्ते"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := `{"from":"919137979401","dtMessageId":"dt-1","message":` + c.message + `}`
			got := parseOne(t, []byte(raw))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			c.want.Direction, c.want.RemoteID = data.In, "dt-1"
			if got.Incoming.Message != c.want {
				t.Errorf("got  %+v\nwant %+v", got.Incoming.Message, c.want)
			}
		})
	}
}

// A field that is of another type than documented hides no other.
func TestParse_FieldsBehindOddOnes(t *testing.T) {
	raw := `{"from":"919137979401","message":7,"contact":["x"],"dtMessageId":"dt-1","messageId":"wamid.1","receivedAt":1784547587443}`
	want := data.Message{
		Direction: data.In, At: 1_784_547_587_443, Kind: data.TextMessage, Text: "Unsupported message", RemoteID: "dt-1", WhatsAppID: "wamid.1",
	}
	if got := parseOne(t, []byte(raw)); got.Err != nil || got.Incoming.Message != want {
		t.Errorf("got %+v, %v", got.Incoming, got.Err)
	}
}

// Fields are found however they are capitalized, and the one that is written as
// documented comes first.
func TestParse_FieldsInOtherCase(t *testing.T) {
	raw := `{"From":"919137979401","DTMESSAGEID":"other","dtMessageId":"dt-1","MESSAGE":{"Type":"TEXT","TEXT":"hi"}}`
	want := data.Message{Direction: data.In, Kind: data.TextMessage, Text: "hi", RemoteID: "dt-1"}
	if got := parseOne(t, []byte(raw)); got.Err != nil || got.Incoming.Message != want {
		t.Errorf("got %+v, %v", got.Incoming, got.Err)
	}
}

func TestEveryKindCanArrive(t *testing.T) {
	for _, kind := range []data.Kind{
		data.TextMessage, data.ImageMessage, data.VideoMessage, data.AudioMessage, data.StickerMessage,
		data.DocumentMessage, data.LocationMessage, data.ContactsMessage, data.ButtonMessage, data.FlowMessage,
	} {
		got := parseOne(t, []byte(received(`{"message":{"type":"`+strings.ToUpper(string(kind))+`"}}`)))
		if got.Err != nil || got.Incoming.Message.Kind != kind {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}

func TestAVeryLongText(t *testing.T) {
	got := parseOne(t, []byte(received(`{"message":{"type":"TEXT","text":"`+strings.Repeat("x", data.MaxTextBytes+1)+`"}}`)))
	if got.Err != nil {
		t.Fatal(got.Err)
	}
	if text := got.Incoming.Message.Text; len(text) != data.MaxTextBytes || !strings.HasSuffix(text, "longer than 1 MB]") {
		t.Errorf("%d bytes are kept", len(text))
	}
}

func TestParse_SenderAndTime(t *testing.T) {
	const noon = data.Moment(1_784_547_587_443)
	plain := data.Incoming{From: data.Sender{Phone: "+919137979401"}, Message: data.Message{
		Direction: data.In, At: noon, Kind: data.TextMessage, Text: "hi", RemoteID: "dt-1", WhatsAppID: "wamid.1", Business: "+918888888888",
	}}
	for _, c := range []struct {
		name, fields string
		change       func(*data.Incoming)
	}{
		{"as it is", `{}`, func(*data.Incoming) {}},
		{"fields nobody knows", `{"status":"received","x":[{}],"integrationType":7,"callbackData":null,"userId":{"a":1}}`, func(*data.Incoming) {}},
		{"a status's time besides", `{"statusTimestamp":1}`, func(*data.Incoming) {}},

		{"from with a plus", `{"from":"+919137979401"}`, func(*data.Incoming) {}},
		{"from with spaces", `{"from":" +91 91379 79401 "}`, func(*data.Incoming) {}},
		{"from as a number", `{"from":919137979401}`, func(*data.Incoming) {}},
		{"from as a float", `{"from":9.19137979401e11}`, func(*data.Incoming) {}},
		{"from with a fraction of nothing", `{"from":919137979401.0}`, func(*data.Incoming) {}},

		{"from as another program writes it", `{"from":"919137979401@c.us"}`, func(*data.Incoming) {}},

		{"to with a plus", `{"to":"+91 88888 88888"}`, func(*data.Incoming) {}},
		{"to as a number", `{"to":918888888888}`, func(*data.Incoming) {}},
		{"to that is no number", `{"to":"Shop\u0000 one"}`, func(in *data.Incoming) { in.Message.Business = "Shop one" }},
		{"no to", `{"to":"gone"}`, func(in *data.Incoming) { in.Message.Business = "" }},

		{"name", `{"contact":{"name":" Riya\n\u202eD "}}`, func(in *data.Incoming) { in.From.Name = "Riya D" }},
		{"long name", `{"contact":{"name":"` + strings.Repeat("र", 300) + `"}}`, func(in *data.Incoming) { in.From.Name = strings.Repeat("र", 200) }},
		{"name as a number", `{"contact":{"name":7}}`, func(in *data.Incoming) { in.From.Name = "7" }},
		{"no contact", `{"contact":null}`, func(*data.Incoming) {}},
		{"a string for a contact", `{"contact":"Riya"}`, func(*data.Incoming) {}},
		{"a list for a name", `{"contact":{"name":["Riya"]}}`, func(*data.Incoming) {}},

		{"ids as numbers", `{"dtMessageId":12345678901234567890,"messageId":7}`, func(in *data.Incoming) {
			in.Message.RemoteID, in.Message.WhatsAppID = "12345678901234567890", "7"
		}},
		{"no dtMessageId", `{"dtMessageId":"gone"}`, func(in *data.Incoming) { in.Message.RemoteID = "wamid.1" }},
		{"dtMessageId null", `{"dtMessageId":null}`, func(in *data.Incoming) { in.Message.RemoteID = "wamid.1" }},
		{"dtMessageId blank", `{"dtMessageId":" \u0000"}`, func(in *data.Incoming) { in.Message.RemoteID = "wamid.1" }},
		{"dtMessageId too long to be kept whole", `{"dtMessageId":"` + strings.Repeat("x", 257) + `"}`, func(in *data.Incoming) { in.Message.RemoteID = "wamid.1" }},
		{"dtMessageId at its bound", `{"dtMessageId":"` + strings.Repeat("x", 256) + `"}`, func(in *data.Incoming) { in.Message.RemoteID = strings.Repeat("x", 256) }},
		{"no messageId", `{"messageId":"gone"}`, func(in *data.Incoming) { in.Message.WhatsAppID = "" }},

		{"time in milliseconds", `{"receivedAt":1784547587443}`, func(*data.Incoming) {}},
		{"time in milliseconds as a string", `{"receivedAt":" 1784547587443 "}`, func(*data.Incoming) {}},
		{"time in milliseconds as a float", `{"receivedAt":1.784547587443e12}`, func(*data.Incoming) {}},
		{"time in seconds", `{"receivedAt":1784547587}`, func(in *data.Incoming) { in.Message.At = 1_784_547_587_000 }},
		{"time in seconds as a string", `{"receivedAt":"1784547587"}`, func(in *data.Incoming) { in.Message.At = 1_784_547_587_000 }},
		{"time in seconds and a fraction", `{"receivedAt":1784547587.443}`, func(*data.Incoming) {}},
		{"time with an offset", `{"receivedAt":"2026-07-20T17:09:47.443+05:30"}`, func(*data.Incoming) {}},
		{"time in small letters", `{"receivedAt":"2026-07-20t11:39:47.443z"}`, func(*data.Incoming) {}},
		{"time with a blank", `{"receivedAt":"2026-07-20 11:39:47.443Z"}`, func(*data.Incoming) {}},
		{"time in microseconds", `{"receivedAt":"2026-07-20T11:39:47.443999Z"}`, func(*data.Incoming) {}},
		{"first moment believed", `{"receivedAt":"2009-01-01T00:00:00Z"}`, func(in *data.Incoming) { in.Message.At = 1_230_768_000_000 }},

		{"last moment not believed", `{"receivedAt":"2008-12-31T23:59:59.999Z"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"no time", `{"receivedAt":"gone"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time null", `{"receivedAt":null}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time zero", `{"receivedAt":0}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time below zero", `{"receivedAt":-1784547587443}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time NaN", `{"receivedAt":"NaN"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time infinite", `{"receivedAt":"-Inf"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time beyond numbers", `{"receivedAt":1e400}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time in the next century", `{"receivedAt":"2100-01-01T00:00:00Z"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time in nanoseconds", `{"receivedAt":1784547587443000000}`, func(*data.Incoming) {}},
		{"time without a zone", `{"receivedAt":"2026-07-20T11:39:47"}`, func(in *data.Incoming) { in.Message.At = noon - 443 }},
		{"time in words", `{"receivedAt":"yesterday"}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"time as an object", `{"receivedAt":{"$date":1}}`, func(in *data.Incoming) { in.Message.At = 0 }},
		{"a very long time", `{"receivedAt":"` + strings.Repeat("1", 5000) + `"}`, func(in *data.Incoming) { in.Message.At = 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := plain
			c.change(&want)
			got := parseOne(t, []byte(received(c.fields)))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if *got.Incoming != want {
				t.Errorf("got  %+v\nwant %+v", *got.Incoming, want)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		want      data.StatusUpdate
	}{
		{"sent", `{"messageId":"m","to":"919137979401","wabaNumber":"918888888888","status":"SENT","statusTimestamp":"2026-07-20T11:39:47.443Z"}`, data.StatusUpdate{MessageID: "m", Status: data.Sent, At: 1_784_547_587_443}},
		{"delivered", `{"messageId":"m","status":"delivered","statusTimestamp":1784547587443}`, data.StatusUpdate{MessageID: "m", Status: data.Delivered, At: 1_784_547_587_443}},
		{"read", `{"messageId":7,"status":" Read ","statusTimestamp":"1784547587"}`, data.StatusUpdate{MessageID: "7", Status: data.Read, At: 1_784_547_587_000}},
		{"failed", `{"messageId":"m","status":"FAILED","statusTimestamp":"?","failMessage":"Not\u0000 allowed\nhere"}`, data.StatusUpdate{MessageID: "m", Status: data.Failed, Failure: "Not allowed here"}},
		{"failed at length", `{"messageId":"m","status":"FAILED","statusTimestamp":null,"failMessage":"` + strings.Repeat("é", 600) + `"}`, data.StatusUpdate{MessageID: "m", Status: data.Failed, Failure: strings.Repeat("é", 500)}},
		{"failed without a word", `{"messageId":"m","status":"FAILED","statusTimestamp":0,"failMessage":{"code":1}}`, data.StatusUpdate{MessageID: "m", Status: data.Failed}},
		{"read, with a failure left over", `{"messageId":"m","status":"READ","statusTimestamp":0,"failMessage":"x"}`, data.StatusUpdate{MessageID: "m", Status: data.Read}},
		{"a number besides", `{"messageId":"m","status":"READ","statusTimestamp":0,"from":"918888888888"}`, data.StatusUpdate{MessageID: "m", Status: data.Read}},
	} {
		got := parseOne(t, []byte(c.raw))
		if got.Err != nil || got.Incoming != nil || got.Status == nil || *got.Status != c.want {
			t.Errorf("%s: got %+v, %v", c.name, got.Status, got.Err)
		}
	}
}

func TestParse_Invalid(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`{"a":`, n) + `1` + strings.Repeat(`}`, n) }
	for _, c := range []struct {
		name, raw, says string
		is              error
	}{
		{"nothing", ``, "nothing in it", data.ErrInvalid},
		{"blanks", " \n", "nothing in it", data.ErrInvalid},
		{"null", `null`, "not a JSON object", data.ErrInvalid},
		{"a string", `"x"`, "not a JSON object", data.ErrInvalid},
		{"an array", `[{"from":"919137979401"}]`, "not a JSON object", data.ErrInvalid},
		{"XML", `<message/>`, "not a JSON object", data.ErrInvalid},
		{"empty object", `{}`, "neither a message", data.ErrInvalid},
		{"an answer of the API", `{"statusCode":404,"message":"Invalid Customer"}`, "neither a message", data.ErrInvalid},
		{"another event", `{"from":"919137979401","status":"CLOSED"}`, "neither a message", data.ErrInvalid},
		{"no from", received(`{"from":"gone"}`), "names no sender", data.ErrInvalid},
		{"from null", received(`{"from":null}`), "names no sender", data.ErrInvalid},
		{"message null", received(`{"message":null}`), "neither a message", data.ErrInvalid},
		{"from empty", received(`{"from":""}`), "names no sender (from, userId)", data.ErrInvalid},
		{"from too short", received(`{"from":"123"}`), `"123"`, data.ErrPhone},
		{"from letters", received(`{"from":"support"}`), "support", data.ErrPhone},
		{"from a lid", received(`{"from":"919137979401@lid"}`), "from:", data.ErrPhone},
		{"from an object", received(`{"from":{}}`), "names no sender", data.ErrInvalid},
		{"from endless", received(`{"from":"` + strings.Repeat("9", 10_000) + `"}`), "from:", data.ErrPhone},
		{"no ids", received(`{"messageId":"gone","dtMessageId":"gone"}`), "messageId", data.ErrInvalid},
		{"ids that are none", received(`{"messageId":{},"dtMessageId":""}`), "messageId", data.ErrInvalid},
		{"ids too long", received(`{"messageId":"gone","dtMessageId":"` + strings.Repeat("x", 257) + `"}`), "messageId", data.ErrInvalid},
		{"unknown status", `{"messageId":"m","status":"LOST\u202e","statusTimestamp":1}`, `"LOST"`, data.ErrInvalid},
		{"no status", `{"messageId":"m","statusTimestamp":1}`, `status ""`, data.ErrInvalid},
		{"status without an id", `{"status":"READ","statusTimestamp":1}`, "messageId", data.ErrInvalid},
		{"cut", `{"from":"919137979401","message":{"type":"TE`, "cut off at the end", data.ErrInvalid},
		{"two", `{} {}`, "follows its end at byte 3", data.ErrInvalid},
		{"comma at the end", `{"from":1,}`, "broken: '}' cannot stand at byte 11", data.ErrInvalid},
		{"wrong bracket", `{"a":[1}`, "cannot stand at byte 8", data.ErrInvalid},
		{"comment", `{/* */}`, "'/' cannot stand", data.ErrInvalid},
		{"no quotes", `{from:1}`, "'f' cannot stand", data.ErrInvalid},
		{"NaN", `{"a":NaN}`, "broken", data.ErrInvalid},
		{"half a word", `{"a":tru}`, "broken", data.ErrInvalid},
		{"bad escape", `{"a":"\x"}`, "broken", data.ErrInvalid},
		{"a line within a string", "{\"a\":\"b\nc\"}", "a string has no end", data.ErrInvalid},
		{"NUL within a string", "{\"a\":\"\x00\"}", "control character", data.ErrInvalid},
		{"NUL", "{\x00}", "cannot stand", data.ErrInvalid},
		{"as deep as it may be", deep(64), "neither a message", data.ErrInvalid},
		{"too deep", deep(65), "nested too deeply", data.ErrInvalid},
		{"far too deep", strings.Repeat(`{"a":`, 100_000), "nested too deeply", data.ErrInvalid},
		{"too long", received(`{"x":"` + strings.Repeat("x", doubletick.MaxBytes) + `"}`), "longer than 2 MiB", data.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseOne(t, []byte(c.raw))
			if got.Incoming != nil || got.Status != nil || !errors.Is(got.Err, c.is) {
				t.Fatalf("got %+v", got)
			}
			if text := got.Err.Error(); !strings.Contains(text, c.says) || len(text) > 400 || !utf8.ValidString(text) {
				t.Errorf("it says: %s", text)
			}
		})
	}
}

func TestParseTakesAByteOrderMark(t *testing.T) {
	if got := parseOne(t, []byte("\ufeff \n"+received(`{}`)+"\r\n")); got.Err != nil {
		t.Error(got.Err)
	}
}
