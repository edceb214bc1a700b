package theme

import (
	"hash/fnv"
	"image/color"
)

// avatarColors are backgrounds on which white initials are legible in both variants.
var avatarColors = []color.Color{
	rgb(0x8e5bcf), // violet
	rgb(0xb9521a), // orange
	rgb(0x1f74b5), // blue
	rgb(0x2a7d53), // green
	rgb(0xb8307f), // pink
	rgb(0x0f766e), // teal
	rgb(0x4f52c0), // indigo
	rgb(0xa02b2b), // red
	rgb(0x7a6212), // olive
	rgb(0x8a4b6b), // plum
}

// AvatarColor returns a background colour, always the same for the same seed.
func AvatarColor(seed string) color.Color {
	h := fnv.New32a()
	h.Write([]byte(seed))
	return avatarColors[h.Sum32()%uint32(len(avatarColors))]
}
