//go:build !windows && !darwin

package notify

import (
	"bufio"
	"encoding/binary"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// notice is a call of Notify as the bus gets it.
type notice struct {
	app, icon, title, text string
	replaces               uint32
	actions                []string
	hints                  map[string]dbus.Variant
	expiry                 int32
}

// fakeBus is a session bus with a notification service and no other parts.
type fakeBus struct {
	t       *testing.T
	address string
	notices chan notice
	closed  chan uint32
	conns   chan net.Conn
	mute    atomic.Bool // calls are not answered
	serial  atomic.Uint32
	next    atomic.Uint32
}

func newFakeBus(t *testing.T) *fakeBus {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bus")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	b := &fakeBus{t: t, address: "unix:path=" + path, notices: make(chan notice, 64), closed: make(chan uint32, 64), conns: make(chan net.Conn, 8)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			b.conns <- conn
			go b.serve(conn)
		}
	}()
	return b
}

// serve lets a client in and answers its calls.
func (b *fakeBus) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		switch line = strings.Trim(line, "\x00\r\n"); {
		case err != nil:
			return
		case line == "AUTH":
			_, _ = conn.Write([]byte("REJECTED EXTERNAL\r\n"))
		case line == "NEGOTIATE_UNIX_FD":
			_, _ = conn.Write([]byte("ERROR\r\n"))
		case line == "BEGIN":
			b.answer(conn, in)
			return
		default:
			_, _ = conn.Write([]byte("OK 1234deadbeef\r\n"))
		}
	}
}

func (b *fakeBus) answer(conn net.Conn, in *bufio.Reader) {
	for {
		call, err := dbus.DecodeMessage(in)
		if err != nil {
			return
		}
		if !b.mute.Load() {
			b.handle(conn, call)
		}
	}
}

// handle answers a call, and then hands on what it asks for.
func (b *fakeBus) handle(conn net.Conn, call *dbus.Message) {
	var body []any
	switch name, _ := call.Headers[dbus.FieldMember].Value().(string); name {
	case "Hello":
		body = []any{":1.7"}
	case "Notify":
		var n notice
		if err := dbus.Store(call.Body, &n.app, &n.replaces, &n.icon, &n.title, &n.text, &n.actions, &n.hints, &n.expiry); err != nil {
			b.t.Error(err)
		}
		id := n.replaces
		if id == 0 {
			id = b.next.Add(1)
		}
		body = []any{id}
		defer func() { b.notices <- n }()
	case "CloseNotification":
		id, _ := call.Body[0].(uint32)
		defer func() { b.closed <- id }()
	}
	reply := &dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(call.Serial()), dbus.FieldDestination: dbus.MakeVariant(":1.7"),
	}, Body: body}
	b.send(conn, reply)
}

// send writes a message whose serial, which the library sets only in its own
// connections, is written over that of the encoded message.
func (b *fakeBus) send(conn net.Conn, m *dbus.Message) {
	if len(m.Body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(m.Body...))
	}
	var text strings.Builder
	if err := m.EncodeTo(&text, binary.LittleEndian); err != nil {
		b.t.Error(err)
		return
	}
	raw := []byte(text.String())
	binary.LittleEndian.PutUint32(raw[8:], b.serial.Add(1))
	_, _ = conn.Write(raw)
}

func (b *fakeBus) signal(conn net.Conn, name string, body ...any) {
	b.send(conn, &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath: dbus.MakeVariant(objectPath), dbus.FieldInterface: dbus.MakeVariant(busName),
		dbus.FieldMember: dbus.MakeVariant(name), dbus.FieldSender: dbus.MakeVariant(":1.2"),
	}, Body: body})
}

func newClient(t *testing.T, b *fakeBus) (*Notifier, <-chan int64) {
	t.Helper()
	t.Setenv("FLATPAK_ID", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.address)
	clicks := make(chan int64, 8)
	n := New(t.Context(), "io.github.latchdesk.Latchdesk", func(key int64) { clicks <- key })
	if n == nil {
		t.Fatal("there is a bus, and no notifier")
	}
	return n, clicks
}

func TestNotifier_ReplacesTheCustomersOwn(t *testing.T) {
	b := newFakeBus(t)
	n, clicks := newClient(t, b)
	n.Show(Notification{Key: 7, Title: "Latchdesk", Text: "1 new message"})
	first := waittest.Receive(t, "the first", b.notices)
	if first.app != "Latchdesk" || first.title != "Latchdesk" || first.text != "1 new message" || first.replaces != 0 ||
		first.expiry <= 0 || !slices.Equal(first.actions, []string{"default", "Open"}) || first.hints["desktop-entry"].Value() != "io.github.latchdesk.Latchdesk" {
		t.Errorf("the first is %+v", first)
	}
	n.Show(Notification{Key: 7, Title: "Latchdesk", Text: "2 new messages"})
	if second := waittest.Receive(t, "the second", b.notices); second.replaces != 1 || second.text != "2 new messages" {
		t.Errorf("the second is %+v", second)
	}
	n.Show(Notification{Key: 8, Title: "Latchdesk", Text: "1 new message"})
	if other := waittest.Receive(t, "another customer's", b.notices); other.replaces != 0 {
		t.Errorf("another customer's is %+v", other)
	}

	// A click says which customer. What was clicked or closed is not replaced.
	conn := waittest.Receive(t, "the connection", b.conns)
	b.signal(conn, "ActionInvoked", uint32(99), "default") // another program's
	b.signal(conn, "ActionInvoked", uint32(2), "default")
	if key := waittest.Receive(t, "the click", clicks); key != 8 {
		t.Errorf("the click was on %d", key)
	}
	b.signal(conn, "NotificationClosed", uint32(1), uint32(2))
	b.signal(conn, "ActionInvoked", uint32(2), "default") // was clicked
	n.Show(Notification{Key: 9})
	waittest.Receive(t, "a third customer's", b.notices)
	b.signal(conn, "ActionInvoked", uint32(3), "default") // comes after all of the above
	if key := waittest.Receive(t, "the click on the third", clicks); key != 9 {
		t.Errorf("the click was on %d", key)
	}
	n.Show(Notification{Key: 7})
	if again := waittest.Receive(t, "a new one", b.notices); again.replaces != 0 {
		t.Errorf("one that was closed is replaced: %+v", again)
	}
	n.Clear()
	if id := waittest.Receive(t, "the closing", b.closed); id != 4 {
		t.Errorf("%d is closed", id)
	}
}

// A service that does not answer keeps nobody waiting, and what piles up meanwhile is
// one notification.
func TestNotifier_NeverWaits(t *testing.T) {
	b := newFakeBus(t)
	n, _ := newClient(t, b)
	n.Show(Notification{Key: 7, Text: "before"})
	waittest.Receive(t, "the first", b.notices)
	b.mute.Store(true)
	for range 1000 { // would take 5,000 s if it waited
		n.Show(Notification{Key: 7, Text: "old"})
	}
	n.Show(Notification{Key: 7, Text: "new"})
	b.mute.Store(false)
	_ = waittest.Receive(t, "the first connection", b.conns).Close()
	for shown := 1; ; shown++ {
		if last := waittest.Receive(t, "the newest", b.notices); last.text == "new" {
			break
		}
		if shown > 2 {
			t.Error("each is shown")
		}
	}
}

func TestNew_NoBus(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	for _, address := range []string{"", "autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if New(t.Context(), "x", nil) != nil {
			t.Errorf("a bus is seen at %q", address)
		}
	}
}
