package doubletick

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Bounds on what a delivery may bring, in characters.
const (
	maxFileName = 255
	maxFailure  = 500
	maxID       = 256
	maxURL      = 2048
)

// webhookPayload is a delivery as DoubleTick writes it, as far as the desk reads it.
type webhookPayload struct {
	From        *lenientString `json:"from"`
	To          lenientString  `json:"to"`
	MessageID   lenientString  `json:"messageId"`
	DTMessageID lenientString  `json:"dtMessageId"`
	ReceivedAt  lenientTime    `json:"receivedAt"`
	Contact     contact        `json:"contact"`
	Message     *messageBody   `json:"message"`

	Status          lenientString `json:"status"`
	StatusTimestamp lenientTime   `json:"statusTimestamp"`
	FailMessage     lenientString `json:"failMessage"`
}

type contact struct {
	Name lenientString `json:"name"`
}

// messageBody is what the customer wrote.
type messageBody struct {
	Type     lenientString `json:"type"`
	Text     lenientString `json:"text"`
	Caption  lenientString `json:"caption"`
	URL      lenientString `json:"url"`
	FileName lenientString `json:"fileName"`
	Context  struct {
		ID lenientString `json:"id"`
	} `json:"context"`

	Latitude  lenientString `json:"latitude"`
	Longitude lenientString `json:"longitude"`
	Name      lenientString `json:"name"`
	Address   lenientString `json:"address"`

	Contacts []struct {
		Name struct {
			Formatted lenientString `json:"formatted_name"`
		} `json:"name"`
		Phones []struct {
			Phone lenientString `json:"phone"`
		} `json:"phones"`
	} `json:"contacts"`

	Payload lenientString `json:"payload"`

	Flow []struct {
		ID    lenientString `json:"id"`
		Value lenientList   `json:"value"`
	} `json:"flowResponse"`
}

func (w *webhookPayload) parseIncoming() (*data.Incoming, error) {
	phone, err := data.ParsePhone(string(*w.From), "")
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	m := data.Message{
		Direction:  data.In,
		At:         w.ReceivedAt.at,
		RemoteID:   cleanID(w.DTMessageID),
		WhatsAppID: cleanID(w.MessageID),
		Business:   businessNumber(w.To),
		ReplyTo:    cleanID(w.Message.Context.ID),
		URL:        webURL(w.Message.URL),
		File:       data.CleanLine(string(w.Message.FileName), maxFileName),
	}
	if m.RemoteID == "" {
		m.RemoteID = m.WhatsAppID
	}
	if m.RemoteID == "" {
		return nil, invalid("it has no usable dtMessageId or messageId")
	}
	m.Kind, m.Text = w.Message.content()
	m.Text = data.Clean(m.Text)
	return &data.Incoming{Phone: phone, Name: data.CleanLine(string(w.Contact.Name), data.MaxName), Message: m}, nil
}

// messageStatuses are the statuses by DoubleTick's names.
var messageStatuses = map[string]data.MessageStatus{
	"SENT":      data.Sent,
	"DELIVERED": data.Delivered,
	"READ":      data.Read,
	"FAILED":    data.Failed,
}

func (w *webhookPayload) parseStatus() (*data.StatusUpdate, error) {
	tick, ok := messageStatuses[strings.ToUpper(strings.TrimSpace(string(w.Status)))]
	if !ok {
		return nil, invalid("its status %q is unknown", data.CleanLine(string(w.Status), 40))
	}
	u := &data.StatusUpdate{MessageID: cleanID(w.MessageID), Status: tick, At: w.StatusTimestamp.at}
	if u.MessageID == "" {
		return nil, invalid("the status names no usable messageId")
	}
	if tick == data.Failed {
		u.Failure = data.CleanLine(string(w.FailMessage), maxFailure)
	}
	return u, nil
}

// content returns the message's kind and its words. What is of no known type is kept
// as text that says so: no message is lost.
func (b *messageBody) content() (data.Kind, string) {
	words, caption := string(b.Text), firstNonEmpty(b.Caption, b.Text)
	name := data.CleanLine(string(b.Type), 40)
	switch strings.ToUpper(name) {
	case "TEXT":
		return data.TextMessage, words
	case "IMAGE":
		return data.ImageMessage, caption
	case "VIDEO":
		return data.VideoMessage, caption
	case "AUDIO":
		return data.AudioMessage, caption
	case "STICKER":
		return data.StickerMessage, caption
	case "DOCUMENT":
		return data.DocumentMessage, caption
	case "LOCATION":
		return data.LocationMessage, b.locationText()
	case "CONTACTS":
		return data.ContactsMessage, b.contactsText()
	case "BUTTON":
		return data.ButtonMessage, firstNonEmpty(b.Text, b.Payload)
	case "FLOW":
		return data.FlowMessage, b.flowText()
	case "":
		if words != "" {
			return data.TextMessage, words
		}
		return data.TextMessage, joinLines("Unsupported message", caption)
	}
	return data.TextMessage, joinLines("Unsupported message ("+name+")", firstNonEmpty(b.Text, b.Caption))
}

// locationText is where the customer is, or wants somebody to be: what it is called,
// its address and its coordinates, each on a line.
func (b *messageBody) locationText() string {
	coordinates := ""
	latitude, ok := parseDegrees(b.Latitude, 90)
	longitude, also := parseDegrees(b.Longitude, 180)
	if ok && also {
		coordinates = latitude + ", " + longitude
	}
	return joinLines(cleanLine(b.Name), cleanLine(b.Address), coordinates)
}

// contactsText are the contacts the customer sent, one a line.
func (b *messageBody) contactsText() string {
	var all []string
	for _, c := range b.Contacts {
		var phones []string
		for _, p := range c.Phones {
			if phone := cleanLine(p.Phone); phone != "" {
				phones = append(phones, phone)
			}
		}
		all = append(all, joinPair(cleanLine(c.Name.Formatted), strings.Join(phones, ", ")))
	}
	return joinLines(all...)
}

// flowText is what the customer filled in, one answer a line.
func (b *messageBody) flowText() string {
	var all []string
	for _, answer := range b.Flow {
		all = append(all, joinPair(cleanLine(answer.ID), cleanLine(lenientString(answer.Value))))
	}
	return joinLines(all...)
}

func joinPair(name, value string) string {
	if name == "" || value == "" {
		return name + value
	}
	return name + ": " + value
}

// joinLines joins what is not empty.
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

func cleanLine(t lenientString) string { return data.CleanLine(string(t), data.MaxTextBytes) }

func firstNonEmpty(one, other lenientString) string {
	if one != "" {
		return string(one)
	}
	return string(other)
}

// cleanID cleans an id. One that is too long counts as missing: cut, it could be
// taken for another.
func cleanID(t lenientString) string {
	clean := data.CleanLine(string(t), maxID+1)
	if utf8.RuneCountInString(clean) > maxID {
		return ""
	}
	return clean
}

// businessNumber is the number a message came to, in E.164 where it is one.
func businessNumber(t lenientString) string {
	if phone, err := data.ParsePhone(string(t), ""); err == nil {
		return string(phone)
	}
	return data.CleanLine(string(t), 64)
}

// webURL returns a web address that can be offered to a browser, or nothing.
func webURL(t lenientString) string {
	raw := strings.TrimSpace(string(t))
	if len(raw) > 4*maxURL || utf8.RuneCountInString(raw) > maxURL || data.CleanLine(raw, maxURL) != raw {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return raw
}

// parseDegrees returns a coordinate of at most limit degrees either way.
func parseDegrees(t lenientString, limit float64) (string, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || !(math.Abs(n) <= limit) {
		return "", false
	}
	return strconv.FormatFloat(n, 'f', -1, 64), true
}

// lenientString is a string, or what stands where a string should: a number, true or
// false by their spelling, everything else as nothing.
type lenientString string

// UnmarshalJSON never fails on what is JSON.
func (t *lenientString) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch c := raw[0]; {
	case c == '"':
		return json.Unmarshal(raw, (*string)(t))
	case c == '-' || c >= '0' && c <= '9':
		*t = lenientString(expandNumber(string(raw)))
	case c == 't' || c == 'f':
		*t = lenientString(raw)
	}
	return nil
}

// lenientList is text, or several of them: what was ticked in a form.
type lenientList lenientString

// UnmarshalJSON never fails on what is JSON.
func (a *lenientList) UnmarshalJSON(raw []byte) error {
	var several []lenientString
	switch raw[0] {
	case '[':
		if err := json.Unmarshal(raw, &several); err != nil {
			return err
		}
	case '{':
		several = []lenientString{lenientString(raw)}
	default:
		several = make([]lenientString, 1)
		if err := several[0].UnmarshalJSON(raw); err != nil {
			return err
		}
	}
	var words []string
	for _, t := range several {
		if word := cleanLine(t); word != "" {
			words = append(words, word)
		}
	}
	*a = lenientList(strings.Join(words, ", "))
	return nil
}

// expandNumber spells a whole number out: 9.19137979401e11 is how some programs
// write a phone number.
func expandNumber(raw string) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) >= 1<<53 {
		return raw
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// UnmarshalJSON takes a plain string for a text message.
func (b *messageBody) UnmarshalJSON(raw []byte) error {
	type plain messageBody
	*b = messageBody{}
	if raw[0] == '"' {
		b.Type = "TEXT"
		return json.Unmarshal(raw, &b.Text)
	}
	return json.Unmarshal(raw, (*plain)(b))
}

// lenientTime is a time in any spelling; at is zero where it cannot be read or
// cannot be true.
type lenientTime struct {
	present bool
	at      data.Moment
}

// WhatsApp began in 2009; nothing was received before, and a clock that shows
// the next century is wrong.
var (
	earliest = data.MomentOf(time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = data.MomentOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// UnmarshalJSON never fails on what is JSON.
func (m *lenientTime) UnmarshalJSON(raw []byte) error {
	var spelled lenientString
	err := spelled.UnmarshalJSON(raw)
	*m = lenientTime{present: true, at: ParseTimestamp(string(spelled))}
	return err
}

// ParseTimestamp reads RFC 3339, or seconds or milliseconds since 1970; zero where
// it is neither, or cannot be true.
func ParseTimestamp(s string) data.Moment {
	s = strings.TrimSpace(s)
	if len(s) > 64 {
		return 0
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if n < 1e11 { // in seconds the year 5138, in milliseconds 1973
			n *= 1000
		}
		if !(n >= float64(earliest) && n < float64(latest)) { // NaN is neither
			return 0
		}
		return data.Moment(n)
	}
	t, err := time.Parse(time.RFC3339, strings.ToUpper(strings.Replace(s, " ", "T", 1)))
	if err != nil || data.MomentOf(t) < earliest || data.MomentOf(t) >= latest {
		return 0
	}
	return data.MomentOf(t)
}
