package httpapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const userID = "IN.13491208655302741918"

// meet has Riya's number and a user id be two customers, of whom the one with the
// number is blocked, and then a pair.
func meet(w *world) (number, user int64) {
	w.t.Helper()
	number = w.hears(riya, "from the number")
	says := func(from data.Sender, text string) int64 {
		w.t.Helper()
		w.count++
		got, err := w.Receive(w.t.Context(), []data.Incoming{{From: from, Message: data.Message{
			Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count),
		}}})
		w.must(err)
		return got[0].CustomerID
	}
	user = says(data.Sender{UserID: userID}, "from the user id")
	_, err := w.Block(w.t.Context(), asha, number, data.BlockRequest{})
	w.must(err)
	says(data.Sender{Phone: riya, UserID: userID}, "held")
	return number, user
}

// decides has the act with the pair 1 be done.
func (w *world) decides(act string) {
	w.t.Helper()
	w.expects(act, w.asks("POST", "/pairs/1/"+act, `{"agent":"Bo"}`), 201, `{}`)
}

func TestServer_DecidesPairs(t *testing.T) {
	w := newWorld(t)
	w.expects("no pairs", w.asks("GET", "/pairs", ""), 200, `{"pairs":[],"next":null}`)
	number, user := meet(w)
	at := start.Time().UTC().Format("2006-01-02T15:04:05.999Z07:00")
	pair := func(second, state, decidedAt string) string {
		return `{"id":1,"first":"` + string(riya) + `","second":"` + second + `","reason":"sender","at":"` + at + `","state":"` + state + `","decidedAt":` + decidedAt + `,"blocked":true}`
	}
	page := func(pairs string) string { return `{"pairs":[` + pairs + `],"next":null}` }
	w.expects("open", w.asks("GET", "/pairs", ""), 200, page(pair(userID, "open", "null")))

	w.decides("keep-apart")
	w.expects("apart", w.asks("GET", "/pairs", ""), 200, `{"pairs":[],"next":null}`)
	w.expects("of one", w.asks("GET", "/pairs"+query("phone", userID), ""), 200, page(pair(userID, "apart", `"`+at+`"`)))
	if c := w.customer(user); c.Block != nil || c.Held != 0 {
		t.Errorf("%+v", c)
	}
	w.decides("ask-again")
	if c := w.customer(user); c.Block == nil || c.Held != 1 {
		t.Errorf("%+v", c)
	}
	w.decides("join")
	if c := w.customer(user); c.ID != number {
		t.Errorf("%+v", c)
	}
	w.expects("joined", w.asks("GET", "/pairs"+query("phone", string(riya)), ""), 200, page(pair(string(riya), "joined", `"`+at+`"`)))
	w.decides("split")
	w.expects("discard", w.asks("POST", "/pairs/1/keep-apart", `{"discard":true}`), 201, `{}`)
	if c := w.customer(user); c.ID != user || c.Block != nil || c.Held != 0 {
		t.Errorf("%+v", c)
	}
	if page := read[MessagePage](w, w.asks("GET", "/chat-messages"+query("customerNumber", userID), "")); len(page.Messages) != 1 {
		t.Errorf("%+v", page.Messages)
	}
	events, err := w.Events(t.Context(), number)
	w.must(err)
	byBo := 0
	for _, e := range events {
		if e.Actor.Channel == data.ViaAPI && e.Actor.Name == "Bo" {
			byBo++
		}
	}
	if byBo != 4 {
		t.Errorf("%d events name Bo and the API: %s", byBo, w.kinds(number))
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServer_RefusesToDecideAPairTwice(t *testing.T) {
	w := newWorld(t)
	meet(w)
	conflict := func(message string) string {
		return `{"statusCode":409,"message":"` + message + `","error":"Conflict"}`
	}
	const open, joined, apart = "This pair is still undecided", "These two are already joined", "These two are already kept apart"
	asks := func(what string, want ...string) {
		t.Helper()
		for i, act := range []string{"join", "keep-apart", "split", "ask-again"} {
			if want[i] != "" {
				w.expects(what+" "+act, w.asks("POST", "/pairs/1/"+act, ""), 409, conflict(want[i]))
			}
		}
	}
	asks("open", "", "", open, open)
	w.decides("join")
	asks("joined", joined, joined, "", joined)
	w.decides("split")
	w.decides("keep-apart")
	asks("apart", apart, apart, apart, "")

	for _, act := range []string{"join", "keep-apart", "split", "ask-again"} {
		w.expects(act, w.asks("POST", "/pairs/9/"+act, `{}`), 404, `{"statusCode":404,"message":"Invalid Pair"}`)
		for _, id := range []string{"0", "-1", "x", "1.5", "9223372036854775808"} {
			if got := w.asks("POST", "/pairs/"+id+"/"+act, `{}`); got.status != 400 {
				t.Errorf("%s %s: %d %s", act, id, got.status, got.body)
			}
		}
	}
	for _, body := range []string{`{"discard":"yes"}`, `{"agent":1}`, `[]`} {
		if got := w.asks("POST", "/pairs/1/keep-apart", body); got.status != 400 {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	w.expects("unknown", w.asks("GET", "/pairs"+query("phone", string(ada)), ""), 404, unknown)
	if got := w.asks("GET", "/pairs?cursor=x", ""); got.status != 400 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := w.asks("POST", "/pairs/1/ask-again", `{}`, noKey); got.status != 401 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// With a key a decision is done once, and the same request again is answered as the
// first was, whatever happened since.
func TestServer_DecidesAPairOnce(t *testing.T) {
	w := newWorld(t)
	_, user := meet(w)
	for range 2 {
		w.expects("join", w.asks("POST", "/pairs/1/join", `{}`, once("k1")), 201, `{}`)
	}
	w.decides("split")
	w.expects("join again", w.asks("POST", "/pairs/1/join", `{}`, once("k1")), 201, `{}`)
	if c := w.customer(user); c.ID != user {
		t.Error("joined a second time")
	}
	if got := w.asks("POST", "/pairs/1/keep-apart", `{}`, once("k1")); got.status != 422 {
		t.Errorf("%d %s", got.status, got.body)
	}
	w.at.Store(int64(w.Now().Add(25 * time.Hour)))
	w.expects("a day later", w.asks("POST", "/pairs/1/join", `{}`, once("k1")), 201, `{}`)
	if c := w.customer(user); c.ID == user {
		t.Error("not joined")
	}
}

func TestServer_ListsPairsInPages(t *testing.T) {
	w := newWorld(t)
	const pairs = 5
	for i := range pairs {
		phone, user := data.Phone(fmt.Sprintf("+4670123456%d", i)), fmt.Sprint("SE.", i)
		for _, from := range []data.Sender{{Phone: phone}, {UserID: user}, {Phone: phone, UserID: user}} {
			w.count++
			_, err := w.Receive(t.Context(), []data.Incoming{{From: from, Message: data.Message{Kind: data.TextMessage, At: w.Now(), Text: "Hi", RemoteID: fmt.Sprint("remote ", w.count)}}})
			w.must(err)
		}
	}
	var ids []string
	for next, n := "", 0; n < pairs; n++ {
		page := read[PairPage](w, w.asks("GET", "/pairs?limit=2"+next, ""))
		for _, p := range page.Pairs {
			ids = append(ids, fmt.Sprint(p.ID))
		}
		if page.Next == nil {
			break
		}
		next = "&cursor=" + *page.Next
	}
	if got := strings.Join(ids, " "); got != "1 2 3 4 5" {
		t.Errorf("listed are %s", got)
	}
}
