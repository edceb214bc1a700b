package store

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// writeProtected returns false: the system's error is EROFS.
func writeProtected(error) bool { return false }

// isReadOnlyVolume reports whether a folder lies in a file system that nobody can write
// into. Where it is only mounted so here, others may have it mounted to write: that
// stands in the last field of its line in proc_pid_mountinfo(5).
func isReadOnlyVolume(folder string) bool {
	var volume unix.Statfs_t
	var info unix.Stat_t
	if unix.Statfs(folder, &volume) != nil || volume.Flags&unix.ST_RDONLY == 0 || unix.Stat(folder, &info) != nil {
		return false
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return false
	}
	return mountedReadOnly(string(mounts), fmt.Sprintf("%d:%d", unix.Major(info.Dev), unix.Minor(info.Dev)))
}

// mountedReadOnly reports whether the file system of a device is read-only as a whole.
func mountedReadOnly(mounts, device string) bool {
	for line := range strings.Lines(mounts) {
		mount, volume, _ := strings.Cut(line, " - ")
		if fields := strings.Fields(mount); len(fields) < 3 || fields[2] != device {
			continue
		}
		fields := strings.Fields(volume)
		return len(fields) > 2 && slices.Contains(strings.Split(fields[len(fields)-1], ","), "ro")
	}
	return false
}
