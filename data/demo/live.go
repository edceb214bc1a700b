package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Bounds on how much goes on at once, however large the world is.
const (
	nagFromTheStart = 5   // of those who are blocked when the life begins
	nagAtOnce       = 100 // with those who are blocked later
	longestNagging  = 30  // messages after one block
)

// Live lets the customers answer what is sent to them, and those who are
// blocked go on writing, until ctx ends. Watch must run on the desk. Only one
// process of a profile may call it; what is no demo gives data.ErrNoDemo.
//
// Nothing is remembered but in the database: what was sent before the life
// began is not answered, and the id of all that a customer writes follows from
// what it answers, so that nothing is written twice.
func Live(ctx context.Context, d *desk.Desk) error {
	w, err := Load()
	if err != nil {
		return err
	}
	l := newLife(d, w, time.Now)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := d.Subscribe(ctx, l.news.note); err != nil {
		return fmt.Errorf("bring the demo to life: %w", err)
	}
	if err := l.begin(ctx); err != nil {
		return fmt.Errorf("bring the demo to life: %w", err)
	}
	l.run(ctx, time.After)
	return nil
}

// life is what goes on in the world. All but its news is the runner's alone.
type life struct {
	d       *desk.Desk
	w       World
	now     func() time.Time
	news    *news
	plan    agenda
	seen    int64                 // the newest message that was looked at
	nagging map[int64]data.Moment // who goes on writing, and since when they are blocked
}

func newLife(d *desk.Desk, w World, now func() time.Time) *life {
	return &life{d: d, w: w, now: now, news: newNews()}
}

// begin forgets what was planned and starts with the world as it is.
func (l *life) begin(ctx context.Context) error {
	l.plan, l.nagging = nil, map[int64]data.Moment{}
	settings, err := l.d.Settings(ctx)
	if err != nil {
		return err
	}
	if !settings.Demo {
		return data.ErrNoDemo
	}
	if l.seen, err = l.d.LastMessage(ctx); err != nil {
		return err
	}
	blocked, err := l.d.LastBlocked(ctx, nagFromTheStart)
	for _, c := range blocked {
		l.goOn(c)
	}
	return err
}

// run does what is planned when it is due, and heeds the news.
func (l *life) run(ctx context.Context, wait func(time.Duration) <-chan time.Time) {
	for {
		var due <-chan time.Time
		if len(l.plan) > 0 {
			due = wait(l.plan[0].due.Sub(l.now()))
		}
		select {
		case <-ctx.Done():
			return
		case <-l.news.some:
			l.heed(ctx)
		case <-due:
			l.act(ctx)
		}
	}
}

// act does all that is due.
func (l *life) act(ctx context.Context) {
	for ctx.Err() == nil && len(l.plan) > 0 && !l.plan[0].due.After(l.now()) {
		do := l.plan[0].do
		l.plan = l.plan[1:]
		l.report(ctx, do(ctx))
	}
}

// heed looks at what the news say has changed.
func (l *life) heed(ctx context.Context) {
	told := l.news.take()
	if told.world {
		l.report(ctx, l.begin(ctx))
		return
	}
	for id := range told.customers {
		c, err := l.d.Customer(ctx, id)
		if err != nil {
			l.report(ctx, err)
			continue
		}
		l.goOn(c)
	}
	if told.messages {
		l.report(ctx, l.answerAll(ctx))
	}
}

// report tells of what failed. Who is not there any more went with an old world.
func (l *life) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, data.ErrNotFound) {
		slog.Warn("a customer of the demo fell silent", "error", err)
	}
}

// answerAll plans answers to what was sent since it was asked last.
func (l *life) answerAll(ctx context.Context) error {
	last, err := l.d.LastMessage(ctx)
	if err != nil {
		return err
	}
	sent, err := l.d.SentBetween(ctx, l.seen, last)
	if err != nil {
		return err
	}
	l.seen = last
	var errs []error
	for _, m := range sent {
		if m.Status == data.KeptHere { // any other was brought in from elsewhere
			errs = append(errs, l.answer(ctx, m))
		}
	}
	return errors.Join(errs...)
}

// answer plans how a message reaches its customer, who reads it and writes
// back.
func (l *life) answer(ctx context.Context, m data.Message) error {
	c, err := l.d.Customer(ctx, m.CustomerID)
	if err != nil {
		return err
	}
	sent, err := l.d.CountSent(ctx, c.ID, m.ID)
	if err != nil {
		return err
	}
	known, _ := l.w.Customer(c.Phone)
	text, after := Reply(l.w, c.Phone, max(0, sent-1-known.sent()))
	move := func(to data.MessageStatus) func(context.Context) error {
		return func(ctx context.Context) error {
			return l.d.UpdateMessageStatus(ctx, data.StatusUpdate{MessageID: m.RemoteID, Status: to, At: l.d.Now()})
		}
	}
	l.in(after/8, move(data.Sent))
	l.in(after/4, move(data.Delivered))
	l.in(after/2, move(data.Read))
	l.in(after, func(ctx context.Context) error {
		if err := move(data.Read)(ctx); err != nil {
			return err // no such message: another world has begun
		}
		_, err := l.say(ctx, c, text, "answer "+m.RemoteID)
		return err
	})
	return nil
}

// goOn lets a customer who was blocked go on writing, and one who was unblocked
// stop.
func (l *life) goOn(c data.Customer) {
	if c.Status(l.d.Now()) != data.Blocked {
		delete(l.nagging, c.ID)
		return
	}
	if l.nagging[c.ID] == c.Block.At || len(l.nagging) >= nagAtOnce {
		return
	}
	l.nagging[c.ID] = c.Block.At
	l.nag(c, 0)
}

// nag plans what a blocked customer writes for the nth time. What was written
// before a restart is passed over.
func (l *life) nag(c data.Customer, nth int) {
	text, after := l.line(c, nth)
	if text == "" {
		l.stop(c)
		return
	}
	l.in(after, func(ctx context.Context) error {
		is, err := l.d.Customer(ctx, c.ID)
		if err != nil || is.Phone != c.Phone || is.Status(l.d.Now()) != data.Blocked || is.Block.At != c.Block.At {
			l.stop(c)
			return err
		}
		for fresh := false; text != "" && !fresh && err == nil; nth++ {
			fresh, err = l.say(ctx, c, text, fmt.Sprintf("nag %s %d %d", c.Phone, c.Block.At, nth))
			text, _ = l.line(c, nth+1)
		}
		l.nag(c, nth)
		return err
	})
}

// line is Nag within bounds.
func (l *life) line(c data.Customer, nth int) (text string, after time.Duration) {
	if nth >= longestNagging {
		return "", 0
	}
	return Nag(l.w, c.Phone, nth)
}

// stop makes room for others, unless the customer was blocked anew meanwhile.
func (l *life) stop(c data.Customer) {
	if l.nagging[c.ID] == c.Block.At {
		delete(l.nagging, c.ID)
	}
}

// say has a customer write. What was said on the same occasion before is not
// said again.
func (l *life) say(ctx context.Context, c data.Customer, text, occasion string) (fresh bool, err error) {
	business := l.w.Business
	if known, ok := l.w.Customer(c.Phone); ok {
		business = known.Business
	}
	id := uuid.NewSHA1(occasions, []byte(occasion)).String()
	done, err := l.d.Receive(ctx, []data.Incoming{{Phone: c.Phone, Message: data.Message{
		Kind: data.TextMessage, Text: text, RemoteID: id, WhatsAppID: whatsAppID(id), Business: business,
	}}})
	return err == nil && !done[0].Duplicate, err
}

// occasions is the space in which the ids of living customers' messages lie.
var occasions = uuid.MustParse("6f0c7b3e-2a41-4d0e-9c55-5f2f7e1f8a90")

// sent is how many messages the story has the agents write.
func (c Customer) sent() int {
	n := 0
	for _, item := range c.Items {
		if item.Event == "" && item.Direction == data.Out {
			n++
		}
	}
	return n
}
