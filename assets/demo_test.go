package assets

import (
	"encoding/json"
	"testing"
)

func TestDemoDocumentsAreJSON(t *testing.T) {
	for _, name := range []string{"world", "replies", "crowd"} {
		if !json.Valid(Demo(name)) {
			t.Errorf("%s is no JSON", name)
		}
	}
}

func TestAnUnknownDemoDocumentPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Demo("nowhere")
}
