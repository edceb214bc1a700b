package ui

import (
	"errors"
	"log"
	"os"
	"testing"
)

// What keeps a window from being is told from what is merely logged, whether it
// is logged or panics.
func TestCannotDraw(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	defer log.SetFlags(log.Flags())
	for _, c := range []struct {
		text string
		want error
	}{
		{"Fyne error:  window creation error", ErrNoScreen},
		{"Fyne error:  failed to initialise GLFW", ErrNoScreen},
		{"PlatformError: WGL: Failed to set pixel format for dummy context: Procedure not found.", ErrNoScreen},
		{"PlatformError: WGL: Failed to create dummy context: ", ErrNoScreen},
		{"FormatUnavailable: WGL: Failed to find a suitable pixel format", ErrNoScreen},
		{"FormatUnavailable: GLX: Failed to find a suitable GLXFBConfig", ErrNoScreen},
		{"APIUnavailable: WGL: The driver does not appear to support OpenGL", ErrNoScreen},
		{"PlatformError: WGL: Failed to clear current context: ", nil},
		{"PlatformError: Win32: Failed to open clipboard: Access denied.", nil},
		{"Fyne error:  unable to load the icon", nil},
	} {
		if got := shieldedFrom(func() { log.Print(c.text) }); !errors.Is(got, c.want) {
			t.Errorf("logged %q: %v", c.text, got)
		}
		want := c.want
		if want == nil {
			want = errInside
		}
		if got := shieldedFrom(func() { panic(c.text) }); !errors.Is(got, want) {
			t.Errorf("panicked with %q: %v", c.text, got)
		}
	}
}

func shieldedFrom(do func()) (err error) {
	defer shielded(&err)()
	do()
	return nil
}
