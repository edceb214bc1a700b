package doubletick_test

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data/doubletick"
)

// Every way to write a delivery into a form reads as its JSON does.
func TestParseForm_ReadsAsJSON(t *testing.T) {
	for _, c := range []struct {
		name, form string
		raw        string
	}{
		{"brackets", "from=919137979401&to=918888888888&dtMessageId=a&contact[name]=Riya+D&message[type]=TEXT&message[text]=hi", ""},
		{"brackets, escaped", "from=919137979401&to=918888888888&dtMessageId=a&contact%5Bname%5D=Riya+D&message%5Btype%5D=TEXT&message%5Btext%5D=hi", ""},
		{"dots", "from=919137979401&to=918888888888&dtMessageId=a&contact.name=Riya+D&message.type=TEXT&message.text=hi", ""},
		{"JSON in fields", `from=919137979401&to=918888888888&dtMessageId=a&contact={"name":"Riya+D"}&message={"type":"TEXT","text":"hi"}`, ""},
		{"a plus", "from=%2B919137979401&to=%2B918888888888&dtMessageId=a&contact[name]=Riya+D&message[type]=TEXT&message[text]=hi", ""},
		{"nulls", "from=919137979401&to=918888888888&dtMessageId=a&messageId=null&userId=undefined&callbackData=null&contact[name]=Riya+D&message[type]=TEXT&message[text]=hi&message[url]=null", ""},
		{"a field twice", "from=919137979401&from=919137979401&to=918888888888&dtMessageId=a&contact[name]=Riya+D&message[type]=TEXT&message[text]=hi", ""},
		{"all in one field", `payload={"from":"919137979401","to":"918888888888","dtMessageId":"a","contact":{"name":"Riya+D"},"message":{"type":"TEXT","text":"hi"}}`, ""},
		{"in a field with an event", `event=MESSAGE_RECEIVED&data={"from":"919137979401","to":"918888888888","dtMessageId":"a","contact":{"name":"Riya+D"},"message":{"type":"TEXT","text":"hi"}}`, ""},
		{"JSON sent as a form", `{"from":"919137979401","to":"918888888888","dtMessageId":"a","contact":{"name":"Riya D"},"message":{"type":"TEXT","text":"hi"}}`, ""},
		{"JSON with = sent as a form", `{"x":"a=b=","from":"919137979401","to":"918888888888","dtMessageId":"a","contact":{"name":"Riya D"},"message":{"type":"TEXT","text":"hi"}}`, ""},

		{
			"lists", "from=919137979401&dtMessageId=b&message[type]=CONTACTS&message[contacts][0][name][formatted_name]=Bo&message[contacts][0][phones][0][phone]=1&message[contacts][1][name][formatted_name]=Cy",
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"Bo"},"phones":[{"phone":"1"}]},{"name":{"formatted_name":"Cy"}}]}}`,
		},
		{
			"a list in a field", `from=919137979401&dtMessageId=b&message[type]=FLOW&message[flowResponse]=[{"id":"size","value":"L"}]`,
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"FLOW","flowResponse":[{"id":"size","value":"L"}]}}`,
		},
		{
			"an empty list of values", "from=919137979401&dtMessageId=b&message[type]=FLOW&message[flowResponse][0][id]=size&message[flowResponse][0][value]=L&tags[]=a&tags[]=b",
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"FLOW","flowResponse":[{"id":"size","value":"L"}]},"tags":["a","b"]}`,
		},
		{
			"a place", "from=919137979401&dtMessageId=b&message.type=LOCATION&message.latitude=18.52&message.longitude=73",
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"LOCATION","latitude":18.52,"longitude":73}}`,
		},
		{
			"words that look like JSON", `from=919137979401&dtMessageId=b&message[type]=TEXT&message[text]={"a":1}`,
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"TEXT","text":"{\"a\":1}"}}`,
		},
		{
			"words that look like nothing", `from=919137979401&dtMessageId=b&message[type]=TEXT&message[text]=null`,
			`{"from":"919137979401","dtMessageId":"b","message":{"type":"TEXT","text":"null"}}`,
		},
		{
			"a status", "messageId=m&to=%2B919137979401&status=READ&statusTimestamp=1784547587443",
			`{"messageId":"m","status":"READ","statusTimestamp":1784547587443}`,
		},
		{
			"no number", "from=&userId=IN.13491208655302741918&username=riya_d&dtMessageId=b&message[text]=hi",
			`{"from":"","userId":"IN.13491208655302741918","username":"riya_d","dtMessageId":"b","message":{"text":"hi"}}`,
		},
		{"an event that holds nothing", "event=ADD_TAG&tagName=vip&from=919137979401", `{"event":"ADD_TAG","from":"919137979401"}`},
		{"a list of deliveries", "payload=[" + m("x") + "," + s("y") + "]", "[" + m("x") + "," + s("y") + "]"},
		{"Meta's body", "payload=" + url.QueryEscape(metaBody(`"messages":[`+metaText(`"from":"919137979401"`)+`]`)), metaBody(`"messages":[` + metaText(`"from":"919137979401"`) + `]`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.raw == "" {
				c.raw = `{"from":"919137979401","to":"918888888888","dtMessageId":"a","contact":{"name":"Riya D"},"message":{"type":"TEXT","text":"hi"}}`
			}
			form, err := url.ParseQuery(c.form)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Collect(doubletick.Deliveries(strings.NewReader(c.raw)))
			got := doubletick.ParseForm(form)
			if !slices.EqualFunc(got, want, alike) || got[0].Err != nil {
				t.Fatalf("%+v, want %+v", got, want)
			}
			for _, d := range got {
				again := doubletick.Parse(d.Raw)
				if len(again) == 0 || !alike(again[0], d) {
					t.Errorf("its JSON %s reads as %+v", d.Raw, again)
				}
			}
		})
	}
}

func TestParseForm_Refuses(t *testing.T) {
	many := url.Values{}
	for i := range 3000 {
		many.Set(strings.Repeat("x", i), "")
	}
	for name, form := range map[string]url.Values{
		"nothing":               {},
		"another form":          {"name": {"Riya"}},
		"no name":               {"": {"x"}, "y": {"z"}},
		"a bracket open":        {"message[text": {"x"}},
		"a value and an object": {"message": {"x"}, "message[text]": {"y"}},
		"two dots":              {"message..text": {"x"}},
		"too deep":              {"a" + strings.Repeat("[a]", 100): {"x"}},
		"too many":              many,
		"two senders":           {"from": {"919137979401", "919137979402"}, "dtMessageId": {"a"}, "message[text]": {"hi"}},
		"an empty list":         {"payload": {"[]"}},
		"values of nothing":     {"from": {}},
	} {
		got := doubletick.ParseForm(form)
		if len(got) != 1 || got[0].Err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzParseForm(f *testing.F) {
	for _, seed := range []string{
		"from=919137979401&dtMessageId=b&message[type]=CONTACTS&message[contacts][0][phones][0][phone]=1", "message.text=a&message=b", "a[]=1&a[]=2&a[0]=3",
		`payload={"from":1}`, `{"from":"1"}`, "event=ADD_TAG", "x[99999]=1&x[-1]=2&x[01]=3", "%00=%ff", "from&from", "[]=1", "a.[b]=c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		all := doubletick.ParseForm(form)
		if len(all) == 0 {
			t.Fatal("nothing came of it")
		}
		for _, d := range all {
			sound(t, d)
		}
		if again := doubletick.ParseForm(form); !slices.EqualFunc(all, again, alike) {
			t.Errorf("%+v, then %+v", all, again)
		}
		if raw := all[0].Raw; raw != nil && !bytes.HasPrefix(raw, []byte("{")) {
			t.Errorf("%s", raw)
		}
	})
}
