package main

import (
	"fmt"
	"strings"
)

const generatedNote = "# Made by the build from what latchdesk --help tells.\n"

func flagNames(flags []helpEntry) string {
	names := make([]string, 0, len(flags))
	for _, f := range flags {
		names = append(names, f.flagName())
	}
	return strings.Join(names, " ")
}

func bashCompletion(w program) string {
	single, first, second := w.groups()
	words := append([]string{}, first...)
	for _, v := range single {
		words = append(words, v.name)
	}
	var valued, filed []string
	cases := &strings.Builder{}
	note := func(flags []helpEntry) {
		for _, f := range flags {
			if f.placeholder() != "" {
				valued = append(valued, f.flagName())
			}
			if f.takesFile() {
				filed = append(filed, f.flagName())
			}
		}
	}
	note(w.flags)
	for _, v := range w.commands {
		note(v.flags)
		files := ""
		for _, a := range v.args {
			if a.takesFile() {
				files = " files=yes"
			}
		}
		fmt.Fprintf(cases, "    %q*) offer=%q%s ;;\n", v.name+" ", flagNames(v.flags), files)
	}
	for _, name := range first {
		seconds := make([]string, 0, len(second[name]))
		for _, v := range second[name] {
			seconds = append(seconds, v.words()[1])
		}
		fmt.Fprintf(cases, "    %q) offer=%q ;;\n", name+" ", strings.Join(seconds, " "))
	}
	fmt.Fprintf(cases, "    '') offer=%q ;;\n", strings.Join(words, " "))
	return "# bash completion for latchdesk\n" + generatedNote + fmt.Sprintf(`_latchdesk() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} said='' offer='' files='' i
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  case $prev in
    %s) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames 2>/dev/null; return ;;
    %s) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      %s) [[ ${COMP_WORDS[i+1]} == = ]] && i=$((i + 2)) || i=$((i + 1)) ;;
      -*) ;;
      *) said+="${COMP_WORDS[i]} " ;;
    esac
  done
  case $said in
%s  esac
  mapfile -t COMPREPLY < <(compgen -W "$offer %s" -- "$cur")
  if [[ $files && $cur != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _latchdesk latchdesk
`, strings.Join(filed, "|"), strings.Join(valued, "|"), strings.Join(valued, "|"), cases, flagNames(w.flags))
}

// zshEscape is a text within single quotes, for zsh and its brackets and colons.
func zshEscape(text string) string {
	return strings.NewReplacer(`'`, `'\''`, `[`, `\[`, `]`, `\]`, `:`, `\:`).Replace(text)
}

func zshCompletion(w program) string {
	b := &strings.Builder{}
	single, first, second := w.groups()
	specs := func(indent string, args, flags []helpEntry) {
		for _, f := range flags {
			value := ""
			if f.placeholder() != "" {
				value = ":" + strings.ToLower(f.placeholder()) + ":"
				if f.takesFile() {
					value += "_files"
				}
				fmt.Fprintf(b, "%s'%s=[%s]%s' \\\n", indent, f.flagName(), zshEscape(f.text), value)
				continue
			}
			fmt.Fprintf(b, "%s'%s[%s]' \\\n", indent, f.flagName(), zshEscape(f.text))
		}
		for i, a := range args {
			files := ""
			if a.takesFile() {
				files = "_files"
			}
			fmt.Fprintf(b, "%s'%d:%s:%s' \\\n", indent, i+1, strings.Trim(a.term, "<>[] ."), files)
		}
	}
	verbs := func(indent string, all []command) {
		for _, v := range all {
			words := v.words()
			fmt.Fprintf(b, "%s%s)\n%s  _arguments \\\n", indent, words[len(words)-1], indent)
			specs(indent+"    ", v.args, v.flags)
			fmt.Fprintf(b, "%s    && ret=0 ;;\n", indent)
		}
	}
	b.WriteString("#compdef latchdesk\n" + generatedNote + "_latchdesk() {\n  local curcontext=$curcontext state line ret=1\n  local -a commands\n  _arguments -C \\\n")
	specs("    ", nil, w.flags)
	b.WriteString("    '1: :->command' '*:: :->rest' && ret=0\n  case $state in\n  command)\n    commands=(\n")
	for _, v := range single {
		fmt.Fprintf(b, "      '%s:%s'\n", v.name, zshEscape(v.text))
	}
	for _, name := range first {
		fmt.Fprintf(b, "      '%s:%s'\n", name, zshEscape(second[name][0].text))
	}
	b.WriteString("    )\n    _describe command commands && ret=0 ;;\n  rest)\n    case $words[1] in\n")
	verbs("    ", single)
	for _, name := range first {
		fmt.Fprintf(b, "    %s)\n      if ((CURRENT == 2)); then\n        commands=(\n", name)
		for _, v := range second[name] {
			fmt.Fprintf(b, "          '%s:%s'\n", v.words()[1], zshEscape(v.text))
		}
		b.WriteString("        )\n        _describe command commands && ret=0\n      else\n        shift words\n        ((CURRENT--))\n        case $words[1] in\n")
		verbs("        ", second[name])
		b.WriteString("        esac\n      fi ;;\n")
	}
	b.WriteString("    esac ;;\n  esac\n  return ret\n}\n_latchdesk \"$@\"\n")
	return b.String()
}

func fishCompletion(w program) string {
	b := &strings.Builder{}
	say := func(text string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) }
	flags := func(when string, all []helpEntry) {
		for _, f := range all {
			how := ""
			if f.placeholder() != "" {
				how = " -x"
			}
			if f.takesFile() {
				how = " -r -F"
			}
			fmt.Fprintf(b, "complete -c latchdesk%s -l %s%s -d '%s'\n", when, strings.TrimPrefix(f.flagName(), "--"), how, say(f.text))
		}
	}
	single, first, second := w.groups()
	b.WriteString("# fish completion for latchdesk\n" + generatedNote + "complete -c latchdesk -f\n")
	flags("", w.flags)
	verbs := func(before string, all []command, choose string) {
		for _, v := range all {
			words := v.words()
			name := words[len(words)-1]
			fmt.Fprintf(b, "complete -c latchdesk -n '%s' -a %s -d '%s'\n", choose, name, say(v.text))
			when := fmt.Sprintf(" -n '%s__fish_seen_subcommand_from %s'", before, name)
			flags(when, v.flags)
			for _, a := range v.args {
				if a.takesFile() {
					fmt.Fprintf(b, "complete -c latchdesk%s -F\n", when)
				}
			}
		}
	}
	verbs("", single, "__fish_use_subcommand")
	for _, name := range first {
		seconds := make([]string, 0, len(second[name]))
		for _, v := range second[name] {
			seconds = append(seconds, v.words()[1])
		}
		fmt.Fprintf(b, "complete -c latchdesk -n '__fish_use_subcommand' -a %s -d '%s'\n", name, say(second[name][0].text))
		in := "__fish_seen_subcommand_from " + name + "; and "
		verbs(in, second[name], in+"not __fish_seen_subcommand_from "+strings.Join(seconds, " "))
	}
	return b.String()
}
