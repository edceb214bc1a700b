package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func TestDeliveries(t *testing.T) {
	x := newTerminal(t)
	same(t, "an empty list", x.do("deliveries", "list"), "No deliveries are set aside.\n")
	same(t, "an empty list as JSON", x.do("deliveries", "list", "--json"), "[]\n")
	x.try(hello, "receive", "-")
	lost := `{"from":"919137979401","statusTimestamp":"2026-07-20T12:00:00Z","status":"LOST \u001b[31m"}`
	a := x.try("{}\n"+lost+"\n{}\n", "receive", "-", "--json")
	if a.code != ExitFailure || !strings.HasSuffix(a.err, "latchdesk: 3 deliveries were not understood and set aside; see latchdesk deliveries list\n") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	at := data.MomentOf(noon).Time().Format("2006-01-02 15:04 -07:00")
	same(t, "the list", x.do("deliveries", "list"), fmt.Sprintf("2  %s  1×  +919137979401  its status \"LOST [31m\" is unknown\n1  %s  2×                 it is neither a message (from, message) nor a status (statusTimestamp)\n", at, at))
	var list []struct {
		ID, Count, Size int64
		At, Reason      string
		From            *string
	}
	if err := json.Unmarshal([]byte(x.do("deliveries", "list", "--json")), &list); err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if d := list[0]; d.ID != 2 || d.From == nil || *d.From != asha || d.Count != 1 || d.Size != int64(len(lost)) || d.At != "2026-07-20T12:00:00.000Z" {
		t.Errorf("%+v", d)
	}
	if d := list[1]; d.From != nil || d.Count != 2 {
		t.Errorf("%+v", d)
	}
	if text := x.do("deliveries", "show", "2"); !strings.Contains(text, "From          "+asha) || !strings.Contains(text, "State         set aside\n") || !strings.Contains(text, "Text          "+lost) {
		t.Error(text)
	}
	same(t, "the raw delivery", x.do("deliveries", "show", "2", "--raw"), lost)
	same(t, "retry", x.do("deliveries", "retry"), "Nothing was understood. Still set aside: 2.\n")
	same(t, "retry of one", x.do("deliveries", "retry", "2", "--json"), `{"tried":1,"taken":0}`+"\n")

	// An older program set aside what this one understands.
	s := x.desk()
	if _, err := s.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(delivery("919137979401", "late", ten, "late")), Reason: "it is new"}}}); err != nil {
		t.Fatal(err)
	}
	x.now = noon.Add(48 * time.Hour)
	same(t, "retry", x.do("deliveries", "retry", "--as", "Ben"), "Understood and taken in: 1. Still set aside: 2.\n")
	if text := x.do("deliveries", "show", "3"); !strings.Contains(text, "State         taken 2026-07-22 ") || !strings.Contains(text, " by Ben\n") {
		t.Error(text)
	}
	if text := x.do("messages", asha); !strings.Contains(text, "late") {
		t.Error(text)
	}

	if got, _ := x.doctor(ExitOK); got.SetAside == nil || *got.SetAside != 2 {
		t.Errorf("%+v", got)
	}
	same(t, "drop", x.do("deliveries", "drop", "2", "--as", "Ben"), "Delivery 2 was dropped. Its text was deleted.\n")
	if text := x.do("events", asha); !strings.Contains(text, "Delivery dropped by Ben") {
		t.Error(text)
	}
	if text := x.do("deliveries", "show", "2"); strings.Contains(text, "LOST\\u") || !strings.Contains(text, "State         dropped 2026-07-22 ") {
		t.Error(text)
	}
	same(t, "show --json", x.do("deliveries", "show", "2", "--json"), fmt.Sprintf(
		`{"id":2,"at":"2026-07-20T12:00:00.000Z","lastAt":"2026-07-20T12:00:00.000Z","count":1,"from":%q,"size":%d,"reason":"its status \"LOST [31m\" is unknown","state":"dropped","by":"Ben","doneAt":"2026-07-22T12:00:00.000Z","raw":""}`+"\n", asha, len(lost)))
	for _, line := range []string{"drop 2", "drop 99", "retry 2", "show 99"} {
		a := x.try("", append([]string{"deliveries"}, strings.Fields(line)...)...)
		if a.code != ExitFailure || a.err != "latchdesk: This delivery is not set aside, or no longer is.\n" {
			t.Errorf("%s: exit %d: %s", line, a.code, a.err)
		}
	}
	if a := x.try("", "deliveries", "drop"); a.code != ExitUsage {
		t.Errorf("drop of nothing: exit %d", a.code)
	}
}
