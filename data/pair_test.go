package data_test

import (
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
