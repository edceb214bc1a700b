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

// Bounds on the activity, however large the world is.
const (
	initialFollowUps = 5   // customers who were blocked before the simulation began
	maxFollowedUp    = 100 // customers, those blocked later included
	maxFollowUps     = 30  // messages after one block
)

// Simulate has the customers answer what is sent to them, and those who are blocked
// go on writing, until ctx ends. The desk's Watch must run, and only one process of
// a profile may call it. It returns data.ErrNoDemo if the desk is no demo.
//
// All state is in the database: what was sent before the simulation began is not
// answered, and the id of a customer's message follows from what it answers, so
// that nothing is written twice.
func Simulate(ctx context.Context, d *desk.Desk) error {
	w, err := Load()
	if err != nil {
		return err
	}
	s := newSimulation(d, w, time.Now)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := d.Subscribe(ctx, s.changes.add); err != nil {
		return fmt.Errorf("simulate the demo's customers: %w", err)
	}
	if err := s.start(ctx); err != nil {
		return fmt.Errorf("simulate the demo's customers: %w", err)
	}
	s.run(ctx, time.After)
	return nil
}

// simulation is the running demo. All but changes belongs to the goroutine of run.
type simulation struct {
	desk        *desk.Desk
	world       World
	now         func() time.Time
	changes     *coalescer
	schedule    schedule
	lastSeen    int64                 // id of the newest message that was looked at
	followingUp map[int64]data.Moment // when the customers who go on writing were blocked, by id
}

func newSimulation(d *desk.Desk, w World, now func() time.Time) *simulation {
	return &simulation{desk: d, world: w, now: now, changes: newCoalescer()}
}

// start drops what is scheduled and begins with the world as it is.
func (s *simulation) start(ctx context.Context) error {
	s.schedule, s.followingUp = nil, map[int64]data.Moment{}
	settings, err := s.desk.Settings(ctx)
	if err != nil {
		return err
	}
	if !settings.Demo {
		return data.ErrNoDemo
	}
	if s.lastSeen, err = s.desk.LastMessageID(ctx); err != nil {
		return err
	}
	blocked, err := s.desk.LastBlocked(ctx, initialFollowUps)
	for _, c := range blocked {
		s.updateFollowUps(c)
	}
	return err
}

// run runs tasks when they are due, and handles changes, until ctx ends.
func (s *simulation) run(ctx context.Context, wait func(time.Duration) <-chan time.Time) {
	for {
		var due <-chan time.Time
		if len(s.schedule) > 0 {
			due = wait(s.schedule[0].due.Sub(s.now()))
		}
		select {
		case <-ctx.Done():
			return
		case <-s.changes.ready:
			s.handleChanges(ctx)
		case <-due:
			s.runDue(ctx)
		}
	}
}

// runDue runs all tasks that are due.
func (s *simulation) runDue(ctx context.Context) {
	for ctx.Err() == nil && len(s.schedule) > 0 && !s.schedule[0].due.After(s.now()) {
		run := s.schedule[0].run
		s.schedule = s.schedule[1:]
		s.logError(ctx, run(ctx))
	}
}

// handleChanges schedules how the customers react to what has changed.
func (s *simulation) handleChanges(ctx context.Context) {
	changed := s.changes.drain()
	if changed.world {
		s.logError(ctx, s.start(ctx))
		return
	}
	for id := range changed.customers {
		c, err := s.desk.Customer(ctx, id)
		if err != nil {
			s.logError(ctx, err)
			continue
		}
		s.updateFollowUps(c)
	}
	if changed.messages {
		s.logError(ctx, s.scheduleReplies(ctx))
	}
}

// logError logs an error, unless the customer is not found: they were part of an
// earlier world.
func (s *simulation) logError(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, data.ErrNotFound) {
		slog.Warn("a customer of the demo fell silent", "error", err)
	}
}

// scheduleReplies schedules replies to what was sent since its last call.
func (s *simulation) scheduleReplies(ctx context.Context) error {
	last, err := s.desk.LastMessageID(ctx)
	if err != nil {
		return err
	}
	sent, err := s.desk.SentBetween(ctx, s.lastSeen, last)
	if err != nil {
		return err
	}
	s.lastSeen = last
	var errs []error
	for _, m := range sent {
		if m.Status == data.KeptHere { // any other came from elsewhere, such as an import
			errs = append(errs, s.scheduleReply(ctx, m))
		}
	}
	return errors.Join(errs...)
}

// scheduleReply schedules the delivery of a message, its being read, and the
// customer's reply.
func (s *simulation) scheduleReply(ctx context.Context, m data.Message) error {
	c, err := s.desk.Customer(ctx, m.CustomerID)
	if err != nil {
		return err
	}
	sent, err := s.desk.CountSent(ctx, c.ID, m.ID)
	if err != nil {
		return err
	}
	seeded, _ := s.world.Customer(c.Phone)
	text, after := Reply(s.world, c.Phone, max(0, sent-1-seeded.countSent()))
	move := func(to data.MessageStatus) func(context.Context) error {
		return func(ctx context.Context) error {
			return s.desk.UpdateMessageStatus(ctx, data.StatusUpdate{MessageID: m.RemoteID, Status: to, At: s.desk.Now()})
		}
	}
	s.scheduleIn(after/8, move(data.Sent))
	s.scheduleIn(after/4, move(data.Delivered))
	s.scheduleIn(after/2, move(data.Read))
	s.scheduleIn(after, func(ctx context.Context) error {
		if err := move(data.Read)(ctx); err != nil {
			return err // not found: another world has begun
		}
		_, err := s.sendMessage(ctx, c, text, "answer "+m.RemoteID)
		return err
	})
	return nil
}

// updateFollowUps has a customer who was blocked go on writing, and one who was
// unblocked stop.
func (s *simulation) updateFollowUps(c data.Customer) {
	if c.Status(s.desk.Now()) != data.Blocked {
		delete(s.followingUp, c.ID)
		return
	}
	if s.followingUp[c.ID] == c.Block.At || len(s.followingUp) >= maxFollowedUp {
		return
	}
	s.followingUp[c.ID] = c.Block.At
	s.scheduleFollowUp(c, 0)
}

// scheduleFollowUp schedules the nth message of a blocked customer. Messages that
// were written before a restart are skipped.
func (s *simulation) scheduleFollowUp(c data.Customer, n int) {
	text, after := s.followUp(c, n)
	if text == "" {
		s.stopFollowUps(c)
		return
	}
	s.scheduleIn(after, func(ctx context.Context) error {
		current, err := s.desk.Customer(ctx, c.ID)
		if err != nil || current.Phone != c.Phone || current.Status(s.desk.Now()) != data.Blocked || current.Block.At != c.Block.At {
			s.stopFollowUps(c)
			return err
		}
		for written := false; text != "" && !written && err == nil; n++ {
			written, err = s.sendMessage(ctx, c, text, fmt.Sprintf("nag %s %d %d", c.Phone, c.Block.At, n))
			text, _ = s.followUp(c, n+1)
		}
		s.scheduleFollowUp(c, n)
		return err
	})
}

// followUp is FollowUp with at most maxFollowUps messages.
func (s *simulation) followUp(c data.Customer, n int) (text string, after time.Duration) {
	if n >= maxFollowUps {
		return "", 0
	}
	return FollowUp(s.world, c.Phone, n)
}

// stopFollowUps makes room for another customer, unless this one has been blocked
// anew.
func (s *simulation) stopFollowUps(c data.Customer) {
	if s.followingUp[c.ID] == c.Block.At {
		delete(s.followingUp, c.ID)
	}
}

// sendMessage has a customer write, once for each occasion. It reports whether the
// message was written now.
func (s *simulation) sendMessage(ctx context.Context, c data.Customer, text, occasion string) (written bool, err error) {
	business := s.world.Business
	if seeded, ok := s.world.Customer(c.Phone); ok {
		business = seeded.Business
	}
	id := uuid.NewSHA1(messageNamespace, []byte(occasion)).String()
	results, err := s.desk.Receive(ctx, []data.Incoming{{From: data.Sender{Phone: c.Phone}, Message: data.Message{
		Kind: data.TextMessage, Text: text, RemoteID: id, WhatsAppID: whatsAppID(id), Business: business,
	}}})
	return err == nil && !results[0].Duplicate, err
}

// messageNamespace is the UUID namespace of the messages that are simulated.
var messageNamespace = uuid.MustParse("6f0c7b3e-2a41-4d0e-9c55-5f2f7e1f8a90")

// countSent returns how many messages of the seeded chat are the agents'.
func (c Customer) countSent() int {
	n := 0
	for _, item := range c.Items {
		if item.Event == "" && item.Direction == data.Out {
			n++
		}
	}
	return n
}
