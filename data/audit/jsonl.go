package audit

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// fieldNames are the fields of the canonical form, in its order, and the hash of it.
// The first three are numbers.
var fieldNames = []string{"seq", "at", "recordedAt", "kind", "phone", "actorKind", "actor", "way", "detail", "prev", "hash"}

const numericFields = 3

// jsonKeys are what stands before each value of a line.
var jsonKeys = func() []string {
	keys := make([]string, len(fieldNames))
	for i, name := range fieldNames {
		keys[i] = `,"` + name + `":`
	}
	keys[0] = "{" + keys[0][1:]
	return keys
}()

// jsonHeadKeys are the same for the last line.
var jsonHeadKeys = []string{`{"head":`, `,"count":`}

func appendJSONEvent(line []byte, e data.Event) []byte {
	for i, value := range eventFields(e) {
		line = append(line, jsonKeys[i]...)
		if i < numericFields {
			line = append(line, value...)
		} else {
			line = appendJSONString(line, value)
		}
	}
	return append(line, '}')
}

func appendJSONHead(line []byte, h data.Head) []byte {
	line = append(line, jsonHeadKeys[0]...)
	line = appendJSONString(line, hex.EncodeToString(h.Hash))
	line = append(line, jsonHeadKeys[1]...)
	line = strconv.AppendInt(line, h.Count, 10)
	return append(line, '}')
}

// appendJSONString writes text as JSON, with nothing escaped that need not be.
func appendJSONString(line []byte, text string) []byte {
	if isPlainASCII(text) {
		line = append(line, '"')
		line = append(line, text...)
		return append(line, '"')
	}
	encoded, err := data.EncodeJSON(text)
	if err != nil {
		panic(fmt.Sprintf("audit: a text did not encode: %v", err))
	}
	return append(line, encoded...)
}

// isPlainASCII reports whether text is JSON as it is.
func isPlainASCII(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// parseJSON takes more than is written here, and less than JSON: whoever reads
// compares with what would have been written.
func parseJSON(line []byte) (record, error) {
	values, ok := parseObject(string(line), jsonKeys)
	if ok {
		return parseEvent(values)
	}
	if values, ok = parseObject(string(line), jsonHeadKeys); !ok {
		return record{}, errMalformed
	}
	return parseHead(values[1], values[0])
}

// parseObject returns the values of an object that has these keys, in this order.
func parseObject(line string, keys []string) (values []string, ok bool) {
	values = make([]string, 0, len(keys))
	for _, key := range keys {
		if line, ok = strings.CutPrefix(line, key); !ok {
			return nil, false
		}
		end := valueEnd(line)
		value, ok := parseValue(line[:end])
		if !ok {
			return nil, false
		}
		values, line = append(values, value), line[end:]
	}
	return values, line == "}"
}

func parseValue(written string) (value string, ok bool) {
	text, isText := strings.CutPrefix(written, `"`)
	if !isText {
		return written, true
	}
	if text, ok = strings.CutSuffix(text, `"`); ok && isPlainASCII(text) {
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
