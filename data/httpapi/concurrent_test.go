package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// Sixty-four clients at once, each with a customer of its own and one that all
// fight over: nobody fails, nothing is lost, and the chain is whole.
func TestServer_ConcurrentClients(t *testing.T) {
	w := newWorld(t)
	w.follow()
	const clients, rounds = 64, 3
	common := w.hears(ada, "Hello")
	for i := range clients {
		w.hears(crowdPhone(i), "Hello")
	}
	at := w.listen().URL
	name := host(strings.TrimPrefix(at, "http://"))
	r := w.streams(at, "")
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			own := phone(crowdPhone(i))
			for n := range rounds {
				w.expects("block", w.asks("POST", "/customer/block", own, name, once(fmt.Sprint("b", i, "/", n))), 201, `{}`)
				w.expects("block again", w.asks("POST", "/customer/block", own, name, once(fmt.Sprint("b", i, "/", n))), 201, `{}`)
				for _, act := range []string{"block", "unblock"} {
					w.expects(act+" the common one", w.asks("POST", "/customer/"+act, phone(ada), name), 201, `{}`)
				}
				for _, target := range []string{"/customer/status?phone=" + string(crowdPhone(i))[1:], "/customers/blocked?limit=5", "/chats?limit=3"} {
					if got := w.asks("GET", target, "", name); got.status != http.StatusOK {
						t.Errorf("%s: %d %s", target, got.status, got.body)
					}
				}
				if got := w.deliver(message(fmt.Sprint(i, "/", n), "x"), name); got.status != 200 {
					t.Errorf("%d %s", got.status, got.body)
				}
				w.expects("unblock", w.asks("POST", "/customer/unblock", own, name), 201, `{}`)
			}
		})
	}
	waittest.Return(t, "all clients to be done", all.Wait)
	for i := range clients {
		c, err := w.FindCustomer(t.Context(), data.Address(crowdPhone(i)))
		w.must(err)
		if got := w.kinds(c.ID); got != strings.TrimSpace(strings.Repeat("blocked unblocked ", rounds)) {
			t.Errorf("client %d: %s", i, got)
		}
	}
	for i, kind := range strings.Fields(w.kinds(common)) {
		if kind != []string{"blocked", "unblocked"}[i%2] {
			t.Errorf("event %d of the common one is %s", i, kind)
		}
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
	last, err := w.LastChange(t.Context())
	w.must(err)
	for seen := r.seq(); seen < last; seen++ {
		if c := r.seq(); c != seen+1 {
			t.Fatalf("after change %d the stream has %d", seen, c)
		}
	}
}

func crowdPhone(i int) data.Phone { return data.Phone(fmt.Sprintf("+4670%07d", i)) }

// seq returns the number of the next change, whatever it is.
func (r *reader) seq() int64 {
	r.w.t.Helper()
	_, c, ok := r.next()
	if !ok {
		r.w.t.Fatal("the stream ended")
	}
	return c.Seq
}
