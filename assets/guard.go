package assets

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed guard/*.json
var guard embed.FS

// GuardWords returns the words that are looked for before a block, a document
// per language.
func GuardWords() map[string][]byte {
	files, err := guard.ReadDir("guard")
	if err != nil {
		panic(fmt.Sprintf("assets: the words of the guard are not there: %v", err))
	}
	documents := map[string][]byte{}
	for _, f := range files {
		document, err := guard.ReadFile("guard/" + f.Name())
		if err != nil {
			panic(fmt.Sprintf("assets: the words of the guard are not there: %v", err))
		}
		documents[strings.TrimSuffix(f.Name(), ".json")] = document
	}
	return documents
}
