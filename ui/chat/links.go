package chat

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

// linkPattern matches links of the kinds that may be opened.
var linkPattern = regexp.MustCompile(`(?i)\b(?:https?://|mailto:|tel:)[^\s<>"“”]+`)

// maxLinks is how many links of one message can be followed.
const maxLinks = 50

// findLinks returns the links of a text that can be opened, and their ranges in it.
func findLinks(text string) (links []*url.URL, ranges []widgets.TextRange) {
	for _, found := range linkPattern.FindAllStringIndex(text, maxLinks) {
		word := strings.TrimRight(text[found[0]:found[1]], ".,;:!?)]}'’»")
		link, err := url.Parse(word)
		if err != nil || !CanOpen(link) {
			continue
		}
		links = append(links, link)
		ranges = append(ranges, widgets.TextRange{From: found[0], To: found[0] + len(word)})
	}
	return links, ranges
}

// CanOpen reports whether a link is of a kind that may be opened outside the desk.
func CanOpen(link *url.URL) bool {
	switch strings.ToLower(link.Scheme) {
	case "http", "https":
		return link.Host != ""
	case "mailto", "tel":
		return link.Opaque != ""
	}
	return false
}
