package doubletick_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

func FuzzDeliveries(f *testing.F) {
	for _, seed := range []string{
		"", m("a"), s("b"), "\ufeff" + m("a") + "\n{\n" + s("b"), "[" + m("a") + "," + s("b") + "]", pretty("[" + m("a") + "]"),
		"{\"a\":\n{\"b\":[\n" + m("c"), `[{"a" 1},1,"x",[[]],` + m("a"), "\xff\xfe{\x00",
		received(`{"receivedAt":1e3,"contact":{"name":"\u202eA"},"message":{"type":"LOCATION","latitude":1,"longitude":"2","name":"\u0000"}}`),
		received(`{"message":{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"\ud83d"},"phones":[{"phone":1}]}]}}`),
		received(`{"from":9.1e11,"message":{"type":"FLOW","flowResponse":[{"id":"a","value":["\u2028"]}]}}`),
		received(`{"to":"\u001b","message":{"type":"POLL\u0085","url":"http://a/\u202e","fileName":"\t"}}`),
		`{"messageId":"\u2066","status":"failed","statusTimestamp":"2026-07-20T11:39:47Z","failMessage":"\u0007\n"}`,
		received(`{"from":null,"userId":"IN.13491208655302741918","parentUserId":"IN.ENT.1","username":"@riya.d","metaBusinessPortfolioId":5}`),
		received(`{"type":"wa_group","to":"120363404694233820","groupName":"\u202e","contact":{"name":"Riya"}}`),
		received(`{"integrationType":"INSTAGRAM","customerHandle":"@\u0000"}`), received(`{"from":"+919137979401/ 919137979402"}`),
		`{"event":"RAW_CLOUD_API_WEBHOOK","data":` + metaBody(`"contacts":[{"user_id":"IN.1","profile":{"username":"r"}}],"messages":[`+metaText(`"from_user_id":"IN.1"`)+`,7],"statuses":[{"id":"a","status":"failed","errors":[{"title":"x"}]}]`) + `}`,
		metaBody(`"messages":[{"id":"a","type":"system","from":"919137979401","system":{"type":"user_changed_number","wa_id":"919137979402"}},{"id":"b","from":"12345","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"a\":[1]}"}}}]`),
		`{"payload":"{\"data\":{\"event\":\"CALL_X\"}}"}`, `{"eventType":"ADD_TAG"}`, `{"tagId":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var all []doubletick.Delivery
		line := 1
		for d := range doubletick.Deliveries(bytes.NewReader(input)) {
			all = append(all, d)
			sound(t, d)
			if d.Line < line || d.Line > 1+bytes.Count(input, []byte("\n")) {
				t.Errorf("line %d after line %d", d.Line, line)
			}
			line = d.Line
		}
		if len(all) > len(input)+1 {
			t.Errorf("%d deliveries of %d bytes", len(all), len(input))
		}
		if again := told(iotest.HalfReader(bytes.NewReader(input))); len(again) != len(all) {
			t.Errorf("%d deliveries, read otherwise %d", len(all), len(again))
		}
		alone := doubletick.Parse(input)
		for _, d := range alone {
			sound(t, d)
		}
		object := bytes.TrimSpace(input)
		if !json.Valid(object) || object[0] != '{' {
			if !bytes.HasPrefix(input, []byte("\ufeff")) && alone[0].Err == nil {
				t.Errorf("%q is no JSON object and was taken", input)
			}
			return
		}
		if err := alone[0].Err; err != nil && strings.Contains(err.Error(), "broken") {
			t.Errorf("%q is JSON: %v", input, err)
		}
		if !slices.EqualFunc(all, alone, alike) {
			t.Errorf("%q alone is %+v, in a row %+v", input, alone, all)
		}
	})
}

// alike reports whether two deliveries say the same.
func alike(a, b doubletick.Delivery) bool {
	return reflect.DeepEqual(a.Incoming, b.Incoming) && reflect.DeepEqual(a.Status, b.Status) && reflect.DeepEqual(a.Change, b.Change) &&
		a.Ignored == b.Ignored && (a.Err == nil) == (b.Err == nil)
}

var (
	phoneShape  = regexp.MustCompile(`^(\+[0-9]{5,20})?$`)
	userIDShape = regexp.MustCompile(`^([A-Za-z]{2}\.([Ee][Nn][Tt]\.)?[0-9A-Za-z]{1,128})?$`)
	groupShape  = regexp.MustCompile(`^[!-?A-~]{0,128}$`)
)

// known checks what a sender is known by, and returns its texts. Somebody is always
// known.
func known(t *testing.T, s data.Sender) []string {
	t.Helper()
	if !phoneShape.MatchString(string(s.Phone)) || !userIDShape.MatchString(s.UserID) || !userIDShape.MatchString(s.ParentUserID) ||
		!groupShape.MatchString(s.Group) || len(s.Identities()) == 0 {
		t.Errorf("%+v", s)
	}
	return []string{s.Name, s.Username, s.Portfolio, s.GroupName, s.Handle}
}

// sound checks what holds of every delivery.
func sound(t *testing.T, d doubletick.Delivery) {
	t.Helper()
	set := 0
	for _, is := range []bool{d.Incoming != nil, d.Status != nil, d.Change != nil, d.Ignored != "", d.Err != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		t.Fatalf("%d are set of %+v", set, d)
	}
	var texts, short []string
	switch {
	case d.Err != nil:
		texts = []string{d.Err.Error()}
		if !errors.Is(d.Err, data.ErrInvalid) && !errors.Is(d.Err, data.ErrPhone) || len(texts[0]) > 1000 {
			t.Errorf("the error %v", d.Err)
		}
	case d.Status != nil:
		short = []string{d.Status.MessageID, d.Status.Failure}
		if d.Status.MessageID == "" || d.Status.Status < data.Sent || d.Status.Status > data.Failed || d.Status.At < 0 {
			t.Errorf("%+v", d.Status)
		}
	case d.Change != nil:
		short = append(known(t, d.Change.From), known(t, d.Change.To)...)
	case d.Ignored != "":
		short = []string{d.Ignored}
	default:
		in := d.Incoming
		texts = []string{in.Message.Text}
		short = append(known(t, in.From), in.Message.File, in.Message.URL, in.Message.RemoteID, in.Message.WhatsAppID, in.Message.Business, in.Message.ReplyTo, in.Message.Author)
		if in.Message.RemoteID == "" || in.Message.Kind == "" || in.Message.Direction != data.In || in.Message.At < 0 || (in.Message.Author != "") && in.From.Group == "" {
			t.Errorf("%+v", in)
		}
	}
	for _, text := range append(texts, short...) {
		if !utf8.ValidString(text) || len(text) > data.MaxTextBytes {
			t.Errorf("%d bytes: %.1000q", len(text), text)
		}
		if got := data.Clean(text); got != text {
			t.Errorf("%.1000q is not clean", text)
		}
	}
	for _, text := range short {
		if n := utf8.RuneCountInString(text); n > 2048 || strings.ContainsAny(text, "\n\t") {
			t.Errorf("%d characters: %.1000q", n, text)
		}
	}
}
