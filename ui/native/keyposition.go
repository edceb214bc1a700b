package native

import "slices"

// positions are the letters and signs of the American layout, by whose places GLFW
// counts keys.
const positions = "',-./;=ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]`"

// goesByPosition reports whether a key is called by its place on the American layout
// and not by what stands on it: in shortcuts a letter that the layout has nowhere,
// and a sign that it has nowhere where the key has no letter or sign of ours. Name
// returns what stands on the key at a place.
func goesByPosition(position rune, name func(position rune) string) bool {
	letter := position >= 'A' && position <= 'Z'
	if !letter && isOurs(name(position)) {
		return false
	}
	own := string(position)
	if letter {
		own = string(position - 'A' + 'a')
	}
	return !slices.ContainsFunc([]rune(positions), func(p rune) bool { return name(p) == own })
}

// isOurs reports whether what stands on a key is a letter or sign that shortcuts can have.
func isOurs(name string) bool {
	return len(name) == 1 && name[0] > ' ' && name[0] < 0x7f
}
