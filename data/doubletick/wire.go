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
	maxFile    = 255
	maxFailure = 500
	maxID      = 256
	maxURL     = 2048
)

// wire is a delivery as DoubleTick writes it, as far as the desk reads it.
type wire struct {
	From        *text   `json:"from"`
	To          text    `json:"to"`
	MessageID   text    `json:"messageId"`
	DTMessageID text    `json:"dtMessageId"`
	ReceivedAt  moment  `json:"receivedAt"`
	Contact     contact `json:"contact"`
	Message     *body   `json:"message"`

	Status          text   `json:"status"`
	StatusTimestamp moment `json:"statusTimestamp"`
	FailMessage     text   `json:"failMessage"`
}

type contact struct {
	Name text `json:"name"`
}

// body is what the customer wrote.
type body struct {
	Type     text `json:"type"`
	Text     text `json:"text"`
	Caption  text `json:"caption"`
	URL      text `json:"url"`
	FileName text `json:"fileName"`
	Context  struct {
		ID text `json:"id"`
	} `json:"context"`

	Latitude  text `json:"latitude"`
	Longitude text `json:"longitude"`
	Name      text `json:"name"`
	Address   text `json:"address"`

	Contacts []struct {
		Name struct {
			Formatted text `json:"formatted_name"`
		} `json:"name"`
		Phones []struct {
			Phone text `json:"phone"`
		} `json:"phones"`
	} `json:"contacts"`

	Payload text `json:"payload"`

	Flow []struct {
		ID    text   `json:"id"`
		Value answer `json:"value"`
	} `json:"flowResponse"`
}

func (w *wire) incoming() (*data.Incoming, error) {
	phone, err := data.ParsePhone(string(*w.From), "")
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	m := data.Message{
		Direction:  data.In,
		At:         w.ReceivedAt.at,
		RemoteID:   id(w.DTMessageID),
		WhatsAppID: id(w.MessageID),
		Business:   business(w.To),
		ReplyTo:    id(w.Message.Context.ID),
		URL:        address(w.Message.URL),
		File:       data.CleanLine(string(w.Message.FileName), maxFile),
	}
	if m.RemoteID == "" {
		m.RemoteID = m.WhatsAppID
	}
	if m.RemoteID == "" {
		return nil, invalid("it has no usable dtMessageId or messageId")
	}
	m.Kind, m.Text = w.Message.say()
	m.Text = data.Clean(m.Text)
	return &data.Incoming{Phone: phone, Name: data.CleanLine(string(w.Contact.Name), data.MaxName), Message: m}, nil
}

// ticks are the statuses by DoubleTick's names.
var ticks = map[string]data.MessageStatus{
	"SENT":      data.Sent,
	"DELIVERED": data.Delivered,
	"READ":      data.Read,
	"FAILED":    data.Failed,
}

func (w *wire) tick() (*data.StatusUpdate, error) {
	tick, ok := ticks[strings.ToUpper(strings.TrimSpace(string(w.Status)))]
	if !ok {
		return nil, invalid("its status %q is unknown", data.CleanLine(string(w.Status), 40))
	}
	u := &data.StatusUpdate{MessageID: id(w.MessageID), Status: tick, At: w.StatusTimestamp.at}
	if u.MessageID == "" {
		return nil, invalid("the status names no usable messageId")
	}
	if tick == data.Failed {
		u.Failure = data.CleanLine(string(w.FailMessage), maxFailure)
	}
	return u, nil
}

// say returns the message's kind and its words. What is of no known type is kept
// as text that says so: no message is lost.
func (b *body) say() (data.Kind, string) {
	words, caption := string(b.Text), firstOf(b.Caption, b.Text)
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
		return data.LocationMessage, b.place()
	case "CONTACTS":
		return data.ContactsMessage, b.people()
	case "BUTTON":
		return data.ButtonMessage, firstOf(b.Text, b.Payload)
	case "FLOW":
		return data.FlowMessage, b.form()
	case "":
		if words != "" {
			return data.TextMessage, words
		}
		return data.TextMessage, lines("Unsupported message", caption)
	}
	return data.TextMessage, lines("Unsupported message ("+name+")", firstOf(b.Text, b.Caption))
}

// place is where the customer is, or wants somebody to be: what it is called,
// its address and its coordinates, each on a line.
func (b *body) place() string {
	coordinates := ""
	latitude, ok := degrees(b.Latitude, 90)
	longitude, also := degrees(b.Longitude, 180)
	if ok && also {
		coordinates = latitude + ", " + longitude
	}
	return lines(line(b.Name), line(b.Address), coordinates)
}

// people are the contacts the customer sent, one a line.
func (b *body) people() string {
	var all []string
	for _, c := range b.Contacts {
		var phones []string
		for _, p := range c.Phones {
			if phone := line(p.Phone); phone != "" {
				phones = append(phones, phone)
			}
		}
		all = append(all, pair(line(c.Name.Formatted), strings.Join(phones, ", ")))
	}
	return lines(all...)
}

// form is what the customer filled in, one answer a line.
func (b *body) form() string {
	var all []string
	for _, answer := range b.Flow {
		all = append(all, pair(line(answer.ID), line(text(answer.Value))))
	}
	return lines(all...)
}

func pair(name, value string) string {
	if name == "" || value == "" {
		return name + value
	}
	return name + ": " + value
}

// lines joins what is not empty.
func lines(parts ...string) string {
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

func line(t text) string { return data.CleanLine(string(t), data.MaxTextBytes) }

func firstOf(one, other text) string {
	if one != "" {
		return string(one)
	}
	return string(other)
}

// id cleans an id. One that is too long counts as missing: cut, it could be
// taken for another.
func id(t text) string {
	clean := data.CleanLine(string(t), maxID+1)
	if utf8.RuneCountInString(clean) > maxID {
		return ""
	}
	return clean
}

// business is the number a message came to, in E.164 where it is one.
func business(t text) string {
	if phone, err := data.ParsePhone(string(t), ""); err == nil {
		return string(phone)
	}
	return data.CleanLine(string(t), 64)
}

// address returns a web address that can be offered to a browser, or nothing.
func address(t text) string {
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

// degrees returns a coordinate of at most limit degrees either way.
func degrees(t text, limit float64) (string, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || !(math.Abs(n) <= limit) {
		return "", false
	}
	return strconv.FormatFloat(n, 'f', -1, 64), true
}

// text is a string, or what stands where a string should: a number, true or
// false by their spelling, everything else as nothing.
type text string

// UnmarshalJSON never fails on what is JSON.
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch c := raw[0]; {
	case c == '"':
		return json.Unmarshal(raw, (*string)(t))
	case c == '-' || c >= '0' && c <= '9':
		*t = text(number(string(raw)))
	case c == 't' || c == 'f':
		*t = text(raw)
	}
	return nil
}

// answer is text, or several of them: what was ticked in a form.
type answer text

// UnmarshalJSON never fails on what is JSON.
func (a *answer) UnmarshalJSON(raw []byte) error {
	var several []text
	switch raw[0] {
	case '[':
		if err := json.Unmarshal(raw, &several); err != nil {
			return err
		}
	case '{':
		several = []text{text(raw)}
	default:
		several = make([]text, 1)
		if err := several[0].UnmarshalJSON(raw); err != nil {
			return err
		}
	}
	var words []string
	for _, t := range several {
		if word := line(t); word != "" {
			words = append(words, word)
		}
	}
	*a = answer(strings.Join(words, ", "))
	return nil
}

// number spells a whole number out: 9.19137979401e11 is how some programs
// write a phone number.
func number(raw string) string {
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
func (b *body) UnmarshalJSON(raw []byte) error {
	type plain body
	*b = body{}
	if raw[0] == '"' {
		b.Type = "TEXT"
		return json.Unmarshal(raw, &b.Text)
	}
	return json.Unmarshal(raw, (*plain)(b))
}

// moment is a time in any spelling; at is zero where it cannot be read or
// cannot be true.
type moment struct {
	given bool
	at    data.Moment
}

// WhatsApp began in 2009; nothing was received before, and a clock that shows
// the next century is wrong.
var (
	earliest = data.MomentOf(time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = data.MomentOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// UnmarshalJSON never fails on what is JSON.
func (m *moment) UnmarshalJSON(raw []byte) error {
	var spelled text
	err := spelled.UnmarshalJSON(raw)
	*m = moment{given: true, at: ReadMoment(string(spelled))}
	return err
}

// ReadMoment reads RFC 3339, or seconds or milliseconds since 1970; zero where
// it is neither, or cannot be true.
func ReadMoment(s string) data.Moment {
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
