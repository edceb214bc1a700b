//go:build !windows

package native

import "fyne.io/fyne/v2"

// OpenGLHint is a sentence that says what helps if the window cannot be drawn.
const OpenGLHint = "On Debian it comes with libgl1-mesa-dri. Every command works without a screen: latchdesk --help"

// AttachConsole does nothing: the program has the console it was started from.
func AttachConsole() {}

// DetachConsole does nothing.
func DetachConsole() {}

// ShowMessage does nothing: errors are printed.
func ShowMessage(string) {}

// AllowForeground does nothing: there is no such restriction.
func AllowForeground() {}

// RestoreWindow shows a window that was minimised.
func RestoreWindow(fyne.Window) {}
