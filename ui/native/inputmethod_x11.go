//go:build linux && cgo && !ci && !wayland

package native

// #cgo LDFLAGS: -Wl,--wrap=_glfwPlatformGetModuleSymbol -lX11
import "C"

// inputMethod is used on the interface's goroutine alone.
var inputMethod methodFilter

//export latchdeskJudgeKey
func latchdeskJudgeKey(code C.uint, symbol, time C.ulong, shift, modified, released, filtered C.int) C.int {
	return C.int(inputMethod.judge(keyEvent{
		code: uint8(code), symbol: uint32(symbol), time: uint32(time),
		shift: shift != 0, modified: modified != 0, released: released != 0, filtered: filtered != 0,
	}))
}

//export latchdeskForgetKeys
func latchdeskForgetKeys() { inputMethod.forget() }
