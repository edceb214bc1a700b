package doubletick

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestFormPath_CutsANameIntoItsParts(t *testing.T) {
	for name, want := range map[string][]string{
		"a": {"a"}, "a.b": {"a", "b"}, "a[b]": {"a", "b"}, "a[b][0].c": {"a", "b", "0", "c"}, "a[]": {"a", ""}, ".a": {"a"},
		"": nil, "a..b": nil, "a.": nil, "a.[b]": nil, "a[b": nil, "[a]": nil, ".": nil,
		"a" + strings.Repeat("[a]", maxDepth-2): slices.Repeat([]string{"a"}, maxDepth-1),
		"a" + strings.Repeat("[a]", maxDepth-1): nil,
	} {
		if got, ok := formPath(name); ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("%.40q: %.40q, %v", name, got, ok)
		}
	}
}

func TestParseForm_WritesItsJSON(t *testing.T) {
	for query, want := range map[string]string{
		"from=1&tags[]=a&tags[]=b":                   `{"from":"1","tags":["a","b"]}`,
		"from=1&x[0]=a&x[1]=b":                       `{"from":"1","x":["a","b"]}`,
		"from=1&x[9999]=a":                           `{"from":"1","x":["a"]}`,
		"from=1&x[10000]=a":                          `{"from":"1","x":{"10000":"a"}}`,
		"from=1&x[-1]=a":                             `{"from":"1","x":{"-1":"a"}}`,
		"from=1&x[01]=a":                             `{"from":"1","x":{"01":"a"}}`,
		`from=1&message[payload]={"a":1}`:            `{"from":"1","message":{"payload":"{\"a\":1}"}}`,
		`from=1&message[body]=null`:                  `{"from":"1","message":{"body":"null"}}`,
		`from=1&payload={"a":1}`:                     `{"from":"1","payload":{"a":1}}`,
		`from=1&body=null`:                           `{"body":null,"from":"1"}`,
		`from=1&text=null`:                           `{"from":"1","text":"null"}`,
		`from=1&message[type]=null&message[text]={}`: `{"from":"1","message":{"text":"{}","type":null}}`,
	} {
		form, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := ParseForm(form); len(got) != 1 || string(got[0].Raw) != want {
			t.Errorf("%s: %s, want %s", query, got[0].Raw, want)
		}
	}
}

func TestParseForm_TakesTwoThousandFields(t *testing.T) {
	form := url.Values{"from": {"919137979401"}, "dtMessageId": {"a"}, "message[text]": {"hi"}}
	for i := len(form); i < maxFields; i++ {
		form.Set(fmt.Sprint("x", i), "")
	}
	if got := ParseForm(form); len(got) != 1 || got[0].Err != nil {
		t.Errorf("%d fields: %v", len(form), got[0].Err)
	}
	form.Set("y", "")
	if got := ParseForm(form); len(got) != 1 || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), "2001 fields") {
		t.Errorf("%d fields: %v", len(form), got[0].Err)
	}
}

func TestParseForm_OfNoName(t *testing.T) {
	for _, value := range []string{"", "x"} {
		got := ParseForm(url.Values{"": {value}})
		if len(got) != 1 || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), "cannot be placed") {
			t.Errorf("%q: %+v", value, got)
		}
	}
}
