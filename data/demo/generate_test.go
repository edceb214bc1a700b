package demo

import (
	"reflect"
	"slices"
	"testing"
	"unicode"

	"github.com/latchdesk/latchdesk/data"
)

func TestGenerate_Size(t *testing.T) {
	w := load(t)
	tests := []struct{ chats, messages, longest int }{
		{0, 100, 0},
		{1, 0, 0},
		{1, 250, 250},
		{3, 10, 8},
		{100, 7, 1},
		{2000, 20_000, 2000},
		{1000, 200_000, 10_000},
	}
	for _, tt := range tests {
		chats, messages, longest := 0, 0, 0
		for c := range w.Generate(tt.chats, tt.messages) {
			n := len(c.SeedChat(beginning).Messages)
			chats++
			messages += n
			longest = max(longest, n)
		}
		want := tt.messages
		if tt.chats == 0 {
			want = 0
		}
		if chats != tt.chats || messages != want {
			t.Errorf("asked for %d chats and %d messages: %d and %d", tt.chats, tt.messages, chats, messages)
		}
		if longest > max(tt.longest, 1) {
			t.Errorf("asked for %d chats and %d messages: the longest chat has %d", tt.chats, tt.messages, longest)
		}
	}
}

func TestGenerate_IsValid(t *testing.T) {
	w := load(t)
	scripts := map[*unicode.RangeTable]int{
		unicode.Latin: 0, unicode.Devanagari: 0, unicode.Tamil: 0, unicode.Arabic: 0, unicode.Han: 0, unicode.Cyrillic: 0,
	}
	seen := map[data.Phone]bool{}
	for _, c := range w.Customers {
		seen[c.Phone] = true
	}
	chats, blocked, unread, tagged, nameless := 6_000, 0, 0, 0, 0
	for c := range w.Generate(chats, 30_000) {
		if err := w.checkCustomer(c); err != nil {
			t.Fatalf("customer %s: %v", c.Phone, err)
		}
		if seen[c.Phone] {
			t.Fatalf("%s is there twice", c.Phone)
		}
		seen[c.Phone] = true
		if c.SeedChat(beginning).Chat.Customer.Status(beginning) == data.Blocked {
			blocked++
		}
		unread += c.Unread
		tagged += len(c.Tags)
		if c.Name == "" {
			nameless++
			continue
		}
		for script := range scripts {
			if unicode.Is(script, []rune(c.Name)[0]) {
				scripts[script]++
			}
		}
	}
	for script, n := range scripts {
		if n < chats/100 {
			t.Errorf("only %d names in a script that begins at %U", n, script.R16[0].Lo)
		}
	}
	for _, share := range []struct {
		what           string
		n, least, most int // of a thousand
	}{
		{"blocked", blocked, 15, 25},
		{"unread", unread, 35, 65},
		{"tagged", tagged, 40, 90},
		{"without a name", nameless, 25, 55},
	} {
		if n := share.n * 1000 / chats; n < share.least || n > share.most {
			t.Errorf("%s: %d of a thousand, want %d to %d", share.what, n, share.least, share.most)
		}
	}
}

func TestGenerate_IsDeterministic(t *testing.T) {
	w := load(t)
	first := slices.Collect(w.Generate(300, 3000))
	if second := slices.Collect(w.Generate(300, 3000)); !reflect.DeepEqual(first, second) {
		t.Error("two large worlds of one size differ")
	}
}

func TestGenerate_StopsWhenAsked(t *testing.T) {
	n := 0
	for range load(t).Generate(100_000, 1_000_000) {
		if n++; n == 3 {
			break
		}
	}
}

// BenchmarkGenerate makes the data of 100,000 chats and 1,000,000 messages, told
// at a moment; the bar is 3 s.
func BenchmarkGenerate(b *testing.B) {
	w := load(b)
	b.ReportAllocs()
	for b.Loop() {
		messages := 0
		for c := range w.Generate(100_000, 1_000_000) {
			messages += len(c.SeedChat(beginning).Messages)
		}
		if messages != 1_000_000 {
			b.Fatal(messages)
		}
	}
}
