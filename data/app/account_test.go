package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// What the window's dialog does to the account, from the first try to leaving.
func TestApp_JoinsTestsAndLeavesAccount(t *testing.T) {
	keyring.MockInitWithError(errors.New("there is no keyring here"))
	t.Cleanup(keyring.MockInit)
	keys := make(chan string, 10)
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Authorization")
		keys <- key
		if key != "right" {
			w.WriteHeader(401)
			w.Write([]byte(`{"statusCode":401,"message":"Unauthorized"}`))
			return
		}
		w.Write([]byte(`{"chats":[{"name":"Riya D","phoneNumber":"+919137979401","wabaNumber":"918888888888"}],"paginationOptions":{"hasMoreChats":false}}`))
	}))
	defer there.Close()
	s, err := ProfileRef{Folder: filepath.Join(t.TempDir(), "desk"), Version: "1.2.3"}.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := data.Account{Base: there.URL, Number: "+918888888888"}
	if _, err := s.TestAccount(t.Context(), a, ""); !errors.Is(err, credentials.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := s.TestAccount(t.Context(), a, "wrong"); err == nil || err.Error() != "DoubleTick does not accept the key." {
		t.Errorf("with a wrong key: %v", err)
	}
	if said, err := s.TestAccount(t.Context(), data.Account{Base: there.URL}, "right"); err != nil || said != "Connected. Business number: +91 88888 88888." {
		t.Errorf("with the right key: %q, %v", said, err)
	}
	if _, err := s.JoinAccount(t.Context(), data.Account{Base: "ftp://here", Number: a.Number}, "right"); !errors.Is(err, data.ErrInvalid) {
		t.Errorf("to no web address: %v", err)
	}
	if _, err := s.Credentials().Key(); !errors.Is(err, credentials.ErrNoKey) {
		t.Errorf("a key was kept for what was refused: %v", err)
	}
	where, err := s.JoinAccount(t.Context(), a, "right")
	if err != nil || !strings.Contains(where, s.Credentials().File()) {
		t.Errorf("joined: %q, %v", where, err)
	}
	got, err := s.Account(t.Context())
	if err != nil || got.Base != there.URL || got.Number != a.Number || !got.Joined() {
		t.Errorf("joined to %+v, %v", got, err)
	}
	for range len(keys) {
		<-keys
	}
	if _, err := s.TestAccount(t.Context(), got, ""); err != nil || waittest.Receive(t, "the account to be asked", keys) != "right" {
		t.Errorf("with the key that is kept: %v", err)
	}
	a.Number = "+919999999999"
	if _, err := s.JoinAccount(t.Context(), a, ""); err != nil {
		t.Error(err)
	}
	if key, err := s.Credentials().Key(); err != nil || key != "right" {
		t.Errorf("left empty, the key is %q, %v", key, err)
	}
	if err := s.LeaveAccount(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Credentials().Key(); !errors.Is(err, credentials.ErrNoKey) {
		t.Errorf("the key is still there: %v", err)
	}
	if got, err := s.Account(t.Context()); err != nil || got.Joined() {
		t.Errorf("still joined to %+v, %v", got, err)
	}
}
