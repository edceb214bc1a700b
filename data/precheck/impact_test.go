package precheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

const (
	minute = time.Minute
	hour   = time.Hour
	day24  = 24 * time.Hour
)

func in(before time.Duration, text string) data.Message {
	return data.Message{Direction: data.In, At: ago(before), Text: text}
}

func out(before time.Duration, author string) data.Message {
	return data.Message{Direction: data.Out, At: ago(before), Author: author, Status: data.Delivered, Text: "Hello"}
}

func event(before time.Duration, kind data.EventKind, by string) data.Event {
	return data.Event{At: ago(before), Kind: kind, Actor: data.Actor{Kind: data.AgentActor, Name: by, Channel: data.ViaWindow}}
}

// detailed is an event of 2 November with a sequence and details.
func detailed(kind data.EventKind, seq int64, rest data.Detail) data.Event {
	e := event(18*day24, kind, "Asha")
	e.Seq, e.Detail = seq, rest.Canonical()
	return e
}

// chat makes facts of messages, oldest first, for the agent Asha.
func chat(messages ...data.Message) Facts {
	for i := range messages {
		messages[i].ID = int64(i + 1)
	}
	return Facts{Now: now, Agent: "Asha", Messages: messages}
}

// filler are messages of three hours ago that ask nothing, so many bytes of them.
func filler(bytes int) []data.Message {
	var messages []data.Message
	for ; bytes > 0; bytes -= maxTextBytes {
		messages = append(messages, in(3*hour, strings.Repeat("a", min(bytes, maxTextBytes))))
	}
	return messages
}

// past makes facts of events, newest first.
func past(events ...data.Event) Facts { return Facts{Now: now, Events: events} }

func TestImpact(t *testing.T) {
	failed, older, note := out(minute, "Asha"), chat(in(2*hour, "Where is it?")), in(minute, "Ask Mei?")
	failed.Status, older.HasOlderMessages, note.Direction = data.Failed, true, data.Note
	answered := older
	answered.Messages = chat(out(3*hour, "Asha"), in(2*hour, "Where is it?")).Messages
	for _, c := range []struct {
		name  string
		facts Facts
		want  string // the line, or nothing
	}{
		{"question", chat(in(2*hour, "Where is it?")), "Unanswered question, waiting for 2 hours"},
		{"question just now", chat(in(59*time.Second, "Where is it?")), "Unanswered question, waiting for less than a minute"},
		{"question a minute ago", chat(in(minute, "Where is it?")), "Unanswered question, waiting for 1 minute"},
		{"question minutes ago", chat(in(59*minute+59*time.Second, "Where is it?")), "Unanswered question, waiting for 59 minutes"},
		{"question an hour ago", chat(in(119*minute, "Where is it?")), "Unanswered question, waiting for 1 hour"},
		{"question hours ago", chat(in(day24-1, "Where is it?")), "Unanswered question, waiting for 23 hours"},
		{"question a day ago", chat(in(day24, "Where is it?")), "Unanswered question, waiting for 1 day"},
		{"question days ago", chat(in(29*day24, "Where is it?")), "Unanswered question, waiting for 29 days"},
		{"question of another time", chat(in(30*day24, "Where is it?")), ""},
		{"question from a clock ahead", chat(in(-hour, "Where is it?")), "Unanswered question, waiting for less than a minute"},
		{"the first question counts", chat(in(3*hour, "Hi"), in(2*hour, "Where is it?"), in(hour, "Please?")), "Unanswered question, waiting for 2 hours"},
		{"question in Arabic", chat(in(2*hour, "متى يصل؟")), "Unanswered question, waiting for 2 hours"},
		{"question without its mark", chat(in(2*hour, "cuándo llega mi pedido")), "Unanswered question, waiting for 2 hours"},
		{"no question", chat(in(2*hour, "Thank you.")), ""},
		{"question before all that is read", older, "Unanswered question, waiting for more than 2 hours"},
		{"question after the desk's last word", answered, "Unanswered question, waiting for 2 hours"},
		{"question after a failed answer", chat(in(2*hour, "Where is it?"), failed), "Unanswered question, waiting for 2 hours"},
		{"question after a note", chat(in(2*hour, "Where is it?"), note), "Unanswered question, waiting for 2 hours"},
		{"a note asks", chat(out(2*hour, ""), note, in(30*time.Second, "Yes")), ""},
		{"question at the moment it was marked done", Facts{Now: now, Messages: chat(in(2*hour, "Where is it?")).Messages, Events: []data.Event{event(2*hour, data.ClosedEvent, "Asha")}}, ""},
		{"question after all that is read of an open chat", chat(append(filler(maxTotalBytes), in(2*hour, "Where is it?"))...), ""},
		{"question at the end of what is read", chat(append(filler(maxTotalBytes-12), in(2*hour, "Where is it?"))...), "Unanswered question, waiting for 2 hours"},
		{"question marked done", Facts{Now: now, Messages: chat(in(2*hour, "Where is it?")).Messages, Events: []data.Event{event(hour, data.ClosedEvent, "Asha")}}, ""},

		{"draft", Facts{Now: now, Draft: "Dear"}, "There is an unsent draft"},
		{"draft that is the command", Facts{Now: now, Draft: "/block 7d spam"}, ""},
		{"draft that is nearly one", Facts{Now: now, Draft: "/blok 7d"}, ""},
		{"draft of a slash", Facts{Now: now, Draft: "/etc/hosts it is"}, "There is an unsent draft"},
		{"draft of nothing", Facts{Now: now, Draft: " \n"}, ""},

		{"you wrote last", chat(in(hour, "Where is it?"), out(5*minute, "Asha")), "You wrote last, 5 minutes ago: no answer yet"},
		{"you wrote just now", chat(out(time.Second, "Asha")), "You wrote last, less than a minute ago: no answer yet"},
		{"another wrote last", chat(out(26*hour, "Mei Tanaka")), "Mei Tanaka wrote last, 1 day ago: no answer yet"},
		{"nobody wrote last", chat(out(hour, "")), "The desk wrote last, 1 hour ago: no answer yet"},
		{"somebody with a long name wrote last", chat(out(hour, strings.Repeat("Ab", 100))), strings.Repeat("Ab", 19) + "A… wrote last, 1 hour ago: no answer yet"},
		{"the desk wrote long ago", chat(out(31*day24, "Asha")), ""},
		{"an answer came", chat(out(hour, "Asha"), in(minute, "Thanks")), ""},
		{"what failed is no word", chat(in(hour, "Thanks"), failed), ""},
		{"the desk wrote and was done", Facts{Now: now, Messages: chat(out(hour, "Asha")).Messages, Events: []data.Event{event(minute, data.ClosedEvent, "Asha")}}, ""},
		{"the desk wrote at the moment it was done", Facts{Now: now, Messages: chat(out(hour, "Asha")).Messages, Events: []data.Event{event(hour, data.ClosedEvent, "Asha")}}, ""},

		{"blocked once", past(event(17*day24, data.UnblockedEvent, "Asha"), event(18*day24, data.BlockedEvent, "Mei Tanaka")), "Blocked once before, on 2 Nov by Mei Tanaka"},
		{"blocked twice", past(event(17*day24, data.BlockedEvent, "Mei Tanaka"), event(18*day24, data.BlockedEvent, "Asha")), "Blocked twice before, last on 3 Nov by Mei Tanaka"},
		{"blocked three times", past(event(day24, data.BlockedEvent, ""), event(18*day24, data.BlockedEvent, "Asha"), event(19*day24, data.BlockedEvent, "Asha")), "Blocked 3 times before, last yesterday"},
		{"blocked today", past(event(hour, data.BlockedEvent, "Asha")), "Blocked once before, today at 14:00 by Asha"},
		{"blocked last year", past(event(365*day24, data.BlockedEvent, "Asha")), "Blocked once before, on 20 Nov 2025 by Asha"},
		{"blocked, and more than is read", Facts{Now: now, HasOlderEvents: true, Events: []data.Event{event(18*day24, data.BlockedEvent, "Asha")}}, "Blocked before, last on 2 Nov by Asha"},
		{"an undone block is none", past(event(hour, data.UndoneEvent, "Asha"), event(hour, data.BlockedEvent, "Asha")), ""},
		{"nor with something in between", past(event(hour, data.UndoneEvent, "Asha"), event(hour, data.ClosedEvent, "Asha"), event(hour, data.BlockedEvent, "Asha")), ""},
		{"only what was undone", past(detailed(data.UndoneEvent, 9, data.Detail{Of: 7}), detailed(data.BlockedEvent, 8, data.Detail{}), detailed(data.BlockedEvent, 7, data.Detail{})), "Blocked once before, on 2 Nov by Asha"},
		{"an undone unblock", past(detailed(data.UndoneEvent, 9, data.Detail{Of: 8}), detailed(data.UnblockedEvent, 8, data.Detail{}), detailed(data.BlockedEvent, 7, data.Detail{})), "Blocked once before, on 2 Nov by Asha"},
		{"an imported block", past(detailed(data.BlockedEvent, 9, data.Detail{ImportedAt: int64(ago(19 * day24)), ImportedBy: "Mei Tanaka"})), "Blocked once before, on 1 Nov by Mei Tanaka"},
		{"an undone unblock leaves the block", past(event(minute, data.BlockEndedEvent, ""), event(hour, data.UndoneEvent, "Asha"), event(hour, data.UnblockedEvent, "Asha"), event(day24, data.BlockedEvent, "Asha")), "Blocked once before, yesterday by Asha"},

		{"four in an hour", chat(in(59*minute, "a"), in(3*minute, "b"), in(2*minute, "c"), in(minute, "d")), "4 messages in the last hour"},
		{"two in an hour, and one exactly an hour ago", chat(in(hour, "a"), in(2*minute, "b"), in(minute, "c")), ""},
		{"two in an hour", chat(in(61*minute, "a"), in(2*minute, "b"), in(minute, "c")), ""},
		{"more in an hour than are read", Facts{Now: now, HasOlderMessages: true, Messages: chat(in(3*minute, "a"), in(2*minute, "b"), in(minute, "c")).Messages}, "At least 3 messages in the last hour"},
		{"more than are read, but before that hour", Facts{Now: now, HasOlderMessages: true, Messages: chat(in(61*minute, "a"), in(3*minute, "b"), in(2*minute, "c"), in(minute, "d")).Messages}, "3 messages in the last hour"},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if got := c.facts.Impact(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

// The most important three of all there is to say.
func TestImpactOrder(t *testing.T) {
	f := chat(in(10*minute, "a"), in(9*minute, "b?"), in(8*minute, "c"))
	f.Draft, f.Events = "Dear", []data.Event{event(18*day24, data.BlockedEvent, "Mei Tanaka")}
	want := []string{"Unanswered question, waiting for 9 minutes", "There is an unsent draft", "Blocked once before, on 2 Nov by Mei Tanaka"}
	if got := f.Impact(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	f.Customer.Block = &data.Block{At: ago(hour)}
	if got := f.Impact(); got != nil {
		t.Errorf("of who is already blocked: %q", got)
	}
	f.Customer.Block.Until = ago(minute)
	if got := f.Impact(); !slices.Equal(got, want) {
		t.Errorf("of whose block has ended: %q", got)
	}
}

func TestNothingKnown(t *testing.T) {
	if f := (Facts{}); f.Impact() != nil || f.Warnings() != nil {
		t.Errorf("%q, %v", f.Impact(), f.Warnings())
	}
}

// Whatever the facts, there are at most three short lines, each on one line,
// and the same facts say the same.
func TestAnyFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		lines, warnings := f.Impact(), f.Warnings()
		if len(lines) > maxLines {
			t.Fatalf("%q", lines)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 120 || strings.ContainsAny(line, "\n\r") || line == "" {
				t.Fatalf("%q", line)
			}
		}
		if !slices.Equal(lines, f.Impact()) || !slices.Equal(warnings, f.Warnings()) {
			t.Fatal("the same facts say something else")
		}
		for _, w := range warnings {
			if slices.Contains(f.DisabledRules, w.ID) {
				t.Fatalf("%s is switched off", w.ID)
			}
		}
	})
}

func anyFacts(t *rapid.T) Facts {
	moment := rapid.Custom(func(t *rapid.T) data.Moment {
		return ago(time.Duration(rapid.Int64Range(-int64(day24), int64(60*day24)).Draw(t, "ago")))
	})
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Where is it?", "I want to die", "a complaint", "मैं मरना चाहता हूँ", "\x00\xff\u202e", "我要投诉吗"}))
	f := Facts{
		Now: now, Agent: rapid.SampledFrom([]string{"", "Asha", "Mei"}).Draw(t, "agent"), Draft: text.Draw(t, "draft"),
		HasOlderMessages: rapid.Bool().Draw(t, "older"), HasOlderEvents: rapid.Bool().Draw(t, "earlier"), RecentBlocks: rapid.IntRange(0, 20).Draw(t, "blocks"),
		DisabledRules: rapid.SliceOf(rapid.SampledFrom([]string{"vip", "distress", "complaint", "first-message", "many-blocks", "unknown"})).Draw(t, "off"),
	}
	f.Customer.Tags = rapid.SliceOfN(rapid.SampledFrom([]string{"VIP", "vip", "Complaint", "x"}), 0, 3).Draw(t, "tags")
	f.Customer.Held = rapid.IntRange(0, 1).Draw(t, "held")
	f.Messages = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) data.Message {
		return data.Message{
			ID: rapid.Int64().Draw(t, "id"), At: moment.Draw(t, "at"), Text: text.Draw(t, "text"), Author: text.Draw(t, "author"),
			Direction: rapid.SampledFrom([]data.Direction{data.In, data.Out, data.Note}).Draw(t, "direction"),
			Status:    data.MessageStatus(rapid.IntRange(0, 5).Draw(t, "tick")),
		}
	}), 0, maxMessages).Draw(t, "messages")
	f.Events = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) data.Event {
		kinds := []data.EventKind{data.BlockedEvent, data.UnblockedEvent, data.UndoneEvent, data.ClosedEvent, data.BlockEndedEvent, "newer"}
		return data.Event{At: moment.Draw(t, "at"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Actor: data.Actor{Name: text.Draw(t, "name")}}
	}), 0, 20).Draw(t, "events")
	return f
}

// What is longer than anybody types, or made to mislead, is read in time.
func TestHostileText(t *testing.T) {
	for name, text := range map[string]string{
		"a megabyte of one letter":   strings.Repeat("a", 1<<20),
		"a megabyte of NUL":          strings.Repeat("\x00", 1<<20),
		"a megabyte of marks":        "a" + strings.Repeat("\u0301", 1<<19),
		"a megabyte of what unfolds": strings.Repeat("ﷺ", 1<<18),
		"a megabyte of questions":    strings.Repeat("i want to ", 1<<17),
		"a megabyte of links":        strings.Repeat("http://x ", 1<<17),
		"broken":                     strings.Repeat("\xff\xed\xa0", 1<<18),
		"turned around":              strings.Repeat("\u202e\u2066\u202c", 1<<17),
	} {
		var messages []data.Message
		for range maxMessages {
			messages = append(messages, in(minute, text))
		}
		begun := time.Now()
		f := chat(messages...)
		f.Impact()
		if got := ids(f); got != "" {
			t.Errorf("%s calls %s", name, got)
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	for _, text := range []string{"I want\x00 to die", "I w\u202eant\u202c to \u2066die\u2069", "I want to die" + strings.Repeat(" ", 1<<20)} {
		if got := ids(heard(data.Clean(text))); got != "distress" {
			t.Errorf("%.40q calls %q", text, got)
		}
	}
}

func ExampleFacts_Impact() {
	f := Facts{Now: now, Draft: "Dear", Messages: []data.Message{in(2*hour, "Where is it?")}}
	for _, line := range f.Impact() {
		fmt.Println(line)
	}
	// Output:
	// Unanswered question, waiting for 2 hours
	// There is an unsent draft
}
