//go:build !ci

package native

import (
	"github.com/go-gl/glfw/v3.4/glfw"

	"fyne.io/fyne/v2"
)

// ScreenSize returns the size in pixels of what windows can use of the first screen,
// zero if it is not known. A window of the toolkit must have been made before.
func ScreenSize() fyne.Size {
	monitor := glfw.GetPrimaryMonitor()
	if monitor == nil {
		return fyne.Size{}
	}
	_, _, width, height := monitor.GetWorkarea()
	return fyne.NewSize(float32(width), float32(height))
}
