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
	initialFollowUps = 5   // of those who are blocked when the simulation begins
	maxFollowedUp    = 100 // with those who are blocked later
	maxFollowUps     = 30  // messages after one block
)

// Simulate lets the customers answer what is sent to them, and those who are
// blocked go on writing, until ctx ends. Watch must run on the desk. Only one
// process of a profile may call it; what is no demo gives data.ErrNoDemo.
//
// Nothing is remembered but in the database: what was sent before the simulation
// began is not answered, and the id of all that a customer writes follows from
// what it answers, so that nothing is written twice.
func Simulate(ctx context.Context, d *desk.Desk) error {
	w, err := Load()
	if err != nil {
		return err
	}
	l := newSimulation(d, w, time.Now)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := d.Subscribe(ctx, l.changes.add); err != nil {
		return fmt.Errorf("simulate the demo's customers: %w", err)
	}
	if err := l.start(ctx); err != nil {
		return fmt.Errorf("simulate the demo's customers: %w", err)
	}
	l.run(ctx, time.After)
	return nil
}

// simulation is the running demo. All but its changes belongs to the goroutine of run.
type simulation struct {
	desk        *desk.Desk
	world       World
	now         func() time.Time
	changes     *coalescer
	schedule    schedule
	lastSeen    int64                 // the newest message that was looked at
	followingUp map[int64]data.Moment // who goes on writing, and since when they are blocked
}

func newSimulation(d *desk.Desk, w World, now func() time.Time) *simulation {
	return &simulation{desk: d, world: w, now: now, changes: newCoalescer()}
}

// start forgets what was planned and starts with the world as it is.
func (l *simulation) start(ctx context.Context) error {
	l.schedule, l.followingUp = nil, map[int64]data.Moment{}
	settings, err := l.desk.Settings(ctx)
	if err != nil {
		return err
	}
	if !settings.Demo {
		return data.ErrNoDemo
	}
	if l.lastSeen, err = l.desk.LastMessage(ctx); err != nil {
		return err
	}
	blocked, err := l.desk.LastBlocked(ctx, initialFollowUps)
	for _, c := range blocked {
		l.updateFollowUps(c)
	}
	return err
}

// run does what is scheduled when it is due, and handles changes of the desk.
func (l *simulation) run(ctx context.Context, wait func(time.Duration) <-chan time.Time) {
	for {
		var due <-chan time.Time
		if len(l.schedule) > 0 {
			due = wait(l.schedule[0].due.Sub(l.now()))
		}
		select {
		case <-ctx.Done():
			return
		case <-l.changes.ready:
			l.handleChanges(ctx)
		case <-due:
			l.runDue(ctx)
		}
	}
}

// runDue does all that is due.
func (l *simulation) runDue(ctx context.Context) {
	for ctx.Err() == nil && len(l.schedule) > 0 && !l.schedule[0].due.After(l.now()) {
		do := l.schedule[0].run
		l.schedule = l.schedule[1:]
		l.logError(ctx, do(ctx))
	}
}

// handleChanges schedules what the customers do about what changed.
func (l *simulation) handleChanges(ctx context.Context) {
	told := l.changes.drain()
	if told.world {
		l.logError(ctx, l.start(ctx))
		return
	}
	for id := range told.customers {
		c, err := l.desk.Customer(ctx, id)
		if err != nil {
			l.logError(ctx, err)
			continue
		}
		l.updateFollowUps(c)
	}
	if told.messages {
		l.logError(ctx, l.scheduleReplies(ctx))
	}
}

// logError tells of what failed. Who is not there any more went with an old world.
func (l *simulation) logError(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, data.ErrNotFound) {
		slog.Warn("a customer of the demo fell silent", "error", err)
	}
}

// scheduleReplies schedules replies to what was sent since it was asked last.
func (l *simulation) scheduleReplies(ctx context.Context) error {
	last, err := l.desk.LastMessage(ctx)
	if err != nil {
		return err
	}
	sent, err := l.desk.SentBetween(ctx, l.lastSeen, last)
	if err != nil {
		return err
	}
	l.lastSeen = last
	var errs []error
	for _, m := range sent {
		if m.Status == data.KeptHere { // any other was brought in from elsewhere
			errs = append(errs, l.scheduleReply(ctx, m))
		}
	}
	return errors.Join(errs...)
}

// scheduleReply schedules how a message reaches its customer, who reads it and writes
// back.
func (l *simulation) scheduleReply(ctx context.Context, m data.Message) error {
	c, err := l.desk.Customer(ctx, m.CustomerID)
	if err != nil {
		return err
	}
	sent, err := l.desk.CountSent(ctx, c.ID, m.ID)
	if err != nil {
		return err
	}
	known, _ := l.world.Customer(c.Phone)
	text, after := Reply(l.world, c.Phone, max(0, sent-1-known.countSent()))
	move := func(to data.MessageStatus) func(context.Context) error {
		return func(ctx context.Context) error {
			return l.desk.UpdateMessageStatus(ctx, data.StatusUpdate{MessageID: m.RemoteID, Status: to, At: l.desk.Now()})
		}
	}
	l.scheduleIn(after/8, move(data.Sent))
	l.scheduleIn(after/4, move(data.Delivered))
	l.scheduleIn(after/2, move(data.Read))
	l.scheduleIn(after, func(ctx context.Context) error {
		if err := move(data.Read)(ctx); err != nil {
			return err // no such message: another world has begun
		}
		_, err := l.sendMessage(ctx, c, text, "answer "+m.RemoteID)
		return err
	})
	return nil
}

// updateFollowUps lets a customer who was blocked go on writing, and one who was unblocked
// stop.
func (l *simulation) updateFollowUps(c data.Customer) {
	if c.Status(l.desk.Now()) != data.Blocked {
		delete(l.followingUp, c.ID)
		return
	}
	if l.followingUp[c.ID] == c.Block.At || len(l.followingUp) >= maxFollowedUp {
		return
	}
	l.followingUp[c.ID] = c.Block.At
	l.scheduleFollowUp(c, 0)
}

// scheduleFollowUp schedules what a blocked customer writes for the nth time. What was written
// before a restart is passed over.
func (l *simulation) scheduleFollowUp(c data.Customer, nth int) {
	text, after := l.followUp(c, nth)
	if text == "" {
		l.stopFollowUps(c)
		return
	}
	l.scheduleIn(after, func(ctx context.Context) error {
		is, err := l.desk.Customer(ctx, c.ID)
		if err != nil || is.Phone != c.Phone || is.Status(l.desk.Now()) != data.Blocked || is.Block.At != c.Block.At {
			l.stopFollowUps(c)
			return err
		}
		for fresh := false; text != "" && !fresh && err == nil; nth++ {
			fresh, err = l.sendMessage(ctx, c, text, fmt.Sprintf("nag %s %d %d", c.Phone, c.Block.At, nth))
			text, _ = l.followUp(c, nth+1)
		}
		l.scheduleFollowUp(c, nth)
		return err
	})
}

// followUp is FollowUp within bounds.
func (l *simulation) followUp(c data.Customer, nth int) (text string, after time.Duration) {
	if nth >= maxFollowUps {
		return "", 0
	}
	return FollowUp(l.world, c.Phone, nth)
}

// stopFollowUps makes room for others, unless the customer was blocked anew meanwhile.
func (l *simulation) stopFollowUps(c data.Customer) {
	if l.followingUp[c.ID] == c.Block.At {
		delete(l.followingUp, c.ID)
	}
}

// sendMessage has a customer write. What was said on the same occasion before is not
// said again.
func (l *simulation) sendMessage(ctx context.Context, c data.Customer, text, occasion string) (fresh bool, err error) {
	business := l.world.Business
	if known, ok := l.world.Customer(c.Phone); ok {
		business = known.Business
	}
	id := uuid.NewSHA1(messageNamespace, []byte(occasion)).String()
	done, err := l.desk.Receive(ctx, []data.Incoming{{Phone: c.Phone, Message: data.Message{
		Kind: data.TextMessage, Text: text, RemoteID: id, WhatsAppID: whatsAppID(id), Business: business,
	}}})
	return err == nil && !done[0].Duplicate, err
}

// messageNamespace is the space in which the ids of living customers' messages lie.
var messageNamespace = uuid.MustParse("6f0c7b3e-2a41-4d0e-9c55-5f2f7e1f8a90")

// countSent is how many messages the story has the agents write.
func (c Customer) countSent() int {
	n := 0
	for _, item := range c.Items {
		if item.Event == "" && item.Direction == data.Out {
			n++
		}
	}
	return n
}
