package dialogs_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/uitest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func openDesk(ctx context.Context, path string, now func() time.Time) (*desk.Desk, io.Closer, error) {
	s, err := store.Open(ctx, path, now)
	if err != nil {
		return nil, nil, err
	}
	return desk.New(s), s, nil
}

func sit(t *testing.T) (*uitest.Agent, *dialogs.Presenter) {
	t.Helper()
	a := uitest.Sit(t, openDesk)
	return a, dialogs.New(a.Canvas, a.Runner)
}

// run is Presenter.Run or RunConcurrently.
type run func(*dialogs.Presenter, *widgets.Dialog, func(context.Context) error, ...func())

func TestRun_ClosesOrShowsError(t *testing.T) {
	for name, run := range map[string]run{"Run": (*dialogs.Presenter).Run, "RunConcurrently": (*dialogs.Presenter).RunConcurrently} {
		t.Run(name, func(t *testing.T) {
			a, p := sit(t)
			result := make(chan error)
			var acts, thens int
			p.Ask("Title", dialogs.Paragraph("Question?"), "Act", widgets.Primary, func(d *widgets.Dialog) {
				acts++
				run(p, d, func(context.Context) error { return <-result }, func() { thens++ })
			})
			a.Asks("Title")
			a.Press(fyne.KeyReturn, fyne.KeyReturn)
			if acts != 1 || !a.Button("Act").Disabled() {
				t.Errorf("%d acts, disabled: %v", acts, a.Button("Act").Disabled())
			}
			result <- errors.New("it did not work")
			a.Sees("it did not work")
			if thens != 0 || a.Button("Act").Disabled() {
				t.Errorf("then was called %d times, disabled: %v", thens, a.Button("Act").Disabled())
			}
			a.Press(fyne.KeyReturn)
			if slices.Contains(a.Texts(), "it did not work") {
				t.Error("the error of before is still shown")
			}
			result <- nil
			a.Free()
			if acts != 2 || thens != 1 {
				t.Errorf("%d acts, then was called %d times", acts, thens)
			}
		})
	}
}

func TestShow_EveryKeyCloses(t *testing.T) {
	a, p := sit(t)
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		closed := 0
		p.Show("Title", dialogs.Caption("Text"), widgets.WithCancel("", func() { closed++ }))
		a.Asks("Title")
		if got := a.Buttons(); !slices.Equal(got, []string{"Close"}) {
			t.Errorf("the buttons are %q", got)
		}
		a.Press(key)
		a.Free()
		if closed != 1 {
			t.Errorf("%s: closed %d times", key, closed)
		}
	}
}

func TestLoad_AbandonsTheOneBefore(t *testing.T) {
	a, p := sit(t)
	abandoned := make(chan struct{})
	dialogs.Load(p, func(ctx context.Context) (string, error) {
		<-ctx.Done()
		close(abandoned)
		return "First", nil
	}, func(title string) { p.Notify(title, "") })
	dialogs.Load(p, func(context.Context) (string, error) { return "Second", nil }, func(title string) { p.Notify(title, "") })
	a.Asks("Second")
	waittest.Receive(t, "the end of the first read", abandoned)
	a.Press(fyne.KeyReturn)
	a.Free()
}

func TestProgress_ReportsAndStops(t *testing.T) {
	a, p := sit(t)
	progress := p.ShowProgress("Working", "Beginning…")
	a.Asks("Working")
	a.Sees("Beginning…")
	progress.Report("1 of 2")
	a.Sees("1 of 2")
	a.Press(fyne.KeyEscape)
	a.Free()
	waittest.Receive(t, "the end of the context", progress.Context.Done())
	progress.Close()

	progress = p.ShowProgress("Working", "")
	a.Asks("Working")
	progress.Close()
	a.Free()
	if progress.Context.Err() == nil {
		t.Error("a closed progress keeps its context")
	}
}
