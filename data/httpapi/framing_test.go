package httpapi

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// What a request may have smuggled behind it is never read as a second one.
func TestServer_ClosesAfterAmbiguousFraming(t *testing.T) {
	w := newWorld(t)
	l := w.serves(Config{Listen: "127.0.0.1:0"})
	address := strings.TrimPrefix(l.URL(), "http://")
	const second = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for _, c := range []struct {
		first   string
		answers int
	}{
		{"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n", 2},
		{"POST /healthz HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1},
		{"POST /healthz HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 1},
		{"CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n", 1}, // a proxy in front may take what follows for a tunnel's
		{"CONNECT HOST HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1},
		{"POST /healthz HTTP/1.0\r\nHost: HOST\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 1},
	} {
		conn, err := (&net.Dialer{}).DialContext(waittest.Context(t), "tcp", address)
		w.must(err)
		defer conn.Close()
		w.must(conn.SetDeadline(time.Now().Add(waittest.Deadline)))
		_, err = io.WriteString(conn, strings.ReplaceAll(c.first, "HOST", address)+strings.ReplaceAll(second, "localhost", address)+strings.Replace(strings.ReplaceAll(second, "localhost", address), "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1))
		w.must(err)
		answers, reader := 0, bufio.NewReader(conn)
		for {
			resp, err := http.ReadResponse(reader, nil)
			if err != nil {
				break
			}
			_, err = io.Copy(io.Discard, resp.Body)
			w.must(err)
			w.must(resp.Body.Close())
			answers++
		}
		want := c.answers
		if want == 2 {
			want = 3 // the third asks for the end
		}
		if answers != want {
			t.Errorf("%q and two requests behind it: %d answers, not %d", c.first, answers, want)
		}
	}
}
