//go:build !windows && !darwin

package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/godbus/dbus/v5"
)

const (
	busName    = "org.freedesktop.Notifications"
	objectPath = dbus.ObjectPath("/org/freedesktop/Notifications")

	// expiry is how long a notification stays, in milliseconds.
	expiry int32 = 10_000
)

// New returns a notifier that speaks to the notification service of the session, and
// calls onClicked with the key of a notification that was clicked. It returns nil where
// there is no session bus, or the program is kept from it.
func New(ctx context.Context, desktopEntry string, onClicked func(key int64)) *Notifier {
	address := busAddress()
	if address == "" || os.Getenv("FLATPAK_ID") != "" {
		return nil
	}
	return newNotifier(ctx, connectTo(address, desktopEntry), onClicked)
}

// busAddress returns the address of the session bus, empty if none is known. The library
// would start one where dbus-launch is installed, and leave it behind.
func busAddress() string {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return address
	}
	folder := os.Getenv("XDG_RUNTIME_DIR")
	if folder == "" {
		folder = filepath.Join("/run/user", strconv.Itoa(os.Getuid()))
	}
	socket := filepath.Join(folder, "bus")
	if info, err := os.Stat(socket); err != nil || info.Mode()&os.ModeSocket == 0 {
		return ""
	}
	return "unix:path=" + dbus.EscapeBusAddressValue(socket)
}

// connectTo returns a function that connects to the service on the bus at address.
func connectTo(address, desktopEntry string) connectFunc {
	return func(ctx context.Context, emit func(event)) (service, error) {
		conn, err := dbus.Connect(address)
		if err != nil {
			return nil, fmt.Errorf("connect to the session bus: %w", err)
		}
		err = conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(objectPath), dbus.WithMatchInterface(busName))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen to the notification service: %w", err), conn.Close())
		}
		signals := make(chan *dbus.Signal, 64)
		conn.Signal(signals)
		go listen(signals, emit)
		return &bus{conn, conn.Object(busName, objectPath), desktopEntry}, nil
	}
}

// listen hands on what the service says of notifications, until the connection ends.
func listen(signals <-chan *dbus.Signal, emit func(event)) {
	for signal := range signals {
		if len(signal.Body) < 2 {
			continue
		}
		id, ok := signal.Body[0].(uint32)
		if !ok {
			continue
		}
		switch signal.Name {
		case busName + ".ActionInvoked":
			if signal.Body[1] == "default" {
				emit(event{id: id, clicked: true})
			}
		case busName + ".NotificationClosed":
			emit(event{id: id})
		}
	}
}

// bus is a connection to the session bus.
type bus struct {
	conn         *dbus.Conn
	object       dbus.BusObject
	desktopEntry string
}

func (b *bus) notify(ctx context.Context, n Notification, replaces uint32) (id uint32, err error) {
	hints := map[string]dbus.Variant{
		"desktop-entry": dbus.MakeVariant(b.desktopEntry),
		"category":      dbus.MakeVariant("im.received"),
		"urgency":       dbus.MakeVariant(byte(1)), // normal
	}
	call := b.object.CallWithContext(ctx, busName+".Notify", 0,
		"Latchdesk", replaces, b.desktopEntry, n.Title, n.Text, []string{"default", "Open"}, hints, expiry)
	if err := call.Store(&id); err != nil {
		return 0, fmt.Errorf("show a notification: %w", err)
	}
	return id, nil
}

func (b *bus) close(ctx context.Context, id uint32) error {
	return b.object.CallWithContext(ctx, busName+".CloseNotification", 0, id).Err
}

func (b *bus) disconnect() { _ = b.conn.Close() }
