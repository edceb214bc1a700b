package cli

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/receive"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// delivery is one message on one line.
func delivery(from, id, at, text string) string {
	words, _ := json.Marshal(text)
	return fmt.Sprintf(`{"to":"918888888888","from":%q,"dtMessageId":%q,"receivedAt":%q,"message":{"type":"TEXT","text":%s}}`, from, id, at, words)
}

const ten = "2026-07-20T10:00:00.000Z"

func TestReceive(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	input := strings.Join([]string{
		delivery("919137979401", "a1", ten, "one"),
		`{"from":"12","dtMessageId":"b1","message":{"type":"TEXT","text":"who?"}}`,
		delivery("46701234567", "c1", ten, "held"),
		`not json`,
		delivery("919137979401", "a1", ten, "one, delivered again"),
		delivery("919137979401", "a0", "2026-07-20T09:00:00.000Z", "came late\x00\x1b[31m\u202e"),
		`{"messageId":"nobody","to":"919137979401","status":"READ","statusTimestamp":"2026-07-20T10:00:00Z"}`,
		`{"customer":"something else"}`,
	}, "\n")
	a := x.try(input, "receive", "-", "--json")
	if a.code != ExitFailure {
		t.Errorf("exit %d", a.code)
	}
	same(t, "summary", a.out, `{"taken":3,"held":1,"alreadyHere":1,"statusUpdates":0,"refused":2,"setAside":2}`+"\n")
	lines := strings.Split(strings.TrimSpace(a.err), "\n")
	slices.Sort(lines) // what is set aside is named once it is written
	for i, want := range []string{"latchdesk: 2 deliveries were not understood and set aside; see latchdesk deliveries list", "line 2: set aside: ", "line 4: ", "line 7: no message nobody was sent from here", "line 8: set aside: "} {
		if len(lines) != 5 || !strings.HasPrefix(lines[i], want) || len(lines[i]) < len(want) {
			t.Fatalf("stderr:\n%s", a.err)
		}
	}

	same(t, "Asha's messages", x.do("messages", asha, "--json"), `[
{"id":"a0","at":"2026-07-20T09:00:00.000Z","direction":"in","text":"came late[31m","held":false,"author":null},
{"id":"a1","at":"2026-07-20T10:00:00.000Z","direction":"in","text":"one","held":false,"author":null}
]
`)
	held := `[
{"id":"c1","at":"2026-07-20T10:00:00.000Z","direction":"in","text":"held","held":%v,"author":null}
]
`
	same(t, "Lena's messages", x.do("messages", lena, "--json"), fmt.Sprintf(held, true))
	same(t, "Lena's held messages", x.do("messages", lena, "--held", "--json"), fmt.Sprintf(held, true))
	same(t, "Asha's held messages", x.do("messages", asha, "--held"), "There are no held messages.\n")
	same(t, "Lena's messages for people", x.do("messages", lena),
		data.MomentOf(noon.Add(-2*time.Hour)).Time().Format("2006-01-02 15:04 -07:00")+"  held  held\n")
	x.do("unblock", lena)
	same(t, "Lena's messages after the block", x.do("messages", lena, "--json"), fmt.Sprintf(held, false))

	a = x.try(delivery("46701234567", "c1", ten, "held"), "receive", "-")
	if a.code != ExitOK || a.err != "" {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	same(t, "summary for people", a.out, "Messages taken  0\nOf these held   0\nAlready here    1\nStatus updates  0\nRefused         0\nSet aside       0\n")
}

func TestReceive_Forms(t *testing.T) {
	one, two := delivery("919137979401", "1", ten, "one"), delivery("919137979401", "2", ten, "two")
	for name, c := range map[string]struct {
		text  string
		taken int
	}{
		"nothing": {"", 0},
		"one":     {one, 1},
		"array":   {"[" + one + ",\n" + two + "]", 2},
		"lines":   {one + "\n\n" + two + "\n", 2},
		"mark":    {"\uFEFF" + one, 1},
	} {
		x := newTerminal(t)
		file := x.write("deliveries.json", c.text)
		same(t, name, x.do("receive", file, "--json"),
			fmt.Sprintf(`{"taken":%d,"held":0,"alreadyHere":0,"statusUpdates":0,"refused":0,"setAside":0}`+"\n", c.taken))
	}
}

// More than one transaction holds: all in order, bad lines reported, nothing
// doubled when all of it comes again.
func TestReceive_ManyBatches(t *testing.T) {
	x := newTerminal(t)
	var input strings.Builder
	const n = 3*receive.MaxBatch + 7
	for i := range n {
		if i%100 == 50 {
			input.WriteString("{broken\n")
		}
		input.WriteString(delivery("919137979401", fmt.Sprint("m", i), ten, fmt.Sprint("text ", i)) + "\n")
	}
	a := x.try(input.String(), "receive", "-", "--json")
	same(t, "summary", a.out, fmt.Sprintf(`{"taken":%d,"held":0,"alreadyHere":0,"statusUpdates":0,"refused":6,"setAside":0}`+"\n", n))
	if a.code != ExitFailure || strings.Count(a.err, "\n") != 6 || !strings.HasPrefix(a.err, "line 51: ") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	again := x.try(input.String(), "receive", "-", "--json")
	same(t, "again", again.out, fmt.Sprintf(`{"taken":0,"held":0,"alreadyHere":%d,"statusUpdates":0,"refused":6,"setAside":0}`+"\n", n))

	var got []struct{ Text string }
	if err := json.Unmarshal([]byte(x.do("messages", asha, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != n {
		t.Fatalf("%d messages, want %d", len(got), n)
	}
	for i, m := range got {
		if m.Text != fmt.Sprint("text ", i) {
			t.Fatalf("message %d is %q", i, m.Text)
		}
	}
	if lines := strings.Count(x.do("messages", asha), "\n"); lines != n {
		t.Errorf("%d lines for people, want %d", lines, n)
	}
}

// What the agent sent has an id by which status updates for it are recognised, also when
// they are in one file with messages.
func TestReceive_Status(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	s := x.desk()
	c, err := s.FindCustomer(t.Context(), data.Address(asha))
	if err != nil {
		t.Fatal(err)
	}
	sent, err := s.Send(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaWindow}, c.ID, "Good day")
	if err != nil {
		t.Fatal(err)
	}
	var listed []struct {
		ID        string
		Direction data.Direction
	}
	if err := json.Unmarshal([]byte(x.do("messages", asha, "--json")), &listed); err != nil {
		t.Fatal(err)
	}
	if len(listed) != 2 || listed[1].ID != sent.RemoteID || listed[1].Direction != data.Out {
		t.Fatalf("%+v, want one with id %s", listed, sent.RemoteID)
	}
	update := func(status string) string {
		return fmt.Sprintf(`{"messageId":%q,"to":"919137979401","status":%q,"statusTimestamp":"2026-07-20T12:00:00Z"}`, sent.RemoteID, status)
	}
	a := x.try(strings.Join([]string{
		delivery("919137979401", "m3", ten, "three"), update("READ"), delivery("919137979401", "m4", ten, "four"), update("SENT"),
	}, "\n"), "receive", "-", "--json")
	same(t, "summary", a.out, `{"taken":2,"held":0,"alreadyHere":0,"statusUpdates":2,"refused":0,"setAside":0}`+"\n")
	messages, err := s.Messages(t.Context(), c.ID, data.ItemKey{At: sent.At, ID: sent.ID - 1}, 1)
	if err != nil || len(messages) != 1 || messages[0].Status != data.Read {
		t.Errorf("%+v, %v", messages, err)
	}
}

func TestMessages_LabelMedia(t *testing.T) {
	x := newTerminal(t)
	x.try(`[{"from":"919137979401","dtMessageId":"1","receivedAt":"`+ten+`","message":{"type":"DOCUMENT","url":"https://example.org/1","fileName":"bill.pdf","caption":"my bill\nfrom May"}},
		{"from":"919137979401","dtMessageId":"2","receivedAt":"`+ten+`","message":{"type":"STICKER","url":"https://example.org/2"}}]`, "receive", "-")
	at := local(noon.Add(-2 * time.Hour))
	same(t, "messages", x.do("messages", asha), at+"  in    Document · bill.pdf: my bill\n"+strings.Repeat(" ", len(at)+8)+"from May\n"+at+"  in    Sticker\n")
}

// follow runs receive on a pipe. take writes a line to it and waits until its message is
// on the desk; feed writes to it; end closes it and returns how receive ended.
func (x *terminal) follow(stderr io.Writer) (take func(line string), feed io.Writer, end func() (code int, out string)) {
	x.t.Helper()
	s := x.desk()
	changes := make(chan data.Change, 100)
	err := s.Subscribe(x.t.Context(), func(all []data.Change) {
		for _, c := range all {
			changes <- c
		}
	})
	if err != nil {
		x.t.Fatal(err)
	}
	go s.Watch(x.t.Context())
	in, pipe := io.Pipe()
	var out bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Run(x.t.Context(), []string{"--profile", x.folder, "receive", "-", "--json"}, in, &out, stderr, x.deps())
	}()
	take = func(line string) {
		x.t.Helper()
		waittest.Return(x.t, "receive to take a line", func() { fmt.Fprintln(pipe, line) })
		for waittest.Receive(x.t, "news of a message", changes).Kind != data.MessageChanged {
		}
	}
	end = func() (int, string) {
		x.t.Helper()
		pipe.Close()
		code := waittest.Receive(x.t, "the end of receive", ended)
		return code, out.String()
	}
	return take, pipe, end
}

// A pipe that stays open is followed: what has come is on the desk before more
// comes.
func TestReceive_FollowsPipe(t *testing.T) {
	x := newTerminal(t)
	take, _, end := x.follow(t.Output())
	for i := range 3 {
		take(delivery("919137979401", fmt.Sprint(i), ten, "hello"))
	}
	code, out := end()
	if code != ExitOK {
		t.Errorf("exit %d", code)
	}
	same(t, "summary", out, `{"taken":3,"held":0,"alreadyHere":0,"statusUpdates":0,"refused":0,"setAside":0}`+"\n")
}

// Input that breaks off is reported with its line, and what came before is kept.
func TestReceive_BrokenInput(t *testing.T) {
	x := newTerminal(t)
	in := io.MultiReader(strings.NewReader(delivery("919137979401", "1", ten, "one")+"\n"), failing{})
	var out, stderr bytes.Buffer
	code := Run(t.Context(), []string{"--profile", x.folder, "receive", "-", "--json"}, in, &out, &stderr, x.deps())
	same(t, "summary", out.String(), `{"taken":1,"held":0,"alreadyHere":0,"statusUpdates":0,"refused":1,"setAside":0}`+"\n")
	if code != ExitFailure || !strings.Contains(stderr.String(), "line 2: read the deliveries: the cable is cut") {
		t.Errorf("exit %d: %s", code, &stderr)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the cable is cut") }

// Where one message cannot be written, the others of its transaction are.
func TestReceive_KeepsGoodMessages(t *testing.T) {
	x := newTerminal(t)
	var stderr bytes.Buffer
	take, feed, end := x.follow(&stderr)
	take(delivery("919137979401", "1", ten, "one"))
	x.sql(`CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END`)
	waittest.Return(t, "receive to take two lines", func() {
		fmt.Fprintln(feed, delivery("919137979401", "2", ten, "poison")+"\n"+delivery("919137979401", "3", ten, "three"))
	})
	code, out := end()
	same(t, "summary", out, `{"taken":2,"held":0,"alreadyHere":0,"statusUpdates":0,"refused":1,"setAside":0}`+"\n")
	if code != ExitFailure || !strings.HasPrefix(stderr.String(), "line 2: ") || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("exit %d: %s", code, &stderr)
	}
}

// An act that every further line would meet, too, ends it with the line from
// which on nothing is kept.
func TestReceive_StopsAtStorageFault(t *testing.T) {
	t.Parallel() // SQLite waits for five seconds
	x := newTerminal(t)
	x.do("blocked")
	holder, err := sql.Open("sqlite", filepath.Join(x.folder, "latchdesk.db")+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	s := x.desk()
	tx, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	importer := receive.Importer{Desk: s.Desk, OnSkip: receive.PrintSkipped(t.Output())}
	ctx, stop := context.WithTimeout(t.Context(), waittest.Deadline)
	defer stop()
	err = importer.ReadAll(ctx, strings.NewReader("\n"+delivery("919137979401", "1", ten, "one")))
	if err == nil || !strings.HasPrefix(err.Error(), "Nothing from line 2 on was taken in. Another program is holding the database") {
		t.Errorf("while another holds the database: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if summary := importer.Summary(); summary != (receive.Summary{}) {
		t.Errorf("%+v", summary)
	}
}

// sql changes the test's database behind the desk's back.
func (x *terminal) sql(statement string, args ...any) {
	x.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(x.folder, "latchdesk.db"))
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		x.t.Fatal(err)
	}
}
