package demo

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func TestReplies(t *testing.T) {
	w := load(t)
	meera := in(t, w, "late-parcel")
	promo := in(t, w, "promo-spam")
	stranger := data.Phone("+447700900999")
	tests := []struct {
		name  string
		phone data.Phone
		nth   int
		want  string
	}{
		{"own line first", meera.Phone, 0, meera.Replies[0]},
		{"own lines in order", meera.Phone, 3, meera.Replies[3]},
		{"then the language's", meera.Phone, 4, w.replies["en"][0]},
		{"and again from its beginning", meera.Phone, 4 + len(w.replies["en"]), w.replies["en"][0]},
		{"the tireless begin again", promo.Phone, 2, promo.Replies[0]},
		{"a stranger speaks English", stranger, 1, w.replies["en"][1]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, after := Reply(w, tt.phone, tt.nth)
			if text != tt.want {
				t.Errorf("%q, want %q", text, tt.want)
			}
			if after < 2*time.Second || after > 10*time.Second {
				t.Errorf("after %v", after)
			}
			if again, later := Reply(w, tt.phone, tt.nth); again != text || later != after {
				t.Error("the second time is another")
			}
		})
	}
}

func TestFollowUp(t *testing.T) {
	w := load(t)
	walter, meera, grace := in(t, w, "chain-letter"), in(t, w, "late-parcel"), in(t, w, "thank-you")
	tests := []struct {
		name  string
		phone data.Phone
		nth   int
		want  string
	}{
		{"own line", walter.Phone, 0, walter.FollowUps[0]},
		{"the tireless begin again", walter.Phone, len(walter.FollowUps), walter.FollowUps[0]},
		{"others fall silent", meera.Phone, len(meera.FollowUps), ""},
		{"without own lines", grace.Phone, 0, w.followUps["en"][0]},
		{"and silent too", grace.Phone, len(w.followUps["en"]), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, after := FollowUp(w, tt.phone, tt.nth)
			if text != tt.want {
				t.Errorf("%q, want %q", text, tt.want)
			}
			if (text == "") != (after == 0) || after > 4*time.Minute {
				t.Errorf("after %v", after)
			}
		})
	}
}

func TestEverybodyAnswersAndFollowsUp(t *testing.T) {
	w := load(t)
	for _, c := range w.Customers {
		for nth := range 20 {
			if text, _ := Reply(w, c.Phone, nth); text == "" {
				t.Errorf("%s does not answer for the %dth time", c.Situation, nth)
			}
			FollowUp(w, c.Phone, nth)
		}
		if text, _ := FollowUp(w, c.Phone, 0); text == "" {
			t.Errorf("%s never nags", c.Situation)
		}
	}
}
