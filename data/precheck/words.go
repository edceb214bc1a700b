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

// lexicon is what is looked for in a customer's words, of all languages at
// once: nobody says which one they write in.
type lexicon struct {
	question, complaint, distress matcher
	idioms                        *strings.Replacer // takes out what only sounds like one of them
	complaintTags                 map[string]bool
}

// matcher looks for many patterns at once: a Replacer walks a text once, however
// many there are, where looking for a thousand one by one took 9 ms in a chat.
type matcher struct{ *strings.Replacer }

// matchMark stands where a pattern was; folded text holds no control characters.
const matchMark = "\x01"

func newMatcher(patterns []string) matcher { return matcher{newReplacer(patterns, matchMark)} }

// matches reports whether one of the patterns is in a folded text.
func (f matcher) matches(folded string) bool { return strings.Contains(f.Replace(folded), matchMark) }

// newReplacer puts by in the place of each pattern; of two that begin alike the
// longer goes first.
func newReplacer(patterns []string, by string) *strings.Replacer {
	slices.SortFunc(patterns, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, pattern := range patterns {
		pairs = append(pairs, pattern, by)
	}
	r := strings.NewReplacer(pairs...)
	r.Replace("") // builds it, which else the first text would wait for
	return r
}

// wordList is a language's file. A phrase is matched as whole words. In it ^
// stands for the beginning of a clause, $ for the end, and * for any letters
// that lead or follow. Scripts without spaces have no word edges, so there a
// phrase is found anywhere.
type wordList struct {
	Question, Complaint, Distress []string
	ComplaintTags                 []string
	Everyday                      []string // said every day, and meant otherwise
}

// sharedLexicon are read by the first look, which is not on the window's goroutine, and
// not when the program starts: it takes some 10 ms.
var sharedLexicon = sync.OnceValue(func() lexicon {
	l, err := parseWordLists(assets.PrecheckWords())
	if err != nil {
		panic(fmt.Sprintf("precheck: %v", err)) // a slip in what ships, which a test would find
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

// compilePhrase returns what to look for in folded text. Who leaves an apostrophe away
// writes one word, who does not has two after folding: there are two patterns.
func compilePhrase(phrase string) ([]string, error) {
	body, begins := strings.CutPrefix(phrase, "^")
	body, ends := strings.CutSuffix(body, "$")
	body, leads := strings.CutPrefix(body, "*")
	body, follows := strings.CutSuffix(body, "*")
	var patterns []string
	for _, spelling := range []string{body, strings.ReplaceAll(body, "'", "")} {
		pattern := strings.Trim(fold(spelling), " |")
		if pattern == "" || strings.Contains(pattern, "|") || strings.ContainsAny(body, "^$*") {
			return nil, fmt.Errorf("%q is no phrase", phrase)
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

// isUnspaced tells of scripts that are written without spaces.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// normalize folds a customer's text and takes out what is only said so.
func (l lexicon) normalize(text string) string { return l.idioms.Replace(fold(text)) }

// isQuestion reports whether a text holds a question.
func (l lexicon) isQuestion(text string) bool {
	return strings.ContainsAny(stripLinks(text), "?؟？❓❔\u037E") || l.question.matches(l.normalize(text))
}

// foldTag is how tags are compared.
func foldTag(tag string) string { return strings.TrimSpace(data.Fold(tag)) }
