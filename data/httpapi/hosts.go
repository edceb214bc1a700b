package httpapi

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// hostAllowlist is the hosts that the server may be asked for. A web page whose
// own name resolves to this server (DNS rebinding) asks for that name, and is
// refused.
type hostAllowlist struct {
	scheme   string
	withPort map[string]bool // host:port
	anyPort  []string        // with any port or none, such as a tunnel's
}

// allowlist returns the hosts for a server that listens on addr: this computer's
// own names with the port, and those of the config with any.
func (cfg Config) allowlist(scheme string, addr *net.TCPAddr) hostAllowlist {
	h := hostAllowlist{scheme: scheme, withPort: map[string]bool{}}
	port := strconv.Itoa(addr.Port)
	for _, name := range []string{"localhost", "127.0.0.1", "::1", addr.IP.String()} {
		if addr.IP.IsUnspecified() && name == addr.IP.String() {
			continue
		}
		h.withPort[net.JoinHostPort(name, port)] = true
		if scheme == "http" && addr.Port == 80 || scheme == "https" && addr.Port == 443 {
			h.withPort[strings.TrimSuffix(net.JoinHostPort(name, ""), ":")] = true
		}
	}
	for _, name := range cfg.Hosts {
		h.anyPort = append(h.anyPort, strings.ToLower(strings.TrimSpace(name)))
	}
	return h
}

// allows reports whether the server may be asked for host, a Host header.
func (h hostAllowlist) allows(host string) bool {
	host = strings.ToLower(host)
	if h.withPort[host] {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return slices.Contains(h.anyPort, host)
}

// isSameOrigin reports whether a page of the origin came from this server, which
// was asked for by host.
func (h hostAllowlist) isSameOrigin(origin, host string) bool {
	scheme, rest, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(rest, host) && (scheme == h.scheme || scheme == "https") // a tunnel adds TLS
}

// isHostName reports whether name is a host name or an IP address and nothing
// else.
func isHostName(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name != "" && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}
