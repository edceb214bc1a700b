package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// newCard makes the ground of a dialog or a menu, which floats.
func newCard() *canvas.Rectangle {
	card := canvas.NewRectangle(theme.Color(theme.Card))
	card.CornerRadius = theme.Radius
	card.StrokeWidth = 1
	card.Shadow = canvas.Shadow{BlurRadius: 16, Offset: fyne.NewPos(0, 4)}
	paintCard(card)
	return card
}

func paintCard(card *canvas.Rectangle) {
	card.FillColor = theme.Color(theme.Card)
	card.StrokeColor = theme.Color(theme.Line)
	card.Shadow.Color = theme.Color(theme.Shadow)
}
