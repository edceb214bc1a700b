package audit

import (
	"encoding/hex"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// Format is how a history is written down.
type Format string

// The formats there are; each is its file's ending, too.
const (
	JSONL Format = "jsonl"
	CSV   Format = "csv"
)

// FormatOf returns the format that goes with a file's ending.
func FormatOf(file string) Format {
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		return CSV
	}
	return JSONL
}

// codec encodes and decodes the lines of one format, without their line breaks.
// Every event and head has exactly one line that stands for it.
type codec struct {
	header      string // the first line, empty where the events begin at once
	appendEvent func(line []byte, e data.Event) []byte
	appendHead  func(line []byte, h data.Head) []byte
	parse       func(line []byte) (record, error)
}

// record is what a line holds: an event, or the head that ends the file.
type record struct {
	event data.Event
	head  *data.Head
}

var codecs = map[Format]codec{
	JSONL: {appendEvent: appendJSONEvent, appendHead: appendJSONHead, parse: parseJSON},
	CSV:   {header: csvHeader, appendEvent: appendCSVEvent, appendHead: appendCSVHead, parse: parseCSV},
}

func (f codec) append(line []byte, it record) []byte {
	if it.head != nil {
		return f.appendHead(line, *it.head)
	}
	return f.appendEvent(line, it.event)
}

// errMalformed is returned for a line that no codec writes.
var errMalformed = errors.New("the line was not written by Latchdesk")

// eventFields returns the fields of an event's canonical form, and its hash, as texts.
func eventFields(e data.Event) []string {
	return []string{
		strconv.FormatInt(e.Seq, 10), strconv.FormatInt(int64(e.At), 10), strconv.FormatInt(int64(e.RecordedAt), 10),
		string(e.Kind), string(e.Phone), string(e.Actor.Kind), e.Actor.Name, string(e.Actor.Channel), e.Detail,
		hex.EncodeToString(e.Prev), hex.EncodeToString(e.Hash),
	}
}

// parseEvent is the inverse of eventFields.
func parseEvent(f []string) (record, error) {
	seq, wrongSeq := strconv.ParseInt(f[0], 10, 64)
	at, wrongAt := strconv.ParseInt(f[1], 10, 64)
	recorded, wrongRecorded := strconv.ParseInt(f[2], 10, 64)
	prev, wrongPrev := hex.DecodeString(f[9])
	hash, wrongHash := hex.DecodeString(f[10])
	if errors.Join(wrongSeq, wrongAt, wrongRecorded, wrongPrev, wrongHash) != nil {
		return record{}, errMalformed
	}
	return record{event: data.Event{
		Seq: seq, At: data.Moment(at), RecordedAt: data.Moment(recorded), Kind: data.EventKind(f[3]), Phone: data.Phone(f[4]),
		Actor:  data.Actor{Kind: data.ActorKind(f[5]), Name: f[6], Channel: data.Channel(f[7])},
		Detail: f[8], Prev: prev, Hash: hash,
	}}, nil
}

func parseHead(count, hash string) (record, error) {
	n, wrongCount := strconv.ParseInt(count, 10, 64)
	sum, wrongHash := hex.DecodeString(hash)
	if errors.Join(wrongCount, wrongHash) != nil {
		return record{}, errMalformed
	}
	return record{head: &data.Head{Count: n, Hash: sum}}, nil
}
