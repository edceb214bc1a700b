// Package cli is the command line: one command a file, each standing on the desk
// and none in need of a screen.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/profile"
)

// Exit codes.
const (
	ExitOK      = 0 // also where there was nothing to change
	ExitFailure = 1 // refused, not found, or something in the input was bad
	ExitUsage   = 2 // the command line itself is wrong
)

// Deps is what the command line needs from the program around it.
type Deps struct {
	Version      string
	Now          func() time.Time                            // nil for time.Now
	OpenWindow   func(context.Context, app.ProfileRef) error // what is run without a command
	SetupLogging func(app.ProfileRef)                        // for commands that run on their own; nil logs nothing
}

// Run runs the command that args ask for and returns the exit code. An error is
// printed to stderr once, in the user's words.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, deps Deps) int {
	if deps.Now == nil {
		deps.Now = time.Now
	}
	var line commandLine
	command, code := parse(&line, args, stdout, stderr)
	if command == nil {
		return code
	}
	ctx = withMigrationLine(ctx, stderr, migrationPatience)
	r := &run{ctx: ctx, deps: deps, ref: app.ProfileRef{Version: deps.Version}, in: stdin, out: newOutput(stdout), err: stderr}
	err := r.resolveProfile(line, command.Command())
	if err == nil {
		err = command.Run(r)
	}
	if flushErr := r.out.Flush(); err == nil && flushErr != nil {
		err = fmt.Errorf("write the answer: %w", flushErr)
	}
	if err == nil {
		return ExitOK
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintln(stderr, "latchdesk:", r.errorText(err))
	}
	return ExitFailure
}

// exitCode carries the exit of kong, which prints help and leaves, back to parse.
type exitCode int

// parse returns the command that args ask for, or nil and the exit code where
// there is nothing to run.
func parse(line *commandLine, args []string, stdout, stderr io.Writer) (command *kong.Context, code int) {
	defer func() {
		switch left := recover().(type) {
		case nil:
		case exitCode:
			command, code = nil, int(left)
		default:
			panic(left)
		}
	}()
	parser := kong.Must(line,
		kong.Name("latchdesk"),
		kong.Description("A support desk: read, answer, block and unblock customers."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: false}),
	)
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "latchdesk: %v\nSee latchdesk --help.\n", err)
		return nil, ExitUsage
	}
	return command, ExitOK
}

// run is one command being run.
type run struct {
	ctx  context.Context
	deps Deps
	ref  app.ProfileRef
	in   io.Reader
	out  *output
	err  io.Writer
}

// resolveProfile sets the profile that the command line asks for.
func (r *run) resolveProfile(line commandLine, command string) (err error) {
	dir := ""
	if line.Profile != nil {
		dir = string(*line.Profile)
	}
	r.ref.Demo = line.Demo
	if command == "demo reset" && dir == "" {
		r.ref.Demo = true // the demo's own folder needs no flag to be a demo
	}
	r.ref.Folder, err = profile.ResolveFolder(dir, r.ref.Demo)
	return err
}
