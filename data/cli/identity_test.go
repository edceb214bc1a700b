package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// Whoever writes, however it is delivered and however the address is spelled: the
// message is there, the address is kept to the letter, every spelling finds the
// customer and no stranger, a block by whatever way holds for the person and for
// nobody else, and no message is lost.
func TestIdentity_EveryRowByEveryPath(t *testing.T) {
	for n, path := range deliveryPaths {
		t.Run(path.name, func(t *testing.T) {
			p := newEveryPath(t)
			rows := slices.DeleteFunc(slices.Clone(identityRows), func(r identityRow) bool { return path.not != nil && path.not(r) })
			path.send(p, messagesOf(rows, "first"))
			for i, r := range rows {
				p.knows(r, i%len(deliveryPaths) == n)
			}
			for i, r := range rows {
				blockPaths[(i+n)%len(blockPaths)].block(p, r.spellings[(i+n)%len(r.spellings)])
			}
			path.send(p, messagesOf(rows, "second"))
			for i, r := range rows {
				if c := p.find(r.address); c.Status(p.account.Now()) != data.Blocked || c.Held != 1 {
					t.Errorf("%s: blocked by %s as %q, %s with %d held", r.name, blockPaths[(i+n)%len(blockPaths)].name, r.spellings[(i+n)%len(r.spellings)], c.Status(p.account.Now()), c.Held)
				}
			}
			strangers := strangersOf(rows)
			path.send(p, messagesOf(strangers, "third"))
			for _, r := range strangers {
				if shown, held := p.account.Texts(p.find(r.address).ID); fmt.Sprint(shown) != "["+r.name+": third]" || len(held) != 0 {
					t.Errorf("%s: shown %q, held %q", r.name, shown, held)
				}
			}
			p.lostNothing(2*len(rows), len(strangers))
		})
	}
}

// messagesOf has each of the rows write once.
func messagesOf(rows []identityRow, when string) (all []written) {
	for i, r := range rows {
		all = append(all, written{r, fmt.Sprintf("%s-%d", when, i), r.name + ": " + when})
	}
	return all
}

// strangersOf returns the numbers that look like somebody of the rows.
func strangersOf(rows []identityRow) (all []identityRow) {
	for _, r := range rows {
		for _, number := range r.strangers {
			if digits, ok := strings.CutPrefix(number, "+"); ok && r.group == "" {
				all = append(all, identityRow{name: "not " + r.name + ", " + number, from: `"` + digits + `"`, address: data.Address(number)})
			}
		}
	}
	return all
}

// find returns the customer with an address to the letter.
func (p *everyPath) find(a data.Address) data.Customer {
	p.t.Helper()
	c, err := p.account.Desk.FindCustomer(p.t.Context(), a)
	if err != nil {
		p.t.Fatalf("%s: %v", a, err)
	}
	return c
}

// knows checks that a customer who wrote once is there under the address that was
// delivered, and found by each spelling and by no other; typed at the command line, too.
func (p *everyPath) knows(r identityRow, typed bool) {
	p.t.Helper()
	c := p.find(r.address)
	if shown, held := p.account.Texts(c.ID); fmt.Sprint(shown) != "["+r.name+": first]" || len(held) != 0 || c.Address != r.address {
		p.t.Errorf("%s: under %s is shown %q, held %q", r.name, c.Address, shown, held)
	}
	for way, lookUp := range lookUps {
		if way == "the command line" && !typed { // which opens the profile each time
			continue
		}
		for _, spelling := range r.spellings {
			f, ok := lookUp(p, spelling)
			if !ok || f.IDs[0].Address != r.address || f.Status != data.Active || (f.Phone == nil) != (r.address.Phone() == "") || f.Phone != nil && *f.Phone != string(r.address) {
				p.t.Errorf("%s: %s finds by %q: %v, %+v", r.name, way, spelling, ok, f)
			}
		}
		for _, stranger := range r.strangers {
			if f, ok := lookUp(p, stranger); ok {
				p.t.Errorf("%s: %s takes %q for %+v", r.name, way, stranger, f)
			}
		}
	}
}

// lostNothing checks that of so many messages of rows and of strangers each is shown
// or held, and that the history is whole.
func (p *everyPath) lostNothing(rows, strangers int) {
	p.t.Helper()
	shown, held := 0, 0
	for id := int64(1); ; id++ {
		c, err := p.account.Desk.Customer(p.t.Context(), id)
		if errors.Is(err, data.ErrNotFound) {
			break
		}
		p.must(err)
		s, h := p.account.Texts(c.ID)
		shown, held = shown+len(s), held+len(h)
	}
	aside, err := p.account.Desk.SetAsideTotal(p.t.Context())
	p.must(err)
	if shown != rows/2+strangers || held != rows/2 || aside.Rows != 0 {
		p.t.Errorf("of %d messages and %d of strangers %d are shown, %d held and %d set aside", rows, strangers, shown, held, aside.Rows)
	}
	p.do("audit", "verify")
}
