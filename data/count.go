package data

import "fmt"

// Count returns a number with its noun, in the plural unless the number is one:
// "1 message", "2 messages".
func Count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
