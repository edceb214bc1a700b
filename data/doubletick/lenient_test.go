package doubletick

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestObject_FieldInAnotherCaseIsTheFirstOfTheAlphabet(t *testing.T) {
	o := object{"Name": []byte("2"), "NAME": []byte("1"), "namE": []byte("3"), "other": []byte("4")}
	if got := string(o.field("name")); got != "1" {
		t.Errorf("%s", got)
	}
	o["name"] = []byte("5")
	if got := string(o.field("name")); got != "5" {
		t.Errorf("to the letter: %s", got)
	}
}

func TestObject_IsAlsoAListOfOne(t *testing.T) {
	for raw, want := range map[string]bool{
		`{"a":1}`: true, `[{"a":1}]`: true, `[{"a":1},{"a":2}]`: false, `[]`: false, `[1]`: false, `"a"`: false, `null`: false,
	} {
		if got := (object{"o": []byte(raw)}).object("o"); (got != nil) != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

func TestListOf_NullIsEmpty(t *testing.T) {
	for raw, want := range map[string]int{`[]`: 0, `null`: 0, `[1,2]`: 2, `{}`: -1, `"[]"`: -1, `1`: -1, ``: -1, `n`: -1, `[`: -1} {
		if list, ok := listOf(json.RawMessage(raw)); ok != (want >= 0) || ok && len(list) != want {
			t.Errorf("%s: %d, %v", raw, len(list), ok)
		}
	}
	if p, ok := parsePage([]byte(`{"chats":null}`)); !ok || len(p.Chats) != 0 {
		t.Errorf("a page of null: %+v, %v", p, ok)
	}
}

func TestScalar_SpellsNumbersOut(t *testing.T) {
	for raw, want := range map[string]string{
		`0`: "0", `0.5`: "0.5", `9`: "9", `-1`: "-1", `9.19137979401e11`: "919137979401", `919137979401.0`: "919137979401",
		`9007199254740991.0`: "9007199254740991", `9007199254740992.0`: "9007199254740992.0", `-9007199254740992.0`: "-9007199254740992.0", `1e999`: "1e999",
		`true`: "true", `null`: "", `{}`: "", ``: "", `"a\n"`: "a\n", `"a"`: "a",
	} {
		if got := scalar(json.RawMessage(raw)); got != want {
			t.Errorf("%s is %q, want %q", raw, got, want)
		}
	}
}

func TestPlainName_KeepsLettersAndDigits(t *testing.T) {
	if got := plainName("azAZ09`{@[/:. é"); got != "AZAZ09_________" {
		t.Errorf("%s", got)
	}
}

// An answer lies at most four objects deep.
func TestChosen_LooksFourDeep(t *testing.T) {
	nested := func(depth int) object {
		raw := strings.Repeat(`{"reply":`, depth) + `{"title":"Yes"}` + strings.Repeat("}", depth)
		o, err := parseObject([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	for depth, want := range map[int]string{0: "Yes", 1: "Yes", maxChoice: "Yes", maxChoice + 1: "", maxChoice + 2: ""} {
		if got := chosen(nested(depth), 0); got != want {
			t.Errorf("%d deep: %q, want %q", depth, got, want)
		}
	}
}

func TestWordsIn_AreBounded(t *testing.T) {
	within := func(open, close string, depth int) object {
		return object{"a": []byte(strings.Repeat(open, depth) + `"WORD"` + strings.Repeat(close, depth))}
	}
	for depth, want := range map[int]int{0: 1, 1: 1, maxWordsDepth: 1, maxWordsDepth + 1: 0} {
		for _, brackets := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
			if got := wordsIn(within(brackets[0], brackets[1], depth)); len(got) != want {
				t.Errorf("%d deep in %s: %q", depth, brackets[0], got)
			}
		}
	}
	var many []string
	for i := range maxWords + 50 {
		many = append(many, fmt.Sprint("word ", i))
	}
	raw, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	if got := wordsIn(object{"a": raw}); !slices.Equal(got, many[:maxWords]) {
		t.Errorf("of %d words %d are kept", len(many), len(got))
	}
}

// Words of a known type that stand where nobody expects them are kept, and the delivery
// as well.
func TestFillContent_TellsWhetherItUnderstood(t *testing.T) {
	for raw, want := range map[string]bool{
		`{"type":"TEXT","text":"hi"}`: true, `{"type":"STICKER"}`: true, `{"type":"TEXT","elsewhere":"hi"}`: false, `{"type":"HOLOGRAM"}`: false,
	} {
		d := Parse([]byte(`{"from":"919137979401","dtMessageId":"a","message":` + raw + `}`))[0]
		if d.Err != nil || (d.Incoming.Raw == "") != want {
			t.Errorf("%s: %+v, %v", raw, d.Incoming, d.Err)
		}
	}
}

func TestContactsText_OneAlone(t *testing.T) {
	const asha = `{"name":"Asha","phone":"+919876543210"}`
	for raw, want := range map[string]string{
		`{"contact":` + asha + `}`:  "Asha: +919876543210",
		`{"contacts":` + asha + `}`: "Asha: +919876543210",
		`{"contacts":[` + asha + `,{"name":"Bo"}],"contact":{"name":"Eve"}}`: "Asha: +919876543210\nBo",
		`{}`: "",
	} {
		o, err := parseObject([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got := contactsText(o); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

func TestFlowValue_OfNothing(t *testing.T) {
	for raw, want := range map[string]string{``: "", `null`: "", `"a"`: "a", `["a","b"]`: "a, b", `[`: "", `{"a":1}`: `{"a":1}`} {
		if got := flowValue(json.RawMessage(raw)); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

func TestParseDegrees_UpToThePoles(t *testing.T) {
	for text, want := range map[string]string{"90": "90", "-90": "-90", "90.1": "", "-90.1": "", "NaN": "", "": "", " 1.50 ": "1.5"} {
		if got, ok := parseDegrees(text, 90); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

func TestJSONScanner_BeginsAndGoesOnWithWords(t *testing.T) {
	for _, c := range []byte("09azAZ-+.") {
		scan := jsonScanner{expect: value}
		for range 2 {
			if _, err := scan.step(c); err != nil || !scan.inLiteral {
				t.Errorf("%q: %v", c, err)
			}
		}
	}
	for _, c := range []byte("/:;@`|}]") {
		if _, err := (&jsonScanner{}).step(c); err == nil {
			t.Errorf("%q begins a value", c)
		}
	}
}
