//go:build !linux || !cgo || ci || wayland

package native

// scanCodeOffset is by how much keys are counted further than by the kernel.
const scanCodeOffset = 0
