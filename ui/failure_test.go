package ui

import (
	"errors"
	"log"
	"os"
	"testing"
)

// What keeps a window from being is told from what is merely logged, whether it
// is logged or panics.
func TestRecoverTo_RecognizesMissingDisplay(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	defer log.SetFlags(log.Flags())
	for _, c := range []struct {
		text string
		want error
	}{
		{"Fyne error:  window creation error", ErrNoDisplay},
		{"Fyne error:  failed to initialise GLFW", ErrNoDisplay},
		{"PlatformError: WGL: Failed to set pixel format for dummy context: Procedure not found.", ErrNoDisplay},
		{"PlatformError: WGL: Failed to create dummy context: ", ErrNoDisplay},
		{"FormatUnavailable: WGL: Failed to find a suitable pixel format", ErrNoDisplay},
		{"FormatUnavailable: GLX: Failed to find a suitable GLXFBConfig", ErrNoDisplay},
		{"APIUnavailable: WGL: The driver does not appear to support OpenGL", ErrNoDisplay},
		{"PlatformError: WGL: Failed to clear current context: ", nil},
		{"PlatformError: Win32: Failed to open clipboard: Access denied.", nil},
		{"Fyne error:  unable to load the icon", nil},
	} {
		if got := recoveredFrom(func() { log.Print(c.text) }); !errors.Is(got, c.want) {
			t.Errorf("logged %q: %v", c.text, got)
		}
		want := c.want
		if want == nil {
			want = errInternal
		}
		if got := recoveredFrom(func() { panic(c.text) }); !errors.Is(got, want) {
			t.Errorf("panicked with %q: %v", c.text, got)
		}
	}
}

func recoveredFrom(do func()) (err error) {
	defer recoverTo(&err)()
	do()
	return nil
}
