// Package theme is the look of Latchdesk: colours named by their role, sizes on a
// grid of four, and icons in the colour of a role.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// The sizes that the panes share.
const (
	Radius   float32 = 10
	Caption  float32 = 12 // times, previews, pills
	Body     float32 = 14
	Heading  float32 = 15 // a name in a header
	Title    float32 = 18 // a dialog's title
	IconSize float32 = 20
)

// fyneColors maps the colours that Fyne's widgets ask for to our roles.
var fyneColors = map[fyne.ThemeColorName]fyne.ThemeColorName{
	fynetheme.ColorNameBackground:                Background,
	fynetheme.ColorNameButton:                    Selected,
	fynetheme.ColorNameDisabledButton:            Separator,
	fynetheme.ColorNameDisabled:                  Muted,
	fynetheme.ColorNameError:                     Danger,
	fynetheme.ColorNameFocus:                     Pressed, // Fyne lays it over a whole widget: a tint, no ring
	fynetheme.ColorNameForeground:                Text,
	fynetheme.ColorNameForegroundOnError:         Card,
	fynetheme.ColorNameForegroundOnPrimary:       OnAccent,
	fynetheme.ColorNameForegroundOnSuccess:       OnAccent,
	fynetheme.ColorNameForegroundOnWarning:       Card,
	fynetheme.ColorNameHeaderBackground:          Sidebar,
	fynetheme.ColorNameHover:                     Hover,
	fynetheme.ColorNameHyperlink:                 Accent,
	fynetheme.ColorNameInnerWindowBorder:         Separator,
	fynetheme.ColorNameInnerWindowBorderInactive: Separator,
	fynetheme.ColorNameInputBackground:           Background,
	fynetheme.ColorNameInputBorder:               InputBorder,
	fynetheme.ColorNameMenuBackground:            Card,
	fynetheme.ColorNameOverlayBackground:         Card,
	fynetheme.ColorNamePlaceHolder:               Muted,
	fynetheme.ColorNamePressed:                   Pressed,
	fynetheme.ColorNamePrimary:                   Accent,
	fynetheme.ColorNameScrollBar:                 ScrollThumb,
	fynetheme.ColorNameScrollBarBackground:       Hover,
	fynetheme.ColorNameSelection:                 Selection,
	fynetheme.ColorNameSeparator:                 Separator,
	fynetheme.ColorNameShadow:                    Transparent, // scrolls would shade what is beside them; cards have a shadow of ours
	fynetheme.ColorNameSuccess:                   Accent,
	fynetheme.ColorNameWarning:                   Caution,
}

var fyneSizes = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNameText:               Body,
	fynetheme.SizeNameCaptionText:        Caption,
	fynetheme.SizeNameSubHeadingText:     Heading,
	fynetheme.SizeNameHeadingText:        Title,
	fynetheme.SizeNamePadding:            4,
	fynetheme.SizeNameInnerPadding:       8,
	fynetheme.SizeNameLineSpacing:        4,
	fynetheme.SizeNameInlineIcon:         IconSize,
	fynetheme.SizeNameSeparatorThickness: 1,
	fynetheme.SizeNameInputBorder:        1,
	fynetheme.SizeNameInputRadius:        Radius,
	fynetheme.SizeNameButtonRadius:       Radius,
	fynetheme.SizeNameCardRadius:         Radius,
	fynetheme.SizeNameDialogRadius:       Radius,
	fynetheme.SizeNamePopupRadius:        Radius,
	fynetheme.SizeNameMenuRadius:         Radius,
	fynetheme.SizeNameSelectionRadius:    4,
	fynetheme.SizeNameScrollBar:          8,
	fynetheme.SizeNameScrollBarSmall:     4,
	fynetheme.SizeNameScrollBarRadius:    4,
	fynetheme.SizeNameModalBlurRadius:    0,
}

// The modes of a theme.
const (
	Light  = "light"
	Dark   = "dark"
	System = "system"
)

type latchTheme struct {
	fyne.Theme // fonts and stock icons
	mode       string
}

// New returns the theme for a mode; any other than Light and Dark follows the system.
func New(mode string) fyne.Theme {
	return &latchTheme{Theme: fynetheme.DefaultTheme(), mode: mode}
}

// Color returns the colour of a role, ours or Fyne's.
func (l *latchTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if role, ok := fyneColors[name]; ok {
		name = role
	}
	s, ok := palette[name]
	if !ok {
		return l.Theme.Color(name, variant)
	}
	return s.forVariant(l.dark(variant))
}

// Size returns the size that goes by name.
func (l *latchTheme) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := fyneSizes[name]; ok {
		return size
	}
	return l.Theme.Size(name)
}

func (l *latchTheme) dark(variant fyne.ThemeVariant) bool {
	switch l.mode {
	case Dark:
		return true
	case Light:
		return false
	}
	return variant == fynetheme.VariantDark
}

// Color returns the colour of a role in the current theme and variant. If the current
// theme is not ours, as in a test that sets none, it comes from ours all the same.
func Color(role fyne.ThemeColorName) color.Color {
	if _, ours := fynetheme.Current().(*latchTheme); !ours {
		if s, ok := palette[role]; ok {
			return s.forVariant(fyne.CurrentApp().Settings().ThemeVariant() == fynetheme.VariantDark)
		}
	}
	return fynetheme.Color(role)
}
