package precheck

import (
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestRules(t *testing.T) {
	tagged := func(tags ...string) Facts { return Facts{Now: now, Customer: data.Customer{Tags: tags}} }
	with := func(f Facts, change func(*Facts)) Facts {
		change(&f)
		return f
	}
	first := chat(in(hour, "नमस्ते"))
	for _, c := range []struct {
		name  string
		facts Facts
		want  string
	}{
		{"VIP", tagged("VIP"), "vip"},
		{"vip", tagged("Wholesale", "vip"), "vip"},
		{"wide letters", tagged(" ＶＩＰ "), "vip"},
		{"not VIP", tagged("not vip", "vipassana", "Care"), ""},
		{"blocked already", with(tagged("VIP"), func(f *Facts) { f.Customer.Block = &data.Block{At: ago(hour)} }), ""},

		{"tagged with a complaint", tagged("Complaint"), "complaint"},
		{"tagged with a complaint in Turkish", tagged("ŞİKAYET"), "complaint"},
		{"VIP with a complaint", tagged("complaint", "VIP"), "vip complaint"},
		{"tagged with something else", tagged("Refund", "complaints desk"), ""},
		{"complaint lately", heard("I want a refund"), "complaint"},
		{"complaint and done", with(heard("I want a refund"), func(f *Facts) { f.Events = []data.Event{event(minute, data.ClosedEvent, "Asha")} }), ""},
		{"complaint at the moment it was done", with(heard("I want a refund"), func(f *Facts) { f.Events = []data.Event{event(hour, data.ClosedEvent, "Asha")} }), ""},
		{"complaint before all that is read", chat(append([]data.Message{in(4*hour, "I want a refund")}, filler(maxTotalBytes)...)...), ""},
		{"complaint at the beginning of what is read", chat(append([]data.Message{in(4*hour, "I want a refund")}, filler(maxTotalBytes-15)...)...), "complaint"},
		{"complaint after it was done", with(heard("I want a refund"), func(f *Facts) { f.Events = []data.Event{event(2*hour, data.ClosedEvent, "Asha")} }), "complaint"},
		{"complaint of another time", chat(in(31*day24, "I want a refund"), in(hour, "Hi")), ""},
		{"the desk's own words", chat(in(2*hour, "a"), in(2*hour, "b"), data.Message{Direction: data.Out, At: ago(hour), Text: "Do you want to make a complaint, or do you want to die? I want to die."}), ""},

		{"distress before more was said", chat(in(7*day24, "I want to die"), out(6*day24, "Asha"), in(hour, "Thank you")), "distress"},
		{"distress though marked done", with(heard("I want to die"), func(f *Facts) { f.Events = []data.Event{event(minute, data.ClosedEvent, "Asha")} }), "distress"},
		{"distress of another time", chat(in(31*day24, "I want to die"), in(hour, "Thank you")), ""},
		{"distress in a long letter", heard(strings.Repeat("Dear people, ", 1000) + "I want to die."), "distress"},
		{"distress and a complaint", heard("I want to die and I want a refund"), "distress complaint"},

		{"first message", first, "first-message"},
		{"first message answered", chat(in(hour, "नमस्ते"), out(minute, "Asha")), "first-message"},
		{"first message after ours", chat(out(2*hour, "Asha"), in(hour, "Who is this")), "first-message"},
		{"first message from a clock ahead", chat(in(-hour, "नमस्ते")), "first-message"},
		{"first message renamed", with(first, func(f *Facts) { f.Events = []data.Event{event(minute, data.RenamedEvent, "Asha")} }), "first-message"},
		{"first message a day ago", chat(in(day24, "नमस्ते")), ""},
		{"two messages", chat(in(hour, "a"), in(minute, "b")), ""},
		{"no message", chat(out(hour, "Asha")), ""},
		{"messages before", with(first, func(f *Facts) { f.HasOlderMessages = true }), ""},
		{"messages held", with(first, func(f *Facts) { f.Customer.Held = 1 }), ""},
		{"messages cleared", with(first, func(f *Facts) { f.Events = []data.Event{event(minute, data.ClearedEvent, "Asha")} }), ""},
		{"blocked before", with(first, func(f *Facts) {
			f.Events = []data.Event{event(minute, data.UndoneEvent, "Asha"), event(minute, data.BlockedEvent, "Asha")}
		}), ""},

		{"the tenth block", Facts{Now: now, RecentBlocks: 9}, ""},
		{"the eleventh block", Facts{Now: now, RecentBlocks: 10}, "many-blocks"},
		{"the hundredth block", Facts{Now: now, RecentBlocks: 99}, "many-blocks"},

		{"all at once", Facts{
			Now: now, RecentBlocks: 10, Customer: data.Customer{Tags: []string{"vip", "complaint"}}, Messages: chat(in(hour, "I want to die")).Messages,
		}, "distress vip complaint first-message many-blocks"},
		{"some switched off", Facts{
			Now: now, RecentBlocks: 10, Customer: data.Customer{Tags: []string{"vip", "complaint"}}, DisabledRules: []string{"vip", "many-blocks", "unknown"},
		}, "complaint"},
	} {
		if got := ids(c.facts); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The settings keep the names of rules, so they stay; and each rule says one
// thing in words that fit the dialog.
func TestRuleNames(t *testing.T) {
	var names []string
	for _, r := range Rules() {
		names = append(names, r.ID)
		if r.Title == "" || r.Text == "" || len(r.Text) > 120 || !strings.HasSuffix(r.Text, ".") {
			t.Errorf("%s: %q, %q", r.ID, r.Title, r.Text)
		}
	}
	if want := []string{"distress", "vip", "complaint", "first-message", "many-blocks"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	Rules()[0].ID = "changed"
	if Rules()[0].ID != "distress" {
		t.Error("the rules can be changed from outside")
	}
}
