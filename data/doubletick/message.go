package doubletick

import (
	"encoding/json"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// Bounds on what a message may bring, in characters.
const (
	maxFileName = 255
	maxReason   = 500 // of a failure
	maxID       = 256
	maxURL      = 2048
)

// locationText returns the name of a place, its address and its coordinates, each
// on a line.
func locationText(body object) string {
	coordinates := ""
	latitude, ok := parseDegrees(body.text("latitude"), 90)
	longitude, also := parseDegrees(body.text("longitude"), 180)
	if ok && also {
		coordinates = latitude + ", " + longitude
	}
	return joinLines(longLine(body.text("name")), longLine(body.text("address")), coordinates)
}

// contactsText returns the contacts that the customer sent, one a line.
func contactsText(body object) string {
	contacts := body.objects("contacts")
	if len(contacts) == 0 {
		if one := body.object("contacts", "contact", "vcard"); one != nil {
			contacts = []object{one}
		}
	}
	var all []string
	for _, contact := range contacts {
		var phones []string
		for _, p := range contact.objects("phones") {
			if phone := longLine(p.text("phone", "phoneNumber", "wa_id")); phone != "" {
				phones = append(phones, phone)
			}
		}
		if one := longLine(contact.text("phone", "phoneNumber")); len(phones) == 0 && one != "" {
			phones = append(phones, one)
		}
		name := longLine(contact.object("name").text("formatted_name", "formattedName", "first_name", "firstName"))
		if name == "" {
			name = longLine(contact.text("formattedName", "displayName", "name"))
		}
		all = append(all, joinPair(name, strings.Join(phones, ", ")))
	}
	return joinLines(all...)
}

// flowText returns what the customer filled in, one answer a line.
func flowText(body object) string {
	var all []string
	for _, answer := range body.objects("flowResponse") {
		all = append(all, joinPair(longLine(answer.text("id")), flowValue(answer.field("value"))))
	}
	return joinLines(all...)
}

// flowValue returns the answer to a question of a form, which can be several; an
// object is kept as JSON.
func flowValue(raw json.RawMessage) string {
	if len(raw) > 0 && raw[0] == '{' {
		return longLine(string(raw))
	}
	several := []json.RawMessage{raw}
	if len(raw) > 0 && raw[0] == '[' && json.Unmarshal(raw, &several) != nil {
		return ""
	}
	var words []string
	for _, v := range several {
		if word := longLine(scalar(v)); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

// parseDegrees returns a coordinate of at most limit degrees either way.
func parseDegrees(text string, limit float64) (string, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(math.Abs(n) <= limit) {
		return "", false
	}
	return strconv.FormatFloat(n, 'f', -1, 64), true
}

func joinPair(name, value string) string {
	if name == "" || value == "" {
		return name + value
	}
	return name + ": " + value
}

// joinLines joins the parts that are not empty.
func joinLines(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(part)
	}
	return b.String()
}

// longLine cleans a line that may be as long as a message.
func longLine(text string) string { return data.CleanLine(text, data.MaxTextBytes) }

func firstNonEmpty(one, other string) string {
	if one != "" {
		return one
	}
	return other
}

// cleanID cleans an id.
func cleanID(text string) string { return cleanShort(text, maxID) }

// businessNumber returns the number a message came to, with a plus sign where it is
// one, else the handle.
func businessNumber(text string) string {
	if phone, err := deliveredPhone(text); err == nil {
		return string(phone)
	}
	return data.CleanLine(text, 64)
}

// webURL returns a web address that can be offered to a browser, or nothing.
func webURL(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 4*maxURL || data.CleanLine(text, maxURL) != text {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return text
}

// parseStatus returns the status of a text by DoubleTick's name for it, and
// reports whether that is known.
func parseStatus(name string) (data.MessageStatus, bool) {
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "SENT":
		return data.Sent, true
	case "DELIVERED":
		return data.Delivered, true
	case "READ":
		return data.Read, true
	case "FAILED":
		return data.Failed, true
	}
	return data.StatusNone, false
}
