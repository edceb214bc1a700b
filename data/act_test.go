package data_test

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// In a group nobody edits or deletes what another member wrote.
func TestActsOn_OnlyTheAuthor(t *testing.T) {
	said := data.Message{Direction: data.In, Kind: data.TextMessage, Text: "one", Author: "Bo", AuthorAddress: "+5215512345678"}
	for name, c := range map[string]struct {
		act  data.Message
		want bool
	}{
		"the author":                     {data.Message{Direction: data.In, Author: "Bo", AuthorAddress: "+5215512345678"}, true},
		"the author in another spelling": {data.Message{Direction: data.In, Author: "Bo B", AuthorAddress: "+525512345678"}, true},
		"another member":                 {data.Message{Direction: data.In, Author: "Bo", AuthorAddress: "+919137979401"}, false},
		"another name without address":   {data.Message{Direction: data.In, Author: "Eve"}, false},
		"nobody named":                   {data.Message{Direction: data.In}, true},
		"the business":                   {data.Message{Direction: data.Out}, false},
	} {
		for _, kind := range []data.Kind{data.EditMessage, data.DeletionMessage} {
			c.act.Kind, c.act.Text, c.act.At = kind, "two", 1
			if got := data.ActsOn(said, []data.Message{c.act}) != nil; got != c.want {
				t.Errorf("%s by %s takes effect: %t, want %t", kind, name, got, c.want)
			}
		}
	}
}

// Each member of a group has one reaction, two of one name as well.
func TestActsOn_ReactionsOfMembers(t *testing.T) {
	react := func(address data.Address, emoji string) data.Message {
		return data.Message{Direction: data.In, Kind: data.ReactionMessage, Author: "Bo", AuthorAddress: address, Text: emoji}
	}
	acts := data.ActsOn(data.Message{Direction: data.In}, []data.Message{
		react("+919137979401", "👍"), react("+919137979402", "❤"), react("+919137979401", "🎉"),
	})
	if len(acts.Reactions) != 2 || acts.Reactions[0].Emoji != "❤" || acts.Reactions[1].Emoji != "🎉" {
		t.Errorf("%+v", acts.Reactions)
	}
}
