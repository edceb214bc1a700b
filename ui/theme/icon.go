package theme

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/assets"
)

// icon is a drawing in the colour of a role. Fyne's own themed resource
// recolours fills only; ours are drawn with strokes.
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

// Icon returns the drawing called name, in the colour of role whatever the
// variant. The same icon is given every time it is asked for.
func Icon(name string, role fyne.ThemeColorName) fyne.Resource {
	key := iconKey{name, role}
	if known, ok := iconCache[key]; ok {
		return known
	}
	i := &icon{name: name, role: role, svg: assets.IconSVG(name)}
	iconCache[key] = i
	return i
}

// Name carries the colour, because Fyne caches the drawn icon by it.
func (i *icon) Name() string { return i.name + "-" + hex(Color(i.role)) + ".svg" }

// Content returns the drawing in the colour that the role has now.
func (i *icon) Content() []byte {
	return bytes.ReplaceAll(i.svg, []byte("currentColor"), []byte("#"+hex(Color(i.role))))
}

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("%02x%02x%02x", n.R, n.G, n.B)
}
