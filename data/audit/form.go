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

// form writes and reads the lines of one format, without their line breaks.
// Every event and head has exactly one line that stands for it.
type form struct {
	title string // the first line, empty where the events begin at once
	event func(line []byte, e data.Event) []byte
	head  func(line []byte, h data.Head) []byte
	read  func(line []byte) (entry, error)
}

// entry is what a line holds: an event, or the head that ends the file.
type entry struct {
	event data.Event
	head  *data.Head
}

var forms = map[Format]form{
	JSONL: {event: jsonEvent, head: jsonHead, read: readJSON},
	CSV:   {title: title, event: csvEvent, head: csvHead, read: readCSV},
}

func (f form) write(line []byte, it entry) []byte {
	if it.head != nil {
		return f.head(line, *it.head)
	}
	return f.event(line, it.event)
}

// errForm says that a line is not one that is written here.
var errForm = errors.New("the line is none of ours")

// fields returns the fields of an event's canonical form, and its hash, as texts.
func fields(e data.Event) []string {
	return []string{
		strconv.FormatInt(e.Seq, 10), strconv.FormatInt(int64(e.At), 10), strconv.FormatInt(int64(e.RecordedAt), 10),
		string(e.Kind), string(e.Phone), string(e.Actor.Kind), e.Actor.Name, string(e.Actor.Channel), e.Detail,
		hex.EncodeToString(e.Prev), hex.EncodeToString(e.Hash),
	}
}

// readFields is the way back.
func readFields(f []string) (entry, error) {
	seq, wrongSeq := strconv.ParseInt(f[0], 10, 64)
	at, wrongAt := strconv.ParseInt(f[1], 10, 64)
	recorded, wrongRecorded := strconv.ParseInt(f[2], 10, 64)
	prev, wrongPrev := hex.DecodeString(f[9])
	hash, wrongHash := hex.DecodeString(f[10])
	if errors.Join(wrongSeq, wrongAt, wrongRecorded, wrongPrev, wrongHash) != nil {
		return entry{}, errForm
	}
	return entry{event: data.Event{
		Seq: seq, At: data.Moment(at), RecordedAt: data.Moment(recorded), Kind: data.EventKind(f[3]), Phone: data.Phone(f[4]),
		Actor:  data.Actor{Kind: data.ActorKind(f[5]), Name: f[6], Channel: data.Channel(f[7])},
		Detail: f[8], Prev: prev, Hash: hash,
	}}, nil
}

func readHead(count, hash string) (entry, error) {
	n, wrongCount := strconv.ParseInt(count, 10, 64)
	sum, wrongHash := hex.DecodeString(hash)
	if errors.Join(wrongCount, wrongHash) != nil {
		return entry{}, errForm
	}
	return entry{head: &data.Head{Count: n, Hash: sum}}, nil
}
