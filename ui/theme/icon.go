package theme

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/assets"
)

// icon is an SVG in the colour of a role. Fyne's own themed resources recolour fills
// only; ours are drawn with strokes.
type icon struct {
	name string
	role fyne.ThemeColorName
	svg  []byte
}

type iconKey struct {
	name string
	role fyne.ThemeColorName
}

var iconCache = map[iconKey]*icon{}

// Icon returns the icon called name in the colour that role has in the variant of the
// moment. Every call returns the same resource.
func Icon(name string, role fyne.ThemeColorName) fyne.Resource {
	key := iconKey{name, role}
	if known, ok := iconCache[key]; ok {
		return known
	}
	i := &icon{name: name, role: role, svg: assets.IconSVG(name)}
	iconCache[key] = i
	return i
}

// Name contains the colour: Fyne caches the drawn icon by it.
func (i *icon) Name() string { return i.name + "-" + hex(Color(i.role)) + ".svg" }

// Content returns the SVG in the colour that the role has now.
func (i *icon) Content() []byte {
	return bytes.ReplaceAll(i.svg, []byte("currentColor"), []byte("#"+hex(Color(i.role))))
}

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("%02x%02x%02x", n.R, n.G, n.B)
}
