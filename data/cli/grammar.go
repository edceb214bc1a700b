package cli

import "errors"

// commandLine is the grammar of the command line, read by kong.
type commandLine struct {
	Profile *nonEmpty `help:"The profile's folder; the user's own where it is left out." placeholder:"DIR"`
	Demo    bool      `help:"The demo's profile, or DIR as a demo."`

	Window     windowCmd   `cmd:"" default:"1" help:"Open the window. So does no command at all."`
	Block      blockCmd    `cmd:"" help:"Block a customer."`
	Unblock    unblockCmd  `cmd:"" help:"Unblock a customer."`
	Status     statusCmd   `cmd:"" help:"Show whether a customer is blocked, by whom and since when."`
	Blocked    blockedCmd  `cmd:"" help:"List all who are blocked."`
	Messages   messagesCmd `cmd:"" help:"List a customer's messages, the held ones too."`
	Events     eventsCmd   `cmd:"" help:"List what happened to a customer."`
	Receive    receiveCmd  `cmd:"" help:"Take messages as DoubleTick delivers them: an object, an array, or one a line."`
	Deliveries struct {
		List  deliveriesListCmd  `cmd:"" help:"List them, the newest first."`
		Show  deliveriesShowCmd  `cmd:"" help:"Show one, as it came in."`
		Retry deliveriesRetryCmd `cmd:"" help:"Read them anew, and take what this version understands."`
		Drop  deliveriesDropCmd  `cmd:"" help:"Give one up: its text is deleted, and its row says by whom."`
	} `cmd:"" help:"The deliveries that were not understood and are set aside."`
	Pairs struct {
		List      pairsListCmd      `cmd:"" help:"List those to decide, or all of one customer."`
		Join      pairsJoinCmd      `cmd:"" help:"Make one customer of the two."`
		KeepApart pairsKeepApartCmd `cmd:"" help:"Leave them two, and do not ask again."`
		Split     pairsSplitCmd     `cmd:"" help:"Undo a join: each is a customer of its own again."`
		AskAgain  pairsAskAgainCmd  `cmd:"" help:"Undo keep-apart: the pair is to be decided again."`
	} `cmd:"" help:"Customers who may be the same person."`
	DemoCmd struct {
		Reset resetCmd `cmd:"" help:"Put the demo's world back to its beginning."`
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
		Pause   accountPauseCmd   `cmd:"" help:"Send and ask for nothing until it is resumed."`
		Resume  accountResumeCmd  `cmd:"" help:"End the pause."`
		Again   accountAgainCmd   `cmd:"" help:"Tell DoubleTick once more of all whose status it may not know."`
		Refused accountRefusedCmd `cmd:"" help:"List what DoubleTick refused, and whose it is."`
		Fetch   accountFetchCmd   `cmd:"" help:"Fetch all chats of the account anew."`
	} `cmd:"" help:"The DoubleTick account that the desk is joined to."`
	Export     exportCmd     `cmd:"" help:"Write the list of blocked customers to a CSV file."`
	Import     importCmd     `cmd:"" help:"Block the customers of a list: a file as export writes it, a spreadsheet, contacts, or phone numbers alone."`
	ImportChat importChatCmd `cmd:"" name:"import-chat" help:"Import a chat that WhatsApp exported into a customer's chat, or undo it."`
	Backup     backupCmd     `cmd:"" help:"Write a complete copy of the profile's database to a file."`
	Restore    restoreCmd    `cmd:"" help:"Replace the profile's database with a copy; the old one is kept beside it."`
	Serve      serveCmd      `cmd:"" help:"Run the HTTP server until it is stopped: block, unblock, read, send, follow."`
	Key        struct {
		Show  keyShowCmd  `cmd:"" help:"Print the key that programs send, and nothing else."`
		Renew keyRenewCmd `cmd:"" help:"Make a new key, and print it; the old one stops working."`
	} `cmd:"" help:"The key of the HTTP server."`
	Doctor  doctorCmd  `cmd:"" help:"Show where everything is, which versions, and whether all is well."`
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
