package doubletick

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestAddressIn_NamesTheCustomer(t *testing.T) {
	for raw, want := range map[string]data.Address{
		`{"from":"919137979401","message":{}}`: "+919137979401",
		`{"from":null,"userId":"IN.1"}`:        "IN.1",
		`{"type":"wa_group","to":"1203"}`:      "1203@g.us",
		`{}`:                                   "",
		`{`:                                    "",
		``:                                     "",
	} {
		if got := AddressIn([]byte(raw)); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func TestDigits_DropsTheRest(t *testing.T) {
	for text, want := range map[string]string{"+91 (91379) 79401": "919137979401", "0091/909:": "91909", "": "", "000": "", "٣": ""} {
		if got := digits(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Where nobody says who wrote a message, the numbers tell.
func TestDirection_ByTheNumbers(t *testing.T) {
	one := Chat{With: data.Sender{Phone: riya}, Customer: "919137979401", Business: "918888888888"}
	group := Chat{With: data.Sender{Group: "1203"}, Customer: "1203", Business: "918888888888"}
	for _, c := range []struct {
		of   Chat
		row  string
		want data.Direction // empty where it is neither's
	}{
		{one, `{"sender":"+91 91379 79401"}`, data.In},
		{one, `{"sender":"918888888888"}`, data.Out},
		{one, `{"recipient":"+919137979401"}`, data.Out},
		{one, `{"sender":"917777777777","to":"919137979401"}`, data.Out},
		{one, `{"sender":"917777777777","to":"918888888888"}`, ""},
		{one, `{"to":"917777777777"}`, ""},
		{one, `{}`, ""},
		{Chat{}, `{}`, ""},
		{one, `{"sender":"918888888888","originType":"customer"}`, data.In},
		{one, `{"sender":"919137979401","originType":"BOT"}`, data.Out},
		{one, `{"sender":"919137979401","originType":"SYSTEM"}`, ""},
		{group, `{"sender":"917777777777"}`, data.In},
		{group, `{"sender":"918888888888"}`, data.Out},
		{group, `{"sender":""}`, ""},
	} {
		o, err := parseObject([]byte(c.row))
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := direction(o, c.of); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v", c.row, got, ok)
		}
	}
}

// The desk's own message comes back with the business number as its sender.
func TestParse_KnowsAnEcho(t *testing.T) {
	for fields, want := range map[string]bool{
		`"from":"918888888888","wabaNumber":"918888888888","to":"919137979401"`:       true,
		`"from":"918888888888","wabaNumber":"+91 88888 88888","to":"+919137979401"`:   true,
		`"from":"918888888888","wabaNumber":"918888888888","to":"918888888888"`:       false,
		`"from":"918888888888","wabaNumber":"918888888888","to":"shop"`:               false,
		`"from":"918888888888","to":"919137979401"`:                                   false,
		`"from":"919137979401","wabaNumber":"918888888888","to":"917777777777"`:       false,
		`"from":null,"userId":"IN.1","to":"919137979401"`:                             false,
		`"from":null,"userId":"IN.1","wabaNumber":"918888888888","to":"919137979401"`: false,
	} {
		d := Parse([]byte(`{` + fields + `,"dtMessageId":"a","message":{"text":"hi"}}`))[0]
		if d.Err != nil || d.Incoming.Echo != want {
			t.Errorf("%s: %+v, %v", fields, d.Incoming, d.Err)
		}
	}
}

// Five to twenty digits are a number, however they are written.
func TestDeliveredPhone_CountsDigits(t *testing.T) {
	twenty := strings.Repeat("1234567890", 2)
	for text, want := range map[string]data.Phone{
		"12345": "+12345", "1234": "", "+1234": "", "123 45": "+12345", "123 4": "",
		twenty: data.Phone("+" + twenty), twenty + "1": "", twenty[:10] + " " + twenty[10:]: "", // two numbers
		"12345 67890 12345 67890": data.Phone("+" + twenty), "12345 67890 12345 678901": "",
		"12345/6": "", "": "", "+": "",
		"1" + strings.Repeat("-", 44) + twenty[1:]: data.Phone("+" + twenty),
		"12345" + strings.Repeat("-", 60) + "6789": "", // cut, it would be another's
	} {
		if got, err := deliveredPhone(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestNamesSeveral_FromSevenDigitsOn(t *testing.T) {
	for text, want := range map[string]bool{
		"9009009,9009009": true, "9009009 0900900": true, "9009009+9009009": true, "900900,9009009": false, "900900 900900": false, "91 91379 79401": false, "9009009": false, "": false,
	} {
		if got := namesSeveral(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestUserID_LettersAndDigitsAlone(t *testing.T) {
	for text, want := range map[string]bool{
		"IN.1": true, "az.1": true, "AZ.azAZ09": true, "za.ENT.1": true, "IN.ENT.": false, "IN.ENT": true, "IN.": false, "IN": false,
		"@Z.1": false, "[Z.1": false, "`z.1": false, "{z.1": false, "A@.1": false, "IN.@": false, "IN.[": false, "IN.`": false, "IN.{": false, "IN./": false, "IN.:": false, "IN-1": false,
	} {
		if got := userID(text); (got == text) != want || got != text && got != "" {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestGroupID_VisibleASCIIAlone(t *testing.T) {
	for text, want := range map[string]string{"120-363": "120-363", "!~": "!~", "+1203@g.us": "1203", "a b": "", "a@b": "", "é": "", "a\x7f": "a", "": ""} {
		if got := groupID(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCleanShort_CutsNothing(t *testing.T) {
	long := strings.Repeat("é", 64)
	for text, want := range map[string]string{" a": "a", "a ": "a", "~": "~", long: long, long + "é": "", strings.Repeat("a", 64): strings.Repeat("a", 64), strings.Repeat("a", 65): ""} {
		if got := cleanShort(text, 64); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
