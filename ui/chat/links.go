package chat

import (
	"net/url"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

// linkPattern matches links of the kinds that may be opened.
var linkPattern = regexp.MustCompile(`(?i)\b(?:https?://|mailto:|tel:)[^\s<>"“”]+`)

// leaveLink takes the keyboard from a link in the timeline that was followed, and that may
// be gone: to the composer, or to the timeline where the strip stands in its place. Enter,
// pressed once more, is not meant for Unblock.
func (p *Pane) leaveLink() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Root)
	switch {
	case c == nil:
	case p.CanWrite():
		widgets.Focus(c, p.composer.entry)
	default:
		widgets.Focus(c, p.timeline)
	}
}

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
