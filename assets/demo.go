package assets

import (
	"embed"
	"fmt"
)

//go:embed demo/*.json
var demo embed.FS

// Demo returns the document called name of the demo world: world, replies or
// crowd. An unknown name is a slip in the program, so it panics.
func Demo(name string) []byte {
	document, err := demo.ReadFile("demo/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("assets: the demo world has no document %q", name))
	}
	return document
}
