package doubletick_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

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
		{"the last line but one cut", "{\"message\":\n" + m("b"), []string{"1! it is not closed where the input ends", "2 b"}},
		{"the last line cut", m("a") + "\n" + m("b")[:40], []string{"1 a", "2! it is not closed where the input ends"}},
		{"every line cut", "{\"a\":\n{\"b\":\n{\"c\":\n" + m("d"), []string{
			"1! it is not closed where the input ends", "2! it is not closed where the input ends", "3! it is not closed where the input ends", "4 d",
		}},
		{"a quote too many", `{"text":"5" tall"}` + "\n" + m("b"), []string{"1! its JSON is broken: 't' cannot stand at byte 13 of line 1", "2 b"}},
		{"a bracket too many", m("a") + "}\n" + m("b"), []string{"1 a", `1! there is no JSON object but "}"`, "2 b"}},
		{"an array closed that was not opened", m("a") + "]\n" + m("b"), []string{"1 a", `1! there is no JSON object but "]"`, "2 b"}},
		{"lines of prose", "Dear desk,\n" + m("a") + "\n\"bye\" " + m("b") + "\n42", []string{
			`1! there is no JSON object but "Dear desk,"`, "2 a", `3! there is no JSON object but "\"bye\" {\"from\":\"919137979401\",\"d…"`, `4! there is no JSON object but "42"`,
		}},
		{"a broken object over lines", "{\n  \"from\" 1,\n  \"message\": {\n  }\n}\n" + pretty(m("b")), []string{"1! its JSON is broken: '1' cannot stand at byte 10 of line 2", "6 b"}},
		{"a broken object over lines, with a delivery in it", "{\n  \"x\" [\n    " + m("x") + "\n  ]\n}\n" + m("b"), []string{"1! its JSON is broken: '[' cannot stand at byte 7 of line 2", "6 b"}},
		{"a string without an end in an object over lines", "{\n\"a\": \"x\n}" + m("b"), []string{"1! its JSON is broken: a string has no end at byte 8 of line 2", "3 b"}},
		{"an object over lines, cut", strings.Split(pretty(m("a")), "    ")[0] + "\n" + pretty(m("b")), []string{"1! its JSON is broken: '{' cannot stand at byte 1 of line 6", "6 b"}},
		{"a broken line among indented ones", "  {\"a\":\n  " + m("b") + "\n    " + m("c"), []string{"1! its JSON is broken: '{' cannot stand at byte 5 of line 3", "2 b", "3 c"}},

		{"wrong elements, and an array of its own", `[1,"a,]{",null,[` + m("x") + `],{},` + m("b") + `,` + m("c") + `]`, []string{
			`1! there is no JSON object but "1"`, `1! there is no JSON object but "\"a,]{\""`, `1! there is no JSON object but "null"`, "1 x",
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
		{"an array cut in an element", `[` + m("a") + `,{"from"`, []string{"1 a", "1! it is not closed where the input ends"}},
		{"too deep", "{\"a\":" + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "}" + m("b"), []string{"1! its JSON is nested too deeply at byte 69 of line 1", "1 b"}},
		{"far too deep", strings.Repeat("{\"a\":", 100_000) + "\n" + m("b"), []string{"1! its JSON is nested too deeply at byte 321 of line 1", "2 b"}},
		{"UTF-16", "\xff\xfe{\x00}\x00\n\x00{\x00}\x00", []string{"1! the input is no UTF-8 (it looks like UTF-16)"}},
		{"UTF-16, the other end first", "\xfe\xff\x00{\x00}\x00\n\x00{\x00}", []string{"1! the input is no UTF-8 (it looks like UTF-16)"}},
		{"a stray byte at the start", "\xff" + m("a") + "\n" + m("b"), []string{`1! there is no JSON object but "�{\"from\":\"919137979401\",\"dtMess…"`, "2 b"}},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", []string{`1! there is no JSON object but "�PNG"`, `2! there is no JSON object but ""`, `3! there is no JSON object but ""`}},
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

func TestDeliveries_ReaderFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"at once", "", []string{"1! read the deliveries: the disk is gone"}},
		{"between two", m("a") + "\n", []string{"1 a", "2! read the deliveries: the disk is gone"}},
		{"within one", m("a") + "\n" + m("b")[:30], []string{"1 a", "2! it is not closed where the input ends", "2! read the deliveries: the disk is gone"}},
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

// wanted is a delivery as it should come out, and raw how DoubleTick may have
// written it.
type wanted struct {
	doubletick.Delivery
	raw map[string]any
}

func deliveries() *rapid.Generator[wanted] {
	text := rapid.Map(rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", "hi", "a\x00\u202eb\r\nc", "{\"from\":[", "}],\\\"", "हिन्दी 👩\u200d👩\u200d👧", "\ufeff\u2028"}),
	), func(s string) string { return strings.ToValidUTF8(s, "?") })
	return rapid.Custom(func(t *rapid.T) wanted {
		when := data.Moment(rapid.Int64Range(1_230_768_000_000, 4_102_444_799_999).Draw(t, "when"))
		id := rapid.StringMatching(`[0-9a-zA-Z.=-]{1,40}`).Draw(t, "id")
		w := wanted{raw: map[string]any{"integrationType": "WHATSAPP", "unknown": []any{nil, 1.5, map[string]any{"from": "x"}}}}
		if rapid.Bool().Draw(t, "status") {
			name := rapid.SampledFrom([]string{"SENT", "DELIVERED", "READ", "FAILED"}).Draw(t, "name")
			w.Status = &data.StatusUpdate{MessageID: id, At: when, Status: map[string]data.MessageStatus{
				"SENT": data.Sent, "DELIVERED": data.Delivered, "READ": data.Read, "FAILED": data.Failed,
			}[name]}
			w.raw["messageId"], w.raw["to"], w.raw["statusTimestamp"] = id, "919137979401", spell(t, when)
			w.raw["status"] = rapid.SampledFrom([]string{name, strings.ToLower(name)}).Draw(t, "case")
			if failure := text.Draw(t, "failure"); name == "FAILED" {
				w.Status.Failure, w.raw["failMessage"] = data.CleanLine(failure, 500), failure
			}
			return w
		}
		number := rapid.StringMatching(`9[0-9]{9}`).Draw(t, "number")
		w.raw["from"] = rapid.SampledFrom([]any{
			"91" + number, "+91" + number, "+91 " + number[:5] + " " + number[5:], json.Number("91" + number),
		}).Draw(t, "from")
		name, words, kind := text.Draw(t, "customer"), text.Draw(t, "words"), rapid.SampledFrom([]data.Kind{
			data.TextMessage, data.ImageMessage, data.VideoMessage, data.DocumentMessage, data.ButtonMessage,
		}).Draw(t, "kind")
		body := map[string]any{"type": strings.ToUpper(string(kind)), "context": map[string]any{}}
		w.Incoming = &data.Incoming{From: data.Sender{Phone: data.Phone("+91" + number), Name: data.CleanLine(name, data.MaxName)}, Message: data.Message{
			Direction: data.In, At: when, Kind: kind, Text: data.Clean(words), RemoteID: id,
		}}
		w.raw["dtMessageId"], w.raw["receivedAt"], w.raw["contact"], w.raw["message"] = id, spell(t, when), map[string]any{"name": name}, body
		body["text"] = words
		if kind != data.TextMessage && kind != data.ButtonMessage {
			delete(body, "text")
			body["caption"], body["url"] = words, "https://example.com/"+id
			w.Incoming.Message.URL = "https://example.com/" + id
		}
		if rapid.Bool().Draw(t, "more") {
			w.raw["messageId"], w.raw["to"] = "wamid."+id, "918888888888"
			w.Incoming.Message.WhatsAppID, w.Incoming.Message.Business = "wamid."+id, "+918888888888"
			body["context"] = map[string]any{"id": "wamid.0", "from": "918888888888"}
			w.Incoming.Message.ReplyTo = "wamid.0"
		}
		return w
	})
}

// spell writes a moment in one of the ways that lose nothing.
func spell(t *rapid.T, m data.Moment) any {
	return rapid.SampledFrom([]any{
		m.String(), int64(m), fmt.Sprint(int64(m)),
		m.Time().In(time.FixedZone("", 19800)).Format("2006-01-02T15:04:05.000Z07:00"),
	}).Draw(t, "spelled")
}

func encode(t *rapid.T, w wanted, indent string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(rapid.Bool().Draw(t, "escaped"))
	enc.SetIndent("", indent)
	if err := enc.Encode(w.raw); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func same(got, want doubletick.Delivery) bool {
	return got.Err == nil && want.Err == nil && reflect.DeepEqual(got.Incoming, want.Incoming) && reflect.DeepEqual(got.Status, want.Status)
}

func TestDeliveries_Wrappings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(deliveries(), 0, 6).Draw(t, "all")
		indent := rapid.SampledFrom([]string{"", "", " ", "\t"}).Draw(t, "indent")
		var raws []string
		for i, w := range all {
			raws = append(raws, encode(t, w, indent))
			if got := doubletick.Parse([]byte(raws[i])); len(got) != 1 || !same(got[0], w.Delivery) {
				t.Fatalf("%s\ngave %+v", raws[i], got)
			}
		}
		wrap := rapid.SampledFrom([]struct{ open, between, end string }{
			{"[", ",", "]"},
			{"[\n", ",\n", "\n]\n"},
			{"[\n  ", "\n  ,", "]"},
			{"", "\n", ""},
			{"", "\n", "\n"},
			{"", "\r\n", "\r\n"},
			{"\ufeff", "\n\n", ""},
			{"", "", ""},
			{"", " ", ""},
		}).Draw(t, "wrap")
		input := wrap.open + strings.Join(raws, wrap.between) + wrap.end
		i := 0
		for got := range doubletick.Deliveries(strings.NewReader(input)) {
			if i == len(all) || !same(got, all[i].Delivery) {
				t.Fatalf("delivery %d of\n%s\nis %+v", i, input, got)
			}
			if place := strings.Index(input, raws[i]); got.Line > 1+strings.Count(input, "\n") || place < 0 || i == 0 && got.Line != 1+strings.Count(input[:place], "\n") {
				t.Fatalf("delivery %d of\n%s\nis said to begin on line %d", i, input, got.Line)
			}
			i++
		}
		if i != len(all) {
			t.Fatalf("%d of %d came out of\n%s", i, len(all), input)
		}
	})
}

// A broken line costs itself and nothing else, wherever and however it breaks.
// Good lines come in twos: a single one between two broken ones can be a part
// of what these make together.
func TestGoodLinesSurviveBadOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inArray := rapid.Bool().Draw(t, "array")
		comma := ""
		var lines []string
		if inArray {
			lines, comma = append(lines, "["), ","
		}
		good := map[int]wanted{}
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			w := deliveries().Draw(t, "delivery")
			raw := encode(t, w, "")
			if rapid.Bool().Draw(t, "good") {
				lines = append(lines, raw+comma, raw+comma)
				good[len(lines)-1], good[len(lines)] = w, w
				continue
			}
			lines = append(lines, breaking(t, raw)+rapid.SampledFrom([]string{"", comma}).Draw(t, "comma"))
		}
		if inArray {
			lines = append(lines, "]")
		}
		input := strings.Join(lines, "\n")
		for d := range doubletick.Deliveries(strings.NewReader(input)) {
			if w, ok := good[d.Line]; ok && same(d, w.Delivery) {
				delete(good, d.Line)
			}
		}
		for line := range good {
			t.Errorf("line %d did not come out of\n%s", line, input)
		}
	})
}

func breaking(t *rapid.T, raw string) string {
	at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
	switch rapid.IntRange(0, 4).Draw(t, "how") {
	case 0:
		return raw[:at]
	case 1:
		return raw[at:]
	case 2:
		return raw[:at] + raw[at+1:]
	case 3:
		return raw[:at] + rapid.SampledFrom([]string{`"`, `{`, `[`, `}`, `]`, `,`, `:`, `\`, "x", "\x00", "\xff"}).Draw(t, "in") + raw[at:]
	}
	return rapid.StringMatching(`[\[\]{}",:\\ a1]{0,20}`).Draw(t, "prose")
}

func FuzzDeliveries(f *testing.F) {
	for _, seed := range []string{
		"", m("a"), s("b"), "\ufeff" + m("a") + "\n{\n" + s("b"), "[" + m("a") + "," + s("b") + "]", pretty("[" + m("a") + "]"),
		"{\"a\":\n{\"b\":[\n" + m("c"), `[{"a" 1},1,"x",[[]],` + m("a"), "\xff\xfe{\x00",
		received(`{"receivedAt":1e3,"contact":{"name":"\u202eA"},"message":{"type":"LOCATION","latitude":1,"longitude":"2","name":"\u0000"}}`),
		received(`{"message":{"type":"CONTACTS","contacts":[{"name":{"formatted_name":"\ud83d"},"phones":[{"phone":1}]}]}}`),
		received(`{"from":9.1e11,"message":{"type":"FLOW","flowResponse":[{"id":"a","value":["\u2028"]}]}}`),
		received(`{"to":"\u001b","message":{"type":"POLL\u0085","url":"http://a/\u202e","fileName":"\t"}}`),
		`{"messageId":"\u2066","status":"failed","statusTimestamp":"2026-07-20T11:39:47Z","failMessage":"\u0007\n"}`,
		received(`{"from":null,"userId":"IN.13491208655302741918","parentUserId":"IN.ENT.1","username":"@riya.d","metaBusinessPortfolioId":5}`),
		received(`{"type":"wa_group","to":"120363404694233820","groupName":"\u202e","contact":{"name":"Riya"}}`),
		received(`{"integrationType":"INSTAGRAM","customerHandle":"@\u0000"}`), received(`{"from":"+919137979401/ 919137979402"}`),
		`{"event":"RAW_CLOUD_API_WEBHOOK","data":` + metaBody(`"contacts":[{"user_id":"IN.1","profile":{"username":"r"}}],"messages":[`+metaText(`"from_user_id":"IN.1"`)+`,7],"statuses":[{"id":"a","status":"failed","errors":[{"title":"x"}]}]`) + `}`,
		metaBody(`"messages":[{"id":"a","type":"system","from":"919137979401","system":{"type":"user_changed_number","wa_id":"919137979402"}},{"id":"b","from":"12345","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"a\":[1]}"}}}]`),
		`{"payload":"{\"data\":{\"event\":\"CALL_X\"}}"}`, `{"eventType":"ADD_TAG"}`, `{"tagId":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var all []doubletick.Delivery
		line := 1
		for d := range doubletick.Deliveries(bytes.NewReader(input)) {
			all = append(all, d)
			sound(t, d)
			if d.Line < line || d.Line > 1+bytes.Count(input, []byte("\n")) {
				t.Errorf("line %d after line %d", d.Line, line)
			}
			line = d.Line
		}
		if len(all) > len(input)+1 {
			t.Errorf("%d deliveries of %d bytes", len(all), len(input))
		}
		if again := told(iotest.HalfReader(bytes.NewReader(input))); len(again) != len(all) {
			t.Errorf("%d deliveries, read otherwise %d", len(all), len(again))
		}
		alone := doubletick.Parse(input)
		for _, d := range alone {
			sound(t, d)
		}
		object := bytes.TrimSpace(input)
		if !json.Valid(object) || object[0] != '{' {
			if !bytes.HasPrefix(input, []byte("\ufeff")) && alone[0].Err == nil {
				t.Errorf("%q is no JSON object and was taken", input)
			}
			return
		}
		if err := alone[0].Err; err != nil && strings.Contains(err.Error(), "broken") {
			t.Errorf("%q is JSON: %v", input, err)
		}
		if !slices.EqualFunc(all, alone, alike) {
			t.Errorf("%q alone is %+v, in a row %+v", input, alone, all)
		}
	})
}

// alike reports whether two deliveries say the same.
func alike(a, b doubletick.Delivery) bool {
	return reflect.DeepEqual(a.Incoming, b.Incoming) && reflect.DeepEqual(a.Status, b.Status) && reflect.DeepEqual(a.Change, b.Change) &&
		a.Ignored == b.Ignored && (a.Err == nil) == (b.Err == nil)
}

var (
	phoneShape  = regexp.MustCompile(`^(\+[0-9]{5,20})?$`)
	userIDShape = regexp.MustCompile(`^([A-Za-z]{2}\.([Ee][Nn][Tt]\.)?[0-9A-Za-z]{1,128})?$`)
	groupShape  = regexp.MustCompile(`^[!-?A-~]{0,128}$`)
)

// known checks what a sender is known by, and returns its texts. Somebody is always
// known.
func known(t *testing.T, s data.Sender) []string {
	t.Helper()
	if !phoneShape.MatchString(string(s.Phone)) || !userIDShape.MatchString(s.UserID) || !userIDShape.MatchString(s.ParentUserID) ||
		!groupShape.MatchString(s.Group) || len(s.Identities()) == 0 {
		t.Errorf("%+v", s)
	}
	return []string{s.Name, s.Username, s.Portfolio, s.GroupName, s.Handle}
}

// sound checks what holds of every delivery.
func sound(t *testing.T, d doubletick.Delivery) {
	t.Helper()
	set := 0
	for _, is := range []bool{d.Incoming != nil, d.Status != nil, d.Change != nil, d.Ignored != "", d.Err != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		t.Fatalf("%d are set of %+v", set, d)
	}
	var texts, short []string
	switch {
	case d.Err != nil:
		texts = []string{d.Err.Error()}
		if !errors.Is(d.Err, data.ErrInvalid) && !errors.Is(d.Err, data.ErrPhone) || len(texts[0]) > 1000 {
			t.Errorf("the error %v", d.Err)
		}
	case d.Status != nil:
		short = []string{d.Status.MessageID, d.Status.Failure}
		if d.Status.MessageID == "" || d.Status.Status < data.Sent || d.Status.Status > data.Failed || d.Status.At < 0 {
			t.Errorf("%+v", d.Status)
		}
	case d.Change != nil:
		short = append(known(t, d.Change.From), known(t, d.Change.To)...)
	case d.Ignored != "":
		short = []string{d.Ignored}
	default:
		in := d.Incoming
		texts = []string{in.Message.Text}
		short = append(known(t, in.From), in.Message.File, in.Message.URL, in.Message.RemoteID, in.Message.WhatsAppID, in.Message.Business, in.Message.ReplyTo, in.Message.Author)
		if in.Message.RemoteID == "" || in.Message.Kind == "" || in.Message.Direction != data.In || in.Message.At < 0 || (in.Message.Author != "") && in.From.Group == "" {
			t.Errorf("%+v", in)
		}
	}
	for _, text := range append(texts, short...) {
		if !utf8.ValidString(text) || len(text) > data.MaxTextBytes {
			t.Errorf("%d bytes: %.1000q", len(text), text)
		}
		if got := data.Clean(text); got != text {
			t.Errorf("%.1000q is not clean", text)
		}
	}
	for _, text := range short {
		if n := utf8.RuneCountInString(text); n > 2048 || strings.ContainsAny(text, "\n\t") {
			t.Errorf("%d characters: %.1000q", n, text)
		}
	}
}
