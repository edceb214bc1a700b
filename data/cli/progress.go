package cli

import (
	"fmt"
	"io"
	"os"
)

// progressMeter shows progress: one line that is rewritten on a terminal, else a
// line for every tenth of the work. Short work shows nothing.
type progressMeter struct {
	w        io.Writer
	what     string // messages, events
	terminal bool
	percent  int // shown last; -1 before the first
}

// progressThreshold is the least work whose progress is shown; less is done before
// anybody could read it.
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
