package doubletick

import (
	"bytes"
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

var someChat = Chat{With: data.Sender{Phone: riya}, Customer: "919137979401", Business: "918888888888"}

// Whatever comes, nothing that is kept is broken, out of bounds or unsure.
func checkMessages(t *testing.T, messages []data.Message) {
	t.Helper()
	for _, m := range messages {
		if m.RemoteID == "" || len(m.Text) > data.MaxTextBytes || !utf8.ValidString(m.Text) || m.Kind == "" || m.At < 0 ||
			m.Direction != data.In && m.Direction != data.Out || m.Status == data.Waiting || m.Status == data.KeptHere ||
			data.Clean(m.Text) != m.Text || data.CleanLine(m.Author, data.MaxName) != m.Author {
			t.Errorf("%+v", m)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(`{"chats":[{"name":"Riya","phoneNumber":"919137979401","wabaNumber":"918888888888","lastMessageTime":1784547587000,"tagNames":["vip",null]}],"paginationOptions":{"hasMoreChats":true,"nextChatId":"a","nextChatTimestamp":1}}`))
	f.Add([]byte(`{"chats":[[],null,7,{"phoneNumber":9.19137979401e11,"tagNames":{}}],"paginationOptions":[]}`))
	f.Add([]byte(`{"chats":null}`))
	f.Add([]byte(`{"chats":[{"chatType":"WA_GROUP","name":"Neighbours","phoneNumber":"120363404694233820"},{"providerType":"INSTAGRAM","phoneNumber":null,"customerHandle":"@riya.d","wabaNumber":"shop"},{"phoneNumber":null,"userId":"IN.1","username":"riya.d"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, ok := parsePage(raw)
		again, okAgain := parsePage(raw)
		if ok != okAgain || len(p.Chats) != len(again.Chats) {
			t.Error("not the same twice")
		}
		for _, c := range p.Chats {
			if len(c.With.Identities()) != 1 && c.With.UserID == "" || len(c.Tags) > data.MaxTags || c.LastAt < 0 || data.CleanLine(c.With.Name, data.MaxName) != c.With.Name {
				t.Errorf("%+v", c)
			}
		}
		if !ok && len(p.Chats) > 0 {
			t.Error("chats of no page")
		}
	})
}

func FuzzMessages(f *testing.F) {
	f.Add([]byte(`{"messages":[{"id":"a","messageOriginType":"CUSTOMER","messageTime":1784547587000,"message":{"text":"Hello","messageType":"TEXT"}}]}`))
	f.Add([]byte(`{"messages":[{"id":"b","messageOriginType":"USER","messageTime":"1784547587","message":{"url":"https://x.y/z","messageType":"IMAGE","caption":"c"},"senderUser":{"name":"Bo"}}]}`))
	f.Add([]byte(`{"messages":[{"messageId":"c","sender":"+919137979401","recipient":"918888888888","message":"Hello","mediaUrl":null,"timestamp":"2026-07-20T11:39:47.443Z","status":"READ"}]}`))
	f.Add([]byte(`{"messages":[{"messageOriginType":"SYSTEM"},{"messageOriginType":7},null,[],{"message":[]}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		messages, _, ok := parseMessages(raw, someChat)
		checkMessages(t, messages)
		again, _, _ := parseMessages(raw, someChat)
		for i := range again {
			if again[i].RemoteID != messages[i].RemoteID {
				t.Error("not the same twice")
			}
		}
		if !ok && len(messages) > 0 {
			t.Error("messages of no list")
		}
	})
}

func FuzzClientError(f *testing.F) {
	for _, body := range []string{`{"statusCode":400,"message":["a",7,null],"error":"Not Found"}`, `{"message":"Invalid Customer"}`, `{"message":{}}`, `<html>`, ``, `[]`} {
		f.Add(404, []byte(body), "7")
	}
	f.Add(429, []byte(`{}`), "Mon, 20 Jul 2026 11:40:47 GMT")
	f.Fuzz(func(t *testing.T, code int, body []byte, after string) {
		c := &Client{now: func() data.Moment { return start }}
		v := c.interpret(reply{sent: true, code: code, body: body, header: http.Header{"Retry-After": {after}}}, parseSent)
		if v.RetryAfter < 0 || v.RetryAfter > maxRetryAfter || v.Kind == "" || v.State == "" {
			t.Errorf("%+v", v)
		}
		if data.CleanLine(v.Message, data.MaxNote) != v.Message || v.Kind != data.ResultOK && v.Message == "" {
			t.Errorf("%q", v.Message)
		}
		if v.Kind == data.ResultOK && (code < 200 || code > 299) {
			t.Errorf("%d is an answer", code)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{"7", "-1", "1e400", "NaN", "Mon, 20 Jul 2026 11:40:47 GMT", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d := retryAfter(text, start); d < 0 || d > maxRetryAfter {
			t.Errorf("%v", d)
		}
	})
}

func FuzzSent(f *testing.F) {
	for _, body := range []string{`{"recipient":"+919137979401","status":"SENT","messageId":"x"}`, `{"status":"FAILED","failedReason":"r"}`, `{"messages":[{"status":"SENT","messageId":"x"}]}`, `{"messages":[7]}`, `{"status":{}}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, ok := parseSent(raw)
		if ok && (a.Kind != data.ResultOK && a.Kind != data.ResultRejected || a.Kind == data.ResultRejected && a.Message == "" || a.Status == data.Failed) {
			t.Errorf("%+v", a)
		}
	})
}

func FuzzMessageStatus(f *testing.F) {
	for _, body := range []string{`{"messageId":"x","sentAt":1}`, `{"failedAt":1,"errorCode":{}}`, `{"data":{"readAt":true}}`, `{"message":null}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := parseMessageStatus(raw, "x")
		if !ok && got != (DeliveryStatus{}) || got.Known && got.Pending || got.Known && got.Status == data.StatusNone || got.Status == data.Failed && got.Failure == "" {
			t.Errorf("%+v", got)
		}
		if bytes.Contains([]byte(got.Failure), []byte("\n")) {
			t.Errorf("%q", got.Failure)
		}
	})
}
