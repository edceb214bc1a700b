package httpapi

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// connections are those that a server holds open. When there are as many as it may hold,
// a new one takes the place of the one that has waited longest, of the peer who holds
// most: so callers who say nothing keep nobody out but each other. A connection whose
// request is being answered is never closed for another.
type connections struct {
	most int

	mu     sync.Mutex
	room   *sync.Cond // one was closed or waits, or the listener is closed
	open   map[*connection]bool
	clock  int64 // counts what happened
	closed bool
}

// connection is one of them, as the server uses it.
type connection struct {
	net.Conn
	all  *connections
	peer netip.Prefix

	answering bool  // a handler has its request
	since     int64 // when it was accepted or last answered, by the clock of all
}

func newConnections(most int) *connections {
	c := &connections{most: most, open: map[*connection]bool{}}
	c.room = sync.NewCond(&c.mu)
	return c
}

// count returns how many are open.
func (c *connections) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

// add makes room for a connection and holds it. While all others are being answered it
// waits; it returns net.ErrClosed once nobody listens any more.
func (c *connections) add(conn net.Conn) (net.Conn, error) {
	added := &connection{Conn: conn, all: c, peer: peerOf(conn.RemoteAddr())}
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.open) >= c.most && !c.closed {
		if longest := c.longestWaiting(); longest != nil {
			c.drop(longest)
			continue
		}
		c.room.Wait()
	}
	if c.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	c.clock++
	added.since = c.clock
	c.open[added] = true
	return added, nil
}

// longestWaiting returns the connection that has waited longest for a request, of the peer
// who holds most of all; nil if none waits.
func (c *connections) longestWaiting() *connection {
	held := map[netip.Prefix]int{}
	for conn := range c.open {
		held[conn.peer]++
	}
	var longest *connection
	for conn := range c.open {
		switch {
		case conn.answering:
		case longest == nil, held[conn.peer] > held[longest.peer],
			held[conn.peer] == held[longest.peer] && conn.since < longest.since:
			longest = conn
		}
	}
	return longest
}

// drop closes a connection, which is in open no more.
func (c *connections) drop(conn *connection) {
	delete(c.open, conn)
	_ = conn.Conn.Close()
	c.room.Signal()
}

// close ends the wait of those who wait for room.
func (c *connections) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.room.Broadcast()
}

// Close closes the connection and makes room for another.
func (conn *connection) Close() error {
	conn.all.mu.Lock()
	defer conn.all.mu.Unlock()
	delete(conn.all.open, conn)
	conn.all.room.Signal()
	return conn.Conn.Close()
}

// startAnswering notes that a handler has the connection's request. It reports false if
// the connection was closed before that.
func (conn *connection) startAnswering() bool {
	conn.all.mu.Lock()
	defer conn.all.mu.Unlock()
	conn.answering = true
	return conn.all.open[conn]
}

// awaitRequest notes that the connection waits for its next request.
func (conn *connection) awaitRequest() {
	conn.all.mu.Lock()
	defer conn.all.mu.Unlock()
	conn.all.clock++
	conn.answering, conn.since = false, conn.all.clock
	conn.all.room.Signal()
}

// peerOf returns who is at an address: one IPv4 address, or the network of an IPv6
// address, of which everybody has many.
func peerOf(addr net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return netip.PrefixFrom(ip, 32)
	}
	network, _ := ip.Prefix(64)
	return network
}

// connectionsListener hands out connections for which there is room.
type connectionsListener struct {
	net.Listener
	connections *connections
}

func (l connectionsListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.connections.add(conn)
}

func (l connectionsListener) Close() error {
	l.connections.close()
	return l.Listener.Close()
}

type connectionKey struct{}

// withConnection puts a request's connection into its context; it is the http.Server's
// ConnContext.
func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, ours(c))
}

// trackConn notes which connections wait; it is the http.Server's ConnState.
func trackConn(c net.Conn, state http.ConnState) {
	if conn := ours(c); conn != nil && state == http.StateIdle {
		conn.awaitRequest()
	}
}

// ours returns the connection below TLS, nil where it is not one of a listener.
func ours(c net.Conn) *connection {
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	conn, _ := c.(*connection)
	return conn
}

// holdConnection keeps a connection open while its request is answered. What came on one
// that was closed meanwhile is not done: nobody would hear the answer.
func holdConnection(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, _ := r.Context().Value(connectionKey{}).(*connection); conn != nil && !conn.startAnswering() {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}
