package receive

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// What the business sent comes in like a message, from its own number, and stands in the
// customer's chat as sent.
func TestImporter_Echo(t *testing.T) {
	i := newImporter(t)
	w := i.Desk
	i.reads(t, strings.Join([]string{
		`{"to":"918888888888","from":"919137979401","messageId":"wamid.1","dtMessageId":"dt-1","receivedAt":"2026-07-20T11:39:47.443Z","message":{"type":"TEXT","text":"Hi"},"lastMessageOrigin":"USER"}`,
		`{"to":"919137979401","from":"918888888888","messageId":"wamid.2","dtMessageId":"dt-2","receivedAt":"2026-07-20T11:40:47.443Z","message":{"type":"TEXT","text":"How can we help?"},"lastMessageOrigin":"USER"}`,
		`{"to":"46701234567","from":"918888888888","messageId":"wamid.3","dtMessageId":"dt-3","receivedAt":"2026-07-20T11:41:47.443Z","message":{"type":"TEXT","text":"Your parcel"},"lastMessageOrigin":"USER"}`,
		`{"to":"+46701234567","from":"+46700000000","wabaNumber":"+46700000000","messageId":"wamid.4","dtMessageId":"dt-4","message":{"type":"TEXT","text":"By another number"}}`,
	}, "\n"))
	for address, want := range map[data.Address]string{
		"+919137979401": "in Hi, out How can we help?",
		"+46701234567":  "out Your parcel, out By another number",
	} {
		c, err := w.FindCustomer(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := w.Messages(t.Context(), c.ID, data.ItemKey{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range messages {
			got = append(got, string(m.Direction)+" "+m.Text)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	counts, err := w.Counts(t.Context())
	if err != nil || counts.All != 2 {
		t.Errorf("%+v, %v", counts, err)
	}
}
