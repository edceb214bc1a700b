package store

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// statVolume returns how many bytes this user may still write in a folder, and the
// path at which its volume is mounted.
func statVolume(folder string) (free int64, volume string, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, "", fmt.Errorf("ask for the free space in %s: %w", folder, err)
	}
	var available uint64
	if err := windows.GetDiskFreeSpaceEx(name, &available, nil, nil); err != nil {
		return 0, "", fmt.Errorf("ask for the free space in %s: %w", folder, err)
	}
	mount := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(name, &mount[0], uint32(len(mount))); err != nil {
		return 0, "", fmt.Errorf("find the volume of %s: %w", folder, err)
	}
	return int64(min(available, 1<<62)), windows.UTF16ToString(mount), nil
}
