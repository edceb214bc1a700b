//go:build linux && cgo && !ci && !wayland

// The linker puts ours in the place of GLFW's glfwGetKeyName.

#include "_cgo_export.h"

// Weak, because this package is also linked without GLFW, to see which libraries it needs.
extern const char *__real_glfwGetKeyName(int key, int scancode) __attribute__((weak));

const char *latchdeskNameOnKey(int key) { return __real_glfwGetKeyName(key, 0); }

const char *__wrap_glfwGetKeyName(int key, int scancode) {
  static char names['Z' - 'A' + 1][2];
  static char sign[2];
  if (key < '\'' || key > '`' || !latchdeskGoesByPosition(key)) return __real_glfwGetKeyName(key, scancode);
  if (key < 'A' || key > 'Z') {
    sign[0] = key;
    return sign;
  }
  names[key - 'A'][0] = key - 'A' + 'a';
  return names[key - 'A'];
}
