package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// serving is latchdesk serve as it runs in a test.
type serving struct {
	x       *terminal
	address string
	stop    func()
	code    chan int
	err     *bytes.Buffer
	said    []string
	later   atomic.Int64 // how much later than noon it is for the server
}

func (x *terminal) serve(args ...string) *serving {
	x.t.Helper()
	ctx, cancel := context.WithCancel(x.t.Context())
	out, in := io.Pipe()
	s := &serving{x: x, stop: cancel, code: make(chan int, 1), err: &bytes.Buffer{}}
	deps := x.deps()
	deps.Now = func() time.Time { return noon.Add(time.Duration(s.later.Load())) }
	line := append([]string{"--profile", x.folder, "serve", "--listen", "127.0.0.1:0"}, args...)
	go func() {
		s.code <- Run(ctx, line, strings.NewReader(""), in, s.err, deps)
		in.Close()
	}()
	x.t.Cleanup(cancel)
	waittest.Return(x.t, "serve to say where it answers", func() {
		lines := bufio.NewScanner(out)
		for len(s.said) < 3 && lines.Scan() {
			s.said = append(s.said, lines.Text())
		}
	})
	if len(s.said) < 3 {
		x.t.Fatalf("it said %q, and %s", s.said, s.err)
	}
	s.address = strings.TrimPrefix(s.said[0], "Latchdesk is listening at ")
	return s
}

func (s *serving) ask(method, target, key, body string) (int, string) {
	s.x.t.Helper()
	r, err := http.NewRequestWithContext(waittest.Context(s.x.t), method, s.address+target, strings.NewReader(body))
	if err != nil {
		s.x.t.Fatal(err)
	}
	r.Header.Set("Authorization", key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.x.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		s.x.t.Fatal(err)
	}
	return got.StatusCode, string(text)
}

// It blocks by the key that key show prints, takes the renewed one at once, and
// ends cleanly when it is told to.
func TestServe(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	s := x.serve()
	key := strings.TrimSuffix(x.do("key", "show"), "\n")
	path := strings.TrimSuffix(x.do("key", "show", "--webhook"), "\n")
	if raw, err := hex.DecodeString(key); err != nil || len(raw) != 32 {
		t.Errorf("the key is %q", key)
	}
	for _, line := range s.said {
		if strings.Contains(line, key) || strings.Contains(line, strings.TrimPrefix(path, "/webhook/")) {
			t.Errorf("it says a secret: %s", line)
		}
	}
	block := func(key string) (int, string) {
		t.Helper()
		return s.ask("POST", "/customer/block", key, `{"phone":"`+asha+`"}`)
	}
	if code, text := block(key); code != 201 || text != "{}" {
		t.Errorf("%d %s", code, text)
	}
	if out := x.do("events", asha); !strings.Contains(out, "Customer blocked") {
		t.Errorf("the events are %s", out)
	}
	renewed := strings.TrimSuffix(x.do("key", "renew"), "\n")
	if code, _ := block(key); code != 401 {
		t.Errorf("the key of before is answered with %d", code)
	}
	if code, _ := block(renewed); code != 201 {
		t.Errorf("the renewed key is answered with %d", code)
	}
	delivery := secondHello
	if code, text := s.ask("POST", path, "", delivery); code != 200 || !strings.Contains(text, `"taken":1`) {
		t.Errorf("%d %s", code, text)
	}
	again := strings.TrimSuffix(x.do("key", "renew", "--webhook"), "\n")
	if code, _ := s.ask("POST", path, "", delivery); code != 404 || again == path {
		t.Errorf("the path of before is answered with %d", code)
	}
	if code, _ := s.ask("GET", "/healthz", "", ""); code != 200 {
		t.Errorf("health: %d", code)
	}
	a := x.try("", "serve", "--listen", strings.TrimPrefix(s.address, "http://"))
	if a.code != ExitFailure || !strings.Contains(a.err, "is in use by another program") {
		t.Errorf("the same place once more: %d %s", a.code, a.err)
	}
	s.stop()
	if code := waittest.Receive(t, "the end of serve", s.code); code != ExitOK || s.err.Len() > 0 {
		t.Errorf("it ended with %d, %s", code, s.err)
	}
	if _, err := (&http.Client{Timeout: waittest.Deadline}).Get(s.address + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

// It does the profile's work, too: a block ends by itself, with an event.
func TestServe_RunsJobs(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	s := x.serve("--host", "desk.example.net")
	d := x.desk()
	c, err := d.FindCustomer(t.Context(), data.Address(asha))
	if err != nil {
		t.Fatal(err)
	}
	changed := make(chan struct{}, 100)
	if err := d.Subscribe(t.Context(), func([]data.Change) { changed <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	go d.Watch(t.Context())
	await := func(what string) {
		t.Helper()
		waittest.Receive(t, "the change of "+what, changed)
	}
	key := strings.TrimSuffix(x.do("key", "show"), "\n")
	if code, text := s.ask("POST", "/customer/block", key, `{"phone":"`+asha+`","until":"1m"}`); code != 201 {
		t.Fatalf("%d %s", code, text)
	}
	await("the block")
	s.later.Store(int64(time.Hour))
	for ended := false; !ended; {
		await("the block's end")
		events, err := d.Events(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		ended = len(events) == 2 && events[1].Kind == data.BlockEndedEvent
	}
}

func TestServe_Refuses(t *testing.T) {
	x := newTerminal(t)
	for line, says := range map[string]string{
		"serve --listen 0.0.0.0:0":        "can be reached from other computers, so it needs a certificate",
		"serve --listen nowhere":          "is not an address to listen on",
		"serve --cert a.pem":              "name both files",
		"serve --cert a.pem --cert-key b": "the certificate cannot be read",
	} {
		if a := x.try("", strings.Fields(line)...); a.code != ExitFailure || !strings.Contains(a.err, says) || a.out != "" {
			t.Errorf("%s: %d %q %q", line, a.code, a.out, a.err)
		}
	}
	file := filepath.Join(x.folder, "api.key")
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"key show", "serve --listen 127.0.0.1:0"} {
		if a := x.try("", strings.Fields(line)...); a.code != ExitFailure || !strings.Contains(a.err, "api.key") {
			t.Errorf("%s: %d %q", line, a.code, a.err)
		}
	}
	if a := x.try("", "key", "renew"); a.code != ExitOK || len(a.out) != 65 {
		t.Errorf("%+v", a)
	}
}
