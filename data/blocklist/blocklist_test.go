package blocklist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

const now = data.Moment(1_784_547_587_443) // 2026-07-20T11:39:47.443Z

// tester is what both *testing.T and *rapid.T can do.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// newDesk opens a fresh profile. It is closed by the caller, because a property
// opens very many.
func newDesk(t tester, folder string) (*desk.Desk, func()) {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(folder, "latchdesk.db"), now.Time)
	if err != nil {
		t.Fatal(err)
	}
	return desk.New(s), func() { s.Close() }
}

func openDesk(t *testing.T) *desk.Desk {
	t.Helper()
	d, done := newDesk(t, t.TempDir())
	t.Cleanup(done)
	return d
}

func write(t tester, d *desk.Desk) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := blocklist.Write(context.Background(), d, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func take(t tester, d *desk.Desk, list string, o blocklist.Options) blocklist.Summary {
	t.Helper()
	sum, err := blocklist.ImportFrom(context.Background(), d, strings.NewReader(list), o)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestExport(t *testing.T) {
	d := openDesk(t)
	for i, phone := range []data.Phone{"+919137979401", "+46701234567", "+46701234568"} {
		c, err := d.Add(t.Context(), data.Address(phone), []string{"=HYPERLINK(\"x\")", "Åsa, \"Ö\"", "gone"}[i])
		if err != nil {
			t.Fatal(err)
		}
		ask := data.BlockRequest{Reason: "Spam", Note: "two\nlines"}
		if i == 1 {
			ask = data.BlockRequest{Until: now.Add(time.Hour)}
		}
		if _, err := d.Block(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha"}, c.ID, ask); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			if _, err := d.Unblock(t.Context(), data.Actor{}, c.ID, data.UnblockRequest{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	const want = `phone,name,reason,note,by,at,until
'+46701234567,"Åsa, ""Ö""",,,Asha,2026-07-20T11:39:47.443Z,2026-07-20T12:39:47.443Z
'+919137979401,"'=HYPERLINK(""x"")",Spam,"two
lines",Asha,2026-07-20T11:39:47.443Z,
`
	if got := write(t, d); got != want {
		t.Errorf("got\n%s", got)
	}
	file := filepath.Join(t.TempDir(), "list.csv")
	if n, err := blocklist.Export(t.Context(), d, file); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if text, err := os.ReadFile(file); string(text) != want {
		t.Errorf("%v, the file has\n%s", err, text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info, err)
	}
}

// A customer without a number leaves with another address, and comes in by it.
func TestExport_HasEveryAddress(t *testing.T) {
	d := openDesk(t)
	all := []data.Address{"+5215512345678", "+22507123456", "120363012345678901@g.us", "IN.13491208655302741918", "instagram:ada.lovelace"}
	for _, a := range all {
		if _, err := d.BlockAddress(t.Context(), data.Actor{Kind: data.AgentActor, Name: "Asha"}, a, data.BlockRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	list := write(t, d)
	again := openDesk(t)
	result, err := blocklist.ImportFrom(t.Context(), again, strings.NewReader(list), blocklist.Options{})
	if err != nil || result.Blocked != len(all) {
		t.Fatalf("%+v, %v, of %s", result, err, list)
	}
	for _, a := range all {
		if c, err := again.FindCustomer(t.Context(), a); err != nil || c.Address != a || c.Block == nil {
			t.Errorf("%s: %+v, %v", a, c, err)
		}
	}
}

// A number that was delivered and cannot be dialled is a customer's, in a list as well;
// nobody can be added by one.
func TestImport_TakesADeliveredNumber(t *testing.T) {
	d := openDesk(t)
	for _, from := range []data.Phone{"+12345", "+12345678901234567890"} {
		if _, err := d.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: from}, Message: data.Message{Kind: data.TextMessage, Text: "Hi", RemoteID: string(from)}}}); err != nil {
			t.Fatal(err)
		}
	}
	list := "phone,note,at\n+12345,one,\n'+12345678901234567890,two,2026-07-20\n+12346,three,2026-07-20\n+12345,four,\n12345,five,\n"
	for _, dry := range []bool{true, false} {
		rejected := filepath.Join(t.TempDir(), "rejected.csv")
		file, err := blocklist.CreateRejected(d, rejected)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := blocklist.ImportFrom(t.Context(), d, strings.NewReader(list), blocklist.Options{DryRun: dry, OnBadRow: file.Add})
		if err != nil || sum.Rows != 5 || sum.Changed() != 2 || sum.Same() != 1 || sum.BadRows != 2 {
			t.Errorf("dry run %v: %+v, %v", dry, sum, err)
		}
		if _, err := file.Close(); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(rejected); !strings.Contains(string(text), "+12346,,,three,,2026-07-20,") || strings.Contains(string(text), "two") {
			t.Errorf("dry run %v: rejected is %s, %v", dry, text, err)
		}
	}
	if c, err := d.FindCustomer(t.Context(), "+12345678901234567890"); err != nil || c.Block == nil || c.Block.Note != "two" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Nothing is overwritten, and nothing is left behind that is not whole.
func TestExportRefuses(t *testing.T) {
	d := openDesk(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "list.csv")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blocklist.Export(t.Context(), d, file); !errors.Is(err, os.ErrExist) {
		t.Error(err)
	}
	if _, err := blocklist.Export(t.Context(), d, filepath.Join(folder, "none", "list.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := blocklist.Export(ctx, d, filepath.Join(folder, "other.csv")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if text, _ := os.ReadFile(file); string(text) != "mine" {
		t.Errorf("it is %q now", text)
	}
}

// nasty draws what is hard to carry.
func nasty() *rapid.Generator[string] {
	pieces := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"=", "+", "-", "@", "'", `"`, `""`, ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "＝", "=1+1", "Riya",
		"हिन्दी", "مرحبا", "👩‍👩‍👧‍👦", "❤️", "\ufeff", "\u2028", "\u00a0", "\u202e", "\xff", `\.`, "sep=;",
	}))
	return rapid.Map(rapid.SliceOfN(pieces, 0, 6), func(all []string) string { return strings.Join(all, "") })
}

// Out, into a fresh profile, and out again is the same to the byte, whatever
// names and notes hold; the history keeps who and when, too.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "latchdesk-transfer-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		first, done := newDesk(t, folder)
		defer done()
		var rows []desk.ImportRow
		for i := range rapid.IntRange(0, 8).Draw(t, "customers") {
			row := desk.ImportRow{
				Phone: data.Phone(fmt.Sprintf("+4670%07d", 9_999_999-i)), Name: nasty().Draw(t, "name"), By: nasty().Draw(t, "by"),
				Note: nasty().Draw(t, "note"), Reason: rapid.SampledFrom(append(data.DefaultReasons, "")).Draw(t, "reason"),
				At: data.Moment(rapid.Int64Range(1, int64(now)).Draw(t, "at")),
			}
			if rapid.Bool().Draw(t, "ends") {
				row.Until = now.Add(time.Duration(rapid.Int64Range(1, 1<<40).Draw(t, "until")) * time.Millisecond)
			}
			rows = append(rows, row)
		}
		n, err := first.Import(context.Background(), desk.ImportRequest{By: "Ann", Rows: func(yield func(desk.ImportRow) bool) {
			for _, row := range rows {
				if !yield(row) {
					return
				}
			}
		}})
		if err != nil || n.Refused > 0 {
			t.Fatalf("%+v, %v", n, err)
		}
		list := write(t, first)

		second, doneToo := newDesk(t, mkdir(t, folder))
		defer doneToo()
		sum := take(t, second, list, blocklist.Options{By: "Bo"})
		if want := (blocklist.Summary{Rows: len(rows), Blocked: len(rows), NewCustomers: len(rows)}); fmt.Sprint(sum) != fmt.Sprint(want) {
			t.Fatalf("%+v of\n%s", sum, list)
		}
		if again := write(t, second); again != list {
			t.Fatalf("it went out as\n%s\nand then as\n%s", list, again)
		}
		for _, row := range rows {
			c, err := second.FindCustomer(context.Background(), data.Address(row.Phone))
			if err != nil {
				t.Fatal(err)
			}
			events, err := second.Events(context.Background(), c.ID)
			if err != nil || len(events) != 1 {
				t.Fatal(events, err)
			}
			e := events[0]
			if rest := e.Rest(); e.At != now || e.Actor.Kind != data.ImportActor || e.Actor.Channel != data.ViaImport || rest.ImportedAt != int64(row.At) || rest.ImportedBy != c.Block.By.Name {
				t.Fatalf("%+v tells of %+v", e, row)
			}
		}
	})
}

func mkdir(t tester, in string) string {
	folder, err := os.MkdirTemp(in, "")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// A preview foretells what the import does, bad rows and all.
func TestPreviewAndImport(t *testing.T) {
	d := openDesk(t)
	if err := d.SaveSettings(t.Context(), data.Settings{Agent: "Asha", Country: "SE"}); err != nil {
		t.Fatal(err)
	}
	list := "phone;name;until\r\n"
	for i := range 30 {
		list += fmt.Sprintf("070-123 45 %02d;Name;\r\n", i)
	}
	list += "0701234500;twice;\r\nbob;;\r\n0701234577;;2020-01-01\r\n" + strings.Repeat("nobody;;\r\n", 20)
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	seen, err := blocklist.Preview(t.Context(), d, file, nil)
	if err != nil || seen.Rows != 53 || seen.Blocked != 30 || seen.NewCustomers != 30 || seen.Duplicates != 1 || seen.BadRows != 22 {
		t.Fatalf("%+v, %v", seen, err)
	}
	if len(seen.FirstBad) != 10 || seen.FirstBad[0].Line != 33 || !strings.HasPrefix(seen.FirstBad[1].String(), "line 34: ") {
		t.Errorf("the first bad rows are %v", seen.FirstBad)
	}
	if n, err := d.Check(t.Context()); n != 0 || err != nil {
		t.Error("the preview wrote something", n, err)
	}
	last := 0
	done, err := blocklist.Import(t.Context(), d, file, nil, func(done, total int) {
		if done < last || done > total || total != 53 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || fmt.Sprint(done) != fmt.Sprint(seen) || last != 53 {
		t.Errorf("%+v, %v; foretold was %+v", done, err, seen)
	}
	c, err := d.FindCustomer(t.Context(), "+46701234500")
	if err != nil || c.Block.By.Name != "Asha" || c.Block.At != now {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := blocklist.Preview(t.Context(), d, file+"x", nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// What cannot be read to its end brings in what was read, and says so.
func TestImportOfAHalfFile(t *testing.T) {
	d := openDesk(t)
	broken := errors.New("the stick was pulled out")
	sum, err := blocklist.ImportFrom(t.Context(), d, io.MultiReader(strings.NewReader("phone\n+46701234567\n+467012345"), failing{broken}), blocklist.Options{})
	if !errors.Is(err, broken) || sum.Blocked != 1 || sum.Rows != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A list that nobody ever finishes writing can still be stopped.
func TestImportStoppedWhileItWaits(t *testing.T) {
	d := openDesk(t)
	in, out := io.Pipe()
	defer out.Close()
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		_, _ = io.WriteString(out, "phone\n+46701234567\n")
		stop()
	}()
	if sum, err := blocklist.ImportFrom(ctx, d, in, blocklist.Options{}); !errors.Is(err, context.Canceled) || sum.Blocked != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestStopped(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range []struct {
		ctx  context.Context
		err  error
		n    int
		want string
	}{
		{t.Context(), fmt.Errorf("import: %w", data.ErrFull), 2, "The disk is full. Free some space and try again. Before that, 2 customers were blocked."},
		{t.Context(), data.ErrBusy, 1, "Another program is holding the database. Try again in a moment. Before that, 1 customer was blocked"},
		{stopped, stopped.Err(), 2, "The import was stopped. Before that, 2 customers were blocked"},
	} {
		if got := blocklist.StoppedText(c.ctx, blocklist.Summary{Blocked: c.n}, c.err); !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, "nothing is done twice.") {
			t.Errorf("%q does not say %q", got, c.want)
		}
	}
}

// Whatever the file, its rows are those that are new, changed, the same and refused,
// before and after, and the customers say so, too.
func TestImport_RowsAddUp(t *testing.T) {
	phones := []string{
		"+46701234501", "0701234502", "46701234503", "'+46701234504", "+46701234505 ::: +46701234506", "0701234507,0701234508", "4.6701234509E+10", "46701234510.0",
		"4.67E+10", "bob", `\+46.*`, "SPAM*", "", "nobody ::: +46701234511", "+46701234501", "+5215512345678", "525512345678",
	}
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "latchdesk-lists-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		d, done := newDesk(t, folder)
		defer done()
		ctx := context.Background()
		if err := d.SaveSettings(ctx, data.Settings{Agent: "Asha", Country: "SE"}); err != nil {
			t.Fatal(err)
		}
		for _, phone := range []data.Phone{"+46701234501", "+46701234502", "+46701234505", "+525512345678"}[:rapid.IntRange(0, 4).Draw(t, "known")] {
			c, err := d.Add(ctx, data.Address(phone), "")
			if err != nil {
				t.Fatal(err)
			}
			if !rapid.Bool().Draw(t, "blocked") {
				continue
			}
			if _, err := d.Block(ctx, data.Actor{}, c.ID, data.BlockRequest{}); err != nil {
				t.Fatal(err)
			}
		}
		list := drawList(t, rapid.SliceOfN(rapid.SampledFrom(phones), 0, 12).Draw(t, "phones"))
		refused := 0
		o := blocklist.Options{DryRun: true, OnBadRow: func(blocklist.BadRow) { refused++ }}
		seen, err := blocklist.ImportFrom(ctx, d, strings.NewReader(list), o)
		if errors.Is(err, blocklist.ErrNotBlocklist) {
			return
		}
		before, sum := countBlocked(t, d), take(t, d, list, blocklist.Options{})
		if fmt.Sprint(seen) != fmt.Sprint(sum) || refused != sum.BadRows {
			t.Fatalf("foretold was %+v, and it is %+v, of\n%s", seen, sum, list)
		}
		if sum.Rows != sum.NewCustomers+sum.Changed()+sum.Same()+sum.BadRows || sum.Changed() < 0 {
			t.Fatalf("%+v does not add up, of\n%s", sum, list)
		}
		if after := countBlocked(t, d); after != before+sum.NewCustomers+sum.Changed() {
			t.Fatalf("%d were blocked before and %d are, after %+v of\n%s", before, after, sum, list)
		}
		again := take(t, d, list, blocklist.Options{})
		if again.Rows != sum.Rows || again.Blocked != 0 || again.BadRows != sum.BadRows || again.Same() != sum.Rows-sum.BadRows {
			t.Fatalf("%+v, and the second time %+v, of\n%s", sum, again, list)
		}
	})
}

func countBlocked(t tester, d *desk.Desk) (n int) {
	t.Helper()
	if err := d.EachBlocked(context.Background(), func(data.Customer) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// drawList writes phone numbers as one of the programs does whose lists are read, or as
// anything at all.
func drawList(t *rapid.T, phones []string) string {
	quote := func(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
	var b strings.Builder
	switch kind := rapid.SampledFrom([]string{"csv", "wide", "joined", "json", "cards", "noise"}).Draw(t, "kind"); kind {
	case "csv":
		b.WriteString("Name;Telefon\n")
		for _, phone := range phones {
			b.WriteString(nastyCell(t) + ";" + quote(phone) + "\n")
		}
	case "wide":
		b.WriteString("Phone 1 - Value,Phone 2 - Value,Given Name,until\n")
		for i, phone := range phones {
			b.WriteString(quote(phone) + "," + quote(phones[len(phones)-1-i]) + "," + nastyCell(t) + "," + rapid.SampledFrom([]string{"", "2030-01-01", "2020-01-01", "soon"}).Draw(t, "until") + "\n")
		}
	case "joined":
		b.WriteString(strings.Join(phones, ","))
	case "json":
		for _, phone := range phones {
			text, err := data.EncodeJSON(map[string]any{"original_number": phone, "e164_number": nil})
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(string(text) + "\n")
		}
	case "cards":
		for _, phone := range phones {
			b.WriteString("BEGIN:VCARD\nTEL;TYPE=CELL:" + phone + "\nFN:" + nastyCell(t) + "\nEND:VCARD\n")
		}
	case "noise":
		for _, phone := range phones {
			b.WriteString(nasty().Draw(t, "noise") + phone)
		}
	}
	return b.String()
}

func nastyCell(t *rapid.T) string {
	return `"` + strings.ReplaceAll(nasty().Draw(t, "cell"), `"`, `""`) + `"`
}

func TestSummary_AddsUp(t *testing.T) {
	s := blocklist.Summary{Blocked: 100, NewCustomers: 30, ChangedBlocks: 7, AlreadyBlocked: 1000, KeptBlocks: 200, Duplicates: 50}
	if s.Changed() != 77 || s.Same() != 1250 {
		t.Errorf("%d changed, %d the same", s.Changed(), s.Same())
	}
}

// An import that fails says so, and does not say that all was done.
func TestImport_SaysThatItFailed(t *testing.T) {
	d, closeDesk := newDesk(t, t.TempDir())
	list := strings.NewReader("phone\n+46701234567\n")
	sum, err := blocklist.ImportFrom(t.Context(), d, &closing{list, closeDesk}, blocklist.Options{})
	if err == nil || errors.Is(err, context.Canceled) || sum.Blocked != 0 {
		t.Errorf("into a desk that was closed: %+v, %v", sum, err)
	}
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("phone\n+46701234567\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	_, err = blocklist.Import(stopped, openDesk(t), file, nil, func(done, total int) {
		if done == total {
			t.Errorf("%d of %d are done", done, total)
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// closing closes the desk before anything is read.
type closing struct {
	io.Reader
	closeDesk func()
}

func (c *closing) Read(p []byte) (int, error) {
	c.closeDesk()
	return c.Reader.Read(p)
}

// What is refused is written down so that it can be corrected there and imported.
func TestSaveRejected_WritesWhatTheRowsHave(t *testing.T) {
	d, folder := openDesk(t), t.TempDir()
	list, to := filepath.Join(folder, "list.csv"), filepath.Join(folder, "rejected.csv")
	save := func(text string) (int, error) {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return blocklist.SaveRejected(t.Context(), d, list, nil, to)
	}
	if n, err := save("phone\n+46701234567\n"); n != 0 || err != nil {
		t.Errorf("of a list without a fault: %d, %v", n, err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a list without a fault there is a file: %v", err)
	}
	if n, err := save("no list\n"); n != 0 || !errors.Is(err, blocklist.ErrNotBlocklist) {
		t.Errorf("of no list: %d, %v", n, err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of no list there is a file: %v", err)
	}
	n, err := save("Phone 1 - Value,Phone 2 - Value,name,at,until\n,+46701234567,Bo,29/11/2026,\n+46701234568,\"open\n,,=Ada,,\n+46701234569,,,,\n")
	if n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	want := `line,why,phone,name,reason,note,by,at,until
2,"""29/11/2026"" under at is not a date: write it like 2026-11-29, or 2026-11-29 14:00",'+46701234567,Bo,,,,29/11/2026,
3,a cell is opened by a quotation mark and never closed,,,,,,,
4,the phone number is missing,,'=Ada,,,,,
`
	if text, err := os.ReadFile(to); string(text) != want || err != nil {
		t.Errorf("%s, %v", text, err)
	}
	if n, err := save("phone\nbob\n"); n != 0 || !errors.Is(err, os.ErrExist) {
		t.Errorf("over what is there: %d, %v", n, err)
	}
}
