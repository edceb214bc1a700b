package desk_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// A past block has its own beginning and its own end: an unblock that was
// undone ended none, and what a note says is taken for nothing else.
func TestPastBlocks(t *testing.T) {
	now := time.UnixMilli(1_784_547_587_000)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := desk.New(s)
	asha := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	ben := data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaWindow}
	add := func(phone data.Phone, name string) int64 {
		c, err := d.Add(t.Context(), data.Address(phone), name)
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	must := func(out data.Outcome, err error) data.Undo {
		t.Helper()
		if err != nil || !out.Changed {
			t.Fatalf("%+v, %v", out, err)
		}
		now = now.Add(time.Minute)
		return out.Undo
	}
	block := func(id int64, ask data.BlockRequest) data.Undo {
		t.Helper()
		return must(d.Block(t.Context(), asha, id, ask))
	}
	unblock := func(id int64, note string) data.Undo {
		t.Helper()
		return must(d.Unblock(t.Context(), ben, id, data.UnblockRequest{Note: note}))
	}
	zoe, carl, dora := add("+46701111111", "Zoe"), add("+46702222222", "Carl"), add("+46703333333", "Dora")

	block(zoe, data.BlockRequest{Reason: "Spam"})
	unblock(zoe, `"from":"blocked" {"of":1}`) // 2
	must(d.Undo(t.Context(), ben, block(zoe, data.BlockRequest{Reason: "Abuse"})))
	block(carl, data.BlockRequest{Reason: "Scam", Until: data.MomentOf(now.Add(time.Hour))}) // 5
	block(dora, data.BlockRequest{})
	must(d.Undo(t.Context(), asha, unblock(dora, ""))) // 7, 8: the block goes on
	now = now.Add(2 * time.Hour)
	if _, err := d.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := func(search string) string {
		t.Helper()
		ids, err := d.PastIDs(t.Context(), search)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := d.PastBlocks(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, id := range ids {
			for _, row := range rows {
				if row.Seq == id {
					lines = append(lines, fmt.Sprint(row.Name, " ", row.Reason, " by ", row.By, ", ", row.How, " by ", row.EndedBy, " after ", row.Ended.Time().Sub(row.At.Time())))
				}
			}
		}
		return strings.Join(lines, "\n")
	}
	want := "Carl Scam by Asha, block_ended by  after 1h0m0s\n" +
		"Zoe Abuse by Asha, undone by Ben after 1m0s\n" +
		"Zoe Spam by Asha, unblocked by Ben after 1m0s"
	if got := list(""); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := list("carl"); got != want[:strings.Index(want, "\n")] {
		t.Errorf("searched: %s", got)
	}
	unblock(dora, "")
	if got := list("dora"); got != "Dora  by Asha, unblocked by Ben after 2h3m0s" {
		t.Errorf("the block that went on: %s", got)
	}
	if counts, err := d.BlockedCounts(t.Context()); err != nil || counts != (data.BlockedCounts{Past: 4}) {
		t.Errorf("%+v, %v", counts, err)
	}

	if err := d.SaveReviewPeriods(t.Context(), data.ReviewPeriods{Days: 14}); err != nil {
		t.Fatal(err)
	}
	if p, err := d.ReviewPeriods(t.Context()); err != nil || p != (data.ReviewPeriods{Days: 14}) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, p := range []data.ReviewPeriods{{Days: -1}, {Old: data.MaxReviewDays + 1}} {
		if err := d.SaveReviewPeriods(t.Context(), p); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
