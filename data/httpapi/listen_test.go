package httpapi

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// certified makes a certificate for this computer.
func certified(t *testing.T) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"desk.example.net"}}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	trust = x509.NewCertPool()
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	trust.AddCert(parsed)
	return cert, key, trust
}

// serves lets a server answer until the test ends.
func (w *world) serves(p Config) *Listener {
	w.t.Helper()
	l, err := Listen(w.Desk, w.folder, p)
	w.must(err)
	w.serve(l)
	return l
}

// serve lets a server answer until the test ends.
func (w *world) serve(l *Listener) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		if err := waittest.Receive(w.t, "the end of the server", served); err != nil {
			w.t.Error(err)
		}
	})
}

// Beyond this computer nothing is answered without TLS, and what is wrong with
// a place is said in a sentence.
func TestListen_Addresses(t *testing.T) {
	w := newWorld(t)
	taken := w.serves(Config{Listen: "127.0.0.1:0"})
	at := strings.TrimPrefix(taken.URL(), "http://")
	cert, key, _ := certified(t)
	garbage := filepath.Join(t.TempDir(), "garbage")
	w.must(os.WriteFile(garbage, []byte("garbage"), 0o600))
	for _, c := range []struct {
		place Config
		says  string // empty where it is taken
	}{
		{Config{Listen: "127.0.0.1:0"}, ""},
		{Config{Listen: "127.0.0.2:0"}, ""},
		{Config{Listen: "localhost:0"}, ""},
		{Config{Listen: "127.0.0.1:0", CertFile: cert, KeyFile: key}, ""},
		{Config{Listen: "0.0.0.0:0", CertFile: cert, KeyFile: key}, ""},
		{Config{Listen: at}, at + " is in use by another program; choose another port"},
		{Config{Listen: ":0"}, ":0 can be reached from other computers, so it needs a certificate"},
		{Config{Listen: "0.0.0.0:0"}, "can be reached from other computers"},
		{Config{Listen: "[::]:0"}, "can be reached from other computers"},
		{Config{Listen: "192.0.2.1:0"}, "can be reached from other computers"},
		{Config{Listen: "192.0.2.1:0", CertFile: cert, KeyFile: key}, "is not an address of this computer"},
		{Config{Listen: "127.0.0.1"}, "is not an address to listen on; write it like 127.0.0.1:8787"},
		{Config{Listen: "127.0.0.1:99999"}, "is not an address to listen on"},
		{Config{Listen: "127.0.0.1:http:"}, "is not an address to listen on"},
		{Config{Listen: "127.0.0.1:0", Hosts: []string{" Desk.example.net ", "desk", "192.0.2.1", "2001:db8::1"}}, ""},
		{Config{Listen: "127.0.0.1:0", Hosts: []string{"https://desk.example.net/"}}, `"https://desk.example.net/" is not a host name; write it like desk.example.net`},
		{Config{Listen: "127.0.0.1:0", Hosts: []string{"desk.example.net:443"}}, "is not a host name"},
		{Config{Listen: "127.0.0.1:0", Hosts: []string{""}}, "is not a host name"},
		{Config{Listen: "127.0.0.1:0", Hosts: []string{"*.example.net"}}, "is not a host name"},
		{Config{Listen: "127.0.0.1:0", CertFile: cert}, "name both files"},
		{Config{Listen: "127.0.0.1:0", KeyFile: key}, "name both files"},
		{Config{Listen: "127.0.0.1:0", CertFile: garbage, KeyFile: key}, "the certificate cannot be read"},
		{Config{Listen: "127.0.0.1:0", CertFile: cert, KeyFile: filepath.Join(t.TempDir(), "none")}, "the certificate cannot be read"},
	} {
		l, err := Listen(w.Desk, w.folder, c.place)
		if err == nil {
			w.must(l.listener.Close())
		}
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.place, err)
		}
	}
}

// What keeps the system from listening is told as what it is.
func TestListenError(t *testing.T) {
	said := map[string]bool{}
	for _, err := range []error{syscall.EADDRINUSE, syscall.EACCES, syscall.EADDRNOTAVAIL, syscall.EMFILE} {
		said[listenError("127.0.0.1:80", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", err)})] = true
	}
	if len(said) != 4 {
		t.Errorf("%v", said)
	}
	if every := listenError("127.0.0.1:80", syscall.ENFILE); !strings.Contains(every, "too many files are open") || !said[every] {
		t.Errorf("%q, %v", every, said)
	}
}

// The names by which it may be called are its own and those it was given.
func TestConfig_Allowlist(t *testing.T) {
	w := newWorld(t)
	l := w.serves(Config{Listen: "127.0.0.1:0", Hosts: []string{"Desk.Example.net"}})
	port := l.listener.Addr().(*net.TCPAddr).Port
	for name, want := range map[string]int{
		"": 200, fmt.Sprint("localhost:", port): 200, fmt.Sprintf("[::1]:%d", port): 200, "desk.example.net": 200, "desk.example.net:443": 200,
		"localhost": 403, "attacker.example": 403, fmt.Sprint("attacker.example:", port): 403,
	} {
		r, err := http.NewRequestWithContext(waittest.Context(t), "GET", l.URL()+"/healthz", nil)
		w.must(err)
		r.Host = name
		got, err := http.DefaultClient.Do(r)
		w.must(err)
		got.Body.Close()
		if got.StatusCode != want {
			t.Errorf("%q is answered with %d", name, got.StatusCode)
		}
	}
}

// What it says of where it answers is answered, wherever it listens.
func TestListener_URL(t *testing.T) {
	w := newWorld(t)
	cert, key, trust := certified(t)
	for _, p := range []Config{{Listen: "127.0.0.1:0"}, {Listen: "0.0.0.0:0", CertFile: cert, KeyFile: key}, {Listen: "[::]:0", CertFile: cert, KeyFile: key}} {
		l := w.serves(p)
		client := http.Client{Timeout: waittest.Deadline, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, ServerName: "desk.example.net"}, DisableKeepAlives: true}}
		got, err := client.Get(l.URL() + "/healthz")
		w.must(err)
		got.Body.Close()
		if got.StatusCode != 200 {
			t.Errorf("%s is answered with %d", l.URL(), got.StatusCode)
		}
	}
	l := w.serves(Config{Listen: "0.0.0.0:0", CertFile: cert, KeyFile: key, Hosts: []string{"desk.example.net"}})
	if !strings.HasPrefix(l.URL(), "https://desk.example.net:") {
		t.Error(l.URL())
	}
}

func TestListen_TLS(t *testing.T) {
	w := newWorld(t)
	cert, key, trust := certified(t)
	l := w.serves(Config{Listen: "127.0.0.1:0", CertFile: cert, KeyFile: key})
	if !strings.HasPrefix(l.URL(), "https://127.0.0.1:") {
		t.Fatal(l.URL())
	}
	for version, want := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		client := http.Client{Timeout: waittest.Deadline, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust, MinVersion: version, MaxVersion: version}, DisableKeepAlives: true}}
		got, err := client.Get(l.URL() + "/healthz")
		if err == nil {
			got.Body.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
	client := http.Client{Timeout: waittest.Deadline}
	plain := strings.Replace(l.URL(), "https", "http", 1)
	if got, err := client.Get(plain + "/healthz"); err == nil && got.StatusCode == 200 {
		t.Error("it answers without TLS")
	}
}

// Who is slow, sends too much of a header or stays idle is bounded, and so is
// how many can be connected.
func TestListen_Limits(t *testing.T) {
	w := newWorld(t)
	l := w.serves(Config{Listen: "127.0.0.1:0"})
	if h := l.http; h.ReadHeaderTimeout != readHeaderTimeout || h.ReadTimeout != readTimeout || h.WriteTimeout != writeTimeout || h.IdleTimeout != idleTimeout {
		t.Errorf("%+v", h)
	}
	ask := func(more string) int {
		c, err := net.Dial("tcp", l.listener.Addr().String())
		w.must(err)
		defer c.Close()
		w.must(c.SetDeadline(time.Now().Add(waittest.Deadline)))
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: "+l.listener.Addr().String()+"\r\n"+more+"\r\n")
		got, err := http.ReadResponse(bufio.NewReader(c), nil)
		w.must(err)
		got.Body.Close()
		return got.StatusCode
	}
	if got := ask(""); got != 200 {
		t.Error(got)
	}
	if got := ask("X-Long: " + strings.Repeat("x", 2*maxHeaderBytes) + "\r\n"); got != 431 {
		t.Errorf("a long header is answered with %d", got)
	}
	if got := ask("Content-Length: -1\r\n"); got != 400 {
		t.Errorf("a body of less than nothing is answered with %d", got)
	}
	var crowd []net.Conn
	for range maxConnections {
		c, err := net.Dial("tcp", l.listener.Addr().String())
		w.must(err)
		crowd = append(crowd, c)
	}
	answered := make(chan int, 1)
	go func() { answered <- ask("") }()
	for _, c := range crowd {
		w.must(c.Close())
	}
	if got := waittest.Receive(t, "an answer after the crowd has gone", answered); got != 200 {
		t.Errorf("after the crowd has gone: %d", got)
	}
}

// Where many are connected nobody stays for a next request: those who sit idle
// never take all connections.
func TestMiddleware_ClosesConnectionsInACrowd(t *testing.T) {
	w := newWorld(t)
	l := w.serves(Config{Listen: "127.0.0.1:0"})
	at := l.listener.Addr().String()
	for i := range maxConnections + 10 {
		c, err := net.Dial("tcp", at)
		w.must(err)
		w.must(c.SetDeadline(time.Now().Add(waittest.Deadline)))
		defer c.Close()
		_, err = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: "+at+"\r\n\r\n")
		w.must(err)
		got, err := http.ReadResponse(bufio.NewReader(c), nil)
		w.must(err)
		got.Body.Close()
		if got.StatusCode != 200 || got.Close != (i >= maxConnections/2) {
			t.Fatalf("caller %d: %d, the last answer: %v", i+1, got.StatusCode, got.Close)
		}
	}
}

// What the library would answer by itself comes through the door, too; and
// nobody waits for the body of who shows no secret.
func TestMiddleware_CoversEveryPath(t *testing.T) {
	w := newWorld(t)
	at := w.serves(Config{Listen: "127.0.0.1:0"}).listener.Addr().String()
	for request, want := range map[string]int{
		"OPTIONS * HTTP/1.1\r\nHost: attacker.example\r\n\r\n":                                                403,
		"OPTIONS * HTTP/1.1\r\nHost: " + at + "\r\n\r\n":                                                      404,
		"POST /chats HTTP/1.1\r\nHost: " + at + "\r\nContent-Length: 9\r\n\r\n{":                              405,
		"POST /customer/block HTTP/1.1\r\nHost: " + at + "\r\nAuthorization: x\r\nContent-Length: 9\r\n\r\n{": 401,
		"POST /webhook/x HTTP/1.1\r\nHost: " + at + "\r\nContent-Length: 9\r\n\r\n{":                          404,
	} {
		c, err := net.Dial("tcp", at)
		w.must(err)
		w.must(c.SetDeadline(time.Now().Add(waittest.Deadline)))
		_, err = io.WriteString(c, request)
		w.must(err)
		got, err := http.ReadResponse(bufio.NewReader(c), nil)
		w.must(err)
		got.Body.Close()
		w.must(c.Close())
		if got.StatusCode != want {
			t.Errorf("%q is answered with %d", request, got.StatusCode)
		}
	}
}

// The switch of the window goes on, elsewhere and off, and stays on where it was
// when it cannot go elsewhere.
func TestServerControl_StartsAndStops(t *testing.T) {
	w := newWorld(t)
	s := NewServerControl(w.Desk, w.folder)
	defer s.Stop()
	w.must(s.Start("127.0.0.1:0"))
	first := s.URL()
	w.must(s.Start("127.0.0.1:0"))
	if s.URL() != first {
		t.Error("it moved")
	}
	if err := s.Start("0.0.0.0:0"); err == nil || s.URL() != first {
		t.Errorf("%v, %s", err, s.URL())
	}
	w.must(s.Start("127.0.0.2:0"))
	client := http.Client{Timeout: waittest.Deadline}
	if got, err := client.Get(s.URL() + "/healthz"); err != nil || got.StatusCode != 200 {
		t.Error(err)
	}
	if _, err := client.Get(first + "/healthz"); err == nil {
		t.Error("it still answers where it was")
	}
	s.Stop()
	s.Stop()
	if s.URL() != "" {
		t.Error(s.URL())
	}
}
