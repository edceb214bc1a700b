package assets

import (
	"encoding/json"
	"testing"
)

func TestGuardWordsAreJSON(t *testing.T) {
	words := GuardWords()
	for _, language := range []string{"ar", "de", "en", "es", "fr", "hi", "pt", "ta", "tr", "zh"} {
		if !json.Valid(words[language]) {
			t.Errorf("%s is no JSON", language)
		}
	}
}
