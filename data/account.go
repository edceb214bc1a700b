package data

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Account is the DoubleTick account that the desk is joined to. Its key is
// not here: it lies in the system's keyring, or in a file of its own.
type Account struct {
	Base     string // where its API is, like https://public.doubletick.io
	Number   Phone  // the business number, from which replies go out
	JoinedAt Moment // zero where the desk is joined to none
	Paused   bool   // the agent wants nothing sent or asked for now
}

// ParseBase makes the address of an account fit to be kept: its scheme keeps the
// key from strangers, unless it never leaves this computer.
func ParseBase(text string) (string, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" || len(text) > 500 {
		return "", fmt.Errorf("%w: %q is not a web address like https://public.doubletick.io", ErrInvalid, OneLine(text, 80))
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "", fmt.Errorf("%w: the address must begin with https://, or the key could be read on its way", ErrInvalid)
	}
	return text, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Joined reports whether there is an account.
func (a Account) Joined() bool { return a.JoinedAt != 0 }

// ConnectionState says how things stand between the desk and its account.
type ConnectionState string

// The states there are.
const (
	NotConnected ConnectionState = ""        // joined to none, or nobody has tried yet
	Online       ConnectionState = "online"  // the last thing asked was answered
	Offline      ConnectionState = "offline" // nothing answers
	Paused       ConnectionState = "paused"  // by the agent, or because DoubleTick asked for it
	KeyRefused   ConnectionState = "refused" // DoubleTick does not accept the key: nothing is sent until it is renewed
	Fetching     ConnectionState = "fetching"
)

// Connection is how things stand between the desk and its account, told by whoever
// does the profile's work.
type Connection struct {
	State  ConnectionState
	Since  Moment
	Reason string // in words for the agent; empty where all is well
	// Chats counts the chats fetched so far while State is Fetching, and Failed
	// the pages that could not be.
	Chats, Failed int
}

// RemoteChat is a chat as the account has it, with messages both ways. Of an
// outgoing message its sender, tick and failure count.
type RemoteChat struct {
	With     Sender
	Tags     []string
	Messages []Message
	// Chat names the chat there, and LastAt is its last message: it is fetched
	// again only when that is another.
	Key    string
	LastAt Moment
}

// SyncResult says what became of a fetched chat.
type SyncResult struct {
	CustomerID  int64
	NewMessages int // messages that were not here yet
	NewCustomer bool
}
