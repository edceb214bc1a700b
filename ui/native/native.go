// Package native does what needs the operating system itself. On Windows a program
// with a window has no console, may not bring itself to the front, and needs a message
// box where no window can be drawn; elsewhere most of these functions do nothing.
package native
