package store_test

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

const day = 24 * time.Hour

// addBlocked adds a customer without a chat, who is blocked.
func addBlocked(t testing.TB, s *store.Store, phone data.Phone, name string, b data.Block, held int) data.Customer {
	t.Helper()
	var c data.Customer
	err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
		if c, _, err = tx.AddCustomer(data.NewIdentity(data.Address(phone)), name); err != nil {
			return err
		}
		for i := range held {
			m := incoming(fmt.Sprint(phone, " held ", i), start)
			m.Hold = data.IsHeld
			if _, _, err := tx.AddMessage(&c, m); err != nil {
				return err
			}
		}
		return tx.SetBlock(&c, &b)
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// blockedNames names who is found, in order.
func blockedNames(t testing.TB, s *store.Store, q data.BlockedQuery) string {
	t.Helper()
	ids, err := s.BlockedIDs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, id := range ids {
		c, err := s.Customer(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, c.Title())
	}
	return strings.Join(names, ", ")
}

// Every filter and every order, over a small world of which one block has ended
// by the clock though nobody wrote that down.
func TestBlockedIDs(t *testing.T) {
	s := openNew(t)
	asha, ben := data.Actor{Kind: data.AgentActor, Name: "Asha"}, data.Actor{Kind: data.AgentActor, Name: "Ben"}
	ago := func(d time.Duration) data.Moment { return start.Add(-d) }
	addBlocked(t, s, "+46701111111", "Östen", data.Block{By: asha, At: ago(time.Hour), Reason: "Spam"}, 2)
	addBlocked(t, s, "+46702222222", "anna", data.Block{By: ben, At: ago(2 * day), Reason: "Spam", Until: start.Add(3 * time.Hour)}, 0)
	addBlocked(t, s, "+46703333333", "Zoe", data.Block{By: asha, At: ago(100 * day)}, 0)
	addBlocked(t, s, "+46704444444", "", data.Block{By: ben, At: ago(100 * day), Reason: "Scam", Review: start.Add(day), Until: start.Add(6 * day)}, 7)
	addBlocked(t, s, "+46705555555", "Carl", data.Block{At: ago(day), Reason: "Abuse", Review: start, Until: start.Add(30 * day)}, 2)
	addBlocked(t, s, "+46706666666", "Over", data.Block{By: asha, At: ago(3 * day), Reason: "Spam", Until: start, Review: ago(day)}, 9)
	addCustomer(t, s, "+46707777777", "Free")
	const four = "+46 70 444 44 44"

	for _, c := range []struct {
		name string
		q    data.BlockedQuery
		want string
	}{
		{"newest first", data.BlockedQuery{}, "Östen, Carl, anna, " + four + ", Zoe"},
		{"by name", data.BlockedQuery{Order: data.ByName}, "anna, Carl, Östen, Zoe, " + four},
		{"what ends soonest", data.BlockedQuery{Order: data.EndsSoonest}, "anna, " + four + ", Carl, Östen, Zoe"},
		{"most held", data.BlockedQuery{Order: data.MostHeld}, four + ", Östen, Carl, anna, Zoe"},
		{"a name without its dots", data.BlockedQuery{Search: "osten"}, "Östen"},
		{"a part of a number", data.BlockedQuery{Search: "070-444"}, four},
		{"a name that is not blocked", data.BlockedQuery{Search: "free"}, ""},
		{"a reason", data.BlockedQuery{Reason: "Spam"}, "Östen, anna"},
		{"no reason", data.BlockedQuery{NoReason: true}, "Zoe"},
		{"an agent", data.BlockedQuery{Agent: "Ben"}, "anna, " + four},
		{"for good", data.BlockedQuery{End: data.NoEnd}, "Östen, Zoe"},
		{"within a day", data.BlockedQuery{End: data.EndsInADay}, "anna"},
		{"within a week", data.BlockedQuery{End: data.EndsInAWeek}, "anna, " + four},
		{"to review", data.BlockedQuery{End: data.ReviewDue}, "Carl, Zoe"},
		{"all at once", data.BlockedQuery{Search: "an", Reason: "Spam", Agent: "Ben", End: data.EndsInADay, Order: data.MostHeld}, "anna"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := blockedNames(t, s, c.q); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}

	choices, err := s.BlockedChoices(t.Context())
	if err != nil || fmt.Sprint(choices) != "{[Abuse Scam Spam] true [Asha Ben]}" {
		t.Errorf("the choices are %v, %v", choices, err)
	}
	counts, err := s.BlockedCounts(t.Context())
	if err != nil || counts != (data.BlockedCounts{Now: 5, Due: 2}) {
		t.Errorf("the counts are %+v, %v", counts, err)
	}
	for _, q := range []data.BlockedQuery{{Order: "sideways"}, {End: "never"}} {
		if _, err := s.BlockedIDs(t.Context(), q); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// The periods of review are settings: what is old, and whether anything is.
func TestReviewPeriods(t *testing.T) {
	s := openNew(t)
	addBlocked(t, s, "+46701111111", "Zoe", data.Block{At: start.Add(-50 * day)}, 0)
	for _, c := range []struct {
		days, old string
		want      data.ReviewPeriods
		due       int
	}{
		{"", "", data.DefaultReview, 0},
		{"10", "50", data.ReviewPeriods{Days: 10, Old: 50}, 1},
		{"0", "0", data.ReviewPeriods{}, 0},
		{"many", "-5", data.DefaultReview, 0},
		{"99999", "51", data.ReviewPeriods{Days: 30, Old: 51}, 0},
	} {
		rawExec(t, rawOpen(t, s.Path), "DELETE FROM settings")
		for key, value := range map[string]string{"review.days": c.days, "review.old": c.old} {
			if value != "" {
				rawExec(t, rawOpen(t, s.Path), fmt.Sprintf("INSERT INTO settings VALUES ('%s', '%s')", key, value))
			}
		}
		got, err := s.ReviewPeriods(t.Context())
		if err != nil || got != c.want {
			t.Errorf("%q, %q: %+v, %v", c.days, c.old, got, err)
		}
		if due, err := s.CountDue(t.Context()); err != nil || due != c.due {
			t.Errorf("%q, %q: %d are due, %v", c.days, c.old, due, err)
		}
	}
	write(t, s, func(tx *store.Tx) error { return tx.SaveReviewPeriods(data.ReviewPeriods{Days: 7, Old: 0}) })
	if got, err := s.ReviewPeriods(t.Context()); err != nil || got != (data.ReviewPeriods{Days: 7}) {
		t.Errorf("kept: %+v, %v", got, err)
	}
}

// Whoever is blocked, however it is asked: the ids are those that the rules of
// package data choose, in the order asked for, each once, and read in windows
// of any length they give the same customers.
func TestBlockedIsWhatTheRulesSay(t *testing.T) {
	s := openNew(t)
	reasons, agents := []string{"", "Spam", "Scam"}, []string{"", "Asha", "Ben"}
	var all []data.Customer
	rapid.Check(t, func(r *rapid.T) {
		block := data.Block{
			By:     data.Actor{Name: rapid.SampledFrom(agents).Draw(r, "agent")},
			At:     start.Add(-time.Duration(rapid.IntRange(0, 100).Draw(r, "days ago")) * day),
			Reason: rapid.SampledFrom(reasons).Draw(r, "reason"),
		}
		if hours := rapid.IntRange(-3, 200).Draw(r, "hours left"); hours%2 == 0 {
			block.Until = start.Add(time.Duration(hours) * time.Hour)
		}
		if days := rapid.IntRange(-20, 20).Draw(r, "days to review"); days%3 == 0 {
			block.Review = start.Add(time.Duration(days) * day)
		}
		name := rapid.SampledFrom([]string{"", "Anna", "ånna", "Ben", "Zoe"}).Draw(r, "name")
		all = append(all, addBlocked(t, s, data.Phone(fmt.Sprintf("+4670%07d", len(all))), name, block, rapid.IntRange(0, 2).Draw(r, "held")))
		q := data.BlockedQuery{
			Search: rapid.SampledFrom([]string{"", "ann", "0701"}).Draw(r, "search"),
			Reason: rapid.SampledFrom(reasons).Draw(r, "by reason"),
			Agent:  rapid.SampledFrom(agents).Draw(r, "by agent"),
			End:    rapid.SampledFrom([]data.BlockEnd{data.AnyEnd, data.NoEnd, data.EndsInADay, data.EndsInAWeek, data.ReviewDue}).Draw(r, "end"),
			Order:  rapid.SampledFrom([]data.BlockOrder{data.NewestBlock, data.ByName, data.EndsSoonest, data.MostHeld}).Draw(r, "order"),
		}
		got, err := s.BlockedIDs(t.Context(), q)
		if err != nil {
			r.Fatal(err)
		}
		var want []data.Customer
		for _, c := range all {
			if chosen(c, q) {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(a, b data.Customer) int { return compareBlocked(a, b, q.Order) })
		if fmt.Sprint(got) != fmt.Sprint(idsOf(want)) {
			r.Fatalf("%+v gives %v, want %v", q, got, idsOf(want))
		}
		window := rapid.IntRange(1, 30).Draw(r, "window")
		var found []int64
		for part := range slices.Chunk(got, window) {
			rows, err := s.BlockedRows(t.Context(), part)
			if err != nil {
				r.Fatal(err)
			}
			for _, c := range rows {
				found = append(found, c.ID)
			}
		}
		slices.Sort(got)
		slices.Sort(found)
		if !slices.Equal(found, got) {
			r.Fatalf("in windows of %d: %v, want %v", window, found, got)
		}
		counts, err := s.BlockedCounts(t.Context())
		if err != nil {
			r.Fatal(err)
		}
		if q = (data.BlockedQuery{End: data.ReviewDue}); counts.Due != len(slices.DeleteFunc(slices.Clone(all), func(c data.Customer) bool { return !chosen(c, q) })) {
			r.Fatalf("%d are due", counts.Due)
		}
	})
}

func idsOf(list []data.Customer) []int64 {
	ids := []int64{}
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// chosen is the filter as one says it.
func chosen(c data.Customer, q data.BlockedQuery) bool {
	if c.Status(start) != data.Blocked {
		return false
	}
	b := c.Block
	ends := map[data.BlockEnd]bool{
		data.AnyEnd: true, data.NoEnd: b.Until == 0, data.ReviewDue: b.Due(start, data.DefaultReview),
		data.EndsInADay:  b.Until != 0 && b.Until <= start.Add(day),
		data.EndsInAWeek: b.Until != 0 && b.Until <= start.Add(7*day),
	}
	found := q.Search == "" || strings.Contains(data.Fold(c.Name), q.Search) || strings.Contains(string(c.Phone), strings.TrimPrefix(q.Search, "0"))
	return found && ends[q.End] && (q.Reason == "" || b.Reason == q.Reason) && (q.Agent == "" || b.By.Name == q.Agent)
}

func compareBlocked(a, b data.Customer, order data.BlockOrder) int {
	newest := cmp.Or(cmp.Compare(b.Block.At, a.Block.At), cmp.Compare(b.ID, a.ID))
	last := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	switch order {
	case data.ByName:
		return cmp.Or(cmp.Compare(last(a.Name == ""), last(b.Name == "")), cmp.Compare(data.Fold(a.Name), data.Fold(b.Name)), cmp.Compare(a.Phone, b.Phone))
	case data.EndsSoonest:
		return cmp.Or(cmp.Compare(last(a.Block.Until == 0), last(b.Block.Until == 0)), cmp.Compare(a.Block.Until, b.Block.Until), newest)
	case data.MostHeld:
		return cmp.Or(cmp.Compare(b.Held, a.Held), newest)
	}
	return newest
}

// However many customers and events there are, those who are blocked and the
// ends of blocks are found by their own indexes.
func TestBlockedReadsFewRows(t *testing.T) {
	s := openNew(t)
	for _, hot := range []struct {
		name, want string
		do         func() error
	}{
		{"newest first", "customers USING INDEX customers_blocked", func() error { _, err := s.BlockedIDs(t.Context(), data.BlockedQuery{}); return err }},
		{"by name", "customers USING INDEX customers_blocked", func() error {
			_, err := s.BlockedIDs(t.Context(), data.BlockedQuery{Order: data.ByName, Search: "riya", Reason: "Spam"})
			return err
		}},
		{"to review", "customers USING INDEX customers_blocked", func() error {
			_, err := s.BlockedIDs(t.Context(), data.BlockedQuery{End: data.ReviewDue})
			return err
		}},
		{"rows", "customers USING INTEGER PRIMARY KEY (rowid=?)", func() error { _, err := s.BlockedRows(t.Context(), []int64{1, 2}); return err }},
		{"choices", "customers USING INDEX customers_blocked", func() error { _, err := s.BlockedChoices(t.Context()); return err }},
		{"count of the due", "customers USING INDEX customers_review (blocked_review>? AND blocked_review<?)", func() error { _, err := s.CountDue(t.Context()); return err }},
		{"past", "events USING INDEX events_ends", func() error { _, err := s.PastIDs(t.Context(), ""); return err }},
		{"past rows", "SEARCH events USING INDEX events_timeline (customer_id=?)", func() error { _, err := s.PastBlocks(t.Context(), []int64{1, 2}); return err }},
	} {
		t.Run(hot.name, func(t *testing.T) {
			var plan []string
			for _, statement := range s.Spy(t, func() {
				if err := hot.do(); err != nil {
					t.Fatal(err)
				}
			}) {
				plan = append(plan, explain(t, s, statement)...)
			}
			if text := strings.Join(plan, "\n"); !strings.Contains(text, hot.want) || strings.Contains(text, "SCAN customers\n") || strings.Contains(text, "SCAN events\n") {
				t.Errorf("not %q, but\n%s", hot.want, text)
			}
		})
	}
}

// BenchmarkBlocked reads the first page of 10,000 who are blocked among 100,000
// customers, with the counts: all that is read when the view opens, and when
// anything changes while it is in sight.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench Blocked ./data/store
func BenchmarkBlocked(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "latchdesk.db"), frozen)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	db, err := sql.Open("sqlite", s.Path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO customers (phone, name, search, blocked_at, blocked_by, blocked_reason, blocked_until, held)
		SELECT printf('+4670%07d', i), printf('Name %d', i * 7919 % 100003), printf('name %d', i * 7919 % 100003) || char(10) || printf('4670%07d', i),
			iif(i % 10 = 0, 1784547587000 - i * 60000, 0), iif(i % 10 = 0, iif(i % 20 = 0, 'Asha', 'Ben'), ''), iif(i % 10 = 0, 'Spam', ''),
			iif(i % 30 = 0, 1784547587000 + i * 60000, 0), i % 10 = 0 FROM n`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO events SELECT i, i, i, iif(i % 2 = 1, 'blocked', 'unblocked'), (i + 1) / 2 * 2, '+46', 'agent', 'Asha', 'window', '{}', x'', x'' FROM n`,
	} {
		if _, err := db.Exec(statement); err != nil {
			b.Fatal(err)
		}
	}
	page := func(b *testing.B, ids []int64, err error) {
		if err != nil || len(ids) != 10_000 {
			b.Fatalf("%d, %v", len(ids), err)
		}
		if rows, err := s.BlockedRows(b.Context(), ids[:60]); err != nil || len(rows) != 60 {
			b.Fatalf("%d, %v", len(rows), err)
		}
	}
	for name, order := range map[string]data.BlockOrder{"Newest": data.NewestBlock, "ByName": data.ByName, "EndsSoonest": data.EndsSoonest, "MostHeld": data.MostHeld} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ids, err := s.BlockedIDs(b.Context(), data.BlockedQuery{Order: order})
				page(b, ids, err)
			}
		})
	}
	b.Run("Filtered", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.BlockedIDs(b.Context(), data.BlockedQuery{Search: "99", Reason: "Spam", Agent: "Ben", End: data.EndsInAWeek}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Counts", func(b *testing.B) {
		for b.Loop() {
			if c, err := s.BlockedCounts(b.Context()); err != nil || c.Now != 10_000 || c.Past != 50_000 {
				b.Fatalf("%+v, %v", c, err)
			}
		}
	})
	b.Run("Choices", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.BlockedChoices(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Past", func(b *testing.B) {
		for b.Loop() {
			ids, err := s.PastIDs(b.Context(), "")
			if err != nil || len(ids) != 50_000 {
				b.Fatalf("%d, %v", len(ids), err)
			}
			if rows, err := s.PastBlocks(b.Context(), ids[:60]); err != nil || len(rows) != 60 {
				b.Fatalf("%d, %v", len(rows), err)
			}
		}
	})
}
