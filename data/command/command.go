// Package command is the command line: every verb stands on the desk, none
// needs a screen.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/store"
)

// The exit codes there are.
const (
	ExitOK      = 0 // also where there was nothing to change
	ExitFailure = 1 // refused, not found, or something in the input was bad
	ExitUsage   = 2 // the command line itself is wrong
)

// Deps is what the command line needs from the program around it.
type Deps struct {
	Version      string
	Now          func() time.Time
	OpenWindow   func(context.Context, ProfileRef) error // what happens without a command
	SetupLogging func(ProfileRef)                        // has what goes on noted in the profile; nil notes nothing
}

type cli struct {
	Profile *nonEmpty `help:"The profile's folder; the user's own where it is left out." placeholder:"DIR"`
	Demo    bool      `help:"The demo's profile, or DIR as a demo."`

	Window   windowCmd   `cmd:"" default:"1" help:"Open the window. So does no command at all."`
	Block    blockCmd    `cmd:"" help:"Block a customer."`
	Unblock  unblockCmd  `cmd:"" help:"Unblock a customer."`
	Status   statusCmd   `cmd:"" help:"Tell whether a customer is blocked, by whom and since when."`
	Blocked  blockedCmd  `cmd:"" help:"List all who are blocked."`
	Messages messagesCmd `cmd:"" help:"List a customer's messages, the held ones too."`
	Events   eventsCmd   `cmd:"" help:"List what happened to a customer."`
	Receive  receiveCmd  `cmd:"" help:"Take messages as DoubleTick delivers them: an object, an array, or one a line."`
	DemoCmd  struct {
		Reset resetCmd `cmd:"" help:"Put the demo's world back to its beginning."`
	} `cmd:"" name:"demo" help:"The demo's world."`
	Audit struct {
		Verify auditVerifyCmd `cmd:"" help:"Prove that the history is as it was written, here or in an exported file."`
		Export auditExportCmd `cmd:"" help:"Write the whole history to a file that can be proved elsewhere."`
	} `cmd:"" help:"The history, proved."`
	Account struct {
		Show   accountShowCmd   `cmd:"" help:"Tell which account the desk is joined to, and how things stand."`
		Join   accountJoinCmd   `cmd:"" help:"Join the desk to an account; its key is read from standard input, or from a file."`
		Leave  accountLeaveCmd  `cmd:"" help:"Part the desk from its account; what waits is kept here only."`
		Test   accountTestCmd   `cmd:"" help:"Ask the account for one chat, and change nothing."`
		Pause  accountPauseCmd  `cmd:"" help:"Send and ask for nothing until it is resumed."`
		Resume accountResumeCmd `cmd:"" help:"End the pause."`
		Again  accountAgainCmd  `cmd:"" help:"Tell DoubleTick once more of all whose status it may not know."`
		Fetch  accountFetchCmd  `cmd:"" help:"Fetch all chats of the account anew."`
	} `cmd:"" help:"The DoubleTick account that the desk is joined to."`
	Export  exportCmd  `cmd:"" help:"Write the list of blocked customers to a CSV file."`
	Import  importCmd  `cmd:"" help:"Block the customers of a list: a CSV file as export writes it, or as any spreadsheet does."`
	Backup  backupCmd  `cmd:"" help:"Write a whole copy of the profile's database to a file."`
	Restore restoreCmd `cmd:"" help:"Put a copy in the place of the profile's database, which is kept beside it."`
	Serve   serveCmd   `cmd:"" help:"Answer programs over HTTP until it is stopped: block, unblock, read, send, follow."`
	Key     struct {
		Show  keyShowCmd  `cmd:"" help:"Print the key that programs show, and nothing else."`
		Renew keyRenewCmd `cmd:"" help:"Make another key, and print it; the one before is worth nothing any more."`
	} `cmd:"" help:"The key of the HTTP server."`
	Doctor  doctorCmd  `cmd:"" help:"Tell where everything is, which versions, and whether all is well."`
	Version versionCmd `cmd:"" help:"Tell the program's version."`
}

// nonEmpty is a flag's text that must not be empty: an unset variable in a script
// shall not choose another profile than was meant.
type nonEmpty string

func (g *nonEmpty) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("it is empty")
	}
	*g = nonEmpty(text)
	return nil
}

type windowCmd struct{}

func (windowCmd) Run(r *run) error { return r.deps.OpenWindow(r.ctx, r.ref) }

// run is one command being run.
type run struct {
	ctx  context.Context
	deps Deps
	ref  ProfileRef
	in   io.Reader
	out  *output
	err  io.Writer
}

// Run runs the command that args ask for and gives the exit code. Errors are
// said once, on stderr, in the user's words.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env Deps) int {
	if env.Now == nil {
		env.Now = time.Now
	}
	var line cli
	chosen, code := parse(&line, args, stdout, stderr)
	if chosen == nil {
		return code
	}
	r := &run{ctx: ctx, deps: env, ref: ProfileRef{Version: env.Version}, in: stdin, out: newOutput(stdout), err: stderr}
	err := r.resolveProfile(line, chosen.Command())
	if err == nil {
		err = chosen.Run(r)
	}
	if flushed := r.out.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("write the answer: %w", flushed)
	}
	if err == nil {
		return ExitOK
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintln(stderr, "latchdesk:", r.errorText(err))
	}
	return ExitFailure
}

// exitCode is how the parser's own exit, after printing help, comes back to parse.
type exitCode int

// parse returns nil and the exit code where there is nothing to run.
func parse(line *cli, args []string, stdout, stderr io.Writer) (chosen *kong.Context, code int) {
	defer func() {
		switch left := recover().(type) {
		case nil:
		case exitCode:
			chosen, code = nil, int(left)
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
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "latchdesk: %v\nSee latchdesk --help.\n", err)
		return nil, ExitUsage
	}
	return chosen, ExitOK
}

// resolveProfile finds the profile's folder.
func (r *run) resolveProfile(line cli, command string) (err error) {
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

// errReported is an error that the command has told about already.
var errReported = errors.New("said already")

// userError is a sentence for the user, as it is.
type userError string

func (r userError) Error() string { return string(r) }

func userErrorf(format string, args ...any) error { return userError(fmt.Sprintf(format, args...)) }

// errorText says an error in the user's words, with the command that helps
// where there is one.
func (r *run) errorText(err error) string {
	text := errorText(r.ctx, err)
	if errors.Is(err, store.ErrDamaged) || errors.Is(err, store.ErrNotDatabase) {
		if copies := store.Backups(r.ref.databaseFile()); len(copies) > 0 {
			text += fmt.Sprintf("\nThe newest copy comes back with: latchdesk restore --profile \"%s\" \"%s\"", r.ref.Folder, copies[0])
		}
	}
	return text
}

// errorText says an error in the user's words.
func errorText(ctx context.Context, err error) string {
	if own := userError(""); errors.As(err, &own) {
		return string(own)
	}
	if ctx.Err() != nil {
		return "Interrupted. What was finished before is kept."
	}
	return desk.Explain(err)
}
