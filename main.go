// Latchdesk is a support desk: read, answer, block and unblock customers. This
// file is its table of contents.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/latchdesk/latchdesk/data/command"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/ui"
)

// card is the one place where the program's name and version stand.
//
//go:embed FyneApp.toml
var card string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // errors are said once, in the user's words
	os.Exit(command.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, command.Env{
		Version: version(),
		Now:     time.Now,
		Window:  window,
	}))
}

func version() string {
	var app struct {
		Details struct{ Version string }
	}
	if _, err := toml.Decode(card, &app); err != nil {
		panic(fmt.Sprintf("FyneApp.toml, which is built in, cannot be read: %v", err))
	}
	return app.Details.Version
}

// window shows the desk of a profile until the agent leaves. Where a window has
// it open already, that one comes to the front.
func window(ctx context.Context, place command.Place) error {
	s, err := place.Open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	first, err := s.Profile.TakeWindow()
	if err != nil {
		return err
	}
	if !first {
		return s.Summon(ctx)
	}
	return ui.Run(ctx, ui.Options{
		Desk:     s.Desk,
		Settings: s.Settings,
		Version:  version(),
		Person:   profile.Person(),
	})
}
