package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// No test asks the computer's own keyring: it is as if there were none.
func init() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) }

const accountKey = "key_dt_4711"

// newAccount is a server with one chat, that knows one key.
func newAccount(t *testing.T) (base string, asked func() string) {
	t.Helper()
	var mu sync.Mutex
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths = append(paths, r.Method+" "+r.URL.Path)
		mu.Unlock()
		if r.Header.Get("Authorization") != accountKey {
			w.WriteHeader(401)
			fmt.Fprint(w, `{"statusCode":401,"message":"Unauthorized"}`)
			return
		}
		switch r.URL.Path {
		case "/chats":
			fmt.Fprint(w, `{"chats":[{"phoneNumber":"919137979401","wabaNumber":"918888888888","name":"Riya D","lastMessageTime":1784547587443}],"paginationOptions":{"hasMoreChats":false}}`)
		case "/chat-messages":
			fmt.Fprint(w, `{"messages":[{"id":"a","messageOriginType":"CUSTOMER","messageTime":1784547587443,"message":{"text":"Hello","messageType":"TEXT"}}]}`)
		default:
			w.WriteHeader(201)
			fmt.Fprint(w, `{}`)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(paths, ", ")
	}
}

func TestAccount(t *testing.T) {
	x := newTerminal(t)
	base, asked := newAccount(t)
	same(t, "before", x.do("account", "show"), "The desk is not joined to an account.\n")
	for _, verb := range []string{"test", "pause", "resume", "again", "fetch", "leave"} {
		if a := x.try("", "account", verb); a.code != ExitFailure || !strings.Contains(a.err, "not joined to an account") {
			t.Errorf("%s: %+v", verb, a)
		}
	}
	file := filepath.Join(x.folder, "account.key")
	a := x.try(accountKey+"\n", "account", "join", "--base", base, "--number", "+918888888888")
	same(t, "join", a.out+a.err, "Joined to "+base+" with +91 88888 88888. Kept in a file that only you can read: "+file+"\n")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	same(t, "test", x.do("account", "test"), "Connected. Business number: +91 88888 88888.\n")
	same(t, "fetch", x.do("account", "fetch"), "1 chat fetched, 1 new message.\n")
	same(t, "fetched", x.do("status", "+919137979401"), "Phone   +91 91379 79401\nName    Riya D\nStatus  active\nHeld    0\n")
	x.do("block", "+919137979401")
	same(t, "pause", x.do("account", "pause"), "Paused. Whatever happens meanwhile waits until you resume.\n")

	var shown map[string]any
	out := x.do("account", "show", "--json")
	if err := json.Unmarshal([]byte(out), &shown); err != nil {
		t.Fatal(err)
	}
	if shown["joined"] != true || shown["base"] != base || shown["paused"] != true || shown["waiting"] != 1.0 || strings.Contains(out, accountKey) {
		t.Errorf("%s", out)
	}
	same(t, "resume", x.do("account", "resume"), "Resumed.\n")
	same(t, "again", x.do("account", "again"), "DoubleTick will be sent the status of 0 customers.\n") // it waits already
	if got := asked(); strings.Contains(got, "POST") {
		t.Errorf("asked is %s", got)
	}
	if out := x.do("account", "show"); !strings.Contains(out, "Waiting  1\n") || strings.Contains(out, accountKey) {
		t.Errorf("%s", out)
	}
	same(t, "leave", x.do("account", "leave"), "The desk has left the account. What was waiting is kept here only.\n")
	if _, err := os.Stat(file); err == nil {
		t.Error("the key is still there")
	}
	same(t, "after", x.do("account", "show"), "The desk is not joined to an account.\n")
}

// What cannot be joined is not, and leaves no key behind.
func TestAccount_NotJoined(t *testing.T) {
	x := newTerminal(t)
	base, _ := newAccount(t)
	for _, c := range []struct{ stdin, base, number, want string }{
		{accountKey, "http://example.com", "+918888888888", "https://"},
		{accountKey, base, "12", `"12": this is not a phone number: its country code or some of its digits are missing`},
		{"", base, "+918888888888", "API key"},
		{"two words", base, "+918888888888", "API key"},
	} {
		a := x.try(c.stdin, "account", "join", "--base", c.base, "--number", c.number)
		if a.code != ExitFailure || !strings.Contains(a.err, c.want) {
			t.Errorf("%+v: %+v", c, a)
		}
	}
	if a := x.try(accountKey, "account", "join", "--base", base); a.code != ExitUsage {
		t.Errorf("without a number: %+v", a)
	}
	if a := x.try("", "account", "join", "--number", "+918888888888", accountKey); a.code != ExitUsage {
		t.Errorf("with the key as an argument: %+v", a)
	}
	if _, err := os.Stat(filepath.Join(x.folder, "account.key")); err == nil {
		t.Error("a key is kept")
	}
	key := x.write("key", "wrong\n")
	x.do("account", "join", "--base", base, "--number", "+918888888888", "--key-file", key)
	if a := x.try("", "account", "test"); a.code != ExitFailure || a.err != "latchdesk: DoubleTick does not accept the key.\n" {
		t.Errorf("%+v", a)
	}
	if a := x.try("", "account", "fetch"); a.code != ExitFailure || !strings.Contains(a.err, "DoubleTick does not accept the key") {
		t.Errorf("%+v", a)
	}
}

func TestAccountJoin_RefusesDemo(t *testing.T) {
	x := newTerminal(t)
	x.demo = true
	base, _ := newAccount(t)
	a := x.try(accountKey, "account", "join", "--base", base, "--number", "+918888888888")
	if a.code != ExitFailure || a.err != "latchdesk: This is the demo, which cannot be joined to an account. Join your own desk.\n" {
		t.Errorf("%+v", a)
	}
	if _, err := os.Stat(filepath.Join(x.folder, "account.key")); err == nil {
		t.Error("a key is kept")
	}
}

// Whoever does the profile's work tells the account what another process
// decided.
func TestServe_SendsBlocksToAccount(t *testing.T) {
	x := newTerminal(t)
	base, asked := newAccount(t)
	if a := x.try(accountKey, "account", "join", "--base", base, "--number", "+918888888888"); a.code != ExitOK {
		t.Fatalf("%+v", a)
	}
	x.serve()
	x.do("block", "--add", "+442079460958")
	waittest.Until(t, "the account to be asked for a block", func() bool { return strings.Contains(asked(), "POST /customer/block") })
	s := x.desk()
	c, err := s.FindCustomer(t.Context(), "+442079460958")
	if err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, "the block to be done there", func() bool {
		there, err := s.RemoteStatus(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return there.Text() == "Accepted by DoubleTick" && there.Last.Op == data.OpBlock
	})
}
