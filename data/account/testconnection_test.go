package account

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// The test of a connection says what it found, or what is wrong.
func TestTry(t *testing.T) {
	there := newStandIn(func() data.Moment { return start })
	defer there.server.Close()
	try := func() string {
		t.Helper()
		found, err := TestConnection(t.Context(), there.server.URL, theKey, "1.2.3")
		if err != nil {
			return err.Error()
		}
		return found.Text(theNumber)
	}
	if got := try(); got != "Connected. The account has no chats yet." {
		t.Errorf("%s", got)
	}
	there.writes(bare(riya), "CUSTOMER", "a", "Hello", start)
	if got := try(); got != "Connected. Business number: +91 88888 88888." {
		t.Errorf("%s", got)
	}
	there.chats[0]["wabaNumber"] = "14155550123"
	if got := try(); got != "Connected, but the chats seen came to +1 415-555-0123, not to +91 88888 88888." {
		t.Errorf("%s", got)
	}
	for f, want := range map[fault]string{
		refusedKey: "DoubleTick does not take the key.", broken: "DoubleTick has trouble of its own (500).", htmlYes: "Something that is not DoubleTick answered (200).",
		dropBefore: "DoubleTick did not answer.", tooMany: "DoubleTick asks for a pause.",
	} {
		there.fail(func(string, string) fault { return f })
		if got := try(); got != want {
			t.Errorf("%s: %s", f, got)
		}
	}
	if n := len(there.blocked) + len(there.texts); n != 0 {
		t.Errorf("%d things were changed", n)
	}
	for _, c := range []struct{ base, key string }{{"http://example.com", theKey}, {"https://example.com", ""}, {"https://example.com", "two words"}} {
		if _, err := TestConnection(t.Context(), c.base, c.key, "1"); err == nil {
			t.Errorf("%+v", c)
		}
	}
}
