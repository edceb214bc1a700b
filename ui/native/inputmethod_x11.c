//go:build linux && cgo && !ci && !wayland

// GLFW tells of a key before it knows whether the input method has a use for it. It
// looks Xlib's functions up by their names; the linker puts our look-up in the place of
// its own, and that gives it an XFilterEvent that can hide and hold events.

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <string.h>
#include "_cgo_export.h"

typedef void (*symbol)(void);

// Weak, because this package is also linked without GLFW, to see which libraries it needs.
extern symbol __real__glfwPlatformGetModuleSymbol(void *module, const char *name) __attribute__((weak));

static Bool (*filterEvent)(XEvent *, Window);

static XEvent held;
static XKeyEvent replayed[2]; // the first comes first
static int replays;

// replay has events come again before all others; next may be null.
static void replay(XEvent *first, XEvent *next) {
  replays = 0;
  replayed[replays++] = first->xkey;
  if (next) {
    replayed[replays++] = next->xkey;
    XPutBackEvent(next->xkey.display, next);
  }
  XPutBackEvent(first->xkey.display, first);
}

// isReplayed reports whether an event comes again. The method has had it.
static Bool isReplayed(XKeyEvent *key) {
  if (!replays || replayed[0].type != key->type || replayed[0].keycode != key->keycode || replayed[0].time != key->time)
    return False;
  replayed[0] = replayed[1];
  replays--;
  return True;
}

static Bool filterKeys(XEvent *event, Window window) {
  if (event->type == FocusOut) latchdeskForgetKeys();
  if (event->type != KeyPress && event->type != KeyRelease) return filterEvent(event, window);
  if (isReplayed(&event->xkey)) return False;
  XEvent before = *event; // some methods clear parts of it
  XKeyEvent *key = &before.xkey;
  Bool filtered = filterEvent(event, window);
  KeySym symbol = XLookupKeysym(key, 0);
  if (IsModifierKey(symbol)) return filtered;
  int shift = !!(key->state & ShiftMask), modified = !!(key->state & (ControlMask | Mod1Mask | Mod4Mask));
  switch (latchdeskJudgeKey(key->keycode, symbol, key->time, shift, modified, key->type == KeyRelease, filtered)) {
  case 1: // hide
    event->type = 0; // which GLFW has no use for
    break;
  case 2: // hold
    held = before;
    event->type = 0;
    break;
  case 3: // tellThenHeld
    replay(&held, NULL);
    break;
  case 4: // heldBeforeIt
    replay(&held, &before);
    event->type = 0;
    break;
  }
  return filtered;
}

symbol __wrap__glfwPlatformGetModuleSymbol(void *module, const char *name) {
  symbol found = __real__glfwPlatformGetModuleSymbol(module, name);
  if (!found || strcmp(name, "XFilterEvent")) return found;
  filterEvent = (Bool (*)(XEvent *, Window))found;
  return (symbol)filterKeys;
}
