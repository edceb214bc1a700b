package blockdialog

import (
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// joinNames lists the names of the first of count customers.
func joinNames(names []string, count int) string {
	if count == 0 {
		return "Nobody"
	}
	switch more := count - len(names); {
	case more > 0:
		return strings.Join(names, ", ") + " and " + widgets.FormatCount(more) + " more"
	case len(names) > 1:
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names, "")
}

func verb(want data.Status) string {
	if want == data.Blocked {
		return "Block"
	}
	return "Unblock"
}

func bulkTitle(want data.Status, n int) string { return verb(want) + " " + pluralize(n, "customer") }

func bulkPromptText(want data.Status, n int) string {
	whom := "these customers"
	if n == 1 {
		whom = "this customer"
	}
	return "Are you sure you want to " + strings.ToLower(verb(want)) + " " + whom + "?"
}

func bulkButtonText(want data.Status, n int) string {
	return verb(want) + " " + widgets.FormatCount(n)
}

func pluralize(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return widgets.FormatCount(n) + " " + word + "s"
}

func theseText(n int) string {
	if n == 1 {
		return "this one"
	}
	return "these " + widgets.FormatCount(n)
}

func unchangedText(n int, one, several string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 of those selected " + one
	}
	return widgets.FormatCount(n) + " of those selected " + several
}

func nothingToDoText(want data.Status, n int) string {
	is := "blocked already"
	if want == data.Active {
		is = "not blocked"
	}
	if n == 1 {
		return "This customer is " + is + ". Nothing was changed."
	}
	return "These customers are all " + is + ". Nothing was changed."
}

func bulkHeldEffectText(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message appears in its chat, at its own time."
	}
	return fmt.Sprintf("%s held messages appear in their chats, each at its own time.", widgets.FormatCount(held))
}
