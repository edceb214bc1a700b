package doubletick

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Bounds on what a customer is known by, in characters. What is longer counts as
// missing: cut, it could be taken for another's.
const (
	minDigits = 5 // of WhatsApp's ids, of which there are some with 20
	maxDigits = 20
	maxUserID = 128 // of a business-scoped user id, behind the dots
	maxHandle = 128 // on another channel, and of a group's id
	maxShort  = 64  // of a portfolio's id, and of what is written around a number
)

// groupMark ends the address of a group, as other programs write it.
const groupMark = "@g.us"

// parseSender reads who wrote a message.
//
// What from holds for a customer without a number is not documented: it may be
// missing, null, empty or the business-scoped user id. userId is that id only where
// it reads as one; in other deliveries it is an id of DoubleTick's own. Of a group, to
// is the id, and from is the member who wrote. On another channel than WhatsApp from
// is no number, even if it has only digits.
func parseSender(o object, group bool) (data.Sender, error) {
	s := data.Sender{
		UserID:       userID(o.text("userId")),
		ParentUserID: userID(o.text("parentUserId")),
		Portfolio:    cleanShort(o.name("metaBusinessPortfolioId"), maxShort),
		Username:     username(o.name("username")),
		Name:         o.object("contact").line(data.MaxName, "name"),
	}
	from := o.text("from")
	channel := otherChannel(o)
	switch {
	case group:
		s.Group = firstNonEmpty(groupID(o.name("groupId")), groupID(o.name("to")))
		s.GroupName = firstNonEmpty(o.line(data.MaxName, "groupName"), o.object("group").line(data.MaxName, "name", "subject"))
		if strings.HasSuffix(from, groupMark) {
			s.Group, from = groupID(from), ""
		}
		if s.Group == "" {
			return s, invalid("the group that it was written in has no usable id")
		}
		return s, setFrom(&s, from)
	case channel != "":
		for _, field := range []string{"customerHandle", "from", "username"} {
			s.Handle = firstNonEmpty(s.Handle, handleOn(channel, o.name(field)))
		}
		if s.Handle == "" {
			return s, invalid("it names no sender on the channel %s", channel)
		}
		return s, nil
	}
	return s, requireSender(&s, setFrom(&s, from))
}

// setFrom takes what stands where a number is expected: a number, a business-scoped
// user id, or nothing.
func setFrom(s *data.Sender, from string) error {
	if from == "" {
		return nil
	}
	phone, err := deliveredPhone(from)
	id := userID(from)
	switch {
	case err == nil:
		s.Phone = phone
	case id == "":
		return fmt.Errorf("from: %w", err)
	case s.UserID == "":
		s.UserID = id
	case s.UserID != id && s.ParentUserID != id:
		return errTwoCustomers
	}
	return nil
}

// requireSender returns why nobody is known by a sender: err, unless something else
// than from names the customer.
func requireSender(s *data.Sender, err error) error {
	if s.UserID == "" {
		s.UserID = s.ParentUserID
	}
	switch {
	case err != nil && (s.UserID == "" || errors.Is(err, errTwoNumbers) || err == errTwoCustomers):
		return err
	case s.Phone == "" && s.UserID == "":
		return invalid("it names no sender (from, userId)")
	}
	return nil
}

// What names more than one customer.
var (
	errTwoNumbers   = fmt.Errorf("%w, but two numbers in one field", data.ErrPhone)
	errTwoCustomers = invalid("from and userId are two customers")
)

// deliveredPhone returns the digits of a WhatsApp id as they were delivered: whether
// they can be dialled is not asked, and nothing is rewritten. Its error is
// data.ErrPhone.
func deliveredPhone(text string) (data.Phone, error) {
	if digits := strings.TrimPrefix(text, "+"); isDigits(digits) {
		if len(digits) < minDigits || len(digits) > maxDigits {
			return "", notDelivered(text)
		}
		if len(digits) < len(text) {
			return data.Phone(text), nil
		}
		return data.Phone("+" + digits), nil
	}
	return spelledPhone(text)
}

// spelledPhone is deliveredPhone for what is not digits alone.
func spelledPhone(text string) (data.Phone, error) {
	number := cleanShort(text, maxShort)
	number = strings.TrimSuffix(strings.TrimSuffix(number, "@c.us"), "@s.whatsapp.net")
	number = strings.TrimPrefix(strings.TrimPrefix(number, "whatsapp:"), "tel:")
	if whole, fraction, ok := strings.Cut(number, "."); ok && strings.Trim(fraction, "0") == "" {
		number = whole // as spreadsheets write it
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -()\u00a0\u202f", r) {
			return -1
		}
		return r
	}, number)
	switch {
	case namesSeveral(number):
		return "", fmt.Errorf("%q: %w", data.OneLine(number, 32), errTwoNumbers)
	case !isDigits(digits) || len(digits) < minDigits || len(digits) > maxDigits:
		return "", notDelivered(text)
	}
	return data.Phone("+" + digits), nil
}

// namesSeveral reports whether a text holds more than one number: what separates two
// stands between them, or a plus sign, or each is long enough to be one.
func namesSeveral(text string) bool {
	parts := strings.FieldsFunc(strings.ReplaceAll(text, "+", "/"), func(r rune) bool {
		return strings.ContainsRune(",;/|&\n", r)
	})
	if len(parts) == 1 {
		parts = strings.Fields(text)
	}
	numbers := 0
	for _, part := range parts {
		if countDigits(part) >= minDigits+2 {
			numbers++
		}
	}
	return numbers > 1
}

func notDelivered(text string) error {
	return fmt.Errorf("%q: %w", data.OneLine(data.Clean(firstBytes(text, 200)), 32), data.ErrPhone)
}

// isDigits reports whether a text is digits and nothing else.
func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

func countDigits(text string) int {
	n := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			n++
		}
	}
	return n
}

// userID returns a business-scoped user id to the letter, or nothing where the text
// is none: two letters of a country, a dot, for a parent ENT and another dot, and up
// to 128 letters and digits (Meta, "Business-scoped user IDs", August 2026).
func userID(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < len("IN.1") || text[2] != '.' || !isLetter(text[0]) || !isLetter(text[1]) {
		return ""
	}
	rest := text[3:]
	if len(rest) > 4 && strings.EqualFold(rest[:4], "ENT.") {
		rest = rest[4:]
	}
	if rest == "" || len(rest) > maxUserID {
		return ""
	}
	for i := range len(rest) {
		if !isLetter(rest[i]) && (rest[i] < '0' || rest[i] > '9') {
			return ""
		}
	}
	return text
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// username returns a username without its @.
func username(text string) string {
	return strings.TrimPrefix(cleanShort(text, data.MaxUsername), "@")
}

// groupID returns the id of a group: digits at DoubleTick, letters besides at Meta.
func groupID(text string) string {
	id := strings.TrimPrefix(strings.TrimSuffix(cleanShort(text, maxHandle), groupMark), "+")
	for _, r := range id {
		if r <= ' ' || r > '~' || r == '@' {
			return ""
		}
	}
	return id
}

// otherChannel returns the channel that a message came by, in small letters, where it
// is one whose customers have handles and no numbers; empty for WhatsApp.
func otherChannel(o object) string {
	for _, field := range []string{"integrationType", "channelType", "providerType"} {
		switch channel := strings.ToUpper(strings.TrimSpace(o.text(field))); channel {
		case "INSTAGRAM", "GENERIC_CHANNEL":
			return strings.ToLower(channel)
		}
	}
	return ""
}

// handleOn returns the address of a handle on a channel; empty where there is no
// handle.
func handleOn(channel, handle string) string {
	if handle = strings.TrimPrefix(cleanShort(handle, maxHandle), "@"); handle == "" {
		return ""
	}
	return channel + ":" + handle
}

// authorOf returns what the member of a group who wrote is called.
func authorOf(s data.Sender) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Phone != "":
		return string(s.Phone)
	case s.Username != "":
		return "@" + s.Username
	}
	return data.CleanLine(s.UserID, data.MaxName)
}

// cleanShort cleans what must be one line and whole: longer than limit characters it
// counts as missing.
func cleanShort(text string, limit int) string {
	if len(text) <= limit && isPlain(text) {
		return text
	}
	clean := data.CleanLine(text, limit+1)
	if utf8.RuneCountInString(clean) > limit {
		return ""
	}
	return clean
}

// isPlain reports whether a text is visible ASCII alone, which cleaning would not
// change.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func firstBytes(text string, n int) string {
	return text[:min(len(text), n)]
}
