package data_test

import (
	"slices"
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

func TestActsOn_TellsWhatWasDone(t *testing.T) {
	said := data.Message{Direction: data.Out, Kind: data.TextMessage, Text: "one"}
	heart := data.Message{Direction: data.In, Kind: data.ReactionMessage, Text: "❤"}
	edit := func(text string) data.Message {
		return data.Message{Direction: data.Out, Kind: data.EditMessage, Text: text}
	}
	deletion := func(at data.Moment) data.Message {
		return data.Message{Direction: data.Out, Kind: data.DeletionMessage, At: at}
	}
	if got := data.ActsOn(said, nil); got != nil || got.Words(said) != "one" || got.Before(said) != nil {
		t.Errorf("nothing is %+v", got)
	}
	if got := data.ActsOn(said, []data.Message{heart}); got == nil || got.Words(said) != "one" || got.Before(said) != nil {
		t.Errorf("a reaction is %+v", got)
	}
	if got := data.ActsOn(said, []data.Message{heart, edit("two")}); got == nil || got.Words(said) != "two" || !slices.Equal(got.Before(said), []string{"one"}) {
		t.Errorf("a reaction and an edit are %+v", got)
	}
	if got := data.ActsOn(said, []data.Message{edit("two"), edit("three")}); got == nil || got.Words(said) != "three" || !slices.Equal(got.Before(said), []string{"one", "two"}) {
		t.Errorf("two edits are %+v", got)
	}
	if got := data.ActsOn(said, []data.Message{deletion(5), deletion(6)}); got == nil || got.DeletedAt != 5 || got.Words(said) != "one" {
		t.Errorf("two deletions are %+v", got)
	}
	for kind, want := range map[data.Kind]bool{
		data.ReactionMessage: true, data.EditMessage: true, data.DeletionMessage: true, data.TextMessage: false, data.CallMessage: false, "": false,
	} {
		if kind.IsAct() != want {
			t.Errorf("%q is an act: %v", kind, !want)
		}
	}
}
