package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// migrationPatience is how long an update of the desk may take before it is said.
const migrationPatience = time.Second

// withMigrationLine returns a context with which an update of the desk that takes
// longer than patience prints a line to w, once.
func withMigrationLine(ctx context.Context, w io.Writer, patience time.Duration) context.Context {
	var mu sync.Mutex
	var timer *time.Timer
	var ended bool
	say := func() {
		mu.Lock()
		defer mu.Unlock()
		if !ended {
			fmt.Fprintln(w, "Updating the desk to this version, which is done once. If it is interrupted, it is undone.")
		}
	}
	return data.WithMigrationProgress(ctx, func(p data.MigrationProgress) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case p.Stage == data.MigrationEnds:
			ended = true
		case timer == nil:
			timer = time.AfterFunc(patience, say)
		}
	})
}
