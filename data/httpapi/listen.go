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
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Config is where a server listens, and the host names by which it may be asked
// for.
type Config struct {
	Listen   string   // an address with its port; empty for data.DefaultListen
	Hosts    []string // names beside those of this computer, such as a tunnel's
	CertFile string   // of a certificate in PEM, for TLS; empty for plain HTTP
	KeyFile  string   // of its private key
}

// Timeouts and limits for connections.
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

// Listen binds a server over the desk to its address. Its secrets are in folder.
// The errors are sentences for a person.
func Listen(d *desk.Desk, folder string, cfg Config) (*Listener, error) {
	cfg.Listen = cmp.Or(cfg.Listen, data.DefaultListen)
	tlsConfig, err := cfg.tlsConfig()
	if err != nil {
		return nil, err
	}
	addr, err := cfg.resolveAddr(tlsConfig != nil)
	if err != nil {
		return nil, err
	}
	for _, name := range cfg.Hosts {
		if !isHostName(strings.TrimSpace(name)) {
			return nil, fmt.Errorf("%q is not a host name; write it like desk.example.net", data.OneLine(name, 60))
		}
	}
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return nil, errors.New(listenError(cfg.Listen, err))
	}
	l := &Listener{scheme: "http"}
	if tlsConfig != nil {
		l.scheme = "https"
	}
	if l.server, err = newServer(d, folder, cfg.allowlist(l.scheme, listener.Addr().(*net.TCPAddr))); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	l.listener = connectionsListener{listener, l.server.connections}
	l.http = &http.Server{
		Handler: l.server.handler, TLSConfig: tlsConfig,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, DisableGeneralOptionsHandler: true, ConnContext: withConnection, ConnState: trackConn,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug), // it names callers
	}
	return l, nil
}

// tlsConfig returns the configuration for TLS, or nil for plain HTTP.
func (cfg Config) tlsConfig() (*tls.Config, error) {
	if cfg.CertFile == "" && cfg.KeyFile == "" {
		return nil, nil
	}
	if cfg.CertFile == "" || cfg.KeyFile == "" {
		return nil, errors.New("a certificate needs its key, and a key its certificate: name both files")
	}
	pair, err := tls.LoadX509KeyPair(cfg.CertFile, cfg.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be read: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, nil
}

// resolveAddr returns the address that will be listened on. Without TLS it must be
// a loopback address.
func (cfg Config) resolveAddr(secure bool) (*net.TCPAddr, error) {
	addr, err := net.ResolveTCPAddr("tcp", cfg.Listen)
	if err != nil || !strings.Contains(cfg.Listen, ":") {
		return nil, fmt.Errorf("%q is not an address to listen on; write it like %s", data.OneLine(cfg.Listen, 60), data.DefaultListen)
	}
	if !secure && (addr.IP == nil || !addr.IP.IsLoopback()) {
		return nil, fmt.Errorf("%s can be reached from other computers, so it needs a certificate: use --cert and --cert-key, or listen on 127.0.0.1", cfg.Listen)
	}
	return addr, nil
}

// wsaEADDRINUSE is WSAEADDRINUSE, which Windows returns for EADDRINUSE.
const wsaEADDRINUSE = syscall.Errno(10048)

// listenError returns why an address cannot be listened on, as a sentence.
func listenError(listen string, err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, wsaEADDRINUSE):
		return listen + " is in use by another program; choose another port, such as " + nextPort(listen)
	case errors.Is(err, syscall.EACCES):
		return listen + " needs more rights than you have; choose a port above 1023"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return listen + " is not an address of this computer"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return listen + " cannot be opened: too many files are open on this computer; close what is not needed and try again, or raise the limit on open files"
	}
	return listen + " cannot be opened: " + err.Error()
}

// nextPort returns the address with the next port, or the default address if there
// is none.
func nextPort(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || n >= 65535 {
		return data.DefaultListen
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// URL returns the base URL of the server. One that listens on all addresses is
// called by the first of its host names, or localhost.
func (l *Listener) URL() string {
	addr := l.listener.Addr().(*net.TCPAddr)
	if !addr.IP.IsUnspecified() {
		return l.scheme + "://" + addr.String()
	}
	name := "localhost"
	if names := l.server.hosts.anyPort; len(names) > 0 {
		name = names[0]
	}
	return l.scheme + "://" + net.JoinHostPort(name, strconv.Itoa(addr.Port))
}

// Serve answers requests until ctx ends, gives those in flight shutdownTimeout to
// finish, and closes the listener.
func (l *Listener) Serve(ctx context.Context) error {
	counting, stopCounting := context.WithCancel(context.WithoutCancel(ctx))
	var counts sync.WaitGroup
	counts.Go(func() { l.server.requests.run(counting) })
	defer counts.Wait()
	defer stopCounting()
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
	l.server.cancel() // streams do not end by themselves
	shutdownCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := l.http.Shutdown(shutdownCtx); err != nil {
		_ = l.http.Close() // requests that have not finished by now are cut off
	}
	<-served
	return nil
}
