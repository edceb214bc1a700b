package api

import (
	"context"
	"log/slog"
	"sync"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Switch is a server that is switched on and off while its profile is open.
type Switch struct {
	desk   *desk.Desk
	folder string

	mu      sync.Mutex
	asked   string     // where it was to listen
	on      *Listening // nil while it is off
	turnOff func()
}

// NewSwitch returns a switch that is off, for the profile in folder.
func NewSwitch(d *desk.Desk, folder string) *Switch { return &Switch{desk: d, folder: folder} }

// On has the server listen. Where that is impossible it says why, and a server
// that is on elsewhere stays there.
func (s *Switch) On(listen string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on != nil && s.asked == listen {
		return nil
	}
	l, err := Listen(s.desk, s.folder, Place{Listen: listen})
	if err != nil {
		return err
	}
	s.off()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := l.Serve(ctx); err != nil {
			slog.Error("the server of the window ended", "error", err)
		}
	}()
	s.asked, s.on = listen, l
	s.turnOff = func() {
		cancel()
		<-done
	}
	return nil
}

// Off ends the server; who is being answered has the answer first.
func (s *Switch) Off() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off()
}

func (s *Switch) off() {
	if s.on != nil {
		s.turnOff()
		s.on = nil
	}
}

// Address is where programs reach the server, empty while it is off.
func (s *Switch) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on == nil {
		return ""
	}
	return s.on.Address()
}

// Key is what programs show.
func (s *Switch) Key() (string, error) { return Key(s.folder).Text() }

// RenewKey makes another key; the one before is worth nothing any more.
func (s *Switch) RenewKey() error {
	_, err := Key(s.folder).Renew()
	return err
}

// WebhookPath is the path that DoubleTick's deliveries are sent to.
func (s *Switch) WebhookPath() (string, error) {
	secret, err := Webhook(s.folder).Text()
	return WebhookPath + secret, err
}

// Set switches the server on or off as the settings say.
func (s *Switch) Set(chosen data.Settings) error {
	if !chosen.Serve {
		s.Off()
		return nil
	}
	return s.On(chosen.Listen)
}
