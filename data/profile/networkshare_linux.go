package profile

import "golang.org/x/sys/unix"

// networkFileSystems are the magic numbers of statfs(2) for file systems whose
// other side is another computer.
var networkFileSystems = map[int64]bool{
	0x6969:     true, // NFS
	0x517B:     true, // SMB
	0xFF534D42: true, // CIFS
	0xFE534D42: true, // SMB2
	0x01021997: true, // 9P
	0x5346414F: true, // AFS
	0x73757245: true, // Coda
	0x00C36400: true, // Ceph
}

func isNetworkShare(folder string) bool {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return false // opening the database will say what is wrong
	}
	return networkFileSystems[int64(fs.Type)&0xFFFFFFFF]
}
