// Latchdesk is a support desk: read, answer, block and unblock customers. This
// file starts the command line, and from there the window.
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
	"time"

	"github.com/BurntSushi/toml"

	"github.com/latchdesk/latchdesk/data"
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
	slog.SetDefault(slog.New(slog.DiscardHandler)) // errors are shown once, in the user's words; ProfileRef.SetupLogging replaces this
	return cli.Run(ctx, args, stdin, stdout, stderr, cli.Deps{
		Version:      version(),
		Now:          clock.Monotonic(),
		OpenWindow:   openWindow,
		SetupLogging: app.ProfileRef.SetupLogging,
	})
}

// patience is how long an update of the desk may take before a window says so.
const patience = 150 * time.Millisecond

// openWindow opens a profile and shows its window until it is closed. An error
// that it returns has been shown to the user.
func openWindow(ctx context.Context, ref app.ProfileRef) (err error) {
	native.DetachConsole()
	defer func() {
		if err != nil {
			native.ShowMessage(desk.Explain(err))
		}
	}()
	ref.SetupLogging()
	program := &ui.Program{}
	opening := ref.StartOpening(ctx, clock.Monotonic(), patience)
	if !opening.Slow() {
		return showDesk(ctx, program, opening, ref)
	}
	migration := ui.Migration{Progress: opening.Progress, Begin: opening.Begin, Stop: opening.Stop}
	err = program.ShowMigration(ctx, migration, func() error { return showDesk(ctx, program, opening, ref) })
	opening.Stop() // no window could be shown: what was begun is undone before the process ends
	_, _ = opening.Wait()
	return err
}

// showDesk waits until a profile is open and shows its window, or why there is
// none.
func showDesk(ctx context.Context, program *ui.Program, opening *app.Opening, ref app.ProfileRef) error {
	a, err := opening.Wait()
	if errors.Is(err, data.ErrMigrationStopped) {
		return nil // as the agent wanted
	}
	if err != nil {
		return restoreIfRequested(ctx, ref, program.ShowFailure(ctx, ui.Failure{Text: desk.Explain(err), Backup: ref.RecoveryBackup(err)}))
	}
	err = runWindow(ctx, program, a, ref)
	return errors.Join(a.Close(), restoreIfRequested(ctx, ref, err))
}

// runWindow shows the window of an open profile until it is closed. If another process
// shows one already, that comes to the front instead.
func runWindow(ctx context.Context, program *ui.Program, a *app.App, ref app.ProfileRef) error {
	first, err := a.Profile.TryLockWindow()
	if err != nil || !first {
		native.AllowForeground()
		return errors.Join(err, a.RequestActivate(ctx))
	}
	defer a.StartJobs(ctx)()
	server := a.NewServerControl()
	defer server.Stop()
	return program.Run(ctx, ui.Options{
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

// restoreIfRequested restores the newest backup and starts the program again if err
// is ui.ErrRestore. It returns any other err as it is.
func restoreIfRequested(ctx context.Context, ref app.ProfileRef, err error) error {
	if !errors.Is(err, ui.ErrRestore) {
		return err
	}
	if err := ref.RestoreNewestBackup(ctx); err != nil {
		return err
	}
	return native.Relaunch(os.Args[1:]...)
}

// fyneAppTOML is the only source of the program's name and version.
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
