// Latchdesk is a support desk: read, answer, block and unblock customers. This
// file is its table of contents.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/BurntSushi/toml"

	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/cli"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/ui"
	"github.com/latchdesk/latchdesk/ui/account"
	"github.com/latchdesk/latchdesk/ui/native"
)

func main() {
	native.AttachConsole()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run runs the command that args ask for, or the window where they ask for none,
// and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // errors are said once, in the user's words
	return cli.Run(ctx, args, stdin, stdout, stderr, cli.Deps{
		Version:      version(),
		Now:          clock.Monotonic(),
		OpenWindow:   openWindow,
		SetupLogging: app.ProfileRef.SetupLogging,
	})
}

// openWindow opens a profile and shows its window until the agent leaves.
func openWindow(ctx context.Context, ref app.ProfileRef) (err error) {
	native.DetachConsole()
	defer func() {
		if err != nil {
			native.ShowMessage(desk.Explain(err))
		}
	}()
	ref.SetupLogging()
	a, err := ref.Open(ctx, clock.Monotonic())
	if err != nil {
		return restoreIfRequested(ctx, ref, ui.ShowFailure(ctx, ui.Failure{Text: desk.Explain(err), Backup: ref.RecoveryBackup(err)}))
	}
	err = runWindow(ctx, a, ref)
	return errors.Join(a.Close(), restoreIfRequested(ctx, ref, err))
}

// runWindow shows the desk until the agent leaves. If another process shows it
// already, that window comes to the front instead.
func runWindow(ctx context.Context, a *app.App, ref app.ProfileRef) error {
	first, err := a.Profile.TryLockWindow()
	if err != nil || !first {
		native.AllowForeground()
		return errors.Join(err, a.RequestActivate(ctx))
	}
	defer a.StartJobs(ctx)()
	server := a.NewServerControl()
	defer server.Stop()
	return ui.Run(ctx, ui.Options{
		Desk:           a.Desk,
		Settings:       a.Settings,
		Version:        version(),
		Person:         profile.UserName(),
		OpenDemo:       func() error { return native.Relaunch("--demo") },
		ResetDemo:      a.ResetDemo,
		Backup:         ref.NewestBackup,
		Server:         server,
		ImportMessages: a.ImportMessages,
		Account:        account.Actions{TestConnection: a.TestAccount, Join: a.JoinAccount, Leave: a.LeaveAccount, KeyLocation: a.KeyLocation},
	})
}

// restoreIfRequested restores the newest backup and starts the program again if
// that is the wish with which the window ended; it returns any other err.
func restoreIfRequested(ctx context.Context, ref app.ProfileRef, err error) error {
	if !errors.Is(err, ui.ErrRestore) {
		return err
	}
	if err := ref.RestoreNewestBackup(ctx); err != nil {
		return err
	}
	return native.Relaunch(os.Args[1:]...)
}

// fyneAppTOML is the one place where the program's name and version stand.
//
//go:embed FyneApp.toml
var fyneAppTOML string

func version() string {
	var meta struct {
		Details struct{ Version string }
	}
	if _, err := toml.Decode(fyneAppTOML, &meta); err != nil {
		panic(fmt.Sprintf("FyneApp.toml, which is built in, cannot be read: %v", err))
	}
	return meta.Details.Version
}
