package cli

import (
	"strings"
	"testing"
)

// groupHello is a message of a member of a group, as it is delivered.
const groupHello = `{"type":"wa_group","to":"120363012345678901","from":"919137979401","messageId":"wamid.g1","dtMessageId":"g1",
"groupName":"Buyers","contact":{"name":"Riya D"},"receivedAt":"2026-07-20T11:39:47.443Z","message":{"type":"TEXT","text":"How much?"}}`

func TestMessages_NamesTheAuthors(t *testing.T) {
	x := newTerminal(t)
	x.try(groupHello, "receive", "-")
	x.try(hello, "receive", "-")
	const group = "120363012345678901@g.us"
	if out := x.do("messages", group, "--json"); !strings.Contains(out, `"held":false,"author":{"name":"Riya D","address":"+919137979401"}}`) {
		t.Error(out)
	}
	if out := x.do("messages", group); !strings.Contains(out, "in    Riya D: How much?") {
		t.Error(out)
	}
	if out := x.do("messages", asha, "--json"); !strings.Contains(out, `"author":null}`) {
		t.Errorf("of a person: %s", out)
	}
}

// What was not understood is shown in words, and as it came in where that is asked for.
func TestMessages_Raw(t *testing.T) {
	x := newTerminal(t)
	raw := `{"from":"919137979401","dtMessageId":"m1","receivedAt":"2026-07-20T11:39:47Z","message":{"type":"HOLOGRAM","shown":{"by":"Bo"}}}`
	if a := x.try(raw, "receive", "-"); a.code != ExitOK {
		t.Fatalf("%+v", a)
	}
	if out := x.do("messages", "+919137979401"); !strings.Contains(out, "Unsupported message (HOLOGRAM)") || !strings.Contains(out, "Bo") || strings.Contains(out, "dtMessageId") {
		t.Error(out)
	}
	if out := x.do("messages", "+919137979401", "--raw"); !strings.Contains(out, raw) {
		t.Error(out)
	}
	if out := x.do("messages", "+919137979401", "--raw", "--json"); !strings.Contains(out, `"raw":"{\"from\":`) {
		t.Error(out)
	}
}
