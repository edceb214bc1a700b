package receive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/store"
)

// odd is a delivery that cannot be understood.
const odd = `{"messageId":"a","to":"919137979401","status":"LOST","statusTimestamp":"2026-07-20T10:00:00Z"}`

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}

// fataler is a test, of the standard library or of rapid.
type fataler interface {
	Helper()
	Fatal(...any)
}

func total(t fataler, d *desk.Desk) data.SetAsideTotal {
	t.Helper()
	sum, err := d.SetAsideTotal(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// fill leaves no room for more that is set aside.
func fill(t *testing.T, d *desk.Desk) {
	t.Helper()
	db, err := sql.Open("sqlite", d.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO set_aside_total (id, rows, bytes) VALUES (1, ?, 0)", data.MaxSetAsideRows); err != nil {
		t.Fatal(err)
	}
}

func TestImporter_SetsAsideUnderEitherPolicy(t *testing.T) {
	for _, policy := range []ErrorPolicy{SkipBad, StopAtFirst} {
		var aside []string
		i := &Importer{
			Desk: newDesk(t), Policy: policy,
			OnSkip:     func(_ doubletick.Delivery, err error) { t.Error(err) },
			OnSetAside: func(d doubletick.Delivery) { aside = append(aside, reasonOf(d.Err)) },
		}
		texts, err := addAll(t, i, message("1", "one"), doubletick.Parse([]byte(odd))[0], message("2", "two"), doubletick.Parse([]byte(odd))[0], doubletick.Parse([]byte("{}"))[0])
		if err != nil || !slices.Equal(texts, []string{"one", "two"}) {
			t.Errorf("%q, %v", texts, err)
		}
		if want := (Summary{Taken: 2, SetAside: 3}); i.Summary() != want || len(aside) != 3 || !strings.Contains(aside[0], "LOST") {
			t.Errorf("%+v, want %+v: %q", i.Summary(), want, aside)
		}
		if got := total(t, i.Desk); got.Rows != 2 || got.Bytes != int64(len(odd)+2) {
			t.Errorf("%+v", got)
		}
	}
}

// What is read ahead of the writing is set aside as it came, however the reader
// uses its buffer meanwhile.
func TestReadAll_SetsAsideWhatItRead(t *testing.T) {
	d := newDesk(t)
	var input strings.Builder
	want := map[string]bool{}
	for n := range 1000 {
		raw := fmt.Sprintf(`{"number":%d,"rest":"%s"}`, n, strings.Repeat("x", n))
		want[raw] = true
		input.WriteString(raw + "\n")
	}
	i := &Importer{Desk: d, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
	if err := i.ReadAll(t.Context(), strings.NewReader(input.String())); err != nil || i.Summary() != (Summary{SetAside: 1000}) {
		t.Fatalf("%+v, %v", i.Summary(), err)
	}
	ids, err := d.SetAsideIDs(t.Context())
	if err != nil || len(ids) != 1000 {
		t.Fatalf("%d are set aside, %v", len(ids), err)
	}
	for _, id := range ids {
		kept, err := d.FindSetAside(t.Context(), id)
		if err != nil || !want[string(kept.Raw)] {
			t.Fatalf("delivery %d holds %.60q, %v", id, kept.Raw, err)
		}
	}
}

// One object with good and odd parts is set aside whole and once, and its good parts
// are taken now; read anew, they are known.
func TestReadAll_SetsAnObjectAsideOnce(t *testing.T) {
	const body = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"918888888888"},"messages":[` +
		`{"id":"wamid.1","from":"919137979401","timestamp":"1784547587","type":"text","text":{"body":"one"}},{"from":"919137979401","type":"text"},` +
		`{"id":"wamid.2","from":"919137979401","timestamp":"1784547588","type":"text","text":{"body":"two"}},{"type":"text"}]}}]}]}`
	for n, input := range []string{body + "{}" + body, "[" + body + ",{}," + body + "]"} {
		d := newDesk(t)
		i := &Importer{Desk: d, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
		if err := i.ReadAll(t.Context(), strings.NewReader(input)); err != nil || i.Summary() != (Summary{Taken: 2, AlreadyHere: 2, SetAside: 3}) {
			t.Errorf("input %d: %+v, %v", n, i.Summary(), err)
		}
		kept, err := d.FindSetAside(t.Context(), 1)
		if err != nil || string(kept.Raw) != body || kept.Count != 2 || total(t, d).Rows != 2 {
			t.Errorf("input %d: %+v, %v", n, kept, err)
		}
		if sum, err := Retry(t.Context(), d, asha); err != nil || sum != (Retried{Tried: 2}) {
			t.Errorf("input %d: %+v, %v", n, sum, err)
		}
		if texts, err := addAll(t, i); err != nil || !slices.Equal(texts, []string{"one", "two"}) {
			t.Errorf("input %d: %q, %v", n, texts, err)
		}
	}
}

// News of another number is filed under the customer who had the old one, and of
// somebody who is not known here it is no news.
func TestImporter_TakesAnIdentityChange(t *testing.T) {
	d := newDesk(t)
	i := &Importer{Desk: d, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
	c, err := d.Add(t.Context(), "+919137979401", "Riya")
	if err != nil {
		t.Fatal(err)
	}
	known := doubletick.Delivery{Change: &data.IdentityChange{From: data.Sender{Phone: "+919137979401"}, To: data.Sender{Phone: "+919137979402"}}}
	nobody := doubletick.Delivery{Change: &data.IdentityChange{From: data.Sender{Phone: "+46701234567"}, To: data.Sender{Phone: "+46701234568"}}}
	if _, err := addAll(t, i, known, nobody); err != nil || i.Summary() != (Summary{IdentityChanges: 1, Ignored: 1}) {
		t.Errorf("%+v, %v", i.Summary(), err)
	}
	if found, err := d.FindCustomer(t.Context(), "+919137979402"); err != nil || found.ID != c.ID {
		t.Errorf("%+v, %v", found, err)
	}
}

// News of another number that names nobody is set aside.
func TestImporter_SetsAnOddIdentityChangeAside(t *testing.T) {
	d := newDesk(t)
	i := &Importer{Desk: d, Policy: StopAtFirst, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
	odd := doubletick.Delivery{Raw: []byte("{}"), Change: &data.IdentityChange{To: data.Sender{Phone: "+919137979402"}}}
	if _, err := addAll(t, i, odd); err != nil || i.Summary() != (Summary{SetAside: 1}) {
		t.Errorf("%+v, %v", i.Summary(), err)
	}
	if kept, err := d.FindSetAside(t.Context(), 1); err != nil || !strings.Contains(kept.Reason, "names no old") {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestReadAll_StopsWhereNothingMoreCanBeSetAside(t *testing.T) {
	d := newDesk(t)
	fill(t, d)
	i := &Importer{Desk: d, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
	input := raw("a", "919137979401", "one") + "\n\n" + odd + "\n" + raw("b", "919137979401", "two") + "\n"
	err := i.ReadAll(t.Context(), strings.NewReader(input))
	if user := data.UserError(""); !errors.As(err, &user) || !strings.HasPrefix(err.Error(), "Nothing from line 3 on was taken in. Deliveries that cannot be understood") {
		t.Errorf("%v", err)
	}
	if want := (Summary{Taken: 1}); i.Summary() != want {
		t.Errorf("%+v", i.Summary())
	}
}

// raw is a message as it is delivered.
func raw(id, from, text string) string {
	return fmt.Sprintf(`{"to":"918888888888","from":%q,"dtMessageId":%q,"receivedAt":"2026-07-20T10:00:00.000Z","message":{"type":"TEXT","text":%q}}`, from, id, text)
}

func TestRetry_TakesWhatIsUnderstoodNow(t *testing.T) {
	d := newDesk(t)
	set := func(texts ...string) {
		t.Helper()
		for _, text := range texts { // as an older program would have it
			if _, err := d.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(text), Reason: "it is new"}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(raw("a", "919137979401", "one"), odd, raw("b", "919137979401", poison), raw("c", "919137979401", "three"),
		`{"messageId":"elsewhere","status":"READ","statusTimestamp":"2026-07-20T10:00:00Z"}`)
	sum, err := Retry(t.Context(), d, asha)
	if sum != (Retried{Tried: 5, Taken: 3}) || err == nil || !strings.Contains(err.Error(), poison) {
		t.Errorf("%+v, %v", sum, err)
	}
	i := &Importer{Desk: d}
	if texts, err := addAll(t, i); err != nil || !slices.Equal(texts, []string{"one", "three"}) {
		t.Errorf("%q, %v", texts, err)
	}
	ids, err := d.SetAsideIDs(t.Context())
	if err != nil || len(ids) != 2 || total(t, d).Rows != 2 {
		t.Fatalf("%v are left, %v", ids, err)
	}
	if kept, err := d.FindSetAside(t.Context(), ids[1]); err != nil || kept.Reason != `its status "LOST" is unknown` {
		t.Errorf("%+v, %v", kept, err)
	}
	if sum, err := Retry(t.Context(), d, asha, ids[1]); err != nil || sum != (Retried{Tried: 1}) {
		t.Errorf("%+v, %v", sum, err)
	}
	for _, id := range []int64{1, 99} {
		if _, err := Retry(t.Context(), d, asha, id); !errors.Is(err, data.ErrNotSetAside) {
			t.Errorf("delivery %d: %v", id, err)
		}
	}
}

// Whatever is delivered, in whatever order and however often, while customers are
// blocked and unblocked: every message is shown, held or discarded, and every other
// delivery is set aside.
func TestImporter_LosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		d := desk.New(s)
		policy := rapid.SampledFrom([]ErrorPolicy{SkipBad, StopAtFirst}).Draw(rt, "policy")
		i := &Importer{Desk: d, Policy: policy, MaxBatch: rapid.IntRange(1, 5).Draw(rt, "batch"), OnSkip: func(_ doubletick.Delivery, err error) { rt.Error(err) }}
		good, bad, received := map[string]bool{}, map[string]bool{}, int64(0)
		phones := []data.Phone{"+919137979401", "+442079460958"}
		for range rapid.IntRange(0, 15).Draw(rt, "steps") {
			phone := rapid.SampledFrom(phones).Draw(rt, "phone")
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0:
				_, err = d.BlockAddress(t.Context(), asha, data.Address(phone), data.BlockRequest{})
			case 1:
				c, findErr := d.FindCustomer(t.Context(), data.Address(phone))
				if findErr == nil {
					_, err = d.Unblock(t.Context(), asha, c.ID, data.UnblockRequest{Discard: rapid.Bool().Draw(rt, "discard")})
				}
			case 2:
				text := rapid.SampledFrom([]string{odd, "{}", `{"from":"x","message":{},"dtMessageId":"y"}`, `{"from":"919137979401","message":{}}`}).Draw(rt, "bad")
				bad[text], received = true, received+1
				err = i.Add(t.Context(), doubletick.Parse([]byte(text))[0])
			default:
				id := rapid.StringMatching(`[a-c][0-9]`).Draw(rt, "id")
				good[id], received = true, received+1
				err = i.Add(t.Context(), doubletick.Parse([]byte(raw(id, string(phone[1:]), id)))[0])
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
		if err := i.Flush(t.Context()); err != nil {
			rt.Fatal(err)
		}
		sum := i.Summary()
		if sum.Taken != int64(len(good)) || sum.Refused != 0 || sum.Taken+sum.AlreadyHere+sum.SetAside != received {
			rt.Fatalf("%+v of %d, %d messages", sum, received, len(good))
		}
		kept, err := s.Stats(t.Context())
		if err != nil || kept.Messages != int64(len(good)) {
			rt.Fatalf("%d messages are here of %d, %v", kept.Messages, len(good), err)
		}
		ids, err := d.SetAsideIDs(t.Context())
		if err != nil || len(ids) != len(bad) || total(rt, d).Rows != int64(len(bad)) {
			rt.Fatalf("%d are set aside of %d, %v", len(ids), len(bad), err)
		}
		for _, id := range ids {
			if aside, err := d.FindSetAside(t.Context(), id); err != nil || !bad[string(aside.Raw)] {
				rt.Fatalf("%q, %v", aside.Raw, err)
			}
		}
	})
}
