package ui

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// choice returns the select of the dialog on top that offers an option.
func (a *agent) choice(option string) *widgets.Select {
	a.t.Helper()
	for _, s := range a.top() {
		if c, ok := s.object.(*widgets.Select); ok && slices.Contains(c.Options(), option) {
			return c
		}
	}
	a.t.Fatalf("nothing offers %q", option)
	return nil
}

func (a *agent) openSheet() {
	a.t.Helper()
	a.press("Ctrl+,")
	a.asks("Settings")
}

func (a *agent) saved() data.Settings {
	a.t.Helper()
	s, err := a.Desk.Settings(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return s
}

func TestSettings_SavesAgentName(t *testing.T) {
	a := writing(t)
	a.openSheet()
	if a.field(0).Text != "Asha Rao" || a.field(0).SelectedText() != "Asha Rao" {
		t.Errorf("it starts with %q, %q of it marked", a.field(0).Text, a.field(0).SelectedText())
	}
	a.write("Asha R.")
	a.press("Return")
	a.free()
	if got := a.saved().Agent; got != "Asha R." {
		t.Errorf("%q is kept", got)
	}
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.press("Return")
	a.isBlocked("Asha R.", "No messages held.")
}

func TestSettings_RejectsEmptyName(t *testing.T) {
	a := writing(t)
	a.openSheet()
	a.press("Delete", "Return")
	a.says("save the settings: ")
	if got := a.saved().Agent; got != "" && got != "Asha Rao" {
		t.Errorf("%q is kept", got)
	}
	a.press("Escape")
	a.free()
	a.write("Still Asha")
	a.press("Return")
	a.until("it is sent", func() bool { return len(a.sent(walter)) == 1 })
}

// What was typed stays while another dialog lies over the settings, and is saved beside
// what was saved there.
func TestSettings_KeepWhatWasTypedBelowAnotherDialog(t *testing.T) {
	a := served(t)
	a.openSheet()
	a.fill(0, "Asha R.")
	a.fill(1, "IN")
	a.choice("Dark").SetSelected("Dark")
	for link, title := range map[string]string{
		"Blocking reasons and safeguards…": "Blocking reasons and safeguards", "DoubleTick account…": "DoubleTick account", "HTTP server…": "HTTP server",
	} {
		a.click(link)
		a.asks(title)
		a.press("Escape")
		a.asks("Settings")
		if got := []string{a.field(0).Text, a.field(1).Text, a.choice("Dark").Selected()}; !slices.Equal(got, []string{"Asha R.", "IN", "Dark"}) {
			t.Errorf("after %s there stands %q", title, got)
		}
	}
	a.click("HTTP server…")
	a.asks("HTTP server")
	a.fill(0, "127.0.0.1:0")
	a.click("Save")
	a.asks("Settings")
	a.click("Save")
	a.free()
	if got := a.saved(); got.Agent != "Asha R." || got.Country != "IN" || got.Theme != theme.Dark || got.Listen != "127.0.0.1:0" {
		t.Errorf("saved is %+v", got)
	}
}

// Who wrote a message is named where it was not the one who works here now.
func TestSettings_SwitchesAgent(t *testing.T) {
	a := writing(t)
	a.write("From Asha")
	a.press("Return")
	a.textInChat("From Asha")
	a.textInChat("14:05 · Kept here")
	a.openSheet()
	a.fill(0, "Ben")
	a.press("Return")
	a.free()
	a.textInChat("Asha Rao · 14:05 · Kept here")
	a.write("From Ben")
	a.press("Return")
	a.textInChat("From Ben")
	a.openSheet()
	if got := a.choice("Asha Rao").Options(); !slices.Equal(got, []string{"Asha Rao", "Ben"}) {
		t.Errorf("the agents are %q", got)
	}
	a.choice("Asha Rao").SetSelected("Asha Rao")
	a.press("Return")
	a.free()
	a.textInChat("Ben · 14:05 · Kept here")
	if got := a.saved().Agent; got != "Asha Rao" {
		t.Errorf("%s works here", got)
	}
	for _, s := range a.look() {
		if slices.Equal(textsOf([]shown{s}), []string{"Asha Rao · 14:05 · Kept here"}) {
			t.Error("Asha is named to herself")
		}
	}
}

func TestTheme_IsChosen(t *testing.T) {
	a := writing(t)
	for _, step := range []struct {
		word string
		want string
		dark bool
	}{{"Dark", theme.Dark, true}, {"Light", theme.Light, false}, {"Same as the system", theme.System, false}, {"Dark", theme.Dark, true}} {
		a.openSheet()
		a.choice("Dark").SetSelected(step.word)
		a.press("Return")
		a.free()
		if got := a.saved().Theme; got != step.want {
			t.Errorf("%s keeps %s", step.word, got)
		}
		want := theme.New(theme.Light)
		if step.dark {
			want = theme.New(theme.Dark)
		}
		if got := theme.Color(theme.Background); got != want.Color(theme.Background, fynetheme.VariantLight) {
			t.Errorf("%s paints the ground %v", step.word, got)
		}
	}
	p := a.place
	a.leave()
	b := sit(t, p)
	if b.settings.Theme != theme.Dark {
		t.Errorf("after a restart it is %s", b.settings.Theme)
	}
}

// What a window shows after a change of the look is what one shows that had
// the look from the start.
func TestTheme_EverythingFollows(t *testing.T) {
	show := func(mode string, change ...string) []string {
		p := newWorld(t)
		a := sit(t, p, inMode(mode))
		a.click("Walter Quist")
		a.until("the composer is ready", a.onComposer)
		a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends")
		a.counts("3", "2", "0")
		a.screen.Unfocus() // the cursor keeps its colour until it blinks
		a.press("Ctrl+B")
		a.asks("Block Customer")
		for _, mode := range change {
			a.program.Settings().SetTheme(theme.New(mode))
		}
		a.frame()
		return coloursOf(a.look())
	}
	want := show(theme.Dark)
	got := show(theme.Light, theme.Dark)
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("from the start: %s; after a change: %s", want[i], got[i])
		}
	}
	if len(want) != len(got) || len(want) < 80 {
		t.Errorf("%d things are shown from the start, %d after a change", len(want), len(got))
	}
}

// What comes in while messages are being counted that the agent has seen is told of, if
// the agent has left by then.
func TestNotifier_TellsWhatCameAsTheAgentLeft(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	hold := make(chan struct{})
	a.runner.Enqueue(func(context.Context) error { <-hold; return nil }, nil)
	receive(t, other, a.place.incoming(meera, "", "While you look", 0))
	a.hasRow("Meera Iyer", "14:05", "While you look", "2") // and waits to be counted
	a.setActive(false)
	receive(t, other, a.place.incoming(meera, "", "Secret words", 0))
	close(hold)
	a.until("somebody is told", func() bool { return len(a.program.notices) == 1 })
}

func TestNotifier_CountsAndNamesNobody(t *testing.T) {
	a := sit(t, newWorld(t))
	other := a.colleague()
	counted := a.notifier.last
	receive(t, other, a.place.incoming(meera, "", "While you look", 0))
	a.hasRow("Meera Iyer", "14:05", "While you look", "2")
	a.until("it is counted", func() bool { return a.notifier.last > counted })
	a.blockAs(a.Desk, asha, tom)
	a.counts("3", "2", "1")

	a.setActive(false)
	receive(t, other, a.place.incoming(meera, "", "Secret words", 0))
	a.until("one is told of", func() bool { return len(a.program.notices) == 1 })
	receive(t, other, a.place.incoming(meera, "", "Secret words", 0), a.place.incoming(walter, "", "More of them", 0), a.place.incoming(tom, "", "Blocked words", 0))
	a.until("two more are told of", func() bool { return len(a.program.notices) == 2 })
	receive(t, other, a.place.incoming(tom, "", "Blocked words", 0))
	receive(t, other, a.place.incoming(walter, "", "The last", 0))
	a.until("the last is told of", func() bool { return len(a.program.notices) == 3 })
	if want := []string{"Latchdesk: 1 new message", "Latchdesk: 2 new messages", "Latchdesk: 1 new message"}; !slices.Equal(a.program.notices, want) {
		t.Errorf("the notices were %q", a.program.notices)
	}

	a.setActive(true)
	counted = a.notifier.last
	receive(t, other, a.place.incoming(meera, "", "You look again", 0))
	a.hasRow("Meera Iyer", "14:05", "You look again", "5")
	a.until("it is counted", func() bool { return a.notifier.last > counted })
	if len(a.program.notices) != 3 {
		t.Errorf("looked at, it told %q", a.program.notices)
	}
	a.openSheet()
	for _, s := range a.top() {
		if _, ok := s.object.(*widgets.Check); ok {
			a.clickAt(s.at.AddXY(8, s.size.Height/2), desktop.MouseButtonPrimary)
		}
	}
	a.screen.Focus(a.field(0))
	a.press("Return")
	a.free()
	if a.saved().Notify {
		t.Fatal("the choice was not kept")
	}
	a.setActive(false)
	receive(t, other, a.place.incoming(meera, "", "Switched off", 0))
	a.hasRow("Meera Iyer", "14:05", "Switched off", "6")
	a.acted()
	if len(a.program.notices) != 3 {
		t.Errorf("switched off, it told %q", a.program.notices)
	}
}

func TestActive_MessagesStayUnreadWhileAway(t *testing.T) {
	a := writing(t)
	other := a.colleague()
	a.setActive(false)
	receive(t, other, a.place.incoming(walter, "", "Are you there?", 0))
	a.textInChat("Are you there?")
	a.hasRow("Walter Quist", "14:05", "Are you there?", "1")
	a.textInChat("New messages")
	a.setActive(true)
	a.hasRow("Walter Quist", "14:05", "Are you there?")
	a.until("the window's title counts the others", func() bool { return a.window.Title() == "(2) Latchdesk" })
}

func TestWindow_RestoresSize(t *testing.T) {
	p := newWorld(t)
	a := sit(t, p)
	a.window.Resize(fyne.NewSize(1100, 700))
	var grip *splitHandle
	for _, s := range a.look() {
		if g, ok := s.object.(*splitHandleWidget); ok {
			grip = g
		}
	}
	if grip == nil {
		t.Fatal("there is nothing to take hold of between list and chat")
	}
	grip.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(60, 0)})
	grip.DragEnd()
	a.close()
	a.until("the window is closed", func() bool { return a.window.closed })
	a.leave()
	b := sit(t, p)
	if size := b.screen.Size(); size != fyne.NewSize(1100, 700) {
		t.Errorf("it is %v now", size)
	}
	if got := b.split.clampWidth(1100); got != 420 {
		t.Errorf("the list is %v wide", got)
	}
}

type splitHandleWidget = splitHandle

func TestSplit_KeepsToItsBounds(t *testing.T) {
	a := sit(t, newWorld(t))
	drag := func(by float32) float32 {
		a.split.handle.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(by, 0)})
		a.split.handle.DragEnd()
		return a.split.left.Size().Width
	}
	if got := drag(5000); got != 1280-minChatWidth {
		t.Errorf("at most it is %v", got)
	}
	if got := drag(-5000); got != minSidebarWidth {
		t.Errorf("at least it is %v", got)
	}
	drag(200)
	wide := a.split.left.Size().Width
	a.window.Resize(fyne.NewSize(720, 500))
	if l, r := a.split.left.Size().Width, a.split.right.Size().Width; l < minSidebarWidth || r < minChatWidth-1 || l+r > 720 {
		t.Errorf("in a narrow window they are %v and %v", l, r)
	}
	a.window.Resize(fyne.NewSize(1280, 800))
	if got := a.split.left.Size().Width; got != wide {
		t.Errorf("wide again it is %v, it was %v", got, wide)
	}
}

func TestWelcome_SaysWhatToDo(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		demos := 0
		var brought string
		a := sit(t, newPlace(t), mode, func(o *Options) {
			o.OpenDemo = func() error { demos++; return nil }
			o.ImportMessages = func(_ context.Context, path string) (string, error) {
				brought = path
				return "12 messages were taken.", nil
			}
		})
		a.sees("No messages yet")
		a.picture(a.settings.Theme + "-welcome")
		if slices.Contains(a.texts(), "All 0") {
			t.Error("the list is there, too")
		}
		a.click("Open the demo")
		if demos != 1 {
			t.Errorf("the demo was opened %d times", demos)
		}
		a.click("Import messages")
		a.asks("Import messages")
		a.says("From a script: latchdesk receive FILE")
		a.picture(a.settings.Theme + "-bring")
		a.press("Return")
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		a.asksForFile(home, "")
		a.window.Resize(fyne.NewSize(640, 480))
		a.picture(a.settings.Theme + "-file")
		a.window.Resize(fyne.NewSize(1240, 800))
		a.press("Escape", "Escape") // one step back each
		a.free()
		a.messageImport.importFile("/tmp/deliveries.json")
		a.says("12 messages were taken.")
		if brought != "/tmp/deliveries.json" {
			t.Errorf("%q was brought in", brought)
		}
		a.press("Return")
		a.free()
		a.click("Settings")
		a.asks("Settings")
		a.press("Escape")
		a.free()

		receive(t, a.Desk, a.place.incoming(walter, "Walter Quist", "Hello", 0))
		a.hasRow("Walter Quist", "14:05", "Hello", "1")
		a.loses("No messages yet")
		a.sees("Choose a chat to read and answer")
	})
}

func TestDemo_ShowsStartError(t *testing.T) {
	a := sit(t, newPlace(t), func(o *Options) { o.OpenDemo = func() error { return errors.New("the demo cannot start: no room") } })
	a.click("Open the demo")
	a.asks("Something went wrong")
	a.says("the demo cannot start: no room")
}

func TestDemo_SaysSoAndStartsOver(t *testing.T) {
	resets := 0
	fail := errors.New("the disk is full")
	a := sit(t, newWorld(t), func(o *Options) {
		o.Settings.Demo = true
		o.ResetDemo = func(context.Context) error {
			resets++
			return fail
		}
		o.OpenDemo = func() error { t.Error("a demo opened a demo"); return nil }
	})
	a.sees("Demo: every customer here is invented, and nothing leaves this computer.")
	a.picture("demo")
	if got := a.window.Title(); !strings.Contains(got, "Latchdesk demo") {
		t.Errorf("the window is called %q", got)
	}
	a.click("Start over")
	a.asks("Start the demo over")
	a.press("Escape")
	a.free()
	if resets != 0 {
		t.Fatal("Escape started it over")
	}
	a.click("Menu")
	a.opensMenu()
	a.click("Demo")
	a.asks("Start the demo over")
	a.click("Start over")
	a.says("the disk is full")
	fail = nil
	a.click("Start over")
	a.free()
	if resets != 2 {
		t.Errorf("it was started over %d times", resets)
	}
}

func TestBlockedStrip_PressTwiceAsksOnce(t *testing.T) {
	a := writing(t)
	a.blockAs(a.Desk, asha, walter)
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
	at := a.spot("Unblock").middle()
	for range 2 {
		a.clickAt(at, desktop.MouseButtonPrimary)
	}
	a.asks("Unblock Customer")
	a.acted()
	if n := len(a.screen.Overlays().List()); n != 1 {
		t.Errorf("%d dialogs are open", n)
	}
}

func TestErrorBanner_TriesAgain(t *testing.T) {
	a := writing(t)
	a.showErrorBanner(errors.New("read the chat list: the disk is gone"))
	a.sees("read the chat list: the disk is gone")
	a.picture("failure")
	a.click("Try again")
	a.loses("read the chat list: the disk is gone")
	a.hasRow("Walter Quist", "14:03", "Forward this to 10 friends")
}
