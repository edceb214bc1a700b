package cli

import (
	"errors"
	"fmt"
	"os/user"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/profile"
	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestStatus_JSON(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	same(t, "active", x.do("status", asha, "--json"),
		`{"phone":"+919137979401","name":"Asha Rao","status":"active","blockedBy":null,"blockedAt":null,"reason":null,"note":null,"until":null,"held":0,"username":null,"ids":[{"kind":"whatsapp","address":"+919137979401","business":"+918888888888","firstSeen":"2026-07-20T11:39:47.443Z","lastSeen":"2026-07-20T11:39:47.443Z"}],"pairOf":null}`+"\n")

	x.do("block", asha, "--as", "Ben \u202E Okafor")
	x.try(secondHello, "receive", "-")
	x.now = noon.Add(time.Hour)
	blocked := `{"phone":"+919137979401","name":"Asha Rao","status":"blocked","blockedBy":"Ben Okafor","blockedAt":"2026-07-20T12:00:00.000Z","reason":null,"note":null,"until":null,"held":1,"username":null,"ids":[{"kind":"whatsapp","address":"+919137979401","business":"+918888888888","firstSeen":"2026-07-20T11:39:47.443Z","lastSeen":"2026-07-20T11:39:47.443Z"}],"pairOf":null}`
	same(t, "blocked", x.do("status", "--json", asha), blocked+"\n")

	s := x.desk()
	c, err := s.Add(t.Context(), data.Address(lena), "Léna <&>")
	if err != nil {
		t.Fatal(err)
	}
	ask := data.BlockRequest{Reason: "spam", Note: "sends chain letters,\nevery day", Until: data.MomentOf(noon.Add(2 * time.Hour))}
	if _, err := s.Block(t.Context(), data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}, c.ID, ask); err != nil {
		t.Fatal(err)
	}
	second := `{"phone":"+46701234567","name":"Léna <&>","status":"blocked","blockedBy":null,"blockedAt":"2026-07-20T13:00:00.000Z","reason":"Spam","note":"sends chain letters,\nevery day","until":"2026-07-20T14:00:00.000Z","held":0,"username":null,"ids":[{"kind":"phone","address":"+46701234567","business":null,"firstSeen":null,"lastSeen":null}],"pairOf":null}`
	same(t, "blocked for a time", x.do("status", lena, "--json"), second+"\n")
	same(t, "all", x.do("blocked", "--json"), "[\n"+second+",\n"+blocked+"\n]\n")

	x.now = noon.Add(2 * time.Hour)
	same(t, "ended", x.do("status", lena, "--json"),
		`{"phone":"+46701234567","name":"Léna <&>","status":"active","blockedBy":null,"blockedAt":null,"reason":null,"note":null,"until":null,"held":0,"username":null,"ids":[{"kind":"phone","address":"+46701234567","business":null,"firstSeen":null,"lastSeen":null}],"pairOf":null}`+"\n")
	same(t, "all but the ended", x.do("blocked", "--json"), "[\n"+blocked+"\n]\n")
}

func TestStatus_Text(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	same(t, "active", x.do("status", asha), "Phone   +91 91379 79401\nName    Asha Rao\nStatus  active\nHeld    0\n")

	s := x.desk()
	c, err := s.FindCustomer(t.Context(), data.Address(asha))
	if err != nil {
		t.Fatal(err)
	}
	by := data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaWindow}
	if _, err := s.Block(t.Context(), by, c.ID, data.BlockRequest{Reason: "abuse", Note: "twice\nwarned", Until: data.MomentOf(noon.Add(time.Hour))}); err != nil {
		t.Fatal(err)
	}
	same(t, "blocked", x.do("status", asha), fmt.Sprintf(`Phone   +91 91379 79401
Name    Asha Rao
Status  blocked
By      Ben
Since   %s
Until   %s
Reason  Abuse
Note    twice
        warned
Held    0
`, local(noon), local(noon.Add(time.Hour))))
	same(t, "list", x.do("blocked"), fmt.Sprintf(`PHONE          NAME      BY   SINCE                    UNTIL                    HELD  REASON
+919137979401  Asha Rao  Ben  %s  %s  0     Abuse
`, local(noon), local(noon.Add(time.Hour))))
}

// A block without an end is said to be for good, not left blank.
func TestStatus_SaysThatABlockIsForGood(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena, "--as", "Ben")
	if out := x.do("status", lena); !strings.Contains(out, "\nUntil   for good\n") {
		t.Errorf("the status says\n%s", out)
	}
	if out := x.do("blocked"); !strings.Contains(out, local(noon)+"  for good  0") {
		t.Errorf("the list says\n%s", out)
	}
}

func local(t time.Time) string { return t.Local().Format("2006-01-02 15:04 -07:00") }

func TestEvents(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena, "--as", "Ben")
	same(t, "blocked again", x.do("block", lena, "--as", "Cai"),
		"+46 70 123 45 67 was already blocked, by Ben, "+data.MomentOf(noon).Relative(data.MomentOf(noon))+". Nothing was changed.\n")
	x.now = noon.Add(time.Minute)
	x.do("unblock", lena, "--as", "Cai")
	s := x.desk()
	c, _ := s.FindCustomer(t.Context(), data.Address(lena))
	if _, err := s.Block(t.Context(), data.Actor{Kind: data.APIActor, Channel: data.ViaAPI}, c.ID, data.BlockRequest{Until: data.MomentOf(noon.Add(2 * time.Minute))}); err != nil {
		t.Fatal(err)
	}
	x.now = noon.Add(time.Hour)
	x.do("block", lena, "--as", "Ben")
	x.do("block", lena, "--as", "Ben", "--reason", "spam", "--note", "all\nday")
	same(t, "events", x.do("events", lena, "--json"), `[
{"at":"2026-07-20T12:00:00.000Z","kind":"blocked","actor":"Ben","seq":1,"actorKind":"agent","way":"command","text":"Customer blocked by Ben","reason":null,"note":null,"until":null,"detail":{}},
{"at":"2026-07-20T12:01:00.000Z","kind":"unblocked","actor":"Cai","seq":2,"actorKind":"agent","way":"command","text":"Customer unblocked by Cai","reason":null,"note":null,"until":null,"detail":{}},
{"at":"2026-07-20T12:01:00.000Z","kind":"blocked","actor":null,"seq":3,"actorKind":"api","way":"api","text":"Customer blocked","reason":null,"note":null,"until":"2026-07-20T12:02:00.000Z","detail":{"until":1784548920000}},
{"at":"2026-07-20T12:02:00.000Z","kind":"block_ended","actor":null,"seq":4,"actorKind":"schedule","way":"schedule","text":"Block ended","reason":null,"note":null,"until":null,"detail":{}},
{"at":"2026-07-20T13:00:00.000Z","kind":"blocked","actor":"Ben","seq":5,"actorKind":"agent","way":"command","text":"Customer blocked by Ben","reason":null,"note":null,"until":null,"detail":{}},
{"at":"2026-07-20T13:00:00.000Z","kind":"reason_set","actor":"Ben","seq":6,"actorKind":"agent","way":"command","text":"Block reason set to Spam by Ben","reason":"Spam","note":null,"until":null,"detail":{"reason":"Spam"}},
{"at":"2026-07-20T13:00:00.000Z","kind":"note_set","actor":"Ben","seq":7,"actorKind":"agent","way":"command","text":"Block note changed by Ben","reason":null,"note":"all\nday","until":null,"detail":{"note":"all\nday"}}
]
`)
	same(t, "events for people", x.do("events", lena), strings.Join([]string{
		local(noon) + "  Customer blocked by Ben · for good · by command",
		local(noon.Add(time.Minute)) + "  Customer unblocked by Cai · by command",
		local(noon.Add(time.Minute)) + "  Customer blocked · until " + local(noon.Add(2*time.Minute)) + " · through the API",
		local(noon.Add(2*time.Minute)) + "  Block ended · by itself",
		local(noon.Add(time.Hour)) + "  Customer blocked by Ben · for good · by command",
		local(noon.Add(time.Hour)) + "  Block reason set to Spam by Ben · by command",
		local(noon.Add(time.Hour)) + "  Block note changed by Ben · all day · by command",
		"",
	}, "\n"))
}

// A block that is refused leaves no customer behind who was not known before.
func TestBlockAdd_RefusedAddsNobody(t *testing.T) {
	x := newTerminal(t)
	for _, wrong := range [][]string{{"--note", strings.Repeat("x", data.MaxNote+1)}, {"--reason", "weather"}} {
		if a := x.try("", append([]string{"block", "--add", lena}, wrong...)...); a.code == ExitOK {
			t.Errorf("%s is taken", wrong[0])
		}
		if c, err := x.desk().FindCustomer(t.Context(), data.Address(lena)); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("after a wrong %s there is %+v, %v", wrong[0], c, err)
		}
	}
	x.do("block", "--add", lena, "--reason", "spam", "--note", "sends chain letters")
}

// Every event says that it came by the command line, and by whom: the user of
// the computer where nobody else is named.
func TestBlock_NamesActor(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	x.do("unblock", lena, "--as", "\x00 \n")
	s := x.desk()
	c, err := s.FindCustomer(t.Context(), data.Address(lena))
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(t.Context(), c.ID)
	if err != nil || len(events) != 2 {
		t.Fatal(events, err)
	}
	for _, e := range events {
		if want := (data.Actor{Kind: data.AgentActor, Name: profile.UserName(), Channel: data.ViaCommand}); e.Actor != want {
			t.Errorf("%s by %+v, want %+v", e.Kind, e.Actor, want)
		}
	}
	if u, err := user.Current(); err == nil && u.Name != "" && profile.UserName() != data.CleanLine(u.Name, data.MaxName) {
		t.Errorf("the person is %q, the user %q", profile.UserName(), u.Name)
	}
}

// Without a plus sign the international reading comes first, then the country
// of the settings.
func TestBlock_ReadsNumberByCountry(t *testing.T) {
	x := newTerminal(t)
	if a := x.try("", "block", "--add", "070-123 45 67"); a.code != ExitFailure {
		t.Errorf("a national number without a country: exit %d", a.code)
	}
	s := x.desk()
	settings := s.Settings
	settings.Agent, settings.Country = "Ben", "se"
	if err := s.SaveSettings(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	x.do("block", "--add", "070-123 45 67")
	same(t, "the list", x.do("status", "0046 70 123 45 67"), x.do("status", lena))
}

// Many processes block and unblock one customer at once: every act either
// happened, with its event, or says that there was nothing to change.
func TestBlock_Concurrently(t *testing.T) {
	x := newTerminal(t)
	const rounds = 200
	var workers sync.WaitGroup
	happened := make([]int, 4)
	for i := range happened {
		workers.Go(func() {
			for range rounds / 2 {
				for _, line := range [][]string{{"block", "--add", lena}, {"unblock", lena}} {
					a := x.try("", append(line, "--as", fmt.Sprint("worker ", i))...)
					switch {
					case a.code != ExitOK || a.err != "":
						// No customer is known before somebody has blocked one.
						if !strings.Contains(a.err, "is not known here") {
							t.Errorf("%v: exit %d: %s", line, a.code, a.err)
						}
					case strings.Contains(a.out, "is now "):
						happened[i]++
					case !strings.Contains(a.out, "Nothing was changed."):
						t.Errorf("%v: %s", line, a.out)
					}
				}
			}
		})
	}
	waittest.Return(t, "all workers to be done", workers.Wait)
	s := x.desk()
	c, err := s.FindCustomer(t.Context(), data.Address(lena))
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]int{}
	for i, e := range events {
		want := data.BlockedEvent
		if i%2 == 1 {
			want = data.UnblockedEvent
		}
		if e.Kind != want {
			t.Fatalf("event %d is %s", i, e.Kind)
		}
		counted[e.Actor.Name]++
	}
	for i, n := range happened {
		if name := fmt.Sprint("worker ", i); counted[name] != n {
			t.Errorf("%s did %d acts, %d events tell of it", name, n, counted[name])
		}
	}
	if _, err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A block once more is stricter, or is kept; --change does what it says.
func TestBlock_Again(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	local := func(d time.Duration) string { return formatTime(data.MomentOf(noon.Add(d))) }
	const who = "Asha Rao (+91 91379 79401)"
	for _, c := range []struct{ line, want string }{
		{"block A --for 2h", who + " is now blocked.\n"},
		{"block A --for 3h --reason spam", who + " was already blocked. The block was changed; it holds until " + local(3*time.Hour) + ", for 3 hours.\n"},
		{"block A --for 1h", who + " is blocked until " + local(3*time.Hour) + ", for 3 hours, which is later. Nothing was changed; --change sets an earlier end.\n"},
		{"block A --for 3h", who + " was already blocked, by Ben, today at " + data.MomentOf(noon).TimeOfDay() + ". Nothing was changed.\n"},
		{"block A --change --for 1h", "The block of " + who + " was changed; it holds until " + local(time.Hour) + ", for 1 hour.\n"},
		{"block A --change --for 1h", "The block of " + who + " is already like that. Nothing was changed.\n"},
		{"block A --change --note rude", "The block of " + who + " was changed; it holds until " + local(time.Hour) + ", for 1 hour.\n"},
		{"block A", who + " was already blocked. The block was changed; it holds for good.\n"},
	} {
		args := strings.Fields(strings.Replace(c.line, " A", " "+asha, 1))
		same(t, c.line, x.do(append(args, "--as", "Ben")...), c.want)
	}
	c, err := x.desk().FindCustomer(t.Context(), data.Address(asha))
	if err != nil || c.Block.Until != 0 || c.Block.Reason != "Spam" || c.Block.Note != "rude" {
		t.Errorf("the block is %+v, %v", c.Block, err)
	}
	if a := x.try("", "block", asha, "--change"); a.code != ExitFailure || !strings.Contains(a.err, "Say what to change") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	x.do("unblock", asha)
	if a := x.try("", "block", asha, "--change", "--note", "x"); a.code != ExitFailure || !strings.Contains(a.err, "is not blocked") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	if a := x.try("", "block", lena, "--add", "--change", "--note", "x"); a.code != ExitFailure || !strings.Contains(a.err, "is not known here") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	x.do("doctor")
}

// Whose block DoubleTick refused is told, and why.
func TestAccountRefused_NamesWhoseItIs(t *testing.T) {
	x := newTerminal(t)
	same(t, "nothing", x.do("account", "refused"), "DoubleTick has refused nothing.\n")
	same(t, "nothing in JSON", x.do("account", "refused", "--json"), "[]\n")
	s := x.desk()
	if err := s.Join(t.Context(), data.Account{Base: "https://public.example.com", Number: "+918888888888", JoinedAt: data.MomentOf(noon)}); err != nil {
		t.Fatal(err)
	}
	x.do("block", "--add", "IN.13491208655302741918", "--as", "Ben")
	x.do("block", "--add", lena, "--as", "Ben") // waits
	out := x.do("account", "refused")
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, "IN.13491208655302741918") || !strings.Contains(out, "  block  ") {
		t.Errorf("it says\n%s", out)
	}
	if out := x.do("account", "refused", "--json"); !strings.Contains(out, `"address":"IN.13491208655302741918","name":"","act":"block","why":"`) || !strings.Contains(out, `"status":null}`) {
		t.Errorf("it says\n%s", out)
	}
}
