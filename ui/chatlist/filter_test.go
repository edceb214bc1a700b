package chatlist

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
)

// read is what opening a chat does: it is read, and the list hears of it.
func (b *bench) read(name string) {
	b.t.Helper()
	if err := b.desk.SetRead(b.t.Context(), b.id(name), true); err != nil {
		b.t.Fatal(err)
	}
	b.Changed([]int64{b.id(name)})
	b.done()
}

func TestSetFilter_UnreadKeepsTheOpenChat(t *testing.T) {
	b := open(t, "Ada", "Bea", "Cleo")
	test.Tap(b.tabs[data.UnreadChats])
	b.done()
	shows := func(when, want string) {
		t.Helper()
		if b.names() != want {
			t.Errorf("%s it shows %q, want %q", when, b.names(), want)
		}
	}
	test.Tap(b.seen()[1])
	b.read("bea")
	shows("once it is read", "Cleo Bea Ada")
	if b.counts.Unread != 2 {
		t.Errorf("%d count as unread", b.counts.Unread)
	}
	b.receive(phoneOf(0), "Ada", "News")
	b.Changed([]int64{b.id("ada")})
	b.done()
	shows("after another wrote", "Ada Cleo Bea")
	b.Reload()
	b.done()
	shows("when all is read again", "Ada Cleo Bea")
	test.Tap(b.seen()[1])
	shows("when another is opened", "Ada Cleo")
	b.read("cleo")
	shows("once that is read", "Ada Cleo")

	b.receive(phoneOf(2), "Cleo", "More")
	b.Changed([]int64{b.id("cleo")})
	b.done()
	test.Tap(b.seen()[1])
	shows("an unread one that is left", "Cleo Ada")
	b.read("cleo")
	shows("one read in between", "Ada")
	b.read("ada")
	test.Tap(b.tabs[data.UnreadChats])
	b.done()
	shows("on another look", "")
	if b.note() != "Everything has been read." {
		t.Errorf("it says %q", b.note())
	}
	test.Tap(b.tabs[data.AllChats])
	b.done()
	shows("among all", "Cleo Ada Bea")
	test.Tap(b.tabs[data.UnreadChats])
	b.done()
	shows("coming from all", "")
}

func TestSetFilter_EndsTheSearch(t *testing.T) {
	b := open(t, "Ada", "Bea", "Cleo")
	b.Search.SetText("be")
	b.done()
	test.Tap(b.tabs[data.AllChats])
	b.done()
	if b.names() != "Bea" || b.Search.Text != "be" {
		t.Errorf("on the same list it shows %q, searched is %q", b.names(), b.Search.Text)
	}
	test.Tap(b.tabs[data.UnreadChats])
	b.done()
	if b.names() != "Cleo Bea Ada" || b.Search.Text != "" {
		t.Errorf("on another list it shows %q, searched is %q", b.names(), b.Search.Text)
	}
}

// The blocked are no work: their rows have no badge, and one who never wrote has a row.
func TestRowDataOf_Blocked(t *testing.T) {
	for _, c := range []data.Chat{{Unread: 3}, {Marked: true}, {}} {
		c.Customer.Phone = "+46701234567"
		open := rowDataOf(c, noon)
		c.Customer.Block = &data.Block{At: noon}
		if v := rowDataOf(c, noon); v.badge != 0 || !v.blocked || v.time != "" || v.name != "+46 70 123 45 67" {
			t.Errorf("the row is %+v", v)
		}
		if (open.badge != 0) != (c.Unread > 0 || c.Marked) {
			t.Errorf("the badge is %d", open.badge)
		}
	}
}
