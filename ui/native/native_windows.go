package native

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	kernel = windows.NewLazySystemDLL("kernel32.dll")
	user   = windows.NewLazySystemDLL("user32.dll")

	attachConsole       = kernel.NewProc("AttachConsole")
	freeConsole         = kernel.NewProc("FreeConsole")
	allowSetForeground  = user.NewProc("AllowSetForegroundWindow")
	isIconic            = user.NewProc("IsIconic")
	showWindow          = user.NewProc("ShowWindow")
	setForegroundWindow = user.NewProc("SetForegroundWindow")
)

const (
	parentProcess = uintptr(^uint32(0)) // ATTACH_PARENT_PROCESS
	anyProcess    = uintptr(^uint32(0)) // ASFW_ANY
	swRestore     = 9
)

// OpenGLHint is a sentence that says what helps if the window cannot be drawn.
const OpenGLHint = "A remote desktop or a virtual machine often has none: put a software opengl32.dll, such as Mesa's, beside latchdesk.exe. Every command works without it: latchdesk-cli --help"

var (
	stderrUnread = !isConnected(windows.STD_ERROR_HANDLE) // nobody reads what is written to stderr
	attached     bool
)

// isConnected reports whether a standard handle is connected to a console, a file or
// another program. A program with a window has none of its own.
func isConnected(which uint32) bool {
	handle, err := windows.GetStdHandle(which)
	if err != nil || handle == 0 || handle == windows.InvalidHandle {
		return false
	}
	kind, err := windows.GetFileType(handle)
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// AttachConsole connects the program to the console that it was started from, so that
// latchdesk.exe prints there as latchdesk-cli.exe does. Handles that are redirected
// stay so.
func AttachConsole() {
	if !stderrUnread && isConnected(windows.STD_OUTPUT_HANDLE) {
		return
	}
	if ok, _, _ := attachConsole.Call(parentProcess); ok == 0 {
		return
	}
	attached = true
	for _, std := range []struct {
		which uint32
		name  string
		file  **os.File
	}{
		{windows.STD_INPUT_HANDLE, "CONIN$", &os.Stdin},
		{windows.STD_OUTPUT_HANDLE, "CONOUT$", &os.Stdout},
		{windows.STD_ERROR_HANDLE, "CONOUT$", &os.Stderr},
	} {
		if isConnected(std.which) {
			continue
		}
		if file, err := os.OpenFile(std.name, os.O_RDWR, 0); err == nil {
			*std.file = file
		}
	}
}

// DetachConsole disconnects the program from its console, which a window outlives.
func DetachConsole() {
	if attached {
		freeConsole.Call()
		attached = false
	}
}

// ShowMessage shows a sentence in a message box if nobody reads stderr.
func ShowMessage(text string) {
	if !stderrUnread {
		return
	}
	said, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	title, _ := windows.UTF16PtrFromString("Latchdesk")
	windows.MessageBox(0, said, title, windows.MB_OK|windows.MB_ICONWARNING|windows.MB_SETFOREGROUND)
}

// AllowForeground allows the program's other processes to bring themselves to the
// front, which Windows allows only to the process that the user started last.
func AllowForeground() { allowSetForeground.Call(anyProcess) }

// RestoreWindow shows a window that was minimised.
func RestoreWindow(win fyne.Window) {
	own, ok := win.(driver.NativeWindow)
	if !ok {
		return
	}
	own.RunNative(func(context any) {
		c, ok := context.(driver.WindowsWindowContext)
		if !ok {
			return
		}
		if minimised, _, _ := isIconic.Call(c.HWND); minimised != 0 {
			showWindow.Call(c.HWND, swRestore)
		}
		setForegroundWindow.Call(c.HWND)
	})
}
