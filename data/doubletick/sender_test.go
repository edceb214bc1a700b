package doubletick_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

func TestParse_Senders(t *testing.T) {
	const bsuid, other = "IN.13491208655302741918", "IN.99999999999999999999"
	longest := "US." + strings.Repeat("a1", 64)
	for _, c := range []struct {
		name, fields string
		want         data.Sender
	}{
		{"India", `{}`, data.Sender{Phone: "+919137979401"}},
		{"Mexico with the 1", `{"from":"5215512345678"}`, data.Sender{Phone: "+5215512345678"}},
		{"Mexico without it", `{"from":"525512345678"}`, data.Sender{Phone: "+525512345678"}},
		{"Argentina with the 9", `{"from":"5491123456789"}`, data.Sender{Phone: "+5491123456789"}},
		{"Argentina without it", `{"from":"541123456789"}`, data.Sender{Phone: "+541123456789"}},
		{"Brazil without the 9", `{"from":"553188887777"}`, data.Sender{Phone: "+553188887777"}},
		{"Brazil, landline", `{"from":"551132345678"}`, data.Sender{Phone: "+551132345678"}},
		{"Ivory Coast with 8", `{"from":"22507123456"}`, data.Sender{Phone: "+22507123456"}},
		{"Ivory Coast with 10", `{"from":"2250707123456"}`, data.Sender{Phone: "+2250707123456"}},
		{"Benin with 8", `{"from":"22990123456"}`, data.Sender{Phone: "+22990123456"}},
		{"an island's", `{"from":"6835123"}`, data.Sender{Phone: "+6835123"}},
		{"a plus", `{"from":"+5215512345678"}`, data.Sender{Phone: "+5215512345678"}},
		{"zeros in front stay", `{"from":"0091913797940"}`, data.Sender{Phone: "+0091913797940"}},
		{"the shortest", `{"from":"12345"}`, data.Sender{Phone: "+12345"}},
		{"the longest", `{"from":"12345678901234567890"}`, data.Sender{Phone: "+12345678901234567890"}},
		{"as a number", `{"from":12345678901234567890}`, data.Sender{Phone: "+12345678901234567890"}},
		{"with marks around", `{"from":"\u202a+91 91379-79401\u202c"}`, data.Sender{Phone: "+919137979401"}},
		{"as a spreadsheet writes it", `{"from":"919137979401.0"}`, data.Sender{Phone: "+919137979401"}},
		{"as other programs write it", `{"from":"919137979401@s.whatsapp.net"}`, data.Sender{Phone: "+919137979401"}},
		{"as Twilio writes it", `{"from":"whatsapp:+919137979401"}`, data.Sender{Phone: "+919137979401"}},

		{
			"number and user id", `{"userId":"` + bsuid + `","parentUserId":"IN.ENT.11815799212886844830","username":"riya.d","metaBusinessPortfolioId":"506914307656634"}`,
			data.Sender{Phone: "+919137979401", UserID: bsuid, ParentUserID: "IN.ENT.11815799212886844830", Username: "riya.d", Portfolio: "506914307656634"},
		},
		{"no from", `{"from":"gone","userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from null", `{"from":null,"userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from empty", `{"from":"","userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from blank", `{"from":" ","userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from is the user id", `{"from":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from is the user id again", `{"from":"` + bsuid + `","userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"from is the parent", `{"from":"IN.ENT.1","userId":"` + bsuid + `","parentUserId":"IN.ENT.1"}`, data.Sender{UserID: bsuid, ParentUserID: "IN.ENT.1"}},
		{"from masked", `{"from":"91******9401","userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid}},
		{"a parent alone", `{"from":null,"parentUserId":"IN.ENT.1"}`, data.Sender{UserID: "IN.ENT.1", ParentUserID: "IN.ENT.1"}},
		{"user ids are kept to the letter", `{"from":null,"userId":"in.13491208655302741918"}`, data.Sender{UserID: "in.13491208655302741918"}},
		{"the longest user id", `{"from":null,"userId":"` + longest + `"}`, data.Sender{UserID: longest}},
		{"a username with its @", `{"username":"@riya_d"}`, data.Sender{Phone: "+919137979401", Username: "riya_d"}},
		{"a username too long", `{"username":"` + strings.Repeat("r", 65) + `"}`, data.Sender{Phone: "+919137979401"}},

		// In the one real delivery that is known userId stands beside customerId, long
		// before there were business-scoped user ids.
		{"an agent's user id", `{"userId":"user_xyz789"}`, data.Sender{Phone: "+919137979401"}},
		{"a UUID for a user id", `{"userId":"3c176d90-844c-4ac2-a267-5744bb5c1db7"}`, data.Sender{Phone: "+919137979401"}},
		{"a number for a user id", `{"userId":"919137979402"}`, data.Sender{Phone: "+919137979401"}},
		{"a user id too long", `{"userId":"` + longest + `x"}`, data.Sender{Phone: "+919137979401"}},
		{"a user id without its end", `{"userId":"IN."}`, data.Sender{Phone: "+919137979401"}},
		{"a user id of a country of three", `{"userId":"IND.1"}`, data.Sender{Phone: "+919137979401"}},
		{"a user id with a dash", `{"userId":"IN.1-2"}`, data.Sender{Phone: "+919137979401"}},
		{"an object for a user id", `{"userId":{"a":1}}`, data.Sender{Phone: "+919137979401"}},

		{
			"a group", `{"type":"wa_group","to":"120363404694233820","contact":{"name":"Riya D"},"groupName":"Neighbours"}`,
			data.Sender{Phone: "+919137979401", Name: "Riya D", Group: "120363404694233820", GroupName: "Neighbours"},
		},
		{"a group, by another's spelling", `{"type":"WA_GROUP","to":"120363404694233820@g.us"}`, data.Sender{Phone: "+919137979401", Group: "120363404694233820"}},
		{"a group, by its event", `{"event":"WA_GROUP_MESSAGE_RECEIVED","to":"918888888888","groupId":"12036340469423382012"}`, data.Sender{Phone: "+919137979401", Group: "12036340469423382012"}},
		{"a group that writes", `{"from":"120363404694233820@g.us"}`, data.Sender{Group: "120363404694233820"}},
		{"a group, its member without a number", `{"type":"wa_group","to":"120363404694233820","from":null,"userId":"` + bsuid + `"}`, data.Sender{UserID: bsuid, Group: "120363404694233820"}},
		{"a group, nobody named", `{"type":"wa_group","to":"120363404694233820","from":null}`, data.Sender{Group: "120363404694233820"}},
		{"a group with letters", `{"type":"wa_group","to":"support_group_001"}`, data.Sender{Phone: "+919137979401", Group: "support_group_001"}},

		{"Instagram", `{"integrationType":"INSTAGRAM","from":"17841400000000000","customerHandle":"@riya.d"}`, data.Sender{Handle: "instagram:riya.d"}},
		{"Instagram without a handle", `{"channelType":"instagram","from":"17841400000000000"}`, data.Sender{Handle: "instagram:17841400000000000"}},
		{"a channel of its own", `{"providerType":"GENERIC_CHANNEL","from":"riya@example.com"}`, data.Sender{Handle: "generic_channel:riya@example.com"}},
		{"WhatsApp", `{"integrationType":"WHATSAPP","channelType":"WHATSAPP"}`, data.Sender{Phone: "+919137979401"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parseOne(t, []byte(received(c.fields)))
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			if got.Incoming.From != c.want {
				t.Errorf("got  %+v\nwant %+v", got.Incoming.From, c.want)
			}
		})
	}
	for _, c := range []struct {
		name, fields, says string
		is                 error
	}{
		{"two numbers, a comma", `{"from":"919137979401, 919137979402"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers, a slash", `{"from":"+919137979401/+919137979402"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers, a blank", `{"from":"9137979401 9137979402"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers, a plus", `{"from":"919137979401+919137979402"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers, a line", `{"from":"919137979401\n919137979402"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers and a user id", `{"from":"919137979401,919137979402","userId":"` + bsuid + `"}`, "two numbers in one field", data.ErrPhone},
		{"two numbers in a list", `{"from":["919137979401","919137979402"]}`, "names no sender", data.ErrInvalid},
		{"two user ids", `{"from":"` + other + `","userId":"` + bsuid + `"}`, "two customers", data.ErrInvalid},
		{"a digit too few", `{"from":"1234"}`, `"1234"`, data.ErrPhone},
		{"a digit too many", `{"from":"123456789012345678901"}`, `"123456789012345678901"`, data.ErrPhone},
		{"a number with a digit that is none", `{"from":"919137979401.5"}`, "from:", data.ErrPhone},
		{"as a damaged spreadsheet writes it", `{"from":"4.41E+11"}`, "from:", data.ErrPhone},
		{"other digits", `{"from":"٩١٩١٣٧٩٧٩٤٠١"}`, "from:", data.ErrPhone},
		{"masked", `{"from":"91******9401"}`, "from:", data.ErrPhone},
		{"a username alone", `{"from":null,"username":"riya.d"}`, "names no sender", data.ErrInvalid},
		{"an agent's user id alone", `{"from":null,"userId":"user_xyz789"}`, "names no sender", data.ErrInvalid},
		{"a group without an id", `{"type":"wa_group","to":"gone"}`, "group", data.ErrInvalid},
		{"a group of two words", `{"type":"wa_group","to":"my group"}`, "group", data.ErrInvalid},
		{"a group's member is two", `{"type":"wa_group","to":"1","from":"919137979401,919137979402"}`, "two numbers", data.ErrPhone},
		{"Instagram without anybody", `{"integrationType":"INSTAGRAM","from":null}`, "instagram", data.ErrInvalid},
	} {
		got := parseOne(t, []byte(received(c.fields)))
		if !errors.Is(got.Err, c.is) || !strings.Contains(got.Err.Error(), c.says) || len(got.Err.Error()) > 300 || len(got.Raw) == 0 {
			t.Errorf("%s: %+v, %v", c.name, got.Incoming, got.Err)
		}
	}
}

// An id of any length and any characters is read or refused, and never rewritten.
func TestParse_IDsOfAnything(t *testing.T) {
	for n := range 65 {
		for _, c := range []string{"1", "a", "é", "٣", "+", " ", `\u0000`, `\u202e`, ".", "@", "-", "👍", `\ud83d`} {
			id := strings.Repeat(c, n)
			got := parseOne(t, []byte(received(`{"from":"`+id+`","userId":"`+id+`","username":"`+id+`"}`)))
			sound(t, got)
			if taken := c == "1" && n >= 5 && n <= 20; taken != (got.Err == nil) || taken && string(got.Incoming.From.Phone) != "+"+id {
				t.Errorf("%d times %s: %+v, %v", n, c, got.Incoming, got.Err)
			}
		}
	}
}

// The author of a message in a group is its member.
func TestParse_GroupAuthors(t *testing.T) {
	for fields, want := range map[string]string{
		`{"contact":{"name":"Riya D"}}`:                             "Riya D",
		`{"username":"riya.d"}`:                                     "+919137979401",
		`{"from":null,"username":"riya.d","userId":"IN.1"}`:         "@riya.d",
		`{"from":null,"userId":"IN.1"}`:                             "IN.1",
		`{"from":null}`:                                             "",
		`{"wabaNumber":"918888888888","contact":{"name":"Riya D"}}`: "Riya D",
	} {
		got := parseOne(t, []byte(received(fields[:len(fields)-1]+`,"type":"wa_group","to":"120363404694233820"}`)))
		if got.Err != nil || got.Incoming.Message.Author != want {
			t.Errorf("%s: %+v, %v", fields, got.Incoming, got.Err)
			continue
		}
		if business := got.Incoming.Message.Business; strings.Contains(fields, "wabaNumber") != (business == "+918888888888") || business != "" && business != "+918888888888" {
			t.Errorf("%s: came to %q", fields, business)
		}
	}
}

func TestParse_Events(t *testing.T) {
	for raw, want := range map[string]string{
		// The same message by several events.
		received(`{"event":"MESSAGE_RECEIVED"}`):                                  "message dt-1",
		received(`{"event":"CALL_TO_WHATSAPP_MESSAGE_RECEIVED"}`):                 "message dt-1",
		received(`{"eventType":"NEW_LEAD"}`):                                      "message dt-1",
		received(`{"type":"NEW_LEAD"}`):                                           "message dt-1",
		received(`{"type":"individual"}`):                                         "message dt-1",
		received(`{"event":"STANDBY_MESSAGE_RECEIVED"}`):                          "message dt-1",
		received(`{"event":"message.received"}`):                                  "message dt-1",
		received(`{"event":7}`):                                                   `the event "7" is unknown`,
		received(`{"lastMessageOrigin":"REMINDER"}`):                              "message dt-1",
		`{"event":"MESSAGE_RECEIVED","data":` + received(`{}`) + `}`:              "message dt-1",
		`{"payload":` + received(`{}`) + `}`:                                      "message dt-1",
		`{"event":"MESSAGE_STATUS_UPDATE","messageId":"m","status":"READ"}`:       "status m",
		`{"data":{"messageId":"m","status":"READ","statusTimestamp":1}}`:          "status m",
		received(`{"event":"GROUP_SOMETHING"}`):                                   `the event "GROUP_SOMETHING" is unknown`,
		received(`{"type":"group_message"}`):                                      "message dt-1",
		`{"event":"call.something","from":"+919137979401"}`:                       "CALL_SOMETHING",
		received(`{"event":"MESSAGE_SENT"}`):                                      `the event "MESSAGE_SENT" is unknown`,
		`{"event":"NEW_LEAD","from":"+919137979401","dtCustomerId":"customer_p"}`: "the event NEW_LEAD has no message with an id",
		`{"data":{"data":{"data":{"data":` + received(`{}`) + `}}}}`:              "it is neither a message (from, message) nor a status (statusTimestamp)",
		`{"chatId":"chat_abc123","something":"else"}`:                             "it is neither a message (from, message) nor a status (statusTimestamp)",
		`{"messaging_product":"whatsapp"}`:                                        "Meta's delivery holds no messages and no statuses",
		`{"event":"RAW_CLOUD_API_WEBHOOK"}`:                                       "the event RAW_CLOUD_API_WEBHOOK holds nothing that can be read",
		received(`{"event":"CHAT_ASSIGNED_TO_AGENT"}`):                            "CHAT_ASSIGNED_TO_AGENT",
		`{"chatId":"chat_abc123","assignedUserId":"user_xyz789","assignedUserName":"John","customerPhone":"+919111222333","message":{"text":"John assigned conversation to self"}}`: "CHAT_ASSIGNED_TO_AGENT",
		`{"tagId":"t","tagName":"vip","from":"+919137979401","dtCustomerId":"c"}`:                                                                                                   "ADD_TAG or REMOVE_TAG",
		`{"groupId":"g","groupName":"New","inviteLink":"https://chat.whatsapp.com/X","groupCreatedAt":"2026-02-10T08:21:35.120Z"}`:                                                  "GROUP_CREATED",
		`{"callId":"c","channel":"PSTN","from":"+919137979401"}`:                                                                                                                    "CALL",
	} {
		got := parseOne(t, []byte(raw))
		says := got.Ignored
		switch {
		case got.Err != nil:
			says = strings.TrimPrefix(got.Err.Error(), data.ErrInvalid.Error()+": ")
		case got.Incoming != nil:
			says = "message " + got.Incoming.Message.RemoteID
		case got.Status != nil:
			says = "status " + got.Status.MessageID
		}
		if says != want {
			t.Errorf("%s: %s, want %s", raw, says, want)
		}
	}
	for _, name := range []string{
		"CHAT_ASSIGNED_TO_AGENT", "ASSIGNED_AGENT_STATUS_CHANGED", "CHAT_UNASSIGNED", "UPDATE_CUSTOMER_CUSTOM_FIELD", "WIDGET_LEAD_RECEIVED",
		"VERIFIED_WIDGET_LEAD_RECEIVED", "CLOSE_CONVERSATION", "TEMPLATE_UPDATE", "ADD_TAG", "REMOVE_TAG", "CONVERSATION_OPENED",
		"CUSTOMER_BUSINESS_CHAT_OPEN", "CUSTOMER_NOTE_CREATED", "CUSTOMER_NOTE_UPDATED", "CUSTOMER_NOTE_DELETED", "POST_CALL_DISPOSITION",
		"CALL_MISSED", "CALL_INCOMING_INITIATED", "MESSAGING_HANDOVER", "GROUP_CREATED", "GROUP_PARTICIPANT_LEFT",
	} {
		for _, field := range []string{"event", "eventType", "type"} {
			raw := `{"` + field + `":"` + name + `","from":"+919137979401","message":{"text":"x"}}`
			if got := doubletick.Parse([]byte(raw)); len(got) != 1 || got[0].Ignored != name {
				t.Errorf("%s: %+v", raw, got)
			}
		}
	}
}
