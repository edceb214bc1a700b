// Package doubletick speaks DoubleTick's wire format: it reads the messages and
// statuses that DoubleTick delivers, its own and those of Meta that it hands on, one
// by one or as many as a file holds, and calls its API. What it reads may be written
// in many ways: no message is lost, and nothing is made up.
package doubletick

import (
	"bytes"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// MaxBytes is the longest delivery that is read.
const MaxBytes = 2 << 20

// Delivery is one item of the input: exactly one of Incoming, Status, Change and
// Ignored is set, or Err says why it cannot be taken.
type Delivery struct {
	Line int // where it begins, from 1
	Part int // which it is of the deliveries of one JSON object, from 0
	// Raw is the JSON object that the delivery was read from, whole: Meta's can hold
	// several deliveries, which then have the same. It is empty where there is none,
	// because the input is no JSON object or is too long. Deliveries keeps it only
	// until the next object is read.
	Raw      []byte
	Incoming *data.Incoming
	Status   *data.StatusUpdate
	Change   *data.IdentityChange
	Ignored  string // the name of an event that holds nothing for the desk
	keepRaw  bool   // what Incoming carries was not understood
	Err      error  // is data.ErrInvalid or data.ErrPhone, or the error of the reader
}

// Parse reads one JSON object, which can hold several deliveries. There is always at
// least one.
func Parse(raw []byte) []Delivery {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\uFEFF")))
	if err := checkObject(raw); err != nil {
		return []Delivery{{Line: 1, Err: err}}
	}
	return appendDeliveries(nil, 1, raw)
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

// What is wrong with a delivery whatever it says.
var (
	errTooLong   = invalid("it is longer than 2 MiB")
	errNotObject = invalid("it is not a JSON object")
	errUnclosed  = invalid("it is cut off at the end of the input")
	errTooDeep   = invalid("its JSON is nested too deeply")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", data.ErrInvalid, fmt.Sprintf(format, args...))
}
