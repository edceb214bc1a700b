package chat

import (
	"net/url"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestFindLinks_FindsWhatCanBeOpened(t *testing.T) {
	for text, want := range map[string]string{
		"see https://shop.example/a?b=c#d.":                                       "https://shop.example/a?b=c#d",
		"HTTPS://SHOP.example, or (http://two.example/x)":                         "https://SHOP.example http://two.example/x",
		"mailto:a@b.example;tel:+46701234567":                                     "mailto:a@b.example;tel:+46701234567",
		"call tel:+46701234567 now":                                               "tel:+46701234567",
		"“https://quoted.example”":                                                "https://quoted.example",
		"<https://angles.example>":                                                "https://angles.example",
		"file:///etc/passwd javascript:alert(1) ftp://x data:text/html,x smb://y": "",
		"nohttp://glued.example":                                                  "",
		"https:// http:///path mailto: tel:":                                      "",
		"https://%zz.example":                                                     "",
		"www.shop.example":                                                        "",
		"":                                                                        "",
		"मिलिए https://दुकान.example पर":                                          "https://दुकान.example",
	} {
		links, places := findLinks(text)
		var got []string
		for i, l := range links {
			got = append(got, l.Scheme+strings.TrimPrefix(text[places[i].From:places[i].To], text[places[i].From:places[i].From+len(l.Scheme)]))
			if !CanOpen(l) {
				t.Errorf("%q: %s may not be opened", text, l)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q holds %q, want %q", text, got, want)
		}
	}
	for link, opens := range map[string]bool{
		"http://a.example": true, "HTTPS://a.example": true, "mailto:a@b.example": true, "TEL:+46701234567": true,
		"ftp://a.example": false, "file:///etc/passwd": false, "javascript:alert(1)": false, "data:text/html,x": false,
		"http:a.example": false, "mailto:": false, "//a.example": false, "": false,
	} {
		if parsed, err := url.Parse(link); err != nil || CanOpen(parsed) != opens {
			t.Errorf("%q may be opened: %v, %v", link, !opens, err)
		}
	}
	many, places := findLinks(strings.Repeat("http://a.example ", 1000))
	if len(many) != maxLinks || len(places) != maxLinks {
		t.Errorf("of a thousand links %d can be followed", len(many))
	}
}

// The link that copies a long message gives the keyboard back.
func TestPane_CopyLinkLeavesTheKeyboard(t *testing.T) {
	b := open(t, strings.Repeat("and so on ", maxShownRunes))
	for _, o := range b.timeline.objects {
		if o, ok := o.(*bubble); ok {
			test.Tap(o.copyLink)
		}
	}
	if got := b.window.Canvas().Focused(); got != b.composer.entry {
		t.Errorf("the keyboard is with %T", got)
	}
}
