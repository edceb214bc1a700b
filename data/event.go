package data

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// ActorKind is the kind of an actor.
type ActorKind string

// The kinds of actor.
const (
	AgentActor    ActorKind = "agent"
	APIActor      ActorKind = "api"
	ImportActor   ActorKind = "import"
	ScheduleActor ActorKind = "schedule"
)

// Channel is the way by which an act came in.
type Channel string

// The channels there are.
const (
	ViaWindow   Channel = "window"
	ViaCommand  Channel = "command"
	ViaAPI      Channel = "api"
	ViaImport   Channel = "import"
	ViaSchedule Channel = "schedule"
)

// Actor is who acted, and by which channel.
type Actor struct {
	Kind    ActorKind
	Name    string // the agent's name; empty where there is nobody to name
	Channel Channel
}

// EventKind is what an event is about.
type EventKind string

// The kinds of event.
const (
	BlockedEvent          EventKind = "blocked"
	UnblockedEvent        EventKind = "unblocked"
	BlockEndedEvent       EventKind = "block_ended"
	UndoneEvent           EventKind = "undone"
	AssignedEvent         EventKind = "assigned"
	ClosedEvent           EventKind = "closed"
	RenamedEvent          EventKind = "renamed"
	ClearedEvent          EventKind = "cleared"
	ExtendedEvent         EventKind = "extended"
	ShortenedEvent        EventKind = "shortened"
	ReviewEvent           EventKind = "review_set"
	UnblockRequestedEvent EventKind = "unblock_asked"
	NoteEvent             EventKind = "note_set"
	ReasonEvent           EventKind = "reason_set"
	IdentityAddedEvent    EventKind = "identity_added"
	IdentityRemovedEvent  EventKind = "identity_removed"
	ChatImportedEvent     EventKind = "chat_imported"
	PairBegunEvent        EventKind = "pair_begun"
	PairReopenedEvent     EventKind = "pair_reopened"
	KeptApartEvent        EventKind = "pair_kept_apart"
	JoinedEvent           EventKind = "joined"
	SplitEvent            EventKind = "split"
	// What an exported chat tells of blocks in another program changes no status here.
	BlockedElsewhereEvent   EventKind = "blocked_elsewhere"
	UnblockedElsewhereEvent EventKind = "unblocked_elsewhere"
	DeliveryDroppedEvent    EventKind = "delivery_dropped"
	// A repair makes a customer's row what the history says, so it changes no state.
	RepairedEvent EventKind = "repaired"
)

// ChangesBlock reports whether an event of this kind changes a block in force
// and leaves it in force.
func (k EventKind) ChangesBlock() bool {
	switch k {
	case ExtendedEvent, ShortenedEvent, ReviewEvent, NoteEvent, ReasonEvent, UnblockRequestedEvent:
		return true
	}
	return false
}

// Detail is the rest of an event. Its fields stand in the order of their JSON
// names, because that JSON is what is hashed.
type Detail struct {
	Delivery   string `json:"delivery,omitempty"`  // SHA-256 of a delivery that was dropped, in hexadecimal
	Discarded  int    `json:"discarded,omitempty"` // held messages that stay out of sight
	File       string `json:"file,omitempty"`      // the name of the exported chat
	Found      string `json:"found,omitempty"`     // what a repair found
	From       string `json:"from,omitempty"`
	Held       int    `json:"held,omitempty"`       // held messages that came into the chat, or went back
	ImportedAt int64  `json:"importedAt,omitempty"` // when the list says that the block was made
	ImportedBy string `json:"importedBy,omitempty"` // by whom, as the list says
	Messages   int    `json:"messages,omitempty"`   // how many the exported chat had that were not here, or an undo took out, or were cleared, or came back, or a repair took as they are
	Note       string `json:"note,omitempty"`
	Of         int64  `json:"of,omitempty"` // the event that was undone, or the import that brought it
	Reason     string `json:"reason,omitempty"`
	Review     int64  `json:"review,omitempty"`
	To         string `json:"to,omitempty"`
	Unread     int    `json:"unread,omitempty"` // how many of the messages that were cleared were unread
	Until      int64  `json:"until,omitempty"`
	With       string `json:"with,omitempty"` // the address of the other customer of a pair
}

// Canonical returns the JSON that is stored and hashed: keys sorted, no spaces,
// nothing escaped that need not be.
func (d Detail) Canonical() string {
	text, err := EncodeJSON(d)
	if err != nil {
		panic(fmt.Sprintf("data: a struct of strings and numbers did not encode: %v", err))
	}
	return string(text)
}

// Event is something that happened to a chat. Events are never changed.
type Event struct {
	Seq        int64
	At         Moment // when it took effect
	RecordedAt Moment // when it was written down
	Kind       EventKind
	CustomerID int64
	Phone      Phone // the address acted on at that moment, to the letter: a number, or else a user id or group
	Actor      Actor
	Detail     string // canonical JSON
	Prev       []byte // hash of the event before; empty for the first
	Hash       []byte
}

// Canonical returns the text whose SHA-256 is the event's hash: ten fields, one a
// line. No field can hold a line break, so the text can be read in one way only.
func (e Event) Canonical() string {
	return strings.Join([]string{
		strconv.FormatInt(e.Seq, 10),
		strconv.FormatInt(int64(e.At), 10),
		strconv.FormatInt(int64(e.RecordedAt), 10),
		string(e.Kind),
		string(e.Phone),
		string(e.Actor.Kind),
		e.Actor.Name,
		string(e.Actor.Channel),
		e.Detail,
		hex.EncodeToString(e.Prev),
	}, "\n")
}

// Sum returns the hash that the event must carry.
func (e Event) Sum() []byte {
	sum := sha256.Sum256([]byte(e.Canonical()))
	return sum[:]
}

// Rest returns the event's detail, decoded from JSON.
func (e Event) Rest() Detail {
	var d Detail
	_ = json.Unmarshal([]byte(e.Detail), &d) // a detail of a newer version still shows what is known of it
	return d
}

// Text returns the event as the pill and the chat list show it.
func (e Event) Text() string {
	d := e.Rest()
	switch e.Kind {
	case BlockedEvent:
		return byActor("Customer blocked"+asSamePerson(d), e.Actor)
	case UnblockedEvent:
		return byActor("Customer unblocked"+asSamePerson(d), e.Actor)
	case BlockEndedEvent:
		return "Block ended"
	case PairBegunEvent:
		return "May be the same person as " + Address(d.With).Pretty()
	case PairReopenedEvent:
		return byActor("Asked again whether this is the same person as "+Address(d.With).Pretty(), e.Actor)
	case KeptApartEvent:
		return byActor("Kept apart from "+Address(d.With).Pretty(), e.Actor)
	case JoinedEvent:
		return byActor("Joined with "+Address(d.With).Pretty(), e.Actor)
	case SplitEvent:
		return byActor("Split from "+Address(d.With).Pretty(), e.Actor)
	case UndoneEvent:
		return byActor(undoneText(EventKind(d.From)), e.Actor)
	case ExtendedEvent:
		return byActor("Block extended "+untilWords(d.Until), e.Actor)
	case ShortenedEvent:
		return byActor("Block shortened "+untilWords(d.Until), e.Actor)
	case ReviewEvent:
		if d.Review == 0 {
			return byActor("Review removed", e.Actor)
		}
		return byActor("Review set for "+Moment(d.Review).Time().Format("2 Jan 2006"), e.Actor)
	case NoteEvent:
		if d.Note == "" {
			return byActor("Block note removed", e.Actor)
		}
		return byActor("Block note changed", e.Actor)
	case ReasonEvent:
		if d.Reason == "" {
			return byActor("Block reason removed", e.Actor)
		}
		return byActor("Block reason set to "+d.Reason, e.Actor)
	case UnblockRequestedEvent:
		return byActor("Request to unblock noted", e.Actor)
	case AssignedEvent:
		return byActor("Assigned to "+d.To, e.Actor)
	case ClosedEvent:
		return byActor("Conversation marked done", e.Actor)
	case RenamedEvent:
		if d.From == "" {
			return byActor("Named "+d.To, e.Actor)
		}
		if d.To == "" {
			return byActor("Name "+d.From+" removed", e.Actor)
		}
		return byActor("Renamed from "+d.From+" to "+d.To, e.Actor)
	case ClearedEvent:
		return byActor("Chat cleared", e.Actor)
	case IdentityAddedEvent:
		if d.From != "" {
			return "Writes from " + Address(d.To).Pretty() + " instead of " + Address(d.From).Pretty()
		}
		return "Also writes from " + Address(d.To).Pretty()
	case IdentityRemovedEvent:
		return "No longer writes from " + Address(d.From).Pretty()
	case ChatImportedEvent:
		return byActor("Chat imported", e.Actor)
	case BlockedElsewhereEvent:
		return "Blocked on WhatsApp"
	case UnblockedElsewhereEvent:
		return "Unblocked on WhatsApp"
	case DeliveryDroppedEvent:
		return byActor("Delivery dropped", e.Actor)
	case RepairedEvent:
		return byActor("Record repaired", e.Actor)
	}
	return string(e.Kind)
}

// asSamePerson returns what is said of a block that the other customer of a pair
// brought or took away, and nothing for any other.
func asSamePerson(d Detail) string {
	if d.With == "" {
		return ""
	}
	return " with " + Address(d.With).Pretty()
}

// undoneText returns what was undone.
func undoneText(kind EventKind) string {
	switch {
	case kind == BlockedEvent:
		return "Block undone"
	case kind == UnblockedEvent:
		return "Unblock undone"
	case kind == ChatImportedEvent:
		return "Import of a chat undone"
	case kind == ClearedEvent:
		return "Chat restored"
	case kind.ChangesBlock():
		return "Block change undone"
	}
	return "Undone"
}

func untilWords(until int64) string {
	if until == 0 {
		return "for good"
	}
	return "until " + Moment(until).Time().Format("2 Jan 2006 15:04")
}

func byActor(what string, a Actor) string {
	if a.Name == "" {
		return what
	}
	return what + " by " + a.Name
}
