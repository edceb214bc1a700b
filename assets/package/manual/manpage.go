package main

import (
	"errors"
	"fmt"
	"strings"
)

// manPage puts the flags and the commands into the written part of the page.
func manPage(template string, w program) (string, error) {
	if strings.Count(template, "\n@FLAGS@\n") != 1 || strings.Count(template, "\n@COMMANDS@\n") != 1 {
		return "", errors.New("the page has no single line @FLAGS@ and @COMMANDS@")
	}
	var flags, commands strings.Builder
	for _, f := range w.flags {
		writeEntry(&flags, f)
	}
	for _, v := range w.commands {
		fmt.Fprintf(&commands, ".SS %q\n%s\n", roffEscape(strings.ReplaceAll(v.usage, " [flags]", "")), roffEscape(v.text))
		for _, e := range append(append([]helpEntry{}, v.args...), v.flags...) {
			writeEntry(&commands, e)
		}
	}
	template = strings.Replace(template, "@FLAGS@\n", flags.String(), 1)
	return strings.Replace(template, "@COMMANDS@\n", commands.String(), 1), nil
}

func writeEntry(b *strings.Builder, e helpEntry) {
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roffEscape(e.term), roffEscape(e.text))
}

// roffEscape writes a text so that nothing in it is taken for a command of the page.
func roffEscape(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `"`, `\(dq`, `'`, `\(aq`).Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
