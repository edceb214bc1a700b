package doubletick

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// SendText sends a text under id, which is ours, and by which DoubleTick recognises it
// if it is sent again. The Result can be a rejection although the HTTP status is 2xx.
func (c *Client) SendText(ctx context.Context, from, to data.Phone, id, text string) Result {
	type content struct {
		Text string `json:"text"`
	}
	r := c.interpret(c.call(ctx, c.http, c.callTimeout, http.MethodPost, "/whatsapp/message/text", nil, struct {
		To      data.Phone `json:"to"`
		From    data.Phone `json:"from"`
		ID      string     `json:"messageId"`
		Content content    `json:"content"`
	}{to, from, id, content{text}}), parseSent)
	if r.RemoteID == id {
		r.RemoteID = ""
	}
	return r
}

// failures are the parts of a status by which a text is known not to have gone out.
var failures = []string{"FAIL", "ERROR", "REJECT", "INVALID", "UNDELIVER", "EXPIRED", "BLOCK", "DENIED"}

// parseSent parses the 2xx answer to a text, which can still carry a failure. It returns
// false if raw is not an answer of DoubleTick's.
func parseSent(raw []byte) (data.OpResult, bool) {
	o, err := parseObject(raw)
	if err != nil {
		return data.OpResult{}, false
	}
	if inner := o.objects("messages"); len(inner) > 0 && o.text("messageId") == "" {
		o = inner[0]
	}
	status := strings.ToUpper(o.line(60, "status"))
	for _, part := range failures {
		if strings.Contains(status, part) {
			return data.OpResult{Kind: data.ResultRejected, Message: failureReason(o, status)}, true
		}
	}
	known, _ := parseStatus(status)
	return data.OpResult{Kind: data.ResultOK, Status: max(known, data.Sent), RemoteID: cleanID(o.text("messageId"))}, true
}

// failureReason returns why a text failed, in DoubleTick's words.
func failureReason(o object, otherwise string) string {
	if words := o.line(maxReason, "failedReason", "failMessage", "errorMessage", "reason"); words != "" {
		return words
	}
	if words := errorText(o); words != "" {
		return words
	}
	return "DoubleTick could not send it (" + otherwise + ")"
}

// DeliveryStatus is what DoubleTick knows of a text.
type DeliveryStatus struct {
	Known   bool
	Pending bool // DoubleTick knows the text, but has not sent it yet
	Status  data.MessageStatus
	Failure string
}

// MessageStatus asks what became of a text, at most once a second. A rejection
// with the status 404 means that the text is not known there.
func (c *Client) MessageStatus(ctx context.Context, id string) (DeliveryStatus, Result) {
	noAnswer := Result{OpResult: data.OpResult{Kind: data.ResultUnknown, Message: msgNoAnswer}, State: data.Offline}
	select {
	case <-ctx.Done():
		return DeliveryStatus{}, noAnswer
	case c.statusSlot <- struct{}{}:
		defer func() { <-c.statusSlot }()
	}
	now := c.now().Time()
	if err := c.sleep(ctx, c.statusLimiter.ReserveN(now, 1).DelayFrom(now)); err != nil {
		return DeliveryStatus{}, noAnswer
	}
	var d DeliveryStatus
	r := c.interpret(c.call(ctx, c.oneShot, c.callTimeout, http.MethodGet, "/whatsapp/message/status", url.Values{"messageId": {id}}, nil), func(body []byte) (a data.OpResult, ok bool) {
		d, ok = parseMessageStatus(body, id)
		return data.OpResult{Kind: data.ResultOK}, ok
	})
	return d, r
}

// parseMessageStatus parses what DoubleTick knows of the text with the id. It returns
// false if raw is not an answer of DoubleTick's.
func parseMessageStatus(raw []byte, id string) (DeliveryStatus, bool) {
	o, err := parseObject(raw)
	if err != nil {
		return DeliveryStatus{}, false
	}
	if inner := o.object("data", "message"); inner != nil {
		o = inner
	}
	given := func(field string) bool {
		s := o.text(field)
		return s != "" && s != "0" && s != "false"
	}
	switch {
	case given("readAt"):
		return DeliveryStatus{Known: true, Status: data.Read}, true
	case given("deliveredAt"):
		return DeliveryStatus{Known: true, Status: data.Delivered}, true
	case given("failedAt") || given("errorCode") && !given("sentAt"):
		failure := failureReason(o, "no reason given")
		if code := o.line(20, "errorCode"); code != "" && !strings.Contains(failure, code) {
			failure += " (" + code + ")"
		}
		return DeliveryStatus{Known: true, Status: data.Failed, Failure: failure}, true
	case given("sentAt"):
		return DeliveryStatus{Known: true, Status: data.Sent}, true
	}
	return DeliveryStatus{Pending: o.text("messageId", "id") == id}, true
}
