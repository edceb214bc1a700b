// Package assets holds what ships inside the program: icons, the demo's world,
// the words of the precheck, the contract of the HTTP API and the licences.
package assets

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed icons/*.svg
var icons embed.FS

// IconSVG returns the icon called name as SVG. Its strokes and fills are
// currentColor. It panics if there is no such icon.
func IconSVG(name string) []byte {
	svg, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(fmt.Sprintf("assets: no icon is called %q", name))
	}
	return svg
}

//go:embed demo/*.json
var demo embed.FS

// DemoDocument returns the document called name of the demo world in JSON: world,
// replies or crowd. It panics if there is no such document.
func DemoDocument(name string) []byte {
	document, err := demo.ReadFile("demo/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("assets: the demo world has no document %q", name))
	}
	return document
}

//go:embed precheck/*.json
var precheck embed.FS

// PrecheckWords returns the words that are looked for before a block: a JSON document
// for each language, by the language's code.
func PrecheckWords() map[string][]byte {
	files, err := precheck.ReadDir("precheck")
	if err != nil {
		panic(fmt.Sprintf("assets: the words of the precheck are missing: %v", err))
	}
	documents := map[string][]byte{}
	for _, f := range files {
		document, err := precheck.ReadFile("precheck/" + f.Name())
		if err != nil {
			panic(fmt.Sprintf("assets: the words of the precheck are missing: %v", err))
		}
		documents[strings.TrimSuffix(f.Name(), ".json")] = document
	}
	return documents
}

// OpenAPI is the contract of the desk's HTTP API, in JSON.
//
//go:embed openapi.json
var OpenAPI []byte

// License is the text of Latchdesk's own licence.
//
//go:embed LICENSE
var License string

// ThirdPartyLicenses lists all that is linked into Latchdesk, with its licences. It is
// written by assets/package/licences.
//
//go:embed THIRD-PARTY.txt
var ThirdPartyLicenses string
