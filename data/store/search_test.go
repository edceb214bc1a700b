package store_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// people are customers by number, newest chat last.
var people = []struct {
	phone data.Phone
	name  string
}{
	{"+46701234567", "Åsa Öström"},
	{"+919137979401", "Riya D"},
	{"+919137979402", "प्रिया शर्मा"},
	{"+12025550123", "محمد علي"},
	{"+442079460958", ""},
	{"+33612345678", "100% Björn_Borg [VIP]"},
	{"+4915112345678", `O'Brien "Bob" \ * ?`},
	{"+8613812345678", "王小明"},
	{"+5215512345678", "Łukasz O’Neil-Søndergård Straße"},
	{"+46709999999", "Asa Riyadh"},
}

func TestSearch(t *testing.T) {
	s := openNew(t)
	phones := map[int64]data.Phone{}
	for i, p := range people {
		write(t, s, func(tx *store.Tx) error {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(p.phone)), p.name)
			if err != nil {
				return err
			}
			phones[c.ID] = p.phone
			_, _, err = tx.AddMessage(&c, incoming(fmt.Sprint(i), start+data.Moment(i)))
			return err
		})
	}
	all := []data.Phone{"+46709999999", "+5215512345678", "+8613812345678", "+4915112345678", "+33612345678", "+442079460958", "+12025550123", "+919137979402", "+919137979401", "+46701234567"}
	for _, c := range []struct {
		typed string
		want  []data.Phone
	}{
		{"", all},
		{"  \t ", all},
		{"å", []data.Phone{"+46709999999", "+5215512345678", "+919137979401", "+46701234567"}}, // as a letter it is an a
		{"åsa", []data.Phone{"+46709999999", "+46701234567"}},
		{"ASA", []data.Phone{"+46709999999", "+46701234567"}},
		{"ost", []data.Phone{"+46701234567"}},
		{"ostrom asa", []data.Phone{"+46701234567"}},
		{"a\u030asa", []data.Phone{"+46709999999", "+46701234567"}},
		{"riya", []data.Phone{"+46709999999", "+919137979401"}},
		{"riya d", []data.Phone{"+46709999999", "+919137979401"}},
		{"riya asa", []data.Phone{"+46709999999"}},
		{"riya nobody", nil},
		{"प्रिया", []data.Phone{"+919137979402"}},
		{"शर्मा प्रि", []data.Phone{"+919137979402"}},
		{"علي", []data.Phone{"+12025550123"}},
		{"محمد علي", []data.Phone{"+12025550123"}},
		{"小", []data.Phone{"+8613812345678"}},
		{"%", []data.Phone{"+33612345678"}},
		{"_", []data.Phone{"+33612345678"}},
		{"bj_rn", nil},
		{"bj%n", nil},
		{"[vip]", []data.Phone{"+33612345678"}},
		{"*", []data.Phone{"+4915112345678"}},
		{"?", []data.Phone{"+4915112345678"}},
		{`\`, []data.Phone{"+4915112345678"}},
		{"'", []data.Phone{"+5215512345678", "+4915112345678"}},
		{`"bob"`, []data.Phone{"+4915112345678"}},
		{"') OR 1=1 --", nil},
		{"+46 70 123 45 67", []data.Phone{"+46701234567"}},
		{"46701234567", []data.Phone{"+46701234567"}},
		{"0046-70-123 45 67", []data.Phone{"+46701234567"}},
		{"070-123 45 67", []data.Phone{"+46701234567"}},
		{"070", []data.Phone{"+46709999999", "+46701234567"}},
		{"(202) 555.0123", []data.Phone{"+12025550123"}},
		{"9137979", []data.Phone{"+919137979402", "+919137979401"}},
		{"91 379 79", []data.Phone{"+919137979402", "+919137979401"}},
		{"+44", []data.Phone{"+442079460958"}},
		{"99999999999999", nil},
		{"riya 9137", []data.Phone{"+919137979401"}},
		{"lukasz", []data.Phone{"+5215512345678"}},
		{"strasse sondergard", []data.Phone{"+5215512345678"}},
		{"STRASSE", []data.Phone{"+5215512345678"}},
		{"o'neil", []data.Phone{"+5215512345678"}},
		{"oʼneil", []data.Phone{"+5215512345678"}},
		{"oneil", []data.Phone{"+5215512345678"}},
		{"o’brien", []data.Phone{"+4915112345678"}},
		{"neil‑søn", []data.Phone{"+5215512345678"}},
		{"\u200e+46 70\u200b 123 45 67\u202c", []data.Phone{"+46701234567"}},
		{"+46\u00a070\u2011123\u201345\u201367", []data.Phone{"+46701234567"}},
		{"٩١٣٧٩٧٩", []data.Phone{"+919137979402", "+919137979401"}},
		{"+52 55 1234 5678", []data.Phone{"+5215512345678"}},
		{"+52 1 55 1234 5678", []data.Phone{"+5215512345678"}},
		{"+52 55 1234 5679", nil},
		{"riya\x00\u202e", []data.Phone{"+46709999999", "+919137979401"}},
	} {
		var got []data.Phone
		for _, k := range keys(t, s, data.ChatQuery{List: data.AllChats, Search: c.typed}) {
			got = append(got, phones[k.ID])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+q finds %q, want %q", c.typed, got, c.want)
		}
	}
}

// Whatever of a customer's name or number is typed finds the customer, and
// nothing that is typed fails.
func TestSearchFindsWhatItIsGiven(t *testing.T) {
	s := openNew(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		name := data.CleanLine(rapid.String().Draw(t, "name"), data.MaxName)
		phone := data.Phone(fmt.Sprintf("+46%09d", 700000000+n))
		var id int64
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(phone)), name)
			if err != nil {
				return err
			}
			id = c.ID
			_, _, err = tx.AddMessage(&c, incoming(fmt.Sprint(n), start))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		typed := string(phone)
		if runes := []rune(name); len(runes) > 0 && rapid.Bool().Draw(t, "by name") {
			from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
			typed = string(runes[from:min(len(runes), from+rapid.IntRange(1, 90).Draw(t, "length"))])
			if slices.ContainsFunc(runes[:from+1], combines) {
				return // half a character is another one
			}
		}
		keys, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: typed})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(keys, func(k data.ChatKey) bool { return k.ID == id }) {
			t.Fatalf("%+q does not find %+q, %s", typed, name, phone)
		}
		if !slices.IsSortedFunc(keys, order) {
			t.Fatal("the list has lost its order")
		}
		if _, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.BlockedChats, Search: rapid.String().Draw(t, "anything")}); err != nil {
			t.Fatal(err)
		}
	})
}

// combines reports whether a character may hang on the one before it or change
// with it when names are folded.
func combines(r rune) bool { return r >= 0x300 }

// Each list holds its own, newest first, and the greater id first at the same
// moment; a query for some of them gives the same places as all.
func TestLists(t *testing.T) {
	s := openNew(t)
	rapid.Check(t, func(t *rapid.T) {
		world := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [3]int64 {
			return [3]int64{rapid.Int64Range(1, 5).Draw(t, "at"), rapid.Int64Range(0, 2).Draw(t, "unread"), rapid.Int64Range(0, 3).Draw(t, "blocked")}
		}), 0, 12).Draw(t, "chats")
		want := map[data.List][]data.ChatKey{}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Forget()
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range world {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprintf("+4670%07d", i))), "")
				if err != nil {
					return err
				}
				for range w[1] {
					if _, _, err := tx.AddMessage(&c, data.Message{Direction: data.In, Kind: data.TextMessage, At: data.Moment(w[0])}); err != nil {
						return err
					}
				}
				if w[1] == 0 {
					if _, _, err := tx.AddMessage(&c, data.Message{Direction: data.Out, Kind: data.TextMessage, At: data.Moment(w[0])}); err != nil {
						return err
					}
				}
				key := data.ChatKey{ID: c.ID, LastAt: data.Moment(w[0])}
				want[data.AllChats] = append(want[data.AllChats], key)
				until := [...]data.Moment{start, 0, start + 1, start}[w[2]] // never blocked, for good, not yet ended, ended just now
				if w[1] > 0 && until == start {
					want[data.UnreadChats] = append(want[data.UnreadChats], key)
				}
				if w[2] == 0 {
					return nil
				}
				if until != start {
					want[data.BlockedChats] = append(want[data.BlockedChats], key)
				}
				return tx.SetBlock(&c, &data.Block{At: start - 10, Until: until})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, list := range []data.List{data.AllChats, data.UnreadChats, data.BlockedChats} {
			slices.SortFunc(want[list], order)
			got, err := s.ChatKeys(t.Context(), data.ChatQuery{List: list})
			if err != nil || !slices.Equal(got, want[list]) {
				t.Fatalf("%s: %v, want %v (%v)", list, got, want[list], err)
			}
			var only []int64
			var some []data.ChatKey
			for i, k := range want[data.AllChats] {
				if i%2 == 0 {
					only = append(only, k.ID)
					if slices.Contains(want[list], k) {
						some = append(some, k)
					}
				}
			}
			if len(only) == 0 {
				continue
			}
			for _, search := range []string{"", "4670"} {
				got, err := s.ChatKeys(t.Context(), data.ChatQuery{List: list, Only: only, Search: search})
				if err != nil || !slices.Equal(got, some) {
					t.Fatalf("%s, only %v: %v, want %v (%v)", list, only, got, some, err)
				}
			}
		}
		counts, err := s.Counts(t.Context())
		if want := (data.Counts{All: len(want[data.AllChats]), Unread: len(want[data.UnreadChats]), Blocked: len(want[data.BlockedChats])}); err != nil || counts != want {
			t.Fatalf("%+v, want %+v (%v)", counts, want, err)
		}
		blocked, err := s.BlockedCustomers(t.Context())
		if err != nil || len(blocked) != counts.Blocked || !slices.IsSortedFunc(blocked, func(a, b data.Customer) int {
			if a.Phone < b.Phone {
				return -1
			}
			return 1
		}) {
			t.Fatalf("%+v, %v", blocked, err)
		}
	})
}

func order(a, b data.ChatKey) int {
	switch {
	case a.Before(b):
		return -1
	case b.Before(a):
		return 1
	}
	return 0
}

func keys(t *testing.T, s *store.Store, q data.ChatQuery) []data.ChatKey {
	t.Helper()
	keys, err := s.ChatKeys(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// What an older version wrote for searches is written anew in the background, in as
// many transactions as it takes.
func TestFill_Search(t *testing.T) {
	s := openNew(t)
	for i, p := range people {
		write(t, s, func(tx *store.Tx) error {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(p.phone)), p.name)
			if err != nil {
				return err
			}
			if _, _, err = tx.AddMessage(&c, incoming(fmt.Sprint(i), start)); err != nil {
				return err
			}
			return tx.Exec("UPDATE customers SET search = ? WHERE id = ?", data.Fold(p.name)+"\n"+string(p.phone[1:]), c.ID)
		})
	}
	write(t, s, func(tx *store.Tx) error {
		return tx.Exec("INSERT INTO settings (key, value) VALUES ('fill:202611300011_search', '0')")
	})
	find := func() int { return len(keys(t, s, data.ChatQuery{List: data.AllChats, Search: "lukasz strasse"})) }
	if found := find(); found != 0 {
		t.Fatalf("%d are found before the fill", found)
	}
	for more := true; more; {
		var err error
		if more, err = s.Fill(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
	}
	if found := find(); found != 1 {
		t.Errorf("%d are found after the fill, want 1", found)
	}
	if left, err := s.Fills(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("left to fill: %v, %v", left, err)
	}
}
