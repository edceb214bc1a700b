package connection_test

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/connection"
)

// The test of a connection says what it found, or what is wrong.
func TestTest_Outcomes(t *testing.T) {
	there := accounttest.NewServer(func() data.Moment { return accounttest.Start })
	defer there.HTTP.Close()
	try := func() string {
		t.Helper()
		found, err := connection.Test(t.Context(), there.HTTP.URL, accounttest.Key, "1.2.3")
		if err != nil {
			return err.Error()
		}
		return found.Text(accounttest.Number)
	}
	if got := try(); got != "Connected. The account has no chats yet." {
		t.Errorf("%s", got)
	}
	there.AddMessage(accounttest.Bare(accounttest.Riya), "CUSTOMER", "a", "Hello", accounttest.Start)
	if got := try(); got != "Connected. Business number: +91 88888 88888." {
		t.Errorf("%s", got)
	}
	there.Chats[0]["wabaNumber"] = "14155550123"
	if got := try(); got != "Connected, but the chats found belong to +1 415-555-0123, not to +91 88888 88888." {
		t.Errorf("%s", got)
	}
	for f, want := range map[accounttest.Fault]string{
		accounttest.RefusedKey: "DoubleTick does not accept the key.", accounttest.Broken: "DoubleTick is having problems (500).", accounttest.HTMLOK: "Something that is not DoubleTick answered (200).",
		accounttest.DropBefore: "DoubleTick did not answer.", accounttest.TooMany: "DoubleTick asks for a pause.",
	} {
		there.Fail(func(string, string) accounttest.Fault { return f })
		if got := try(); got != want {
			t.Errorf("%s: %s", f, got)
		}
	}
	if n := len(there.Blocked) + len(there.Texts); n != 0 {
		t.Errorf("%d things were changed", n)
	}
	for _, c := range []struct{ base, key string }{{"http://example.com", accounttest.Key}, {"https://example.com", ""}, {"https://example.com", "two words"}} {
		if _, err := connection.Test(t.Context(), c.base, c.key, "1"); err == nil {
			t.Errorf("%+v", c)
		}
	}
}
