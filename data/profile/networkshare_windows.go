package profile

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

func isNetworkShare(folder string) bool {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(folder) + `\`)
	if err != nil {
		return false
	}
	return windows.GetDriveType(root) == windows.DRIVE_REMOTE
}
