package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
)

// nobodyYet is the first start of a profile, on a system that knows a name.
func nobodyYet(o *Options) { o.Settings.Agent, o.Person = "", "Lena Öberg" }

// works fails the test unless name works here, and is who it was asked for: the system's
// name is no agent where another was given.
func (a *agent) works(name string) {
	a.t.Helper()
	a.acted()
	agents, err := a.Desk.Agents(a.t.Context())
	if got := a.saved().Agent; err != nil || got != name || slices.Contains(agents, "Lena Öberg") != (name == "Lena Öberg") {
		a.t.Errorf("%q works here, the agents are %q, %v", got, agents, err)
	}
}

// againOn opens a window on the profile of a, as its settings have it.
func againOn(a *agent) *agent {
	a.t.Helper()
	p := a.place
	a.leave()
	return sit(a.t, p, func(o *Options) {
		if s, err := o.Desk.Settings(a.t.Context()); err == nil {
			o.Settings.Agent = s.Agent
		}
	})
}

func TestFirstStart_AsksWhoWorksHereOnce(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, newWorld(t), nobodyYet, mode)
		a.window.Resize(fyne.NewSize(640, 480))
		a.asks("Welcome to Latchdesk")
		a.picture(a.settings.Theme + "-first-start")
		if a.field(0).Text != "Lena Öberg" || a.field(0).SelectedText() != "Lena Öberg" {
			t.Errorf("it starts with %q, %q of it marked", a.field(0).Text, a.field(0).SelectedText())
		}
		a.press("Delete", "Return")
		a.says("save the settings: ")
		a.write("Lena")
		a.press("Return")
		a.free()
		a.works("Lena")
		a.window.Resize(fyne.NewSize(1240, 800))
		a.click("Walter Quist")
		a.until("the composer is ready", a.onComposer)
		a.press("Ctrl+B")
		a.asks("Block Customer")
		a.press("Return")
		a.isBlocked("Lena", "No messages held.")
		againOn(a).free()
	})
}

// Who leaves the question is called as the system calls them, and not asked again.
func TestFirstStart_CanBeLeft(t *testing.T) {
	a := sit(t, newPlace(t), nobodyYet)
	a.asks("Welcome to Latchdesk")
	a.press("Escape")
	a.free()
	a.works("Lena Öberg")
	againOn(a).free()
}

// Until it is answered, nobody has been named, whatever else is saved meanwhile; and who
// ends the program meanwhile is asked again.
func TestFirstStart_AsksUntilItIsAnswered(t *testing.T) {
	a := sit(t, newPlace(t), nobodyYet)
	a.asks("Welcome to Latchdesk")
	if err := a.Desk.SaveReasons(t.Context(), []string{"Rude"}); err != nil {
		t.Fatal(err)
	}
	a.until("the reasons are read", func() bool { return slices.Equal(a.reasons, []string{"Rude"}) })
	if a.settings.Agent != "Lena Öberg" || a.saved().Agent != "" {
		t.Errorf("%q works here, %q is saved", a.settings.Agent, a.saved().Agent)
	}
	againOn(a).asks("Welcome to Latchdesk")
}

// It leads to the dialog about the account, and back.
func TestFirstStart_OffersToJoin(t *testing.T) {
	a := sit(t, newPlace(t), nobodyYet, keptBy(&keeper{}))
	a.asks("Welcome to Latchdesk")
	a.write("Lena")
	a.click("DoubleTick account…")
	a.asks("DoubleTick account")
	a.press("Escape")
	a.asks("Welcome to Latchdesk")
	a.click("DoubleTick account…")
	a.asks("DoubleTick account")
	a.fill(1, "secret-key")
	a.fill(2, string(ourNumber))
	a.click("Join")
	a.asks("Joined to DoubleTick")
	a.press("Return")
	a.asks("Welcome to Latchdesk")
	a.click("Continue")
	a.free()
	a.works("Lena")
	if !a.account().Joined() {
		t.Error("the desk is not joined")
	}
}

// A desk that was joined by the command line is offered nothing, and the demo asks nobody.
func TestFirstStart_AsksNoMoreThanItNeeds(t *testing.T) {
	a := sit(t, joinedWorld(t), nobodyYet)
	a.asks("Welcome to Latchdesk")
	if _, texts, _ := a.dialog(); slices.Contains(texts, "DoubleTick account…") {
		t.Errorf("it says %q", texts)
	}
	demo := sit(t, newWorld(t), nobodyYet, func(o *Options) { o.Settings.Demo = true })
	demo.free()
	demo.works("Lena Öberg")
}
