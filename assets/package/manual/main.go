// Command manual writes latchdesk's manual page and its completions for bash,
// zsh and fish. It asks the built program for the help of every command, so
// that they tell what the program really does.
//
//	manual PROGRAM FOLDER TEMPLATE
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: manual PROGRAM FOLDER TEMPLATE")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func write(program, folder, template string) error {
	text, err := os.ReadFile(template)
	if err != nil {
		return err
	}
	all, err := ask(func(words ...string) (string, error) {
		out, err := exec.Command(program, append(words, "--help")...).Output()
		return string(out), err
	})
	if err != nil {
		return fmt.Errorf("ask %s for its help: %w", program, err)
	}
	page, err := manual(string(text), all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"latchdesk.1": page, "latchdesk.bash": bash(all), "_latchdesk": zsh(all), "latchdesk.fish": fish(all),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// entry is one line of the help: what is typed, and what it does.
type entry struct{ term, text string }

// long is a flag's name, as --name.
func (e entry) long() string {
	_, after, _ := strings.Cut(e.term, "--")
	name, _, _ := strings.Cut(after, "=")
	return "--" + name
}

// value is what stands behind a flag's =, empty where it takes nothing.
func (e entry) value() string {
	_, value, _ := strings.Cut(e.term, "=")
	return value
}

// filed reports whether a path is to be typed here.
func (e entry) filed() bool {
	term := strings.ToLower(strings.Trim(e.term, "<>[] ."))
	value := strings.ToLower(e.value())
	return term == "file" || term == "path" || value == "file" || value == "dir" || value == "path"
}

// verb is one command.
type verb struct {
	name, usage, text string
	args, flags       []entry // the flags that it has for itself
}

// words are the one or two words of its name.
func (v verb) words() []string { return strings.Fields(v.name) }

// whole is the program: the flags that stand everywhere, and the commands.
type whole struct {
	flags []entry
	verbs []verb
}

// ask reads the help of the program and of each of its commands.
func ask(help func(words ...string) (string, error)) (whole, error) {
	text, err := help()
	if err != nil {
		return whole{}, err
	}
	top, err := parse(text)
	if err != nil {
		return whole{}, err
	}
	all, everywhere := whole{flags: top.entries["Flags"]}, map[string]bool{}
	for _, f := range all.flags {
		everywhere[f.long()] = true
	}
	for _, c := range top.entries["Commands"] {
		text, err := help(strings.Fields(c.term)...)
		if err != nil {
			return whole{}, fmt.Errorf("%s: %w", c.term, err)
		}
		sheet, err := parse(text)
		if err != nil {
			return whole{}, fmt.Errorf("%s: %w", c.term, err)
		}
		v := verb{name: c.term, usage: sheet.usage, text: sheet.text, args: sheet.entries["Arguments"]}
		for _, f := range sheet.entries["Flags"] {
			if !everywhere[f.long()] {
				v.flags = append(v.flags, f)
			}
		}
		all.verbs = append(all.verbs, v)
	}
	if len(all.verbs) == 0 {
		return whole{}, errors.New("it names no commands")
	}
	return all, nil
}

// sheet is one help, read.
type sheet struct {
	usage, text string
	entries     map[string][]entry
}

// parse reads a help. What it does not understand is an error: better no
// manual than one that leaves something out.
func parse(help string) (sheet, error) {
	s, section := sheet{entries: map[string][]entry{}}, ""
	for line := range strings.Lines(help) {
		line = strings.TrimRight(line, " \n")
		inner := strings.TrimLeft(line, " ")
		indent := len(line) - len(inner)
		list := s.entries[section]
		switch {
		case line == "" || strings.HasPrefix(line, "Run \"latchdesk"):
		case strings.HasPrefix(line, "Usage: latchdesk"):
			s.usage = strings.TrimSpace(strings.TrimPrefix(line, "Usage: latchdesk"))
		case line == "Arguments:" || line == "Flags:" || line == "Commands:":
			section = strings.TrimSuffix(line, ":")
		case section == "" && indent == 0:
			s.text = strings.TrimSpace(s.text + " " + line)
		case indent == 2, section == "Flags" && indent == 6 && strings.HasPrefix(inner, "--"):
			term, text, _ := strings.Cut(inner, "  ")
			s.entries[section] = append(list, entry{term, strings.TrimSpace(text)})
		case indent > 6 && len(list) > 0:
			last := &list[len(list)-1]
			last.text = strings.TrimSpace(last.text + " " + inner)
		default:
			return sheet{}, fmt.Errorf("not understood in the help: %q", line)
		}
	}
	if s.usage == "" {
		return sheet{}, errors.New("the help tells no usage")
	}
	return s, nil
}

// groups are the commands of one word, and the first words of those of two.
func (w whole) groups() (single []verb, first []string, second map[string][]verb) {
	second = map[string][]verb{}
	for _, v := range w.verbs {
		words := v.words()
		if len(words) == 1 {
			single = append(single, v)
			continue
		}
		if second[words[0]] == nil {
			first = append(first, words[0])
		}
		second[words[0]] = append(second[words[0]], v)
	}
	return single, first, second
}
