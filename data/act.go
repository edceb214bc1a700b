package data

// Acts are what was done to a message after it was written. Each is a message itself,
// which names the other as the one that it answers (ReplyTo), and has no place of its
// own in the timeline once that one is here.
type Acts struct {
	Reactions []Reaction // the present one of each person, in the order in which they reacted
	Edits     []Message  // oldest first; the newest has the words that count
	DeletedAt Moment     // when whoever wrote the message deleted it; zero for not
}

// Reaction is how a person reacted to a message.
type Reaction struct {
	Emoji     string
	Direction Direction // In if the customer reacted
	By        string    // who reacted, where that was said: in a group the member
	Address   Address   // of that member; empty where unknown
	At        Moment
}

// IsAct reports whether a message of this kind is done to another message.
func (k Kind) IsAct() bool {
	return k == ReactionMessage || k == EditMessage || k == DeletionMessage
}

// ActsOn returns what acts, which name the message m, have done to it: nil for nothing.
// They come in the order in which they were written. Only whoever wrote a message edits
// or deletes it; anybody can react.
func ActsOn(m Message, acts []Message) *Acts {
	all := &Acts{}
	for _, act := range acts {
		switch {
		case act.Kind == ReactionMessage:
			all.react(act)
		case act.Direction != m.Direction || act.Direction == In && !sameAuthor(act, m): // only who wrote a message edits or deletes it
		case act.Kind == EditMessage:
			all.Edits = append(all.Edits, act)
		case act.Kind == DeletionMessage && all.DeletedAt == 0:
			all.DeletedAt = act.At
		}
	}
	if len(all.Reactions)+len(all.Edits) == 0 && all.DeletedAt == 0 {
		return nil
	}
	return all
}

// sameAuthor reports whether two incoming messages of a chat are by the same person, by
// the address where both have one. Only in a group there are several.
func sameAuthor(a, b Message) bool {
	if a.AuthorAddress != "" && b.AuthorAddress != "" {
		return MatchKey(a.AuthorAddress) == MatchKey(b.AuthorAddress)
	}
	return a.Author == "" || b.Author == "" || a.Author == b.Author
}

// react takes a reaction, which replaces the one before of the same person. One without
// an emoji takes it back.
func (a *Acts) react(act Message) {
	kept := a.Reactions[:0]
	for _, r := range a.Reactions {
		if r.Direction != act.Direction || r.By != act.Author || r.Address != act.AuthorAddress {
			kept = append(kept, r)
		}
	}
	if a.Reactions = kept; act.Text != "" {
		a.Reactions = append(a.Reactions, Reaction{Emoji: act.Text, Direction: act.Direction, By: act.Author, Address: act.AuthorAddress, At: act.At})
	}
}

// Words returns the words of a message as they are now.
func (a *Acts) Words(m Message) string {
	if a == nil || len(a.Edits) == 0 {
		return m.Text
	}
	return a.Edits[len(a.Edits)-1].Text
}

// Before returns the words that the message had before each of its edits, oldest first.
func (a *Acts) Before(m Message) []string {
	if a == nil || len(a.Edits) == 0 {
		return nil
	}
	words := []string{m.Text}
	for _, edit := range a.Edits[:len(a.Edits)-1] {
		words = append(words, edit.Text)
	}
	return words
}
