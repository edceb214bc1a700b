package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
)

// writing opens Walter's chat with the composer ready.
func writing(t *testing.T, change ...options) *agent {
	t.Helper()
	a := sit(t, newWorld(t), change...)
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.counts("3", "2", "0") // it is read
	return a
}

// sent are the texts that went to a customer.
func (a *agent) sent(phone data.Phone) []string {
	a.t.Helper()
	page, err := a.Desk.Timeline(a.t.Context(), a.customer(phone).ID, data.Span{Limit: 100})
	if err != nil {
		a.t.Fatal(err)
	}
	var texts []string
	for _, item := range page.Items {
		if item.Message != nil && item.Message.Direction == data.Out {
			texts = append(texts, item.Message.Text)
		}
	}
	return texts
}

func (a *agent) draft(phone data.Phone) string {
	a.t.Helper()
	text, err := a.Desk.Draft(a.t.Context(), a.customer(phone).ID)
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}

// Without an account a reply is kept here, and says so; in the demo somebody takes it.
func TestComposer_SaysWhatIsKeptHere(t *testing.T) {
	for name, demo := range map[string]bool{"desk": false, "demo": true} {
		t.Run(name, func(t *testing.T) {
			a := writing(t, func(o *Options) { o.Settings.Demo = demo })
			a.write("Hello Walter")
			a.press("Return")
			var texts []string
			a.until("it is in the chat", func() bool {
				texts = textsOf(lookInto(a.chat.Root))
				return slices.Contains(texts, "Hello Walter")
			})
			if kept := slices.Contains(texts, "14:05 · Kept here"); kept == demo {
				t.Errorf("it says that it is kept here: %t; %q", kept, texts)
			}
		})
	}
}

func TestComposer_EnterSends(t *testing.T) {
	a := writing(t)
	a.write("Hello Walter,")
	a.press("Shift+Return")
	a.write("no chain letters please ")
	a.press("Return")
	a.until("it is sent", func() bool { return len(a.sent(walter)) == 1 })
	if got := a.sent(walter)[0]; got != "Hello Walter,\nno chain letters please" {
		t.Errorf("%q was sent", got)
	}
	a.sees("no chain letters please")
	a.hasRow("Walter Quist", "14:05", "You: Hello Walter, no chain letters please")
	if !a.onComposer() || a.chat.Composer().Text != "" {
		t.Errorf("the composer holds %q, the keyboard is on %T", a.chat.Composer().Text, a.screen.Focused())
	}
	a.sees("14:05 · Kept here")
}

func TestComposer_ButtonSends(t *testing.T) {
	a := writing(t)
	a.write("By mouse")
	a.click("Send")
	a.until("it is sent", func() bool { return slices.Equal(a.sent(walter), []string{"By mouse"}) })
	if !a.onComposer() {
		t.Errorf("the keyboard is on %T", a.screen.Focused())
	}
}

func TestComposer_SendsNothingEmpty(t *testing.T) {
	a := writing(t)
	a.press("Return")
	a.click("Send")
	a.chat.Composer().SetText(" \n\t ")
	a.screen.Focus(a.chat.Composer())
	a.press("Return")
	a.click("Send")
	a.acted()
	if got := a.sent(walter); len(got) != 0 {
		t.Errorf("%q was sent", got)
	}
	if a.screen.Overlays().Top() != nil {
		t.Error("and it is talked about")
	}
}

func TestComposer_HeldEnterSendsNothing(t *testing.T) {
	p := newWorld(t)
	d, s := p.desk(t)
	c, err := d.FindCustomer(t.Context(), data.Address(walter))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SaveDraft(t.Context(), c.ID, "You are an"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	a := sit(t, p)
	a.press("Ctrl+F")
	a.write("walter")
	a.until("the search is done", func() bool { return len(a.names()) == 1 })
	a.keyDown("Return")
	a.typed("Return", 0)
	a.until("the composer is ready", a.onComposer)
	for range 3 {
		a.typed("Return", 0)
	}
	a.keyUp("Return")
	a.acted()
	if got := a.sent(walter); len(got) != 0 {
		t.Fatalf("%q was sent by the Enter that opened the chat", got)
	}

	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Return")
	a.isBlocked("Asha Rao", "No messages held.")
	a.press("Ctrl+B")
	a.asks("Unblock Customer")
	a.keyDown("Return")
	a.typed("Return", 0)
	a.sees("You are an")
	a.until("the composer is ready", a.onComposer)
	for range 3 {
		a.typed("Return", 0)
	}
	a.keyUp("Return")
	a.acted()
	if got := a.sent(walter); len(got) != 0 {
		t.Fatalf("%q was sent by the Enter that unblocked", got)
	}
	a.press("Return")
	a.until("a press of its own sends", func() bool { return slices.Equal(a.sent(walter), []string{"You are an"}) })
}

func TestComposer_KeepsDraft(t *testing.T) {
	p := newWorld(t)
	a := sit(t, p)
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.write("For Walter")
	a.until("a pause keeps it", func() bool { return a.draft(walter) == "For Walter" })
	a.write(", too")
	a.click("Meera Iyer") // at once
	a.until("the composer is Meera's", func() bool { return a.chat.Composer().Text == "" })
	a.write("For Meera")
	a.click("Walter Quist")
	a.until("Walter's is back", func() bool { return a.chat.Composer().Text == "For Walter, too" })
	a.write("!")
	a.close()
	a.until("the window is closed", func() bool { return a.window.closed })
	a.leave()

	b := sit(t, p)
	b.click("Meera Iyer")
	b.until("Meera's is back", func() bool { return b.chat.Composer().Text == "For Meera" })
	b.click("Walter Quist")
	b.until("Walter's is back", func() bool { return b.chat.Composer().Text == "For Walter, too!" })
	b.press("Ctrl+B")
	b.asks("Block Customer")
	b.press("Return")
	b.isBlocked("Asha Rao", "No messages held.")
	b.click("Meera Iyer")
	b.sees("For Meera")
	b.click("Walter Quist")
	b.sees("Blocked by Asha Rao today at 14:05 · for good")
	b.click("Unblock")
	b.asks("Unblock Customer")
	b.press("Return")
	b.sees("For Walter, too!")
	b.until("the composer is ready", b.onComposer)
	b.press("Return")
	b.until("it is sent", func() bool { return len(b.sent(walter)) == 1 })
	if got := b.draft(walter); got != "" {
		t.Errorf("sent, and %q is still a draft", got)
	}
	if got := b.draft(meera); got != "For Meera" {
		t.Errorf("Meera's draft is %q", got)
	}
}

func TestComposer_RestoresUnsentText(t *testing.T) {
	a := writing(t)
	mend := a.broken("messages")
	a.write("Hello")
	a.press("Return")
	a.asks("Something went wrong")
	a.press("Return")
	a.free()
	if got := a.chat.Composer().Text; got != "Hello" || len(a.sent(walter)) != 0 {
		t.Errorf("the composer holds %q", got)
	}
	mend()
	a.press("Return")
	a.until("now it goes", func() bool { return slices.Equal(a.sent(walter), []string{"Hello"}) })

	// Typed on while the first was under way: nothing of either is lost.
	mend = a.broken("messages")
	a.write("One")
	a.press("Return")
	a.write("Two")
	a.asks("Something went wrong")
	a.press("Return")
	a.free()
	mend()
	if got := a.chat.Composer().Text; got != "One\nTwo" {
		t.Errorf("the composer holds %q", got)
	}
	a.chat.Composer().SetText(strings.Repeat("x", data.MaxSend+1))
	a.press("Return")
	a.asks("Something went wrong")
	if _, texts, _ := a.dialog(); !strings.Contains(strings.Join(texts, " "), "1 to 4096 characters") {
		t.Errorf("it says %q", texts)
	}
	a.press("Return")
	a.free()
	if got := len(a.chat.Composer().Text); got != data.MaxSend+1 {
		t.Errorf("%d letters came back", got)
	}
}

func TestComposer_BlockStopsMessage(t *testing.T) {
	a := writing(t)
	a.write("Too late")
	a.blockAs(a.colleague(), ben, walter)
	a.press("Return") // before the window knows
	a.asks("Something went wrong")
	a.sees("This customer is blocked, so nothing was sent. Unblock the customer first.")
	a.press("Return")
	a.isBlocked("Ben", "No messages held.")
	if len(a.sent(walter)) != 0 {
		t.Error("it was sent")
	}
	a.click("Unblock")
	a.asks("Unblock Customer")
	a.press("Return")
	a.sees("Too late")
}

func TestComposer_ForwardsUnusedShortcuts(t *testing.T) {
	a := writing(t)
	a.write("half")
	for key, opens := range map[string]string{
		"Ctrl+M": "Mark as unread", "Menu": "Mark as unread", "F1": "Shortcuts", "F2": "Rename customer", "Ctrl+B": "Block Customer",
		"Ctrl+T": "Tags of Walter Quist", "Ctrl+E": "Export chat", "Ctrl+,": "Settings",
	} {
		if !a.onComposer() {
			t.Fatalf("before %s the keyboard is on %T", key, a.screen.Focused())
		}
		a.press(key)
		a.until(key+" opens "+opens, func() bool { return a.screen.Overlays().Top() != nil && slices.Contains(textsOf(a.top()), opens) })
		a.press("Escape")
		a.free()
	}
	a.press("Ctrl+F")
	if a.screen.Focused() != a.chatList.Search {
		t.Errorf("Ctrl+F led to %T", a.screen.Focused())
	}
	a.press("Escape")
	if !a.onComposer() {
		t.Errorf("Escape led to %T", a.screen.Focused())
	}
	a.press("Ctrl+3")
	a.until("the blocked are shown", func() bool { return slices.Contains(a.texts(), "Nobody is blocked.") })
	a.press("Ctrl+1", "Alt+Down")
	a.until("the next chat is open", func() bool { return a.chat.Customer() == a.customer(meera).ID })
	a.press("Alt+Up")
	a.until("the chat before is open again", func() bool { return a.chat.Customer() == a.customer(walter).ID })
	a.until("with what was half written", func() bool { return a.chat.Composer().Text == "half" })
	a.press("Ctrl+U")
	a.until("it is marked as unread", func() bool {
		_, marked, err := a.Desk.Unread(t.Context(), a.customer(walter).ID)
		return err == nil && marked
	})
}

func TestComposer_TakesTypingFromAnywhere(t *testing.T) {
	a := writing(t)
	a.screen.Focus(a.chatList.List)
	a.press("Down")
	a.until("the list is walked", func() bool { return a.chat.Customer() == a.customer(meera).ID })
	if a.screen.Focused() != a.chatList.List {
		t.Fatalf("the arrows left the list for %T", a.screen.Focused())
	}
	a.sees("Where is my parcel?")
	a.write("Hi")
	if a.chat.Composer().Text != "Hi" || !a.onComposer() {
		t.Errorf("from the list: %q, the keyboard is on %T", a.chat.Composer().Text, a.screen.Focused())
	}
	a.screen.Unfocus()
	a.write("!")
	a.clickAt(a.textInChat("Where is my parcel?").middle(), desktop.MouseButtonPrimary)
	if a.onComposer() {
		t.Fatal("a click on a message left the keyboard where it was, so nothing could be copied")
	}
	a.write(" Meera")
	if a.chat.Composer().Text != "Hi! Meera" || !a.onComposer() {
		t.Errorf("from anywhere: %q, the keyboard is on %T", a.chat.Composer().Text, a.screen.Focused())
	}
	a.blockAs(a.Desk, asha, meera)
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
	a.screen.Focus(a.chatList.List)
	a.write("x")
	if a.chat.Composer().Text != "Hi! Meera" || a.screen.Focused() != a.chatList.List {
		t.Error("it is typed into a composer that is not there")
	}
}

// textInChat waits for a text in the chat.
func (a *agent) textInChat(text string) (found shown) {
	a.t.Helper()
	split := a.split.clampWidth(a.screen.Size().Width)
	a.until(text+" is in the chat", func() bool {
		for _, s := range a.look() {
			if s.at.X > split && slices.Equal(textsOf([]shown{s}), []string{text}) {
				found = s
				return true
			}
		}
		return false
	})
	return found
}

func TestComposer_ScrollsChat(t *testing.T) {
	a := sit(t, crowd(t, 1, 60))
	a.click("Customer 0")
	a.until("the composer is ready", a.onComposer)
	a.click("To the newest message")
	a.sees("Message 59")
	a.until("the composer has the keyboard", a.onComposer)
	a.write("half")
	a.press("PageUp")
	if _, ok := a.places(true)["Message 59"]; ok {
		t.Error("PageUp did not scroll")
	}
	a.press("PageDown", "PageDown")
	a.sees("Message 59")
	if a.chat.Composer().Text != "half" || !a.onComposer() {
		t.Errorf("the composer holds %q", a.chat.Composer().Text)
	}
}
