// Package native is what only the operating system can do for the program, and
// what a system without it leaves out: on Windows a program with a window has
// no console, may not push itself to the front, and needs another voice where
// no window can be drawn.
package native
