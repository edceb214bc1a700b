package cli

type restoreCmd struct {
	File nonEmpty `arg:"" help:"The copy, as written by backup or found in the folder backups."`
}

func (c restoreCmd) Run(r *run) error {
	file := string(c.File)
	kept, err := r.ref.Restore(r.ctx, file, r.deps.Now())
	if err != nil {
		return err
	}
	r.out.printLine("The desk was restored from %s.", file)
	if kept != "" {
		r.out.printLine("The database that was there before is kept in %s.", kept)
	}
	return nil
}
