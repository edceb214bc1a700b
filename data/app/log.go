package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"gopkg.in/natefinch/lumberjack.v2"
)

// SetupLogging has the default logger of slog write to latchdesk.log in the
// profile's folder, 1 MB in each of at most three files. What repeats itself is written
// once a minute.
func (ref ProfileRef) SetupLogging() {
	slog.SetDefault(newLog(ref.logFile()))
}

func (ref ProfileRef) logFile() *lumberjack.Logger {
	return &lumberjack.Logger{Filename: filepath.Join(ref.Folder, "latchdesk.log"), MaxSize: 1, MaxBackups: 2}
}

func newLog(file io.Writer) *slog.Logger {
	return slog.New(newRepeatHandler(slog.NewTextHandler(file, nil), time.Now))
}

const (
	// repeatInterval is how long a line that was written is only counted when it comes
	// again.
	repeatInterval = time.Minute
	// maxRepeats is how many different lines are remembered.
	maxRepeats = 200
)

// repeatHandler passes lines on to another handler, but one that was just written only
// once an interval, with the number of those left out: what fails at every request would
// push everything else out of the log.
type repeatHandler struct {
	slog.Handler
	lines *repeatedLines
	attrs string // those of WithAttrs and WithGroup, which tell lines apart, too
}

type repeatedLines struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*repeatedLine
}

type repeatedLine struct {
	written time.Time
	left    int // out since then
}

func newRepeatHandler(to slog.Handler, now func() time.Time) *repeatHandler {
	return &repeatHandler{Handler: to, lines: &repeatedLines{now: now, all: map[string]*repeatedLine{}}}
}

// Handle implements slog.Handler.
func (h *repeatHandler) Handle(ctx context.Context, r slog.Record) error {
	key := fmt.Sprint(h.attrs, r.Level, r.Message)
	r.Attrs(func(a slog.Attr) bool {
		key += " " + a.String()
		return true
	})
	left, write := h.lines.count(key)
	if !write {
		return nil
	}
	if left > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("repeated", left))
	}
	return h.Handler.Handle(ctx, r)
}

// count reports whether a line is to be written, and how often it was left out before.
func (l *repeatedLines) count(key string) (left int, write bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	line := l.all[key]
	if line != nil && now.Sub(line.written) < repeatInterval && !now.Before(line.written) {
		line.left++
		return 0, false
	}
	if line == nil {
		if len(l.all) >= maxRepeats {
			l.forget(now)
		}
		line = &repeatedLine{}
		l.all[key] = line
	}
	left, line.left, line.written = line.left, 0, now
	return left, true
}

// forget makes room: it forgets the lines that do not come any more, or all of them.
func (l *repeatedLines) forget(now time.Time) {
	for key, line := range l.all {
		if now.Sub(line.written) >= repeatInterval {
			delete(l.all, key)
		}
	}
	if len(l.all) >= maxRepeats {
		clear(l.all)
	}
}

// WithAttrs implements slog.Handler.
func (h *repeatHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &repeatHandler{Handler: h.Handler.WithAttrs(attrs), lines: h.lines, attrs: h.attrs + fmt.Sprint(attrs)}
}

// WithGroup implements slog.Handler.
func (h *repeatHandler) WithGroup(name string) slog.Handler {
	return &repeatHandler{Handler: h.Handler.WithGroup(name), lines: h.lines, attrs: h.attrs + name + "."}
}
