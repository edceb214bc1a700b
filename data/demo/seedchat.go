package demo

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
)

// SeedChat returns the customer's chat in a world that begins at now. It is the same
// for the same moment.
func (c Customer) SeedChat(now data.Moment) data.SeedChat {
	customer := data.Customer{Phone: c.Phone, Address: data.Address(c.Phone), Name: c.Name, Tags: slices.Sorted(slices.Values(c.Tags))}
	s := data.SeedChat{
		Draft:    c.Draft,
		Messages: make([]data.Message, 0, len(c.Items)),
	}
	s.Chat.Unread = c.Unread
	last := 0 // the last visible message, counted from 1; 0 if an event follows it
	released, sameMinute := 0, 0
	for i, item := range c.Items {
		if sameMinute++; i == 0 || item.MinutesAgo != c.Items[i-1].MinutesAgo {
			sameMinute = 0
		}
		at := now.Add(-time.Duration(item.MinutesAgo)*time.Minute + time.Duration(sameMinute)*itemSpacing)
		if item.Event == "" {
			m := c.message(i, at)
			s.Messages = append(s.Messages, m)
			switch m.Hold {
			case data.IsHeld:
				customer.Held++
			case data.Released:
				released++
			}
			if item.isVisible() {
				last, s.Chat.LastAt = len(s.Messages), at
			}
			continue
		}
		e := data.Event{At: at, RecordedAt: at, Kind: item.Event, Phone: c.Phone, Actor: parseActor(item.Actor)}
		detail := data.Detail{From: item.From, Note: item.Note, Reason: item.Reason, To: item.To}
		switch item.Event {
		case data.BlockedEvent:
			b := &data.Block{By: e.Actor, At: at, Reason: item.Reason, Note: item.Note}
			if item.EndsIn != 0 {
				b.Until = now.Add(time.Duration(item.EndsIn) * time.Minute)
			}
			customer.Block, detail.Until = b, int64(b.Until)
		case data.UnblockedEvent, data.BlockEndedEvent, data.UndoneEvent:
			customer.Block, detail.Held, released = nil, released, 0
		}
		e.Detail = detail.Canonical()
		s.Events = append(s.Events, e)
		last = 0
	}
	switch {
	case last > 0:
		m := s.Messages[last-1]
		s.Chat.ShownAt, s.Chat.Preview = m.At, m.Preview()
	case len(s.Events) > 0:
		e := s.Events[len(s.Events)-1]
		s.Chat.ShownAt, s.Chat.Preview = e.At, e.Text()
	}
	s.Chat.Customer = customer
	return s
}

// itemSpacing is the time between items of the same minute.
const itemSpacing = 7 * time.Second

func (c Customer) message(i int, at data.Moment) data.Message {
	item := c.Items[i]
	m := data.Message{
		Direction: item.Direction, At: at, RecordedAt: at, Kind: item.Kind,
		Text: item.Text, File: item.File, URL: item.URL,
		Business: cmp.Or(item.Business, c.Business), Author: item.Author,
		Status: messageStatuses[item.Tick], Failure: item.Failure, Hold: holdStates[item.Hold],
	}
	m.RemoteID = remoteID(c.Phone, i)
	if item.Direction == data.Note {
		m.Business = "" // it never leaves the desk
		return m
	}
	if m.Status != data.KeptHere {
		m.WhatsAppID = whatsAppID(m.RemoteID)
	}
	if item.Answers > 0 {
		m.ReplyTo = whatsAppID(remoteID(c.Phone, i-item.Answers))
	}
	return m
}

// isVisible reports whether the timeline shows the item.
func (item Item) isVisible() bool {
	return item.Event != "" || item.Hold == "" || item.Hold == "released"
}

// parseActor returns the actor with a name: the API, an import or the schedule, or
// else an agent.
func parseActor(name string) data.Actor {
	switch kind := data.ActorKind(name); kind {
	case data.APIActor:
		return data.Actor{Kind: kind, Channel: data.ViaAPI}
	case data.ImportActor:
		return data.Actor{Kind: kind, Channel: data.ViaImport}
	case data.ScheduleActor:
		return data.Actor{Kind: kind, Channel: data.ViaSchedule}
	}
	return data.Actor{Kind: data.AgentActor, Name: name, Channel: data.ViaWindow}
}

// remoteID returns a UUID v4 for the ith item of a chat. It is the same after every
// reset.
func remoteID(phone data.Phone, i int) string {
	r := rng(hashSeed(string(phone), i))
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], r.next())
	binary.BigEndian.PutUint64(id[8:], r.next())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

func whatsAppID(remote string) string { return "wamid.demo-" + remote }

// hashSeed returns a seed for a text and a number.
func hashSeed(text string, n int) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash never fails
	_, _ = h.Write([]byte("/" + strconv.Itoa(n)))
	return h.Sum64()
}

// rng is the SplitMix64 random number generator. Unlike a library's, its numbers
// never change.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// intN returns a random number from 0 to n-1.
func (r *rng) intN(n int) int { return int(r.next() % uint64(n)) }

// oneIn reports true with a probability of 1/n.
func (r *rng) oneIn(n int) bool { return r.intN(n) == 0 }

// pick returns a random element.
func pick[T any](r *rng, from []T) T { return from[r.intN(len(from))] }
