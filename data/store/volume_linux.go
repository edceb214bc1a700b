package store

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// statVolume returns how many bytes this user may still write in a folder, and what
// names its file system. See statfs(2): blocks count in f_frsize.
func statVolume(folder string) (free int64, volume string, err error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return 0, "", fmt.Errorf("ask for the free space in %s: %w", folder, err)
	}
	block := int64(fs.Frsize)
	if block == 0 {
		block = int64(fs.Bsize)
	}
	return int64(fs.Bavail) * block, fmt.Sprint(fs.Fsid.Val), nil
}
