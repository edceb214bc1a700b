package api

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Place is where the server listens, and by which names it may be called.
type Place struct {
	Listen  string   // an address with its port; empty for data.DefaultListen
	Hosts   []string // names beside those of this computer, such as a tunnel's
	Cert    string   // the file of a certificate, with which it speaks TLS
	CertKey string   // the file of its key
}

// How long a caller may take.
const (
	headerWithin = 5 * time.Second
	readWithin   = 15 * time.Second
	writeWithin  = 30 * time.Second
	idleAtMost   = time.Minute
	closeWithin  = 3 * time.Second

	maxHeader      = 16 << 10
	maxConnections = 256
)

// Listening is a server that has its place and waits for callers.
type Listening struct {
	server   *Server
	listener net.Listener
	http     *http.Server
	scheme   string
}

// Listen takes the place for a server over the desk, whose secrets lie in
// folder. Its errors are sentences for a person.
func Listen(d *desk.Desk, folder string, p Place) (*Listening, error) {
	p.Listen = cmp.Or(p.Listen, data.DefaultListen)
	secure, err := p.certificate()
	if err != nil {
		return nil, err
	}
	at, err := p.resolve(secure != nil)
	if err != nil {
		return nil, err
	}
	for _, name := range p.Hosts {
		if !isHost(strings.TrimSpace(name)) {
			return nil, fmt.Errorf("%q is no name of a host; write it like desk.example.net", data.OneLine(name, 60))
		}
	}
	listener, err := net.ListenTCP("tcp", at)
	if err != nil {
		return nil, errors.New(notTaken(p.Listen, err))
	}
	l := &Listening{listener: netutil.LimitListener(listener, maxConnections), scheme: "http"}
	if secure != nil {
		l.scheme = "https"
	}
	if l.server, err = newServer(d, folder, p.allowlist(l.scheme, listener.Addr().(*net.TCPAddr))); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	l.http = &http.Server{
		Handler: l.server.handler, TLSConfig: secure,
		ReadHeaderTimeout: headerWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleAtMost,
		MaxHeaderBytes: maxHeader, DisableGeneralOptionsHandler: true, ConnState: l.server.trackConn,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug), // it names callers
	}
	return l, nil
}

// certificate reads what is needed for TLS, nil where none is asked for.
func (p Place) certificate() (*tls.Config, error) {
	if p.Cert == "" && p.CertKey == "" {
		return nil, nil
	}
	if p.Cert == "" || p.CertKey == "" {
		return nil, errors.New("a certificate needs its key, and a key its certificate: give both files")
	}
	pair, err := tls.LoadX509KeyPair(p.Cert, p.CertKey)
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, nil
}

// resolve returns the very address that will be listened on. Beyond this computer
// nothing is answered without TLS.
func (p Place) resolve(secure bool) (*net.TCPAddr, error) {
	at, err := net.ResolveTCPAddr("tcp", p.Listen)
	if err != nil || !strings.Contains(p.Listen, ":") {
		return nil, fmt.Errorf("%q is no address to listen on; write it like %s", data.OneLine(p.Listen, 60), data.DefaultListen)
	}
	if !secure && (at.IP == nil || !at.IP.IsLoopback()) {
		return nil, fmt.Errorf("%s can be reached from other computers, so it needs a certificate: give --cert and --cert-key, or listen on 127.0.0.1", p.Listen)
	}
	return at, nil
}

// windowsInUse is what Windows says where Unix says EADDRINUSE.
const windowsInUse = syscall.Errno(10048)

// notTaken says why a place cannot be listened on.
func notTaken(listen string, err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsInUse):
		return listen + " is taken by another program; choose another port, such as " + another(listen)
	case errors.Is(err, syscall.EACCES):
		return listen + " may not be listened on by this user; choose a port above 1023"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return listen + " is no address of this computer"
	}
	return listen + " cannot be listened on: " + err.Error()
}

// another suggests the next port.
func another(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || n >= 65535 {
		return data.DefaultListen
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// allowlist are the hosts that may be asked for: this computer's own with the port,
// and those that were given, with any.
func (p Place) allowlist(scheme string, at *net.TCPAddr) hostAllowlist {
	h := hostAllowlist{scheme: scheme, withPort: map[string]bool{}}
	port := strconv.Itoa(at.Port)
	for _, name := range []string{"localhost", "127.0.0.1", "::1", at.IP.String()} {
		if at.IP.IsUnspecified() && name == at.IP.String() {
			continue
		}
		h.withPort[net.JoinHostPort(name, port)] = true
		if scheme == "http" && at.Port == 80 || scheme == "https" && at.Port == 443 {
			h.withPort[strings.TrimSuffix(net.JoinHostPort(name, ""), ":")] = true
		}
	}
	for _, name := range p.Hosts {
		h.anyPort = append(h.anyPort, strings.ToLower(strings.TrimSpace(name)))
	}
	return h
}

// isHost reports whether a caller may name a server so: a name or an address, with
// nothing around it.
func isHost(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// Address is where programs reach the server: where it listens, or by a name of
// its own where it listens everywhere.
func (l *Listening) Address() string {
	at := l.listener.Addr().(*net.TCPAddr)
	if !at.IP.IsUnspecified() {
		return l.scheme + "://" + at.String()
	}
	name := "localhost"
	if names := l.server.hosts.anyPort; len(names) > 0 {
		name = names[0]
	}
	return l.scheme + "://" + net.JoinHostPort(name, strconv.Itoa(at.Port))
}

// Serve answers until ctx ends, lets those who are being answered have their
// answer, and gives the place back.
func (l *Listening) Serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() {
		if l.scheme == "https" {
			served <- l.http.ServeTLS(l.listener, "", "")
			return
		}
		served <- l.http.Serve(l.listener)
	}()
	select {
	case err := <-served:
		l.server.end()
		return fmt.Errorf("answer programs: %w", err)
	case <-ctx.Done():
	}
	l.server.end() // streams have no end of their own
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	if err := l.http.Shutdown(last); err != nil {
		_ = l.http.Close() // who has not finished by now is cut off
	}
	<-served
	return nil
}
