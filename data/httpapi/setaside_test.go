package httpapi

import (
	"fmt"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Programs learn that something was not understood, and how much is set aside.
func TestServer_CountsWhatIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.follow()
	r := w.streams(w.listen().URL, "")
	for n := 1; n <= 2; n++ {
		_, err := w.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: fmt.Appendf(nil, "{%d", n), Reason: "it is new"}}})
		w.must(err)
		if kind, c, ok := r.next(); !ok || kind != "aside" || c.SetAside == nil || *c.SetAside != n || c.Phone != nil {
			t.Errorf("%d are set aside: %s %+v, %v", n, kind, c, ok)
		}
	}
	c := w.hears(riya, "Hello")
	if kind, change, ok := r.next(); !ok || kind != "message" || change.SetAside != nil {
		t.Errorf("of customer %d came %s %+v, %v", c, kind, change, ok)
	}
}

// So does who watches over the server.
func TestGetHealth_CountsWhatIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.expects("without any", w.asks("GET", "/healthz", "", noKey), 200, `{"status":"ok"}`)
	_, err := w.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte("{"), Reason: "it is new"}}})
	w.must(err)
	w.expects("with one", w.asks("GET", "/healthz", "", noKey), 200, `{"setAside":1,"status":"ok"}`)
	w.must(w.DropSetAside(t.Context(), asha, 1))
	w.expects("without it", w.asks("GET", "/healthz", "", noKey), 200, `{"status":"ok"}`)
}
