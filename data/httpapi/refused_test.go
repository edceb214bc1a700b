package httpapi

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Whose block DoubleTick refused is told, and why.
func TestServer_ListsWhatWasRefused(t *testing.T) {
	w := newWorld(t)
	w.expects("nothing", w.asks("GET", "/account/refused", ""), 200, `{"refused":[]}`)
	w.must(w.Join(t.Context(), data.Account{Base: "https://public.example.com", Number: "+918888888888", JoinedAt: w.Now()}))
	const user = "IN.13491208655302741918"
	w.addApart(user)
	w.expects("block", w.asks("POST", "/customers/block", `{"phones":["`+user+`"]}`), 200, `{"done":1,"already":0,"refused":0,"changed":0,"kept":0,"results":[{"phone":"`+user+`","result":"done"}]}`)
	got := read[RefusedList](w, w.asks("GET", "/account/refused", ""))
	if len(got.Refused) != 1 || got.Refused[0].Address != user || got.Refused[0].Act != RefusedEntryActBlock || got.Refused[0].Why == "" || got.Refused[0].Status != nil {
		t.Errorf("%+v", got)
	}
	w.expects("without the key", w.asks("GET", "/account/refused", "", noKey), 401, `{"statusCode":401,"message":"Unauthorized"}`)
}
