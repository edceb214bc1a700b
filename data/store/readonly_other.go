//go:build !linux && !windows

package store

// writeProtected returns false: the system's error is EROFS.
func writeProtected(error) bool { return false }

// isReadOnlyVolume returns false: whether others can write into a file system cannot be
// told here, so what is read is copied.
func isReadOnlyVolume(string) bool { return false }
