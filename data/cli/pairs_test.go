package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestPairs(t *testing.T) {
	x := newTerminal(t)
	same(t, "an empty list", x.do("pairs", "list"), "No pairs are undecided.\n")
	same(t, "an empty list as JSON", x.do("pairs", "list", "--json"), "[]\n")
	receive := func(from, user, id string) {
		t.Helper()
		text := fmt.Sprintf(`{"to":"918888888888","from":%q,"userId":%q,"dtMessageId":%q,"receivedAt":%q,"message":{"type":"TEXT","text":%q}}`, from, user, id, ten, id)
		if a := x.try(text, "receive", "-"); a.code != ExitOK {
			t.Fatalf("exit %d: %s", a.code, a.err)
		}
	}
	const user = "IN.13491208655302741918"
	receive("919137979401", "", "one")
	receive("", user, "two")
	x.do("block", asha)
	receive("919137979401", user, "three")

	var list []struct {
		ID            int64
		First, Second string
		State         data.PairState
		Blocked       bool
	}
	if err := json.Unmarshal([]byte(x.do("pairs", "list", "--json")), &list); err != nil || len(list) != 1 ||
		list[0].First != asha || list[0].Second != user || list[0].State != data.PairOpen || !list[0].Blocked {
		t.Fatalf("%+v, %v", list, err)
	}
	text := x.do("pairs", "list")
	if !strings.Contains(text, "open, blocked") || !strings.Contains(text, user) || !strings.Contains(text, "A message came in with the addresses of both.") {
		t.Error(text)
	}
	for address, other := range map[string]string{user: asha, asha: user} {
		text := x.do("status", address, "--json")
		var got struct {
			Status data.Status
			PairOf *string
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Status != data.Blocked || got.PairOf == nil || *got.PairOf != other {
			t.Errorf("%s: %s, %v", address, text, err)
		}
	}
	if text := x.do("status", user); !strings.Contains(text, "to be decided with latchdesk pairs") {
		t.Error(text)
	}

	if text := x.do("pairs", "keep-apart", "1"); !strings.Contains(text, "stay two customers") {
		t.Error(text)
	}
	if text := x.do("status", user, "--json"); !strings.Contains(text, `"status":"active"`) || !strings.Contains(text, `"pairOf":null`) {
		t.Error(text)
	}
	if a := x.try("", "pairs", "join", "1"); a.code != ExitFailure {
		t.Errorf("joined what is kept apart: %+v", a)
	}
	x.do("pairs", "ask-again", "1")
	if text := x.do("pairs", "join", "1"); !strings.HasPrefix(text, "The two are one customer now: ") {
		t.Error(text)
	}
	same(t, "after the join", x.do("pairs", "list"), "No pairs are undecided.\n")
	if text := x.do("status", user, "--json"); !strings.Contains(text, `"status":"blocked"`) || !strings.Contains(text, asha) {
		t.Error(text)
	}
	if text := x.do("pairs", "list", user); !strings.Contains(text, "joined") {
		t.Error(text)
	}
	if text := x.do("pairs", "split", "1"); !strings.Contains(text, "are two customers again") {
		t.Error(text)
	}
	if text := x.do("audit", "verify"); text == "" {
		t.Error("nothing is proved")
	}
	if a := x.try("", "pairs", "join", "9"); a.code != ExitFailure || a.err == "" {
		t.Errorf("%+v", a)
	}
}
