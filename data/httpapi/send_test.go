package httpapi

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/receive"
	"github.com/latchdesk/latchdesk/data/store"
)

const uuid = "6a2f41a3-c54c-4b8e-9f0d-0a1b2c3d4e5f"

func text(more string) string {
	return `{"to":"+919137979401","from":"+918888888888","content":{"text":"Good day"}` + more + `}`
}

func TestSendText(t *testing.T) {
	w := newWorld(t)
	id := w.hears(riya, "Hello")
	send := func(body string, changes ...with) reply {
		return w.asks("POST", "/whatsapp/message/text", body, changes...)
	}
	const kept = `{"recipient":"+919137979401","status":"KEPT","messageId":"` + uuid + `"}`
	w.expects("with its id", send(text(`,"messageId":"`+uuid+`"`)), 201, kept)
	w.must(w.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: uuid, Status: data.Delivered, At: start}))
	w.expects("again", send(text(`,"messageId":"`+strings.ToUpper(uuid)+`"`)), 201, strings.Replace(kept, "KEPT", "DELIVERED", 1))
	const reused = `{"statusCode":422,"message":"This Idempotency-Key or messageId was used for another request","error":"Unprocessable Entity"}`
	w.expects("other words", send(strings.Replace(text(`,"messageId":"`+uuid+`"`), "Good", "Bad", 1)), 422, reused)
	first := send(text(`,"agent":"Bo"`), once("k"))
	w.expects("marked", send(text(`,"agent":"Bo"`), once("k")), 201, first.body)
	w.expects("marked, other words", send(text(``), once("k")), 422, reused)
	page, err := w.Timeline(t.Context(), id, data.Span{Limit: 10})
	w.must(err)
	if len(page.Items) != 3 || page.Items[2].Message.Author != "Bo" {
		t.Errorf("%d things are in the chat", len(page.Items))
	}
	w.asks("POST", "/customer/block", phone(riya))
	w.expects("blocked", send(text(``)), 422, `{"statusCode":422,"message":"This customer is blocked, so nothing was sent. Unblock the customer first.","error":"Unprocessable Entity"}`)
	w.expects("blocked, but sent before", send(text(`,"agent":"Bo"`), once("k")), 201, first.body)
	w.expects("a stranger", send(strings.Replace(text(``), string(riya), string(ada), 1)), 404, unknown)
	for body, why := range map[string]string{
		`{}`: `to must be a string","content must be an object`,
		`{"to":"+919137979401","content":"Hello"}`:                          `content must be an object`,
		`{"to":"+919137979401","content":{}}`:                               `content.text must be a string`,
		`{"to":"+919137979401","content":{"text":""}}`:                      `content.text must be longer than or equal to 1 characters`,
		`{"to":"+919137979401","content":{"text":" \n "}}`:                  `send: a message has 1 to 4096 characters`,
		`{"to":"+919137979401","content":{"text":["x"]}}`:                   `content.text must be a string`,
		`{"to":"x","content":{"text":"x"}}`:                                 `to must be a valid phone number`,
		`{"to":"+919137979401","from":"x","content":{"text":"x"}}`:          `from must be a valid phone number`,
		text(`,"messageId":"1234"`):                                         `messageId must be a UUID`,
		text(`,"messageId":"6a2f41a3-c54c-1b8e-9f0d-0a1b2c3d4e5f"`):         `messageId must be a UUID`,
		text(`,"messageId":7`):                                              `messageId must be a string`,
		strings.Replace(text(``), "Good day", strings.Repeat("é", 4097), 1): `content.text must be shorter than or equal to 4096 characters`,
	} {
		w.expects(body[:min(60, len(body))], send(body), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Bad Request"}`)
	}
}

// deliver sends something to the webhook.
func (w *world) deliver(body string, changes ...with) reply {
	w.t.Helper()
	secret, err := w.server.webhookSecret.Value()
	w.must(err)
	return w.asks("POST", "/webhook/"+secret, body, append(changes, noKey)...)
}

func message(id, text string) string {
	return fmt.Sprintf(`{"to":"918888888888","from":"919137979401","messageId":"wamid.%s","dtMessageId":"%s","receivedAt":"2026-07-20T11:39:47.443Z","contact":{"name":"Riya D"},
		"callbackData":null,"message":{"type":"TEXT","text":%q,"context":{}},"isFirstMessage":false}`, id, id, text)
}

func TestWebhook(t *testing.T) {
	w := newWorld(t)
	const taken = `{"taken":%d,"alreadyHere":%d,"statusUpdates":%d,"notes":[%s],"setAside":0}`
	const setAside = `{"taken":0,"alreadyHere":0,"statusUpdates":0,"notes":["set aside: %s"],"setAside":1}`
	w.expects("one", w.deliver(message("a", "Hello")), 200, fmt.Sprintf(taken, 1, 0, 0, ""))
	w.expects("again", w.deliver(message("a", "Hello")), 200, fmt.Sprintf(taken, 0, 1, 0, ""))
	w.expects("several", w.deliver("["+message("a", "Hello")+","+message("b", "You")+"]"), 200, fmt.Sprintf(taken, 1, 1, 0, ""))
	w.expects("none", w.deliver("[]"), 200, fmt.Sprintf(taken, 0, 0, 0, ""))
	c, err := w.FindCustomer(t.Context(), data.Address(riya))
	w.must(err)
	m, err := w.Send(t.Context(), asha, c.ID, "Good day")
	w.must(err)
	tick := func(id, status string) string {
		return `{"messageId":"` + id + `","to":"919137979401","wabaNumber":"918888888888","status":"` + status + `","statusTimestamp":"2026-07-20T11:40:00.000Z"}`
	}
	w.expects("a tick", w.deliver(tick(m.RemoteID, "READ")), 200, fmt.Sprintf(taken, 0, 0, 1, ""))
	w.expects("again", w.deliver(tick(m.RemoteID, "READ")), 200, fmt.Sprintf(taken, 0, 0, 1, ""))
	w.expects("a tick of nothing", w.deliver(tick("elsewhere", "READ")), 200, fmt.Sprintf(taken, 0, 0, 0, `"no such message was sent from here"`))
	w.expects("an unknown event", w.deliver(`{"event":"CHAT_ASSIGNED","agent":"x"}`), 200, fmt.Sprintf(setAside, `the event \"CHAT_ASSIGNED\" is unknown`))
	w.expects("an event that holds nothing", w.deliver(`{"assignedUserId":"u","customerPhone":"+919137979401","message":{"text":"Asha assigned it"}}`), 200, fmt.Sprintf(taken, 0, 0, 0, ""))
	w.expects("a tick of an unknown kind", w.deliver(tick("x", "LOST")), 200, fmt.Sprintf(setAside, `its status \"LOST\" is unknown`))
	if got := read[Taken](w, w.deliver("["+strings.Repeat(`{"a":1},`, 100)+`{}]`)); len(got.Notes) != maxNotes || got.SetAside != 101 {
		t.Errorf("%+v", got)
	}
	if total, err := w.SetAsideTotal(t.Context()); err != nil || total.Rows != 4 {
		t.Errorf("%+v, %v", total, err)
	}
	bad := func(body, why string) {
		t.Helper()
		w.expects(body[:min(60, len(body))], w.deliver(body), 400, `{"statusCode":400,"message":["`+why+`"],"error":"Bad Request"}`)
	}
	bad(`{"from":"919137979401"`, "the body must be JSON")
	bad(message("c", "x")+message("d", "y"), "the body must be JSON")
	bad(`<message/>`, "the body must be JSON")
	bad("["+strings.Repeat(`{},`, 1000)+"{}]", "the body must contain no more than 1000 elements")
	bad(`"text"`, "the body must be a JSON object, or an array of them")
	bad(`7`, "the body must be a JSON object, or an array of them")
	// A message that cannot be understood is set aside as it came; those beside it are taken.
	odd := strings.Replace(message("f", "bad"), "919137979401", "nobody", 1)
	if got := read[Taken](w, w.deliver("["+message("e", "good")+", "+odd+" ,7]")); got.Taken != 1 || got.SetAside != 2 || !strings.Contains(got.Notes[0], "nobody") {
		t.Errorf("%+v", got)
	}
	ids, err := w.SetAsideIDs(t.Context())
	w.must(err)
	for i, want := range []string{"7", odd} {
		if kept, err := w.FindSetAside(t.Context(), ids[i]); err != nil || string(kept.Raw) != want {
			t.Errorf("%+v, %v", kept, err)
		}
	}
	if texts := w.messagePages(""); strings.Join(texts, " ") != "Hello You Good day good" && len(texts) != 4 {
		t.Errorf("%v", texts)
	}
	w.asks("POST", "/customer/block", phone(riya))
	w.expects("while blocked", w.deliver(message("g", "Let me in")), 200, fmt.Sprintf(taken, 1, 0, 0, ""))
	if held := w.customer(c.ID).Held; held != 1 {
		t.Errorf("%d are held", held)
	}
	for _, secret := range []string{"x", strings.Repeat("A", 32), w.key[:32]} {
		w.expects("a wrong secret", w.asks("POST", "/webhook/"+secret, message("h", "x")), 404, `{"statusCode":404,"message":"Cannot POST /webhook","error":"Not Found"}`)
	}
}

// A webhook can be registered with forms, with PUT and with GET.
func TestWebhook_TakesForms(t *testing.T) {
	w := newWorld(t)
	secret, err := w.server.webhookSecret.Value()
	w.must(err)
	path := "/webhook/" + secret
	form := func(id string) string {
		return url.Values{"from": {"919137979401"}, "to": {"918888888888"}, "dtMessageId": {id}, "message[type]": {"TEXT"}, "message[text]": {id + " & more"}}.Encode()
	}
	const urlencoded = "application/x-www-form-urlencoded"
	multi := "--b\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\n919137979401\r\n--b\r\nContent-Disposition: form-data; name=\"dtMessageId\"\r\n\r\nm5\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{\"type\":\"TEXT\",\"text\":\"m5 & more\"}\r\n--b--\r\n"
	for name, got := range map[string]reply{
		"POST":                        w.asks("POST", path, form("m1"), noKey, header("Content-Type", urlencoded)),
		"PUT":                         w.asks("PUT", path, form("m2"), noKey, header("Content-Type", urlencoded+"; charset=utf-8")),
		"PUT JSON":                    w.asks("PUT", path, message("m3", "m3 & more"), noKey),
		"GET":                         w.asks("GET", path+"?"+form("m4"), "", noKey),
		"multipart":                   w.asks("POST", path, multi, noKey, header("Content-Type", `multipart/form-data; boundary=b`)),
		"JSON that says it is a form": w.asks("POST", path, message("m6", "m6 & more"), noKey, header("Content-Type", urlencoded)),
	} {
		w.expects(name, got, 200, `{"taken":1,"alreadyHere":0,"statusUpdates":0,"notes":[],"setAside":0}`)
	}
	texts := w.messagePages("")
	slices.Sort(texts)
	if want := "m1 & more, m2 & more, m3 & more, m4 & more, m5 & more, m6 & more"; strings.Join(texts, ", ") != want {
		t.Errorf("%q", texts)
	}
	// What a form holds that is not understood is set aside, even where no object can be
	// made of it.
	for _, body := range []string{"hello=1&there=2", "a[=1&a[b]=2&from=919137979401"} {
		if got := read[Taken](w, w.asks("POST", path, body, noKey, header("Content-Type", urlencoded))); got.SetAside != 1 {
			t.Errorf("%s: %+v", body, got)
		}
	}
	if sum, err := receive.Retry(t.Context(), w.Desk, asha); err != nil || sum != (receive.Retried{Tried: 2}) {
		t.Errorf("%+v, %v", sum, err)
	}
	w.expects("an empty query", w.asks("GET", path, "", noKey), 400, `{"statusCode":400,"message":["the query must contain a delivery"],"error":"Bad Request"}`)
	w.expects("no form", w.asks("POST", path, "%zz", noKey, header("Content-Type", urlencoded)), 400, `{"statusCode":400,"message":["the body must be JSON or a form"],"error":"Bad Request"}`)
	w.expects("no multipart", w.asks("POST", path, "x", noKey, header("Content-Type", "multipart/form-data; boundary=b")), 400, `{"statusCode":400,"message":["the body must be JSON or a form"],"error":"Bad Request"}`)
	for _, method := range []string{"GET", "PUT"} {
		w.expects(method, w.asks(method, "/webhook/"+strings.Repeat("A", 32)+"?"+form("m7"), "{}", noKey), 404, `{"statusCode":404,"message":"Cannot `+method+` /webhook","error":"Not Found"}`)
	}
}

// What was answered with 200 is on the disk: a copy of the files as they lie,
// taken at that moment while the desk goes on, holds it. That is what a killed
// process leaves.
// What holds no delivery is set aside whatever encoding makes of its length.
func TestWebhook_SetsLargeFormsAside(t *testing.T) {
	w := newWorld(t)
	secret, err := w.server.webhookSecret.Value()
	w.must(err)
	large := strings.Repeat("<", 1_000_000)
	for n, c := range []struct{ kind, body string }{
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n" + large + "\r\n--b--\r\n"},
		{"application/x-www-form-urlencoded", "note=" + large},
	} {
		got := read[Taken](w, w.asks("POST", "/webhook/"+secret, c.body, noKey, header("Content-Type", c.kind)))
		if total, err := w.SetAsideTotal(t.Context()); err != nil || got.SetAside != 1 || total.Rows != int64(n+1) {
			t.Errorf("%s: %+v, %+v, %v", c.kind, got, total, err)
		}
		ids, err := w.SetAsideIDs(t.Context())
		w.must(err)
		if kept, err := w.FindSetAside(t.Context(), ids[0]); err != nil || !strings.Contains(string(kept.Raw), large) {
			t.Errorf("%s: kept are %d bytes, %v", c.kind, len(kept.Raw), err)
		}
	}
	if sum, err := receive.Retry(t.Context(), w.Desk, asha); err != nil || sum != (receive.Retried{Tried: 2}) {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestWebhook_CommitsBeforeItAnswers(t *testing.T) {
	w := newWorld(t)
	for i := range 20 {
		id := fmt.Sprint("m", i)
		if got := w.deliver("[" + message(id, id) + `,{"odd":"` + id + `"}]`); got.status != 200 {
			t.Fatal(got)
		}
		left := t.TempDir()
		for _, name := range []string{"latchdesk.db", "latchdesk.db-wal"} { // the index of the log is made anew
			raw, err := os.ReadFile(filepath.Join(w.folder, name))
			w.must(err)
			w.must(os.WriteFile(filepath.Join(left, name), raw, 0o600))
		}
		after := &world{t: t, folder: left}
		after.at.Store(int64(start))
		after.open()
		if texts := after.messagePages("&limit=1000"); len(texts) != i+1 {
			t.Fatalf("after %d answers %d messages are left", i+1, len(texts))
		}
		if ids, err := after.SetAsideIDs(t.Context()); err != nil || len(ids) != i+1 {
			t.Fatalf("after %d answers %d deliveries are set aside, %v", i+1, len(ids), err)
		}
		w.must(after.store.Close())
	}
}

// Where nothing more can be set aside, the sender is told to come again; what it
// sent that is understood is taken.
func TestWebhook_RefusesAtTheBound(t *testing.T) {
	w := newWorld(t)
	w.deliver(`{"first":1}`)
	db, err := sql.Open("sqlite", w.Path())
	w.must(err)
	defer db.Close()
	_, err = db.Exec("UPDATE set_aside_total SET rows = ?", data.MaxSetAsideRows)
	w.must(err)
	got := w.deliver(`{"second":2}`)
	if got.status != 503 || got.header.Get("Retry-After") != "60" || !strings.Contains(got.body, "no room") {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
	for _, body := range []string{`{"first":1}`, message("a", "Hello"), "[" + message("a", "Hello") + `,{"first":1}]`} {
		if got := w.deliver(body); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	w.must(w.DropSetAside(t.Context(), asha, 1))
	if got := w.deliver(`{"second":2}`); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// Where the desk is joined to an account a text waits for it, and goes out from
// its number alone.
func TestSendText_ThroughAccount(t *testing.T) {
	w := newWorld(t)
	w.hears(riya, "Hello")
	w.must(w.store.Write(t.Context(), func(tx *store.Tx) error {
		return tx.SaveAccount(data.Account{Base: "https://public.doubletick.io", Number: "+918888888888", JoinedAt: start})
	}))
	w.expects("from its number", w.asks("POST", "/whatsapp/message/text", text(`,"messageId":"`+uuid+`"`)), 201,
		`{"recipient":"+919137979401","status":"WAITING","messageId":"`+uuid+`"}`)
	w.expects("from another", w.asks("POST", "/whatsapp/message/text", strings.Replace(text(``), "+918888888888", "+917777777777", 1)), 422,
		`{"statusCode":422,"message":"This desk sends from +918888888888","error":"Unprocessable Entity"}`)
	w.expects("from none", w.asks("POST", "/whatsapp/message/text", `{"to":"+919137979401","content":{"text":"x"},"messageId":"6a2f41a3-c54c-4b8e-9f0d-0a1b2c3d4e60"}`), 201,
		`{"recipient":"+919137979401","status":"WAITING","messageId":"6a2f41a3-c54c-4b8e-9f0d-0a1b2c3d4e60"}`)
}
