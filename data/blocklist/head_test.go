package blocklist

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// The beginning of a list has what a person needs to choose its columns, and a choice
// by it reads the right ones.
func TestReadHead(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := desk.New(s)
	for name, c := range map[string]struct {
		file string
		want Head
		read string // with the guess and the first column
	}{
		"unknown columns": {
			"Who;2;Ruf\nBo;1;+447400123101\n;;x\n",
			Head{Columns: []string{"Who", "2", "Ruf"}, Rows: [][]string{{"Bo", "1", "+447400123101"}, {"", "", "x"}}, Guess: 2},
			"2: +447400123101 Bo\n3: \"x\": this is not a phone number",
		},
		"no names of columns": {
			"Bo,+447400123101\nBa,+447400123102\n",
			Head{Columns: []string{"Column 1", "Column 2"}, Rows: [][]string{{"Bo", "+447400123101"}, {"Ba", "+447400123102"}}, Guess: 1},
			"1: +447400123101 Bo\n2: +447400123102 Ba",
		},
		"columns called by numbers, and alike": {
			"3,3,1,a\n+447400123101,x,7\n",
			Head{Columns: []string{"3", "3 (2)", "1", "a"}, Rows: [][]string{{"+447400123101", "x", "7", ""}}, Guess: 0},
			"2: +447400123101 +447400123101",
		},
		"known columns": {
			"Name,Phone 1 - Value,Phone 2 - Value\nBo,+447400123101,\n",
			Head{Columns: []string{"Name", "Phone 1 - Value", "Phone 2 - Value"}, Rows: [][]string{{"Bo", "+447400123101", ""}}, Phones: []int{1, 2}, Names: []int{0}, Guess: 1},
			"2: +447400123101 Bo",
		},
		"numbers alone": {
			"+447400123101\n",
			Head{Columns: []string{"Column 1"}, Rows: [][]string{{"+447400123101"}}, Phones: []int{0}, Guess: 0},
			"1: +447400123101 +447400123101",
		},
		"objects without a number": {
			"{\"who\":\"Bo\",\"ruf\":\"+447400123101\"}\n",
			Head{Columns: []string{"ruf", "who"}, Rows: [][]string{{"+447400123101", "Bo"}}, Guess: 0},
			"1: +447400123101 +447400123101",
		},
		"more rows than are shown": {
			"Wer;Ruf\n" + strings.Repeat("Bo;+447400123101\n", 7),
			Head{Columns: []string{"Wer", "Ruf"}, Rows: slices.Repeat([][]string{{"Bo", "+447400123101"}}, 5), Guess: 1},
			"2: +447400123101 Bo\n3: +447400123101 Bo\n4: +447400123101 Bo\n5: +447400123101 Bo\n6: +447400123101 Bo\n7: +447400123101 Bo\n8: +447400123101 Bo",
		},
		"two columns of numbers": {
			"Ruf;Fax\n+447400123101;+447400123102\n",
			Head{Columns: []string{"Ruf", "Fax"}, Rows: [][]string{{"+447400123101", "+447400123102"}}, Guess: 0},
			"2: +447400123101 +447400123101",
		},
		"no separator in the first line": {
			"Ruf\n+447400123101|a,b\n",
			Head{Columns: []string{"Ruf", "Column 2"}, Rows: [][]string{{"+447400123101|a", "b"}}, Guess: -1},
			`this is not a list of customers: it has no column "0"`,
		},
		"a spreadsheet with a title": {
			string(workbook(nil, row(1, "Our people")+row(2, "Wer", "Ruf")+row(3, "Bo", "#447400123101"))),
			Head{Columns: []string{"Wer", "Ruf"}, Rows: [][]string{{"Bo", "447400123101"}}, Guess: 1},
			"3: +447400123101 Bo",
		},
	} {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadHead(t.Context(), d, path)
		if err != nil {
			t.Fatal(name, err)
		}
		columns := got.Mapping(got.Guess, 0)
		got.names = nil
		if !reflect.DeepEqual(got, c.want) && fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if read := readLines(t, in, columns); !matches(read, c.read) {
			t.Errorf("%s: %v reads\n%s", name, columns, read)
		}
		in.Close()
	}
	if _, err := ReadHead(t.Context(), d, filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestIsData_FromFiveDigitsOn(t *testing.T) {
	if isData([]string{"Bo", "1234"}) || !isData([]string{"Bo", "12345"}) || isData(nil) {
		t.Error("five digits are a number, and four are none")
	}
}

func TestReadHead_OfBlankLines(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte("\n\n ,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if head, err := ReadHead(t.Context(), desk.New(s), path); err != nil || len(head.Rows) != 0 || head.Guess != -1 {
		t.Errorf("%+v, %v", head, err)
	}
}
