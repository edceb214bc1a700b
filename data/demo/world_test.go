package demo

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
)

var beginning = data.MomentOf(time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC))

func load(t testing.TB) World {
	t.Helper()
	w, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func in(t *testing.T, w World, situation string) Customer {
	t.Helper()
	for _, c := range w.Customers {
		if c.Situation == situation {
			return c
		}
	}
	t.Fatalf("nobody is in the situation %q", situation)
	return Customer{}
}

func TestEverySituationIsThereOnce(t *testing.T) {
	want := []string{
		"abuse-after-warning", "assigned", "bereavement", "block-ended", "block-undone", "blocked-by-import",
		"blocked-by-mistake", "blocked-twice", "call-me-back", "cash-on-delivery", "chain-letter",
		"child-with-the-phone", "closed", "complaint-open", "customs-question", "emoji", "end-reached",
		"every-kind-of-media", "every-tick", "failed-message", "first-message", "furious-but-right", "gift-wrap",
		"language-barrier", "late-parcel", "long-letter", "longest-name", "number-without-name", "old-chat",
		"opted-out", "order-change", "overpayment-scam", "phishing-link", "promo-spam", "refund-pending",
		"renamed", "right-to-left", "thank-you", "time-limit-running", "unfinished-draft", "wholesale",
		"words-of-distress", "wrong-number", "wrote-on-while-blocked",
	}
	var got []string
	for _, c := range load(t).Customers {
		got = append(got, c.Situation)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("situations:\n got %q\nwant %q", got, want)
	}
}

func TestTheWorldIsVaried(t *testing.T) {
	w := load(t)
	languages, kinds, tickKinds, events, actors, reasons := set{}, set{}, set{}, set{}, set{}, set{}
	unread, blocked, nameless, longTexts, longestName, businesses := 0, 0, 0, 0, 0, set{}
	for _, c := range w.Customers {
		s := c.SeedChat(beginning)
		languages[c.Language] = true
		if c.Unread > 0 {
			unread++
		}
		if s.Chat.Customer.Status(beginning) == data.Blocked {
			blocked++
		}
		if c.Name == "" {
			nameless++
		}
		longestName = max(longestName, utf8.RuneCountInString(c.Name))
		if n := len(c.Items); n > 25 || n < 3 && c.Situation != "first-message" {
			t.Errorf("%s has %d items", c.Situation, n)
		}
		for _, m := range s.Messages {
			kinds[string(m.Kind)] = true
			if m.Direction == data.Out {
				tickKinds[string(rune('0'+m.Status))] = true
			}
			if utf8.RuneCountInString(m.Text) >= 5000 {
				longTexts++
			}
			businesses[m.Business] = true
		}
		for _, e := range s.Events {
			events[string(e.Kind)] = true
			actors[string(e.Actor.Kind)] = true
			if e.Kind == data.BlockedEvent {
				reasons[e.Rest().Reason] = true
			}
		}
	}
	for _, have := range []struct {
		what   string
		n      int
		lo, hi int
	}{
		{"customers", len(w.Customers), 36, 48},
		{"agents", len(w.Agents), 3, 8},
		{"languages", len(languages), 12, 40},
		{"message kinds", len(kinds), 10, 10},
		{"ticks", len(tickKinds), 5, 5},
		{"event kinds", len(events), 7, 7},
		{"kinds of actor", len(actors), 4, 4},
		{"reasons", len(reasons), 4, 8},
		{"unread chats", unread, 4, 6},
		{"blocked customers", blocked, 6, 12},
		{"numbers without a name", nameless, 2, 4},
		{"messages of 5,000 characters", longTexts, 2, 4},
		{"characters in the longest name", longestName, 150, data.MaxName},
		{"business numbers, and none for notes", len(businesses), 3, 4},
	} {
		if have.n < have.lo || have.n > have.hi {
			t.Errorf("%s: %d, want %d to %d", have.what, have.n, have.lo, have.hi)
		}
	}
}

type set map[string]bool

func TestLinksLieUnderExample(t *testing.T) {
	link := regexp.MustCompile(`(?i)(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|info|shop|de|uk|in)\b`)
	for _, name := range []string{"world", "replies", "crowd"} {
		for _, found := range link.FindAllString(string(assets.DemoDocument(name)), -1) {
			address, err := url.Parse(strings.TrimRight(found, `",`))
			if err != nil || !strings.HasSuffix(address.Host, ".example") {
				t.Errorf("%s: %s does not lie under .example", name, found)
			}
		}
	}
}

func TestStatusAtTheBeginning(t *testing.T) {
	w := load(t)
	tests := []struct {
		situation string
		status    data.Status
		by        string
		ends      time.Duration // from the beginning; zero for an open block
		held      int
	}{
		{situation: "chain-letter", status: data.Active},
		{situation: "furious-but-right", status: data.Active},
		{situation: "words-of-distress", status: data.Active},
		{situation: "promo-spam", status: data.Blocked, by: "Asha Rao", held: 3},
		{situation: "blocked-by-mistake", status: data.Blocked, by: "Jonas Lind", held: 5},
		{situation: "opted-out", status: data.Blocked},
		{situation: "blocked-by-import", status: data.Blocked},
		{situation: "time-limit-running", status: data.Blocked, by: "Jonas Lind", ends: 40 * time.Hour, held: 3},
		{situation: "end-reached", status: data.Active, by: "Samuel Okoro", ends: -35 * time.Minute, held: 2},
		{situation: "block-ended", status: data.Active},
		{situation: "block-undone", status: data.Active},
		{situation: "blocked-twice", status: data.Blocked, by: "Asha Rao", held: 1},
		{situation: "wrote-on-while-blocked", status: data.Blocked, by: "Mei Tanaka", held: 7},
	}
	for _, tt := range tests {
		t.Run(tt.situation, func(t *testing.T) {
			c := in(t, w, tt.situation).SeedChat(beginning).Chat.Customer
			if got := c.Status(beginning); got != tt.status {
				t.Errorf("status %s, want %s", got, tt.status)
			}
			if c.Held != tt.held {
				t.Errorf("%d held, want %d", c.Held, tt.held)
			}
			var by string
			var until data.Moment
			if c.Block != nil {
				by, until = c.Block.By.Name, c.Block.Until
			}
			want := data.Moment(0)
			if tt.ends != 0 {
				want = beginning.Add(tt.ends)
			}
			if by != tt.by || until != want {
				t.Errorf("blocked by %q until %v, want %q until %v", by, until, tt.by, want)
			}
		})
	}
}

func TestNewestChatFirstTheChainLetterAboveAll(t *testing.T) {
	w := load(t)
	newest := w.Customers[0].SeedChat(beginning).Chat
	if newest.Customer.Name != "Walter Quist" || newest.Preview != "Forward this to 10 friends and get a free phone" {
		t.Errorf("first is %s: %s", newest.Customer.Name, newest.Preview)
	}
	for _, c := range w.Customers[1:] {
		chat := c.SeedChat(beginning).Chat
		if chat.LastAt >= newest.LastAt {
			t.Errorf("%s is not older than the chat above", c.Situation)
		}
		newest = chat
	}
}

func TestPromoKingWasBlockedYesterdayAtAnyHour(t *testing.T) {
	c := in(t, load(t), "promo-spam")
	for hour := range 24 {
		for _, minute := range []int{0, 59} {
			now := data.MomentOf(time.Date(2026, 7, 15, hour, minute, 0, 0, time.Local))
			s := c.SeedChat(now)
			if got := s.Chat.Customer.Block.At.Day(now); got != "Yesterday" {
				t.Errorf("at %02d:%02d the block is of %s", hour, minute, got)
			}
			if s.Chat.Preview != "Customer blocked by Asha Rao" {
				t.Errorf("preview %q", s.Chat.Preview)
			}
		}
	}
}
