package app

import (
	"context"
	"sync"

	"github.com/latchdesk/latchdesk/data/httpapi"
)

// NewServerControl returns the switch of the HTTP server that a window offers.
// It is off.
func (a *App) NewServerControl() *httpapi.ServerControl {
	return httpapi.NewServerControl(a.Desk, a.Profile.Folder)
}

// Listen binds an HTTP server to its address. Its errors are sentences for a
// person.
func (a *App) Listen(cfg httpapi.Config) (*httpapi.Listener, error) {
	return httpapi.Listen(a.Desk, a.Profile.Folder, cfg)
}

// Serve answers programs until ctx ends, and does the profile's jobs while no
// other process does.
func (a *App) Serve(ctx context.Context, l *httpapi.Listener) error {
	defer a.StartJobs(ctx)()
	ctx, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer stop()
	watch.Go(func() { logError(ctx, "watch the changes", a.Watch(ctx)) })
	return l.Serve(ctx)
}
