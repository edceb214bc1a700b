package demo

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

const (
	maxAgeMinutes     = 3 * 365 * 24 * 60 // of any item
	maxItemsPerMinute = 8                 // itemSpacing fits no more into a minute
)

func (w World) check() error {
	if w.Shop == "" || len(w.Agents) == 0 || len(w.Customers) == 0 {
		return errors.New("it needs a shop, agents and customers")
	}
	if err := checkBusiness(w.Business); err != nil {
		return err
	}
	for i, agent := range w.Agents {
		if !isCleanLine(agent, data.MaxName) || agent == "" || slices.Contains(w.Agents[:i], agent) {
			return fmt.Errorf("agent %q: empty, unclean or there twice", agent)
		}
	}
	seen := map[data.Phone]bool{}
	for _, c := range w.Customers {
		if err := w.checkCustomer(c); err != nil {
			return fmt.Errorf("customer %s: %w", c.Phone, err)
		}
		if seen[c.Phone] {
			return fmt.Errorf("customer %s: there twice", c.Phone)
		}
		seen[c.Phone] = true
	}
	return w.generator.validate()
}

func (w World) checkCustomer(c Customer) error {
	if phone, err := data.ParsePhone(string(c.Phone), ""); err != nil || phone != c.Phone {
		return errors.New("no phone number in E.164")
	}
	switch {
	case c.Situation == "":
		return errors.New("no situation")
	case !isCleanLine(c.Name, data.MaxName):
		return errors.New("the name is unclean or too long")
	case len(w.replies[c.Language]) == 0 || len(w.followUps[c.Language]) == 0:
		return fmt.Errorf("nothing to say in the language %q", c.Language)
	case c.Tireless && (len(c.Replies) == 0 || len(c.FollowUps) == 0):
		return errors.New("tireless without lines of their own")
	case data.Clean(c.Draft) != c.Draft || utf8.RuneCountInString(c.Draft) > data.MaxSend:
		return errors.New("the draft is unclean or too long")
	case len(c.Items) == 0:
		return errors.New("no items")
	case len(c.Tags) > data.MaxTags:
		return errors.New("too many tags")
	}
	for i, tag := range c.Tags {
		if tag == "" || !isCleanLine(tag, data.MaxTag) || slices.Contains(c.Tags[:i], tag) {
			return fmt.Errorf("tag %q: empty, unclean or there twice", tag)
		}
	}
	for _, line := range slices.Concat(c.Replies, c.FollowUps) {
		if line == "" || data.Clean(line) != line {
			return errors.New("an empty or unclean line to say")
		}
	}
	if err := checkBusiness(c.Business); err != nil {
		return err
	}
	if err := w.checkItems(c.Items); err != nil {
		return err
	}
	return c.checkUnread()
}

func (w World) checkItems(items []Item) error {
	var blocks blockValidator
	sameMinute := 0
	for i, item := range items {
		if sameMinute++; i == 0 || item.MinutesAgo != items[i-1].MinutesAgo {
			sameMinute = 1
		}
		var err error
		switch {
		case item.MinutesAgo < 1 || item.MinutesAgo > maxAgeMinutes:
			err = fmt.Errorf("%d minutes ago is outside 1 to %d", item.MinutesAgo, maxAgeMinutes)
		case i > 0 && item.MinutesAgo > items[i-1].MinutesAgo:
			err = errors.New("older than the item above")
		case sameMinute > maxItemsPerMinute:
			err = fmt.Errorf("more than %d items in one minute", maxItemsPerMinute)
		case item.Event == data.BlockEndedEvent && sameMinute > 1:
			err = errors.New("a block's end shares its minute with the item above")
		case item.Event != "":
			err = w.checkEvent(item)
		default:
			err = w.checkMessage(item, items[:i])
		}
		if err == nil {
			err = blocks.check(item)
		}
		if err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return blocks.end()
}

func (w World) checkMessage(item Item, above []Item) error {
	if (item != Item{
		MinutesAgo: item.MinutesAgo, Direction: item.Direction, Kind: item.Kind, Text: item.Text, File: item.File, URL: item.URL,
		Business: item.Business, Author: item.Author, Tick: item.Tick, Failure: item.Failure, Hold: item.Hold, Answers: item.Answers,
	}) {
		return errors.New("a message carries what only an event can")
	}
	tick, ok := messageStatuses[item.Tick]
	if !ok {
		return fmt.Errorf("unknown tick %q", item.Tick)
	}
	if _, ok := holdStates[item.Hold]; !ok {
		return fmt.Errorf("unknown hold %q", item.Hold)
	}
	switch {
	case item.Direction != data.In && item.Direction != data.Out && item.Direction != data.Note:
		return fmt.Errorf("unknown direction %q", item.Direction)
	case item.Direction == data.In && (item.Author != "" || tick != data.StatusNone):
		return errors.New("an incoming message with an author or a tick")
	case item.Direction == data.Out && tick == data.StatusNone:
		return errors.New("an outgoing message without a tick")
	case item.Direction == data.Note && (tick != data.StatusNone || item.Kind != data.TextMessage):
		return errors.New("a note is plain words and has no ticks")
	case item.Direction != data.In && item.Hold != "":
		return errors.New("only incoming messages are held")
	case item.Direction != data.In && !slices.Contains(w.Agents, item.Author):
		return fmt.Errorf("the author %q is no agent", item.Author)
	case item.Direction == data.Out && utf8.RuneCountInString(item.Text) > data.MaxSend:
		return errors.New("too long to be sent")
	case (tick == data.Failed) != (item.Failure != ""):
		return errors.New("what failed says why, and nothing else does")
	case data.Clean(item.Text) != item.Text || !isCleanLine(item.File, data.MaxName) || !isCleanLine(item.Failure, data.MaxNote):
		return errors.New("unclean text")
	case item.Answers < 0 || item.Answers > len(above) || item.Answers > 0 && above[len(above)-item.Answers].Event != "":
		return errors.New("it answers what is no message")
	}
	if item.Business != "" {
		if err := checkBusiness(item.Business); err != nil {
			return err
		}
	}
	return checkContent(item)
}

func checkContent(item Item) error {
	switch item.Kind {
	case data.TextMessage, data.ContactsMessage, data.ButtonMessage, data.FlowMessage:
		if item.Text == "" || item.URL != "" || item.File != "" {
			return fmt.Errorf("the kind %s has words and nothing else", item.Kind)
		}
		return nil
	case data.LocationMessage:
		if item.Text == "" || item.URL == "" {
			return errors.New("a location has words and an address")
		}
	case data.ImageMessage, data.VideoMessage, data.AudioMessage, data.StickerMessage:
	case data.DocumentMessage:
		if item.File == "" {
			return errors.New("a document has a file name")
		}
	default:
		return fmt.Errorf("unknown kind %q", item.Kind)
	}
	address, err := url.Parse(item.URL)
	if err != nil || address.Scheme != "https" || !strings.HasSuffix(address.Host, ".example") {
		return fmt.Errorf("the address %q does not lie under .example", item.URL)
	}
	return nil
}

func (w World) checkEvent(item Item) error {
	if (item != Item{
		MinutesAgo: item.MinutesAgo, Event: item.Event, Actor: item.Actor, To: item.To, From: item.From,
		Reason: item.Reason, Note: item.Note, EndsIn: item.EndsIn,
	}) {
		return errors.New("an event carries what only a message can")
	}
	isAgent := slices.Contains(w.Agents, item.Actor)
	switch {
	case parseActor(item.Actor).Kind == data.AgentActor && !isAgent:
		return fmt.Errorf("the actor %q is no agent", item.Actor)
	case (item.Event == data.BlockEndedEvent) != (item.Actor == string(data.ScheduleActor)):
		return errors.New("the schedule ends blocks, and does nothing else")
	case !isCleanLine(item.Reason, data.MaxReason) || !isCleanLine(item.To, data.MaxName) || !isCleanLine(item.From, data.MaxName):
		return errors.New("unclean reason or name")
	case data.Clean(item.Note) != item.Note || utf8.RuneCountInString(item.Note) > data.MaxNote:
		return errors.New("the note is unclean or too long")
	case item.Event != data.BlockedEvent && (item.Reason != "" || item.EndsIn != 0):
		return errors.New("only a block has a reason and an end")
	case item.Event != data.BlockedEvent && item.Event != data.UnblockedEvent && item.Note != "":
		return errors.New("only a block and an unblock have a note")
	case item.EndsIn < 0 && -item.EndsIn >= item.MinutesAgo:
		return errors.New("the block ends before it begins")
	}
	switch item.Event {
	case data.BlockedEvent, data.UnblockedEvent, data.BlockEndedEvent, data.UndoneEvent, data.ClosedEvent:
		if item.To != "" || item.From != "" {
			return fmt.Errorf("the event %s has neither from nor to", item.Event)
		}
	case data.AssignedEvent:
		if !slices.Contains(w.Agents, item.To) {
			return fmt.Errorf("assigned to %q, who is no agent", item.To)
		}
	case data.RenamedEvent:
		if item.To == item.From {
			return errors.New("renamed to the same name")
		}
	default:
		return fmt.Errorf("the demo cannot tell the event %q", item.Event)
	}
	return nil
}

// blockValidator checks that the blocks of a chat begin and end in order.
type blockValidator struct {
	blocked    bool
	endsIn     int
	last       data.EventKind
	unreleased bool // messages were released or discarded, and no event has done so yet
	stillHeld  bool // messages are held, so no event may end the block
}

func (b *blockValidator) check(item Item) error {
	if b.blocked && b.endsIn < 0 && item.MinutesAgo <= -b.endsIn && item.Event != data.BlockEndedEvent {
		return errors.New("the block had ended by then, and nothing says so")
	}
	switch item.Event {
	case "":
		return b.message(item)
	case data.BlockedEvent:
		if b.blocked {
			return errors.New("blocked twice")
		}
		b.blocked, b.endsIn = true, item.EndsIn
	case data.UnblockedEvent, data.BlockEndedEvent, data.UndoneEvent:
		if err := b.endBlock(item); err != nil {
			return err
		}
	}
	b.last = item.Event
	return nil
}

func (b *blockValidator) message(item Item) error {
	switch {
	case !b.blocked && item.Hold != "":
		return errors.New("held, but there was no block")
	case b.blocked && item.Direction == data.In && item.Hold == "":
		return errors.New("not held, but there was a block")
	case b.blocked && item.Direction == data.Out:
		return errors.New("sent to who was blocked")
	}
	b.stillHeld = b.stillHeld || item.Hold == "held"
	b.unreleased = b.unreleased || item.Hold == "released" || item.Hold == "discarded"
	return nil
}

func (b *blockValidator) endBlock(item Item) error {
	switch {
	case !b.blocked:
		return errors.New("there is no block to end")
	case b.stillHeld:
		return errors.New("a message stays held after its block")
	case item.Event == data.BlockEndedEvent && item.MinutesAgo != -b.endsIn:
		return fmt.Errorf("the block's end is told %d minutes ago, but was %d", item.MinutesAgo, -b.endsIn)
	case item.Event == data.UndoneEvent && b.last != data.BlockedEvent:
		return errors.New("there is no block to undo")
	}
	b.blocked, b.unreleased = false, false
	return nil
}

func (b *blockValidator) end() error {
	if b.unreleased {
		return errors.New("messages are released or discarded, but the block never ended")
	}
	return nil
}

// checkUnread returns an error if more messages are unread than came in since the
// last one from an agent.
func (c Customer) checkUnread() error {
	waiting := 0
	for _, item := range slices.Backward(c.Items) {
		if item.Direction == data.Out {
			break
		}
		if item.Direction == data.In && item.isVisible() {
			waiting++
		}
	}
	if c.Unread < 0 || c.Unread > waiting {
		return fmt.Errorf("%d unread, but %d wait for an answer", c.Unread, waiting)
	}
	return nil
}

func checkBusiness(number string) error {
	if phone, err := data.ParsePhone("+"+number, ""); err != nil || string(phone) != "+"+number {
		return fmt.Errorf("the business number %q is none: write it in digits", number)
	}
	return nil
}

func isCleanLine(text string, limit int) bool { return data.CleanLine(text, limit) == text }
