package cli

import "errors"

// commandLine is the grammar of the command line, read by kong.
type commandLine struct {
	Profile *nonEmpty `help:"The profile's folder; if left out, the user's own." placeholder:"DIR"`
	Demo    bool      `help:"Use the demo's profile, or DIR as a demo."`

	Window     windowCmd   `cmd:"" default:"1" help:"Open the window; this is also what happens without a command."`
	Block      blockCmd    `cmd:"" help:"Block a customer."`
	Unblock    unblockCmd  `cmd:"" help:"Unblock a customer."`
	Status     statusCmd   `cmd:"" help:"Show whether a customer is blocked, by whom and since when."`
	Blocked    blockedCmd  `cmd:"" help:"List all blocked customers."`
	Messages   messagesCmd `cmd:"" help:"List a customer's messages, including held ones."`
	Events     eventsCmd   `cmd:"" help:"List what happened to a customer."`
	Receive    receiveCmd  `cmd:"" help:"Take in messages as DoubleTick delivers them: one object, an array, or one per line."`
	Deliveries struct {
		List  deliveriesListCmd  `cmd:"" help:"List them, newest first."`
		Show  deliveriesShowCmd  `cmd:"" help:"Show one, as it came in."`
		Retry deliveriesRetryCmd `cmd:"" help:"Read them again, and take in what this version understands."`
		Drop  deliveriesDropCmd  `cmd:"" help:"Give one up: its text is deleted, and the list says who did it."`
	} `cmd:"" help:"Deliveries that were not understood and are set aside."`
	Pairs struct {
		List      pairsListCmd      `cmd:"" help:"List undecided pairs, or all pairs of one customer."`
		Join      pairsJoinCmd      `cmd:"" help:"Make the two one customer."`
		KeepApart pairsKeepApartCmd `cmd:"" help:"Keep them as two customers, and do not ask again."`
		Split     pairsSplitCmd     `cmd:"" help:"Undo a join: they are two customers again."`
		AskAgain  pairsAskAgainCmd  `cmd:"" help:"Undo keep-apart: the pair is undecided again."`
	} `cmd:"" help:"Customers who may be the same person."`
	DemoCmd struct {
		Reset resetCmd `cmd:"" help:"Reset the demo to its starting point."`
	} `cmd:"" name:"demo" help:"The demo's world."`
	Audit struct {
		Verify auditVerifyCmd `cmd:"" help:"Verify that the history is as it was written, here or in an exported file."`
		Export auditExportCmd `cmd:"" help:"Write the whole history to a file that can be verified elsewhere."`
	} `cmd:"" help:"Verify or export the history."`
	Account struct {
		Show    accountShowCmd    `cmd:"" help:"Show which account the desk is joined to, and its state."`
		Join    accountJoinCmd    `cmd:"" help:"Join the desk to an account; its key is read from standard input, or from a file."`
		Leave   accountLeaveCmd   `cmd:"" help:"Leave the account; what is waiting is kept here only."`
		Test    accountTestCmd    `cmd:"" help:"Ask the account for one chat, and change nothing."`
		Pause   accountPauseCmd   `cmd:"" help:"Send and fetch nothing until resumed."`
		Resume  accountResumeCmd  `cmd:"" help:"End the pause."`
		Again   accountAgainCmd   `cmd:"" help:"Send DoubleTick the status of every customer for whom it may not know it."`
		Refused accountRefusedCmd `cmd:"" help:"List what DoubleTick refused, and whose it is."`
		Fetch   accountFetchCmd   `cmd:"" help:"Fetch all chats of the account again."`
	} `cmd:"" help:"The DoubleTick account that the desk is joined to."`
	Export     exportCmd     `cmd:"" help:"Write the list of blocked customers to a CSV file."`
	Import     importCmd     `cmd:"" help:"Block the customers in a list: a file written by export, a spreadsheet, contacts, or just phone numbers."`
	ImportChat importChatCmd `cmd:"" name:"import-chat" help:"Import a chat that WhatsApp exported into a customer's chat, or undo it."`
	Backup     backupCmd     `cmd:"" help:"Write a complete copy of the profile's database to a file."`
	Restore    restoreCmd    `cmd:"" help:"Replace the profile's database with a copy; the old one is kept beside it."`
	Serve      serveCmd      `cmd:"" help:"Run the HTTP server until it is stopped: block, unblock, read, send, follow."`
	Key        struct {
		Show  keyShowCmd  `cmd:"" help:"Print the key that programs send, and nothing else."`
		Renew keyRenewCmd `cmd:"" help:"Make a new key, and print it; the old one stops working."`
	} `cmd:"" help:"The key of the HTTP server."`
	Doctor  doctorCmd  `cmd:"" help:"Show where everything is, which versions are in use, and whether all is well."`
	Version versionCmd `cmd:"" help:"Show the program's version."`
}

// nonEmpty is a flag's text that must not be empty: an unset variable in a script
// must not choose another profile than was meant.
type nonEmpty string

// UnmarshalText is called by kong.
func (g *nonEmpty) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("it is empty")
	}
	*g = nonEmpty(text)
	return nil
}

type windowCmd struct{}

func (windowCmd) Run(r *run) error { return r.deps.OpenWindow(r.ctx, r.ref) }
