//go:build unix

package store

import "golang.org/x/sys/unix"

// canWrite returns why this process cannot write into a file or folder, without opening
// it; nil where it can.
func canWrite(path string) error {
	if err := unix.Access(path, unix.W_OK); err != nil {
		return err
	}
	return nil
}
