package chatexport

import (
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// lrm is the mark that an iPhone puts before whatever the author did not write.
const lrm = "\u200E"

// setContent reads what the author of a message wrote and what WhatsApp put beside it.
func (e *Entry) setContent(text string, files map[string]bool) {
	text = cutEdited(e, text)
	first, rest, _ := strings.Cut(text, "\n")
	caption := ""
	if i := strings.LastIndex(first, lrm); i > 0 {
		// A caption stands before the mark, and the media behind it.
		if e.setMedia(first[i:], files) {
			caption = e.cutName(first[:i])
		}
	}
	switch {
	case e.Media != "":
	case e.setMedia(first, files):
	default:
		caption = first
	}
	e.Text = cleanText(caption + "\n" + rest)
	if e.Media == "" && rest == "" {
		e.setSpecial()
	}
}

// cutName takes the name and the pages of a document that is not in the export for
// the file's name. Other media have a caption there, which it returns.
func (e *Entry) cutName(caption string) string {
	if e.Media != data.DocumentMessage || !e.Missing || e.File != "" {
		return caption
	}
	name, _, _ := strings.Cut(cleanText(caption), " • ")
	e.File = data.CleanLine(name, data.MaxName)
	return ""
}

// setSpecial finds a place, a deleted message, and one that can be seen only once,
// whose body is empty.
func (e *Entry) setSpecial() {
	switch word, link, _ := strings.Cut(e.Text, ": "); {
	case e.Text == "":
		e.Media, e.Missing = data.MediaMessage, true
	case placeWords[strings.ToLower(word)] && isLink(link):
		e.Media, e.Text = data.LocationMessage, link
	case len(e.Text) <= maxWords:
		e.Deleted = deletedWords[strings.ToLower(strings.TrimSuffix(e.Text, "."))]
	}
}

func isLink(text string) bool {
	return strings.HasPrefix(text, "https://") && !strings.ContainsAny(text, " \n")
}

// cutEdited cuts the mark of an edited message off the end of its text.
func cutEdited(e *Entry, text string) string {
	trimmed := trimMarks(text)
	if !strings.HasSuffix(trimmed, ">") {
		return text
	}
	for _, mark := range editedMarks {
		if rest, ok := strings.CutSuffix(trimmed, mark); ok {
			e.Edited = true
			return strings.TrimRight(rest, " "+lrm)
		}
	}
	return text
}

// The two shapes in which a file is named, in any language. The names that Android
// gives need no word that is known.
var (
	attachedTag  = regexp.MustCompile(`^<[^<>:]{2,30}: ?([^<>/\\]{1,200}\.[A-Za-z0-9]{2,5})>$`)
	attachedWord = regexp.MustCompile(`^([^/\\]{1,200}\.[A-Za-z0-9]{2,5}) \(([^()]{4,40})\)$`)
	androidName  = regexp.MustCompile(`^(IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+\.`)
)

// setMedia reports whether a line stands for media, and sets which.
func (e *Entry) setMedia(line string, files map[string]bool) bool {
	marked := strings.HasPrefix(line, lrm)
	line = trimMarks(line)
	switch {
	case strings.HasSuffix(line, ">"):
		if found := attachedTag.FindStringSubmatch(line); found != nil {
			e.setFile(found[1], files)
			return true
		}
	case strings.HasSuffix(line, ")"):
		if found := attachedWord.FindStringSubmatch(line); found != nil && (marked || attachedWords[strings.ToLower(found[2])] || androidName.MatchString(line)) {
			e.setFile(found[1], files)
			return true
		}
	}
	if len(line) > maxWords {
		return false
	}
	kind, ok := omittedWords[strings.ToLower(line)]
	if ok {
		e.Media, e.Missing = kind, true
	}
	return ok
}

func (e *Entry) setFile(name string, files map[string]bool) {
	e.File = data.CleanLine(name, data.MaxName)
	e.Missing = !files[strings.ToLower(e.File)]
	e.Media = kindOf(name)
}

// kindOf returns what a file is by its extension. What Android records is named PTT or
// AUD, whatever it is in; WebP is what stickers are.
func kindOf(name string) data.Kind {
	if kind, ok := extensions[strings.ToLower(path.Ext(name))]; ok {
		return kind
	}
	return data.DocumentMessage
}

var extensions = map[string]data.Kind{
	".jpg": data.ImageMessage, ".jpeg": data.ImageMessage, ".png": data.ImageMessage, ".gif": data.ImageMessage, ".heic": data.ImageMessage,
	".mp4": data.VideoMessage, ".mov": data.VideoMessage, ".3gp": data.VideoMessage, ".avi": data.VideoMessage, ".mkv": data.VideoMessage,
	".opus": data.AudioMessage, ".ogg": data.AudioMessage, ".mp3": data.AudioMessage, ".m4a": data.AudioMessage, ".aac": data.AudioMessage, ".amr": data.AudioMessage, ".wav": data.AudioMessage,
	".webp": data.StickerMessage, ".was": data.StickerMessage, ".vcf": data.ContactsMessage,
}

// noticeKind returns what WhatsApp itself says in a line.
func noticeKind(line string) EntryKind {
	line = strings.ToLower(trimMarks(line))
	if utf8.RuneCountInString(line) > 400 {
		return NoticeEntry
	}
	for _, word := range unblockWords { // first: blocking is a part of most of them
		if strings.HasPrefix(line, word) {
			return UnblockEntry
		}
	}
	for _, word := range blockWords {
		if strings.HasPrefix(line, word) {
			return BlockEntry
		}
	}
	for _, word := range standingWords {
		if strings.Contains(line, word) {
			return StandingEntry
		}
	}
	return NoticeEntry
}

// trimMarks returns text without spaces and marks around it.
func trimMarks(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return isSpace(r) || isMark(r) })
}

// innerMarks takes away the marks before a line, a word and a number within a text.
var innerMarks = strings.NewReplacer("\n"+lrm, "\n", "("+lrm, "(", " "+lrm, " ")

// cleanText returns a text as it is kept: without the marks around it and around
// numbers and mentions.
func cleanText(text string) string {
	text = data.Clean(text)
	if strings.Contains(text, lrm) {
		text = innerMarks.Replace(text)
	}
	return strings.Trim(text, " \t\n\u200E\u200F\u00A0\u202F")
}
