package data_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// The block of a person is in force as long as that of any of the customers, and does
// not depend on their order.
func TestPersonBlock_EndsLast(t *testing.T) {
	const now = data.Moment(1000)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "customers")
		var all []data.Customer
		for id := range n {
			c := data.Customer{ID: int64(id + 1)}
			if rapid.Bool().Draw(t, "blocked") {
				c.Block = &data.Block{
					At:       data.Moment(rapid.Int64Range(1, 3).Draw(t, "at")),
					Until:    data.Moment(rapid.SampledFrom([]int64{0, 999, 1000, 1001, 1500, 2000}).Draw(t, "until")),
					Borrowed: rapid.Int64Range(0, 1).Draw(t, "borrowed"),
				}
			}
			all = append(all, c)
		}
		block, owner := data.PersonBlock(all, now)
		for _, at := range []data.Moment{now, 1001, 1499, 1500, 1999, 2000} {
			some := false
			for _, c := range all {
				some = some || c.Status(now) == data.Blocked && c.Status(at) == data.Blocked
			}
			if got := block != nil && !block.Ended(at); got != some {
				t.Fatalf("at %d it is in force %v, want %v: %+v", at, got, some, block)
			}
		}
		mixed := rapid.Permutation(all).Draw(t, "mixed")
		if again, its := data.PersonBlock(mixed, now); its != owner || (again == nil) != (block == nil) || block != nil && *again != *block {
			t.Fatalf("%+v of %d, in another order %+v of %d", block, owner, again, its)
		}
	})
}

// Of the blocks in force the one counts that ends last; of those alike an own one before
// one that is lent, then the one that was made first, then that of who was here first.
func TestPersonBlock_IsTheStrictest(t *testing.T) {
	const now = data.Moment(1000)
	of := func(id int64, b data.Block) data.Customer { return data.Customer{ID: id, Block: &b} }
	for name, c := range map[string]struct {
		all   []data.Customer
		owner int64
		at    data.Moment
	}{
		"the later end":            {[]data.Customer{of(1, data.Block{At: 1, Until: 2000}), of(2, data.Block{At: 2, Until: 3000})}, 2, 2},
		"no end":                   {[]data.Customer{of(1, data.Block{At: 1, Until: 2000}), of(2, data.Block{At: 2})}, 2, 2},
		"one's own":                {[]data.Customer{of(1, data.Block{At: 1, Borrowed: 9}), of(2, data.Block{At: 2})}, 2, 2},
		"made first":               {[]data.Customer{of(1, data.Block{At: 3}), of(2, data.Block{At: 2})}, 2, 2},
		"here first":               {[]data.Customer{of(2, data.Block{At: 2}), of(1, data.Block{At: 2})}, 1, 2},
		"two that are lent":        {[]data.Customer{of(1, data.Block{At: 3, Borrowed: 8}), of(2, data.Block{At: 2, Borrowed: 9})}, 9, 2},
		"lent, and it ends later":  {[]data.Customer{of(1, data.Block{At: 3, Until: 2000}), of(2, data.Block{At: 2, Until: 3000, Borrowed: 9})}, 9, 2},
		"not the one that is over": {[]data.Customer{of(1, data.Block{At: 3, Until: 1000}), of(2, data.Block{At: 2, Until: 1001}), {ID: 3}}, 2, 2},
	} {
		for range 2 {
			if block, owner := data.PersonBlock(c.all, now); owner != c.owner || block == nil || block.At != c.at {
				t.Errorf("%s: %+v of %d", name, block, owner)
			}
			slices.Reverse(c.all)
		}
	}
	if block, owner := data.PersonBlock([]data.Customer{{ID: 1}}, now); block != nil || owner != 0 {
		t.Errorf("of nobody blocked: %+v of %d", block, owner)
	}
}

func TestBlock_LendSaysWhoseItIs(t *testing.T) {
	b := data.Block{At: 1, Borrowed: 5}
	if got := b.Lend(7, 8); got.Borrowed != 7 || got.At != 1 || b.Borrowed != 5 {
		t.Errorf("to another: %+v, of %+v", got, b)
	}
	if got := b.Lend(7, 7); got.Borrowed != 0 {
		t.Errorf("to its owner: %+v", got)
	}
}

func TestPair_Other(t *testing.T) {
	p := data.Pair{First: 3, Second: 4}
	if p.Other(3) != 4 || p.Other(4) != 3 {
		t.Errorf("%d and %d", p.Other(3), p.Other(4))
	}
}
