package profile

import (
	"cmp"
	"os"
	"os/user"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// UserName is what the operating system calls whoever sits here: the full name,
// else the login. It names the agent until the agent says otherwise, so it is
// never empty.
func UserName() string {
	var full, login string
	if u, err := user.Current(); err == nil {
		full, login = u.Name, u.Username
	}
	login = cmp.Or(login, os.Getenv("USER"), os.Getenv("USERNAME"))
	return cleanUserName(full, login)
}

func cleanUserName(full, login string) string {
	// Windows puts the domain before the login, and gives that where it knows no name.
	full, login = full[strings.LastIndex(full, `\`)+1:], login[strings.LastIndex(login, `\`)+1:]
	return cmp.Or(data.CleanName(full), data.CleanName(login), "Agent")
}
