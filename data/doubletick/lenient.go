package doubletick

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// object is a JSON object of which nothing is certain: fields may be missing,
// unknown, written in another case, or of another type than documented. Reading
// a field never fails; what cannot be read is as good as missing.
type object map[string]json.RawMessage

// parseObject returns the one JSON object that raw must be. Its error is
// data.ErrInvalid.
func parseObject(raw []byte) (object, error) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\uFEFF")))
	if len(raw) == 0 || raw[0] != '{' {
		return nil, errNotObject
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, invalid("its JSON is broken: %s", data.CleanLine(err.Error(), 200))
	}
	return o, nil
}

// field returns the field of that name, or else of that name in another case,
// of which the first in the alphabet counts; nil where there is none.
func (o object) field(name string) json.RawMessage {
	if raw, ok := o[name]; ok {
		return raw
	}
	found := ""
	for key := range o {
		if len(key) == len(name) && strings.EqualFold(key, name) && (found == "" || key < found) {
			found = key
		}
	}
	return o[found]
}

// has reports whether the field is there and not null.
func (o object) has(name string) bool {
	raw := o.field(name)
	return len(raw) > 0 && raw[0] != 'n'
}

// text returns the first of the fields that holds a string, a number or a
// boolean that is not empty.
func (o object) text(fields ...string) string {
	for _, name := range fields {
		if s := scalar(o.field(name)); s != "" {
			return s
		}
	}
	return ""
}

// name returns the first of the fields that holds what can name something: a string, or
// a number above zero. What programs write for nothing, 0 and false, names nothing, and
// neither does true.
func (o object) name(fields ...string) string {
	for _, field := range fields {
		raw := o.field(field)
		if len(raw) == 0 || raw[0] == 't' || raw[0] == 'f' || raw[0] == '-' || raw[0] == '0' {
			continue
		}
		if s := scalar(raw); strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// line returns text in one line of at most limit characters.
func (o object) line(limit int, fields ...string) string {
	return data.CleanLine(o.text(fields...), limit)
}

// object returns the first of the fields that is an object, or a list of one; nil
// where none is.
func (o object) object(fields ...string) object {
	for _, name := range fields {
		raw := o.field(name)
		if inner, err := parseObject(raw); err == nil {
			return inner
		}
		if list, ok := listOf(raw); ok && len(list) == 1 {
			if inner, err := parseObject(list[0]); err == nil {
				return inner
			}
		}
	}
	return nil
}

// list returns the first of the fields that is a list or null, which counts as
// an empty one, and reports whether there is any.
func (o object) list(fields ...string) (list []json.RawMessage, ok bool) {
	for _, name := range fields {
		if list, ok = listOf(o.field(name)); ok {
			return list, true
		}
	}
	return nil, false
}

func listOf(raw json.RawMessage) (list []json.RawMessage, ok bool) {
	ok = len(raw) > 0 && (raw[0] == '[' || raw[0] == 'n') && json.Unmarshal(raw, &list) == nil
	return list, ok
}

// objects returns the objects of a list.
func (o object) objects(fields ...string) []object {
	list, _ := o.list(fields...)
	return objectsOf(list)
}

// objectsOf returns those of the values that are objects.
func objectsOf(list []json.RawMessage) []object {
	var all []object
	for _, raw := range list {
		if inner, err := parseObject(raw); err == nil {
			all = append(all, inner)
		}
	}
	return all
}

// isTrue reports whether the field says yes in one of its spellings.
func (o object) isTrue(name string) bool {
	switch strings.ToLower(o.text(name)) {
	case "true", "1", "yes":
		return true
	}
	return false
}

// moment returns the first of the fields that parseTimestamp can read; zero where
// there is none.
func (o object) moment(fields ...string) data.Moment {
	for _, name := range fields {
		if at := parseTimestamp(o.text(name)); at != 0 {
			return at
		}
	}
	return 0
}

// scalar returns a string, or what stands where a string should: a number, true
// or false by their spelling, everything else as nothing.
func scalar(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch c := raw[0]; {
	case c == '"' && !bytes.ContainsRune(raw, '\\') && utf8.Valid(raw):
		return string(raw[1 : len(raw)-1]) // as most are: decoding takes several times as long
	case c == '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return s
	case c == '-' || c >= '0' && c <= '9':
		return expandNumber(string(raw))
	case c == 't' || c == 'f':
		return string(raw)
	}
	return ""
}

// expandNumber spells a whole number out: 9.19137979401e11 is how some programs
// write a phone number.
func expandNumber(raw string) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) >= 1<<53 {
		return raw
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}
