package data

import (
	"bytes"
	"encoding/json"
)

// EncodeJSON returns value as JSON on one line, with nothing escaped that need
// not be: json.Marshal escapes <, > and & as well.
func EncodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
