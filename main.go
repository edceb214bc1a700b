// Latchdesk is a support desk: read, answer, block and unblock customers. This
// file is its table of contents.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/BurntSushi/toml"
	"gopkg.in/natefinch/lumberjack.v2"

	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/command"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/ui"
	"github.com/latchdesk/latchdesk/ui/native"
)

// fyneAppTOML is the one place where the program's name and version stand.
//
//go:embed FyneApp.toml
var fyneAppTOML string

func main() {
	native.AttachConsole()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // errors are said once, in the user's words
	os.Exit(command.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, command.Deps{
		Version:      version(),
		Now:          clock.Monotonic(),
		OpenWindow:   runWindow,
		SetupLogging: setupLogging,
	}))
}

func version() string {
	var app struct {
		Details struct{ Version string }
	}
	if _, err := toml.Decode(fyneAppTOML, &app); err != nil {
		panic(fmt.Sprintf("FyneApp.toml, which is built in, cannot be read: %v", err))
	}
	return app.Details.Version
}

// setupLogging has what goes on written to the profile's log.
func setupLogging(place command.ProfileRef) {
	slog.SetDefault(slog.New(slog.NewTextHandler(&lumberjack.Logger{
		Filename: filepath.Join(place.Folder, "latchdesk.log"), MaxSize: 1, MaxBackups: 2,
	}, nil)))
}

// runWindow shows the desk of a profile until the agent leaves. Where a window has
// it open already, that one comes to the front.
func runWindow(ctx context.Context, place command.ProfileRef) (err error) {
	native.DetachConsole()
	defer func() {
		if err != nil {
			native.ShowMessage(desk.Explain(err))
		}
	}()
	setupLogging(place)
	s, err := place.Open(ctx, clock.Monotonic())
	if err != nil {
		return restoreIfRequested(ctx, place, ui.ShowFailure(ctx, ui.Failure{Text: desk.Explain(err), Backup: place.RecoveryBackup(err)}))
	}
	first, err := s.Profile.TryLockWindow()
	if err != nil || !first {
		native.AllowForeground()
		return errors.Join(err, s.RequestActivate(ctx), s.Close())
	}
	working, stop := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { s.RunJobs(working) })
	server := httpapi.NewServerControl(s.Desk, s.Profile.Folder)
	err = ui.Run(ctx, ui.Options{
		Desk: s.Desk, Settings: s.Settings, Version: version(), Person: profile.UserName(),
		OpenDemo: func() error { return relaunch("--demo") }, ResetDemo: s.ResetDemo,
		ImportMessages: s.ImportMessages, Backup: place.NewestBackup, Server: server,
		Account: ui.AccountActions{TestConnection: s.TestAccount, Join: s.JoinAccount, Leave: s.LeaveAccount, KeyLocation: func() string { return s.Credentials().Location() }},
	})
	server.Stop()
	stop()
	work.Wait()
	return errors.Join(s.Close(), restoreIfRequested(ctx, place, err))
}

// restoreIfRequested restores the newest backup where the window ended with that wish, and
// opens the window again.
func restoreIfRequested(ctx context.Context, place command.ProfileRef, err error) error {
	if !errors.Is(err, ui.ErrRestore) {
		return err
	}
	if err := place.RestoreNewestBackup(ctx); err != nil {
		return err
	}
	return relaunch(os.Args[1:]...)
}

// relaunch runs this program once more, beside or after this one.
func relaunch(args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start Latchdesk again: %w", err)
	}
	return exec.Command(program, args...).Start()
}
