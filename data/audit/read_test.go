package audit_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/audit"
)

// lines returns the lines of a file with their line feeds.
func lines(text string) []string { return slices.Collect(strings.Lines(text)) }

// Whatever is done to the lines of a file is found, and the first named.
func TestEveryForgedFileIsNamed(t *testing.T) {
	for _, format := range formats {
		text, done := history(t, format)
		all := lines(text)
		events := all[len(all)-1-int(done.Head.Count) : len(all)-1]
		first, n := len(all)-1-len(events), len(events)
		at := func(seq int) int { return first + seq - 1 } // the line of an event
		for _, c := range []struct {
			name  string
			forge func([]string) []string
			seq   int64
			text  string
		}{
			{"the first dropped", func(l []string) []string { return slices.Delete(l, at(1), at(2)) }, 1, "event 1 is missing: event 2 stands in its place"},
			{"one in the middle dropped", func(l []string) []string { return slices.Delete(l, at(9), at(10)) }, 9, "event 9 is missing: event 10 stands in its place"},
			{"some dropped", func(l []string) []string { return slices.Delete(l, at(9), at(12)) }, 9, "events 9 to 11 are missing: event 12 stands in their place"},
			{"the last dropped", func(l []string) []string { return slices.Delete(l, at(n), at(n)+1) }, int64(n), "event 34, the last, is missing: the end was cut off"},
			{"all dropped", func(l []string) []string { return slices.Delete(l, at(1), at(n)+1) }, 1, "events 1 to 34 are missing: the end was cut off"},
			{"the head dropped", func(l []string) []string { return l[:len(l)-1] }, int64(n + 1), "the line with the head, which ends the file, is missing after event 34: the end was cut off"},
			{"the end cut", func(l []string) []string { return l[:at(20)] }, 20, "the line with the head, which ends the file, is missing after event 19: the end was cut off"},
			{"the end cut in a line", func(l []string) []string { l = l[:at(20)+1]; l[at(20)] = l[at(20)][:40]; return l }, 20, "the file ends in the middle of a line after event 19: the end was cut off"},
			{"the last line feed cut", func(l []string) []string { l[len(l)-1] = strings.TrimSpace(l[len(l)-1]); return l }, int64(n + 1), "the file ends in the middle of a line after event 34: the end was cut off"},
			{"two swapped", func(l []string) []string { l[at(4)], l[at(5)] = l[at(5)], l[at(4)]; return l }, 4, "event 4 is missing: event 5 stands in its place"},
			{"one doubled", func(l []string) []string { return slices.Insert(l, at(4), l[at(4)]) }, 5, "event 4 stands there twice"},
			{"one inserted", func(l []string) []string { return slices.Insert(l, at(7), l[at(3)]) }, 7, "a row numbered 3 stands where event 7 belongs: it was inserted or moved"},
			{"the head doubled", func(l []string) []string { return append(l, l[len(l)-1]) }, int64(n + 1), "something follows the head, which ends the file"},
			{"the head in the middle", func(l []string) []string { return slices.Insert(l, at(7), l[len(l)-1]) }, 7, "something follows the head, which ends the file"},
			{"an empty line", func(l []string) []string { return slices.Insert(l, at(7), "\n") }, 7, "the line where event 7 belongs is not as it was written"},
			{"other line ends", func(l []string) []string { l[at(7)] = strings.TrimSuffix(l[at(7)], "\n") + "\r\n"; return l }, 7, "the line where event 7 belongs is not as it was written"},
			{"a line without end", func(l []string) []string { l[at(7)] = strings.Repeat("x", 10<<20); return l }, 7, "what follows event 6 is longer than any event"},
			{"a blank before", func(l []string) []string { l[at(7)] = " " + l[at(7)]; return l }, 7, "the line where event 7 belongs is not as it was written"},
		} {
			t.Run(string(format)+"/"+c.name, func(t *testing.T) {
				_, err := verify(t, strings.Join(c.forge(slices.Clone(all)), ""))
				if flaw := flawOf(t, err); flaw.Seq != c.seq || flaw.Text != c.text {
					t.Errorf("event %d: %q", flaw.Seq, flaw.Text)
				}
			})
		}
	}
}

// No byte of a file can be another.
func TestEveryByteCounts(t *testing.T) {
	for _, format := range formats {
		text, _ := historyOf(t, format, words[1:2])
		for i := range text {
			for _, change := range []byte{0x01, 0x20, 0x80} {
				forged := []byte(text)
				forged[i] ^= change
				if _, err := audit.VerifyFile(t.Context(), bytes.NewReader(forged), nil, nil); err == nil {
					t.Fatalf("%s: byte %d was %q, is %q", format, i, text[i], forged[i])
				}
			}
		}
	}
}

// Every field is flipped for itself, so that each is known to count.
func TestEveryFieldCounts(t *testing.T) {
	text, _ := history(t, audit.JSONL)
	all := lines(text)
	for _, key := range []string{"seq", "at", "recordedAt", "kind", "phone", "actorKind", "actor", "way", "detail", "prev", "hash"} {
		line := all[6] // event 7
		at := strings.Index(line, `"`+key+`":`) + len(key) + 4
		forged := slices.Clone(all)
		forged[6] = line[:at] + string(line[at]^1) + line[at+1:]
		if _, err := verify(t, strings.Join(forged, "")); flawOf(t, err).Seq != 7 {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// A file that says the same in other words is not the file that was written.
func TestOtherWritingsAreRefused(t *testing.T) {
	text, _ := history(t, audit.JSONL)
	for name, forged := range map[string]string{
		"a blank":           strings.Replace(text, `{"seq":1,`, `{"seq": 1,`, 1),
		"other letters":     strings.Replace(text, `"seq":1,`, `"Seq":1,`, 1),
		"another key":       strings.Replace(text, `{"seq":1,`, `{"note":"forged","seq":1,`, 1),
		"a key twice":       strings.Replace(text, `{"seq":1,`, `{"seq":1,"seq":1,`, 1),
		"an escape":         strings.Replace(text, `"agent"`, `"\u0061gent"`, 1),
		"a plus":            strings.Replace(text, `"seq":1,`, `"seq":+1,`, 1),
		"a fraction":        strings.Replace(text, `"seq":1,`, `"seq":1.0,`, 1),
		"capitals":          strings.Replace(text, `"prev":""`, `"prev":"AB"`, 1),
		"something behind":  strings.Replace(text, "\n", " \n", 1),
		"a text left open":  text[:strings.Index(text, "agent")] + "agent\n",
		"an object nested":  strings.Replace(text, `"agent"`, `{"seq":1}`, 1),
		"a number as text":  strings.Replace(text, `"seq":1,`, `"seq":"1",`, 1),
		"a text as null":    strings.Replace(text, `"agent"`, `null`, 1),
		"more than a count": strings.Replace(text, `"count":`, `"count":0`, 1),
	} {
		if _, err := verify(t, forged); forged == text || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, _ = history(t, audit.CSV)
	for name, forged := range map[string]string{
		"quotes for nothing": strings.Replace(text, ",agent,", `,"agent",`, 1),
		"an unescaped cell":  strings.Replace(text, ",'+46", ",+46", 1),
		"an apostrophe":      strings.Replace(text, ",agent,", ",'agent,", 1),
		"one column more":    strings.Replace(text, ",agent,", ",agent,,", 1),
		"one column less":    strings.Replace(text, ",agent,", ",", 1),
		"a quote inside":     strings.Replace(text, ",agent,", `,ag"e"nt,`, 1),
		"a quote left open":  strings.Replace(text, ",agent,", `,"agent,`, 1),
		"semicolons":         strings.Replace(text, ",", ";", 11),
		"a mark at the top":  "\ufeff" + text,
	} {
		if _, err := verify(t, forged); forged == text || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOtherFiles(t *testing.T) {
	for _, text := range []string{"", "\n", "phone,name\n", "SQLite format 3\x00", "seq,at", strings.Repeat("x", 5<<20), "[]\n"} {
		if _, err := verify(t, text); !errors.Is(err, audit.ErrNotHistory) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	text, _ := history(t, audit.JSONL)
	broken := errors.New("the disk is broken")
	for _, at := range []int{0, 2000} {
		r := iotest.DataErrReader(&failing{strings.NewReader(text[:at]), broken})
		if _, err := audit.VerifyFile(t.Context(), r, nil, nil); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", at, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := audit.VerifyFile(ctx, strings.NewReader(text), nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// failing reads what there is and then fails.
type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

// FuzzReadHistory looks for a file that is taken though no desk wrote it, and
// for one that the reader cannot bear. What is taken must be byte for byte what
// its events make.
func FuzzReadHistory(f *testing.F) {
	for _, format := range formats {
		text, _ := historyOf(f, format, words[1:4])
		f.Add(text)
		for _, line := range lines(text) {
			f.Add(line)
		}
	}
	f.Add(`{"head":"","count":0}` + "\n")
	f.Add("seq,at,recordedAt,kind,phone,actorKind,actor,way,detail,prev,hash\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		head, err := verify(t, text)
		flaw := (*data.Flaw)(nil)
		switch {
		case err != nil && !errors.Is(err, audit.ErrNotHistory) && !errors.As(err, &flaw):
			t.Fatalf("%v", err)
		case err == nil && head.Count == 0 && !slices.Contains(empty, text):
			t.Fatalf("taken for nothing: %q", text)
		case err == nil && head.Count > 0:
			if n, last, wrong := prove(text); wrong != "" || n != head.Count || last != hexOf(head.Hash) {
				t.Fatalf("taken, but %s: %d of %d", wrong, n, head.Count)
			}
		}
	})
}

var empty = []string{
	`{"head":"","count":0}` + "\n",
	"seq,at,recordedAt,kind,phone,actorKind,actor,way,detail,prev,hash\n0,,,head,,,,,,,\n",
}
