//go:build linux && cgo && !ci && !wayland

package native

// #cgo LDFLAGS: -Wl,--wrap=glfwGetKeyName
// extern const char *latchdeskNameOnKey(int key);
import "C"

import "strings"

// scanCodeOffset is by how much X11 counts keys further than the kernel.
const scanCodeOffset = 8

//export latchdeskGoesByPosition
func latchdeskGoesByPosition(key C.int) C.int {
	position := rune(key)
	if strings.ContainsRune(positions, position) && goesByPosition(position, nameOnKey) {
		return 1
	}
	return 0
}

// nameOnKey returns what stands on a key in the layout in use.
func nameOnKey(position rune) string {
	return C.GoString(C.latchdeskNameOnKey(C.int(position)))
}
