package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/demo"
)

// demoSize is how large a demo's world is to be. Zeros mean the world as it
// ships: some forty customers.
type demoSize struct{ Chats, Messages int }

// writeDemo puts the demo's world, and nothing else, into the profile and
// marks it as a demo. Progress is told in messages.
func (s *App) writeDemo(ctx context.Context, size demoSize, progress func(done, total int)) error {
	return demo.Reset(ctx, s.Desk, demo.Size(size), progress)
}

// ResetDemo puts the demo's world back to its beginning; it returns
// data.ErrNoDemo for a desk.
func (s *App) ResetDemo(ctx context.Context) error {
	if err := s.checkResettable(ctx, false); err != nil {
		return err
	}
	return s.resetDemo(ctx, demoSize{}, func(int, int) {})
}

// seedDemo makes a fresh profile a demo, and leaves one that is a demo alone.
// Of several who come first at once, one does it and the others wait: nobody's
// acts are lost to a second beginning.
func (s *App) seedDemo(ctx context.Context) error {
	done, err := s.isSeeded(ctx)
	if err != nil || done {
		return err
	}
	return s.Profile.Exclusively(func() error {
		done, err := s.isSeeded(ctx)
		if err != nil || done {
			return err
		}
		if err := s.checkResettable(ctx, true); err != nil {
			return err
		}
		return s.resetDemo(ctx, demoSize{}, func(int, int) {})
	})
}

// isSeeded reports whether the profile is a demo with somebody in it.
func (s *App) isSeeded(ctx context.Context) (bool, error) {
	var err error
	if s.Settings, err = s.Desk.Settings(ctx); err != nil || !s.Settings.Demo {
		return false, err
	}
	known, err := s.Counts(ctx)
	return known.All > 0, err
}

// checkResettable refuses to touch what is not a demo. A profile in which nothing was
// ever kept may become one where a demo is asked for.
func (s *App) checkResettable(ctx context.Context, asked bool) error {
	if s.Settings.Demo {
		return nil
	}
	if asked {
		fresh, err := s.IsEmpty(ctx)
		if err != nil || fresh {
			return err
		}
	}
	return fmt.Errorf("%s: %w", s.Profile.Folder, data.ErrNoDemo)
}

func (s *App) resetDemo(ctx context.Context, size demoSize, progress func(done, total int)) (err error) {
	if err := s.writeDemo(ctx, size, progress); err != nil {
		return err
	}
	s.Settings, err = s.Desk.Settings(ctx)
	return err
}

// The largest world there is; more tries the computer, not the program.
const (
	maxChats    = 1_000_000
	maxMessages = 10_000_000
)

type resetCmd struct {
	Chats    int `help:"How many chats; those of the story where it is left out." placeholder:"N"`
	Messages int `help:"How many messages in all." placeholder:"N"`
}

// Validate is called by the parser.
func (c resetCmd) Validate() error {
	switch {
	case c.Chats < 0 || c.Chats > maxChats:
		return fmt.Errorf("--chats is 0 to %d", maxChats)
	case c.Messages < 0 || c.Messages > maxMessages:
		return fmt.Errorf("--messages is 0 to %d", maxMessages)
	}
	return nil
}

func (c resetCmd) Run(r *run) error {
	if _, err := os.Lstat(r.ref.databaseFile()); errors.Is(err, fs.ErrNotExist) && !r.ref.Demo {
		return fmt.Errorf("%s: %w", r.ref.Folder, data.ErrNoDemo)
	}
	s, err := r.ref.openProfile(r.ctx, r.deps.Now)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.checkResettable(r.ctx, r.ref.Demo); err != nil {
		return err
	}
	meter := newProgressMeter(r.err, "messages")
	err = s.resetDemo(r.ctx, demoSize(c), meter.update)
	meter.finish()
	if err != nil {
		return err
	}
	facts, err := s.Stats(r.ctx)
	if err != nil {
		return err
	}
	r.out.printLine("The demo in %s is new: %s, %s.", s.Profile.Folder, pluralize(facts.Chats, "chat"), pluralize(facts.Messages, "message"))
	return nil
}

// progressMeter shows progress: one line that is rewritten on a terminal, a line for
// every tenth part elsewhere. Short work shows nothing.
type progressMeter struct {
	w        io.Writer
	what     string // messages, events
	terminal bool
	percent  int // the part shown last, in percent
}

// progressThreshold is the size of work that is over before anybody would read.
const progressThreshold = 10_000

func newProgressMeter(w io.Writer, what string) *progressMeter {
	return &progressMeter{w: w, what: what, terminal: isTerminal(w), percent: -1}
}

func (m *progressMeter) update(done, total int) {
	if total < progressThreshold {
		return
	}
	step, end := 10, "\n"
	if m.terminal {
		step, end = 1, "\r"
	}
	part := int(int64(done)*100/int64(total)) / step * step
	if part <= m.percent {
		return
	}
	m.percent = part
	fmt.Fprintf(m.w, "%3d %%  %d of %d %s%s", part, done, total, m.what, end)
}

func (m *progressMeter) finish() {
	if m.terminal && m.percent >= 0 {
		fmt.Fprintln(m.w)
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
