package demo

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/assets"
)

// tiny is a world of one customer, with a block that ended and one that holds.
const tiny = `{"shop": "Wickermoor", "business": "442079460321", "agents": ["Asha Rao"], "customers": [{
 "situation": "test", "phone": "+46701740621", "name": "Walter Quist", "language": "en", "tags": ["VIP"], "unread": 0,
 "items": [
  {"minutesAgo": 90, "direction": "in", "text": "hello", "kind": "text"},
  {"minutesAgo": 80, "direction": "out", "text": "good day", "author": "Asha Rao", "tick": "read", "answers": 1},
  {"minutesAgo": 70, "event": "blocked", "actor": "Asha Rao", "reason": "Spam", "endsIn": -50},
  {"minutesAgo": 60, "direction": "in", "text": "hello?", "hold": "released"},
  {"minutesAgo": 50, "event": "block_ended", "actor": "schedule"},
  {"minutesAgo": 40, "direction": "in", "kind": "image", "url": "https://media.wickermoor.example/a.jpg"},
  {"minutesAgo": 30, "event": "blocked", "actor": "Asha Rao", "reason": "Spam"},
  {"minutesAgo": 20, "direction": "in", "text": "hello??", "hold": "held"}
 ]}]}`

func TestTinyWorldIsSound(t *testing.T) {
	if _, err := parse([]byte(tiny), assets.DemoDocument("replies"), assets.DemoDocument("crowd")); err != nil {
		t.Fatal(err)
	}
}

func TestLoadRefusesABrokenWorld(t *testing.T) {
	tests := []struct{ name, old, new, says string }{
		{"half a document", `]}]}`, `]}]`, "unexpected EOF"},
		{"something after the end", `]}]}`, `]}]} {}`, "after the end"},
		{"unknown field", `"unread": 0`, `"read": 0`, "unknown field"},
		{"unknown field of an item", `"kind": "text"`, `"sort": "text"`, "unknown field"},
		{"no shop", `"Wickermoor"`, `""`, "needs a shop"},
		{"no agents", `["Asha Rao"]`, `[]`, "needs a shop, agents"},
		{"agent twice", `["Asha Rao"]`, `["Asha Rao", "Asha Rao"]`, "there twice"},
		{"business with a plus", `"442079460321"`, `"+442079460321"`, "business number"},
		{"no phone", `"+46701740621"`, `"12"`, "no phone number"},
		{"phone with spaces", `"+46701740621"`, `"+46 70 174 06 21"`, "no phone number"},
		{"customer twice", `]}]}`, `]}, {"situation": "b", "phone": "+46701740621", "language": "en", "items": [{"minutesAgo": 1, "direction": "in", "text": "a"}]}]}`, "there twice"},
		{"no situation", `"situation": "test"`, `"situation": ""`, "no situation"},
		{"name of two lines", `"Walter Quist"`, `"Walter\nQuist"`, "name is unclean"},
		{"unspoken language", `"language": "en"`, `"language": "xx"`, "nothing to say"},
		{"tireless without lines", `"unread": 0`, `"tireless": true`, "tireless"},
		{"tag twice", `["VIP"]`, `["VIP", "VIP"]`, "tag"},
		{"more unread than came in", `"unread": 0`, `"unread": 3`, "unread"},
		{"in the future", `"minutesAgo": 90`, `"minutesAgo": 0`, "outside"},
		{"too long ago", `"minutesAgo": 90`, `"minutesAgo": 9000000`, "outside"},
		{"out of order", `"minutesAgo": 90`, `"minutesAgo": 75`, "older than"},
		{"unknown kind", `"kind": "image"`, `"kind": "hologram"`, "unknown kind"},
		{"unknown tick", `"tick": "read"`, `"tick": "seen"`, "unknown tick"},
		{"no tick", `"tick": "read", `, ``, "without a tick"},
		{"tick on incoming", `"kind": "text"`, `"tick": "read"`, "author or a tick"},
		{"failed without a word", `"tick": "read"`, `"tick": "failed"`, "says why"},
		{"unknown direction", `"direction": "out"`, `"direction": "up"`, "unknown direction"},
		{"unknown author", `"author": "Asha Rao"`, `"author": "Nobody"`, "no agent"},
		{"unknown hold", `"hold": "held"`, `"hold": "kept"`, "unknown hold"},
		{"empty text", `"text": "hello"`, `"text": ""`, "has words"},
		{"hidden character", `"text": "hello"`, `"text": "hel\u202elo"`, "unclean"},
		{"picture elsewhere", `media.wickermoor.example`, `media.wickermoor.com`, "under .example"},
		{"picture without address", `, "url": "https://media.wickermoor.example/a.jpg"`, ``, "under .example"},
		{"answers nothing", `"answers": 1`, `"answers": 2`, "answers what is no message"},
		{"message with a reason", `"kind": "text"`, `"reason": "Spam"`, "only an event"},
		{"event with words", `"actor": "schedule"`, `"actor": "schedule", "text": "a"`, "only a message"},
		{"unknown event", `"event": "block_ended", "actor": "schedule"`, `"event": "danced", "actor": "Asha Rao"`, "cannot tell"},
		{"unknown actor", `"event": "blocked", "actor": "Asha Rao"`, `"event": "blocked", "actor": "Nobody"`, "no agent"},
		{"block ended by an agent", `"actor": "schedule"`, `"actor": "Asha Rao"`, "schedule"},
		{"block ended at another time", `"endsIn": -50`, `"endsIn": -45`, "but was"},
		{"block ended and nobody said so", `{"minutesAgo": 50, "event": "block_ended", "actor": "schedule"},`, ``, "had ended"},
		{"block ends before it begins", `"endsIn": -50`, `"endsIn": -75`, "before it begins"},
		{"blocked twice", `{"minutesAgo": 20, "direction": "in", "text": "hello??", "hold": "held"}`, `{"minutesAgo": 20, "event": "blocked", "actor": "Asha Rao"}`, "blocked twice"},
		{"unblocked while active", `"minutesAgo": 40, "direction": "in", "kind": "image", "url": "https://media.wickermoor.example/a.jpg"`, `"minutesAgo": 40, "event": "unblocked", "actor": "Asha Rao"`, "no block to end"},
		{"held while active", `"kind": "text"`, `"hold": "held"`, "there was no block"},
		{"shown while blocked", `, "hold": "held"`, ``, "not held"},
		{"sent while blocked", `"direction": "in", "text": "hello??", "hold": "held"`, `"direction": "out", "text": "hello", "author": "Asha Rao", "tick": "sent"`, "sent to who was blocked"},
		{"held after the block", `"hold": "released"`, `"hold": "held"`, "stays held"},
		{"released within the block", `"hold": "held"`, `"hold": "released"`, "never ended"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(tiny, tt.old) {
				t.Fatalf("the world has no %s", tt.old)
			}
			_, err := parse([]byte(strings.Replace(tiny, tt.old, tt.new, 1)), assets.DemoDocument("replies"), assets.DemoDocument("crowd"))
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want an error about %q", err, tt.says)
			}
		})
	}
}

func TestLoadRefusesBrokenLinesAndCrowds(t *testing.T) {
	good := []string{"world", "replies", "crowd"}
	tests := []struct{ document, old, new string }{
		{"replies", `"replies"`, `"answers"`},
		{"replies", `"sv"`, `"xx"`},
		{"crowd", `"tags"`, `"labels"`},
		{"crowd", `"+44100"`, `"44100"`},
		{"crowd", `"+44100"`, `"+1"`},
		{"crowd", `"weight": 3`, `"weight": 0`},
		{"crowd", `"digits": 7`, `"digits": 4`},
		{"crowd", `"Oliver"`, `""`},
	}
	for _, tt := range tests {
		t.Run(tt.document+" "+tt.new, func(t *testing.T) {
			var documents [][]byte
			for _, name := range good {
				text := string(assets.DemoDocument(name))
				if name == tt.document {
					text = strings.Replace(text, tt.old, tt.new, 1)
				}
				documents = append(documents, []byte(text))
			}
			if _, err := parse(documents[0], documents[1], documents[2]); err == nil {
				t.Error("it was taken")
			}
		})
	}
}
