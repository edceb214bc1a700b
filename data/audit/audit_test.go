package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/audit"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

var noon = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

// newDesk is an empty desk, and where its database lies.
func newDesk(t testing.TB) (*desk.Desk, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "latchdesk.db")
	s, err := store.Open(t.Context(), path, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s), path
}

// words are what people write, some of it in the hope that it is run.
var words = []string{
	"", "=1+1", "+46", "-2", "@SUM(A1)", "'quoted'", "|cmd", "%x", "＝1", "a,b;\"c\"", "two\nlines", "\ttab",
	"हिन्दी 👩\u200d👩\u200d👧", "<b>&</b>", "back\\slash", "line\u2028separator", " blank",
}

// happen has all that words can do happen at a desk: twice as many events.
func happen(t testing.TB, d *desk.Desk, words []string) {
	t.Helper()
	for i, text := range words {
		c, err := d.Add(t.Context(), data.Address("+4670123456"+string(rune('0'+i%10))), "Riya")
		if err != nil {
			t.Fatal(err)
		}
		by := data.Actor{Kind: data.AgentActor, Name: text + "=Asha", Channel: data.ViaWindow}
		if _, err := d.Block(t.Context(), by, c.ID, data.BlockRequest{Note: text}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Unblock(t.Context(), by, c.ID, data.UnblockRequest{Note: text}); err != nil {
			t.Fatal(err)
		}
	}
}

// history returns what Write makes of a desk at which much happened.
func history(t testing.TB, format audit.Format) (text string, done audit.ExportResult) {
	t.Helper()
	return historyOf(t, format, words)
}

func historyOf(t testing.TB, format audit.Format, words []string) (text string, done audit.ExportResult) {
	t.Helper()
	d, _ := newDesk(t)
	happen(t, d, words)
	return write(t, d, format)
}

func write(t testing.TB, d *desk.Desk, format audit.Format) (string, audit.ExportResult) {
	t.Helper()
	var b bytes.Buffer
	done, err := audit.Write(t.Context(), d, &b, format, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), done
}

func verify(t testing.TB, text string) (data.Head, error) {
	t.Helper()
	return audit.VerifyFile(t.Context(), strings.NewReader(text), nil, nil)
}

// flawOf returns the flaw, and fails the test where there is none.
func flawOf(t testing.TB, err error) *data.Flaw {
	t.Helper()
	flaw := (*data.Flaw)(nil)
	if !errors.As(err, &flaw) {
		t.Fatalf("no flaw: %v", err)
	}
	return flaw
}

var formats = []audit.Format{audit.JSONL, audit.CSV}

func TestRoundTrip(t *testing.T) {
	for _, format := range formats {
		text, done := history(t, format)
		if done.Flaw != nil || done.Head.Count != int64(2*len(words)) {
			t.Errorf("%s: %+v", format, done)
		}
		head, err := verify(t, text)
		if err != nil || head.Count != done.Head.Count || !bytes.Equal(head.Hash, done.Head.Hash) {
			t.Errorf("%s: %+v, %v", format, head, err)
		}
	}
}

func TestVerifyTheDesk(t *testing.T) {
	d, path := newDesk(t)
	happen(t, d, words)
	first, err := audit.Verify(t.Context(), d, nil, nil)
	if err != nil || first.Count != int64(2*len(words)) {
		t.Fatalf("%+v, %v", first, err)
	}
	happen(t, d, words)
	last, err := audit.Verify(t.Context(), d, first.Hash, nil)
	if err != nil || last.Count != 2*first.Count {
		t.Fatalf("%+v, %v", last, err)
	}
	forge(t, path, "UPDATE events SET actor = 'nobody' WHERE seq = 7")
	sound, err := audit.Verify(t.Context(), d, nil, nil)
	if flaw := flawOf(t, err); sound.Count != 6 || flaw.Seq != 7 || err.Error() != "event 7 was changed after it was written" {
		t.Errorf("%+v, %v", sound, err)
	}
	// What is forged can be written down all the same, as it is.
	for _, format := range formats {
		text, done := write(t, d, format)
		if done.Flaw == nil || done.Flaw.Seq != 7 || done.Head.Count != last.Count {
			t.Errorf("%s: %+v", format, done)
		}
		if _, err := verify(t, text); flawOf(t, err).Seq != 7 {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestVerify_TellsProgress(t *testing.T) {
	d, path := newDesk(t)
	pad(t, path, 10_001)
	type report struct{ done, total int64 }
	var told []report
	tell := func(done, total int64) { told = append(told, report{done, total}) }
	if _, err := audit.Verify(t.Context(), d, nil, tell); err != nil {
		t.Fatal(err)
	}
	if want := []report{{10_000, 10_001}}; !slices.Equal(told, want) {
		t.Errorf("of the desk: %v, want %v", told, want)
	}
	text, _ := write(t, d, audit.JSONL)
	told = nil
	if _, err := audit.VerifyFile(t.Context(), strings.NewReader(text), nil, tell); err != nil {
		t.Fatal(err)
	}
	if want := []report{{10_000, 0}}; !slices.Equal(told, want) {
		t.Errorf("of a file, whose length nobody knows: %v, want %v", told, want)
	}
}

// Who writes the whole chain anew, head and all, makes a sound one; but not one
// that holds the head somebody noted.
func TestNotedHead(t *testing.T) {
	text, done := history(t, audit.JSONL)
	other, _ := newDesk(t)
	happen(t, other, words)
	happen(t, other, words)
	forged, again := write(t, other, audit.JSONL)
	if _, err := audit.VerifyFile(t.Context(), strings.NewReader(text), done.Head.Hash, nil); err != nil {
		t.Error(err)
	}
	if _, err := audit.VerifyFile(t.Context(), strings.NewReader(text), again.Head.Hash, nil); !strings.Contains(flawOf(t, err).Text, "that was noted") {
		t.Errorf("%v", err)
	}
	if _, err := audit.Verify(t.Context(), other, []byte("x"), nil); !strings.Contains(flawOf(t, err).Text, "that was noted") {
		t.Errorf("%v", err)
	}
	if _, err := verify(t, forged); err != nil {
		t.Error(err)
	}
}

// A forger can put in what the desk never would. It is written as JSON all the same.
func TestWrite_EscapesWhatIsForged(t *testing.T) {
	for forged, want := range map[string]string{
		"char(10, 31)": `"\n\u001f"`,
		"char(34)":     `"\""`,
		"char(92)":     `"\\"`,
		"char(8232)":   `"\u2028"`,
	} {
		d, path := newDesk(t)
		happen(t, d, words[:1])
		forge(t, path, "UPDATE events SET actor = "+forged+" WHERE seq = 2")
		text, _ := write(t, d, audit.JSONL)
		if got := lines(text); len(got) != 3 || !strings.Contains(got[1], `,"actor":`+want+`,"way":`) {
			t.Errorf("%s: %q", forged, got)
		}
		if _, err := verify(t, text); flawOf(t, err).Seq != 2 {
			t.Errorf("%s: %v", forged, err)
		}
	}
}

// The longest line is that of an event whose every byte has to be escaped.
func TestVerifyFile_TakesTheLongestEvent(t *testing.T) {
	d, path := newDesk(t)
	pad(t, path, 1)
	e := data.Event{
		Seq: 1, Kind: data.ClosedEvent, Phone: "+46701234567", Actor: data.Actor{Kind: data.AgentActor, Channel: data.ViaWindow}, Detail: "{}",
	}
	rest := len(e.Kind) + len(e.Phone) + len(e.Actor.Kind) + len(e.Actor.Channel) + len(e.Detail)
	e.Actor.Name = strings.Repeat("\x01", data.MaxEventBytes-rest)
	forge(t, path, fmt.Sprintf("UPDATE events SET actor = '%s', hash = x'%x'; UPDATE chain SET hash = x'%[2]x'", e.Actor.Name, e.Sum()))
	text, done := write(t, d, audit.JSONL)
	if head, err := verify(t, text); err != nil || done.Flaw != nil || head.Count != 1 {
		t.Errorf("%d bytes: %+v, %v, %v", len(text), head, done.Flaw, err)
	}
}

func TestParseHead(t *testing.T) {
	for _, wrong := range []string{"", "ab", strings.Repeat("g", 64), strings.Repeat("a", 66)} {
		if _, err := audit.ParseHead(wrong); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if head, err := audit.ParseHead(" " + strings.Repeat("aB", 32) + "\n"); err != nil || len(head) != 32 {
		t.Errorf("%x, %v", head, err)
	}
}

func TestNothingHappened(t *testing.T) {
	d, _ := newDesk(t)
	for format, want := range map[audit.Format]string{
		audit.JSONL: `{"head":"","count":0}` + "\n",
		audit.CSV:   "seq,at,recordedAt,kind,phone,actorKind,actor,way,detail,prev,hash\n0,,,head,,,,,,,\n",
	} {
		text, _ := write(t, d, format)
		if text != want {
			t.Errorf("%s: %q", format, text)
		}
		if head, err := verify(t, text); err != nil || head.Count != 0 {
			t.Errorf("%s: %+v, %v", format, head, err)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	d, _ := newDesk(t)
	if _, err := audit.Write(t.Context(), d, &bytes.Buffer{}, "xml", nil); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

func TestSave(t *testing.T) {
	d, _ := newDesk(t)
	happen(t, d, words)
	folder := t.TempDir()
	file := filepath.Join(folder, "history.csv")
	if _, err := audit.Save(t.Context(), d, file, audit.FormatOf(file), nil); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	text, err := os.ReadFile(file)
	if want, _ := write(t, d, audit.CSV); err != nil || string(text) != want {
		t.Errorf("%.80s, %v", text, err)
	}
	if _, err := audit.Save(t.Context(), d, file, audit.JSONL, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over what is there: %v", err)
	}
	if _, err := audit.Save(t.Context(), d, filepath.Join(folder, "none", "x"), audit.JSONL, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into no folder: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := audit.Save(stopped, d, filepath.Join(folder, "stopped"), audit.JSONL, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
	if now, _ := os.ReadFile(file); string(now) != string(text) {
		t.Error("the file was changed")
	}
}

// A file appears under its name only when it is whole, and never over one that
// came meanwhile.
func TestSaveOverANewcomer(t *testing.T) {
	d, path := newDesk(t)
	pad(t, path, 10_000)
	file := filepath.Join(t.TempDir(), "history.jsonl")
	_, err := audit.Save(t.Context(), d, file, audit.JSONL, func(done, total int64) {
		if done != 10_000 || total != 10_000 {
			t.Errorf("%d of %d", done, total)
		}
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it is there already: %v", err)
		}
		if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
	})
	if text, _ := os.ReadFile(file); !errors.Is(err, fs.ErrExist) || string(text) != "mine" {
		t.Errorf("%q, %v", text, err)
	}
}

// What is stopped in the middle leaves nothing.
func TestSaveStoppedInTheMiddle(t *testing.T) {
	d, path := newDesk(t)
	pad(t, path, 20_000)
	folder := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	_, err := audit.Save(ctx, d, filepath.Join(folder, "history.jsonl"), audit.JSONL, func(done, _ int64) {
		if done > 10_000 {
			t.Error("it goes on")
		}
		stop()
	})
	if left, _ := os.ReadDir(folder); !errors.Is(err, context.Canceled) || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestFormatOf(t *testing.T) {
	for file, want := range map[string]audit.Format{"a.csv": audit.CSV, "a.CSV": audit.CSV, "a.jsonl": audit.JSONL, "-": audit.JSONL, "csv": audit.JSONL} {
		if got := audit.FormatOf(file); got != want {
			t.Errorf("%s: %s", file, got)
		}
	}
}
