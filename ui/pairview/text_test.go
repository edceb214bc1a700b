package pairview

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

var noon = data.MomentOf(time.Date(2026, 3, 9, 12, 0, 0, 0, time.Local))

// two is a pair of Walter, who is blocked or not, and @wq, by the block of each.
func two(first, second *data.Block) comparison {
	return comparison{pair: data.Pair{ID: 7, First: 1, Second: 2, Reason: data.SameKey, At: noon}, total: 1, sides: [2]side{
		{customer: data.Customer{ID: 1, Name: "Walter", Block: first}},
		{customer: data.Customer{ID: 2, Username: "wq", Block: second}},
	}}
}

// What each answer will do is said before, and is what the desk does.
func TestComparison_SaysWhatFollows(t *testing.T) {
	own := &data.Block{At: noon, Reason: "Spam"}
	ends := &data.Block{At: noon, Until: noon.Add(72 * time.Hour)}
	apart := func(c comparison, held int, discard bool) string {
		for i := range c.sides {
			if c.sides[i].isBorrowed() {
				c.sides[i].customer.Held = held
			}
		}
		return c.apartText(discard, noon)
	}
	third := two(own, own.Lend(1, 2))
	third.others = true
	for _, c := range []struct{ got, want string }{
		{apart(two(nil, nil), 0, false), "Two customers. You will not be asked again."},
		{apart(two(own, own), 0, false), "Two customers. Each keeps their own block. You will not be asked again."},
		{apart(two(own, own.Lend(1, 2)), 0, false), "Two customers. The block stays with Walter only. You will not be asked again."},
		{apart(two(own, own.Lend(1, 2)), 1, false), "Two customers. The block stays with Walter only. The held message will appear in the chat of @wq. You will not be asked again."},
		{apart(two(own, own.Lend(1, 2)), 2, true), "Two customers. The block stays with Walter only. The 2 held messages of @wq will be discarded. You will not be asked again."},
		{apart(two(own.Lend(2, 1), own), 2, false), "Two customers. The block stays with @wq only. The 2 held messages will appear in the chat of Walter. You will not be asked again."},
		{apart(third, 2, false), "Two customers. Each block stays with its customer, and with anyone else who may be the same person. You will not be asked again."},
		{two(nil, nil).joinText(noon), "One customer, one chat, all addresses of both. Messages, notes and tags of both are kept. Split undoes it."},
		{two(own, own.Lend(1, 2)).joinText(noon), "One customer, one chat, all addresses of both. The block stays for good, and what is held stays held. Messages, notes and tags of both are kept. Split undoes it."},
		{two(ends, ends.Lend(1, 2)).joinText(noon), "One customer, one chat, all addresses of both. The block stays until Thu 12 Mar, and what is held stays held. Messages, notes and tags of both are kept. Split undoes it."},
	} {
		if c.got != c.want {
			t.Errorf("%q\nwant %q", c.got, c.want)
		}
	}
}

// A tick stands where something speaks for one person, and nowhere else.
func TestComparison_TicksWhatSpeaksForOnePerson(t *testing.T) {
	for reason, want := range map[data.PairReason]int{
		data.SameKey: addressRow, data.SameSender: addressRow, data.NumberMoved: addressRow, data.SameMessage: messageRow,
	} {
		c := two(nil, nil)
		c.pair.Reason = reason
		for row := range rowCount {
			if _, match := c.cells(row, noon); match != (row == want) {
				t.Errorf("%s: %s is ticked: %t", reason, rowLabels[row], match)
			}
		}
		if why, holds := c.lead(noon); !strings.HasPrefix(why, reason.Text()) || holds != "" {
			t.Errorf("%s: %q, %q", reason, why, holds)
		}
	}
	c := two(nil, nil)
	c.sides[0].ids = []data.Identity{{Address: "+1", Business: "918888888888"}}
	c.sides[1].ids = []data.Identity{{Address: "+2", Business: "918888888888"}, {Address: "+3", Business: "447700900100"}}
	texts, match := c.cells(businessRow, noon)
	if !match || texts != [2]string{"+91 88888 88888", "+91 88888 88888\n+44 7700 900100"} {
		t.Errorf("%q, %t", texts, match)
	}
}

func TestPlace_FindsPair(t *testing.T) {
	pairs := []data.Pair{{ID: 3, First: 1, Second: 2}, {ID: 5, First: 4, Second: 1}, {ID: 9, First: 6, Second: 7}}
	for _, c := range []struct {
		at   place
		want int
	}{
		{place{}, 0},
		{place{pair: 5}, 1},
		{place{customer: 1}, 0},
		{place{customer: 7}, 2},
		{place{pair: 4, index: 1}, 1}, // decided meanwhile: the next
		{place{pair: 9, index: 0}, 2},
		{place{index: 8}, 2},
		{place{customer: 99, index: -1}, 0},
	} {
		if got := c.at.find(pairs); got != c.want {
			t.Errorf("%+v is at %d, want %d", c.at, got, c.want)
		}
	}
}

func TestTimeText_SaysWhatIsHeld(t *testing.T) {
	for hold, want := range map[data.HoldState]string{data.NotHeld: "12:00", data.IsHeld: "Held · 12:00", data.Released: "12:00"} {
		if got := timeText(data.Message{At: noon, Hold: hold}, noon); got != want {
			t.Errorf("%d: %q, want %q", hold, got, want)
		}
	}
}

func TestSeenText(t *testing.T) {
	for _, c := range []struct {
		first, last data.Moment
		want        string
	}{
		{0, 0, "never wrote"},
		{noon, 0, "first today at 12:00, never wrote"},
		{0, noon, "last today at 12:00"},
		{noon.Add(-24 * time.Hour), noon, "first yesterday at 12:00, last today at 12:00"},
	} {
		if got := seenText(c.first, c.last, noon); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
