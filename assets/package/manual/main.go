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
	if err := writeAll(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func writeAll(program, folder, template string) error {
	text, err := os.ReadFile(template)
	if err != nil {
		return err
	}
	all, err := collectHelp(func(words ...string) (string, error) {
		out, err := exec.Command(program, append(words, "--help")...).Output()
		return string(out), err
	})
	if err != nil {
		return fmt.Errorf("ask %s for its help: %w", program, err)
	}
	page, err := manPage(string(text), all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"latchdesk.1": page, "latchdesk.bash": bashCompletion(all), "_latchdesk": zshCompletion(all), "latchdesk.fish": fishCompletion(all),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// helpEntry is one line of the help: what is typed, and what it does.
type helpEntry struct{ term, text string }

// flagName is a flag's name, as --name.
func (e helpEntry) flagName() string {
	_, after, _ := strings.Cut(e.term, "--")
	name, _, _ := strings.Cut(after, "=")
	return "--" + name
}

// placeholder is what stands behind a flag's =, empty where it takes nothing.
func (e helpEntry) placeholder() string {
	_, value, _ := strings.Cut(e.term, "=")
	return value
}

// takesFile reports whether a path is to be typed here.
func (e helpEntry) takesFile() bool {
	term := strings.ToLower(strings.Trim(e.term, "<>[] ."))
	value := strings.ToLower(e.placeholder())
	return term == "file" || term == "path" || value == "file" || value == "dir" || value == "path"
}

// command is one command of the program.
type command struct {
	name, usage, text string
	args, flags       []helpEntry // the flags that it has for itself
}

// words are the one or two words of its name.
func (v command) words() []string { return strings.Fields(v.name) }

// program holds the global flags and the commands.
type program struct {
	flags    []helpEntry
	commands []command
}

// collectHelp reads the help of the program and of each of its commands.
func collectHelp(help func(words ...string) (string, error)) (program, error) {
	text, err := help()
	if err != nil {
		return program{}, err
	}
	top, err := parseHelp(text)
	if err != nil {
		return program{}, err
	}
	all, everywhere := program{flags: top.entries["Flags"]}, map[string]bool{}
	for _, f := range all.flags {
		everywhere[f.flagName()] = true
	}
	for _, c := range top.entries["Commands"] {
		text, err := help(strings.Fields(c.term)...)
		if err != nil {
			return program{}, fmt.Errorf("%s: %w", c.term, err)
		}
		sheet, err := parseHelp(text)
		if err != nil {
			return program{}, fmt.Errorf("%s: %w", c.term, err)
		}
		v := command{name: c.term, usage: sheet.usage, text: sheet.text, args: sheet.entries["Arguments"]}
		for _, f := range sheet.entries["Flags"] {
			if !everywhere[f.flagName()] {
				v.flags = append(v.flags, f)
			}
		}
		all.commands = append(all.commands, v)
	}
	if len(all.commands) == 0 {
		return program{}, errors.New("it names no commands")
	}
	return all, nil
}

// helpPage is one help, read.
type helpPage struct {
	usage, text string
	entries     map[string][]helpEntry
}

// parseHelp reads a help. What it does not understand is an error: better no
// manual than one that leaves something out.
func parseHelp(help string) (helpPage, error) {
	s, section := helpPage{entries: map[string][]helpEntry{}}, ""
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
			s.entries[section] = append(list, helpEntry{term, strings.TrimSpace(text)})
		case indent > 6 && len(list) > 0:
			last := &list[len(list)-1]
			last.text = strings.TrimSpace(last.text + " " + inner)
		default:
			return helpPage{}, fmt.Errorf("not understood in the help: %q", line)
		}
	}
	if s.usage == "" {
		return helpPage{}, errors.New("the help tells no usage")
	}
	return s, nil
}

// groups are the commands of one word, and the first words of those of two.
func (w program) groups() (single []command, first []string, second map[string][]command) {
	second = map[string][]command{}
	for _, v := range w.commands {
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
