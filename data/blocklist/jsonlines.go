package blocklist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

var (
	errNotObject  = errors.New("it is not a JSON object")
	errHalfObject = errors.New("its JSON object is cut off")
)

// jsonReader reads objects in JSON, each on a line or on lines of its own, as a table:
// their keys are the columns. SMS Import / Export writes Android's blocked numbers so, with the keys
// original_number and e164_number. The brackets and commas of an array around the
// objects are skipped.
type jsonReader struct {
	cells
	lines   lineReader
	columns []string // the keys of the first objects
	waiting []jsonLine
	err     error      // of the line after those that wait
	ahead   *aheadLine // was read to see that an object does not go on there
}

type aheadLine struct {
	text []byte
	cut  bool
}

type jsonLine struct {
	line   int
	object map[string]string
	err    error
}

// headLines is how many objects are read to know all keys: what has no value may be
// left out.
const headLines = 100

// maxColumns is how many columns a table has at most.
const maxColumns = 1024

func newJSONReader(in *bufio.Reader) (*jsonReader, error) {
	r := &jsonReader{lines: lineReader{in: in}}
	size := 0
	for len(r.waiting) < headLines && size < maxRow && r.err == nil {
		next, err := r.readLine()
		if r.err = err; err != nil {
			break
		}
		r.waiting = append(r.waiting, next)
		for _, key := range slices.Sorted(maps.Keys(next.object)) {
			size += len(key) + len(next.object[key])
			if !slices.Contains(r.columns, key) && len(r.columns) < maxColumns {
				r.columns = append(r.columns, key)
			}
		}
	}
	if r.err != nil && r.err != io.EOF {
		return nil, r.err
	}
	return r, nil
}

func (r *jsonReader) next() (line int, err error) {
	if len(r.waiting) == 0 && r.err == nil {
		var next jsonLine
		if next, r.err = r.readLine(); r.err == nil {
			r.waiting = append(r.waiting, next)
		}
	}
	if len(r.waiting) == 0 {
		return r.lines.line, r.err
	}
	next := r.waiting[0]
	r.waiting = r.waiting[1:]
	r.text, r.rowErr = r.text[:0], next.err
	for _, key := range r.columns {
		r.text = append(r.text, next.object[key])
	}
	return next.line, nil
}

// readLine returns the next object, or what stands in the place of one.
func (r *jsonReader) readLine() (next jsonLine, err error) {
	for {
		text, cut, err := r.readText()
		if err != nil {
			return next, err
		}
		next.line = r.lines.line
		if cut {
			next.err = errRowTooLong
			return next, nil
		}
		indent := len(text) - len(bytes.TrimLeft(text, " \t"))
		text = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), []byte("[")))
		if whole := trimEnd(text); len(whole) == 0 || string(whole) == "]" {
			continue
		}
		if next.object, next.err = parseObject(trimEnd(text)); next.err == errHalfObject {
			next.object, next.err = r.readOn(text, indent)
		}
		return next, nil
	}
}

func (r *jsonReader) readText() (text []byte, cut bool, err error) {
	if ahead := r.ahead; ahead != nil {
		r.ahead = nil
		return ahead.text, ahead.cut, nil
	}
	return r.lines.read()
}

// readOn reads the rest of an object that goes over several lines, of which text is the
// first, so far in. Where another object begins no further in, this one is broken.
func (r *jsonReader) readOn(text []byte, indent int) (map[string]string, error) {
	for {
		line, cut, err := r.lines.read()
		if err != nil {
			return nil, errNotObject // the end is met again
		}
		begun := bytes.TrimLeft(line, " \t")
		if cut || len(line)-len(begun) <= indent && bytes.HasPrefix(begun, []byte("{")) {
			r.ahead = &aheadLine{line, cut}
			return nil, errNotObject
		}
		if text = append(append(text, '\n'), line...); len(text) > maxRow {
			return nil, errRowTooLong
		}
		if whole := trimEnd(bytes.TrimSpace(text)); bytes.HasSuffix(whole, []byte("}")) {
			if object, err := parseObject(whole); err != errHalfObject {
				return object, err
			}
		}
	}
}

// trimEnd returns an object without the comma behind it, and the end of the array around
// it.
func trimEnd(text []byte) []byte {
	text = bytes.TrimRight(text, ",")
	if len(text) > 0 && text[0] == '{' {
		text = bytes.TrimSpace(bytes.TrimSuffix(text, []byte("]")))
	}
	return text
}

// parseObject returns the keys of an object with their values as text. Values of a
// list are joined as Google contacts does; objects in it are left out. It returns
// errHalfObject where more of it must follow.
func parseObject(text []byte) (map[string]string, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // so that no digit is lost
	err := d.Decode(&object)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errHalfObject
	}
	if err != nil || object == nil || d.More() {
		return nil, errNotObject
	}
	all := make(map[string]string, len(object))
	for key, value := range object {
		text := jsonText(value)
		if len(text) > maxCell {
			return nil, errCellTooLong
		}
		all[key] = text
	}
	return all, nil
}

func jsonText(value any) string {
	switch value := value.(type) {
	case nil, map[string]any:
		return ""
	case []any:
		var parts []string
		for _, v := range value {
			if text := jsonText(v); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, " ::: ")
	default:
		return fmt.Sprint(value)
	}
}

// isArrayOfObjects reports whether a text begins as an array of objects in JSON does.
func isArrayOfObjects(start []byte) bool {
	rest, ok := bytes.CutPrefix(start, []byte("["))
	rest = bytes.TrimSpace(rest)
	return ok && (len(rest) == 0 || rest[0] == '{')
}
