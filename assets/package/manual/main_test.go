package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data/waittest"
)

var helps = map[string]string{
	"": `Usage: latchdesk <command> [flags]

A support desk.

Flags:
  -h, --help           Show context-sensitive help.
      --profile=DIR    The profile's folder; the user's own where it is left
                       out.

Commands:
  block           Block a customer.
  audit verify    Prove that the history is as it was written, here or in an
                  exported file.

Run "latchdesk <command> --help" for more information on a command.
`,
	"block": `Usage: latchdesk block <phone> [flags]

Block a customer.

Arguments:
  <phone>    The customer's number.

Flags:
  -h, --help           Show context-sensitive help.
      --profile=DIR    The profile's folder; the user's own where it is left
                       out.

      --reason=WORD    One of the desk's reasons.
`,
	"audit verify": `Usage: latchdesk audit verify [<file>] [flags]

Verify that the history is as it was written, here or in an exported file.

Arguments:
  [<file>]    An exported file; the profile's own history where it is left
              out.

Flags:
  -h, --help    Show context-sensitive help.
`,
}

func help(words ...string) (string, error) {
	text, ok := helps[strings.Join(words, " ")]
	if !ok {
		return "", fmt.Errorf("no help for %q", words)
	}
	return text, nil
}

func TestCollectHelp(t *testing.T) {
	all, err := collectHelp(help)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%q", all); got != `{[{"-h, --help" "Show context-sensitive help."} {"--profile=DIR" "The profile's folder; the user's own where it is left out."}] `+
		`[{"block" "block <phone> [flags]" "Block a customer." [{"<phone>" "The customer's number."}] [{"--reason=WORD" "One of the desk's reasons."}]} `+
		`{"audit verify" "audit verify [<file>] [flags]" "Verify that the history is as it was written, here or in an exported file." [{"[<file>]" "An exported file; the profile's own history where it is left out."}] []}]}` {
		t.Error(got)
	}
}

func TestWhatIsNotUnderstoodIsAnError(t *testing.T) {
	for _, text := range []string{"", "Usage: latchdesk\n\nFlags:\n   what", "Usage: latchdesk\n\nCommands:\nblock  Block"} {
		if s, err := parseHelp(text); err == nil {
			t.Errorf("%q is understood as %+v", text, s)
		}
	}
}

func TestManPage(t *testing.T) {
	all, err := collectHelp(help)
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("../linux/latchdesk.1")
	if err != nil {
		t.Fatal(err)
	}
	page, err := manPage(string(template), all)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		".TP\n.B \\-\\-profile=DIR\nThe profile\\(aqs folder; the user\\(aqs own where it is left out.\n",
		".SS \"block <phone>\"\nBlock a customer.\n.TP\n.B <phone>\n",
		".SS \"audit verify [<file>]\"\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in %s", want, page)
		}
	}
	if _, err := manPage("no place for them", all); err == nil {
		t.Error("a page without a place for the commands was made")
	}
}

// The completion is asked as bash asks it.
func TestBashCompletion(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("there is no bash")
	}
	all, err := collectHelp(help)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	script := filepath.Join(folder, "latchdesk.bash")
	for name, text := range map[string]string{script: bashCompletion(all), filepath.Join(folder, "list.csv"): ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string]string{
		"latchdesk|":                        "audit block --help --profile",
		"latchdesk|bl":                      "block",
		"latchdesk|block|--":                "--reason --help --profile",
		"latchdesk|--profile|x|block|--rea": "--reason",
		"latchdesk|--profile|=|x|bl":        "block",
		"latchdesk|audit|":                  "verify --help --profile",
		"latchdesk|audit|verify|li":         "list.csv",
		"latchdesk|--profile|li":            "list.csv",
		"latchdesk|block|--reason|":         "",
	} {
		parts := strings.Split(words, "|")
		cmd := exec.CommandContext(waittest.Context(t), shell, "-c",
			`source latchdesk.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _latchdesk; echo "${COMPREPLY[*]}"`, "bash")
		cmd.Args = append(cmd.Args, parts...)
		cmd.Dir = folder
		out, err := cmd.Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s: %q, %v", words, got, err)
		}
	}
}

func TestOtherShells(t *testing.T) {
	all, err := collectHelp(help)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"'block:Block a customer.'", "'--reason=[One of the desk'\\''s reasons.]:word:'", "'1:file:_files'"} {
		if got := zshCompletion(all); !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	for _, want := range []string{
		"complete -c latchdesk -n '__fish_use_subcommand' -a block -d 'Block a customer.'\n",
		`complete -c latchdesk -n '__fish_seen_subcommand_from block' -l reason -x -d 'One of the desk\'s reasons.'`,
		"complete -c latchdesk -n '__fish_seen_subcommand_from audit; and __fish_seen_subcommand_from verify' -F\n",
	} {
		if got := fishCompletion(all); !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}
