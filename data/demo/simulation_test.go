package demo

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/waittest"
)

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}

// living is a life by a clock that the test moves.
type living struct {
	*simulation
	t    *testing.T
	d    *desk.Desk
	h    *hands
	last int64 // the change told last
}

func wake(t *testing.T, d *desk.Desk, h *hands) *living {
	t.Helper()
	x := &living{simulation: newSimulation(d, load(t), h.now), t: t, d: d, h: h}
	last, err := d.LastChange(t.Context())
	must(t, err)
	x.last = last
	must(t, x.start(t.Context()))
	return x
}

// hear tells the life what changed, as Follow would.
func (x *living) hear() {
	x.t.Helper()
	for {
		changes, err := x.d.ChangesAfter(x.t.Context(), x.last, 1000)
		must(x.t, err)
		if len(changes) == 0 {
			return
		}
		x.last = changes[len(changes)-1].Seq
		x.changes.add(changes)
		x.handleChanges(x.t.Context())
	}
}

// pass lets the time pass, from one planned thing to the next.
func (x *living) pass(d time.Duration) {
	x.t.Helper()
	x.hear()
	end := x.h.moment.Add(d)
	for len(x.schedule) > 0 {
		due := data.MomentOf(x.schedule[0].due.Add(time.Millisecond - 1))
		if due > end {
			break
		}
		x.h.moment = due
		x.runDue(x.t.Context())
		x.hear()
	}
	x.h.moment = end
}

func (x *living) customer(situation string) data.Customer {
	x.t.Helper()
	c, err := x.d.FindCustomer(x.t.Context(), data.Address(in(x.t, x.world, situation).Phone))
	must(x.t, err)
	return c
}

func (x *living) send(c data.Customer, text string) data.Message {
	x.t.Helper()
	m, err := x.d.Send(x.t.Context(), asha, c.ID, text)
	must(x.t, err)
	x.hear()
	return m
}

func (x *living) block(c data.Customer) {
	x.t.Helper()
	must(x.t, second(x.d.Block(x.t.Context(), asha, c.ID, data.BlockRequest{})))
	x.hear()
}

// came are the texts that came in since a moment, whether held or not.
func (x *living) came(c data.Customer, since data.Moment) []string {
	x.t.Helper()
	all, err := x.d.Messages(x.t.Context(), c.ID, data.ItemKey{At: since}, 1000)
	must(x.t, err)
	var texts []string
	for _, m := range all {
		if m.Direction == data.In && m.RecordedAt >= since {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (x *living) tick(c data.Customer, m data.Message) data.MessageStatus {
	x.t.Helper()
	all, err := x.d.Messages(x.t.Context(), c.ID, data.ItemKey{At: m.At - 1}, 1000)
	must(x.t, err)
	for _, is := range all {
		if is.ID == m.ID {
			return is.Status
		}
	}
	x.t.Fatalf("message %d is gone", m.ID)
	return 0
}

func wants(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("came in:\n got %q\nwant %q", got, want)
	}
}

func TestACustomerAnswers(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	for nth := range 6 {
		began := x.h.moment
		text, after := Reply(x.world, c.Phone, nth)
		m := x.send(c, "Hello")
		if got := x.tick(c, m); got != data.KeptHere {
			t.Errorf("at once: tick %d", got)
		}
		for _, step := range []struct {
			part time.Duration
			want data.MessageStatus
		}{{8, data.Sent}, {4, data.Delivered}, {2, data.Read}} {
			x.pass(began.Add(after/step.part + time.Millisecond).Time().Sub(x.h.now()))
			if got := x.tick(c, m); got != step.want {
				t.Errorf("after a part of %d: tick %d, want %d", step.part, got, step.want)
			}
		}
		wants(t, x.came(c, began))
		x.pass(time.Minute)
		wants(t, x.came(c, began), text)
	}
}

func TestThreeQuickMessagesHaveThreeAnswers(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("thank-you")
	for range 3 {
		x.send(c, "And this")
	}
	x.pass(time.Minute)
	if came := x.came(c, beginning); len(came) != 3 {
		t.Errorf("%q", came)
	}
}

// What was sent before the life began is not answered, and what was answered
// is not answered again.
func TestARestartAnswersNothingOld(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.send(c, "One")
	x.pass(time.Minute)
	m := x.send(c, "Two")
	text, after := Reply(x.world, c.Phone, 1)
	x.pass(after / 3)
	restarted := h.moment

	x = wake(t, d, h)
	x.pass(time.Hour)
	if got := x.tick(c, m); got != data.Delivered {
		t.Errorf("tick %d", got)
	}
	x.send(c, "Three")
	x.pass(time.Minute)
	third, _ := Reply(x.world, c.Phone, 2)
	wants(t, x.came(c, restarted), third)
	if text == third {
		t.Error("the test cannot tell the answers apart")
	}
}

// Two lives at once, which nobody should have, still write everything once.
func TestNothingIsSaidTwice(t *testing.T) {
	d, h := inDemo(t)
	one, two := wake(t, d, h), wake(t, d, h)
	c, b := one.customer("late-parcel"), one.customer("thank-you")
	one.send(c, "Hello")
	one.block(b)
	two.hear()
	one.pass(2 * time.Hour)
	two.pass(2 * time.Hour)
	text, _ := Reply(one.world, c.Phone, 0)
	wants(t, one.came(c, beginning), text)
	wants(t, one.came(b, beginning), one.world.followUps["en"]...)
}

func TestAnAnswerToABlockIsHeld(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("thank-you")
	x.send(c, "Hello")
	x.block(c)
	x.pass(7 * time.Second)
	held, err := d.Held(t.Context(), c.ID, 10)
	text, _ := Reply(x.world, c.Phone, 0)
	if err != nil || len(held) != 1 || held[0].Text != text {
		t.Errorf("%+v, %v", held, err)
	}
}

func TestTheBlockedGoOnWriting(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	own := in(t, x.world, "late-parcel").FollowUps
	before, _, err := d.Unread(t.Context(), c.ID)
	must(t, err)
	x.block(c)
	blocked := h.moment
	first, after := FollowUp(x.world, c.Phone, 0)
	x.pass(after - time.Millisecond)
	wants(t, x.came(c, blocked))
	x.pass(time.Millisecond)
	wants(t, x.came(c, blocked), first)
	x.pass(3 * time.Hour)
	wants(t, x.came(c, blocked), own...) // then they fall silent
	if got, err := d.Customer(t.Context(), c.ID); err != nil || got.Held != len(own) {
		t.Errorf("%d held: %v", got.Held, err)
	}
	if unread, _, err := d.Unread(t.Context(), c.ID); err != nil || unread != before {
		t.Errorf("%d unread: %v", unread, err)
	}
}

func TestTheTirelessEndToo(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("promo-spam")
	held := c.Held
	x.pass(24 * time.Hour)
	c = x.customer("promo-spam")
	if c.Held-held != maxFollowUps {
		t.Errorf("%d more are held", c.Held-held)
	}
	if len(x.schedule) != 0 || len(x.followingUp) != 0 {
		t.Errorf("%d planned for %d", len(x.schedule), len(x.followingUp))
	}
}

func TestSimulate_UnblockEndsFollowUps(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.block(c)
	x.pass(12 * time.Second)
	must(t, second(d.Unblock(t.Context(), asha, c.ID, data.UnblockRequest{})))
	unblocked := h.moment + 1
	x.pass(time.Hour)
	wants(t, x.came(c, unblocked))

	x.block(c)
	again := h.moment
	x.pass(12 * time.Second)
	first, _ := FollowUp(x.world, c.Phone, 0)
	wants(t, x.came(c, again), first)
}

// Who is blocked anew before the life looks is one who begins anew.
func TestBlockedAnewMeanwhile(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.block(c)
	x.pass(time.Second)
	must(t, second(d.Unblock(t.Context(), asha, c.ID, data.UnblockRequest{})))
	h.moment++
	again := h.moment
	x.block(c)
	x.pass(3 * time.Hour)
	wants(t, x.came(c, again), in(t, x.world, "late-parcel").FollowUps...)
}

func TestSimulate_RestartDoesNotFollowUpAgain(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.block(c)
	blocked := h.moment
	x.pass(35 * time.Second)
	said := len(x.came(c, blocked))
	if said == 0 {
		t.Fatal("nothing came")
	}
	x = wake(t, d, h)
	x.pass(3 * time.Hour)
	wants(t, x.came(c, blocked), in(t, x.world, "late-parcel").FollowUps...)
}

func TestAResetBeginsAnew(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.send(c, "Hello")
	x.block(x.customer("thank-you"))
	h.moment = h.moment.Add(time.Second)
	reset(t, d, Size{})
	again := h.moment
	x.runDue(t.Context()) // what is due before the news come finds nothing
	x.pass(5 * time.Minute)
	wants(t, x.came(c, again))
	wants(t, x.came(x.customer("thank-you"), again))
	if promo := x.customer("promo-spam"); len(x.came(promo, again)) == 0 {
		t.Error("who is blocked in the new world is silent")
	}
	sent := h.moment
	x.send(c, "Hello")
	x.pass(time.Minute)
	first, _ := Reply(x.world, c.Phone, 0)
	wants(t, x.came(c, sent), first)
}

// A planned answer that is due before the news of a reset writes nothing.
func TestAnAnswerInAnotherWorld(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	x.send(c, "Hello")
	reset(t, d, Size{})
	again := h.moment
	h.moment = h.moment.Add(10 * time.Second)
	x.runDue(t.Context())
	wants(t, x.came(c, again))
}

func TestALargeWorldIsNotAllAwake(t *testing.T) {
	h := &hands{beginning}
	d := openDesk(t, filepath.Join(t.TempDir(), "latchdesk.db"), h)
	reset(t, d, Size{Chats: 2000, Messages: 6000})
	x := wake(t, d, h)
	if len(x.followingUp) != initialFollowUps || len(x.schedule) != initialFollowUps {
		t.Errorf("%d nag, %d planned", len(x.followingUp), len(x.schedule))
	}
	for id := int64(100); id < 100+3*maxFollowedUp; id++ {
		x.block(data.Customer{ID: id})
	}
	if len(x.followingUp) != maxFollowedUp {
		t.Errorf("%d nag", len(x.followingUp))
	}
	stranger, err := d.Customer(t.Context(), 1999)
	must(t, err)
	x.send(stranger, "Hello")
	x.pass(time.Minute)
	if came := x.came(stranger, beginning); len(came) != 1 {
		t.Errorf("a stranger answers %q", came)
	}
}

func TestMessagesBroughtInAreNotAnswered(t *testing.T) {
	d, h := inDemo(t)
	x := wake(t, d, h)
	c := x.customer("late-parcel")
	m := x.send(c, "Hello")
	x = wake(t, d, h)
	must(t, d.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: m.RemoteID, Status: data.Sent}))
	x.lastSeen = m.ID - 1
	x.pass(time.Minute)
	wants(t, x.came(c, beginning))
}

func TestSimulate_RefusesRealDesk(t *testing.T) {
	d := openDesk(t, filepath.Join(t.TempDir(), "latchdesk.db"), &hands{beginning})
	must(t, second(d.Add(t.Context(), "+46701234567", "Real")))
	if err := Simulate(t.Context(), d); !errors.Is(err, data.ErrNoDemo) {
		t.Errorf("%v", err)
	}
}

// flying is a clock on which whoever waits has waited.
type flying struct{ moment atomic.Int64 }

func (f *flying) now() time.Time { return time.UnixMilli(f.moment.Load()) }

func (f *flying) wait(d time.Duration) <-chan time.Time {
	f.moment.Add(max(1, d.Milliseconds()+1))
	done := make(chan time.Time)
	close(done)
	return done
}

// The whole of it on goroutines of their own: sent by one process, answered by
// another, seen by the first.
func TestSimulate(t *testing.T) {
	d, h := inDemo(t)
	other := openDesk(t, d.Path(), h)
	f := &flying{}
	f.moment.Store(int64(beginning))
	l := newSimulation(other, load(t), f.now)
	must(t, other.Subscribe(t.Context(), l.changes.add))
	told := follow(t, d)
	follow(t, other)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	promo, err := d.FindCustomer(ctx, data.Address(in(t, l.world, "promo-spam").Phone))
	must(t, err)
	must(t, l.start(ctx))
	go func() { l.run(ctx, f.wait); close(ended) }()
	guard := time.After(waittest.Deadline)
	await := func(what string, done func() bool) {
		t.Helper()
		for !done() {
			select {
			case <-told:
			case <-guard:
				t.Fatalf("%s did not happen", what)
			}
		}
	}
	await("nagging", func() bool {
		c, err := d.Customer(ctx, promo.ID)
		must(t, err)
		return c.Held > promo.Held
	})
	c, err := d.FindCustomer(ctx, data.Address(in(t, l.world, "late-parcel").Phone))
	must(t, err)
	must(t, second(d.Send(ctx, asha, c.ID, "Hello")))
	want, _ := Reply(l.world, c.Phone, 0)
	await("an answer", func() bool {
		page, err := d.Timeline(ctx, c.ID, data.Span{Limit: 5})
		must(t, err)
		return slices.ContainsFunc(page.Items, func(i data.Item) bool { return i.Message != nil && i.Message.Text == want })
	})
	stop()
	waittest.Receive(t, "the end of the life", ended)
}
