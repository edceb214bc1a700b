package cli

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// One line is printed of an update that takes long, and none of one that is quick.
// The time is the bubble's own.
func TestWithMigrationLine_PrintsOneLineWhereItTakesLong(t *testing.T) {
	for name, c := range map[string]struct {
		stages []data.MigrationStage // a second apart, the first at once
		lines  int
	}{
		"long":    {[]data.MigrationStage{data.MigrationCopies, data.MigrationWrites, data.MigrationWrites, data.MigrationWrites, data.MigrationEnds}, 1},
		"quick":   {[]data.MigrationStage{data.MigrationCopies, data.MigrationEnds}, 0},
		"nothing": {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out strings.Builder
				ctx := withMigrationLine(t.Context(), &out, 1500*time.Millisecond)
				for _, stage := range c.stages {
					data.ReportMigration(ctx, data.MigrationProgress{Stage: stage})
					time.Sleep(time.Second)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := strings.Count(out.String(), "\n"); got != c.lines || got > 0 && !strings.HasPrefix(out.String(), "Updating the desk to this version") {
					t.Errorf("%q", &out)
				}
			})
		})
	}
}
