package store

import (
	"errors"

	"golang.org/x/sys/windows"
)

// writeProtected reports whether err is the system's for a medium that cannot be
// written.
func writeProtected(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// isReadOnlyVolume reports whether a folder lies on a volume that nobody can write into.
func isReadOnlyVolume(folder string) bool {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return false
	}
	mount := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(name, &mount[0], uint32(len(mount))); err != nil {
		return false
	}
	var flags uint32
	if err := windows.GetVolumeInformation(&mount[0], nil, 0, nil, nil, &flags, nil, 0); err != nil {
		return false
	}
	return flags&windows.FILE_READ_ONLY_VOLUME != 0
}
