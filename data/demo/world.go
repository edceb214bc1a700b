// Package demo is the training world: some forty customers of a mail-order company
// that does not exist, in every situation that a support desk meets, and as many
// more as a load test asks for. All times are minutes before the moment at which
// the world begins, so it always looks fresh and is always the same.
package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
)

// World is the shop, its agents and its customers.
type World struct {
	Shop      string
	Business  string // the number customers write to, as the network delivers it
	Agents    []string
	Customers []Customer // the newest chat first

	replies   map[string][]string // by language, for customers who have used up their own
	followUps map[string][]string
	generator generator
}

// Customer is one customer with the whole chat.
type Customer struct {
	Situation string // what a trainee can learn here
	Phone     data.Phone
	Name      string
	Language  string
	Tags      []string
	Unread    int
	Draft     string
	Business  string // if it differs from the world's
	Items     []Item // oldest first
	Replies   []string
	FollowUps []string `json:"nagging"`
	Tireless  bool     // begins again with the first line instead of falling silent
}

// Item is a message, or an event if Event is set.
type Item struct {
	MinutesAgo int

	Direction data.Direction
	Kind      data.Kind // data.TextMessage if empty
	Text      string
	File      string
	URL       string
	Business  string // if it differs from that of the chat's other messages
	Author    string
	Tick      string // kept, sent, delivered, read, failed
	Failure   string
	Hold      string // held, released, discarded
	Answers   int    // how many items above is the one it answers; 0 for none

	Event  data.EventKind
	Actor  string // an agent, or api, import, schedule
	To     string // the agent, or the new name
	From   string
	Reason string
	Note   string
	EndsIn int // minutes from the world's beginning to the block's end; negative if past, 0 for none
}

var messageStatuses = map[string]data.MessageStatus{
	"": data.StatusNone, "kept": data.KeptHere, "sent": data.Sent, "delivered": data.Delivered, "read": data.Read, "failed": data.Failed,
}

var holdStates = map[string]data.HoldState{
	"": data.NotHeld, "held": data.IsHeld, "released": data.Released, "discarded": data.Discarded,
}

// Load returns the world that ships with the program. An error names the customer
// and the item that is wrong.
func Load() (World, error) {
	return parse(assets.DemoDocument("world"), assets.DemoDocument("replies"), assets.DemoDocument("crowd"))
}

func parse(world, replies, people []byte) (World, error) {
	var w World
	if err := decode(world, &w); err != nil {
		return World{}, fmt.Errorf("read the demo world: %w", err)
	}
	var lines struct{ Replies, Nagging map[string][]string }
	if err := decode(replies, &lines); err != nil {
		return World{}, fmt.Errorf("read the demo's replies: %w", err)
	}
	w.replies, w.followUps = lines.Replies, lines.Nagging
	if err := decode(people, &w.generator); err != nil {
		return World{}, fmt.Errorf("read the demo's crowd: %w", err)
	}
	w.applyDefaults()
	if err := w.check(); err != nil {
		return World{}, fmt.Errorf("check the demo world: %w", err)
	}
	return w, nil
}

// applyDefaults fills in what the documents leave out.
func (w *World) applyDefaults() {
	for i := range w.Customers {
		c := &w.Customers[i]
		if c.Business == "" {
			c.Business = w.Business
		}
		for j := range c.Items {
			if item := &c.Items[j]; item.Event == "" && item.Kind == "" {
				item.Kind = data.TextMessage
			}
		}
	}
	w.generator.business, w.generator.agents = w.Business, w.Agents
}

// decode decodes one JSON document. Unknown fields, or anything after it, are an
// error.
func decode(document []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(document))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the end")
	}
	return nil
}

// Customer returns the customer with a phone number; ok is false if there is none.
func (w World) Customer(phone data.Phone) (c Customer, ok bool) {
	for _, c := range w.Customers {
		if c.Phone == phone {
			return c, true
		}
	}
	return Customer{}, false
}
