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

// What a blocked member wrote in groups is held by the member's block, and listed with
// what is held in the member's own chat.
func TestMessages_HeldOfAMemberAreInGroups(t *testing.T) {
	x := newTerminal(t)
	const group, riya = "120363012345678901@g.us", "+919137979401"
	x.do("block", "--add", riya)
	x.try(groupHello, "receive", "-")
	x.try(strings.NewReplacer("wamid.g1", "wamid.g2", `"g1"`, `"g2"`, "919137979401", "919137979402", "How much?", "Five.").Replace(groupHello), "receive", "-")
	x.try(`{"from":"919137979401","dtMessageId":"m1","receivedAt":"2026-07-20T11:40:47Z","message":{"type":"TEXT","text":"Hello?"}}`, "receive", "-")
	if out := x.do("status", riya); !strings.Contains(out, "Held    2\n") {
		t.Fatal(out)
	}
	out := x.do("messages", riya, "--held")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 2 || !strings.HasSuffix(lines[0], "held  in Buyers (group 120363012345678901): How much?") || !strings.HasSuffix(lines[1], "held  Hello?") {
		t.Error(out)
	}
	if out := x.do("messages", riya, "--held", "--json"); strings.Count(out, `"held":true`) != 2 || strings.Count(out, `"group":`) != 1 ||
		!strings.Contains(out, `"group":{"name":"Buyers","address":"`+group+`"}`) {
		t.Error(out)
	}
	if out := x.do("messages", group, "--held"); !strings.Contains(out, "held  Riya D: How much?") || strings.Contains(out, "Five.") || strings.Contains(out, "Hello?") {
		t.Errorf("of the group: %s", out)
	}
	x.do("unblock", riya)
	if out := x.do("messages", riya, "--held"); out != "There are no held messages.\n" {
		t.Errorf("unblocked: %s", out)
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
