package app

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What fails all night is written once a minute, and says how often it was left out;
// what is different is written at once.
func TestLog_SumsRepeats(t *testing.T) {
	var log bytes.Buffer
	now := time.Date(2026, 7, 20, 22, 0, 0, 0, time.UTC)
	l := slog.New(newRepeatHandler(slog.NewTextHandler(&log, nil), func() time.Time { return now }))
	l.Error("the one error of the night")
	for range 8 * 60 * 60 * 4 { // four times a second
		l.Error("cannot answer", "route", "POST /customer/block", "cause", errors.New("the disk is full"))
		now = now.Add(250 * time.Millisecond)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 1+8*60 || !strings.HasSuffix(lines[2], "repeated=239") || strings.Contains(lines[1], "repeated") {
		t.Errorf("%d lines, the first are\n%s", len(lines), strings.Join(lines[:3], "\n"))
	}
	log.Reset()
	for _, route := range []string{"a", "b"} {
		l.With("part", route).Error("cannot answer")
		l.Error("cannot answer", "route", route)
		l.WithGroup(route).Error("cannot answer", "n", 1)
	}
	if got := strings.Count(log.String(), "\n"); got != 6 {
		t.Errorf("%d of 6 different lines:\n%s", got, &log)
	}
}

// However many different lines there are, few are remembered; and a clock that is set
// back keeps nothing out of the log.
func TestLog_RemembersFewLines(t *testing.T) {
	var log bytes.Buffer
	now := time.Date(2026, 7, 20, 22, 0, 0, 0, time.UTC)
	h := newRepeatHandler(slog.NewTextHandler(&log, nil), func() time.Time { return now })
	l := slog.New(h)
	for i := range 10 * maxRepeats {
		l.Warn(fmt.Sprint("line ", i))
	}
	if got := strings.Count(log.String(), "\n"); got != 10*maxRepeats || len(h.lines.all) > maxRepeats {
		t.Errorf("%d lines, %d remembered", got, len(h.lines.all))
	}
	log.Reset()
	l.Warn("again")
	now = now.Add(-time.Hour)
	l.Warn("again")
	if got := strings.Count(log.String(), "\n"); got != 2 {
		t.Errorf("after the clock was set back %d lines", got)
	}
}

// The log is a file of the profile.
func TestLog_File(t *testing.T) {
	ref := ProfileRef{Folder: t.TempDir()}
	file := ref.logFile()
	log := newLog(file)
	log.Error("cannot do it")
	log.Error("cannot do it")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(ref.Folder, "latchdesk.log"))
	if err != nil || strings.Count(string(text), "cannot do it") != 1 {
		t.Errorf("%s, %v", text, err)
	}
}
