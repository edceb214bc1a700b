package httpapi

import (
	"context"
	"log/slog"
	"sync"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// ServerControl starts and stops a server over an open profile. It is safe for
// concurrent use.
type ServerControl struct {
	desk   *desk.Desk
	folder string

	mu         sync.Mutex
	listenAddr string    // as it was given to Start
	running    *Listener // nil while stopped
	shutdown   func()
}

// NewServerControl returns a ServerControl, with the server stopped, for the
// profile in folder.
func NewServerControl(d *desk.Desk, folder string) *ServerControl {
	return &ServerControl{desk: d, folder: folder}
}

// Start starts the server at an address, or moves it there. If that fails, a
// running server keeps its address. The error is a sentence for a person.
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

// Stop stops the server. It returns when the requests in flight are answered, or cut
// off after a timeout.
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

// URL returns the base URL of the server, or "" while it is stopped.
func (s *ServerControl) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return ""
	}
	return s.running.URL()
}

// Key returns the API key.
func (s *ServerControl) Key() (string, error) { return APIKey(s.folder).Value() }

// RotateKey replaces the API key; the old one no longer works.
func (s *ServerControl) RotateKey() error {
	_, err := APIKey(s.folder).Rotate()
	return err
}

// WebhookPath returns the path to which DoubleTick's deliveries are sent. It ends
// with the secret.
func (s *ServerControl) WebhookPath() (string, error) {
	secret, err := WebhookSecret(s.folder).Value()
	return WebhookPath + secret, err
}

// Apply starts or stops the server according to the settings.
func (s *ServerControl) Apply(settings data.Settings) error {
	if !settings.Serve {
		s.Stop()
		return nil
	}
	return s.Start(settings.Listen)
}
