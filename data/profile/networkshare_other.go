//go:build !linux && !windows

package profile

// isNetworkShare returns false: it cannot be told here, and the pragmas checked at opening still protect.
func isNetworkShare(string) bool { return false }
