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
