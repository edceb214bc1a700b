package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// newCardBackground returns the background of a dialog or a menu, with a shadow.
func newCardBackground() *canvas.Rectangle {
	card := canvas.NewRectangle(theme.Color(theme.Card))
	card.CornerRadius = theme.Radius
	card.StrokeWidth = 1
	card.Shadow = canvas.Shadow{BlurRadius: 16, Offset: fyne.NewPos(0, 4)}
	paintCardBackground(card)
	return card
}

func paintCardBackground(card *canvas.Rectangle) {
	card.FillColor = theme.Color(theme.Card)
	card.StrokeColor = theme.Color(theme.Separator)
	card.Shadow.Color = theme.Color(theme.Shadow)
}
