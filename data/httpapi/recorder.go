package httpapi

import (
	"io"
	"net/http"
	"time"
)

// statusRecorder is a ResponseWriter that remembers the status.
type statusRecorder struct {
	http.ResponseWriter
	status int          // 0 until the header is sent
	body   *bodyTracker // the request's on HTTP/1; nil if there is none
}

func newStatusRecorder(w http.ResponseWriter, r *http.Request) *statusRecorder {
	rec := &statusRecorder{ResponseWriter: w}
	if r.ProtoMajor == 1 && r.ContentLength != 0 {
		rec.body = &bodyTracker{ReadCloser: r.Body}
		r.Body = rec.body
	}
	return rec
}

// WriteHeader sends the header. If nobody has begun to read the body, the
// connection is closed: the server would wait for all of it otherwise, before
// the response and after.
func (r *statusRecorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
		if r.body != nil && !r.body.started {
			r.Header().Set("Connection", "close")
			_ = http.NewResponseController(r.ResponseWriter).SetReadDeadline(time.Now()) // supported by every server of ours
		}
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the response.
func (r *statusRecorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets an http.ResponseController reach the server's own writer.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// bodyTracker remembers whether anybody has begun to read a body.
type bodyTracker struct {
	io.ReadCloser
	started bool
}

// Read reads from the body.
func (b *bodyTracker) Read(p []byte) (int, error) {
	b.started = true
	return b.ReadCloser.Read(p)
}
