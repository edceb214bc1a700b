//go:build ci

package native

import "fyne.io/fyne/v2"

// ScreenSize returns zero: there is no screen.
func ScreenSize() fyne.Size { return fyne.Size{} }
