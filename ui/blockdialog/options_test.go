package blockdialog

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
)

var noon = data.MomentOf(time.Date(2026, 3, 9, 12, 0, 0, 0, time.Local))

// The quick path is the first: no reason, for good, no note.
func TestBlockOptions_Request(t *testing.T) {
	test.NewTempApp(t)
	day := data.MomentOf(time.Date(2026, 12, 25, 0, 0, 0, 0, time.Local))
	for _, c := range []struct {
		typed  data.Typed
		choose string
		other  string
		want   data.BlockRequest
		fails  bool
	}{
		{want: data.BlockRequest{}},
		{typed: data.Typed{Reason: "Spam", Until: "7d", Note: "again"}, want: data.BlockRequest{Reason: "Spam", Until: noon.Add(7 * 24 * time.Hour), Note: "again"}},
		{choose: "1 hour", want: data.BlockRequest{Until: noon.Add(time.Hour)}},
		{choose: "8 hours", want: data.BlockRequest{Until: noon.Add(8 * time.Hour)}},
		{choose: "1 day", want: data.BlockRequest{Until: noon.Add(24 * time.Hour)}},
		{choose: untilCustom, other: "2026-12-24", want: data.BlockRequest{Until: day}},
		{choose: untilCustom, other: "90m", want: data.BlockRequest{Until: noon.Add(90 * time.Minute)}},
		{choose: untilCustom, other: "", fails: true},
		{choose: untilCustom, other: "2020-01-01", fails: true},
		{choose: untilCustom, other: "soon", fails: true},
		{typed: data.Typed{Until: "90m"}, want: data.BlockRequest{Until: noon.Add(90 * time.Minute)}},
	} {
		o := newBlockOptions([]string{"Spam", "Abuse"}, c.typed)
		if c.choose != "" {
			o.expiry.preset.SetSelected(c.choose)
		}
		if c.other != "" {
			o.expiry.custom.SetText(c.other)
		}
		if shown := o.expiry.preset.Selected() == untilCustom; o.expiry.custom.Visible() != shown {
			t.Errorf("%+v: a date is asked for: %v", c, o.expiry.custom.Visible())
		}
		got, err := o.request(noon)
		if (err != nil) != c.fails || !c.fails && got != c.want {
			t.Errorf("%+v: %+v, %v", c, got, err)
		}
	}
}

func TestUnblockOptions_Held(t *testing.T) {
	for n, want := range map[int]string{
		0:  "No messages were held.",
		1:  "1 held message appears in the chat, at its own time.",
		12: "12 held messages appear in the chat, at their own times.",
	} {
		if got := heldEffectText(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	test.NewTempApp(t)
	if o := newUnblockOptions(0, data.Typed{}); o.held.Visible() {
		t.Error("it is asked what becomes of nothing")
	}
	o := newUnblockOptions(3, data.Typed{})
	if !o.held.Visible() || o.held.Selected() != showHeld {
		t.Errorf("the first choice is %q", o.held.Selected())
	}
}

func TestParseReview_KeepsUnchangedDate(t *testing.T) {
	before := noon.Add(30*24*time.Hour + 1234*time.Millisecond)
	for text, want := range map[string]data.Moment{
		before.Time().Format("2006-01-02"): before,
		"":                                 0,
		"30d":                              noon.Add(30 * 24 * time.Hour),
	} {
		if got, err := parseReview(text, before, noon); err != nil || got != want {
			t.Errorf("%q is %v, want %v, %v", text, got, want, err)
		}
	}
	if _, err := parseReview("yesterday", before, noon); err == nil {
		t.Error("yesterday is taken")
	}
}
