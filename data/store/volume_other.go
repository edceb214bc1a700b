//go:build !linux && !windows

package store

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// statVolume returns how many bytes this user may still write in a folder, and what
// names its file system.
func statVolume(folder string) (free int64, volume string, err error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return 0, "", fmt.Errorf("ask for the free space in %s: %w", folder, err)
	}
	return int64(fs.Bavail) * int64(fs.Bsize), fmt.Sprint(fs.Fsid), nil
}
