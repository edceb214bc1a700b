package blocklist

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
)

const beginCard = "BEGIN:VCARD"

// cardColumns are the columns of contacts.
var cardColumns = []string{"phone", "name"}

var errTooManyNumbers = errors.New("the contact has too many phone numbers")

// maxCardNumbers is how many phone numbers of a contact are read.
const maxCardNumbers = 100

// cardReader reads vCards (RFC 6350, and 2.1 and 3.0 before it) as a table of phone
// and name. A number shared from WhatsApp has its id as the parameter waid, which
// counts before what is displayed.
type cardReader struct {
	cells
	lines   lineReader
	waiting []byte // the line after the property that was read last
	waits   bool
	cut     bool // the property was too long
}

func newCardReader(in *bufio.Reader) *cardReader {
	return &cardReader{lines: lineReader{in: in}}
}

// next reads the next contact. The contact's line is the one that it begins at.
func (r *cardReader) next() (line int, err error) {
	r.text, r.rowErr = r.text[:0], nil
	for {
		property, err := r.property()
		if err != nil {
			return r.lines.line, err
		}
		if bytes.EqualFold(bytes.TrimSpace(property), []byte(beginCard)) {
			return r.lineOf(), r.readCard()
		}
	}
}

// lineOf returns the line of a property that is one line long.
func (r *cardReader) lineOf() int {
	if r.waits {
		return r.lines.line - 1
	}
	return r.lines.line
}

// readCard reads a contact up to its end, or to the beginning of another.
func (r *cardReader) readCard() error {
	var numbers []string
	var formatted, structured string
	for {
		property, err := r.property()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		name, value := cardProperty(property)
		if name == "END" {
			break
		}
		switch {
		case name == "TEL" && r.cut:
			r.rowErr = errCellTooLong
		case name == "TEL" && len(numbers) == maxCardNumbers:
			r.rowErr = errTooManyNumbers
		case name == "TEL" && value != "":
			numbers = append(numbers, value)
		case name == "FN":
			formatted = value
		case name == "N":
			structured = value
		}
	}
	if formatted == "" {
		formatted = structured
	}
	r.text = append(r.text, strings.Join(numbers, " ::: "), formatted)
	return nil
}

// property returns the next property with its continuation lines. It is cut where it
// is longer than a cell may be.
func (r *cardReader) property() ([]byte, error) {
	text, err := r.line()
	if err != nil {
		return nil, err
	}
	property := bytes.Clone(text[:min(len(text), maxCell)])
	r.cut = len(text) > maxCell
	for {
		more, err := r.line()
		if err == io.EOF {
			return property, nil
		}
		if err != nil {
			return nil, err
		}
		soft := isQuotedPrintable(property) && bytes.HasSuffix(property, []byte("="))
		folded := len(more) > 0 && (more[0] == ' ' || more[0] == '\t')
		switch {
		case soft:
			property = append(property[:len(property)-1], bytes.TrimLeft(more, " \t")...)
		case folded:
			property = append(property, more[1:]...)
		default:
			r.waiting, r.waits = more, true
			return property, nil
		}
		if len(property) > maxCell {
			property, r.cut = property[:maxCell], true
		}
	}
}

// line returns the next line, cut at the longest row.
func (r *cardReader) line() ([]byte, error) {
	if r.waits {
		r.waits = false
		return r.waiting, nil
	}
	text, _, err := r.lines.read()
	return text, err
}

func isQuotedPrintable(property []byte) bool {
	head, _, _ := bytes.Cut(property[:min(len(property), 200)], []byte(":"))
	return bytes.Contains(bytes.ToUpper(head), []byte("QUOTED-PRINTABLE"))
}

// cardProperty returns the name of a property in capitals, without its group, and its
// value: of TEL the WhatsApp id if it has one, of N the given name before the family
// name.
func cardProperty(property []byte) (name, value string) {
	head, value := cutProperty(string(property))
	name, parameters, _ := strings.Cut(head, ";")
	name = strings.ToUpper(strings.TrimSpace(name[strings.LastIndexByte(name, '.')+1:]))
	if isQuotedPrintable(property) {
		decoded, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value))) // what cannot be decoded ends the value
		value = string(decoded)
	}
	switch name {
	case "TEL":
		if id := whatsAppID(parameters); id != "" {
			value = "+" + id
		}
	case "N":
		value = givenThenFamily(value)
	}
	return name, unescapeCard(value)
}

// cutProperty cuts a property at the first colon that is not in quotation marks.
func cutProperty(property string) (head, value string) {
	quoted := false
	for i := range len(property) {
		switch property[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return property[:i], strings.TrimSpace(property[i+1:])
			}
		}
	}
	return property, ""
}

// whatsAppID returns the digits of the parameter waid, "" if there is none.
func whatsAppID(parameters string) string {
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, id, _ := strings.Cut(parameter, "=")
		id = strings.Trim(strings.TrimSpace(id), `"+`)
		if strings.EqualFold(strings.TrimSpace(key), "waid") && id != "" && strings.Trim(id, "0123456789") == "" {
			return id
		}
	}
	return ""
}

// givenThenFamily returns the name of the property N, which has the family name
// first.
func givenThenFamily(value string) string {
	parts := strings.SplitN(value, ";", 3)
	if len(parts) < 2 {
		return value
	}
	return strings.TrimSpace(parts[1] + " " + parts[0])
}

var cardEscapes = strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\:`, ":", `\\`, `\`)

func unescapeCard(value string) string { return cardEscapes.Replace(value) }
