package main

import (
	"errors"
	"fmt"
	"strings"
)

// manual puts the flags and the commands into the written part of the page.
func manual(template string, w whole) (string, error) {
	if strings.Count(template, "\n@FLAGS@\n") != 1 || strings.Count(template, "\n@COMMANDS@\n") != 1 {
		return "", errors.New("the page has no single line @FLAGS@ and @COMMANDS@")
	}
	var flags, commands strings.Builder
	for _, f := range w.flags {
		item(&flags, f)
	}
	for _, v := range w.verbs {
		fmt.Fprintf(&commands, ".SS %q\n%s\n", roff(strings.ReplaceAll(v.usage, " [flags]", "")), roff(v.text))
		for _, e := range append(append([]entry{}, v.args...), v.flags...) {
			item(&commands, e)
		}
	}
	template = strings.Replace(template, "@FLAGS@\n", flags.String(), 1)
	return strings.Replace(template, "@COMMANDS@\n", commands.String(), 1), nil
}

func item(b *strings.Builder, e entry) {
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(e.term), roff(e.text))
}

// roff writes a text so that nothing in it is taken for a command of the page.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `"`, `\(dq`, `'`, `\(aq`).Replace(text)
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
