package data

import (
	"strings"
	"unicode"
)

// Direction says which way a message went.
type Direction string

// The directions of a message.
const (
	In   Direction = "in"
	Out  Direction = "out"
	Note Direction = "note" // internal, never leaves the desk
)

// Kind is what a message carries.
type Kind string

// The kinds of message WhatsApp knows, as DoubleTick names them, in lower case.
const (
	TextMessage     Kind = "text"
	ImageMessage    Kind = "image"
	VideoMessage    Kind = "video"
	AudioMessage    Kind = "audio"
	StickerMessage  Kind = "sticker"
	DocumentMessage Kind = "document"
	LocationMessage Kind = "location"
	ContactsMessage Kind = "contacts"
	ButtonMessage   Kind = "button"
	FlowMessage     Kind = "flow"
	MediaMessage    Kind = "media" // of an exported chat that does not say which
	CallMessage     Kind = "call"
	// These are done to the message that they answer. See Acts.
	ReactionMessage Kind = "reaction" // the text is an emoji, empty where one was taken back
	EditMessage     Kind = "edit"     // the text is what the message says from then on
	DeletionMessage Kind = "deletion"
)

// MessageStatus is how far an outgoing message has come. It only moves forward, except
// for a failure: see Advance.
type MessageStatus int

// The statuses. Those from KeptHere to Read are in the order in which they are reached.
// The numbers are stored.
const (
	StatusNone MessageStatus = iota // incoming
	KeptHere                        // written to the database; there is no network side
	Sent                            // the network took it
	Delivered                       // the customer's phone has it
	Read                            // the customer has seen it
	Failed                          // the network refused it
	Waiting                         // it is on its way to the network: an outbox entry is open
)

// HoldState is what became of an incoming message, if its customer was blocked.
type HoldState int

// The states of holding.
const (
	NotHeld   HoldState = iota
	IsHeld              // out of sight while the customer is blocked
	Released            // shown after an unblock, marked as received while blocked
	Discarded           // the agent chose not to see it; the row stays
	Withdrawn           // an import brought it, and was undone; the row stays
)

// Message is one message of a chat.
type Message struct {
	ID            int64
	CustomerID    int64
	IdentityID    int64 // the address that it came from or went to; zero for messages of before there were identities
	Direction     Direction
	At            Moment // when it was written, by the network's clock
	Untimed       bool   // the network did not say when, or nothing that can be: At is when it came in, by this desk's clock
	RecordedAt    Moment // when it reached this desk
	Kind          Kind
	Text          string  // the words or the caption
	File          string  // the file's name, where there is one
	URL           string  // where the media lies; never fetched by itself
	RemoteID      string  // DoubleTick's dtMessageId, or our own UUID v4; unique
	WhatsAppID    string  // WhatsApp's own id (wamid…)
	Business      string  // the business number it came to, as delivered
	ReplyTo       string  // the WhatsApp id it answers
	Author        string  // the agent who wrote it, or in a group the member
	AuthorAddress Address // of the member of a group who wrote it; empty where unknown
	Status        MessageStatus
	Failure       string // why it failed, in the network's words
	Hold          HoldState
	HeldFor       int64 // the blocked member who wrote it in a group, whose block holds it; zero for the block of the chat's customer
}

// kindWords are the names of what a message carries besides text.
var kindWords = map[Kind]string{
	ImageMessage:    "Image",
	VideoMessage:    "Video",
	AudioMessage:    "Audio",
	StickerMessage:  "Sticker",
	DocumentMessage: "Document",
	LocationMessage: "Location",
	ContactsMessage: "Contacts",
	FlowMessage:     "Form",
	MediaMessage:    "Media",
	CallMessage:     "Call",
	ReactionMessage: "Reaction",
	EditMessage:     "Edited",
	DeletionMessage: "Deleted a message",
}

// Carries returns what a message carries besides text, with its file name, and is empty
// for plain text.
func (m Message) Carries() string {
	word := kindWords[m.Kind]
	if m.Kind == ReactionMessage && m.Text == "" {
		return "Reaction taken back"
	}
	if word != "" && m.File != "" {
		return word + " · " + m.File
	}
	return word
}

// Label returns what stands over a message: that it is a note, and what it carries.
func (m Message) Label() string {
	carries := m.Carries()
	switch {
	case m.Direction != Note:
		return carries
	case carries == "":
		return "Note"
	}
	return "Note · " + carries
}

// CopyText returns text of the message for the clipboard: what was copied from a note
// says so wherever it is put.
func (m Message) CopyText(text string) string {
	if m.Direction != Note {
		return text
	}
	if m.Author == "" {
		return "[Note] " + text
	}
	return "[Note by " + m.Author + "] " + text
}

// maxPreviewAuthor bounds the name of a group's member before a message, in characters.
const maxPreviewAuthor = 24

// Preview returns the message in one line of at most 120 characters, in a group after
// its author's name.
func (m Message) Preview() string {
	text := OneLine(m.Text, 120)
	label := m.Label()
	switch {
	case label == "":
	case text == "":
		text = label
	default:
		text = OneLine(label+": "+text, 120)
	}
	switch {
	case m.Direction == Out:
		return OneLine("You: "+text, 120)
	case m.Direction == In && m.Author != "":
		return OneLine(OneLine(m.Author, maxPreviewAuthor)+": "+text, 120)
	}
	return text
}

// Incoming is a message as it arrives, with what it tells of its customer.
type Incoming struct {
	From    Sender
	Message Message
	// AfterCustomer and AfterUser say that the customer or a user of the account wrote the
	// message that the delivery calls the last, and Echo that this one was sent by the
	// business: Message.Business is then whom it went to.
	AfterCustomer, AfterUser, Echo bool
	// Raw is the delivery as it came in, where what the message carries was not
	// understood; else empty. Text has the words that were found in it then.
	Raw string
}

// Received is what became of an incoming message.
type Received struct {
	CustomerID  int64
	MessageID   int64
	Duplicate   bool // it had come before; nothing was changed
	Held        bool
	NewCustomer bool
}

// StatusUpdate is news of an outgoing message from the network.
type StatusUpdate struct {
	MessageID string // our UUID, or WhatsApp's id
	Status    MessageStatus
	At        Moment
	Failure   string
}

// Advance returns the status after news of another one. It never moves backwards, and
// ignores a failure of a message that has been delivered.
func (s MessageStatus) Advance(news MessageStatus) MessageStatus {
	if news == StatusNone {
		return s // it says nothing
	}
	if s == Waiting {
		return news
	}
	if news == Failed && s >= Delivered {
		return s
	}
	if s == Failed && news < Delivered {
		return s
	}
	if s == Failed || news > s {
		return news
	}
	return s
}

// OneLine returns text as a single line of at most limit characters, with an
// ellipsis where it was cut.
func OneLine(text string, limit int) string {
	line := make([]rune, 0, min(len(text), limit+2))
	gap := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			gap = len(line) > 0
			continue
		}
		if gap {
			line, gap = append(line, ' '), false
		}
		if line = append(line, r); len(line) > limit {
			return strings.TrimRight(string(line[:limit-1]), " ") + "…"
		}
	}
	return string(line)
}

// MessageQuery asks for a part of a chat's messages, the newest first.
type MessageQuery struct {
	Customer int64
	Business string // only what passed through this number; empty for all
	Held     bool   // what is held, too
	Before   *ItemKey
	Limit    int
}
