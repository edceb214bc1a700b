package assets

import (
	"embed"
	"fmt"
)

//go:embed icons/*.svg
var icons embed.FS

// IconSVG returns the drawing called name, whose strokes and fills say
// currentColor. An unknown name is a slip in the program, so it panics.
func IconSVG(name string) []byte {
	svg, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(fmt.Sprintf("assets: no icon is called %q", name))
	}
	return svg
}
