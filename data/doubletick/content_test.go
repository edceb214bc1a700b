package doubletick_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestParse_OtherKinds(t *testing.T) {
	for _, c := range []struct {
		message string
		want    data.Message // Kind, Text, ReplyTo
	}{
		{`{"type":"TEXT","text":{"body":"hi"}}`, data.Message{Kind: data.TextMessage, Text: "hi"}},
		{`{"type":"IMAGE","image":{"link":"https://example.com/a.jpg","caption":"the bill"}}`, data.Message{Kind: data.ImageMessage, Text: "the bill", URL: "https://example.com/a.jpg"}},
		{`{"type":"LIST","title":"Monday","description":"9 to 12","id":"row-1"}`, data.Message{Kind: data.ButtonMessage, Text: "Monday\n9 to 12"}},
		{`{"type":"LIST","list":{"title":"Monday","description":"9 to 12"}}`, data.Message{Kind: data.ButtonMessage, Text: "Monday\n9 to 12"}},
		{`{"type":"LIST_REPLY","listReply":{"id":"row-1","title":"Monday"}}`, data.Message{Kind: data.ButtonMessage, Text: "Monday"}},
		{`{"type":"LIST","text":"Monday"}`, data.Message{Kind: data.ButtonMessage, Text: "Monday"}},
		{`{"type":"INTERACTIVE","interactive":{"type":"list_reply","list_reply":{"id":"row-1","title":"Monday","description":"9 to 12"}}}`, data.Message{Kind: data.ButtonMessage, Text: "Monday\n9 to 12"}},
		{`{"type":"INTERACTIVE","interactive":{"type":"button_reply","button_reply":{"id":"y","title":"Yes"}}}`, data.Message{Kind: data.ButtonMessage, Text: "Yes"}},
		{`{"type":"BUTTON","button":{"text":"Yes","payload":"p"}}`, data.Message{Kind: data.ButtonMessage, Text: "Yes"}},
		{`{"type":"BUTTON","button":{"payload":"p"}}`, data.Message{Kind: data.ButtonMessage, Text: "p"}},
		{`{"type":"ORDER","order":{"text":"by noon","product_items":[{"product_retailer_id":"tea","quantity":"2","item_price":"30","currency":"INR"},{"name":"Milk"}]}}`, data.Message{Kind: data.TextMessage, Text: "Order\nby noon\n2 × tea, 30 INR\nMilk"}},
		{`{"type":"POLL","poll":{"name":"When?","options":["Monday",{"optionName":"Friday"}]}}`, data.Message{Kind: data.TextMessage, Text: "Poll\nWhen?\nMonday\nFriday"}},
		{`{"type":"POLL_VOTE","selectedOptions":["Friday"]}`, data.Message{Kind: data.TextMessage, Text: "Poll\nFriday"}},
		{`{"type":"CONTACTS","contacts":[{"name":"Asha","phone":"+919876543210"}]}`, data.Message{Kind: data.ContactsMessage, Text: "Asha: +919876543210"}},
		{`{"type":"LOCATION","location":{"latitude":18.5,"longitude":73.8,"name":"Office"}}`, data.Message{Kind: data.LocationMessage, Text: "Office\n18.5, 73.8"}},
		{`{"type":"CALL","text":"Missed voice call"}`, data.Message{Kind: data.CallMessage, Text: "Missed voice call"}},

		{`{"type":"REACTION","emoji":"👍","messageId":"wamid.0"}`, data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "wamid.0"}},
		{`{"type":"REACTION","reaction":{"emoji":"👍","message_id":"wamid.0"}}`, data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "wamid.0"}},
		{`{"type":"REACTION","reaction":"👍","context":{"id":"wamid.0"}}`, data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "wamid.0"}},
		{`{"type":"REACTION","text":"👍","context":{"id":"wamid.0"}}`, data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "wamid.0"}},
		{`{"type":"REACTION","reaction":{"emoji":"","message_id":"wamid.0"}}`, data.Message{Kind: data.ReactionMessage, ReplyTo: "wamid.0"}},
		{`{"type":"EDIT","text":"hello","context":{"id":"wamid.0"}}`, data.Message{Kind: data.EditMessage, Text: "hello", ReplyTo: "wamid.0"}},
		{`{"type":"edited","edit":{"originalMessageId":"wamid.0","text":{"body":"hello"}}}`, data.Message{Kind: data.EditMessage, Text: "hello", ReplyTo: "wamid.0"}},
		{`{"type":"DELETED","messageId":"wamid.0"}`, data.Message{Kind: data.DeletionMessage, ReplyTo: "wamid.0"}},
		{`{"type":"REVOKE","revoke":{"original_message_id":"wamid.0"}}`, data.Message{Kind: data.DeletionMessage, ReplyTo: "wamid.0"}},
	} {
		got := parseOne(t, []byte(`{"from":"919137979401","dtMessageId":"dt-1","message":`+c.message+`}`))
		c.want.Direction, c.want.RemoteID = data.In, "dt-1"
		if got.Err != nil || got.Incoming.Message != c.want || got.Incoming.Raw != "" {
			t.Errorf("%s gives\n%+v, want\n%+v (%v)", c.message, got.Incoming.Message, c.want, got.Err)
		}
	}
}

// No word is lost, of whatever type a message is and wherever in it the word stands; and
// where nothing was understood, the delivery is kept as it came in.
func TestParse_KeepsAllWords(t *testing.T) {
	for _, name := range []string{
		"TEXT", "IMAGE", "VIDEO", "AUDIO", "STICKER", "DOCUMENT", "LOCATION", "CONTACTS", "BUTTON", "FLOW", "LIST", "INTERACTIVE",
		"ORDER", "POLL", "CALL", "REACTION", "EDIT", "PRODUCT", "TEMPLATE", "PAYMENT", "hologram", "",
	} {
		lower := strings.ToLower(name)
		for shape, understood := range map[string]bool{
			`"text":"WORD"`: true, `"text":{"body":"WORD"}`: true, `"caption":"WORD"`: false, `"` + lower + `":{"title":"WORD"}`: false,
			`"` + lower + `":{"body":{"text":"WORD"}}`: false, `"foo":{"bar":["WORD"]}`: false, `"foo":[{"bar":"WORD"}]`: false,
		} {
			raw := fmt.Sprintf(`{"from":"919137979401","dtMessageId":"dt-1","message":{"type":%q,%s}}`, name, shape)
			got := parseOne(t, []byte(raw))
			if got.Err != nil || !strings.Contains(got.Incoming.Message.Text, "WORD") {
				t.Errorf("%s gives %+v (%v)", raw, got.Incoming, got.Err)
				continue
			}
			unsupported := strings.HasPrefix(got.Incoming.Message.Text, "Unsupported")
			if unsupported && got.Incoming.Raw != raw {
				t.Errorf("%s is not kept: %q", raw, got.Incoming.Raw)
			}
			if understood && got.Incoming.Raw != "" && !unsupported {
				t.Errorf("%s is understood, and kept: %+v", raw, got.Incoming)
			}
		}
	}
}

// An edit or a deletion that comes by the id of the message itself is no repetition of it.
func TestParse_ActsByTheIDOfTheirMessage(t *testing.T) {
	seen := map[string]bool{}
	for _, message := range []string{
		`{"type":"EDIT","text":"hello","messageId":"dt-1"}`, `{"type":"EDIT","text":"hello!","messageId":"dt-1"}`, `{"type":"DELETED","messageId":"dt-1"}`,
	} {
		m := parseOne(t, []byte(received(`{"message":`+message+`}`))).Incoming.Message
		if m.ReplyTo != "dt-1" || m.RemoteID == "dt-1" || m.WhatsAppID != "" || seen[m.RemoteID] {
			t.Errorf("%s gives %+v", message, m)
		}
		seen[m.RemoteID] = true
	}
}
