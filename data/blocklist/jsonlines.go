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

var errNotObject = errors.New("it is no JSON object on a line of its own")

// jsonReader reads objects in JSON, one on each line, as a table: their keys are the
// columns. SMS Import / Export writes Android's blocked numbers so, with the keys
// original_number and e164_number. The brackets and commas of an array around the
// objects are skipped.
type jsonReader struct {
	cells
	lines   lineReader
	columns []string // the keys of the first objects
	waiting []jsonLine
	err     error // of the line after those that wait
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

// readLine returns the next line that is not blank.
func (r *jsonReader) readLine() (next jsonLine, err error) {
	for {
		text, cut, err := r.lines.read()
		if err != nil {
			return next, err
		}
		next.line = r.lines.line
		if cut {
			next.err = errRowTooLong
			return next, nil
		}
		text = bytes.TrimRight(bytes.TrimSpace(text), ",")
		if text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("["))); len(text) > 0 && text[0] == '{' {
			text = bytes.TrimSuffix(text, []byte("]"))
		}
		if len(text) == 0 || string(text) == "]" {
			continue
		}
		next.object, next.err = parseObject(text)
		return next, nil
	}
}

// parseObject returns the keys of an object with their values as text. Values of a
// list are joined as Google contacts does; objects in it are left out.
func parseObject(text []byte) (map[string]string, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // so that no digit is lost
	if err := d.Decode(&object); err != nil || object == nil || d.More() {
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
