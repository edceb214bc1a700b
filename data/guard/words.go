package guard

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
	question, complaint, distress []string
	everyday                      *strings.Replacer // takes out what only sounds like one of them
	complaintTags                 map[string]bool
}

// document is a language's file. A phrase is matched as whole words. In it ^
// stands for the beginning of a clause, $ for the end, and * for any letters
// that lead or follow. Scripts without spaces have no word edges, so there a
// phrase is found anywhere.
type document struct {
	Question, Complaint, Distress []string
	ComplaintTags                 []string
	Everyday                      []string // said every day, and meant otherwise
}

// words are read when the first chat is looked at, not when the program starts.
var words = sync.OnceValue(func() lexicon {
	l, err := parse(assets.GuardWords())
	if err != nil {
		panic(fmt.Sprintf("guard: %v", err)) // a slip in what ships, which a test would find
	}
	return l
})

func parse(documents map[string][]byte) (lexicon, error) {
	l := lexicon{complaintTags: map[string]bool{}}
	var everyday []string
	for language, text := range documents {
		var d document
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&d); err != nil {
			return l, fmt.Errorf("read the words of %s: %w", language, err)
		}
		for _, list := range []struct {
			from []string
			to   *[]string
		}{{d.Question, &l.question}, {d.Complaint, &l.complaint}, {d.Distress, &l.distress}, {d.Everyday, &everyday}} {
			for _, phrase := range list.from {
				patterns, err := compile(phrase)
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
	// Of two that begin alike the longer is taken out, whatever order they came in.
	slices.SortFunc(everyday, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, pattern := range everyday {
		pairs = append(pairs, pattern, " | ")
	}
	l.everyday = strings.NewReplacer(pairs...)
	return l, nil
}

// compile gives what to look for in folded text. Who leaves an apostrophe away
// writes one word, who does not has two after folding: there are two patterns.
func compile(phrase string) ([]string, error) {
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
		case !leads && !spaceless(first):
			pattern = " " + pattern
		}
		switch {
		case ends:
			pattern += " |"
		case !follows && !spaceless(last):
			pattern += " "
		}
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns, nil
}

// spaceless tells of scripts that are written without spaces.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// read folds a customer's text and takes out what is only said so.
func (l lexicon) read(text string) string { return l.everyday.Replace(fold(text)) }

// asks tells whether a text holds a question.
func (l lexicon) asks(text string) bool {
	return strings.ContainsAny(withoutAddresses(text), "?؟？❓❔\u037E") || holds(l.read(text), l.question)
}

// holds tells whether one of the patterns is in a folded text.
func holds(folded string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return strings.Contains(folded, pattern) })
}

// foldTag is how tags are compared.
func foldTag(tag string) string { return strings.TrimSpace(data.Fold(tag)) }
