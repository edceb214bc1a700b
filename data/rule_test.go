package data_test

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// verdicts is what a block stops. Whoever adds a traffic or a status adds its
// line here.
var verdicts = map[data.Traffic]map[data.Status]data.Action{
	data.IncomingTraffic:  {data.Active: data.Deliver, data.Blocked: data.Hold},
	data.OutgoingTraffic:  {data.Active: data.Deliver, data.Blocked: data.Refuse},
	data.NotifyingTraffic: {data.Active: data.Deliver, data.Blocked: data.Refuse},
	data.BroadcastTraffic: {data.Active: data.Deliver, data.Blocked: data.Refuse},
	data.BotTraffic:       {data.Active: data.Deliver, data.Blocked: data.Refuse},
}

const noon = data.Moment(1_784_547_587_443)

// blocks are the ways a block can stand at noon.
var blocks = []struct {
	name  string
	block *data.Block
	want  data.Status
}{
	{"none", nil, data.Active},
	{"without an end", &data.Block{At: noon - 1}, data.Blocked},
	{"from this very moment", &data.Block{At: noon}, data.Blocked},
	{"with an end to come", &data.Block{At: noon - 1, Until: noon + 1}, data.Blocked},
	{"ending now", &data.Block{At: noon - 1, Until: noon}, data.Active},
	{"ended", &data.Block{At: noon - 2, Until: noon - 1}, data.Active},
	{"far end", &data.Block{Until: 1<<63 - 1}, data.Blocked},
}

func TestDecide(t *testing.T) {
	var decided []string
	for traffic := range verdicts {
		decided = append(decided, string(traffic))
	}
	slices.Sort(decided)
	if all := constants(t, "rule.go", "Traffic"); !slices.Equal(all, decided) {
		t.Fatalf("there is traffic %q, the table decides %q", all, decided)
	}
	statuses := constants(t, "customer.go", "Status")
	for traffic, row := range verdicts {
		var known []string
		for status := range row {
			known = append(known, string(status))
		}
		slices.Sort(known)
		if !slices.Equal(statuses, known) {
			t.Fatalf("there are statuses %q, the table knows %q for %s", statuses, known, traffic)
		}
		for _, b := range blocks {
			verdict := data.Decide(data.Customer{Block: b.block}, noon, traffic)
			if verdict.Action != row[b.want] {
				t.Errorf("%s, block %s: %s, want %s", traffic, b.name, verdict.Action, row[b.want])
			}
			if verdict.Reason == "" {
				t.Errorf("%s, block %s: no reason", traffic, b.name)
			}
		}
	}
}

func TestUnknownTrafficIsRefusedWhileBlocked(t *testing.T) {
	if got := data.Decide(data.Customer{Block: &data.Block{}}, noon, "newer"); got.Action != data.Refuse {
		t.Errorf("%s", got.Action)
	}
}
