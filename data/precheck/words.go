package precheck

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/data"
)

// lexicon is what is looked for in a customer's messages, in all languages at once:
// nobody knows which one they write in.
type lexicon struct {
	question, complaint, distress matcher
	idioms                        *strings.Replacer // removes idioms that only sound like one of them
	complaintTags                 map[string]bool
}

// matcher looks for many patterns at once: a Replacer reads a text once however many
// there are. Searching for a thousand one by one took 9 ms a chat.
type matcher struct{ *strings.Replacer }

// matchMark replaces a pattern that was found; folded text has no control characters.
const matchMark = "\x01"

func newMatcher(patterns []string) matcher { return matcher{newReplacer(patterns, matchMark)} }

// matches reports whether a folded text contains one of the patterns.
func (m matcher) matches(folded string) bool { return strings.Contains(m.Replace(folded), matchMark) }

// newReplacer returns a Replacer that puts by in the place of each pattern. Of two
// that begin alike the longer one is tried first.
func newReplacer(patterns []string, by string) *strings.Replacer {
	slices.SortFunc(patterns, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, pattern := range patterns {
		pairs = append(pairs, pattern, by)
	}
	r := strings.NewReplacer(pairs...)
	r.Replace("") // builds it now, not with the first text
	return r
}

// wordList is the file of a language. A phrase matches whole words; in it ^ stands
// for the beginning of a clause, $ for its end, and * at either end for any letters.
// In scripts without spaces, which have no word boundaries, it matches anywhere.
type wordList struct {
	Question, Complaint, Distress []string
	ComplaintTags                 []string
	Everyday                      []string // idioms that sound like the above and mean something else
}

// sharedLexicon returns the lexicon of all that ships. It is built on first use, off
// the window's goroutine, and not when the program starts: it takes some 10 ms.
var sharedLexicon = sync.OnceValue(func() lexicon {
	l, err := parseWordLists(assets.PrecheckWords())
	if err != nil {
		panic(fmt.Sprintf("precheck: %v", err)) // an error in what ships, which a test finds
	}
	return l
})

func parseWordLists(documents map[string][]byte) (lexicon, error) {
	l := lexicon{complaintTags: map[string]bool{}}
	var question, complaint, distress, everyday []string
	for language, text := range documents {
		var d wordList
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&d); err != nil {
			return l, fmt.Errorf("read the words of %s: %w", language, err)
		}
		for _, list := range []struct {
			from []string
			to   *[]string
		}{{d.Question, &question}, {d.Complaint, &complaint}, {d.Distress, &distress}, {d.Everyday, &everyday}} {
			for _, phrase := range list.from {
				patterns, err := compilePhrase(phrase)
				if err != nil {
					return l, fmt.Errorf("read the words of %s: %w", language, err)
				}
				*list.to = append(*list.to, patterns...)
			}
		}
		for _, tag := range d.ComplaintTags {
			l.complaintTags[foldTag(tag)] = true
		}
	}
	l.question, l.complaint, l.distress = newMatcher(question), newMatcher(complaint), newMatcher(distress)
	l.idioms = newReplacer(everyday, " | ")
	return l, nil
}

// compilePhrase returns the patterns of a phrase in folded text. A phrase with an
// apostrophe has two: folding makes two words of it, leaving it out makes one.
func compilePhrase(phrase string) ([]string, error) {
	body, begins := strings.CutPrefix(phrase, "^")
	body, ends := strings.CutSuffix(body, "$")
	body, leads := strings.CutPrefix(body, "*")
	body, follows := strings.CutSuffix(body, "*")
	var patterns []string
	for _, spelling := range []string{body, strings.ReplaceAll(body, "'", "")} {
		pattern := strings.Trim(fold(spelling), " |")
		if pattern == "" || strings.Contains(pattern, "|") || strings.ContainsAny(body, "^$*") {
			return nil, fmt.Errorf("%q is not a phrase", phrase)
		}
		first, _ := utf8.DecodeRuneInString(pattern)
		last, _ := utf8.DecodeLastRuneInString(pattern)
		switch {
		case begins:
			pattern = "| " + pattern
		case !leads && !isUnspaced(first):
			pattern = " " + pattern
		}
		switch {
		case ends:
			pattern += " |"
		case !follows && !isUnspaced(last):
			pattern += " "
		}
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns, nil
}

// isUnspaced reports whether r belongs to a script that is written without spaces.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// normalize folds a customer's text and removes idioms.
func (l lexicon) normalize(text string) string { return l.idioms.Replace(fold(text)) }

// isQuestion reports whether a text contains a question.
func (l lexicon) isQuestion(text string) bool {
	return strings.ContainsAny(stripLinks(text), "?؟？❓❔\u037E") || l.question.matches(l.normalize(text))
}

// foldTag returns the form in which tags are compared.
func foldTag(tag string) string { return strings.TrimSpace(data.Fold(tag)) }
