package data_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func sample() data.Event {
	return data.Event{
		Seq: 7, At: 1_784_547_587_443, RecordedAt: 1_784_547_587_500, Kind: data.BlockedEvent, CustomerID: 12, Phone: "+919137979401",
		Actor:  data.Actor{Kind: data.AgentActor, Name: "Åsa", Channel: data.ViaWindow},
		Detail: data.Detail{Reason: "spam", Note: "a <b> & \"c\"", Until: 1_784_633_987_443}.Canonical(),
		Prev:   []byte{0xde, 0xad},
	}
}

// The text and the hash of an event stand in every database: whoever changes
// them breaks every chain there is.
func TestEventHashIsForEver(t *testing.T) {
	const text = `7
1784547587443
1784547587500
blocked
+919137979401
agent
Åsa
window
{"note":"a <b> & \"c\"","reason":"spam","until":1784633987443}
dead`
	if got := sample().Canonical(); got != text {
		t.Errorf("got\n%s", got)
	}
	const sum = "d5d1f639230a3cdf1b82f110c69b95cb8d17ea8ab3b3e1289307e1df245018e1"
	if got := hex.EncodeToString(sample().Sum()); got != sum {
		t.Errorf("got %s", got)
	}
}

func TestEveryFieldOfAnEventIsHashed(t *testing.T) {
	outside := []string{
		"CustomerID", // of this database only; the phone stands for the customer
		"Hash",       // what comes out
	}
	before := sample().Sum()
	var walk func(v reflect.Value, e *data.Event, path string)
	walk = func(v reflect.Value, e *data.Event, path string) {
		for i := range v.NumField() {
			name := path + v.Type().Field(i).Name
			field := v.Field(i)
			old := reflect.New(field.Type()).Elem()
			old.Set(field)
			switch field.Kind() {
			case reflect.Struct:
				walk(field, e, name+".")
				continue
			case reflect.Int64:
				field.SetInt(field.Int() + 1)
			case reflect.String:
				field.SetString(field.String() + " ")
			case reflect.Slice:
				field.SetBytes(append(bytes.Clone(field.Bytes()), 0))
			default:
				t.Fatalf("%s is a %s: say here how to change it", name, field.Kind())
			}
			if changed := !bytes.Equal(e.Sum(), before); changed == slices.Contains(outside, name) {
				t.Errorf("%s: the hash changed: %v", name, changed)
			}
			field.Set(old)
		}
	}
	e := sample()
	walk(reflect.ValueOf(&e).Elem(), &e, "")
	if !bytes.Equal(e.Sum(), before) {
		t.Error("the test did not put everything back")
	}
}

func TestEventTextHasOneReading(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "1", "a", "{}"})
	number := rapid.Int64Range(0, 2)
	events := rapid.Custom(func(t *rapid.T) data.Event {
		return data.Event{
			Seq: number.Draw(t, "seq"), At: data.Moment(number.Draw(t, "at")), RecordedAt: data.Moment(number.Draw(t, "recorded")),
			Kind: data.EventKind(word.Draw(t, "kind")), Phone: data.Phone(word.Draw(t, "phone")),
			Actor:  data.Actor{Kind: data.ActorKind(word.Draw(t, "actor")), Name: word.Draw(t, "name"), Channel: data.Channel(word.Draw(t, "way"))},
			Detail: word.Draw(t, "detail"), Prev: []byte(word.Draw(t, "prev")),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := events.Draw(t, "a"), events.Draw(t, "b")
		if same := a.Canonical() == b.Canonical(); same != reflect.DeepEqual(a, b) {
			t.Fatalf("%+v and %+v: the same text: %v", a, b, same)
		}
		if n := strings.Count(a.Canonical(), "\n"); n != 9 {
			t.Fatalf("%d line breaks", n)
		}
	})
}

func TestDetailKeysAreSorted(t *testing.T) {
	var names []string
	detail := reflect.TypeFor[data.Detail]()
	for i := range detail.NumField() {
		field := detail.Field(i)
		name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || rest != "omitempty" {
			t.Errorf("%s: its tag is %q", field.Name, field.Tag)
		}
		names = append(names, name)
	}
	if !slices.IsSorted(names) {
		t.Errorf("%q", names)
	}
}

func TestDetailCanonical(t *testing.T) {
	for _, c := range []struct {
		detail data.Detail
		want   string
	}{
		{data.Detail{}, `{}`},
		{data.Detail{Reason: "r", Discarded: 2, Delivery: "ab12"}, `{"delivery":"ab12","discarded":2,"reason":"r"}`},
		{data.Detail{Until: 5, To: "b", From: "a", Held: 3, Reason: "r", Note: "n"}, `{"from":"a","held":3,"note":"n","reason":"r","to":"b","until":5}`},
		{data.Detail{Note: "<a href='x'>&</a>"}, `{"note":"<a href='x'>&</a>"}`},
		{data.Detail{Note: "one\n\"two\"\\"}, `{"note":"one\n\"two\"\\"}`},
		{data.Detail{Note: "हिन्दी 👩\u200d👩\u200d👧"}, "{\"note\":\"हिन्दी 👩\u200d👩\u200d👧\"}"},
	} {
		if got := c.detail.Canonical(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestDetailComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(nasty(), data.Clean)
		d := data.Detail{
			From: text.Draw(t, "from"), To: text.Draw(t, "to"), Note: text.Draw(t, "note"), Reason: text.Draw(t, "reason"),
			Held: rapid.Int().Draw(t, "held"), Until: rapid.Int64().Draw(t, "until"),
		}
		canonical := d.Canonical()
		if strings.ContainsAny(canonical, "\n\r") || !json.Valid([]byte(canonical)) {
			t.Fatalf("%q", canonical)
		}
		if got := (data.Event{Detail: canonical}).Rest(); got != d {
			t.Fatalf("%+v came back as %+v", d, got)
		}
	})
}

func TestRestOfANewerVersion(t *testing.T) {
	if got := (data.Event{Detail: `{"colour":"red","reason":"spam"}`}).Rest(); got != (data.Detail{Reason: "spam"}) {
		t.Errorf("%+v", got)
	}
	if got := (data.Event{Detail: `{"rea`}).Rest(); got != (data.Detail{}) {
		t.Errorf("of what is broken: %+v", got)
	}
}

func TestEventText(t *testing.T) {
	noon := time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)
	texts := map[data.EventKind]struct {
		detail          data.Detail
		by, withoutName string
	}{
		data.BlockedEvent:          {data.Detail{Reason: "spam"}, "Customer blocked by Åsa", "Customer blocked"},
		data.UnblockedEvent:        {data.Detail{}, "Customer unblocked by Åsa", "Customer unblocked"},
		data.BlockEndedEvent:       {data.Detail{}, "Block ended", "Block ended"},
		data.UndoneEvent:           {data.Detail{}, "Undone by Åsa", "Undone"},
		data.AssignedEvent:         {data.Detail{To: "Bo"}, "Assigned to Bo by Åsa", "Assigned to Bo"},
		data.ClosedEvent:           {data.Detail{}, "Conversation marked done by Åsa", "Conversation marked done"},
		data.RenamedEvent:          {data.Detail{From: "A", To: "B"}, "Renamed from A to B by Åsa", "Renamed from A to B"},
		data.ClearedEvent:          {data.Detail{}, "Chat cleared by Åsa", "Chat cleared"},
		data.ExtendedEvent:         {data.Detail{}, "Block extended for good by Åsa", "Block extended for good"},
		data.ShortenedEvent:        {data.Detail{Until: int64(data.MomentOf(noon))}, "Block shortened until " + noon.Local().Format("2 Jan 2006 15:04") + " by Åsa", "Block shortened until " + noon.Local().Format("2 Jan 2006 15:04")},
		data.ReviewEvent:           {data.Detail{Review: int64(data.MomentOf(noon))}, "Review set for " + noon.Local().Format("2 Jan 2006") + " by Åsa", "Review set for " + noon.Local().Format("2 Jan 2006")},
		data.NoteEvent:             {data.Detail{Note: "called twice"}, "Block note changed by Åsa", "Block note changed"},
		data.ReasonEvent:           {data.Detail{Reason: "Scam"}, "Block reason set to Scam by Åsa", "Block reason set to Scam"},
		data.IdentityAddedEvent:    {data.Detail{To: "IN.1"}, "Also writes from IN.1", "Also writes from IN.1"},
		data.IdentityRemovedEvent:  {data.Detail{From: "IN.1"}, "No longer writes from IN.1", "No longer writes from IN.1"},
		data.DeliveryDroppedEvent:  {data.Detail{Reason: "its status is unknown"}, "Delivery dropped by Åsa", "Delivery dropped"},
		data.RepairedEvent:         {data.Detail{Found: "2 messages are held, the customer's row says 9"}, "Record repaired by Åsa", "Record repaired"},
		data.UnblockRequestedEvent: {data.Detail{Note: "by phone"}, "Request to unblock noted by Åsa", "Request to unblock noted"},
		data.PairBegunEvent:        {data.Detail{With: "IN.1"}, "May be the same person as IN.1", "May be the same person as IN.1"},
		data.PairReopenedEvent:     {data.Detail{With: "IN.1"}, "Asked again whether this is the same person as IN.1 by Åsa", "Asked again whether this is the same person as IN.1"},
		data.KeptApartEvent:        {data.Detail{With: "IN.1"}, "Kept apart from IN.1 by Åsa", "Kept apart from IN.1"},
		data.JoinedEvent:           {data.Detail{With: "IN.1"}, "Joined with IN.1 by Åsa", "Joined with IN.1"},
		data.SplitEvent:            {data.Detail{With: "IN.1"}, "Split from IN.1 by Åsa", "Split from IN.1"},
		data.ChatImportedEvent:     {data.Detail{Messages: 2}, "Chat imported by Åsa", "Chat imported"},
		// Who brought the chat in did not block.
		data.BlockedElsewhereEvent:   {data.Detail{Of: 1}, "Blocked on WhatsApp", "Blocked on WhatsApp"},
		data.UnblockedElsewhereEvent: {data.Detail{Of: 1}, "Unblocked on WhatsApp", "Unblocked on WhatsApp"},
	}
	var said []string
	for kind, c := range texts {
		said = append(said, string(kind))
		e := data.Event{Kind: kind, Detail: c.detail.Canonical(), Actor: data.Actor{Kind: data.AgentActor, Name: "Åsa"}}
		if got := e.Text(); got != c.by {
			t.Errorf("%s: got %q, want %q", kind, got, c.by)
		}
		e.Actor.Name = ""
		if got := e.Text(); got != c.withoutName {
			t.Errorf("%s: got %q, want %q", kind, got, c.withoutName)
		}
	}
	slices.Sort(said)
	if all := constants(t, "event.go", "EventKind"); !slices.Equal(all, said) {
		t.Errorf("there are kinds %q, the table has %q", all, said)
	}
	for want, d := range map[string]data.Detail{"Block undone": {From: "blocked"}, "Unblock undone": {From: "unblocked"}, "Block change undone": {From: "note_set"}, "Import of a chat undone": {From: "chat_imported"}, "Undone": {From: "newer"}} {
		if got := (data.Event{Kind: data.UndoneEvent, Detail: d.Canonical()}).Text(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, d := range map[string]data.Detail{"Named B": {To: "B"}, "Name A removed": {From: "A"}} {
		if got := (data.Event{Kind: data.RenamedEvent, Detail: d.Canonical()}).Text(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (data.Event{Kind: "newer"}).Text(); got != "newer" {
		t.Errorf("a kind of a newer version says %q", got)
	}
}
