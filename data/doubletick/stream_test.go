package doubletick_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// m is a good message by its id, s a good status.
func m(id string) string {
	return `{"from":"919137979401","dtMessageId":"` + id + `","message":{"type":"TEXT","text":"[{\"}]"}}`
}

func s(id string) string {
	return `{"messageId":"` + id + `","status":"READ","statusTimestamp":1784547587443}`
}

// pretty spreads JSON over lines.
func pretty(raw string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(raw), "", "  "); err != nil {
		panic(err)
	}
	return b.String()
}

// told writes deliveries as the tables below expect them: line and id, or line
// and reason.
func told(r io.Reader) []string {
	var all []string
	for d := range doubletick.Deliveries(r) {
		switch {
		case d.Err != nil:
			all = append(all, fmt.Sprintf("%d! %s", d.Line, strings.TrimPrefix(d.Err.Error(), data.ErrInvalid.Error()+": ")))
		case d.Status != nil:
			all = append(all, fmt.Sprintf("%d status %s", d.Line, d.Status.MessageID))
		case d.Change != nil:
			all = append(all, fmt.Sprintf("%d change to %+v", d.Line, d.Change.To))
		case d.Ignored != "":
			all = append(all, fmt.Sprintf("%d ignored %s", d.Line, d.Ignored))
		default:
			all = append(all, fmt.Sprintf("%d %s", d.Line, d.Incoming.Message.RemoteID))
		}
	}
	return all
}

func TestDeliveries(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"blanks", " \r\n\t\n", nil},
		{"a byte order mark alone", "\ufeff", nil},
		{"one object", m("a"), []string{"1 a"}},
		{"one object over lines", "\n" + pretty(m("a")) + "\n", []string{"2 a"}},
		{"with a byte order mark", "\ufeff" + m("a"), []string{"1 a"}},
		{"array", `[` + m("a") + `,` + s("b") + `]`, []string{"1 a", "1 status b"}},
		{"array over lines", pretty(`[` + m("a") + `,` + m("b") + `]`), []string{"2 a", "10 b"}},
		{"empty array", `[]`, nil},
		{"arrays in arrays", `[[` + m("a") + `],[[],[` + m("b") + `]]]` + m("c"), []string{"1 a", "1 b", "1 c"}},
		{"lines", m("a") + "\n" + s("b") + "\n" + m("c"), []string{"1 a", "2 status b", "3 c"}},
		{"Windows lines, some empty", m("a") + "\r\n\r\n" + m("b") + "\r\n", []string{"1 a", "3 b"}},
		{"lines with commas", m("a") + ",\n" + m("b") + ",\n", []string{"1 a", "2 b"}},
		{"one after another", m("a") + m("b") + " " + m("c"), []string{"1 a", "1 b", "1 c"}},
		{"one after another over lines", pretty(m("a")) + "\n" + pretty(m("b")), []string{"1 a", "9 b"}},
		{"files joined", "\ufeff" + m("a") + "\n\ufeff[" + m("b") + "]\n\ufeff" + m("c"), []string{"1 a", "2 b", "3 c"}},
		{"arrays and objects", `[` + m("a") + `]` + m("b") + `[` + m("c") + `]`, []string{"1 a", "1 b", "1 c"}},

		{"a wrong line", m("a") + "\n{}\n" + m("b"), []string{"1 a", "2! it is neither a message (from, message) nor a status (statusTimestamp)", "3 b"}},
		{"a broken line", m("a") + "\n{\"from\":,}\n" + m("b"), []string{"1 a", "2! its JSON is broken: ',' cannot stand at byte 9 of line 2", "3 b"}},
		{"a broken word", m("a") + "\n{\"from\":tru}\n" + m("b"), []string{"1 a", "2! its JSON is broken: invalid character '}' in literal true (expecting 'e')", "3 b"}},
		{"a line cut in a string", "{\"from\":\"91\n" + m("b"), []string{"1! its JSON is broken: a string has no end at byte 12 of line 1", "2 b"}},
		{"a line cut after an escape", "{\"from\":\"91\\\n" + m("b"), []string{"1! its JSON is broken: a string has no end at byte 13 of line 1", "2 b"}},
		{"a line cut in an object", "{\"message\":{\n" + m("b") + "\n" + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 1 of line 2", "2 b", "3 c"}},
		{"a line cut before a value", "{\"message\":\n" + m("b") + "\n" + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 1 of line 3", "2 b", "3 c"}},
		{"a line cut in a list", "{\"message\":[\n" + m("b") + "\n" + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 1 of line 3", "2 b", "3 c"}},
		{"the last line but one cut", "{\"message\":\n" + m("b"), []string{"1! it is cut off at the end of the input", "2 b"}},
		{"the last line cut", m("a") + "\n" + m("b")[:40], []string{"1 a", "2! it is cut off at the end of the input"}},
		{"every line cut", "{\"a\":\n{\"b\":\n{\"c\":\n" + m("d"), []string{
			"1! it is cut off at the end of the input", "2! it is cut off at the end of the input", "3! it is cut off at the end of the input", "4 d",
		}},
		{"a quote too many", `{"text":"5" tall"}` + "\n" + m("b"), []string{"1! its JSON is broken: 't' cannot stand at byte 13 of line 1", "2 b"}},
		{"a bracket too many", m("a") + "}\n" + m("b"), []string{"1 a", `1! not a JSON object: "}"`, "2 b"}},
		{"an array closed that was not opened", m("a") + "]\n" + m("b"), []string{"1 a", `1! not a JSON object: "]"`, "2 b"}},
		{"lines of prose", "Dear desk,\n" + m("a") + "\n\"bye\" " + m("b") + "\n42", []string{
			`1! not a JSON object: "Dear desk,"`, "2 a", `3! not a JSON object: "\"bye\" {\"from\":\"919137979401\",\"d…"`, `4! not a JSON object: "42"`,
		}},
		{"a broken object over lines", "{\n  \"from\" 1,\n  \"message\": {\n  }\n}\n" + pretty(m("b")), []string{"1! its JSON is broken: '1' cannot stand at byte 10 of line 2", "6 b"}},
		{"a broken object over lines, with a delivery in it", "{\n  \"x\" [\n    " + m("x") + "\n  ]\n}\n" + m("b"), []string{"1! its JSON is broken: '[' cannot stand at byte 7 of line 2", "6 b"}},
		{"a string without an end in an object over lines", "{\n\"a\": \"x\n}" + m("b"), []string{"1! its JSON is broken: a string has no end at byte 8 of line 2", "3 b"}},
		{"an object over lines, cut", strings.Split(pretty(m("a")), "    ")[0] + "\n" + pretty(m("b")), []string{"1! its JSON is broken: '{' cannot stand at byte 1 of line 6", "6 b"}},
		{"a broken line among indented ones", "  {\"a\":\n  " + m("b") + "\n    " + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 5 of line 3", "2 b", "3 c"}},

		{"a broken line among those indented with tabs", "\t{\"a\":\n\t" + m("b") + "\n\t\t" + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 3 of line 3", "2 b", "3 c"}},
		{"a broken object with a list at the margin", "{\n\"x\" [\n]\n}\n" + m("b"), []string{"1! its JSON is broken: '[' cannot stand at byte 5 of line 2", "5 b"}},

		{"wrong elements, and an array of its own", `[1,"a,]{",null,[` + m("x") + `],{},` + m("b") + `,` + m("c") + `]`, []string{
			`1! not a JSON object: "1"`, `1! not a JSON object: "\"a,]{\""`, `1! not a JSON object: "null"`, "1 x",
			"1! it is neither a message (from, message) nor a status (statusTimestamp)", "1 b", "1 c",
		}},
		{"a broken element", `[` + m("a") + `,{"from" 1,"x":["}"]},` + m("b") + `]`, []string{"1 a", "1! its JSON is broken: '1' cannot stand at byte 94 of line 1", "1 b"}},
		{"a broken element on its line", "[\n" + m("a") + ",\n{\"from\":\"91,\n" + m("b") + "\n]\n" + m("c"), []string{"2 a", "3! its JSON is broken: a string has no end at byte 13 of line 3", "4 b", "6 c"}},
		{"the first element broken, behind the bracket", "[{\"from\":\"91,\n " + m("b") + "]", []string{"1! its JSON is broken: a string has no end at byte 14 of line 1", "2 b"}},
		{"the last element broken", "[\n  " + m("a") + ",\n  {\"from\":[\n]\n" + m("c"), []string{"2 a", "3! its JSON is broken: '{' cannot stand at byte 1 of line 5", "5 c", "5! the array that begins on line 1 is not closed"}},
		{"the last element cut", "[\n  " + m("a") + ",\n  {\"from\":{\n]\n" + m("c"), []string{"2 a", "3! its JSON is broken: ']' cannot stand at byte 1 of line 4", "5 c"}},
		{"commas missing and to spare", `[,` + m("a") + m("b") + `,,` + m("c") + `,]`, []string{"1 a", "1 b", "1 c"}},
		{"an array broken beyond repair", `[` + m("a") + `,{"text":"5" tall"},` + m("b") + `]`, []string{"1 a", "1! its JSON is broken: 't' cannot stand at byte 98 of line 1", "1! the array that begins on line 1 is not closed"}},
		{"an array that is not closed", "\n[" + m("a") + ",", []string{"2 a", "2! the array that begins on line 2 is not closed"}},
		{"an array cut in an element", `[` + m("a") + `,{"from"`, []string{"1 a", "1! it is cut off at the end of the input"}},
		{"too deep", "{\"a\":" + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "}" + m("b"), []string{"1! its JSON is nested too deeply at byte 69 of line 1", "1 b"}},
		{"far too deep", strings.Repeat("{\"a\":", 100_000) + "\n" + m("b"), []string{"1! its JSON is nested too deeply at byte 321 of line 1", "2 b"}},
		{"UTF-16", "\xff\xfe{\x00}\x00\n\x00{\x00}\x00", []string{"1! the input is not UTF-8 (it looks like UTF-16)"}},
		{"UTF-16, the other end first", "\xfe\xff\x00{\x00}\x00\n\x00{\x00}", []string{"1! the input is not UTF-8 (it looks like UTF-16)"}},
		{"a stray byte at the start", "\xff" + m("a") + "\n" + m("b"), []string{`1! not a JSON object: "�{\"from\":\"919137979401\",\"dtMess…"`, "2 b"}},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", []string{`1! not a JSON object: "�PNG"`, `2! not a JSON object: ""`, `3! not a JSON object: ""`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(strings.NewReader(c.input)); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if got := told(iotest.OneByteReader(strings.NewReader(c.input))); !slices.Equal(got, c.want) {
				t.Errorf("byte by byte: got\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

// What does not fit into the rest of the buffer is moved to its beginning, and what does
// not fit into the whole of it gets another.
func TestDeliveries_MovesAndGrowsItsBuffer(t *testing.T) {
	long := func(id string, size int) string {
		return `{"from":"919137979401","dtMessageId":"` + id + `","message":{"text":"` + strings.Repeat("x", size) + `"}}` + "\n"
	}
	for _, sizes := range [][2]int{{40_000, 50_000}, {20_000, 60_000}, {10, 200_000}, {60_000, 200_000}, {65_000, 10}} {
		input := long("a", sizes[0]) + long("b", sizes[1]) + m("c")
		var got []string
		for d := range doubletick.Deliveries(strings.NewReader(input)) {
			if d.Err != nil {
				t.Fatal(sizes, d.Err)
			}
			got = append(got, fmt.Sprintf("%d %s %d", d.Line, d.Incoming.Message.RemoteID, len(d.Incoming.Message.Text)))
		}
		want := []string{fmt.Sprintf("1 a %d", sizes[0]), fmt.Sprintf("2 b %d", sizes[1]), "3 c 5"}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", sizes, got, want)
		}
	}
}

func TestDeliveries_ReaderFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"at once", "", []string{"1! read the deliveries: the disk is gone"}},
		{"between two", m("a") + "\n", []string{"1 a", "2! read the deliveries: the disk is gone"}},
		{"within one", m("a") + "\n" + m("b")[:30], []string{"1 a", "2! it is cut off at the end of the input", "2! read the deliveries: the disk is gone"}},
		{"within an array", "[" + m("a"), []string{"1 a", "1! read the deliveries: the disk is gone"}},
	} {
		r := io.MultiReader(strings.NewReader(c.input), iotest.ErrReader(broken))
		if got := told(r); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
	for d := range doubletick.Deliveries(iotest.ErrReader(broken)) {
		if !errors.Is(d.Err, broken) {
			t.Errorf("%v", d.Err)
		}
	}
	if got := told(stuck{}); len(got) != 1 || !strings.Contains(got[0], io.ErrNoProgress.Error()) {
		t.Errorf("a reader that gives nothing: %q", got)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestReadingStopsWhereTheCallerStops(t *testing.T) {
	r := io.MultiReader(strings.NewReader(m("a")+"\n"+m("b")+"\n"), iotest.ErrReader(errors.New("read on")))
	for d := range doubletick.Deliveries(r) {
		if d.Err != nil || d.Incoming.Message.RemoteID != "a" {
			t.Fatalf("%+v", d)
		}
		break
	}
}

// endless returns one line over and over, up to a number of bytes.
func endless(line string, bytes int64) io.Reader {
	return io.LimitReader(&repeat{line: line}, bytes)
}

type repeat struct {
	line string
	at   int
}

func (r *repeat) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], r.line[r.at:])
		n += k
		r.at = (r.at + k) % len(r.line)
	}
	return n, nil
}

func TestTheLongestDelivery(t *testing.T) {
	frame := m("a")
	fill := strings.Repeat("x", doubletick.MaxBytes-len(frame)-len(`"x":"",`))
	longest := strings.Replace(frame, `{`, `{"x":"`+fill+`",`, 1)
	if len(longest) != doubletick.MaxBytes {
		t.Fatalf("%d bytes", len(longest))
	}
	tooLong := strings.Replace(longest, "xx", "xxx", 1)
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"at the bound", longest + "\n" + m("b"), []string{"1 a", "2 b"}},
		{"a byte more", m("0") + "\n" + tooLong + "\n" + m("b"), []string{"1 0", "2! it is longer than 2 MiB", "3 b"}},
		{"in an array", "[" + tooLong + "," + m("b") + "]", []string{"1! it is longer than 2 MiB", "1 b"}},
		{"often", strings.Repeat(tooLong, 3) + m("b"), []string{"1! it is longer than 2 MiB", "1! it is longer than 2 MiB", "1! it is longer than 2 MiB", "1 b"}},
		{"over lines", pretty(tooLong) + "\n" + m("b"), []string{"1! it is longer than 2 MiB", "10 b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(strings.NewReader(c.input)); !slices.Equal(got, c.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestParse_TakesTheLongestDelivery(t *testing.T) {
	padded := "{" + strings.Repeat(" ", doubletick.MaxBytes-len(m("a"))) + m("a")[1:]
	if d := doubletick.Parse([]byte(padded)); len(padded) != doubletick.MaxBytes || d[0].Err != nil {
		t.Errorf("%d bytes: %v", len(padded), d[0].Err)
	}
	if d := doubletick.Parse([]byte("{ " + padded[1:])); d[0].Err == nil || !strings.Contains(d[0].Err.Error(), "longer than 2 MiB") {
		t.Errorf("one byte more: %v", d[0].Err)
	}
}

func TestWhatIsTooLongIsNotHeld(t *testing.T) {
	const size = 32 << 20
	for name, c := range map[string]struct{ before, line, after string }{
		"a string":            {`{"x":"`, `\"}],{[x`, `"}`},
		"many elements":       {`{"x":[1`, `,{"a":[1]}`, `]}`},
		"a line of prose":     {`x`, `xxxxxxx `, "\n"},
		"a scalar":            {`"`, `xxxxxxx `, "\"\n"},
		"brackets":            {`{"x":`, `[[[[[[[[`, "\n"},
		"blanks":              {``, "   \n\t\r\n ", ``},
		"lines of one object": {`{"x":[1`, "\n ,{\"a\":[1]}", "\n]}"},
	} {
		t.Run(name, func(t *testing.T) {
			long := endless(c.line, size/int64(len(c.line))*int64(len(c.line)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := told(io.MultiReader(strings.NewReader(m("a")+"\n"+c.before), long, strings.NewReader(c.after+"\n"+m("b"))))
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > size/2 {
				t.Errorf("it took %d MiB", used>>20)
			}
			if len(got) < 2 || got[0] != "1 a" || !strings.HasSuffix(got[len(got)-1], " b") || len(got) > 3 {
				t.Errorf("got %q", got)
			}
		})
	}
}

// greedy remembers how much was asked of it at once: the room in the buffer.
type greedy struct {
	io.Reader
	most int
}

func (g *greedy) Read(p []byte) (int, error) {
	g.most = max(g.most, len(p))
	return g.Reader.Read(p)
}

func TestTheBufferGrowsNoMoreThanItMust(t *testing.T) {
	for _, c := range []struct {
		name, line string
		most       int
	}{
		{"short lines", m("a") + "\n", 64 << 10},
		{"long lines", received(`{"x":"`+strings.Repeat("x", 700<<10)+`"}`) + "\n", 2 << 20},
		{"too long lines", received(`{"x":"`+strings.Repeat("x", 3<<20)+`"}`) + "\n", 4 << 20},
	} {
		r := &greedy{Reader: endless(c.line, int64(max(1, 8<<20/len(c.line))*len(c.line)))}
		if told(r); r.most > c.most {
			t.Errorf("%s: room for %d bytes", c.name, r.most)
		}
	}
}

// What makes a reader go back must not make it go back for ever: each of these
// takes a second when every byte is read a bounded number of times, and a quarter
// of an hour when not.
func TestNoInputTakesForEver(t *testing.T) {
	for name, line := range map[string]string{
		"cut before a value":   "{\"a\":\n",
		"cut in a list":        "{\"a\":[\n",
		"cut with elements":    "{\"a\":[{},\n",
		"cut, with many lines": "{\"a\":[1\n" + strings.Repeat(",1\n", 2000),
		"open lists":           "[\n",
		"open lists in a line": "[[[[ ",
		"open objects":         "{ ",
		"quotes":               "\"\n",
		"commas":               ",",
		"closed too often":     "}\n",
		"elements by line":     "[{\"a\":1}\n",
		"backslashes":          "{\"\\",
	} {
		t.Run(name, func(t *testing.T) {
			// What is read again and again would not end before the tests' own limit.
			for d := range doubletick.Deliveries(endless(line, 1<<20)) {
				if d.Err == nil {
					t.Fatalf("%+v", d)
				}
			}
		})
	}
}
