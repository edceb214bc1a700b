package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// logTo has the log written to a buffer until the test ends.
func logTo(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	was := slog.Default()
	t.Cleanup(func() { slog.SetDefault(was) })
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	return &log
}

// A busy night leaves in the log what it had in the evening: requests are summed.
func TestRequestLog_KeepsANight(t *testing.T) {
	log := logTo(t)
	synctest.Test(t, func(t *testing.T) {
		var requests requestLog
		ctx, end := context.WithCancel(t.Context())
		go requests.run(ctx)
		paths := []string{"GET /customer/status", "POST /customer/block", "POST /webhook/{secret}", "GET /chats", "GET /customers/{phone}/events"}
		total := 0
		time.Sleep(requestLogInterval / 2) // so that the minutes of both do not end at once
		for range 12 * 60 {                // minutes, with eleven requests a second
			for i := range 660 {
				requests.add(&http.Request{Method: strings.Fields(paths[i%5])[0], Pattern: paths[i%5]}, []int{200, 201, 429}[i%3])
				total++
			}
			time.Sleep(time.Minute)
		}
		end()
		synctest.Wait()
		if lines := bytes.Count(log.Bytes(), []byte("\n")); lines != 12*60 || log.Len() > 1<<20 {
			t.Errorf("%d requests leave %d lines, %d bytes", total, lines, log.Len())
		}
		if !strings.Contains(log.String(), "requests=660 by=\"GET /chats 200: 44, ") {
			t.Errorf("it begins with %.400s", log)
		}
	})
}

// What was counted in a minute that does not end is written when the server ends, and
// whoever tries every path makes no endless line.
func TestRequestLog_WritesTheRest(t *testing.T) {
	log := logTo(t)
	var requests requestLog
	for i := range 100 {
		requests.add(&http.Request{Method: "GET", Pattern: fmt.Sprintf("GET /%02d", i)}, 404)
	}
	requests.add(&http.Request{Method: "919137979401"}, 405)
	ctx, end := context.WithCancel(t.Context())
	end()
	waittest.Return(t, "the end of the log", func() { requests.run(ctx) })
	got := log.String()
	if strings.Count(got, "\n") != 1 || !strings.Contains(got, "requests=101") || !strings.Contains(got, "others: 81") || strings.Contains(got, "91379") {
		t.Errorf("it is %s", got)
	}
	requests.flush()
	if log.String() != got {
		t.Error("nothing was counted, and a line was written")
	}
}
