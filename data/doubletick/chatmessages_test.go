package doubletick

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// A message in the history of a chat reads as the same message delivered.
func TestParseMessages_ReadsAsDeliveries(t *testing.T) {
	of := Chat{With: data.Sender{Phone: riya}, Customer: "919137979401", Business: "918888888888"}
	for _, body := range []string{
		`{"type":"TEXT","text":"hi"}`,
		`{"type":"IMAGE","url":" https://example.com/a.jpg ","caption":"the bill","text":"left over"}`,
		`{"type":"DOCUMENT","url":"https://example.com/1","fileName":"bill.pdf"}`,
		`{"type":"LOCATION","latitude":18.5204,"longitude":"-73.8567","name":"Office"}`,
		`{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"Bo"},"phones":[{"phone":1}]}]}`,
		`{"type":"FLOW","flowResponse":[{"id":"size","value":["L","XL"]}]}`,
		`{"type":"BUTTON","payload":"p-1"}`,
		`{"type":"POLL","text":"Which?"}`,
		`{"url":"https://example.com/1","caption":"no type"}`,
		`{"url":"javascript:alert(1)"}`,
		`{}`,
	} {
		delivered := Parse([]byte(`{"from":"919137979401","to":"918888888888","dtMessageId":"a","messageId":"b","receivedAt":1784547587000,"message":` + body + `}`))[0]
		if delivered.Err != nil {
			t.Fatal(delivered.Err)
		}
		fetched, newest, ok := parseMessages([]byte(`{"messages":[{"dtMessageId":"a","messageId":"b","messageOriginType":"CUSTOMER","messageTime":1784547587,"message":`+body+`}]}`), of)
		if !ok || len(fetched) != 1 || newest != 1_784_547_587_000 || fetched[0] != delivered.Incoming.Message {
			t.Errorf("%s:\nfetched   %+v\ndelivered %+v", body, fetched, delivered.Incoming.Message)
		}
	}
}

// In the other shape the text and the address of media lie beside each other.
func TestParseMessages_FlatShape(t *testing.T) {
	of := Chat{With: data.Sender{Phone: riya}, Customer: "919137979401", Business: "918888888888"}
	for row, want := range map[string]data.Message{
		`"message":"Hello"`: {Kind: data.TextMessage, Text: "Hello"},
		`"message":7`:       {Kind: data.TextMessage, Text: "7"},
		`"message":null,"mediaUrl":"https://example.com/1"`:                               {Kind: data.DocumentMessage, URL: "https://example.com/1"},
		`"message":"c","messageType":"IMAGE","mediaUrl":"https://example.com/1"`:          {Kind: data.ImageMessage, Text: "c", URL: "https://example.com/1"},
		`"message":{"messageType":"IMAGE","url":"no"},"mediaUrl":"https://example.com/1"`: {Kind: data.ImageMessage, URL: "https://example.com/1"},
		`"message":[]`: {Kind: data.TextMessage, Text: "Unsupported message"},
	} {
		want.Direction, want.RemoteID, want.Business = data.Out, "a", "+918888888888"
		got, _, ok := parseMessages([]byte(`{"messages":[{"messageId":"a","sender":"+91 88888 88888",`+row+`}]}`), of)
		if !ok || len(got) != 1 || got[0] != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", row, got, want)
		}
	}
}
