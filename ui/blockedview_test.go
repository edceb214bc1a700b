package ui

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/ui/blockedview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newBlockedWorld is newWorld where Walter is blocked for spam with a message
// held, Meera for eight hours by Ben, and a number that never wrote since long.
func newBlockedWorld(t testing.TB) place {
	t.Helper()
	p := newWorld(t)
	d, s := p.desk(t)
	block := func(by data.Actor, phone data.Phone, ask data.BlockRequest) {
		t.Helper()
		c, err := d.Add(t.Context(), data.Address(phone), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Block(t.Context(), by, c.ID, ask); err != nil {
			t.Fatal(err)
		}
	}
	p.clock.forward(-100 * 24 * time.Hour)
	block(asha, nobody, data.BlockRequest{Reason: "Scam"})
	p.clock.forward(100*24*time.Hour - 2*time.Minute)
	block(ben, meera, data.BlockRequest{Until: data.MomentOf(p.clock.Now()).Add(8 * time.Hour)})
	p.clock.forward(time.Minute)
	block(asha, walter, data.BlockRequest{Reason: "Spam", Note: "Every day"})
	p.clock.forward(time.Minute)
	receive(t, d, p.incoming(walter, "", "FREE!", 0))
	s.Close()
	return p
}

const nobody data.Phone = "+46709999999"

// onView opens the view of the blocked with the keyboard.
func onView(t testing.TB, p place, change ...options) *agent {
	t.Helper()
	a := sit(t, p, change...)
	a.press("Ctrl+Shift+B")
	a.sees("Blocked customers")
	return a
}

// stands waits until the view shows these customers, from top to bottom.
func (a *agent) stands(want ...string) {
	a.t.Helper()
	a.until("the view shows "+strings.Join(want, ", "), func() bool { return slices.Equal(a.inView(), want) })
}

// inView names who is in sight in the view.
func (a *agent) inView() []string {
	type line struct {
		name string
		y    float32
	}
	var rows []line
	for _, s := range lookInto(a.screen.Content()) {
		t, ok := s.object.(*canvas.Text)
		if ok && within[*widgets.VirtualList](s) && t.TextSize == theme.Body && t.TextStyle.Bold && !within[*widgets.Avatar](s) {
			rows = append(rows, line{t.Text, s.at.Y})
		}
	}
	slices.SortFunc(rows, func(a, b line) int { return int(a.y - b.y) })
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.name
	}
	return names
}

// rowSays waits until a customer's row says all of this.
func (a *agent) rowSays(name string, texts ...string) {
	a.t.Helper()
	a.until(name+" says "+strings.Join(texts, ", "), func() bool {
		row, ok := a.rowOf(name)
		for _, text := range texts {
			ok = ok && slices.Contains(row, text)
		}
		return ok
	})
}

// chooses opens the choice that stands at a word and chooses another.
func (a *agent) chooses(from, to string) {
	a.t.Helper()
	for _, s := range a.top() {
		if choice, ok := s.object.(*widgets.Select); ok && choice.Selected() == from {
			a.clickAt(s.middle(), desktop.MouseButtonPrimary)
			a.until("the menu is open", func() bool { return choice.Menu() != nil && choice.Menu().Visible() })
			a.click(to)
			return
		}
	}
	a.t.Fatalf("nothing stands at %s", from)
}

// pressesIn presses what a customer's row has to press.
func (a *agent) pressesIn(name, text string) {
	a.t.Helper()
	for _, s := range a.rowParts(name) {
		if t, ok := s.object.(*canvas.Text); ok && t.Text == text {
			row := a.spot(name)
			a.clickAt(row.at.AddXY(s.at.X+s.size.Width/2-row.at.X, row.size.Height/2), desktop.MouseButtonPrimary)
			return
		}
	}
	a.t.Fatalf("%s has no %s", name, text)
}

const unknown = "+46 70 999 99 99"

func TestBlockedView_ShowsAllAndUnblocks(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := onView(t, newBlockedWorld(t), mode)
		a.stands("Walter Quist", "Meera Iyer", unknown)
		a.rowSays("Walter Quist", "+46 70 123 45 67", "Spam · Every day", "by Asha Rao · 14:04", "For good", "1 held", "Unblock")
		a.rowSays("Meera Iyer", "No reason", "by Ben · 14:03", "Until 22:03", "8 hours left")
		a.rowSays(unknown, "Scam", "For good", "Review due")
		a.sees("Blocked 3")
		a.sees("Past blocks 0")
		a.picture("blocked-view")

		a.pressesIn("Meera Iyer", "Unblock")
		a.asks("Unblock Customer")
		a.press("Enter")
		a.free()
		a.stands("Walter Quist", unknown)
		a.sees("Blocked 2")
		a.sees("Customer unblocked") // which can be undone here
		a.click("Past blocks 1")
		a.stands("Meera Iyer")
		a.rowSays("Meera Iyer", "Blocked by Ben · 14:03", "Unblocked by Asha Rao", "14:05 · after 2 minutes")
		a.picture("past-blocks")
		a.press("Ctrl+Z")
		a.sees("No block has ended yet")
		a.click("Blocked 3")
		a.stands("Walter Quist", "Meera Iyer", unknown)

		a.click("Walter Quist")
		a.loses("Blocked customers")
		a.sees("FREE phone for everyone! ")
		a.press("Ctrl+Shift+B")
		a.stands("Walter Quist", "Meera Iyer", unknown)
		a.click("Back to the chats")
		a.loses("Blocked customers")
	})
}

func TestBlockedView_ByKeyboard(t *testing.T) {
	a := onView(t, newBlockedWorld(t))
	a.stands("Walter Quist", "Meera Iyer", unknown)
	a.press("Down", "Down")
	a.press("U")
	a.asks("Unblock Customer")
	if _, texts, _ := a.dialog(); !slices.Contains(texts, "Meera Iyer") {
		t.Errorf("it asks about %q", texts)
	}
	a.press("Escape")
	a.free()
	a.press("End")
	a.press("Delete")
	a.asks("Unblock Customer")
	a.press("Enter")
	a.stands("Walter Quist", "Meera Iyer")
	if got := a.blockedView.Selected(); got != a.customer(meera).ID {
		t.Errorf("the mark is on %d: it belongs where the row was", got)
	}
	a.press("Ctrl+F")
	a.write("walt")
	a.stands("Walter Quist")
	a.press("Escape")
	a.stands("Walter Quist", "Meera Iyer")
	a.write("0701")
	a.stands("Walter Quist")
	a.press("Down", "Menu")
	a.until("the menu is open", func() bool {
		return a.screen.Overlays().Top() != nil && slices.Equal(a.menuLabels(), []string{"Open chat", "Change…", "Unblock…"})
	})
	a.press("Escape", "Enter")
	a.loses("Blocked customers")
	a.until("Walter's chat is open", func() bool { return a.chat.Customer() == a.customer(walter).ID })
	a.press("Ctrl+Shift+B")
	a.sees("Blocked customers")
	a.press("Escape")
	a.loses("Blocked customers")

	a.press("Ctrl+Shift+B")
	a.sees("Blocked customers")
	seen := map[string]bool{}
	for range 12 { // Tab leads through everything in the order of reading, and round
		a.press("Tab")
		if b, ok := a.screen.Focused().(*widgets.Button); ok {
			seen[b.Label()] = true
		} else {
			seen[fmt.Sprintf("%T", a.screen.Focused())] = true
		}
	}
	for _, want := range []string{"Add a number…", "Back to the chats", "*widgets.Tab", "*widgets.Entry", "*widgets.Select", "*widgets.VirtualList"} {
		if !seen[want] {
			t.Errorf("Tab does not reach %s, only %v", want, seen)
		}
	}
}

func TestBlockedView_FiltersAndSorts(t *testing.T) {
	a := onView(t, newBlockedWorld(t))
	a.stands("Walter Quist", "Meera Iyer", unknown)
	for _, step := range []struct {
		from, to string
		want     []string
	}{
		{"All reasons", "Spam", []string{"Walter Quist"}},
		{"Spam", "No reason", []string{"Meera Iyer"}},
		{"No reason", "All reasons", []string{"Walter Quist", "Meera Iyer", unknown}},
		{"All agents", "Ben", []string{"Meera Iyer"}},
		{"Any end", "For good", nil},
		{"Ben", "All agents", []string{"Walter Quist", unknown}},
		{"For good", "Within a day", []string{"Meera Iyer"}},
		{"Within a day", "Any end", []string{"Walter Quist", "Meera Iyer", unknown}},
		{"Newest first", "By name", []string{"Meera Iyer", "Walter Quist", unknown}},
		{"By name", "Ends soonest", []string{"Meera Iyer", "Walter Quist", unknown}},
		{"Ends soonest", "Most held", []string{"Walter Quist", "Meera Iyer", unknown}},
	} {
		a.chooses(step.from, step.to)
		if step.want == nil {
			a.sees("No blocked customer matches")
			continue
		}
		a.stands(step.want...)
	}
	a.click("1 to review")
	a.stands(unknown)
	a.rightClick(unknown)
	a.opensMenu()
	a.click("Change…")
	a.asks("Change block")
	if _, texts, _ := a.dialog(); !slices.Contains(texts, "30d") {
		t.Errorf("no review is suggested: %q", texts)
	}
	a.press("Escape")
	a.free()
	a.click(unknown) // there is no chat to open
	if !a.blockedView.Shown() {
		t.Error("a chat that is none was opened")
	}
	c := a.customer(nobody)
	if _, err := a.Desk.Amend(t.Context(), asha, c.ID, data.AmendRequest{Review: new(a.Desk.Now().Add(time.Hour))}); err != nil {
		t.Fatal(err)
	}
	a.sees("Nothing to review")
	a.click("Show all")
	a.stands("Walter Quist", "Meera Iyer", unknown)
	a.rowSays(unknown, "review 15:05")
}

func TestBlockedView_AddsNumber(t *testing.T) {
	a := onView(t, newBlockedWorld(t))
	add := func(number string) {
		t.Helper()
		a.click("Add a number…")
		a.asks("Block a number")
		a.write(number)
		a.press("Enter")
	}
	add("hello")
	a.sees(`"hello": this is not a phone number: write it with its country code, like +46701234567`)
	a.press("Escape")
	a.free()

	a.click("Add a number…")
	a.asks("Block a number")
	a.write("0046 70 555 66 77")
	a.press("Tab")
	a.write("Nine")
	a.chooses("For good", "7 days")
	a.chooses("No reason", "Abuse")
	a.picture("add-number")
	a.press("Enter")
	a.free()
	a.stands("Nine", "Walter Quist", "Meera Iyer", unknown)
	a.rowSays("Nine", "Abuse", "by Asha Rao · 14:05", "Until Mon 16 Mar", "at 14:05")
	if c := a.customer("+46705556677"); c.Block == nil || c.Name != "Nine" {
		t.Errorf("%+v", c)
	}

	add("+46 70 555 66 77")
	a.sees("Nine is already blocked by Asha Rao, today at 14:05. Nothing was changed.")
	a.press("Escape")
	a.free()

	// Of whom the desk knows more the usual dialog tells, filled in.
	a.click("Add a number…")
	a.asks("Block a number")
	a.write(string(tom))
	a.chooses("For good", "1 hour")
	a.press("Enter")
	a.asks("Block Customer")
	if _, texts, _ := a.dialog(); !slices.Contains(texts, "1 hour") || !slices.Contains(texts, "+353 86 123 4567") {
		t.Errorf("it says %q", texts)
	}
	if a.customer(tom).Block != nil {
		t.Error("who is known was blocked unasked")
	}
}

// What is meant for a chat is not done to one that nobody sees.
func TestBlockedView_KeysDoNotReachChat(t *testing.T) {
	a := sit(t, newBlockedWorld(t))
	a.click("+353 86 123 4567")
	a.until("the composer is ready", a.onComposer)
	a.counts("3", "0", "3")
	a.press("Ctrl+Shift+B")
	a.stands("Walter Quist", "Meera Iyer", unknown)
	a.press("Ctrl+U", "Ctrl+T", "F2", "Ctrl+E", "Ctrl+A", "Alt+Down", "Ctrl+B")
	a.write("hello")
	a.screen.Unfocus()
	a.write("hello")
	a.acted()
	if a.screen.Overlays().Top() != nil || a.chat.Composer().Text != "" || a.chat.Customer() != a.customer(tom).ID || len(a.chatList.Selected()) > 0 {
		t.Errorf("%q was typed, a dialog is open or a chat was selected", a.chat.Composer().Text)
	}
	receive(t, a.Desk, a.place.incoming(tom, "", "Hello?", 0))
	a.until("it is counted", func() bool { return a.window.Title() == "(1) Latchdesk" })
	a.acted()
	if n, _, err := a.Desk.Unread(t.Context(), a.customer(tom).ID); n != 1 || err != nil {
		t.Errorf("%d are unread of what nobody sees, %v", n, err)
	}
	a.press("Ctrl+2")
	a.loses("Blocked customers")
	a.counts("3", "0", "3")
}

// newCrowd is a profile where so many are blocked, without chats, a second
// apart; the last is the newest.
func newCrowd(t testing.TB, n int) place {
	t.Helper()
	p := newWorld(t)
	_, s := p.desk(t)
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		for i := range n {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprintf("+4673%07d", i))), fmt.Sprintf("Crowd %05d", i))
			if err != nil {
				return err
			}
			b := data.Block{By: asha, Reason: "Spam", At: data.MomentOf(p.clock.Now()).Add(-time.Duration(n-i) * time.Second)}
			if err := tx.SetBlock(&c, &b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	return p
}

// What changes elsewhere moves neither what one looks at nor the mark.
func TestBlockedView_KeepsScrollPosition(t *testing.T) {
	a := onView(t, newCrowd(t, 300))
	a.until("the newest are there", func() bool { return len(a.inView()) > 5 && a.inView()[0] == "Crowd 00299" })
	rows := a.blockedView.FocusTarget().(*widgets.VirtualList)
	rows.ScrollTo(100*blockedview.RowHeight + 7)
	a.until("the middle is there", func() bool { return len(a.inView()) > 5 && a.inView()[0] == "Crowd 00199" })
	a.click("Crowd 00197")
	marked := a.blockedView.Selected()
	before := a.inView()

	colleague := a.colleague()
	for _, phone := range []data.Phone{"+46730000250", "+46730000196"} {
		c := a.customer(phone)
		if _, err := colleague.Unblock(t.Context(), ben, c.ID, data.UnblockRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := colleague.Block(t.Context(), ben, a.customer(tom).ID, data.BlockRequest{}); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(before), func(name string) bool { return name == "Crowd 00196" })
	a.sees("Blocked 299")
	a.until("the others stay where they are", func() bool {
		got := a.inView()
		return len(got) >= len(want) && slices.Equal(got[:len(want)], want)
	})
	if got := a.blockedView.Selected(); got != marked {
		t.Errorf("the mark went from %d to %d", marked, got)
	}
	a.press("Home")
	a.until("the newest are there", func() bool { return len(a.inView()) > 5 && a.inView()[0] == "+353 86 123 4567" })
	a.press("End")
	a.until("the oldest are there", func() bool { return len(a.inView()) > 5 && slices.Contains(a.inView(), "Crowd 00000") })
	a.press("PageUp", "PageUp")
	a.until("others are there", func() bool { return !slices.Contains(a.inView(), "Crowd 00000") && len(a.inView()) > 5 })
}

func TestBlockedView_ShowsReadError(t *testing.T) {
	p := newBlockedWorld(t)
	a := onView(t, p)
	a.stands("Walter Quist", "Meera Iyer", unknown)
	db, err := sql.Open("sqlite", p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rename := func(from, to string) {
		t.Helper()
		if _, err := db.Exec("ALTER TABLE " + from + " RENAME TO " + to); err != nil {
			t.Fatal(err)
		}
	}
	rename("customers", "gone")
	a.click("Past blocks 0")
	a.sees("The list could not be read")
	rename("gone", "customers")
	a.spot("The list could not be read")
	for _, s := range a.look() { // the banner says the same words
		if l, ok := s.object.(*widgets.Link); ok && l.Visible() && slices.Contains(textsOf(lookInto(l)), "Try again") {
			l.OnTapped()
		}
	}
	a.sees("No block has ended yet")
	a.click("Blocked 3")
	a.stands("Walter Quist", "Meera Iyer", unknown)
}

func BenchmarkBlockedView(b *testing.B) {
	a := onView(b, newCrowd(b, 10_000))
	shown := func() bool { names := a.inView(); return len(names) > 5 && names[0] == "Crowd 09999" }
	a.until("the newest are there", shown)
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			a.press("Escape")
			a.press("Ctrl+Shift+B")
			a.until("the newest are there", shown)
		}
	})
	b.Run("ScrollStep", func(b *testing.B) {
		rows := a.blockedView.FocusTarget().(*widgets.VirtualList)
		y := float32(0)
		for b.Loop() {
			y += 40
			if y > 9000*blockedview.RowHeight {
				y = 0
			}
			rows.ScrollTo(y)
			a.queue.drain()
		}
	})
}
