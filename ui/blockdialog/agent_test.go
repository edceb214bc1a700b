package blockdialog_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/ui/blockdialog"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/uitest"
)

const (
	walter data.Phone = "+46701234567"

	notePlace   = "Note for your colleagues (optional)"
	datePlace   = "2026-12-24, 2026-12-24 18:00, 3d or 2w"
	numberPlace = "Number, like +46 70 123 45 67"
	reviewPlace = "Review: 30d or 2026-12-24; empty for never"
	conflict    = "Someone changed this customer meanwhile. Look again, then confirm once more."
	sure        = "I have read this and want to block"
)

func openDesk(ctx context.Context, path string, now func() time.Time) (*desk.Desk, io.Closer, error) {
	s, err := store.Open(ctx, path, now)
	if err != nil {
		return nil, nil, err
	}
	return desk.New(s), s, nil
}

// bulkResult is what OnBulkDone was called with.
type bulkResult struct {
	want   data.Status
	result desk.BulkResult
	whole  bool
}

// agent is somebody at a window with the dialogs.
type agent struct {
	*uitest.Agent
	dialogs *blockdialog.Controller
	walter  int64
	done    []data.Outcome
	results []bulkResult
}

// enter opens a window on an empty desk.
func enter(t *testing.T) *agent {
	t.Helper()
	a := &agent{Agent: uitest.Sit(t, openDesk)}
	a.dialogs = blockdialog.New(dialogs.New(a.Canvas, a.Runner), a.Desk, func() data.Actor { return uitest.Asha })
	a.dialogs.OnDone = func(out data.Outcome) { a.done = append(a.done, out) }
	a.dialogs.OnBulkDone = func(want data.Status, result desk.BulkResult, whole bool) {
		a.results = append(a.results, bulkResult{want, result, whole})
	}
	t.Cleanup(func() {
		for _, err := range a.Failed {
			t.Errorf("the window was told of %v", err)
		}
	})
	return a
}

// sit opens a window on a desk to which Walter wrote twice.
func sit(t *testing.T) *agent {
	t.Helper()
	a := enter(t)
	a.walter = a.Receive(walter, "Walter Quist", "Hello", "Hello?")
	return a
}

func (a *agent) says(texts ...string) {
	a.T.Helper()
	for _, text := range texts {
		if got := a.Texts(); !slices.Contains(got, text) {
			a.T.Errorf("%q is not on screen:\n%s", text, strings.Join(got, "\n"))
		}
	}
}
