package app

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// After an update all that is set aside is tried once more, by itself; the same
// version does not try again.
func TestApp_RetriesWhatIsSetAsideAfterAnUpdate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "desk")
	open := func(version string) *App {
		t.Helper()
		a, err := ProfileRef{Folder: folder, Version: version}.Open(t.Context(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	setAside := func(a *App, text string) {
		t.Helper()
		if _, err := a.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(text), Reason: "it is new"}}}); err != nil {
			t.Fatal(err)
		}
	}
	retriedBy := func(a *App, version string) func() bool {
		return func() bool {
			got, err := a.SetAsideRetriedBy(t.Context())
			return err == nil && got == version
		}
	}
	rows := func(a *App) int64 {
		t.Helper()
		total, err := a.SetAsideTotal(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return total.Rows
	}

	a := open("1.0.0")
	setAside(a, delivery("919137979401", "1", "one"))
	setAside(a, `{"odd":1}`)
	stop := a.StartJobs(t.Context())
	waittest.Until(t, "the version that retried is saved", retriedBy(a, "1.0.0"))
	stop()
	if got := rows(a); got != 1 {
		t.Errorf("%d are left", got)
	}
	setAside(a, delivery("919137979401", "2", "two"))
	if err := a.retrySetAside(t.Context()); err != nil || rows(a) != 2 {
		t.Errorf("the same version tried again: %d are left, %v", rows(a), err)
	}
	a.Close()

	a = open("1.1.0")
	defer a.Close()
	defer a.StartJobs(t.Context())()
	waittest.Until(t, "the update has retried", retriedBy(a, "1.1.0"))
	if got := rows(a); got != 1 {
		t.Errorf("%d are left after the update", got)
	}
	c, err := a.FindCustomer(t.Context(), "+919137979401")
	if err != nil {
		t.Fatal(err)
	}
	if messages, err := a.Messages(t.Context(), c.ID, data.ItemKey{}, 10); err != nil || len(messages) != 2 {
		t.Errorf("%+v, %v", messages, err)
	}
	if kept, err := a.FindSetAside(t.Context(), 3); err != nil || kept.State != data.SetAsideTaken || kept.By.Kind != data.ScheduleActor {
		t.Errorf("%+v, %v", kept, err)
	}
}
