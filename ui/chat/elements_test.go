package chat

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// written is a message so many minutes before noon.
func written(minutes int, direction data.Direction, author string) data.Item {
	at := noon.Add(-time.Duration(minutes) * time.Minute)
	id := int64(100_000 - minutes)
	return data.Item{Key: data.ItemKey{At: at, ID: id}, Message: &data.Message{ID: id, At: at, Direction: direction, Author: author, Kind: data.TextMessage, Text: "x"}}
}

func happened(minutes int, kind data.EventKind) data.Item {
	at := noon.Add(-time.Duration(minutes) * time.Minute)
	return data.Item{Key: data.ItemKey{At: at, Event: true, ID: int64(100_000 - minutes)}, Event: &data.Event{At: at, Kind: kind, Actor: asha, Detail: "{}"}}
}

// outline tells elements in words: ^ stands close to the one above, ~ has the
// tail of its group.
func outline(list []element) string {
	var words []string
	for _, e := range list {
		word := ""
		switch e.kind {
		case dayElement:
			word = "[" + e.text + "]"
		case unreadElement:
			word = "--" + e.text + "--"
		case pillElement:
			word = "(" + e.text + " " + e.time + ")"
		case bubbleElement:
			word = string(e.item.Message.Direction)
			if e.gap == messageGap {
				word = "^" + word
			}
			if e.last {
				word += "~"
			}
		}
		if e.kind != bubbleElement && e.gap != groupGap {
			word += " too close"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestElementsOf_GroupsMessages(t *testing.T) {
	in := func(minutes int) data.Item { return written(minutes, data.In, "") }
	out := func(minutes int, author string) data.Item { return written(minutes, data.Out, author) }
	key := func(i data.Item) *data.ItemKey { return &i.Key }
	for _, c := range []struct {
		name     string
		items    []data.Item
		firstNew *data.ItemKey
		want     string
	}{
		{"nothing", nil, nil, ""},
		{"one message", []data.Item{in(0)}, nil, "[Today] in~"},
		{"a group", []data.Item{in(5), in(3), in(0)}, nil, "[Today] in ^in ^in~"},
		{"five minutes are near", []data.Item{in(5), in(0)}, nil, "[Today] in ^in~"},
		{"six are not", []data.Item{in(6), in(0)}, nil, "[Today] in~ in~"},
		{"each to the one before", []data.Item{in(10), in(6), in(2)}, nil, "[Today] in ^in ^in~"},
		{"both directions", []data.Item{in(3), out(2, "Asha"), in(1)}, nil, "[Today] in~ out~ in~"},
		{"two agents", []data.Item{out(3, "Asha"), out(2, "Ben"), out(1, "Ben")}, nil, "[Today] out~ out ^out~"},
		{"an event between", []data.Item{in(3), happened(2, data.BlockedEvent), in(1)}, nil, "[Today] in~ (Customer blocked by Asha Rao 11:58) in~"},
		{"an event alone", []data.Item{happened(0, data.UnblockedEvent)}, nil, "[Today] (Customer unblocked by Asha Rao 12:00)"},
		{"midnight between", []data.Item{in(12*60 + 1), in(12*60 - 1)}, nil, "[Yesterday] in~ [Today] in~"},
		{"midnight itself", []data.Item{in(12 * 60), in(12*60 - 1)}, nil, "[Today] in ^in~"},
		{
			"days between",
			[]data.Item{in(9 * 24 * 60), in(2 * 24 * 60), happened(24*60, data.ClearedEvent)},
			nil,
			"[Saturday, 28 February] in~ [Saturday, 7 March] in~ [Yesterday] (Chat cleared by Asha Rao 12:00)",
		},
		{"a year between", []data.Item{in(400 * 24 * 60), in(0)}, nil, "[2 February 2025] in~ [Today] in~"},
		{"new in a group", []data.Item{in(3), in(2), in(1)}, key(in(2)), "[Today] in~ --New messages-- in ^in~"},
		{"all new", []data.Item{in(1), in(0)}, key(in(1)), "[Today] --New messages-- in ^in~"},
		{"new of a new day", []data.Item{in(12*60 + 1), in(0)}, key(in(0)), "[Yesterday] in~ [Today] --New messages-- in~"},
		{"new beyond what is loaded", []data.Item{in(3)}, key(in(9)), "[Today] in~"},
	} {
		if got := outline(elementsOf(c.items, noon, c.firstNew)); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}
