package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// The two calls that are DoubleTick's are answered as DoubleTick does.
func TestBlock_AnswersAsDoubleTick(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	for _, act := range []string{"block", "unblock"} {
		target := "/customer/" + act
		for range 2 {
			w.expects(act, w.asks("POST", target, phone(riya)), 201, `{}`)
		}
		w.expects(act+" without +", w.asks("POST", target, `{"phone":"919137979401"}`), 201, `{}`)
		for name, body := range map[string]string{
			"nothing": ``, "blanks": " \n", "no phone": `{}`, "null": `{"phone":null}`, "a number": `{"phone":919137979401}`, "a list": `{"phone":["+919137979401"]}`,
			"an object": `{"phone":{"a":1}}`, "true": `{"phone":true}`, "huge": `{"phone":1e400}`, "other fields": `{"to":"+919137979401"}`,
		} {
			w.expects(act+" "+name, w.asks("POST", target, body), 400, `{"statusCode":400,"message":["phone must be a string"],"error":"Not Found"}`)
		}
		for body, why := range map[string]string{
			`{"phone":""}`:                   "phone must be longer than or equal to 10 characters",
			`{"phone":"+91913797"}`:          "phone must be longer than or equal to 10 characters",
			`{"phone":"+9191379794011111"}`:  "phone must be shorter than or equal to 15 characters",
			`{"phone":"+00000000000"}`:       "phone must be a valid phone number",
			`{"phone":"not a phone"}`:        "phone must be a valid phone number",
			`{"phone":"+1 phone num"}`:       "phone must be a valid phone number",
			`[]`:                             "the body must be an object",
			`"+919137979401"`:                "the body must be an object",
			`null`:                           "the body must be an object",
			`7`:                              "the body must be an object",
			`{"phone":"+919137979401"`:       "the body must be JSON",
			`{"phone":"+919137979401"} {}`:   "the body must be JSON",
			`phone=+919137979401`:            "the body must be JSON",
			`{'phone':'+919137979401'}`:      "the body must be JSON",
			strings.Repeat("[", 200_000):     "the body must be JSON",
			strings.Repeat(`{"a":`, 200_000): "the body must be JSON",
		} {
			w.expects(act+" "+body[:min(len(body), 40)], w.asks("POST", target, body), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Not Found"}`)
		}
		w.expects(act+" a stranger", w.asks("POST", target, phone(ada)), 404, `{"statusCode":404,"message":"Invalid Customer"}`)
		for name, change := range map[string]with{
			"no key": noKey, "another key": withKey("0123"), "Bearer": withKey("Bearer " + w.key), "the key and more": withKey(w.key + "0"), "half of it": withKey(w.key[:32]),
		} {
			w.expects(act+" "+name, w.asks("POST", target, phone(riya), change), 401, `{"statusCode":401,"message":"Unauthorized"}`)
		}
		w.expects(act+" as a form", w.asks("POST", target, phone(riya), header("Content-Type", "application/x-www-form-urlencoded")), 201, `{}`)
	}
	if got := w.kinds(id); got != "blocked unblocked" {
		t.Errorf("the events are %s", got)
	}
}

// What goes beyond DoubleTick's call.
func TestBlock_Request(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	got := w.asks("POST", "/customer/block", `{"phone":"+919137979401","reason":"spam","note":" rude ","until":"7d","agent":" Bo ","extra":{"a":[1]}}`)
	w.expects("block", got, 201, `{}`)
	b := w.customer(id).Block
	want := data.Block{By: data.Actor{Kind: data.AgentActor, Name: "Bo", Channel: data.ViaAPI}, At: start, Reason: "Spam", Note: "rude", Until: start.Add(7 * 24 * time.Hour)}
	if b == nil || *b != want {
		t.Errorf("got  %+v\nwant %+v", b, want)
	}
	w.expects("unblock", w.asks("POST", "/customer/unblock", `{"phone":"+919137979401","note":"sorry","discard":true}`), 201, `{}`)
	w.expects("block", w.asks("POST", "/customer/block", `{"phone":"+919137979401","reason":null,"note":null,"until":"2026-08-01T00:00:00Z","agent":null}`), 201, `{}`)
	if b := w.customer(id).Block; b.By != (data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}) || b.Until.String() != "2026-08-01T00:00:00.000Z" {
		t.Errorf("%+v", b)
	}
	for body, why := range map[string]string{
		`"reason":"Weather"`: `reason must be one of the following values: Spam, Abuse, Scam, Wrong number, Opted out, Other`,
		`"reason":7`:         `reason must be a string`,
		`"reason":"` + strings.Repeat("x", 41) + `"`: `reason must be shorter than or equal to 40 characters`,
		`"note":"` + strings.Repeat("é", 501) + `"`:  `note must be shorter than or equal to 500 characters`,
		`"until":"tomorrow"`:                         `until: \"tomorrow\" is neither a span of time (90m, 8h, 7d, 2w) nor a date (2026-11-29, 2026-11-29 14:00)`,
		`"until":"2020-01-01T00:00:00Z"`:             `until: \"2020-01-01T00:00:00Z\" is in the past`,
		`"until":"999999999d"`:                       `until: \"999999999d\" is more than a hundred years ahead`,
		`"until":1e999`:                              `until must be a string`,
		`"agent":{}`:                                 `agent must be a string`,
	} {
		w.expects(body[:min(len(body), 40)], w.asks("POST", "/customer/block", `{"phone":"+919137979401",`+body+`}`), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Not Found"}`)
	}
	got = w.asks("POST", "/customer/block", `{"phone":7,"reason":"Weather","note":[]}`)
	if got.status != 400 || !strings.Contains(got.body, `"phone must be a string"`) || !strings.Contains(got.body, `"note must be a string"`) {
		t.Errorf("not all is listed: %s", got.body)
	}
}

// A request with a key does what it does once.
func TestBlock_IdempotencyKey(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	block := func(body string, key string) reply { return w.asks("POST", "/customer/block", body, once(key)) }
	w.expects("first", block(phone(riya), "a"), 201, `{}`)
	w.expects("unblock", w.asks("POST", "/customer/unblock", phone(riya)), 201, `{}`)
	w.expects("again", block(phone(riya), "a"), 201, `{}`)
	if w.customer(id).Block != nil {
		t.Error("the repeated request blocked")
	}
	const reused = `{"statusCode":422,"message":"This Idempotency-Key or messageId was used for another request","error":"Unprocessable Entity"}`
	w.expects("another body", block(`{"phone":"919137979401"}`, "a"), 422, reused)
	w.expects("another call", w.asks("POST", "/customer/unblock", phone(riya), once("a")), 422, reused)
	spaced := `{ "x": 1, "phone": "+919137979401" }` // as an earlier version has marked it
	sum := sha256.Sum256([]byte("POST\n/customer/block\n" + spaced))
	w.must(w.SaveResponse(t.Context(), data.IdempotencyKey{Key: "old", RequestHash: hex.EncodeToString(sum[:])}, ""))
	w.expects("one of before", block(spaced, "old"), 201, `{}`)
	if w.customer(id).Block != nil {
		t.Error("the request of before was done again")
	}
	w.expects("another key", block(phone(riya), "b"), 201, `{}`)
	w.expects("an empty key", block(phone(riya), ""), 400, `{"statusCode":400,"message":["Idempotency-Key must be longer than or equal to 1 characters"],"error":"Not Found"}`)
	w.expects("a long key", block(phone(riya), strings.Repeat("k", 256)), 400, `{"statusCode":400,"message":["Idempotency-Key must be shorter than or equal to 255 characters"],"error":"Not Found"}`)
	if got := w.kinds(id); got != "blocked unblocked blocked" {
		t.Errorf("the events are %s", got)
	}
}

// A field counts as the contract spells it, and as it was checked; what is
// spelled otherwise is as unknown as any other.
func TestBlock_FieldsAreSpelledExactly(t *testing.T) {
	w := newWorld(t)
	id, other := w.hears(riya, "Hello"), w.hears(ada, "Hello")
	w.expects("whom", w.asks("POST", "/customer/block", `{"phone":"+919137979401","Phone":"+442079460958","NOTE":5,"x":1e999999}`), 201, `{}`)
	if w.customer(id).Block == nil || w.customer(other).Block != nil {
		t.Error("a number was taken that nobody had checked")
	}
	w.deliver(message("a", "Let me in"))
	w.expects("discard", w.asks("POST", "/customer/unblock", `{"phone":"+919137979401","Discard":true}`), 201, `{}`)
	if texts := w.messagePages(""); len(texts) != 2 {
		t.Errorf("what was held is gone: %v", texts)
	}
	if got := w.asks("POST", "/whatsapp/message/text", text(`,"content":{"text":"one","Text":"two"}`)); got.status != 201 {
		t.Error(got.body)
	}
	if texts := w.messagePages(""); !slices.Contains(texts, "one") {
		t.Errorf("%v", texts)
	}
}

// Of requests with one key that come at once one is done, and all have its
// answer.
func TestBulk_AtTheSameTime(t *testing.T) {
	w := newWorld(t)
	var phones []string
	for i := range 100 {
		_, err := w.Add(t.Context(), data.Address(crowdPhone(i)), "")
		w.must(err)
		phones = append(phones, `"`+string(crowdPhone(i))+`"`)
	}
	body := `{"phones":[` + strings.Join(phones, ",") + `]}`
	answers := make([]string, 8)
	var asking sync.WaitGroup
	for i := range answers {
		asking.Go(func() { answers[i] = w.asks("POST", "/customers/block", body, once("k")).body })
	}
	waittest.Return(t, "all answers", asking.Wait)
	for _, got := range answers {
		if !strings.HasPrefix(got, `{"done":100,"already":0,`) {
			t.Errorf("%.60s", got)
		}
	}
}

func TestBulk(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	other := w.hears("+46701234567", "Hej")
	w.expects("one before", w.asks("POST", "/customer/block", `{"phone":"+46701234567"}`), 201, `{}`)
	body := `{"phones":["+91 91379-79401","+46701234567","+442079460958","none","919137979401"],"reason":"scam","until":"2d","agent":"Bo"}`
	const want = `{"done":1,"already":1,"refused":2,"changed":0,"kept":1,"results":[{"phone":"+91 91379-79401","result":"done"},{"phone":"+46701234567","result":"kept"},` +
		`{"phone":"+442079460958","result":"refused","message":"Invalid Customer"},{"phone":"none","result":"refused","message":"phone must be a valid phone number"},{"phone":"919137979401","result":"already"}]}`
	w.expects("block", w.asks("POST", "/customers/block", body, once("k")), 200, want)
	if b := w.customer(id).Block; b == nil || b.Reason != "Scam" || b.By.Name != "Bo" || b.By.Channel != data.ViaAPI {
		t.Errorf("%+v", b)
	}
	got := read[ManyResults](w, w.asks("POST", "/customers/unblock", `{"phones":["+919137979401","+46701234567"],"note":"all"}`))
	if got.Done != 2 || got.Already+got.Refused != 0 {
		t.Errorf("%+v", got)
	}
	w.expects("block again", w.asks("POST", "/customers/block", body, once("k")), 200, want)
	if w.customer(id).Block != nil || w.customer(other).Block != nil {
		t.Error("the repeated request blocked")
	}
	w.expects("another", w.asks("POST", "/customers/unblock", body, once("k")), 422,
		`{"statusCode":422,"message":"This Idempotency-Key or messageId was used for another request","error":"Unprocessable Entity"}`)
	bad := func(body, why string) {
		t.Helper()
		w.expects(body[:min(len(body), 40)], w.asks("POST", "/customers/block", body), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Bad Request"}`)
	}
	bad(`{}`, "phones must be an array")
	bad(`{"phones":"+919137979401"}`, "phones must be an array")
	bad(`{"phones":[]}`, "phones must contain at least 1 elements")
	bad(`{"phones":[`+strings.Repeat(`"+919137979401",`, 1000)+`"+919137979401"]}`, "phones must contain no more than 1000 elements")
	bad(`{"phones":[1,2,{}]}`, "each value in phones must be a string")
	bad(`{"phones":["+919137979401"],"reason":"Weather"}`, "reason must be one of the following values: Spam, Abuse, Scam, Wrong number, Opted out, Other")
}

func TestBulk_Thousand(t *testing.T) {
	w := newWorld(t)
	var phones []string
	for i := range 1000 {
		p := fmt.Sprintf("+4670%07d", i)
		if _, err := w.Add(t.Context(), data.Address(p), ""); err != nil {
			t.Fatal(err)
		}
		phones = append(phones, `"`+p+`"`)
	}
	got := read[ManyResults](w, w.asks("POST", "/customers/block", `{"phones":[`+strings.Join(phones, ",")+`]}`))
	if got.Done != 1000 || len(got.Results) != 1000 {
		t.Errorf("%d done, %d results", got.Done, len(got.Results))
	}
	if n, err := w.Check(t.Context()); err != nil || n != 1000 {
		t.Errorf("%d events, %v", n, err)
	}
}

// What no call does.
func TestMux_UnknownPathsAndMethods(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, target string
		status         int
		body, allow    string
	}{
		{"GET", "/x", 404, `{"statusCode":404,"message":"Cannot GET /x","error":"Not Found"}`, ""},
		{"POST", "/", 404, `{"statusCode":404,"message":"Cannot POST /","error":"Not Found"}`, ""},
		{"GET", "/customer/block", 405, `{"statusCode":405,"message":"This path takes POST","error":"Method Not Allowed"}`, "POST"},
		{"DELETE", "/customer/unblock", 405, `{"statusCode":405,"message":"This path takes POST","error":"Method Not Allowed"}`, "POST"},
		{"PUT", "/chats", 405, `{"statusCode":405,"message":"This path takes GET, HEAD","error":"Method Not Allowed"}`, "GET, HEAD"},
		{"DELETE", "/webhook/x", 405, `{"statusCode":405,"message":"This path takes GET, HEAD, POST, PUT","error":"Method Not Allowed"}`, "GET, HEAD, POST, PUT"},
		{"POST", "/customer//block", 404, `{"statusCode":404,"message":"Cannot POST /customer//block","error":"Not Found"}`, ""},
		{"POST", "/customer/block/", 404, `{"statusCode":404,"message":"Cannot POST /customer/block/","error":"Not Found"}`, ""},
		{"GET", "/docs/../chats", 404, `{"statusCode":404,"message":"Cannot GET /docs/../chats","error":"Not Found"}`, ""},
		{"POST", "/Customer/Block", 404, `{"statusCode":404,"message":"Cannot POST /Customer/Block","error":"Not Found"}`, ""},
	} {
		got := w.asks(c.method, c.target, "")
		w.expects(c.method+" "+c.target, got, c.status, c.body)
		if allow := got.header.Get("Allow"); allow != c.allow {
			t.Errorf("%s %s allows %q", c.method, c.target, allow)
		}
	}
	got := w.asks("HEAD", "/healthz", "", noKey)
	if got.status != http.StatusOK {
		t.Errorf("HEAD: %d", got.status)
	}
}

// A script that blocks once more, for longer or for another reason, is heard, and learns
// what came of it.
func TestBlock_AgainSaysWhatCameOfIt(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	block := func(more string, changes ...with) string {
		t.Helper()
		got := w.asks("POST", "/customer/block", `{"phone":"+919137979401"`+more+`}`, changes...)
		w.expects(more, got, 201, `{}`)
		return got.header.Get("Latchdesk-Result")
	}
	at := func(m data.Moment) string { return `,"until":"` + m.String() + `"` }
	hour := w.Now().Add(time.Hour)
	for _, c := range []struct{ more, want string }{
		{at(hour), "blocked"},
		{at(hour), "same"},
		{at(hour - 1), "kept"},
		{at(hour-1) + `,"note":"other words"`, "kept"},
		{at(hour) + `,"note":"other words"`, "changed"},
		{at(hour), "same"},
		{at(hour) + `,"reason":"spam"`, "changed"},
		{at(hour + 1), "changed"},
		{``, "changed"},
		{``, "same"},
		{`,"reason":"Spam","note":"other words"`, "same"},
		{`,"until":"7d"`, "kept"},
	} {
		if got := block(c.more); got != c.want {
			t.Errorf("%s: %q, want %q", c.more, got, c.want)
		}
	}
	if b := w.customer(id).Block; b.Until != 0 || b.Reason != "Spam" || b.Note != "other words" {
		t.Errorf("the block is %+v", b)
	}
	if got := w.kinds(id); got != "blocked note_set reason_set extended extended" {
		t.Errorf("the events are %s", got)
	}
	if a, b := block(`,"note":"once"`, once("k")), block(`,"note":"once"`, once("k")); a != "changed" || b != "changed" {
		t.Errorf("with a key: %q, then %q", a, b)
	}
	w.expects("a reason that is none", w.asks("POST", "/customer/block", `{"phone":"+919137979401","reason":"Weather"}`), 400,
		`{"statusCode":400,"message":["reason must be one of the following values: Spam, Abuse, Scam, Wrong number, Opted out, Other"],"error":"Not Found"}`)
}

func TestBulk_AgainSaysWhatCameOfEach(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	w.hears(ada, "Hello")
	w.hears("+46701234567", "Hello")
	w.expects("before", w.asks("POST", "/customer/block", `{"phone":"+919137979401","until":"1h"}`), 201, `{}`)
	w.expects("before", w.asks("POST", "/customer/block", `{"phone":"+442079460958"}`), 201, `{}`)
	got := w.asks("POST", "/customers/block", `{"phones":["+919137979401","+442079460958","+46701234567"],"until":"2d"}`)
	w.expects("all", got, 200, `{"done":1,"already":0,"refused":0,"changed":1,"kept":1,"results":[`+
		`{"phone":"+919137979401","result":"changed"},{"phone":"+442079460958","result":"kept"},{"phone":"+46701234567","result":"done"}]}`)
}

// Whoever is in the desk can be blocked and unblocked over HTTP, however short or long
// the address is.
func TestBlock_TakesEveryAddressTheDeskHolds(t *testing.T) {
	w := newWorld(t)
	for _, a := range []data.Address{
		"+6834000", "+29020123", "+123456789012345", "+1234567890123456", "IN." + data.Address(strings.Repeat("1", 60)),
		"120363041234567890@g.us", "instagram:" + data.Address(strings.Repeat("a", 128)), "+15550001",
	} {
		w.addApart(a)
		body := `{"phone":"` + string(a) + `"}`
		w.expects("block", w.asks("POST", "/customer/block", body), 201, `{}`)
		if st := w.status(string(a)); st.Status != CustomerStatusStatusBlocked {
			t.Errorf("%s is %+v", a, st)
		}
		w.expects("unblock", w.asks("POST", "/customer/unblock", body), 201, `{}`)
		if got := w.asks("POST", "/customers/block", `{"phones":["`+string(a)+`"]}`); !strings.HasPrefix(got.body, `{"done":1,`) {
			t.Errorf("%s among many: %s", a, got.body)
		}
		if digits, plus := strings.CutPrefix(string(a), "+"); plus { // known as such, in use or not
			w.expects("block "+digits, w.asks("POST", "/customer/block", `{"phone":"`+digits+`"}`), 201, `{}`)
			w.expects("unblock "+digits, w.asks("POST", "/customers/unblock", `{"phones":["`+digits+`"]}`), 200, `{"done":1,"already":0,"refused":0,"changed":0,"kept":0,"results":[{"phone":"`+digits+`","result":"done"}]}`)
		}
		if got := w.asks("GET", "/customers/"+url.PathEscape(string(a))+"/events", ""); got.status != 200 {
			t.Errorf("the events of %s: %d %s", a, got.status, got.body)
		}
	}
}
