package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const quist = "SE.2210904416730058"

// from has a sender write.
func (a *agent) from(s data.Sender, text string) {
	a.t.Helper()
	serial++
	receive(a.t, a.Desk, data.Incoming{From: s, Message: data.Message{Kind: data.TextMessage, Text: text, At: a.Desk.Now(), RemoteID: text + string(rune('a'+serial%26))}})
}

// pair has Walter, who is blocked, and a user id turn out to be one sender.
func (a *agent) pair() {
	a.t.Helper()
	a.from(data.Sender{UserID: quist, Username: "wquist_deals"}, "of the user id")
	if _, err := a.Desk.Block(a.t.Context(), asha, a.customer(walter).ID, data.BlockRequest{Reason: "Spam"}); err != nil {
		a.t.Fatal(err)
	}
	a.from(data.Sender{Phone: walter, UserID: quist}, "of both")
	a.from(data.Sender{UserID: quist}, "held of the user id")
	a.sees("Decide…")
}

// pairOfStrangers has two more customers turn out to be one sender.
func (a *agent) pairOfStrangers() {
	a.t.Helper()
	a.from(data.Sender{UserID: "IN.777", Username: "iyer"}, "hello")
	a.from(data.Sender{Phone: "+919137979402", Name: "Iyer"}, "hello again")
	a.from(data.Sender{Phone: "+919137979402", UserID: "IN.777"}, "both of me")
}

// other returns the customer with the user id.
func (a *agent) other() data.Customer {
	a.t.Helper()
	c, err := a.Desk.FindCustomer(a.t.Context(), quist)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// count waits until so many pairs are to be decided.
func (a *agent) count(want int) {
	a.t.Helper()
	n := -1
	a.acted()
	a.until("the pairs are decided", func() bool {
		var err error
		if n, err = a.Desk.CountPairs(a.t.Context()); err != nil {
			a.t.Fatal(err)
		}
		return n == want
	})
}

// comparing waits until the pane of pairs is shown, says something, and is up to date.
func (a *agent) comparing(text string) {
	a.t.Helper()
	a.until("the pairs are compared: "+text, func() bool { return a.pairs.Shown() && slices.Contains(a.texts(), text) })
}

// The strip asks, the pane compares and joins, and the toast takes it back.
func TestPairs_JoinAndUndo(t *testing.T) {
	a := writing(t)
	a.pair()
	texts := strings.Join(a.texts(), "\n")
	if !strings.Contains(texts, "Blocked as the same person as @wquist_deals.") {
		t.Errorf("the strip says nothing of the other:\n%s", texts)
	}
	a.click("Decide…")
	a.comparing("1 pair to decide")
	for _, want := range []string{
		"Are these two the same customer?", "A message came in with the addresses of both. Noticed today at 14:05.",
		"The block holds for both until you decide.", "Walter Quist", "@wquist_deals", "Blocked for good",
		"Asha Rao, today at 14:05, Spam", "The same block",
		"+46 70 123 45 67", "@wquist_deals\n" + quist, "held of the user id", "Held · 14:05", "1, and 2 held",
		"One customer, one chat, all addresses of both. The block stays for good, and what is held stays held. Messages, notes and tags of both are kept. Split undoes it.",
		"Two customers. The block stays with Walter Quist only. The 2 held messages will appear in the chat of @wquist_deals. You will not be asked again.",
	} {
		a.sees(want)
	}
	if slices.Contains(a.texts(), "Type a message to send") {
		t.Error("the composer is there, too")
	}
	a.press("Escape") // decide later
	a.sees("Decide…")
	if a.pairs.Shown() || a.other().PairedWith == 0 {
		t.Fatal("Escape decided")
	}

	a.press("Ctrl+J")
	a.comparing("1 pair to decide")
	a.press("J")
	a.count(0)
	a.sees("There are no pairs left to decide.")
	a.sees("Joined: Walter Quist and @wquist_deals")
	if c := a.other(); c.ID != a.customer(walter).ID || c.Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("after the join: %+v", c)
	}
	a.loses("1 pair to decide")
	a.press("Ctrl+Z")
	a.count(1)
	a.comparing("1 pair to decide")
	if c := a.other(); c.ID == a.customer(walter).ID || c.PairedWith == 0 || c.Held != 2 {
		t.Errorf("after the undo: %+v", c)
	}
}

// Each answer can be undone from the chat's menu, too, and what is held can be
// discarded.
func TestPairs_KeepApartSplitAndAskAgain(t *testing.T) {
	a := writing(t)
	a.pair()
	a.click("Decide…")
	a.comparing("1 pair to decide")
	a.click("Join")
	a.count(0)
	a.press("Escape")
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Same person…")
	a.asks("Split")
	a.press("Return")
	a.free()
	a.count(1)
	a.sees("Decide…")

	a.click("Menu")
	a.opensMenu()
	a.click("Same person? · 1 to decide")
	a.comparing("1 pair to decide")
	a.click("Discard what is held")
	a.sees("Two customers. The block stays with Walter Quist only. The 2 held messages of @wquist_deals will be discarded. You will not be asked again.")
	a.press("K")
	a.count(0)
	a.sees("Kept apart: Walter Quist and @wquist_deals")
	if c := a.other(); c.Status(a.Desk.Now()) != data.Active || c.Held != 0 || a.customer(walter).Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("kept apart: %+v", c)
	}
	page, err := a.Desk.Timeline(t.Context(), a.other().ID, data.Span{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		if item.Message != nil && item.Message.Text == "held of the user id" {
			t.Error("what was discarded is shown")
		}
	}
	a.press("Escape")
	a.loses("Decide…")
	a.press("Ctrl+M")
	a.opensMenu()
	a.click("Same person…")
	a.asks("Kept apart")
	a.press("Return")
	a.free()
	a.count(1)
	if c := a.other(); c.Held != 2 || c.Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("asked again: %+v", c)
	}
}

// The row over the chats counts the pairs, opens them, and goes with the last. The next
// pair follows the one that was decided, and a key that is held answers once.
func TestPairs_RowLeadsThroughAll(t *testing.T) {
	a := writing(t)
	if slices.Contains(a.texts(), "Same person?") {
		t.Error("the row is there without a pair")
	}
	a.pair()
	a.pairOfStrangers()
	a.sees("Walter Quist and @wquist_deals")
	a.until("the row counts two", func() bool { return slices.Contains(a.texts(), "2") })
	a.click("Same person?")
	a.comparing("1 of 2 pairs to decide")
	a.press("Right")
	a.comparing("2 of 2 pairs to decide")
	a.sees("Iyer")
	a.press("Right")
	a.comparing("1 of 2 pairs to decide")
	a.hold("J", 20)
	a.count(1)
	a.comparing("1 pair to decide")
	a.sees("Iyer")
	a.press("x", "Return", "Space") // nothing of this answers
	a.acted()
	a.count(1)
	if got := a.chat.Composer().Text; got != "" {
		t.Errorf("%q was typed where nobody sees it", got)
	}
	a.press("K") // a second press of a key, which was meant for the pair before
	a.click("Keep apart")
	a.acted()
	a.count(1)
	a.place.clock.forward(time.Second)
	a.press("K")
	a.count(0)
	a.sees("There are no pairs left to decide.")
	a.loses("Iyer and @iyer")
	a.click("Back to the chats")
	a.until("the chat is there again", func() bool { return !a.pairs.Shown() && a.chat.Root.Visible() })
	a.loses("Same person?")
}

// On a layout without Latin letters the keys at their places answer.
func TestPairs_KeysGoByPlace(t *testing.T) {
	a := writing(t)
	a.pair()
	a.click("Decide…")
	a.comparing("1 pair to decide")
	key := &fyne.KeyEvent{Physical: fyne.HardwareKey{ScanCode: 0x25}} // where K is
	a.screen.Focused().TypedKey(key)                                  // what repeats decides nothing
	a.acted()
	a.count(1)
	a.screen.Focused().(desktop.Keyable).KeyDown(key)
	a.screen.Focused().TypedKey(key)
	a.count(0)
	a.sees("Kept apart: Walter Quist and @wquist_deals")
}

// Somebody else may be faster, and the customers may change while they are compared.
func TestPairs_FollowsOthers(t *testing.T) {
	a := writing(t)
	a.pair()
	a.pairOfStrangers()
	a.click("Decide…")
	a.comparing("1 of 2 pairs to decide")
	if err := a.Desk.Rename(t.Context(), ben, a.other().ID, "Walter Q."); err != nil {
		t.Fatal(err)
	}
	a.sees("Walter Q.")
	pairs, err := a.Desk.Pairs(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Desk.JoinPair(t.Context(), ben, pairs[0].ID); err != nil {
		t.Fatal(err)
	}
	a.comparing("1 pair to decide")
	a.sees("Iyer")
	a.click("Open chat")
	iyer := a.customerOf("IN.777")
	a.until("the chat is open", func() bool { return !a.pairs.Shown() && a.chat.Customer() == iyer && a.chat.Root.Visible() })
	unread := func() int {
		n, _, err := a.Desk.Unread(t.Context(), iyer)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	a.until("what can be seen is read", func() bool { return unread() == 0 })
	// A chat that is not seen is not read.
	a.press("Ctrl+J")
	a.comparing("1 pair to decide")
	a.from(data.Sender{UserID: "IN.777"}, "do you see this?")
	a.sees("do you see this?") // among the last words
	a.acted()
	if n := unread(); n != 1 {
		t.Errorf("%d unread", n)
	}
	a.press("Escape")
	a.until("it is read", func() bool { return unread() == 0 })
}

func (a *agent) customerOf(address data.Address) int64 {
	a.t.Helper()
	c, err := a.Desk.FindCustomer(a.t.Context(), address)
	if err != nil {
		a.t.Fatal(err)
	}
	return c.ID
}

// While customers are compared, nothing acts on the chat that nobody sees.
func TestPairs_ShortcutsOfTheChatRest(t *testing.T) {
	a := writing(t)
	a.pair()
	a.click("Decide…")
	a.comparing("1 pair to decide")
	for _, key := range []string{"Ctrl+B", "Ctrl+M", "Menu", "Ctrl+T", "Ctrl+E", "Ctrl+U", "F2"} {
		a.press(key)
		a.acted()
		if a.screen.Overlays().Top() != nil {
			t.Errorf("%s opens something: %q", key, a.texts())
			a.press("Escape")
		}
	}
	a.screen.Focus(a.chatList.List)
	a.press("J", "K")
	a.count(1)
}

// Nothing is cut or lies over another, in windows of every width, with names and scripts
// of every kind.
func TestPairs_FitsEveryWindow(t *testing.T) {
	for mode, name := range map[string]string{
		theme.Light: strings.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 5),
		theme.Dark:  "عبد الرحمن بن خالد القحطاني للتجارة والمقاولات العامة راہُل 陈思远客户服务中心",
	} {
		a := writing(t)
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
		a.pair()
		for _, id := range []int64{a.other().ID, a.customer(walter).ID} {
			if err := a.Desk.Rename(t.Context(), asha, id, name); err != nil {
				t.Fatal(err)
			}
			if err := a.Desk.SetTags(t.Context(), id, []string{"complaint", strings.Repeat("long", 10)}); err != nil {
				t.Fatal(err)
			}
		}
		a.from(data.Sender{UserID: quist}, strings.Repeat("a long word and another ", 20))
		note := strings.Repeat("threatened the courier, ", 18)
		until := a.Desk.Now().Add(72 * time.Hour)
		if _, err := a.Desk.Amend(t.Context(), asha, a.customer(walter).ID, data.AmendRequest{Note: &note, Until: &until}); err != nil {
			t.Fatal(err)
		}
		a.click("Decide…")
		a.comparing("1 pair to decide")
		a.sees("Asha Rao, today at 14:05, Spam\n" + strings.TrimSpace(note))
		for _, size := range []fyne.Size{{Width: 640, Height: 600}, {Width: 720, Height: 900}, {Width: 1280, Height: 800}, {Width: 1920, Height: 1000}} {
			if least := a.root.MinSize(); least.Width > size.Width {
				t.Errorf("the window wants %v", least)
			}
			a.window.Resize(size)
			a.frame()
			a.picture("pairs-" + mode + "-" + measures(size))
			a.fits()
		}
		a.press("Escape")
		a.sees("Decide…")
		for _, width := range []float32{640, 720, 1280} {
			a.window.Resize(fyne.NewSize(width, 700))
			a.frame()
			a.picture("pairs-strip-" + mode + "-" + measures(fyne.NewSize(width, 700)))
		}
	}
}

func measures(s fyne.Size) string { return fmt.Sprintf("%.0fx%.0f", s.Width, s.Height) }

// fits fails where a text of the pairs reaches out of its pane, or lies over another.
func (a *agent) fits() {
	a.t.Helper()
	pane := a.pairs.Root
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(pane)
	var texts []shown
	for _, s := range a.look() {
		t, ok := s.object.(*canvas.Text)
		if !ok || t.Text == "" || !slices.Contains(s.above, fyne.CanvasObject(pane)) {
			continue
		}
		if l, cut := parentOf[*widgets.EllipsisLabel](s); cut && l.VisibleText() != l.Text() {
			a.t.Errorf("%q is cut to %q", l.Text(), l.VisibleText())
		}
		s.size = t.MinSize()
		if s.at.X < at.X || s.at.X+s.size.Width > at.X+pane.Size().Width+0.5 {
			a.t.Errorf("%q from %v to %v reaches out of %v at %v", t.Text, s.at.X, s.at.X+s.size.Width, pane.Size(), at)
		}
		for _, o := range texts {
			if min(s.at.X+s.size.Width, o.at.X+o.size.Width)-max(s.at.X, o.at.X) > 0.5 && min(s.at.Y+s.size.Height, o.at.Y+o.size.Height)-max(s.at.Y, o.at.Y) > 0.5 {
				a.t.Errorf("%q lies over %q", t.Text, o.object.(*canvas.Text).Text)
			}
		}
		texts = append(texts, s)
	}
}

func parentOf[T fyne.CanvasObject](s shown) (found T, ok bool) {
	if len(s.above) > 0 {
		found, ok = s.above[len(s.above)-1].(T)
	}
	return found, ok
}

// What was decided is undone from its row in the history, too.
func TestPairs_UndoneFromHistory(t *testing.T) {
	a := writing(t)
	a.pair()
	a.click("Decide…")
	a.comparing("1 pair to decide")
	a.press("K")
	a.count(0)
	a.press("Escape")
	a.press("Ctrl+H")
	a.asks("History")
	a.click("Undo…")
	a.asks("Kept apart")
	a.press("Return")
	a.asks("History")
	a.count(1)
	a.loses("Undo…")
	if c := a.other(); c.Held != 2 || c.Status(a.Desk.Now()) != data.Blocked {
		t.Errorf("asked again: %+v", c)
	}
}
