package doubletick

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds on a form.
const (
	maxFields = 2000
	maxIndex  = 9999 // of an element of a list
)

// ParseForm reads what a webhook that is registered with FORM_DATA or GET delivers:
// the fields of a form or of a query. Each delivery's Raw is JSON that reads as the
// form does. There is always at least one delivery, and Raw is empty where the form
// holds none.
//
// How DoubleTick writes objects into a form is not documented. So message[text]=hi,
// message.text=hi, message={"text":"hi"}, and a single field with the JSON of
// everything are all read, and numbers in brackets as places in a list.
func ParseForm(form url.Values) []Delivery {
	if raw := jsonOf(form); raw != nil {
		return parseAny(raw)
	}
	root := &formNode{}
	if len(form) == 0 || len(form) > maxFields {
		return []Delivery{{Line: 1, Err: invalid("it has %d fields, and 1 to %d are read", len(form), maxFields)}}
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		path, ok := formPath(name)
		if !ok || !root.place(path, form[name]) {
			return []Delivery{{Line: 1, Err: invalid("its field %.80q cannot be placed", name)}}
		}
	}
	return Parse(root.appendJSON(nil))
}

// jsonOf returns the JSON that is all there is in a form: the value of its only field,
// or the form as such, sent with the wrong content type. It returns nil where there is
// none.
func jsonOf(form url.Values) []byte {
	if len(form) != 1 {
		return nil
	}
	for name, values := range form {
		if len(values) != 1 {
			return nil
		}
		for _, text := range []string{name, values[0], name + "=" + values[0]} {
			raw := bytes.TrimSpace([]byte(text))
			if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') && json.Valid(raw) {
				return raw
			}
		}
	}
	return nil
}

// parseAny reads an object or a list of objects.
func parseAny(raw []byte) []Delivery {
	if raw[0] == '{' {
		return Parse(raw)
	}
	var all []Delivery
	for d := range Deliveries(bytes.NewReader(raw)) {
		d.Raw = bytes.Clone(d.Raw)
		all = append(all, d)
	}
	if all == nil {
		all = []Delivery{{Line: 1, Err: invalid("there is nothing in it")}}
	}
	return all
}

// formPath returns the parts of a field's name: message[a][0] and message.a.0 both
// have three, and the brackets of a list without a place make an empty one.
func formPath(name string) (path []string, ok bool) {
	rest := name
	for first := true; first || rest != ""; first = false {
		if inner, found := strings.CutPrefix(rest, "["); found && !first {
			part, after, closed := strings.Cut(inner, "]")
			if !closed {
				return nil, false
			}
			path, rest = append(path, part), after
			continue
		}
		rest = strings.TrimPrefix(rest, ".")
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, false
		}
		path, rest = append(path, rest[:end]), rest[end:]
	}
	return path, len(path) < maxDepth
}

// formNode is a value of a form: the texts that it was given, or what lies within it.
type formNode struct {
	texts  []string
	words  bool // they are a person's words, whatever they look like
	fields map[string]*formNode
}

// place puts values at the end of a path. It returns false where there is a value
// already, or something lies within it.
func (n *formNode) place(path, values []string) bool {
	for _, part := range path {
		if n.texts != nil {
			return false
		}
		if part == "" && len(path) > 1 { // message[]: its values are a list as they are
			break
		}
		if n.fields == nil {
			n.fields = map[string]*formNode{}
		}
		if n.fields[part] == nil {
			n.fields[part] = &formNode{}
		}
		n = n.fields[part]
	}
	if n.texts != nil || n.fields != nil {
		return false
	}
	n.texts, n.words = values, holdsWords(path)
	return true
}

// holdsWords reports whether a field holds what a person wrote, in which JSON and null
// mean nothing. Not inside another field, payload and body can be the delivery itself.
func holdsWords(path []string) bool {
	switch path[len(path)-1] {
	case "text", "caption", "address", "title", "value":
		return true
	case "payload", "body":
		return len(path) > 1
	}
	return false
}

// appendJSON appends the node as JSON.
func (n *formNode) appendJSON(raw []byte) []byte {
	switch {
	case n.fields == nil:
		return n.appendTexts(raw)
	case n.isList():
		raw = append(raw, '[')
		for i, place := range n.places() {
			if i > 0 {
				raw = append(raw, ',')
			}
			raw = n.fields[strconv.Itoa(place)].appendJSON(raw)
		}
		return append(raw, ']')
	}
	raw = append(raw, '{')
	for i, name := range slices.Sorted(maps.Keys(n.fields)) {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = append(raw, quoted(name)...)
		raw = append(raw, ':')
		raw = n.fields[name].appendJSON(raw)
	}
	return append(raw, '}')
}

// appendTexts appends what one field was given. The same twice counts once.
func (n *formNode) appendTexts(raw []byte) []byte {
	if n.words {
		return append(raw, quoted(strings.Join(n.texts, "\n"))...)
	}
	texts := slices.Compact(slices.Clone(n.texts))
	if len(texts) == 1 {
		return appendText(raw, texts[0])
	}
	raw = append(raw, '[')
	for i, text := range texts {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = appendText(raw, text)
	}
	return append(raw, ']')
}

// appendText appends a text as a JSON string, but an object or a list as it is, and
// null for the words that stand for nothing in a form.
func appendText(raw []byte, text string) []byte {
	switch trimmed := strings.TrimSpace(text); {
	case trimmed == "null" || trimmed == "undefined":
		return append(raw, "null"...)
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["):
		if json.Valid([]byte(trimmed)) {
			return append(raw, trimmed...)
		}
	}
	return append(raw, quoted(text)...)
}

// isList reports whether all that lies within has the number of a place.
func (n *formNode) isList() bool {
	for name := range n.fields {
		if place, err := strconv.Atoi(name); err != nil || place < 0 || place > maxIndex || strconv.Itoa(place) != name {
			return false
		}
	}
	return true
}

// places returns the numbers of a list's elements, in order.
func (n *formNode) places() []int {
	var all []int
	for name := range n.fields {
		place, err := strconv.Atoi(name)
		if err == nil {
			all = append(all, place)
		}
	}
	slices.Sort(all)
	return all
}
