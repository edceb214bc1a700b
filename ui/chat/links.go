package chat

import (
	"net/url"
	"regexp"
	"strings"
)

// linkPattern finds what may be opened; everything else in a text is text.
var linkPattern = regexp.MustCompile(`(?i)\b(?:https?://|mailto:|tel:)[^\s<>"“”]+`)

// mostLinks is how many links of one message are offered.
const mostLinks = 3

// linksIn gives the links of a text that can be opened, each once.
func linksIn(text string) []*url.URL {
	var links []*url.URL
	seen := map[string]bool{}
	for _, found := range linkPattern.FindAllString(text, 4*mostLinks) {
		link, err := url.Parse(strings.TrimRight(found, ".,;:!?)]}'’»"))
		if err != nil || seen[link.String()] || !Opens(link) {
			continue
		}
		seen[link.String()] = true
		if links = append(links, link); len(links) == mostLinks {
			break
		}
	}
	return links
}

// Opens tells whether a link is of a kind that may leave the desk.
func Opens(link *url.URL) bool {
	switch strings.ToLower(link.Scheme) {
	case "http", "https":
		return link.Host != ""
	case "mailto", "tel":
		return link.Opaque != ""
	}
	return false
}

// linkName says where a link leads: the host, as it really is, or the address.
func linkName(link *url.URL) string {
	if link.Host != "" {
		return "Open " + link.Hostname()
	}
	return "Open " + link.Scheme + ":" + link.Opaque
}
