// Package demo is the training world: some forty customers of a mail-order
// house that does not exist, in every situation a support desk meets, and as
// many more as a test of size asks for. All times are told as minutes before
// the moment the world begins, so it always looks fresh and is always the same.
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

// World is the shop, those who work there and those who write to it.
type World struct {
	Shop      string
	Business  string // the number customers write to, as the network delivers it
	Agents    []string
	Customers []Customer // the newest chat first

	replies   map[string][]string // by language, for who has no more lines of their own
	followUps map[string][]string
	generator generator
}

// Customer is one person with the whole of the chat.
type Customer struct {
	Situation string // what a trainee can learn here
	Phone     data.Phone
	Name      string
	Language  string
	Tags      []string
	Unread    int
	Draft     string
	Business  string // where it is another number than the world's
	Items     []Item // oldest first
	Replies   []string
	FollowUps []string `json:"nagging"`
	Tireless  bool     // begins again where others fall silent
}

// Item is a message or, where Event is set, something that happened.
type Item struct {
	MinutesAgo int

	Direction data.Direction
	Kind      data.Kind // text where nothing is said
	Text      string
	File      string
	URL       string
	Business  string // where it came to another number than the chat's other messages
	Author    string
	Tick      string // kept, sent, delivered, read, failed
	Failure   string
	Hold      string // held, released, discarded
	Answers   int    // how many items above stands what this one answers

	Event  data.EventKind
	Actor  string // an agent, or api, import, schedule
	To     string // to whom, or to what name
	From   string
	Reason string
	Note   string
	EndsIn int // minutes from the beginning to the block's end; below zero it is past
}

var messageStatuses = map[string]data.MessageStatus{
	"": data.StatusNone, "kept": data.KeptHere, "sent": data.Sent, "delivered": data.Delivered, "read": data.Read, "failed": data.Failed,
}

var holdStates = map[string]data.HoldState{
	"": data.NotHeld, "held": data.IsHeld, "released": data.Released, "discarded": data.Discarded,
}

// Load reads the world that ships with the program. What is wrong in it is
// told by customer and item.
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

// applyDefaults writes out what the documents leave unsaid.
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

// decode reads one JSON document and nothing after it, and no unknown field.
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

// Customer returns the customer with this number.
func (w World) Customer(phone data.Phone) (Customer, bool) {
	for _, c := range w.Customers {
		if c.Phone == phone {
			return c, true
		}
	}
	return Customer{}, false
}
