package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// Whichever statement of an act on a pair fails, nothing of it is there.
func TestPairActs_WholeOrNotAtAll(t *testing.T) {
	asha := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	number, user := data.Sender{Phone: "+919137979401"}, data.Sender{UserID: "IN.13491208655302741918"}
	one := data.Sender{Phone: number.Phone, UserID: user.UserID}
	faulty := errors.New("the disk is on fire")
	for name, c := range map[string]struct {
		before []func(d *desk.Desk) error
		act    func(d *desk.Desk) error
	}{
		"a pair begins": {nil, func(d *desk.Desk) error {
			_, err := d.Receive(t.Context(), []data.Incoming{{From: one, Message: incoming("of both, too", start)}})
			return err
		}},
		"JoinPair":  {[]func(d *desk.Desk) error{}, func(d *desk.Desk) error { return d.JoinPair(t.Context(), asha, 1) }},
		"KeepApart": {[]func(d *desk.Desk) error{}, func(d *desk.Desk) error { return d.KeepApart(t.Context(), asha, 1, false) }},
		"Unblock of both": {[]func(d *desk.Desk) error{}, func(d *desk.Desk) error {
			_, err := d.Unblock(t.Context(), asha, 2, data.UnblockRequest{})
			return err
		}},
		"AskAgain": {
			[]func(d *desk.Desk) error{func(d *desk.Desk) error { return d.KeepApart(t.Context(), asha, 1, false) }},
			func(d *desk.Desk) error { return d.AskAgain(t.Context(), asha, 1) },
		},
		"SplitPair": {
			[]func(d *desk.Desk) error{func(d *desk.Desk) error { return d.JoinPair(t.Context(), asha, 1) }},
			func(d *desk.Desk) error { return d.SplitPair(t.Context(), asha, 1) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t)
			d := desk.New(s)
			do := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			receive := func(from data.Sender, text string) {
				t.Helper()
				_, err := d.Receive(t.Context(), []data.Incoming{{From: from, Message: incoming(text, start)}})
				do(err)
			}
			receive(number, "of the number")
			receive(user, "of the user id")
			do(d.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}))
			do(d.SaveDraft(t.Context(), 2, "half"))
			do(d.SetTags(t.Context(), 2, []string{"vip"}))
			_, err := d.Block(t.Context(), asha, 1, data.BlockRequest{Until: start.Add(time.Hour)})
			do(err)
			if c.before != nil {
				receive(one, "of both")
			}
			for _, before := range c.before {
				do(before(d))
			}
			before := dump(t, s.Path)
			for n := 1; ; n++ {
				var err error
				asked := s.FailAt(t, n, faulty, func() { err = c.act(d) })
				if asked < n {
					do(err)
					break
				}
				if !errors.Is(err, faulty) {
					t.Errorf("statement %d failed: %v", n, err)
				}
				if after := dump(t, s.Path); after != before {
					t.Fatalf("statement %d failed, and there is\n%s\ninstead of\n%s", n, after, before)
				}
			}
			if dump(t, s.Path) == before {
				t.Error("in the end nothing was done")
			}
			if _, err := s.VerifyEvents(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Customers whose numbers are spellings of one line are joined by an update if none of
// them is blocked, or both are; otherwise it is asked, and the block holds for both.
func TestBeginPairs_AfterAnUpdate(t *testing.T) {
	path := newPath(t)
	db := rawOpen(t, path)
	rawExec(t, db, string(read(t, filepath.Join("testdata", "schema-202611220005.sql"))))
	rawExec(t, db, `INSERT INTO customers (id, phone, search, blocked_at, blocked_by, blocked_kind, blocked_way) VALUES
		(101, '+525511112222', '', 0, '', '', ''), (102, '+5215511112222', '', 0, '', '', ''),
		(103, '+525533334444', '', 0, '', '', ''), (104, '+5215533334444', '', 1784540000000, 'Asha', 'agent', 'window'),
		(105, '+525555556666', '', 1784540000000, 'Bo', 'agent', 'window'), (106, '+5215555556666', '', 1784540000001, 'Asha', 'agent', 'window');
		INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text, remote_id) VALUES
		(101, 'in', 1784540000000, 1784540000000, 'text', 'one', 'one'), (102, 'in', 1784540000001, 1784540000001, 'text', 'two', 'two');
		INSERT INTO chats (customer_id, last_at, preview, unread) VALUES (101, 1784540000000, 'one', 1), (102, 1784540000001, 'two', 1);`)
	db.Close()
	s := openAt(t, path)
	d := desk.New(s)
	for range 2 { // the second time there is nothing to do
		if err := d.BeginPairs(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range map[int64]struct {
		id      int64
		blocked bool
		paired  int64
	}{
		101: {101, false, 0}, 102: {101, false, 0},
		103: {103, true, 104}, 104: {104, true, 103},
		105: {105, true, 0}, 106: {105, true, 0},
	} {
		c, err := d.Customer(t.Context(), id)
		if err != nil || c.ID != want.id || (c.Status(d.Now()) == data.Blocked) != want.blocked || c.PairedWith != want.paired {
			t.Errorf("%d is %+v, %v", id, c, err)
		}
	}
	page, err := d.Timeline(t.Context(), 102, data.Span{Limit: 10})
	texts := 0
	for _, item := range page.Items {
		if item.Message != nil {
			texts++
		}
	}
	if err != nil || texts != 2 {
		t.Errorf("%d messages, %v", texts, err)
	}
	pairs, err := d.PairsOf(t.Context(), 101)
	if err != nil || len(pairs) != 1 || pairs[0].State != data.PairJoined {
		t.Fatalf("%+v, %v", pairs, err)
	}
	if err := d.SplitPair(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}, pairs[0].ID); err != nil {
		t.Fatal(err)
	}
	if c, err := d.Customer(t.Context(), 102); err != nil || c.ID != 102 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := s.VerifyEvents(t.Context()); err != nil {
		t.Error(err)
	}
}

// Pairs and joins of before own blocks were kept: nobody's block is lost in an update.
func TestOwnBlocks_AfterAnUpdate(t *testing.T) {
	path := newPath(t)
	db := rawOpen(t, path)
	rawExec(t, db, string(read(t, filepath.Join("testdata", "schema-202611220005.sql"))))
	for _, id := range []string{"202611300001_identities", "202611300002_set_aside", "202611300003_chat_imports", "202611300004_accepted", "202611300005_pairs"} {
		rawExec(t, db, string(read(t, filepath.Join("migrations", id+".sql"))))
		rawExec(t, db, "INSERT INTO migrations (id) VALUES ('"+id+"')")
	}
	rawExec(t, db, `INSERT INTO identities (customer_id, kind, address, match_key) SELECT id, 'phone', phone, phone FROM customers;
		CREATE UNIQUE INDEX identities_key ON identities (match_key, address) WHERE moved_at = 0;
		CREATE INDEX identities_customer ON identities (customer_id, address); -- as the migration does in Go
		INSERT INTO customers (id, phone, search, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_note, paired_with, joined_into, joined_address) VALUES
		(201, '+525511112222', '', 1784540000000, 'Asha', 'agent', 'window', 'first', 202, 0, ''),
		(202, 'IN.202', '', 1784540000001, 'Bo', 'agent', 'window', 'second', 201, 0, ''),
		(203, '+525533334444', '', 1784540000000, 'Asha', 'agent', 'window', 'of both', 0, 0, ''),
		(204, 'joined:204', '', 0, '', '', '', '', 0, 203, 'IN.204');
		`+joinedBefore(211, "both", ownFirst, ownSecond, ownSecond, ownSecond)+joinedBefore(213, "first", ownFirst, lentSecond, ownFirst, ownFirst)+
		joinedBefore(215, "second", lentFirst, ownSecond, ownSecond, ownSecond)+joinedBefore(217, "changed", ownFirst, ownSecond, ownSecond, changedSince)+
		joinedBefore(219, "unblocked", none, ownSecond, ownSecond, none)+`
		INSERT INTO identities (id, customer_id, kind, address, match_key, moved_at) VALUES
		(1001, 201, 'phone', '+525511112222', '+525511112222', 0), (1002, 202, 'user', 'IN.202', 'IN.202', 0),
		(1003, 203, 'phone', '+525533334444', '+525533334444', 0), (1004, 204, 'user', 'IN.204', 'IN.204', 1), (1005, 203, 'user', 'IN.204', 'IN.204', 0);
		INSERT INTO pairs (id, first_id, second_id, reason, at, state, stricter_id, kept) VALUES
		(1, 201, 202, 'sender', 1, 'open', 202, ''),
		(2, 203, 204, 'sender', 1, 'joined', 204, '{"Addresses":["IN.204"],"LastIdentity":1004,"FirstAddress":"+525533334444"}');`)
	db.Close()
	s := openAt(t, path)
	d := desk.New(s)
	asha := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	if err := d.SplitPair(t.Context(), asha, 2); err != nil {
		t.Fatal(err)
	}
	for pair := range int64(2) {
		if err := d.KeepApart(t.Context(), asha, pair+1, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, pair := range []int64{211, 213, 215, 217, 219} {
		if err := errors.Join(d.SplitPair(t.Context(), asha, pair), d.KeepApart(t.Context(), asha, pair, false)); err != nil {
			t.Fatal(err)
		}
	}
	for id, note := range map[int64]string{
		201: "first", 202: "second", 203: "of both", 204: "of both",
		211: "first", 212: "second", 213: "first", 214: "", 215: "", 216: "second", 217: "since", 218: "since", 219: "", 220: "",
	} {
		c, err := d.Customer(t.Context(), id)
		if err != nil || c.ID != id || (c.Block != nil) != (note != "") || c.Block != nil && (c.Block.Note != note || c.Block.Borrowed != 0) {
			t.Errorf("%+v with %+v, %v", c, c.Block, err)
		}
	}
	events, err := d.Events(t.Context(), 220)
	if err != nil || !slices.ContainsFunc(events, func(e data.Event) bool { return e.Kind == data.UnblockedEvent }) {
		t.Errorf("the history of who was blocked when joined says nothing of the unblock: %+v, %v", events, err)
	}
	if _, err := s.VerifyEvents(t.Context()); err != nil {
		t.Error(err)
	}
}

// These are the blocks in what a join of before own blocks were kept has kept.
const (
	none         = `{"At":0,"By":"","Kind":"","Way":"","Reason":"","Note":"","Until":0,"Review":0,"Asked":0,"BorrowedFromID":0}`
	ownFirst     = `{"At":1784540000000,"By":"Asha","Kind":"agent","Way":"window","Reason":"","Note":"first","Until":0,"Review":0,"Asked":0,"BorrowedFromID":0}`
	ownSecond    = `{"At":1784540000001,"By":"Bo","Kind":"agent","Way":"window","Reason":"","Note":"second","Until":0,"Review":0,"Asked":0,"BorrowedFromID":0}`
	lentFirst    = `{"At":1784540000001,"By":"Bo","Kind":"agent","Way":"window","Reason":"","Note":"second","Until":0,"Review":0,"Asked":0,"BorrowedFromID":1}`
	lentSecond   = `{"At":1784540000000,"By":"Asha","Kind":"agent","Way":"window","Reason":"","Note":"first","Until":0,"Review":0,"Asked":0,"BorrowedFromID":1}`
	changedSince = `{"At":1784540000001,"By":"Bo","Kind":"agent","Way":"window","Reason":"","Note":"since","Until":0,"Review":0,"Asked":0,"BorrowedFromID":0}`
)

// joinedBefore returns the statements that make a pair of two customers, the first with
// this id, who were joined before own blocks were kept: the blocks that each had then, that
// of both, and the one in force now.
func joinedBefore(id int, name, first, second, together, now string) string {
	return fmt.Sprintf(`INSERT INTO customers (id, phone, name, search, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_note)
		SELECT %[1]d, '+5255%[1]d11111', '%[3]s', '', '%[4]s' ->> '$.At', '%[4]s' ->> '$.By', '%[4]s' ->> '$.Kind', '%[4]s' ->> '$.Way', '%[4]s' ->> '$.Note';
		INSERT INTO customers (id, phone, search, joined_into, joined_address) VALUES (%[2]d, 'joined:%[2]d', '', %[1]d, 'IN.%[2]d');
		INSERT INTO identities (id, customer_id, kind, address, match_key, moved_at) VALUES (%[1]d0, %[1]d, 'phone', '+5255%[1]d11111', '+5255%[1]d11111', 0),
			(%[1]d1, %[2]d, 'user', 'IN.%[2]d', 'IN.%[2]d', 1), (%[1]d2, %[1]d, 'user', 'IN.%[2]d', 'IN.%[2]d', 0);
		INSERT INTO pairs (id, first_id, second_id, reason, at, state, kept) VALUES
			(%[1]d, %[1]d, %[2]d, 'sender', 1, 'joined', '{"Addresses":["IN.%[2]d"],"LastIdentity":%[1]d1,"FirstAddress":"+5255%[1]d11111","Blocks":[%[5]s,%[6]s,%[7]s]}');
		`, id, id+1, name, now, first, second, together)
}

// A split gives back what was held in groups, however much it is: more than a statement
// of SQLite has variables.
func TestSplitPair_GivesBackVeryManyHeldInAGroup(t *testing.T) {
	const many = 33_000 // SQLite takes 32,766
	s := openNew(t)
	d := desk.New(s)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	asha := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	receive := func(from data.Sender, text string) int64 {
		t.Helper()
		got, err := d.Receive(t.Context(), []data.Incoming{{From: from, Message: incoming(text, start)}})
		do(err)
		return got[0].CustomerID
	}
	number, user := receive(data.Sender{Phone: "+919137979401"}, "of the number"), receive(data.Sender{UserID: "IN.1"}, "of the user id")
	_, err := d.Block(t.Context(), asha, user, data.BlockRequest{})
	do(err)
	group := receive(data.Sender{Group: "120363041", UserID: "IN.1"}, "in the group")
	write(t, s, func(tx *store.Tx) error {
		return errors.Join(
			tx.Exec(`INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text, remote_id, whatsapp_id, business, author, hold, held_for, identity_id)
				WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				SELECT customer_id, direction, at + i, recorded_at, kind, text, 'in the group ' || i, '', business, author, hold, held_for, identity_id
				FROM messages, n WHERE held_for = ?`, many, user),
			tx.Exec("UPDATE customers SET held = ? WHERE id = ?", many, user))
	})
	receive(data.Sender{Phone: "+919137979401", UserID: "IN.1"}, "of both")
	held := func(customer int64) int {
		t.Helper()
		c, err := d.Customer(t.Context(), customer)
		do(err)
		all, err := d.Held(t.Context(), customer, 2*many)
		do(err)
		if c.Held != len(all) {
			t.Errorf("%d are held of %d, and %d are counted", len(all), customer, c.Held)
		}
		return len(all)
	}
	do(d.JoinPair(t.Context(), asha, 1))
	if n := held(number); n != many+1 {
		t.Errorf("%d are held of the one", n)
	}
	do(d.SplitPair(t.Context(), asha, 1))
	if a, b := held(number), held(user); a != 0 || b != many+1 {
		t.Errorf("%d are held of the number, %d of the user id", a, b)
	}
	_, err = d.Unblock(t.Context(), asha, user, data.UnblockRequest{})
	do(err)
	c, err := d.Customer(t.Context(), group)
	do(err)
	if shown, err := d.Chats(t.Context(), []int64{group}); err != nil || c.Held != 0 || len(shown) != 1 || shown[0].Unread != many {
		t.Errorf("the group has %+v, %v", shown, err)
	}
}
