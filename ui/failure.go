package ui

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/native"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	// ErrNoDisplay is returned if there is no screen to show a window on, or it
	// cannot draw.
	ErrNoDisplay data.UserError = "Latchdesk cannot show its window: it needs a screen with OpenGL 2.1 or later. " + native.OpenGLHint
	errInternal  data.UserError = "Latchdesk ran into an internal error and closed the window. Everything that was confirmed is kept. Details are in latchdesk.log in the profile's folder."
)

// ErrRestore is returned if the agent wants the newest backup to replace the
// database.
var ErrRestore = errors.New("the newest backup is to be restored")

// Failure says why the desk could not be opened.
type Failure struct {
	Text   string // in the user's words
	Backup string // the newest copy that could be restored; empty offers none
}

// ShowFailure shows in a window why the desk could not be opened. It returns
// ErrRestore if the agent asks for the backup.
func (p *Program) ShowFailure(ctx context.Context, f Failure) (err error) {
	defer recoverTo(&err)()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var restore bool
	err = p.show(ctx, "", theme.System, func(a fyne.App) (fyne.Window, error) {
		win := a.NewWindow("Latchdesk")
		fillFailure(win, f, func() {
			restore = true
			win.Close()
		})
		return win, nil
	})
	if err == nil && restore {
		return ErrRestore
	}
	return err
}

// fillFailure puts a failure into a window.
func fillFailure(win fyne.Window, f Failure, restore func()) {
	quit := widgets.NewButton("Quit", widgets.Ghost, win.Close)
	buttons := container.NewHBox(layout.NewSpacer(), quit)
	text := f.Text
	if f.Backup != "" {
		text += "\n\nThe newest copy is " + f.Backup + ". The damaged file is kept beside it."
		buttons.Add(widgets.NewButton("Restore the copy", widgets.Primary, restore))
	}
	title := widgets.NewParagraph("Latchdesk could not open the desk", theme.Text, theme.Title)
	title.SetStyle(fyne.TextStyle{Bold: true})
	win.SetContent(container.NewStack(widgets.NewBackground(theme.Background),
		container.New(layout.NewCustomPaddedLayout(24, 24, 24, 24),
			container.NewBorder(title, buttons, nil, nil,
				container.New(layout.NewCustomPaddedLayout(12, 12, 0, 0), widgets.NewParagraph(text, theme.Text, theme.Body))))))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(560, 280))
	win.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			win.Close()
		}
	})
}

func newApp(version, look string) fyne.App {
	app.SetMetadata(fyne.AppMetadata{
		ID: ID, Name: "Latchdesk", Version: version, Icon: appIcon(),
		Migrations: map[string]bool{"fyneDo": true},
	})
	a := app.NewWithID(ID)
	a.SetIcon(appIcon())
	a.Settings().SetTheme(theme.New(look))
	return a
}

// noDisplayPanic is what fyneLogWriter panics with.
type noDisplayPanic struct{ line string }

// noDisplayPattern matches what Fyne and GLFW log if they cannot open a window.
var noDisplayPattern = regexp.MustCompile(`window creation error|failed to initialise GLFW|(WGL|GLX|EGL): (Failed to (load|find|retrieve|set|create|make dummy)|The driver)`)

// fyneLogWriter receives what Fyne logs. It panics if Fyne has no window: Fyne itself
// would go on without one for ever.
type fyneLogWriter struct{}

func (fyneLogWriter) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	slog.Warn("fyne", "says", text)
	if noDisplayPattern.MatchString(text) {
		panic(noDisplayPanic{text})
	}
	return len(line), nil
}

// recoverTo returns a function to be deferred that turns a panic into an error that
// can be shown to a person.
func recoverTo(err *error) func() {
	log.SetFlags(0)
	log.SetOutput(fyneLogWriter{})
	return func() {
		switch r := recover().(type) {
		case nil:
		case noDisplayPanic:
			*err = ErrNoDisplay
		default:
			slog.Error("panic", "cause", fmt.Sprint(r), "stack", string(debug.Stack()))
			*err = errInternal
			if text := fmt.Sprint(r); strings.Contains(text, "GLFW") || noDisplayPattern.MatchString(text) {
				*err = ErrNoDisplay
			}
		}
	}
}
