//go:build !linux && !windows

package profile

// onShare cannot be told here; the pragmas checked at opening still protect.
func onShare(string) bool { return false }
