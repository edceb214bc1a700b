package store

import "testing"

// A file system counts as read-only only where nobody can write into it: one that is
// mounted so at one place may be written at another.
func TestMountedReadOnly(t *testing.T) {
	const mounts = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 8:1 /home/riya /mnt/seen ro,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
31 22 11:0 / /media/disc ro,nosuid shared:9 - iso9660 /dev/sr0 ro,check=s
32 22 7:0 / /snap/x ro,nodev - squashfs /dev/loop0 ro,errors=continue
`
	for device, want := range map[string]bool{"8:1": false, "11:0": true, "7:0": true, "9:9": false} {
		if got := mountedReadOnly(mounts, device); got != want {
			t.Errorf("%s: %t, want %t", device, got, want)
		}
	}
}
