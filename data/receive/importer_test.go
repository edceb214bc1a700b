package receive

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/store"
)

// poison is the text of a message that the test's database refuses.
const poison = "poison"

func newDesk(t *testing.T) *desk.Desk {
	t.Helper()
	file := filepath.Join(t.TempDir(), "latchdesk.db")
	s, err := store.Open(t.Context(), file, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = '` + poison + `' BEGIN SELECT RAISE(ABORT, 'poison'); END`); err != nil {
		t.Fatal(err)
	}
	return desk.New(s)
}

func message(id, text string) doubletick.Delivery {
	return doubletick.Parse(fmt.Appendf(nil, `{"to":"918888888888","from":"919137979401","dtMessageId":%q,"receivedAt":"2026-07-20T10:00:00.000Z","message":{"type":"TEXT","text":%q}}`, id, text))[0]
}

func status(id string) doubletick.Delivery {
	return doubletick.Parse(fmt.Appendf(nil, `{"messageId":%q,"to":"919137979401","status":"READ","statusTimestamp":"2026-07-20T10:00:00Z"}`, id))[0]
}

// addAll adds deliveries and flushes, and returns the first error and the texts
// of the messages that are on the desk then.
func addAll(t *testing.T, i *Importer, deliveries ...doubletick.Delivery) (texts []string, err error) {
	t.Helper()
	for _, d := range deliveries {
		if err == nil {
			err = i.Add(t.Context(), d)
		}
	}
	if err == nil {
		err = i.Flush(t.Context())
	}
	c, findErr := i.Desk.FindCustomer(t.Context(), "+919137979401")
	if errors.Is(findErr, data.ErrNotFound) {
		return nil, err
	}
	if findErr != nil {
		t.Fatal(findErr)
	}
	messages, listErr := i.Desk.Messages(t.Context(), c.ID, data.ItemKey{}, 100)
	if listErr != nil {
		t.Fatal(listErr)
	}
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return texts, err
}

func TestImporter_SkipBadWritesTheOthersOfABatch(t *testing.T) {
	var skipped []string
	i := &Importer{Desk: newDesk(t), OnSkip: func(d doubletick.Delivery, err error) { skipped = append(skipped, err.Error()) }}
	texts, err := addAll(t, i, message("1", "one"), message("2", poison), message("3", "three"), status("nobody"), message("4", "four"), doubletick.Parse([]byte("scrap"))[0])
	if err != nil || !slices.Equal(texts, []string{"one", "three", "four"}) {
		t.Errorf("%q, %v", texts, err)
	}
	if want := (Summary{Taken: 3, Refused: 3}); i.Summary() != want || len(skipped) != 3 || !strings.Contains(skipped[0], poison) {
		t.Errorf("%+v, want %+v: %q", i.Summary(), want, skipped)
	}
}

func TestImporter_StopAtFirstWritesNothingOfABatch(t *testing.T) {
	skipped := 0
	i := &Importer{Desk: newDesk(t), Policy: StopAtFirst, OnSkip: func(doubletick.Delivery, error) { skipped++ }}
	texts, err := addAll(t, i, doubletick.Parse([]byte("scrap"))[0], message("1", "one"), status("nobody"), message("2", "two"), message("3", poison), message("4", "four"))
	if err == nil || !strings.Contains(err.Error(), poison) || !slices.Equal(texts, []string{"one"}) {
		t.Errorf("%q, %v", texts, err)
	}
	if want := (Summary{Taken: 1, Refused: 2}); i.Summary() != want || skipped != 2 {
		t.Errorf("%+v, want %+v; %d skipped", i.Summary(), want, skipped)
	}
}

func TestImporter_MaxBatchFlushesByItself(t *testing.T) {
	i := &Importer{Desk: newDesk(t), MaxBatch: 2, OnSkip: func(_ doubletick.Delivery, err error) { t.Error(err) }}
	for n := range 3 {
		if err := i.Add(t.Context(), message(fmt.Sprint(n), "text")); err != nil {
			t.Fatal(err)
		}
	}
	if got := i.Summary(); got != (Summary{Taken: 2}) {
		t.Errorf("before the flush: %+v", got)
	}
	if err := i.Flush(t.Context()); err != nil || i.Summary() != (Summary{Taken: 3}) {
		t.Errorf("after the flush: %+v, %v", i.Summary(), err)
	}
}

func TestSummary_String(t *testing.T) {
	for want, s := range map[string]Summary{
		"0 messages taken.":              {},
		"1 message taken.":               {Taken: 1},
		"0 messages taken, 1 set aside.": {SetAside: 1},
		"2 messages taken (1 held), 3 already here, 1 status update, 4 refused.": {Taken: 2, Held: 1, AlreadyHere: 3, StatusUpdates: 1, Refused: 4},
	} {
		if got := s.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
