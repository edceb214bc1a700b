package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// jsonObject is a JSON object of which nothing is sure: fields are missing, unknown
// or of another type than was said.
type jsonObject map[string]any

// parseObject reads what must be one JSON object.
func parseObject(raw []byte) (jsonObject, bool) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\uFEFF")))
	if len(raw) == 0 || raw[0] != '{' {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var t jsonObject
	if dec.Decode(&t) != nil {
		return nil, false
	}
	_, err := dec.Token() // nothing follows
	return t, errors.Is(err, io.EOF)
}

// text returns the first of the fields that holds words, a number or a truth.
func (t jsonObject) text(fields ...string) string {
	for _, field := range fields {
		if s := word(t[field]); s != "" {
			return s
		}
	}
	return ""
}

func word(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return whole(v.String())
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// whole spells a whole number out: 9.19137979401e11 is how some programs write
// a phone number.
func whole(raw string) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) >= 1<<53 {
		return raw
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// line is text in one line within bounds.
func (t jsonObject) line(limit int, fields ...string) string {
	return data.CleanLine(t.text(fields...), limit)
}

// object returns an object within; an empty one where there is none.
func (t jsonObject) object(fields ...string) jsonObject {
	for _, field := range fields {
		if v, ok := t[field].(map[string]any); ok {
			return v
		}
	}
	return nil
}

// objects returns the first of the fields that is a list; null is an empty one.
func (t jsonObject) objects(fields ...string) (list []any, ok bool) {
	for _, field := range fields {
		v, given := t[field]
		if list, ok := v.([]any); ok || given && v == nil {
			return list, true
		}
	}
	return nil, false
}

// objectsOf returns the objects in a list.
func objectsOf(list []any) []jsonObject {
	var some []jsonObject
	for _, v := range list {
		if t, ok := v.(map[string]any); ok {
			some = append(some, t)
		}
	}
	return some
}

// boolean reports whether a field says yes, however it is spelled.
func (t jsonObject) boolean(field string) bool {
	switch strings.ToLower(t.text(field)) {
	case "true", "1", "yes":
		return true
	}
	return false
}

// moment returns the first of the fields that is a time: milliseconds or seconds
// since 1970, or RFC 3339. Zero where there is none that can be true.
func (t jsonObject) moment(fields ...string) data.Moment {
	for _, field := range fields {
		if at := doubletick.ParseTimestamp(t.text(field)); at != 0 {
			return at
		}
	}
	return 0
}
