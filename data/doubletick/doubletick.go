// Package doubletick speaks DoubleTick's wire format: it reads the messages and
// statuses that DoubleTick delivers, one by one or as many as a file holds, and
// calls its API. What it reads may be written in many ways: no message is lost,
// and nothing is made up.
package doubletick

import (
	"bytes"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// MaxBytes is the longest delivery that is read.
const MaxBytes = 2 << 20

// Delivery is one item of the input: exactly one of Incoming and Status is set,
// or Err says why it cannot be taken.
type Delivery struct {
	Line     int // where it begins, from 1
	Incoming *data.Incoming
	Status   *data.StatusUpdate
	Err      error // is data.ErrInvalid or data.ErrPhone, or the error of the reader
}

// Parse reads one delivery.
func Parse(raw []byte) Delivery {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\uFEFF")))
	if err := checkObject(raw); err != nil {
		return Delivery{Line: 1, Err: err}
	}
	return parseDelivery(1, raw)
}

// checkObject returns why raw is not one JSON object within bounds.
func checkObject(raw []byte) error {
	switch {
	case len(raw) > MaxBytes:
		return errTooLong
	case len(raw) == 0:
		return invalid("there is nothing in it")
	case raw[0] != '{':
		return errNotObject
	}
	var scan jsonScanner
	for i, c := range raw {
		done, err := scan.step(c)
		if err != nil {
			return fmt.Errorf("%w at byte %d", err, i+1)
		}
		if done && i < len(raw)-1 {
			return invalid("something follows its end at byte %d", i+2)
		}
	}
	if scan.depth > 0 {
		return errUnclosed
	}
	return nil
}

// parseDelivery reads what checkObject or the splitter has found to be one object.
func parseDelivery(line int, raw []byte) Delivery {
	d := Delivery{Line: line}
	o, err := parseObject(raw)
	switch {
	case err != nil:
		d.Err = err
	case o.has("from") && o.has("message"):
		d.Incoming, d.Err = parseIncoming(o)
	case o.field("statusTimestamp") != nil:
		d.Status, d.Err = parseStatusUpdate(o)
	default:
		d.Err = invalid("it is neither a message (from, message) nor a status (statusTimestamp)")
	}
	return d
}

func parseIncoming(o object) (*data.Incoming, error) {
	phone, err := data.ParsePhone(o.text("from"), "")
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	body := o.object("message")
	if text := o.field("message"); text[0] == '"' {
		body = object{"type": []byte(`"TEXT"`), "text": text}
	}
	m := data.Message{
		Direction:  data.In,
		At:         o.moment("receivedAt"),
		RemoteID:   cleanID(o.text("dtMessageId")),
		WhatsAppID: cleanID(o.text("messageId")),
		Business:   businessNumber(o.text("to")),
		ReplyTo:    cleanID(body.object("context").text("id")),
	}
	if m.RemoteID == "" {
		m.RemoteID = m.WhatsAppID
	}
	if m.RemoteID == "" {
		return nil, invalid("it has no usable dtMessageId or messageId")
	}
	fillContent(&m, body)
	return &data.Incoming{From: data.Sender{Phone: phone, Name: o.object("contact").line(data.MaxName, "name")}, Message: m}, nil
}

func parseStatusUpdate(o object) (*data.StatusUpdate, error) {
	status, ok := parseStatus(o.text("status"))
	if !ok {
		return nil, invalid("its status %q is unknown", o.line(40, "status"))
	}
	u := &data.StatusUpdate{MessageID: cleanID(o.text("messageId")), Status: status, At: o.moment("statusTimestamp")}
	if u.MessageID == "" {
		return nil, invalid("the status names no usable messageId")
	}
	if status == data.Failed {
		u.Failure = o.line(maxReason, "failMessage")
	}
	return u, nil
}

// What is wrong with a delivery whatever it says.
var (
	errTooLong   = invalid("it is longer than 2 MiB")
	errNotObject = invalid("it is no JSON object")
	errUnclosed  = invalid("it is not closed where the input ends")
	errTooDeep   = invalid("its JSON is nested too deeply")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", data.ErrInvalid, fmt.Sprintf(format, args...))
}
