package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Migration is an update of the desk that takes so long that it is shown.
type Migration struct {
	Progress func() data.MigrationProgress // how far it is
	Begin    func()                        // is called once the window stands
	Stop     func()                        // has it undone
}

// migrationInterval is how often the window asks how far the update is.
const migrationInterval = 50 * time.Millisecond

// ShowMigration shows in a window how far the update of a desk is while then runs,
// on another goroutine: it waits for the update, and shows what follows by Run or
// ShowFailure. ShowMigration returns what then returns.
func (p *Program) ShowMigration(ctx context.Context, m Migration, then func() error) (err error) {
	defer recoverTo(&err)()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.app = newApp("", theme.System)
	p.first = p.app.NewWindow("Latchdesk")
	p.ended = make(chan struct{})
	shown := newMigrationView(p.first, m.Stop)
	shown.show(m.Progress())
	p.app.Lifecycle().SetOnStarted(func() { time.AfterFunc(migrationInterval, m.Begin) }) // with its first frame
	result := make(chan error, 1)
	go func() {
		result <- then()
		quit(p.app)
	}()
	go shown.follow(ctx, m.Progress)
	defer func() { // whatever ended the loop
		close(p.ended)
		m.Stop()
		if failed := <-result; err == nil {
			err = failed
		}
	}()
	p.first.ShowAndRun()
	return nil
}

// migrationView shows the update of a desk in a window of its own.
type migrationView struct {
	win      fyne.Window
	stop     func()
	title    *widgets.Paragraph
	text     *widgets.Paragraph
	bar      *widgets.ProgressBar
	percent  *widgets.EllipsisLabel
	buttons  *fyne.Container
	goOn     *widgets.Button
	stopIt   *widgets.Button
	state    migrationState
	progress data.MigrationProgress
}

// migrationState is what the agent wants of the update.
type migrationState int

const (
	migrationRuns  migrationState = iota
	migrationAsked                // the agent is asked whether it is to be stopped; it goes on meanwhile
	migrationStops                // it is being undone
)

// newMigrationView fills the window, which asks before it is closed.
func newMigrationView(win fyne.Window, stop func()) *migrationView {
	v := &migrationView{
		win: win, stop: stop,
		title:   widgets.NewParagraph("", theme.Text, theme.Title),
		text:    widgets.NewParagraph("", theme.Text, theme.Body),
		bar:     widgets.NewProgressBar(),
		percent: widgets.NewEllipsisLabel(theme.Muted, 13),
	}
	v.title.SetStyle(fyne.TextStyle{Bold: true})
	v.goOn = widgets.NewButton("Continue", widgets.Primary, func() { v.enter(migrationRuns) })
	v.stopIt = widgets.NewButton("Stop", widgets.Ghost, v.stopPressed)
	v.buttons = container.NewHBox(layout.NewSpacer(), v.stopIt, v.goOn)
	body := container.New(layout.NewCustomPaddedVBoxLayout(12), v.text, v.bar, v.percent)
	win.SetContent(container.NewStack(widgets.NewBackground(theme.Background),
		container.New(layout.NewCustomPaddedLayout(24, 24, 24, 24),
			container.NewBorder(v.title, v.buttons, nil, nil,
				container.New(layout.NewCustomPaddedLayout(12, 12, 0, 0), body)))))
	win.SetPadded(false)
	win.Resize(fyne.NewSize(480, 264)) // as high as the question needs
	win.CenterOnScreen()
	win.SetCloseIntercept(func() { v.ask() })
	win.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		switch {
		case key.Name == fyne.KeyEscape && v.state == migrationRuns:
			v.ask()
		case key.Name == fyne.KeyEscape && v.state == migrationAsked:
			v.enter(migrationRuns)
		}
	})
	v.refresh()
	return v
}

// follow shows how far the update is until ctx ends.
func (v *migrationView) follow(ctx context.Context, progress func() data.MigrationProgress) {
	ticker := time.NewTicker(migrationInterval)
	defer ticker.Stop()
	for last := progress(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if now := progress(); now != last {
			last = now
			fyne.Do(func() { v.show(now) })
		}
	}
}

// show shows how far the update is.
func (v *migrationView) show(p data.MigrationProgress) {
	v.progress = p
	v.refresh()
}

// ask asks whether the update is to be stopped.
func (v *migrationView) ask() {
	if v.state == migrationRuns {
		v.enter(migrationAsked)
	}
}

// stopPressed asks first, and then stops the update.
func (v *migrationView) stopPressed() {
	if v.state == migrationRuns {
		v.enter(migrationAsked)
		return
	}
	v.enter(migrationStops)
	v.stop()
}

func (v *migrationView) enter(state migrationState) {
	v.state = state
	v.refresh()
	if state == migrationAsked {
		v.win.Canvas().Focus(v.goOn)
	} else {
		v.win.Canvas().Unfocus()
	}
}

// refresh sets all that is shown.
func (v *migrationView) refresh() {
	title, text := migrationText(v.state, v.progress.Stage)
	v.title.SetText(title)
	v.text.SetText(text)
	v.bar.Set(v.progress.Fraction)
	v.percent.SetText(fmt.Sprintf("%d %%", int(v.progress.Fraction*100)))
	setVisible(v.goOn, v.state == migrationAsked)
	setVisible(v.stopIt, v.state != migrationStops)
	setVisible(v.bar, v.state != migrationStops)
	setVisible(v.percent, v.state != migrationStops)
	v.buttons.Refresh()
}

func setVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

func migrationText(state migrationState, stage data.MigrationStage) (title, text string) {
	switch {
	case state == migrationStops:
		return "Stopping…", "What was done so far is undone."
	case state == migrationAsked:
		return "Stop the update?", "It is still running. If you stop it, what was done so far is undone and the desk stays as it was; it will be updated when Latchdesk starts again."
	case stage == data.MigrationWaits:
		return "Updating the desk…", "Another Latchdesk is updating this desk. It will open here when that is done."
	case stage == data.MigrationCopies:
		return "Updating the desk…", "This version of Latchdesk has to update the desk once. First, a copy is made."
	}
	return "Updating the desk…", "This version of Latchdesk has to update the desk once. A copy was made."
}
