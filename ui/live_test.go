package ui

import (
	"database/sql"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// colleague is another process on the agent's profile.
func (a *agent) colleague() *desk.Desk {
	a.t.Helper()
	d, _ := a.place.desk(a.t)
	return d
}

func (a *agent) blockAs(d *desk.Desk, by data.Actor, phone data.Phone) {
	a.t.Helper()
	if out, err := d.Block(a.t.Context(), by, a.customer(phone).ID, data.BlockRequest{}); err != nil || !out.Changed {
		a.t.Fatalf("changed: %v, %v", out.Changed, err)
	}
}

func (a *agent) unblockAs(d *desk.Desk, by data.Actor, phone data.Phone) {
	a.t.Helper()
	if out, err := d.Unblock(a.t.Context(), by, a.customer(phone).ID, data.UnblockRequest{}); err != nil || !out.Changed {
		a.t.Fatalf("changed: %v, %v", out.Changed, err)
	}
}

// places tells where on the screen the texts are that are whole in sight in the
// timeline, or else in the list.
func (a *agent) places(timeline bool) map[string]float32 {
	places := map[string]float32{}
	split := a.split.clampWidth(a.screen.Size().Width)
	for _, s := range a.look() {
		t, ok := s.object.(*canvas.Text)
		if !ok || t.Text == "" || (s.at.X > split) != timeline || t.TextSize != theme.Body || within[*widgets.Avatar](s) {
			continue
		}
		if !timeline && !within[*widgets.VirtualList](s) || clipped(s, s.at) || clipped(s, s.at.Add(s.size).SubtractXY(1, 1)) {
			continue
		}
		places[t.Text] = s.at.Y
	}
	return places
}

// A block that another process makes after the window has read its list, and
// before it watches for changes, is shown.
func TestWindow_ShowsWhatChangedBeforeItWatched(t *testing.T) {
	a := enter(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("New messages")
	a.blockAs(a.colleague(), ben, walter)
	a.acted()
	before := a.tabCount("Blocked")
	if slices.Contains(a.texts(), "Customer blocked by Ben") {
		t.Fatal("it is shown before the window watches")
	}
	a.watches()
	a.sees("Customer blocked by Ben")
	a.until("the list counts it", func() bool { return a.tabCount("Blocked") != before })
}

// crowd is a profile of n customers, Customer 0 on top of the list, and one of
// them with so many messages.
func crowd(t testing.TB, n, messages int) place {
	t.Helper()
	p := newPlace(t)
	d, s := p.desk(t)
	var all []data.Incoming
	for i := range n {
		phone := data.Phone(fmt.Sprintf("+4670%07d", 1000000+i))
		all = append(all, p.incoming(phone, fmt.Sprintf("Customer %d", i), fmt.Sprintf("Question %d", i), time.Duration(10+i)*time.Minute))
	}
	for i := range messages {
		all = append(all, p.incoming("+46701000000", "", fmt.Sprintf("Message %d", i), time.Duration(10+messages-i)*time.Minute))
	}
	receive(t, d, all...)
	s.Close()
	return p
}

func TestChanges_BlockKeepsDraft(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.write("I am sorry but")
	a.chat.Composer().CursorColumn = 4

	a.blockAs(other, ben, walter)
	a.isBlocked("Ben", "No messages held.")
	if a.screen.Focused() != a.chat.UnblockButton() {
		t.Errorf("the keyboard is on %T, which cannot be seen", a.screen.Focused())
	}
	a.write("lost")
	a.unblockAs(other, ben, walter)
	a.sees("Customer unblocked by Ben")
	a.sees("I am sorry but")
	if c := a.chat.Composer(); c.Text != "I am sorry but" || c.CursorColumn != 4 || !a.onComposer() {
		t.Errorf("the composer holds %q with the cursor at %d, and the keyboard is on %T", c.Text, c.CursorColumn, a.screen.Focused())
	}
}

func TestFocus_IsNotRestoredToHidden(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.press("F1")
	a.asks("Shortcuts")
	a.blockAs(other, ben, walter)
	a.sees("Blocked by Ben today at 14:05 · for good")
	a.press("Escape")
	a.free()
	if a.screen.Focused() != a.chat.UnblockButton() {
		t.Errorf("the keyboard is on %T, not on the strip's button", a.screen.Focused())
	}
	a.press("F1")
	a.asks("Shortcuts")
	a.unblockAs(other, ben, walter)
	a.sees("Type a message to send")
	a.press("Escape")
	a.free()
	if !a.onComposer() {
		t.Errorf("the keyboard is on %T, not on the composer", a.screen.Focused())
	}
}

func TestChanges_KeepScrollPosition(t *testing.T) {
	a := sit(t, crowd(t, 60, 0))
	other := a.colleague()
	a.click("Customer 3")
	a.sees("Question 3")
	a.chatList.List.ScrollTo(20*64 + 30)
	a.sees("Customer 25")
	before := a.places(false)
	if len(before) < 5 {
		t.Fatalf("only %v can be seen", before)
	}
	for _, from := range []int{40, 1, 23, 20, 59} { // below, above, in sight, at the edge, the last
		name := fmt.Sprintf("Customer %d", from)
		a.place.clock.forward(time.Second)
		receive(t, other, a.place.incoming(data.Phone(fmt.Sprintf("+4670%07d", 1000000+from)), "", "News", 0))
		delete(before, name)
		a.until(name+" is on top", func() bool {
			keys, err := a.Desk.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats})
			return err == nil && keys[0].ID == a.customer(data.Phone(fmt.Sprintf("+4670%07d", 1000000+from))).ID && !slices.Contains(a.names(), name)
		})
		now := a.places(false)
		same := 0
		for text, y := range before { // a row that leaves has those on one side of it close up
			if got, ok := now[text]; ok && (got > y+65 || got < y-65) {
				t.Errorf("after news from %s, %s moved from %v to %v", name, text, y, got)
			}
			if now[text] == y {
				same++
			}
		}
		if same < len(before)/2 {
			t.Errorf("after news from %s only %d of %d rows stand where they stood", name, same, len(before))
		}
		before = now
	}
	a.chatList.List.ScrollTo(0)
	a.until("the newest is on top", func() bool { return len(a.names()) > 0 && a.names()[0] == "Customer 59" })
	if a.chat.Customer() != a.customer("+46701000003").ID {
		t.Error("another chat is open now")
	}
}

func TestChanges_ShowNewChatAtTheTop(t *testing.T) {
	a := sit(t, crowd(t, 60, 0))
	other := a.colleague()
	receive(t, other, a.place.incoming("+46701000040", "", "News", 0))
	a.hasRow("Customer 40", "14:05", "News", "2")
	a.until("it stands on top", func() bool { return a.names()[0] == "Customer 40" })
	receive(t, other, a.place.incoming("+46709999999", "Newcomer", "First", 0))
	a.hasRow("Newcomer", "14:05", "First", "1")
	a.counts("61", "61", "0")
}

func TestChanges_KeepPlaceFarAbove(t *testing.T) {
	a := sit(t, crowd(t, 1, 60))
	other := a.colleague()
	if err := a.Desk.SetRead(t.Context(), a.customer("+46701000000").ID, true); err != nil { // no line above the first
		t.Fatal(err)
	}
	a.click("Customer 0")
	a.sees("Message 59")
	a.scrollUpTo("Message 0")
	for _, up := range []float32{0, -151, -707} {
		test.Scroll(a.screen, fyne.NewPos(800, 400), 0, up)
		before := a.places(true)
		receive(t, other, a.place.incoming("+46701000000", "", "News", 0))
		a.hasRow("Customer 0", "14:05", "News", "1")
		a.acted()
		a.moved(before)
		if _, ok := a.places(true)["News"]; ok {
			t.Error("it scrolled to the end")
		}
		a.click("To the newest message")
		a.sees("News")
		a.hasRow("Customer 0", "14:05", "News") // and is read now
		a.scrollUpTo("Message 0")
	}
}

// scrollUpTo turns the wheel over the chat until a text is in sight.
func (a *agent) scrollUpTo(text string) {
	a.t.Helper()
	a.until(text+" is reached", func() bool {
		test.Scroll(a.screen, fyne.NewPos(800, 400), 0, 2000)
		_, ok := a.places(true)[text]
		return ok
	})
	a.acted()
}

// moved fails where texts of the timeline that were in sight are not where they
// were before.
func (a *agent) moved(before map[string]float32) {
	a.t.Helper()
	now := a.places(true)
	for text, y := range before {
		got, ok := now[text]
		if !ok || got < y-1 || got > y+1 {
			a.t.Errorf("%s was at %v and is at %v (in sight: %v)", text, y, got, ok)
		}
	}
	if len(before) < 3 {
		a.t.Errorf("only %v could be seen", slices.Collect(maps.Keys(before)))
	}
}

func TestChanges_FollowTheEnd(t *testing.T) {
	a := sit(t, crowd(t, 1, 60))
	other := a.colleague()
	a.click("Customer 0")
	a.click("To the newest message")
	a.sees("Message 59")
	for i := range 3 {
		text := fmt.Sprintf("News %d", i)
		receive(t, other, a.place.incoming("+46701000000", "", text, 0))
		a.sees(text)
	}
	a.hasRow("Customer 0", "14:05", "News 2")
	a.counts("1", "0", "0")
}

func TestBlockDialogs_SomeoneWasFaster(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.sees("New messages")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.blockAs(other, ben, walter)
	a.sees("Blocked by Ben today at 14:05 · for good")
	a.press("Return")
	a.sees("Someone else was faster. This customer is already blocked. Nothing was changed.")
	a.press("Return")
	a.free()
	if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.BlockedEvent}) {
		t.Errorf("the events are %v", got)
	}

	a.press("Ctrl+B")
	a.asks("Unblock Customer")
	a.unblockAs(other, ben, walter)
	a.sees("Customer unblocked by Ben")
	a.press("Return")
	a.sees("Someone else was faster. This customer is no longer blocked. Nothing was changed.")
	a.press("Escape")
	a.free()
	if got := a.events(walter); len(got) != 2 {
		t.Errorf("the events are %v", got)
	}
}

func TestBlockDialogs_VersionConflict(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.sees("New messages")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	if err := other.Rename(t.Context(), ben, a.customer(walter).ID, "Walter Quist (VIP)"); err != nil {
		t.Fatal(err)
	}
	a.sees("Renamed from Walter Quist to Walter Quist (VIP) by Ben")
	a.press("Return")
	a.sees("Someone changed this customer meanwhile. Look again, then confirm once more.")
	if got := a.events(walter); !slices.Equal(got, []data.EventKind{data.RenamedEvent}) {
		t.Errorf("the events are %v", got)
	}
	a.press("Return")
	a.sees("Customer blocked by Asha Rao")
	a.free()
}

// broken has every new row of a table fail, as a full disk would.
func (a *agent) broken(table string) (mend func()) {
	a.t.Helper()
	db, err := sql.Open("sqlite", a.place.path)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { db.Close() })
	must := func(statement string) {
		if _, err := db.Exec(statement); err != nil {
			a.t.Fatal(err)
		}
	}
	must("CREATE TRIGGER broken BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END")
	return func() { must("DROP TRIGGER broken") }
}

func TestBlockDialogs_FailureKeepsOldState(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("New messages")
	mend := a.broken("events")
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Return")
	a.until("the dialog says what went wrong", func() bool {
		return strings.Contains(strings.Join(a.texts(), "\n"), "the disk is on fire")
	})
	if !slices.Contains(a.texts(), "Type a message to send") || slices.Contains(a.texts(), "Blocked") {
		t.Error("behind the dialog the customer looks blocked")
	}
	if a.customer(walter).Block != nil || len(a.events(walter)) != 0 {
		t.Error("half of the act was kept")
	}
	mend()
	a.press("Return")
	a.free()
	a.isBlocked("Asha Rao", "No messages held.")
}

func TestBlockDialogs_MenuNeverInverts(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.sees("New messages")
	a.press("Ctrl+M")
	a.opensMenu()
	a.blockAs(other, ben, walter)
	a.sees("Customer blocked by Ben")
	a.press("End", "Return") // "Block", from before
	a.until("there is an answer", func() bool { title, _, _ := a.dialog(); return title != "" && title != "Mark as unread" })
	if title, texts, _ := a.dialog(); title == "Unblock Customer" || !slices.Contains(texts, "Someone else was faster. This customer is already blocked. Nothing was changed.") {
		t.Errorf("choosing Block led to %q, %q", title, texts)
	}
}

func TestBlockDialogs_PressTwiceAsksOnce(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.sees("New messages")
	for _, key := range []string{"Ctrl+B", "Ctrl+M", "F2", "Ctrl+T", "Ctrl+E", "Ctrl+,"} {
		a.press(key, key)
		a.opensMenu()
		a.acted()
		a.until("both are answered", func() bool { return true })
		a.press("Escape")
		a.free()
		a.acted()
		if a.screen.Overlays().Top() != nil {
			t.Errorf("%s twice opened two", key)
			a.press("Escape")
		}
	}
}

func TestChanges_SecondStartRaisesWindow(t *testing.T) {
	a := sit(t, newWorld(t))
	if err := a.colleague().RequestActivate(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.until("the window came forward", func() bool { return a.window.raised > 0 })
}

func TestChanges_NewWorldIsShown(t *testing.T) {
	p := newPlace(t)
	d, s := p.desk(t)
	stories := func(names ...string) iter.Seq[data.SeedChat] {
		return func(yield func(data.SeedChat) bool) {
			for i, name := range names {
				at := data.MomentOf(p.clock.Now()).Add(-time.Duration(i) * time.Minute)
				phone := data.Phone(fmt.Sprintf("+4670200000%d", i))
				m := data.Message{Direction: data.In, Kind: data.TextMessage, Text: "Hello from " + name, At: at, RecordedAt: at, RemoteID: name}
				if !yield(data.SeedChat{
					Chat:     data.Chat{Customer: data.Customer{Phone: phone, Address: data.Address(phone), Name: name}, LastAt: at, ShownAt: at, Preview: m.Preview(), Unread: 1},
					Messages: []data.Message{m},
				}) {
					return
				}
			}
		}
	}
	rebuild := func(d *desk.Desk, names ...string) {
		t.Helper()
		if err := d.ReplaceAll(t.Context(), []string{"Asha Rao"}, stories(names...), func(int) {}); err != nil {
			t.Fatal(err)
		}
	}
	rebuild(d, "Ada", "Bea", "Cleo", "Dora")
	s.Close()
	a := sit(t, p)
	a.sees("Demo: every customer here is invented, and nothing leaves this computer.")
	a.click("Dora")
	a.sees("Hello from Dora")
	rebuild(a.colleague(), "Zoe", "Yan")
	a.until("the new world is there", func() bool { return slices.Equal(a.names(), []string{"Zoe", "Yan"}) })
	a.sees("Choose a chat to read and answer") // Dora is gone

	a.setActive(false)
	receive(t, a.Desk, p.incoming("+46702000001", "", "Hello?", 0))
	a.until("it is told of", func() bool { return len(a.program.notices) > 0 })
}

// What happens to the chat on screen while another is being opened must not
// leave the agent in the wrong one.
func TestOpenChat_LastRequestWins(t *testing.T) {
	a := sit(t, newWorld(t))
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	for range 20 {
		a.chatList.OnActivate(a.customer(meera).ID)
		a.chat.Changed([]int64{a.customer(walter).ID})
		a.chat.Reload()
		a.until("Meera's chat is open", func() bool { return a.chat.Customer() == a.customer(meera).ID })
		a.chatList.OnActivate(a.customer(walter).ID)
		a.chat.WindowActivated()
		a.until("Walter's chat is open", func() bool { return a.chat.Customer() == a.customer(walter).ID })
	}
}

// Who types on while somebody blocks neither sends nor unblocks.
func TestBlockedStrip_IgnoresTypingUnderWay(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.write("I am sorry")
	a.blockAs(other, ben, walter)
	a.isBlocked("Ben", "No messages held.")
	a.write(" but")
	a.press("Enter", "Enter")
	a.acted()
	if a.screen.Overlays().Top() != nil {
		t.Error("a resting hand opened a dialog")
	}
	if got := a.events(walter); len(got) != 1 {
		t.Errorf("it happened: %q", got)
	}
}
