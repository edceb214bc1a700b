package precheck_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/demo"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/data/store"
)

// clock is moved by hand.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func openDesk(t testing.TB) (*desk.Desk, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 20, 15, 0, 0, 0, time.Local)}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s), c
}

func collect(t *testing.T, d *desk.Desk, customer int64) precheck.Facts {
	t.Helper()
	f, err := precheck.Collect(t.Context(), d, customer, "Asha Rao")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rulesOf(f precheck.Facts) string {
	var ids []string
	for _, w := range f.Warnings() {
		ids = append(ids, w.ID)
	}
	return strings.Join(ids, " ")
}

// What every situation of the demo calls; what is not named calls nothing.
var situations = map[string]string{
	"first-message":     "first-message",
	"words-of-distress": "distress",
	"furious-but-right": "vip complaint",
	"complaint-open":    "complaint",
	"call-me-back":      "complaint", // the lid came broken
	"long-letter":       "vip",
}

func TestDemoSituations(t *testing.T) {
	w, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	d, _ := openDesk(t)
	if err := demo.Reset(t.Context(), d, demo.Size{}, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	lines := map[string][]string{
		"late-parcel":       {"Unanswered question, waiting for 5 minutes", "3 messages in the last hour"},
		"unfinished-draft":  {"There is an unsent draft", "You wrote last, 45 minutes ago: no answer yet"},
		"block-undone":      nil,
		"thank-you":         nil,
		"promo-spam":        nil, // blocked already
		"chain-letter":      {"5 messages in the last hour"},
		"first-message":     {"Unanswered question, waiting for 19 minutes"},
		"customs-question":  {"Unanswered question, waiting for 1 hour"},
		"end-reached":       {"Blocked once before, on 17 Nov by Samuel Okoro"},
		"failed-message":    nil,
		"every-tick":        {"Jonas Lind wrote last, 1 hour ago: no answer yet"},
		"blocked-by-import": nil,
	}
	for _, told := range w.Customers {
		c, err := d.FindCustomer(t.Context(), data.Address(told.Phone))
		if err != nil {
			t.Fatal(err)
		}
		f := collect(t, d, c.ID)
		if got := rulesOf(f); got != situations[told.Situation] {
			t.Errorf("%s calls %q, want %q", told.Situation, got, situations[told.Situation])
		}
		if want, tried := lines[told.Situation]; tried && !slices.Equal(f.Impact(), want) {
			t.Errorf("%s: %q, want %q", told.Situation, f.Impact(), want)
		}
		// However a customer goes on: what they say later calls nothing new,
		// nor does what was held while they were blocked.
		f.Customer.Block, f.DisabledRules = nil, []string{"first-message"}
		f.Messages = append(f.Messages, told.SeedChat(f.Now).Messages...)
		for _, text := range slices.Concat(told.Replies, told.FollowUps) {
			f.Messages = append(f.Messages, data.Message{Direction: data.In, At: f.Now, Text: text})
		}
		want := strings.TrimPrefix(situations[told.Situation], "first-message")
		if got := rulesOf(f); got != want && told.Situation != "refund-pending" { // who asks for the refund at last
			t.Errorf("%s goes on and calls %q, want %q", told.Situation, got, want)
		}
	}
}

// The thousands of a large demo talk of parcels: none is in distress.
func TestDemoCrowd(t *testing.T) {
	w, err := demo.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := data.MomentOf(time.Date(2026, 11, 20, 15, 0, 0, 0, time.Local))
	for c := range w.Generate(1000, 10_000) {
		f := precheck.Facts{Now: now, Messages: c.SeedChat(now).Messages}
		if strings.Contains(rulesOf(f), "distress") {
			t.Errorf("%s is taken for in distress", c.Name)
		}
	}
}

func TestCollect(t *testing.T) {
	d, c := openDesk(t)
	ctx := t.Context()
	by := data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	got, err := d.Receive(ctx, []data.Incoming{{From: data.Sender{Phone: "+46701234567"}, Message: data.Message{Kind: data.TextMessage, Text: "Where is it?", RemoteID: "1"}}})
	if err != nil {
		t.Fatal(err)
	}
	id := got[0].CustomerID
	if f := collect(t, d, id); rulesOf(f) != "first-message" || !slices.Equal(f.Impact(), []string{"Unanswered question, waiting for less than a minute"}) {
		t.Errorf("%v, %q", f.Warnings(), f.Impact())
	}
	if err := d.SetDisabledRules(ctx, []string{"first-message"}); err != nil {
		t.Fatal(err)
	}
	if err := d.SaveDraft(ctx, id, "Dear"); err != nil {
		t.Fatal(err)
	}
	if err := d.SetTags(ctx, id, []string{"vip"}); err != nil {
		t.Fatal(err)
	}
	if f := collect(t, d, id); rulesOf(f) != "vip" || f.Draft != "Dear" {
		t.Errorf("%v, draft %q", f.Warnings(), f.Draft)
	}

	// ten blocks: this one would be the eleventh, until ten minutes are over
	for i := range 5 {
		for range 2 {
			other, err := d.Add(ctx, data.Address("+4670123450"+string(rune('0'+i))), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, act := range []func() (data.Outcome, error){
				func() (data.Outcome, error) { return d.Block(ctx, by, other.ID, data.BlockRequest{}) },
				func() (data.Outcome, error) { return d.Unblock(ctx, by, other.ID, data.UnblockRequest{}) },
			} {
				if out, err := act(); err != nil || !out.Changed {
					t.Fatal(out, err)
				}
			}
			c.Time = c.Add(time.Minute)
		}
	}
	if f := collect(t, d, id); f.RecentBlocks != 10 || rulesOf(f) != "vip many-blocks" {
		t.Errorf("%d blocks, %v", f.RecentBlocks, f.Warnings())
	}
	if f, err := precheck.Collect(ctx, d, id, "Mei Tanaka"); err != nil || f.RecentBlocks != 0 {
		t.Errorf("%d blocks of another agent, %v", f.RecentBlocks, err)
	}
	c.Time = c.Add(time.Second)
	if f := collect(t, d, id); f.RecentBlocks != 9 || rulesOf(f) != "vip" {
		t.Errorf("%d blocks, %v", f.RecentBlocks, f.Warnings())
	}

	if _, err := precheck.Collect(ctx, d, 4711, "Asha Rao"); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// A megabyte that came in is neither read nor in the way.
func TestCollect_Megabytes(t *testing.T) {
	d, _ := openDesk(t)
	var messages []data.Incoming
	for i := range 50 {
		messages = append(messages, data.Incoming{From: data.Sender{Phone: "+46701234567"}, Message: data.Message{
			Kind: data.TextMessage, Text: strings.Repeat("a\u202e\x00?", data.MaxTextBytes/4), RemoteID: string(rune('a' + i)),
		}})
	}
	messages[40].Message.Text = "I want to die"
	got, err := d.Receive(t.Context(), messages)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	f := collect(t, d, got[0].CustomerID)
	if rulesOf(f) != "distress" || !slices.Equal(f.Impact(), []string{"50 messages in the last hour"}) {
		t.Errorf("%v, %q", f.Warnings(), f.Impact())
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
