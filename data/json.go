package data

import (
	"bytes"
	"encoding/json"
)

// EncodeJSON returns value as JSON with nothing escaped that need not be: unlike
// json.Marshal it leaves <, > and & as they are.
func EncodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// NullIfEmpty returns text for JSON: null if it is empty.
func NullIfEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
