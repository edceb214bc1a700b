package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// Program shows the windows of a process, one after the other. Fyne can run one
// event loop in a process and no second, so what comes after the first window is
// shown in its loop. The zero Program has shown none yet.
type Program struct {
	app   fyne.App // runs while first is shown and what follows it; nil before
	first fyne.Window
	ended chan struct{} // is closed when the loop of app has ended
}

// show shows the window that build makes until it is closed or ctx ends. Where a
// window is shown already it takes its place.
func (p *Program) show(ctx context.Context, version, look string, build func(fyne.App) (fyne.Window, error)) error {
	if p.app == nil {
		a := newApp(version, look)
		win, err := build(a)
		if err != nil {
			return err
		}
		go func() {
			<-ctx.Done()
			quit(a)
		}()
		showClassed(win)
		a.Run()
		return nil
	}
	var err error
	fyne.DoAndWait(func() {
		p.app.Settings().SetTheme(theme.New(look))
		var win fyne.Window
		if win, err = build(p.app); err != nil {
			return
		}
		showClassed(win)
		p.first.Close() // only now: the app ends with its last window
	})
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		quit(p.app)
		<-p.ended
	}
	return nil
}

// quit ends the event loop of a. It may have ended by itself: at Ctrl-C Fyne ends it,
// too. Fyne then runs Quit on the goroutine of the caller, and closing a window
// panics, because GLFW is gone; there is nothing left to end.
func quit(a fyne.App) {
	defer func() { _ = recover() }()
	fyne.Do(func() {
		dropHooks(a)
		a.Quit()
	})
}

// dropHooks has Fyne call nobody at the end of its event loop. What it calls then runs on
// the loop's goroutine and is waited for there, and where it comes just before the loop
// stops listening, neither ends: the window is gone and the process stays, so that no
// other window of the profile opens. Its own hook saves preferences, of which there are
// none.
func dropHooks(a fyne.App) {
	hooks := a.Lifecycle()
	hooks.SetOnEnteredForeground(nil)
	hooks.SetOnExitedForeground(nil)
	if hooks, ok := hooks.(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		hooks.SetOnStoppedHookExecuted(nil)
	}
}
