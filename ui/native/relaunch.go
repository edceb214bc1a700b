package native

import (
	"fmt"
	"os"
	"os/exec"
)

// Relaunch starts this program once more, beside or after this process.
func Relaunch(args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start Latchdesk again: %w", err)
	}
	return exec.Command(program, args...).Start()
}
