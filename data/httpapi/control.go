package httpapi

import (
	"context"
	"log/slog"
	"sync"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// ServerControl starts and stops a server while its profile is open.
type ServerControl struct {
	desk   *desk.Desk
	folder string

	mu         sync.Mutex
	listenAddr string    // as the caller gave it
	running    *Listener // nil while stopped
	shutdown   func()
}

// NewServerControl returns a switch that is off, for the profile in folder.
func NewServerControl(d *desk.Desk, folder string) *ServerControl {
	return &ServerControl{desk: d, folder: folder}
}

// Start has the server listen. Where that is impossible it returns why, and a server
// that runs already keeps its address.
func (s *ServerControl) Start(listen string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil && s.listenAddr == listen {
		return nil
	}
	l, err := Listen(s.desk, s.folder, Config{Listen: listen})
	if err != nil {
		return err
	}
	s.stop()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := l.Serve(ctx); err != nil {
			slog.Error("the server of the window ended", "error", err)
		}
	}()
	s.listenAddr, s.running = listen, l
	s.shutdown = func() {
		cancel()
		<-done
	}
	return nil
}

// Stop ends the server after the requests in flight are answered.
func (s *ServerControl) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
}

func (s *ServerControl) stop() {
	if s.running != nil {
		s.shutdown()
		s.running = nil
	}
}

// URL returns the base URL of the server, empty while it is stopped.
func (s *ServerControl) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return ""
	}
	return s.running.URL()
}

// Key is what programs show.
func (s *ServerControl) Key() (string, error) { return APIKey(s.folder).Value() }

// RotateKey makes another key; the one before is worth nothing any more.
func (s *ServerControl) RotateKey() error {
	_, err := APIKey(s.folder).Rotate()
	return err
}

// WebhookPath is the path that DoubleTick's deliveries are sent to.
func (s *ServerControl) WebhookPath() (string, error) {
	secret, err := WebhookSecret(s.folder).Value()
	return WebhookPath + secret, err
}

// Apply starts or stops the server as the settings say.
func (s *ServerControl) Apply(chosen data.Settings) error {
	if !chosen.Serve {
		s.Stop()
		return nil
	}
	return s.Start(chosen.Listen)
}
