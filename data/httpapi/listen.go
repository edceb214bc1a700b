package httpapi

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

// Config says where the server listens, and by which host names it may be called.
type Config struct {
	Listen   string   // an address with its port; empty for data.DefaultListen
	Hosts    []string // names beside those of this computer, such as a tunnel's
	CertFile string   // the file of a certificate, with which it speaks TLS
	KeyFile  string   // the file of its key
}

// Timeouts and bounds for one connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = time.Minute
	shutdownTimeout   = 3 * time.Second

	maxHeaderBytes = 16 << 10
	maxConnections = 256
)

// Listener is a server that is bound to its address and ready to serve.
type Listener struct {
	server   *Server
	listener net.Listener
	http     *http.Server
	scheme   string
}

// Listen takes the place for a server over the desk, whose secrets lie in
// folder. Its errors are sentences for a person.
func Listen(d *desk.Desk, folder string, p Config) (*Listener, error) {
	p.Listen = cmp.Or(p.Listen, data.DefaultListen)
	secure, err := p.tlsConfig()
	if err != nil {
		return nil, err
	}
	at, err := p.resolveAddr(secure != nil)
	if err != nil {
		return nil, err
	}
	for _, name := range p.Hosts {
		if !isHostName(strings.TrimSpace(name)) {
			return nil, fmt.Errorf("%q is no name of a host; write it like desk.example.net", data.OneLine(name, 60))
		}
	}
	listener, err := net.ListenTCP("tcp", at)
	if err != nil {
		return nil, errors.New(listenError(p.Listen, err))
	}
	l := &Listener{listener: netutil.LimitListener(listener, maxConnections), scheme: "http"}
	if secure != nil {
		l.scheme = "https"
	}
	if l.server, err = newServer(d, folder, p.allowlist(l.scheme, listener.Addr().(*net.TCPAddr))); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	l.http = &http.Server{
		Handler: l.server.handler, TLSConfig: secure,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, DisableGeneralOptionsHandler: true, ConnState: l.server.trackConn,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug), // it names callers
	}
	return l, nil
}

// tlsConfig reads what is needed for TLS, nil where none is asked for.
func (p Config) tlsConfig() (*tls.Config, error) {
	if p.CertFile == "" && p.KeyFile == "" {
		return nil, nil
	}
	if p.CertFile == "" || p.KeyFile == "" {
		return nil, errors.New("a certificate needs its key, and a key its certificate: give both files")
	}
	pair, err := tls.LoadX509KeyPair(p.CertFile, p.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, nil
}

// resolveAddr returns the very address that will be listened on. Beyond this computer
// nothing is answered without TLS.
func (p Config) resolveAddr(secure bool) (*net.TCPAddr, error) {
	at, err := net.ResolveTCPAddr("tcp", p.Listen)
	if err != nil || !strings.Contains(p.Listen, ":") {
		return nil, fmt.Errorf("%q is no address to listen on; write it like %s", data.OneLine(p.Listen, 60), data.DefaultListen)
	}
	if !secure && (at.IP == nil || !at.IP.IsLoopback()) {
		return nil, fmt.Errorf("%s can be reached from other computers, so it needs a certificate: give --cert and --cert-key, or listen on 127.0.0.1", p.Listen)
	}
	return at, nil
}

// wsaEADDRINUSE is what Windows says where Unix says EADDRINUSE.
const wsaEADDRINUSE = syscall.Errno(10048)

// listenError says why a place cannot be listened on.
func listenError(listen string, err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, wsaEADDRINUSE):
		return listen + " is taken by another program; choose another port, such as " + nextPort(listen)
	case errors.Is(err, syscall.EACCES):
		return listen + " may not be listened on by this user; choose a port above 1023"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return listen + " is no address of this computer"
	}
	return listen + " cannot be listened on: " + err.Error()
}

// nextPort suggests the next port.
func nextPort(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || n >= 65535 {
		return data.DefaultListen
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// allowlist are the hosts that may be asked for: this computer's own with the port,
// and those that were given, with any.
func (p Config) allowlist(scheme string, at *net.TCPAddr) hostAllowlist {
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

// isHostName reports whether a caller may name a server so: a name or an address, with
// nothing around it.
func isHostName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// URL returns the base URL of the server: where it listens, or a name of
// its own where it listens everywhere.
func (l *Listener) URL() string {
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
func (l *Listener) Serve(ctx context.Context) error {
	var failed error // may be read once served is closed
	served := make(chan struct{})
	go func() {
		defer close(served)
		if l.scheme == "https" {
			failed = l.http.ServeTLS(l.listener, "", "")
			return
		}
		failed = l.http.Serve(l.listener)
	}()
	select {
	case <-served:
		l.server.cancel()
		return fmt.Errorf("answer programs: %w", failed)
	case <-ctx.Done():
	}
	l.server.cancel() // streams have no end of their own
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := l.http.Shutdown(last); err != nil {
		_ = l.http.Close() // who has not finished by now is cut off
	}
	<-served
	return nil
}
