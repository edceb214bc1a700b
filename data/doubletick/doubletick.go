// Package doubletick reads DoubleTick's wire format: the messages and statuses
// it delivers, one by one or as many as a file holds. It is tolerant in how
// things are written and strict in what counts, so that no message is lost and
// nothing is made up.
package doubletick

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// MaxBytes is the longest delivery that is read.
const MaxBytes = 2 << 20

// Delivery is one item of the input: exactly one of Incoming and Tick is set,
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
	return parseObject(1, raw)
}

// checkObject tells why raw is not one JSON object within bounds.
func checkObject(raw []byte) error {
	switch {
	case len(raw) > MaxBytes:
		return errTooLong
	case len(raw) == 0:
		return invalid("there is nothing in it")
	case raw[0] != '{':
		return errNotObject
	}
	var f jsonScanner
	for i, c := range raw {
		done, err := f.step(c)
		if err != nil {
			return fmt.Errorf("%w at byte %d", err, i+1)
		}
		if done && i < len(raw)-1 {
			return invalid("something follows its end at byte %d", i+2)
		}
	}
	if f.depth > 0 {
		return errUnclosed
	}
	return nil
}

// parseObject reads what check or the splitter has found to be one object.
func parseObject(line int, raw []byte) Delivery {
	d := Delivery{Line: line}
	var w webhookPayload
	var mistyped *json.UnmarshalTypeError // the field is then as good as missing
	err := json.Unmarshal(raw, &w)
	switch {
	case err != nil && !errors.As(err, &mistyped):
		d.Err = invalid("its JSON is broken: %s", data.CleanLine(err.Error(), 200))
	case w.From != nil && w.Message != nil:
		d.Incoming, d.Err = w.parseIncoming()
	case w.StatusTimestamp.present:
		d.Status, d.Err = w.parseStatus()
	default:
		d.Err = invalid("it is neither a message (from, message) nor a status (statusTimestamp)")
	}
	return d
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
