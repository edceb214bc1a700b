package doubletick_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

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
