package httpapi

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// dial connects to a server from an address of this computer.
func (w *world) dial(l *Listener, from string) net.Conn {
	w.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := dialer.DialContext(w.t.Context(), "tcp", l.listener.Addr().String())
	w.must(err)
	w.t.Cleanup(func() { c.Close() })
	w.must(c.SetDeadline(time.Now().Add(waittest.Deadline)))
	return c
}

// servesPatiently serves without the time limits that end by themselves what nobody says
// anything on.
func (w *world) servesPatiently() *Listener {
	w.t.Helper()
	l, err := Listen(w.Desk, w.folder, Config{Listen: "127.0.0.1:0"})
	w.must(err)
	l.http.ReadHeaderTimeout, l.http.ReadTimeout, l.http.IdleTimeout = time.Hour, time.Hour, time.Hour
	w.serve(l)
	return l
}

// answers fails unless a request on the connection is answered.
func (w *world) answers(c net.Conn) {
	w.t.Helper()
	_, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: "+c.RemoteAddr().String()+"\r\n\r\n")
	w.must(err)
	got, err := http.ReadResponse(bufio.NewReader(c), nil)
	w.must(err)
	w.must(got.Body.Close())
	if got.StatusCode != http.StatusOK {
		w.t.Errorf("it is answered with %d", got.StatusCode)
	}
}

// Callers who say nothing, little, or nothing more keep nobody out, and who waits among
// few keeps the place.
func TestListener_AnswersInACrowd(t *testing.T) {
	for name, say := range map[string]string{"silent": "", "slow": "GET /healthz HTTP/1.1\r\nHost: ", "idle": "whole"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := w.servesPatiently()
			first := w.dial(l, "127.0.0.1")
			for range maxConnections + 20 {
				c := w.dial(l, "127.0.0.2")
				if say == "whole" {
					w.answers(c)
				} else {
					_, err := io.WriteString(c, say)
					w.must(err)
				}
			}
			w.answers(w.dial(l, "127.0.0.1"))
			w.answers(w.dial(l, "127.0.0.2")) // of the crowd, too
			w.answers(first)
		})
	}
}

// A stream of changes is an answer, and goes on in a crowd.
func TestListener_KeepsStreamsInACrowd(t *testing.T) {
	w := newWorld(t)
	w.follow()
	w.hears(riya, "Hello")
	l := w.servesPatiently()
	stream := w.streams(l.URL(), "")
	for range maxConnections + 20 {
		w.dial(l, "127.0.0.1")
	}
	w.answers(w.dial(l, "127.0.0.1"))
	w.hears(riya, "Are you there?")
	stream.comes(ChangeKindMessage)
}

// pipeFrom is a connection from an address.
type pipeFrom struct {
	net.Conn
	addr net.Addr
}

func (p pipeFrom) RemoteAddr() net.Addr { return p.addr }

func newPipe(t interface{ Cleanup(func()) }, address string) net.Conn {
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	addr, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		panic(err)
	}
	return pipeFrom{near, addr}
}

// Whatever happens, no more are open than may be, none is closed while it is answered,
// and none of a peer while another peer holds more that wait.
func TestConnections_MakeRoom(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		const most = 5
		all := newConnections(most)
		var made []*connection
		pick := func(which func(*connection) bool) *connection {
			var of []*connection
			for _, c := range made {
				if all.open[c] && which(c) {
					of = append(of, c)
				}
			}
			if len(of) == 0 {
				return nil
			}
			return rapid.SampledFrom(of).Draw(r, "connection")
		}
		waits := func(c *connection) bool { return !c.answering }
		answered := func(c *connection) bool { return c.answering }
		for range rapid.IntRange(1, 60).Draw(r, "steps") {
			switch rapid.IntRange(0, 3).Draw(r, "step") {
			case 0:
				if len(all.open) == most && all.longestWaiting() == nil {
					continue // it would wait
				}
				before := map[*connection]bool{}
				held, waiting := map[string]int{}, map[string]int{}
				for c := range all.open {
					before[c] = true
					held[c.peer.String()]++
					if !c.answering {
						waiting[c.peer.String()]++
					}
				}
				from := rapid.SampledFrom([]string{"192.0.2.1:1", "192.0.2.2:1", "[2001:db8::1]:1", "[2001:db8::2]:1"}).Draw(r, "from")
				c, err := all.add(newPipe(t, from))
				if err != nil {
					r.Fatal(err)
				}
				made = append(made, c.(*connection))
				for gone := range before {
					if all.open[gone] {
						continue
					}
					if gone.answering || len(before) < most {
						r.Fatalf("one of %d was closed; being answered: %v", len(before), gone.answering)
					}
					for peer, n := range waiting {
						if n > 0 && held[peer] > held[gone.peer.String()] {
							r.Fatalf("%v lost one of %d, and %s holds %d", gone.peer, held[gone.peer.String()], peer, held[peer])
						}
					}
				}
			case 1:
				if c := pick(waits); c != nil && !c.startAnswering() {
					r.Fatal("an open connection is not answered")
				}
			case 2:
				if c := pick(answered); c != nil {
					c.awaitRequest()
				}
			case 3:
				if c := pick(func(*connection) bool { return true }); c != nil {
					c.Close()
				}
			}
			if n := all.count(); n > most {
				r.Fatalf("%d are open", n)
			}
		}
		for _, c := range made {
			if !all.open[c] && c.startAnswering() {
				r.Fatal("a closed connection is answered")
			}
		}
	})
}

// While all are being answered a new connection waits, for room or for the end.
func TestConnections_WaitsWhileAllAreAnswered(t *testing.T) {
	all := newConnections(1)
	first, err := all.add(newPipe(t, "192.0.2.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	first.(*connection).startAnswering()
	type outcome struct {
		conn net.Conn
		err  error
	}
	add := func() chan outcome {
		added := make(chan outcome, 1)
		go func() {
			c, err := all.add(newPipe(t, "192.0.2.2:1"))
			added <- outcome{c, err}
		}()
		return added
	}
	second := add()
	first.(*connection).awaitRequest()
	got := waittest.Receive(t, "room", second)
	if got.err != nil || first.(*connection).startAnswering() {
		t.Fatalf("%v; the first is still open", got.err)
	}
	got.conn.(*connection).startAnswering()
	third := add()
	all.close()
	if got := waittest.Receive(t, "the end", third); !errors.Is(got.err, net.ErrClosed) {
		t.Errorf("after the end: %v", got.err)
	}
}

// An IPv6 network is one peer, as is one IPv4 address, however it is written.
func TestPeerOf(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1:1", "192.0.2.1:2", true},
		{"192.0.2.1:1", "192.0.2.2:1", false},
		{"192.0.2.1:1", "[::ffff:192.0.2.1]:1", true},
		{"[2001:db8::1]:1", "[2001:db8::2]:1", true},
		{"[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false},
		{"[fe80::1%1]:1", "[fe80::1%2]:1", true},
	} {
		a, errA := net.ResolveTCPAddr("tcp", c.a)
		b, errB := net.ResolveTCPAddr("tcp", c.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := peerOf(a) == peerOf(b); got != c.same {
			t.Errorf("%s and %s are one peer: %v", c.a, c.b, got)
		}
	}
}
