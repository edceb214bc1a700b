package doubletick

import (
	"reflect"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestParsePage_Customers(t *testing.T) {
	for row, want := range map[string]Chat{
		`"phoneNumber":"+91 91379 79401","name":"Riya"`: {With: data.Sender{Phone: riya, Name: "Riya"}, Customer: "+91 91379 79401"},
		`"phoneNumber":"5215512345678"`:                 {With: data.Sender{Phone: "+5215512345678"}, Customer: "5215512345678"},
		`"phoneNumber":22507123456`:                     {With: data.Sender{Phone: "+22507123456"}, Customer: "22507123456"},
		`"phoneNumber":"919137979401","userId":"IN.1","username":"@riya.d","metaBusinessPortfolioId":"5"`: {
			With: data.Sender{Phone: riya, UserID: "IN.1", Username: "riya.d", Portfolio: "5"}, Customer: "919137979401",
		},
		`"phoneNumber":null,"userId":"IN.1","name":"Riya"`:                                                               {With: data.Sender{UserID: "IN.1", Name: "Riya"}},
		`"phoneNumber":"IN.1"`:                                                                                           {With: data.Sender{UserID: "IN.1"}},
		`"chatType":"INDIVIDUAL","phoneNumber":"919137979401","providerType":null`:                                       {With: data.Sender{Phone: riya}, Customer: "919137979401"},
		`"chatType":"WA_GROUP","phoneNumber":"120363404694233820","name":"Neighbours"`:                                   {With: data.Sender{Group: "120363404694233820", GroupName: "Neighbours"}, Customer: "120363404694233820"},
		`"chatType":"WA_GROUP","phoneNumber":null,"groupId":"120363404694233820"`:                                        {With: data.Sender{Group: "120363404694233820"}, Customer: "120363404694233820"},
		`"providerType":"INSTAGRAM","phoneNumber":null,"customerHandle":"@riya.d","name":"Riya"`:                         {With: data.Sender{Handle: "instagram:riya.d", Name: "Riya"}},
		`"providerType":"GENERIC_CHANNEL","phoneNumber":null,"username":"riya","tagNames":["a"]`:                         {With: data.Sender{Handle: "generic_channel:riya"}, Tags: []string{"a"}},
		`"providerType":"INSTAGRAM","phoneNumber":"17841400000000000"`:                                                   {With: data.Sender{Handle: "instagram:17841400000000000"}, Customer: "17841400000000000"},
		`"phoneNumber":null,"userId":"IN.1","lastMessage":{"messageOriginType":"CUSTOMER","message":{"text":"no id"}}`:   {With: data.Sender{UserID: "IN.1"}},
		`"phoneNumber":null,"userId":"IN.1","lastMessage":{"id":"a","message":{"text":"from whom?"}}`:                    {With: data.Sender{UserID: "IN.1"}},
		`"phoneNumber":null,"userId":"IN.1","lastMessage":{"id":"a","messageOriginType":"USER","message":{"text":"hi"}}`: {With: data.Sender{UserID: "IN.1"}, Last: []data.Message{{Direction: data.Out, At: 1_784_547_587_000, Kind: data.TextMessage, Text: "hi", RemoteID: "a", Business: "+918888888888"}}},
	} {
		want.Business, want.LastAt, want.Updated = "918888888888", 1_784_547_587_000, "1784547587000"
		p, ok := parsePage([]byte(`{"chats":[{"wabaNumber":"918888888888","lastMessageTime":1784547587000,` + row + `}]}`))
		if !ok || len(p.Chats) != 1 || !reflect.DeepEqual(p.Chats[0], want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", row, p.Chats, want)
		}
	}
	for _, row := range []string{`"phoneNumber":null`, `"phoneNumber":"12345` + strings.Repeat("-", 60) + `6789"`, `"phoneNumber":"x","name":"Riya"`, `"chatType":"WA_GROUP"`, `"providerType":"INSTAGRAM","phoneNumber":null`, `"userId":"user_1"`} {
		if p, ok := parsePage([]byte(`{"chats":[{` + row + `}]}`)); !ok || len(p.Chats) != 0 || len(p.Odd) != 1 || string(p.Odd[0]) != "{"+row+"}" {
			t.Errorf("%s: %+v, %q", row, p.Chats, p.Odd)
		}
	}
}

// What is kept under a chat's key must be found again by a newer version.
func TestChat_Key(t *testing.T) {
	for want, c := range map[string]Chat{
		"+919137979401 918888888888": {With: data.Sender{Phone: riya, UserID: "IN.1"}, Business: "918888888888"},
		"IN.1 shop":                  {With: data.Sender{UserID: "IN.1"}, Business: "shop"},
		"120@g.us 1":                 {With: data.Sender{Phone: riya, Group: "120"}, Business: "1"},
		"instagram:riya shop":        {With: data.Sender{Handle: "instagram:riya"}, Business: "shop"},
	} {
		if got := c.Key(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The members of a group are the authors of what they wrote, in both shapes.
func TestParseMessages_GroupAuthors(t *testing.T) {
	of := Chat{With: data.Sender{Group: "120363404694233820"}, Customer: "120363404694233820", Business: "918888888888"}
	for row, want := range map[string]string{
		`"messageOriginType":"CUSTOMER","contact":{"name":"Riya"}`:                             "in Riya",
		`"messageOriginType":"CUSTOMER","senderUser":{"name":"Riya"}`:                          "in Riya",
		`"messageOriginType":"CUSTOMER","senderName":"Riya"`:                                   "in Riya",
		`"messageOriginType":"CUSTOMER","from":"919137979401"`:                                 "in +919137979401 by +919137979401",
		`"messageOriginType":"CUSTOMER","participant":"IN.1"`:                                  "in IN.1 by IN.1",
		`"messageOriginType":"CUSTOMER"`:                                                       "in ",
		`"messageOriginType":"USER","senderUser":{"name":"Bo"}`:                                "out Bo",
		`"messageOriginType":"USER","from":"919137979401","senderUser":{"name":"Bo"}`:          "out Bo",
		`"sender":"+91 91379 79401","recipient":"120363404694233820"`:                          "in +919137979401 by +919137979401",
		`"sender":"+91 88888 88888","recipient":"120363404694233820"`:                          "out ",
		`"messageOriginType":"CUSTOMER","sender":"919137979401","senderName":"Riya"`:           "in Riya by +919137979401",
		`"messageOriginType":"CUSTOMER","contact":{"name":"Riya","phone":"+91 9137979401"}`:    "in Riya by +919137979401",
		`"messageOriginType":"CUSTOMER","participant":{"name":"R","phoneNumber":"5512345678"}`: "in R by +5512345678",
		`"messageOriginType":"CUSTOMER","userId":"IN.1","senderName":"Riya"`:                   "in Riya by IN.1",
		// The group, the business and a name are no address of a member.
		`"messageOriginType":"CUSTOMER","from":"120363404694233820","senderName":"Riya"`:                     "in Riya",
		`"messageOriginType":"CUSTOMER","from":"120363404694233821@g.us","senderName":"Riya"`:                "in Riya",
		`"messageOriginType":"CUSTOMER","sender":"+918888888888","senderName":"Riya"`:                        "in Riya",
		`"messageOriginType":"CUSTOMER","sender":"Riya D"`:                                                   "in Riya D",
		`"messageOriginType":"CUSTOMER","from":"120363404694233820","participant":"919137979401"`:            "in +919137979401 by +919137979401",
		`"messageOriginType":"CUSTOMER","customer":{"name":"Neighbours","phoneNumber":"120363404694233820"}`: "in Neighbours",
		`"messageOriginType":"CUSTOMER","userId":"65f0c1d2e3","senderName":"Riya"`:                           "in Riya",
		`"messageOriginType":"CUSTOMER","sender":"919137979401 / 919137979402","senderName":"R"`:             "in R",
	} {
		got, _, ok := parseMessages([]byte(`{"messages":[{"messageId":"a","message":"hi",`+row+`}]}`), of)
		if !ok || len(got) != 1 {
			t.Errorf("%s: %+v", row, got)
			continue
		}
		is := string(got[0].Direction) + " " + got[0].Author
		if got[0].AuthorAddress != "" {
			is += " by " + string(got[0].AuthorAddress)
		}
		if is != want {
			t.Errorf("%s: %s, want %s", row, is, want)
		}
	}
}
