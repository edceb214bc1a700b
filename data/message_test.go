package data_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

var ticks = []data.MessageStatus{data.StatusNone, data.KeptHere, data.Sent, data.Delivered, data.Read, data.Failed}

func TestTickAdvance(t *testing.T) {
	// rows: what is known; columns: the news, in the order of ticks
	for was, want := range map[data.MessageStatus][6]data.MessageStatus{
		data.StatusNone: {data.StatusNone, data.KeptHere, data.Sent, data.Delivered, data.Read, data.Failed},
		data.KeptHere:   {data.KeptHere, data.KeptHere, data.Sent, data.Delivered, data.Read, data.Failed},
		data.Sent:       {data.Sent, data.Sent, data.Sent, data.Delivered, data.Read, data.Failed},
		data.Delivered:  {data.Delivered, data.Delivered, data.Delivered, data.Delivered, data.Read, data.Delivered},
		data.Read:       {data.Read, data.Read, data.Read, data.Read, data.Read, data.Read},
		data.Failed:     {data.Failed, data.Failed, data.Failed, data.Delivered, data.Read, data.Failed},
	} {
		for i, news := range ticks {
			if got := was.Advance(news); got != want[i] {
				t.Errorf("%d, then %d: got %d, want %d", was, news, got, want[i])
			}
		}
	}
}

func TestTicksEndTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		news := rapid.SliceOfN(rapid.SampledFrom(ticks[1:]), 1, 6).Draw(t, "news")
		shuffled := rapid.Permutation(news).Draw(t, "shuffled")
		if one, other := advance(news), advance(shuffled); one != other {
			t.Fatalf("%v ends at %d, %v at %d", news, one, shuffled, other)
		}
	})
}

func TestReadIsTheEndOfEveryOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		more := rapid.SliceOfN(rapid.SampledFrom(ticks), 0, 4).Draw(t, "more")
		news := rapid.Permutation(append(more, data.Sent, data.Delivered, data.Read)).Draw(t, "news")
		if got := advance(news); got != data.Read {
			t.Fatalf("%v ends at %d", news, got)
		}
	})
}

func advance(news []data.MessageStatus) data.MessageStatus {
	tick := data.KeptHere
	for _, n := range news {
		tick = tick.Advance(n)
	}
	return tick
}

func TestMessageInOneLine(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		name           string
		message        data.Message
		label, preview string
	}{
		{"text", data.Message{Kind: data.TextMessage, Text: "one\ntwo"}, "", "one two"},
		{"our text", data.Message{Kind: data.TextMessage, Direction: data.Out, Text: "one"}, "", "You: one"},
		{"note", data.Message{Kind: data.TextMessage, Direction: data.Note, Text: "one"}, "Note", "Note: one"},
		{"note with a picture", data.Message{Kind: data.ImageMessage, Direction: data.Note, Text: "one", File: "a.png"}, "Note · Image · a.png", "Note · Image · a.png: one"},
		{"of a group's member", data.Message{Kind: data.TextMessage, Direction: data.In, Author: "Bo", Text: "one\ntwo"}, "", "Bo: one two"},
		{"of a member with a long name", data.Message{Kind: data.ImageMessage, Direction: data.In, Author: strings.Repeat("B", 50)}, "Image", strings.Repeat("B", 23) + "…: Image"},
		{"image", data.Message{Kind: data.ImageMessage}, "Image", "Image"},
		{"image with words", data.Message{Kind: data.ImageMessage, Text: "the bill"}, "Image", "Image: the bill"},
		{"document", data.Message{Kind: data.DocumentMessage, File: "bill.pdf", Text: "here"}, "Document · bill.pdf", "Document · bill.pdf: here"},
		{"button", data.Message{Kind: data.ButtonMessage, Text: "Yes"}, "", "Yes"},
		{"form", data.Message{Kind: data.FlowMessage, Text: "a: 1"}, "Form", "Form: a: 1"},
		{"long", data.Message{Kind: data.TextMessage, Text: long}, "", strings.Repeat("x", 119) + "…"},
		{"our long text", data.Message{Kind: data.TextMessage, Direction: data.Out, Text: long}, "", "You: " + strings.Repeat("x", 114) + "…"},
		{"a kind of a newer version", data.Message{Kind: "poll", Text: "?"}, "", "?"},
	} {
		if got := c.message.Label(); got != c.label {
			t.Errorf("%s: label %q, want %q", c.name, got, c.label)
		}
		if got := c.message.Preview(); got != c.preview {
			t.Errorf("%s: preview %q, want %q", c.name, got, c.preview)
		}
	}
}

func TestEveryKindSaysWhatItIs(t *testing.T) {
	for _, kind := range constants(t, "message.go", "Kind") {
		m := data.Message{Kind: data.Kind(kind), Direction: data.In}
		worded := m.Kind == data.TextMessage || m.Kind == data.ButtonMessage
		if (m.Label() == "") != worded {
			t.Errorf("%s: label %q", kind, m.Label())
		}
	}
}

func TestPreviewIsOneShortLine(t *testing.T) {
	kinds := constants(t, "message.go", "Kind")
	rapid.Check(t, func(t *rapid.T) {
		m := data.Message{
			Kind:      data.Kind(rapid.SampledFrom(kinds).Draw(t, "kind")),
			Direction: rapid.SampledFrom([]data.Direction{data.In, data.Out, data.Note}).Draw(t, "direction"),
			Text:      data.Clean(strings.Repeat(nasty().Draw(t, "text"), rapid.IntRange(0, 40).Draw(t, "times"))),
			File:      data.CleanLine(nasty().Draw(t, "file"), 255),
		}
		got := m.Preview()
		harmless(t, got)
		if strings.ContainsAny(got, "\n\t") || utf8.RuneCountInString(got) > 120 {
			t.Fatalf("%d characters: %+q", utf8.RuneCountInString(got), got)
		}
	})
}

func TestMessage_LabelSaysWhatItCarries(t *testing.T) {
	for name, c := range map[string]struct {
		message        data.Message
		carries, label string
	}{
		"text":                  {data.Message{Kind: data.TextMessage, Text: "a"}, "", ""},
		"a note":                {data.Message{Kind: data.TextMessage, Direction: data.Note, Text: "a"}, "", "Note"},
		"an image":              {data.Message{Kind: data.ImageMessage}, "Image", "Image"},
		"a document":            {data.Message{Kind: data.DocumentMessage, File: "a.pdf"}, "Document · a.pdf", "Document · a.pdf"},
		"a file without a kind": {data.Message{Kind: data.TextMessage, File: "a.pdf"}, "", ""},
		"a note with an image":  {data.Message{Kind: data.ImageMessage, Direction: data.Note}, "Image", "Note · Image"},
		"a reaction":            {data.Message{Kind: data.ReactionMessage, Text: "❤"}, "Reaction", "Reaction"},
		"a reaction taken back": {data.Message{Kind: data.ReactionMessage}, "Reaction taken back", "Reaction taken back"},
	} {
		if c.message.Carries() != c.carries || c.message.Label() != c.label {
			t.Errorf("%s carries %q under %q", name, c.message.Carries(), c.message.Label())
		}
	}
}

func TestMessage_CopyTextSaysThatItIsANote(t *testing.T) {
	for want, m := range map[string]data.Message{
		"a":                {Direction: data.Out, Author: "Asha"},
		"[Note] a":         {Direction: data.Note},
		"[Note by Asha] a": {Direction: data.Note, Author: "Asha"},
	} {
		if got := m.CopyText("a"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
