package doubletick_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// metaBody is a body of Meta's with a value of these fields.
func metaBody(value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp",` +
		`"metadata":{"display_phone_number":"918888888888","phone_number_id":"106540352242922"},` + value + `},"field":"messages"}]}]}`
}

// metaText is a text with further fields.
func metaText(fields string) string {
	return `{"id":"wamid.1","timestamp":"1784547587","type":"text","text":{"body":"hi"},` + fields + `}`
}

func TestParse_MetaSenders(t *testing.T) {
	const bsuid = "IN.13491208655302741918"
	for _, c := range []struct {
		name, contacts, message string
		want                    data.Sender
	}{
		{"a number", `{"profile":{"name":"Riya D"},"wa_id":"919137979401"}`, `"from":"919137979401"`, data.Sender{Phone: "+919137979401", Name: "Riya D"}},
		{
			"number and user id", `{"profile":{"name":"Riya D","username":"@riya.d"},"wa_id":"919137979401","user_id":"` + bsuid + `","parent_user_id":"IN.ENT.1181"}`,
			`"from":"919137979401","from_user_id":"` + bsuid + `"`,
			data.Sender{Phone: "+919137979401", UserID: bsuid, ParentUserID: "IN.ENT.1181", Username: "riya.d", Name: "Riya D"},
		},
		{"no number", `{"profile":{"name":"Riya D","username":"riya_d"},"user_id":"` + bsuid + `"}`, `"from_user_id":"` + bsuid + `"`, data.Sender{UserID: bsuid, Username: "riya_d", Name: "Riya D"}},
		{"no from at all", `{"profile":{"name":"Riya D"},"user_id":"` + bsuid + `"}`, `"x":1`, data.Sender{UserID: bsuid, Name: "Riya D"}},
		{"no from, but a wa_id", `{"profile":{"name":"Riya D"},"wa_id":"919137979401"}`, `"x":1`, data.Sender{Phone: "+919137979401", Name: "Riya D"}},
		{"no contacts", ``, `"from":"919137979401"`, data.Sender{Phone: "+919137979401"}},
		{"a user id for from", ``, `"from":"` + bsuid + `"`, data.Sender{UserID: bsuid}},
		{"a parent alone", ``, `"from_parent_user_id":"IN.ENT.1181"`, data.Sender{UserID: "IN.ENT.1181", ParentUserID: "IN.ENT.1181"}},
		{"from that the contact spells otherwise", `{"profile":{"name":"Jo"},"wa_id":"553188887777"}`, `"from":"5531988887777"`, data.Sender{Phone: "+5531988887777", Name: "Jo"}},
		{
			"the right one of two contacts", `{"profile":{"name":"Asha"},"wa_id":"919137979402"},{"profile":{"name":"Riya"},"user_id":"` + bsuid + `"}`,
			`"from_user_id":"` + bsuid + `"`,
			data.Sender{UserID: bsuid, Name: "Riya"},
		},
		{"none of two contacts", `{"profile":{"name":"Asha"},"wa_id":"919137979402"},{"profile":{"name":"Bo"},"wa_id":"919137979403"}`, `"from":"919137979401"`, data.Sender{Phone: "+919137979401"}},
		{"Mexico", ``, `"from":"5215512345678"`, data.Sender{Phone: "+5215512345678"}},
		{
			"a group", `{"profile":{"name":"Riya D"},"wa_id":"919137979401"}`, `"from":"919137979401","group_id":"Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"`,
			data.Sender{Phone: "+919137979401", Name: "Riya D", Group: "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseOne(t, []byte(metaBody(`"contacts":[`+c.contacts+`],"messages":[`+metaText(c.message)+`]`)))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			author := ""
			if c.want.Group != "" {
				author = c.want.Name
			}
			want := data.Incoming{From: c.want, Message: data.Message{
				Direction: data.In, At: 1_784_547_587_000, Kind: data.TextMessage, Text: "hi", RemoteID: "wamid.1", WhatsAppID: "wamid.1", Business: "+918888888888", Author: author,
			}}
			if *got.Incoming != want {
				t.Errorf("got  %+v\nwant %+v", *got.Incoming, want)
			}
		})
	}
}

func TestParse_MetaContent(t *testing.T) {
	for _, c := range []struct {
		message string
		want    data.Message // Kind, Text, File, URL, ReplyTo
	}{
		{`"type":"text","text":{"body":"one\ntwo"},"context":{"from":"918888888888","id":"wamid.0"}`, data.Message{Kind: data.TextMessage, Text: "one\ntwo", ReplyTo: "wamid.0"}},
		{`"type":"image","image":{"id":"1","mime_type":"image/jpeg","caption":"the bill","url":"https://example.com/1"}`, data.Message{Kind: data.ImageMessage, Text: "the bill", URL: "https://example.com/1"}},
		{`"type":"video","video":{"id":"1","link":"https://example.com/1"}`, data.Message{Kind: data.VideoMessage, URL: "https://example.com/1"}},
		{`"type":"audio","audio":{"id":"1","voice":true}`, data.Message{Kind: data.AudioMessage}},
		{`"type":"voice","voice":{"id":"1"}`, data.Message{Kind: data.AudioMessage}},
		{`"type":"sticker","sticker":{"id":"1","animated":false}`, data.Message{Kind: data.StickerMessage}},
		{`"type":"document","document":{"id":"1","filename":"bill.pdf","caption":"here"}`, data.Message{Kind: data.DocumentMessage, File: "bill.pdf", Text: "here"}},
		{`"type":"location","location":{"latitude":18.52,"longitude":73.85,"name":"Office","address":"1 Road"}`, data.Message{Kind: data.LocationMessage, Text: "Office\n1 Road\n18.52, 73.85"}},
		{`"type":"contacts","contacts":[{"name":{"formatted_name":"Bo"},"phones":[{"phone":"+46 70","wa_id":"4670"}]}]`, data.Message{Kind: data.ContactsMessage, Text: "Bo: +46 70"}},
		{`"type":"button","button":{"text":"Yes","payload":"y"}`, data.Message{Kind: data.ButtonMessage, Text: "Yes"}},
		{`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"y","title":"Yes"}}`, data.Message{Kind: data.ButtonMessage, Text: "Yes"}},
		{`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"y","title":"Monday","description":"9 to 12"}}`, data.Message{Kind: data.ButtonMessage, Text: "Monday\n9 to 12"}},
		{`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"size\":\"L\",\"flow_token\":\"t\",\"count\":2}"}}`, data.Message{Kind: data.FlowMessage, Text: "count: 2\nsize: L"}},
		{`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"?"}}`, data.Message{Kind: data.FlowMessage, Text: "Sent"}},
		{`"type":"interactive","interactive":{"type":"call_permission_reply"}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message (interactive call_permission_reply)"}},
		{`"type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}`, data.Message{Kind: data.ReactionMessage, Text: "👍", ReplyTo: "wamid.0"}},
		{`"type":"reaction","reaction":{"message_id":"wamid.0"}`, data.Message{Kind: data.ReactionMessage, ReplyTo: "wamid.0"}},
		{`"type":"order","order":{"catalog_id":"1","text":"two please"}`, data.Message{Kind: data.TextMessage, Text: "Order\ntwo please"}},
		{`"type":"order","order":{"catalog_id":"1","product_items":[{"product_retailer_id":"tea","quantity":2,"item_price":30.5,"currency":"INR"}]}`, data.Message{Kind: data.TextMessage, Text: "Order\n2 × tea, 30.5 INR"}},
		{`"type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"hello"}}}`, data.Message{Kind: data.EditMessage, Text: "hello", ReplyTo: "wamid.0"}},
		{`"type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"image","image":{"caption":"hello"}}}`, data.Message{Kind: data.EditMessage, Text: "hello", ReplyTo: "wamid.0"}},
		{`"type":"revoke","revoke":{"original_message_id":"wamid.0"}`, data.Message{Kind: data.DeletionMessage, ReplyTo: "wamid.0"}},
		{`"type":"hologram","hologram":{"greeting":"hello","id":"x","shown":[{"by":"Bo"}]}`, data.Message{Kind: data.TextMessage, Text: "Unsupported message (HOLOGRAM)\nhello\nBo"}},
		{`"type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]`, data.Message{Kind: data.TextMessage, Text: "Unsupported message"}},
		{`"text":{"body":"hi"}`, data.Message{Kind: data.TextMessage, Text: "hi"}},
		{`"type":"text","text":"hi"`, data.Message{Kind: data.TextMessage}},
	} {
		got := parseOne(t, []byte(metaBody(`"messages":[{"id":"wamid.1","from":"919137979401",`+c.message+`}]`)))
		if got.Err != nil {
			t.Errorf("%s: %v", c.message, got.Err)
			continue
		}
		c.want.Direction, c.want.RemoteID, c.want.WhatsAppID, c.want.Business = data.In, "wamid.1", "wamid.1", "+918888888888"
		if got.Incoming.Message != c.want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.message, got.Incoming.Message, c.want)
		}
	}
}

func TestParse_MetaIdentityChange(t *testing.T) {
	system := func(fields, system string) string {
		return metaBody(`"messages":[{"id":"wamid.1","timestamp":"1784547587","type":"system",` + fields + `"system":{` + system + `}}]`)
	}
	for _, c := range []struct {
		name, raw string
		from, to  data.Sender
	}{
		{"a number", system(`"from":"919137979401",`, `"type":"user_changed_number","body":"User Riya changed from 919137979401 to 919137979402","wa_id":"919137979402"`), data.Sender{Phone: "+919137979401"}, data.Sender{Phone: "+919137979402"}},
		{"in the words of before", system(`"from":"919137979401",`, `"type":"user_changed_number","wa_id":"919137979401","new_wa_id":919137979402`), data.Sender{Phone: "+919137979401"}, data.Sender{Phone: "+919137979402"}},
		{"of the customer", system(``, `"type":"customer_changed_number","wa_id":"919137979402","customer":"919137979401"`), data.Sender{Phone: "+919137979401"}, data.Sender{Phone: "+919137979402"}},
		{
			"a number and the user id", system(`"from":"919137979401","from_user_id":"IN.2",`, `"type":"user_changed_number","wa_id":"919137979402","user_id":"IN.2","parent_user_id":"IN.ENT.2","previous_user_id":"IN.1","previous_parent_user_id":"IN.ENT.1"`),
			data.Sender{Phone: "+919137979401", UserID: "IN.1", ParentUserID: "IN.ENT.1"},
			data.Sender{Phone: "+919137979402", UserID: "IN.2", ParentUserID: "IN.ENT.2"},
		},
		{"a user id", system(``, `"type":"user_changed_user_id","previous_user_id":"IN.1","user_id":"IN.2"`), data.Sender{UserID: "IN.1"}, data.Sender{UserID: "IN.2"}},
		{"a user id, from the one before", system(`"from_user_id":"IN.1",`, `"type":"user_changed_user_id","user_id":"IN.2"`), data.Sender{UserID: "IN.1"}, data.Sender{UserID: "IN.2"}},
	} {
		got := parseOne(t, []byte(c.raw))
		want := &data.IdentityChange{From: c.from, To: c.to, At: 1_784_547_587_000}
		if got.Err != nil || !reflect.DeepEqual(got.Change, want) {
			t.Errorf("%s: got %+v, %v", c.name, got.Change, got.Err)
		}
	}
	for name, raw := range map[string]string{
		"who":        system(``, `"type":"user_changed_number","wa_id":"919137979402"`),
		"what to":    system(`"from":"919137979401",`, `"type":"user_changed_number","body":"changed"`),
		"to numbers": system(`"from":"919137979401",`, `"type":"user_changed_number","wa_id":"919137979402,919137979403"`),
		"what of":    system(`"from":"919137979401",`, `"body":"changed"`),
	} {
		if got := parseOne(t, []byte(raw)); got.Err == nil {
			t.Errorf("without %s: %+v", name, got)
		}
	}
	if got := parseOne(t, []byte(system(`"from":"919137979401",`, `"type":"customer_identity_changed","identity":"x"`))); got.Ignored != "system customer_identity_changed" {
		t.Errorf("%+v", got)
	}
}

func TestParse_MetaStatus(t *testing.T) {
	for raw, want := range map[string]data.StatusUpdate{
		`{"id":"wamid.1","status":"sent","timestamp":"1784547587","recipient_id":"919137979401"}`:                                              {MessageID: "wamid.1", Status: data.Sent, At: 1_784_547_587_000},
		`{"id":"wamid.1","status":"delivered","timestamp":"1784547587","recipient_user_id":"IN.1"}`:                                            {MessageID: "wamid.1", Status: data.Delivered, At: 1_784_547_587_000},
		`{"id":"wamid.1","status":"read","timestamp":"1784547587"}`:                                                                            {MessageID: "wamid.1", Status: data.Read, At: 1_784_547_587_000},
		`{"id":"wamid.1","status":"played","timestamp":"1784547587"}`:                                                                          {MessageID: "wamid.1", Status: data.Read, At: 1_784_547_587_000},
		`{"id":"wamid.1","status":"failed","errors":[{"code":131047,"title":"Re-engagement","error_data":{"details":"More than\n24 hours"}}]}`: {MessageID: "wamid.1", Status: data.Failed, Failure: "More than 24 hours"},
		`{"id":"wamid.1","status":"failed","errors":[{"code":131047,"title":"Re-engagement message"}]}`:                                        {MessageID: "wamid.1", Status: data.Failed, Failure: "Re-engagement message"},
		`{"id":"wamid.1","status":"failed","errors":7}`:                                                                                        {MessageID: "wamid.1", Status: data.Failed},
	} {
		if got := parseOne(t, []byte(metaBody(`"statuses":[`+raw+`]`))); got.Err != nil || *got.Status != want {
			t.Errorf("%s: %+v, %v", raw, got.Status, got.Err)
		}
	}
	for raw, ignored := range map[string]string{`{"id":"wamid.1","status":"deleted"}`: "status deleted", `{"id":"wamid.1","status":"lost"}`: "", `{"status":"read"}`: "", `7`: ""} {
		if got := parseOne(t, []byte(metaBody(`"statuses":[`+raw+`]`))); got.Ignored != ignored || (got.Err == nil) != (ignored != "") {
			t.Errorf("%s: %+v", raw, got)
		}
	}
}

// One bad message among good ones spoils none of them.
func TestParse_MetaBatch(t *testing.T) {
	raw := `{"object":"whatsapp_business_account","entry":[` +
		`{"id":"1","changes":[{"field":"messages","value":{"messages":[` + metaText(`"from":"919137979401"`) + `,7,{"id":"wamid.2","type":"text"},` + strings.Replace(metaText(`"from":"919137979402"`), "wamid.1", "wamid.3", 1) + `],` +
		`"statuses":[{"id":"wamid.4","status":"read"},{"status":"read"}]}},{"field":"account_update","value":{"event":"VERIFIED_ACCOUNT"}}]},` +
		`{"id":"2","changes":[{"field":"standby","value":{"messages":[` + strings.Replace(metaText(`"from":"919137979403"`), "wamid.1", "wamid.5", 1) + `],"message_echoes":[{"id":"wamid.6"}]}},` +
		`{"field":"standby","value":{"message_echoes":[{"id":"wamid.6"}]}},{"field":"messages","value":{"contacts":[]}}]}]}`
	var got []string
	for _, d := range doubletick.Parse([]byte(raw)) {
		switch {
		case string(d.Raw) != raw:
			t.Errorf("%s", d.Raw)
		case d.Err != nil && errors.Is(d.Err, data.ErrInvalid):
			got = append(got, "bad")
		case d.Ignored != "":
			got = append(got, d.Ignored)
		case d.Status != nil:
			got = append(got, "status "+d.Status.MessageID)
		default:
			got = append(got, d.Incoming.Message.WhatsAppID)
		}
	}
	if text := strings.Join(got, " "); text != "wamid.1 bad bad wamid.3 status wamid.4 bad account_update wamid.5 standby bad" {
		t.Error(text)
	}
}

// Meta's body comes bare, in an event of DoubleTick's, and in parts.
func TestParse_MetaWrappings(t *testing.T) {
	value := `{"messaging_product":"whatsapp","messages":[` + metaText(`"from":"919137979401"`) + `]}`
	change := `{"field":"messages","value":` + value + `}`
	whole := metaBody(`"messages":[` + metaText(`"from":"919137979401"`) + `]`)
	for _, raw := range []string{
		whole, value, `{"id":"1","changes":[` + change + `]}`, `{"event":"RAW_CLOUD_API_WEBHOOK",` + whole[1:],
		`{"event":"RAW_CLOUD_API_WEBHOOK","data":` + whole + `}`, `{"eventType":"raw-cloud-api-webhook","payload":` + fmt.Sprintf("%q", whole) + `}`,
		`{"data":{"payload":` + whole + `}}`,
	} {
		if got := parseOne(t, []byte(raw)); got.Err != nil || got.Incoming.Message.WhatsAppID != "wamid.1" {
			t.Errorf("%s: %+v", raw, got.Err)
		}
	}
}

// What has many parts takes as long as they are many, and no longer.
func TestParse_MetaWithoutEnd(t *testing.T) {
	many := strings.Repeat(metaText(`"from":"919137979401"`)+",", 9999) + metaText(`"from":"919137979401"`)
	if got := doubletick.Parse([]byte(metaBody(`"contacts":[` + strings.Repeat(`{"wa_id":"1"},`, 40_000) + `{}],"messages":[` + many + `]`))); len(got) != 10_000 || got[9999].Err != nil {
		t.Errorf("%d deliveries, the last is %+v", len(got), got[len(got)-1])
	}
	for kind, count := range map[string]int{"messages": 300_000, "statuses": 10_000} {
		raw := metaBody(`"` + kind + `":[` + strings.Repeat("{},", count) + `{}]`)
		if got := doubletick.Parse([]byte(raw)); len(got) != 10_001 || !strings.Contains(got[10_000].Err.Error(), "more than 10000") {
			t.Errorf("%d deliveries of %d %s", len(got), count+1, kind)
		}
	}
}
