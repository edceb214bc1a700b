package audit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// names are the fields of the canonical form, in its order, and the hash of it.
// The first three are numbers.
var names = []string{"seq", "at", "recordedAt", "kind", "phone", "actorKind", "actor", "way", "detail", "prev", "hash"}

const numbers = 3

// keys are what stands before each value of a line.
var keys = func() []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = `,"` + name + `":`
	}
	keys[0] = "{" + keys[0][1:]
	return keys
}()

// headKeys are the same for the last line.
var headKeys = []string{`{"head":`, `,"count":`}

func jsonEvent(line []byte, e data.Event) []byte {
	for i, value := range fields(e) {
		line = append(line, keys[i]...)
		if i < numbers {
			line = append(line, value...)
		} else {
			line = appendText(line, value)
		}
	}
	return append(line, '}')
}

func jsonHead(line []byte, h data.Head) []byte {
	line = append(line, headKeys[0]...)
	line = appendText(line, hex.EncodeToString(h.Hash))
	line = append(line, headKeys[1]...)
	line = strconv.AppendInt(line, h.Count, 10)
	return append(line, '}')
}

// appendText writes text as JSON, with nothing escaped that need not be.
func appendText(line []byte, text string) []byte {
	if plain(text) {
		line = append(line, '"')
		line = append(line, text...)
		return append(line, '"')
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		panic(fmt.Sprintf("audit: a text did not encode: %v", err))
	}
	return append(line, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// plain reports whether text is JSON as it is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// readJSON takes more than is written here, and less than JSON: whoever reads
// compares with what would have been written.
func readJSON(line []byte) (entry, error) {
	values, ok := cutValues(string(line), keys)
	if ok {
		return readFields(values)
	}
	if values, ok = cutValues(string(line), headKeys); !ok {
		return entry{}, errForm
	}
	return readHead(values[1], values[0])
}

// cutValues returns the values of an object that has these keys, in this order.
func cutValues(line string, keys []string) (values []string, ok bool) {
	values = make([]string, 0, len(keys))
	for _, key := range keys {
		if line, ok = strings.CutPrefix(line, key); !ok {
			return nil, false
		}
		end := valueEnd(line)
		value, ok := valueOf(line[:end])
		if !ok {
			return nil, false
		}
		values, line = append(values, value), line[end:]
	}
	return values, line == "}"
}

func valueOf(written string) (value string, ok bool) {
	text, isText := strings.CutPrefix(written, `"`)
	if !isText {
		return written, true
	}
	if text, ok = strings.CutSuffix(text, `"`); ok && plain(text) {
		return text, true
	}
	return value, json.Unmarshal([]byte(written), &value) == nil
}

// valueEnd is where the text or the number ends with which line begins.
func valueEnd(line string) int {
	if !strings.HasPrefix(line, `"`) {
		return max(0, strings.IndexAny(line, ",}"))
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
