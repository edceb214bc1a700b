//go:build !windows

package native

import "fyne.io/fyne/v2"

// NoOpenGL says what helps where the window cannot be drawn.
const NoOpenGL = "On Debian it comes with libgl1-mesa-dri. Every command works without a screen: latchdesk --help"

// Console lends the program the console that it was started from.
func Console() {}

// LeaveConsole returns that console back.
func LeaveConsole() {}

// Say says a sentence to whoever can neither see a window nor a console.
func Say(string) {}

// LetFront allows the program's other processes to bring themselves to the front.
func LetFront() {}

// Restore shows a window that was minimised.
func Restore(fyne.Window) {}
