//go:build !windows

package native

import "fyne.io/fyne/v2"

// OpenGLHint says what helps where the window cannot be drawn.
const OpenGLHint = "On Debian it comes with libgl1-mesa-dri. Every command works without a screen: latchdesk --help"

// AttachConsole lends the program the console that it was started from.
func AttachConsole() {}

// DetachConsole returns that console back.
func DetachConsole() {}

// ShowMessage says a sentence to whoever can neither see a window nor a console.
func ShowMessage(string) {}

// AllowForeground allows the program's other processes to bring themselves to the front.
func AllowForeground() {}

// RestoreWindow shows a window that was minimised.
func RestoreWindow(fyne.Window) {}
